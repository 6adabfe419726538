//! The sums that every summary must hold before anyone may read it.

use super::measure::Measures;
use super::{Charged, Charges, Decisions, Group, Ledger, Product, ROW_BASED, Summary};
use crate::table::parquet::TableError;

/// Why there is no summary.
#[derive(Debug, thiserror::Error)]
pub enum SummaryError {
    /// The table could not be read or queried.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Two ways of counting the same orders disagree.
    #[error("the summary does not add up: {what} of all orders is {whole}, but {part} by {cut}")]
    DoesNotAddUp {
        /// `orders`, `grams` or `money`.
        what: &'static str,
        /// How the orders were cut: `determination`, `flag`, ...
        cut: &'static str,
        /// The figure over all orders, in smallest units.
        whole: i128,
        /// The sum over the groups, in smallest units.
        part: i128,
    },
}

/// Compares every cut of the orders with all orders.
///
/// # Errors
/// [`SummaryError::DoesNotAddUp`] names the first cut that disagrees.
pub(super) fn adds_up(summary: &Summary) -> Result<(), SummaryError> {
    let of = |groups: &[Group]| groups.iter().map(|group| group.measures).collect::<Vec<_>>();
    let crossings: Vec<_> = summary.by_determination_and_flag.iter().map(|crossing| crossing.measures).collect();
    let rows: Vec<_> = summary.by_row.iter().map(|row| row.measures).collect();
    let row_flags: Vec<_> = summary.by_row.iter().flat_map(|row| of(&row.by_flag)).collect();
    let cuts = [
        ("determination", of(&summary.by_determination)),
        ("flag", of(&summary.by_flag)),
        ("certainty", of(&summary.by_certainty)),
        ("line status", of(&summary.by_line_status)),
        ("determination and flag", crossings),
        ("guideline row", rows),
        ("guideline row and flag", row_flags),
        ("month", summary.months.all().map(|month| month.measures).collect()),
        ("month and flag", summary.months.all().flat_map(|month| of(&month.by_flag)).collect()),
        ("month and determination", summary.months.all().flat_map(|month| of(&month.by_determination)).collect()),
        ("decision", of(&summary.decisions.by_decision)),
        ("decision and determination", summary.decisions.crossings.iter().map(|each| each.measures).collect()),
        ("product", summary.products.each().flat_map(given_and_wasted).collect()),
        ("given and discarded", given_and_wasted(&summary.products.all).into()),
        ("ledger", of_ledger(&summary.ledger)),
    ];
    for (cut, parts) in cuts {
        equal("orders", cut, &summary.totals, &parts, |measures| i128::from(measures.orders))?;
        equal("grams", cut, &summary.totals, &parts, |measures| measures.grams.unwrap_or(0))?;
        equal("money", cut, &summary.totals, &parts, |measures| measures.money.unwrap_or(0))?;
    }
    for (compared, cuts) in super::sensitivity::cuts(summary) {
        for (cut, parts) in cuts {
            equal("orders", cut, compared, &parts, |measures| i128::from(measures.orders))?;
            equal("grams", cut, compared, &parts, |measures| measures.grams.unwrap_or(0))?;
            equal("money", cut, compared, &parts, |measures| measures.money.unwrap_or(0))?;
        }
    }
    charges_add_up(summary)?;
    corners_add_up(&summary.decisions)?;
    let decided: i128 = summary.by_ruleset.iter().map(|(_, orders)| i128::from(*orders)).sum();
    if decided != i128::from(summary.totals.orders) {
        let whole = i128::from(summary.totals.orders);
        return Err(SummaryError::DoesNotAddUp { what: "orders", cut: "ruleset", whole, part: decided });
    }
    let row_based = summary.by_determination.iter().filter(|group| ROW_BASED.contains(&group.key.as_str()));
    let row_based = row_based.map(|group| i128::from(group.measures.orders)).sum();
    let part = of(&summary.by_certainty_of_rows).iter().map(|measures| i128::from(measures.orders)).sum();
    if row_based != part {
        let cut = "certainty of guideline rows";
        return Err(SummaryError::DoesNotAddUp { what: "orders", cut, whole: row_based, part });
    }
    let indeterminate: Vec<_> = summary.by_determination.iter().filter(|group| group.key == "indeterminate").collect();
    if let [all] = indeterminate[..] {
        let open: Vec<_> = summary.not_settled.iter().map(|group| group.measures).collect();
        let orders = |measures: &Measures| i128::from(measures.orders);
        equal("orders", "open answers", &all.measures, &open, orders)?;
        let codes: Vec<_> = summary.open_by_code.iter().map(|each| each.measures).collect();
        equal("orders", "codes of open orders", &all.measures, &codes, orders)?;
        equal("orders", "what is wanting", &all.measures, &of(&summary.by_wanting), orders)?;
    }
    Ok(())
}

fn given_and_wasted(product: &Product) -> [Measures; 2] {
    [product.given.measures, product.wasted.measures]
}

/// What leaves at each step of the ledger, and what stays.
fn of_ledger(ledger: &Ledger) -> Vec<Measures> {
    ledger.steps.iter().map(|step| step.out.measures).chain([ledger.net.measures]).collect()
}

/// One of the sums of [`Charges`].
type Figure = fn(&Charges) -> Option<i128>;

/// Units and all three amounts, by each way in which they are summed.
fn charges_add_up(summary: &Summary) -> Result<(), SummaryError> {
    let by = |groups: &[Charged]| groups.iter().map(|group| group.charges).collect::<Vec<_>>();
    let products = summary.products.each().flat_map(|product| [product.given.charges, product.wasted.charges]);
    let ledger = summary.ledger.steps.iter().map(|step| step.out.charges).chain([summary.ledger.net.charges]);
    let cuts = [
        ("determination", by(&summary.charges_by_determination)),
        ("flag", by(&summary.charges_by_flag)),
        ("product", products.collect()),
        ("ledger", ledger.collect()),
    ];
    let figures: [(&str, Figure, Option<i128>); 4] = [
        ("units", |charges| charges.units, summary.sums.units),
        ("billed", |charges| charges.billed, summary.sums.billed),
        ("allowed", |charges| charges.allowed, summary.sums.allowed),
        ("paid", |charges| charges.paid, summary.sums.paid),
    ];
    for (what, figure, whole) in figures {
        for (cut, parts) in &cuts {
            let part = parts.iter().filter_map(figure).sum();
            let whole = whole.unwrap_or(0);
            if whole != part {
                return Err(SummaryError::DoesNotAddUp { what, cut, whole, part });
            }
        }
    }
    let repeated = summary.ledger.steps.iter().find(|step| step.id == "repeated").map(|step| step.out);
    let (repeated, duplicates) = (repeated.unwrap_or_default(), &summary.duplicates);
    let (whole, part) = (i128::from(duplicates.orders()), i128::from(repeated.measures.orders));
    if whole != part {
        return Err(SummaryError::DoesNotAddUp { what: "orders", cut: "repeated orders of the ledger", whole, part });
    }
    Ok(())
}

/// Each corner is its rows, and all of them are the orders on which decision and determination disagree.
fn corners_add_up(decisions: &Decisions) -> Result<(), SummaryError> {
    for corner in &decisions.corners {
        let rows: Vec<_> = corner.rows.iter().map(|row| row.measures).collect();
        equal("orders", "guideline rows of a corner", &corner.measures, &rows, |all| i128::from(all.orders))?;
    }
    let corners = decisions.corners.iter().map(|corner| corner.measures);
    let parts: Vec<_> = corners.chain([decisions.agreeing]).collect();
    equal("orders", "agreement", &decisions.compared, &parts, |all| i128::from(all.orders))
}

fn equal(
    what: &'static str,
    cut: &'static str,
    whole: &Measures,
    parts: &[Measures],
    figure: impl Fn(&Measures) -> i128,
) -> Result<(), SummaryError> {
    let whole = figure(whole);
    let part = parts.iter().map(figure).sum();
    if whole == part { Ok(()) } else { Err(SummaryError::DoesNotAddUp { what, cut, whole, part }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::{Corner, CornerOrders, Decided, Month, Months, Priced, Products};

    fn orders(orders: u64, grams: i128) -> Measures {
        Measures { orders, grams: Some(grams), ..Measures::default() }
    }

    fn group(key: &str, measures: Measures) -> Group {
        Group { key: key.to_owned(), measures }
    }

    fn sound() -> Summary {
        let all = orders(3, 9);
        let cut = vec![group("indeterminate", orders(1, 4)), group("other_use", orders(2, 5))];
        let row = |part: &Group| crate::summary::RowGroup {
            key: part.key.clone(),
            ruleset: String::new(),
            determination: part.key.clone(),
            measures: part.measures,
            by_flag: vec![group("clear", part.measures)],
        };
        Summary {
            totals: all,
            by_flag: vec![group("clear", all)],
            by_ruleset: vec![("one".to_owned(), 2), ("other".to_owned(), 1)],
            by_certainty: vec![group("stated", all)],
            by_line_status: vec![group("void", orders(1, 4)), group("", orders(2, 5))],
            by_certainty_of_rows: vec![group("stated", orders(1, 4))],
            by_determination_and_flag: vec![crate::summary::Crossing {
                determination: String::new(),
                flag: String::new(),
                measures: all,
            }],
            by_row: cut.iter().map(row).collect(),
            by_wanting: vec![group("x", orders(1, 4))],
            open_by_code: vec![crate::summary::OpenCode {
                indication: String::new(),
                code: String::new(),
                title: String::new(),
                measures: orders(1, 4),
            }],
            not_settled: vec![crate::summary::OpenGroup {
                wanting: String::new(),
                open: Vec::new(),
                indication: String::new(),
                measures: orders(1, 4),
            }],
            by_determination: cut,
            months: Months {
                undated: Some(Month {
                    measures: all,
                    by_flag: vec![group("clear", all)],
                    by_determination: vec![group("other_use", all)],
                    ..Month::default()
                }),
                ..Months::default()
            },
            decisions: Decisions {
                by_decision: vec![group("", all)],
                crossings: vec![Decided { decision: String::new(), determination: String::new(), measures: all }],
                ..Decisions::default()
            },
            products: Products { other: Some(product(all)), all: product(all), ..Products::default() },
            ledger: Ledger { net: product(all).given, ..Ledger::default() },
            ..Summary::default()
        }
    }

    fn product(measures: Measures) -> Product {
        Product { given: Priced { measures, ..Priced::default() }, ..Product::default() }
    }

    fn broken_month(summary: &mut Summary) -> &mut Month {
        summary.months.undated.get_or_insert_default()
    }

    #[test]
    fn a_sound_summary_adds_up() {
        assert!(adds_up(&sound()).is_ok());
    }

    #[test]
    fn a_figure_that_is_off_in_any_cut_is_named() {
        type Breakage = fn(&mut Summary);
        let broken: [(&str, Breakage); 24] = [
            ("determination", |summary| summary.by_determination[1].measures.orders += 1),
            ("flag", |summary| summary.by_flag[0].measures.grams = Some(8)),
            ("certainty", |summary| summary.by_certainty[0].measures.money = Some(1)),
            ("line status", |summary| drop(summary.by_line_status.pop())),
            ("certainty of guideline rows", |summary| summary.by_certainty_of_rows[0].measures.orders = 3),
            ("determination and flag", |summary| summary.by_determination_and_flag.clear()),
            ("guideline row", |summary| summary.by_row[0].measures.orders -= 1),
            ("guideline row and flag", |summary| summary.by_row[1].by_flag.clear()),
            ("ruleset", |summary| drop(summary.by_ruleset.pop())),
            ("open answers", |summary| summary.not_settled.clear()),
            ("codes of open orders", |summary| summary.open_by_code.clear()),
            ("what is wanting", |summary| summary.by_wanting.clear()),
            ("month", |summary| drop(summary.months.undated.take())),
            ("month and flag", |summary| broken_month(summary).by_flag.clear()),
            ("month and determination", |summary| broken_month(summary).by_determination.clear()),
            ("decision", |summary| summary.decisions.by_decision.clear()),
            ("decision and determination", |summary| summary.decisions.crossings.clear()),
            ("product", |summary| drop(summary.products.other.take())),
            ("given and discarded", |summary| summary.products.all.wasted.measures.orders = 1),
            ("ledger", |summary| summary.ledger.net.measures.orders = 2),
            ("ledger", |summary| summary.ledger.net.charges.units = Some(1)),
            ("repeated orders of the ledger", |summary| summary.duplicates.in_one_file.orders = 1),
            ("guideline rows of a corner", |summary| {
                let corner = Corner { id: "", decisions: &[], determination: "" };
                summary.decisions.corners.push(CornerOrders { corner, measures: orders(1, 0), rows: Vec::new() });
            }),
            ("agreement", |summary| summary.decisions.compared.orders = 1),
        ];
        for (expected, break_it) in broken {
            let mut summary = sound();
            break_it(&mut summary);
            match adds_up(&summary) {
                Err(SummaryError::DoesNotAddUp { cut, .. }) => assert_eq!(cut, expected),
                other => panic!("{expected}: {other:?}"),
            }
        }
    }
}
