//! No figure that is withheld can be worked out from those that are shown: held against a solver of its own.

#[path = "disclosure/pages.rs"]
mod pages;
#[path = "disclosure/solver.rs"]
mod solver;

use std::collections::{BTreeMap, BTreeSet};

use ivig_audit::manifest::Counts;
use ivig_audit::report::catalogue;
use ivig_audit::report::disclosure::{ALL, Audience, Disclosure, Figure, SMALL, Shown, WITHHELD};
use ivig_audit::summary::{Measures, Partition, Summary};
use ivig_audit::table::Row;
use proptest::prelude::*;

use super::{Outcome, Published, orders, publish, publish_counted};

/// Columns of the made tables.
const COLUMNS: [&str; 5] = ["determination", "flag", "row", "month", "site"];

/// Names of the tables; the first one has the figure of all orders.
const TABLES: [&str; 4] = ["rows", "months", "both", "sites"];

/// An order: its value in each column, its patient, and whether it has grams.
type Made = ([u8; 5], u8, bool);

fn measures(orders: &[&Made]) -> Measures {
    let patients: BTreeSet<u8> = orders.iter().map(|(_, patient, _)| *patient).collect();
    let number = orders.len() as u64;
    let orders_with_grams = orders.iter().filter(|(.., has_grams)| *has_grams).count() as u64;
    Measures { patients: patients.len() as u64, orders: number, orders_with_grams, ..Measures::default() }
}

/// The tables of some orders by these columns, with every margin of each as a figure.
fn tables(made: &[Made], shapes: &[Vec<usize>]) -> (Vec<Partition>, Vec<Figure>) {
    let (mut partitions, mut figures) = (Vec::new(), Vec::new());
    for (name, columns) in TABLES.into_iter().zip(shapes) {
        let cell = |order: &Made| columns.iter().map(|at| order.0[*at].to_string()).collect::<Vec<_>>();
        let cells: Vec<Vec<String>> = made.iter().map(cell).collect::<BTreeSet<_>>().into_iter().collect();
        for margin in 0..1_usize << columns.len() {
            let of: Vec<usize> =
                columns.iter().enumerate().filter(|(at, _)| margin >> at & 1 == 1).map(|(_, at)| *at).collect();
            let key = |order: &Made| of.iter().map(|at| order.0[*at].to_string()).collect::<Vec<_>>();
            for values in made.iter().map(key).collect::<BTreeSet<_>>() {
                let orders: Vec<&Made> = made.iter().filter(|order| key(order) == values).collect();
                let is_of = |at: &usize| orders.iter().any(|order| cell(order) == cells[*at]);
                let id = if margin == 0 && name == "rows" {
                    ALL.to_owned()
                } else {
                    format!("{name}{margin}/{}", values.join("/"))
                };
                let cells = (0..cells.len()).filter(is_of).collect();
                figures.push(Figure { id, partition: name, cells, measures: measures(&orders) });
            }
        }
        let columns = columns.iter().map(|at| COLUMNS[*at]).collect();
        partitions.push(Partition { name, columns, cells });
    }
    (partitions, figures)
}

fn is_few(number: u64) -> bool {
    (1..=SMALL).contains(&number)
}

fn is_small(measures: &Measures) -> bool {
    is_few(measures.orders) || is_few(measures.patients)
}

/// Of how many orders grams are, where they are shown at all: not if they are those of few orders in all.
fn with_grams(figure: &Figure, all: &Figure) -> u64 {
    if is_few(all.measures.orders_with_grams) { 0 } else { figure.measures.orders_with_grams }
}

/// Every figure with whether it is shown.
fn decided(partitions: &[Partition], figures: &[Figure]) -> Vec<bool> {
    let told = Disclosure::new(Audience::Committee, partitions, figures);
    figures.iter().map(|figure| told.measures(&figure.id).is_some()).collect()
}

fn made() -> impl Strategy<Value = Vec<Made>> {
    let order = (0..3_u8, 0..2_u8, 0..3_u8, 0..3_u8, 0..2_u8, 0..40_u8, 0..6_usize);
    let order = order.prop_map(|(one, two, three, four, five, patient, without)| {
        ([one, two, three.min(one + 1), four, five], patient, without)
    });
    // Weighted, so that cells of many and of few orders stand side by side.
    proptest::collection::vec((order, 1..30_usize), 1..40).prop_map(|all| {
        let each = all.into_iter().flat_map(|((values, patient, without), times)| {
            (0..times).map(move |at| (values, patient.wrapping_add(at as u8), at % 6 >= without))
        });
        each.collect()
    })
}

/// Some tables, each by some of the columns: they share all, some or none of them.
fn shapes(most: usize) -> impl Strategy<Value = Vec<Vec<usize>>> {
    let columns = proptest::sample::subsequence((0..COLUMNS.len()).collect::<Vec<_>>(), 1..=3);
    proptest::collection::vec(columns, 1..=most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_withheld_cannot_be_worked_out_by_any_sums(made in made(), shapes in shapes(4)) {
        let (partitions, figures) = tables(&made, &shapes);
        let shown = decided(&partitions, &figures);
        let is_small = |figure: &Figure| is_small(&figure.measures) || is_few(with_grams(figure, &figures[0]));
        for (figure, is_shown) in figures.iter().zip(&shown) {
            prop_assert!(!(is_small(figure) && *is_shown), "{} is small and shown", figure.id);
        }
        let known: Vec<&Figure> = figures.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(figure, _)| figure).collect();
        let system = solver::System::of(&partitions, &known);
        for (figure, _) in figures.iter().zip(&shown).filter(|(_, shown)| !**shown) {
            prop_assert!(!system.gives(figure), "{} can be worked out", figure.id);
        }
        // Nothing is withheld where nothing is small.
        prop_assert!(figures.iter().any(is_small) || shown.iter().all(|shown| *shown));
        if !is_small(&figures[0]) {
            prop_assert!(shown[0], "all orders are withheld last");
        }
    }

    #[test]
    fn what_is_left_of_a_total_is_not_of_few(made in made(), shapes in shapes(1)) {
        let (partitions, figures) = tables(&made, &shapes);
        let shown = decided(&partitions, &figures);
        let cuts: BTreeSet<&str> = figures.iter().filter_map(|figure| figure.id.split_once('/')).map(|(cut, _)| cut).collect();
        for (total, _) in figures.iter().zip(&shown).filter(|(_, shown)| **shown) {
            for cut in &cuts {
                let inside = |figure: &&Figure| figure.id.split_once('/').is_some_and(|(of, _)| of == *cut)
                    && figure.cells.len() < total.cells.len()
                    && figure.cells.iter().all(|cell| total.cells.contains(cell));
                let parts = figures.iter().zip(&shown).filter(|(figure, shown)| **shown && inside(figure));
                let parts: Vec<&Figure> = parts.map(|(figure, _)| figure).collect();
                let left = |of: &dyn Fn(&Figure) -> u64| of(total) - parts.iter().map(|part| of(part)).sum::<u64>();
                let orders = left(&|figure| figure.measures.orders);
                prop_assert!(!is_few(orders), "{orders} orders of {} are left by {cut}", total.id);
                let grams = left(&|figure| with_grams(figure, &figures[0]));
                prop_assert!(!is_few(grams), "the grams of {grams} orders of {} are left by {cut}", total.id);
            }
        }
    }
}

fn figure(id: &str, cells: &[usize], patients: u64, orders: u64) -> Figure {
    let measures = Measures { patients, orders, ..Measures::default() };
    Figure { id: id.to_owned(), partition: "rows", cells: cells.to_vec(), measures }
}

fn rows(cells: usize) -> Vec<Partition> {
    let cells = (0..cells).map(|cell| vec![cell.to_string()]).collect();
    vec![Partition { name: "rows", columns: vec!["row"], cells }]
}

#[test]
fn the_smallest_of_what_would_give_a_small_figure_away_is_withheld_beside_it() {
    let figures = [
        figure(ALL, &[0, 1, 2], 90, 150),
        figure("by_row/a", &[0], 60, 100),
        figure("by_row/b", &[1], 27, 46),
        figure("by_row/c", &[2], 3, 4),
        figure("by_row/d", &[], 0, 0),
    ];
    let told = Disclosure::new(Audience::Committee, &rows(3), &figures);
    let texts = ["a", "b", "c", "d"].map(|row| told.orders(&format!("by_row/{row}")));
    assert_eq!(texts, ["100", WITHHELD, WITHHELD, "0"], "one sign for both, and a zero stays");
    assert_eq!((told.orders(ALL).as_str(), told.withheld(), told.shows_nothing()), ("150", 2, false));
    assert_eq!(told.shown("never/handed-in"), Shown::Withheld);
    let auditor = Disclosure::new(Audience::Auditor, &rows(3), &figures);
    assert_eq!((auditor.orders("by_row/c").as_str(), auditor.withheld()), ("4", 0));
}

#[test]
fn two_small_figures_are_not_told_by_their_sum() {
    let figures = [
        figure(ALL, &[0, 1, 2, 3], 99, 153),
        figure("by_row/a", &[0], 60, 100),
        figure("by_row/b", &[1], 36, 50),
        figure("by_row/c", &[2], 1, 1),
        figure("by_row/d", &[3], 2, 2),
    ];
    let told = Disclosure::new(Audience::Committee, &rows(4), &figures);
    assert_eq!(
        ["a", "b", "c", "d"].map(|row| told.orders(&format!("by_row/{row}"))),
        ["100", WITHHELD, WITHHELD, WITHHELD]
    );
}

#[test]
fn where_all_are_few_nothing_is_shown() -> Outcome {
    let published = publish(&orders::orders(9, true))?;
    let page = &published.html;
    assert!(page.contains("so few that no figure of them is shown on this page"));
    let printed = printed(page);
    assert!(
        printed.len() > 20 && printed.iter().all(|(_, text)| text.starts_with(WITHHELD) || text == "0"),
        "{printed:?}"
    );
    assert!(!page.contains(" 9 in scope") && !page.contains("amount known for"));
    Ok(())
}

/// What the page prints of figures: id and text of every element that names one.
fn printed(page: &str) -> Vec<(String, String)> {
    let named = page.split("data-figure=\"").skip(1).filter_map(|rest| {
        let (id, rest) = rest.split_once('"')?;
        let (_, text) = rest.split_once('>')?;
        Some((id.to_owned(), text.trim_start_matches("<strong>").split('<').next().unwrap_or_default().to_owned()))
    });
    named.collect()
}

/// The page shows what `summary.json` holds under the same ids, and nothing that is withheld follows from it.
fn holds_its_secrets(published: &Published) -> Outcome {
    let json: serde_json::Value = serde_json::from_str(&published.json)?;
    let figures: BTreeMap<String, Figure> =
        catalogue::figures(&published.summary).into_iter().map(|figure| (figure.id.clone(), figure)).collect();
    let (mut shown, mut withheld) = (BTreeMap::new(), BTreeMap::new());
    for (id, text) in printed(&published.html) {
        let Some(figure) = figures.get(&id) else {
            return Err(format!("{id} is on the page and in no catalogue").into());
        };
        let exact = json["figures"][&id]["orders"].as_u64().ok_or("an id of summary.json")?;
        if text.starts_with(WITHHELD) {
            assert!(exact > 0, "{id}: a zero is printed");
            withheld.insert(id, figure);
        } else {
            let digits: String =
                text.split(' ').next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
            // Prescribers and sites are compared by their patients.
            let of_peers = ["by_prescriber", "by_site", "prescribers/", "sites/"].iter().any(|cut| id.starts_with(cut));
            let is_patients = of_peers && digits == figure.measures.patients.to_string();
            assert!(is_patients || digits == exact.to_string(), "{id}: {digits}, {exact}");
            assert!(!is_small(&figure.measures), "{id} is small and printed");
            shown.insert(id, figure);
        }
    }
    assert!(shown.keys().all(|id| !withheld.contains_key(id)), "a figure is shown everywhere or nowhere");
    let known: Vec<&Figure> = shown.into_values().collect();
    let system = solver::System::of(&published.summary.partitions, &known);
    for (id, figure) in withheld {
        assert!(!system.gives(figure), "{id} can be worked out from the page");
    }
    Ok(())
}

#[test]
fn nothing_that_a_page_withholds_follows_from_what_it_shows() -> Outcome {
    for number in [40, 97, 211, 480, 1_211, 5_000] {
        holds_its_secrets(&publish(&orders::orders(number, number % 2 == 0))?)?;
    }
    Ok(())
}

#[test]
fn withheld_lines_stand_last_and_by_name() -> Outcome {
    let page = publish(&orders::orders(480, true))?.html;
    let table = page.split_once("<table class=\"rows\">").ok_or("the table")?.1;
    let lines: Vec<(String, String)> = printed(table.split_once("</tbody>").ok_or("its end")?.0)
        .into_iter()
        .filter(|(id, _)| id.starts_with("by_row/"))
        .collect();
    let first = lines.iter().position(|(_, text)| text == WITHHELD).ok_or("one is withheld")?;
    let behind = &lines[first..];
    assert!(first > 0 && behind.len() > 1 && behind.iter().all(|(_, text)| text == WITHHELD));
    assert!(behind.is_sorted(), "{behind:?}");
    Ok(())
}

#[test]
fn no_age_and_no_single_order_is_on_the_page() -> Outcome {
    let mut rows = orders::orders(211, true);
    for (row, at) in rows.iter_mut().zip(0..) {
        (row.age_years, row.source_file) = (Some(710_350_000 + at), "claims.csv".to_owned());
    }
    let published = publish(&rows)?;
    assert!((0..211).all(|at| !published.html.contains(&(710_350_000 + at).to_string())));
    assert!(!published.html.contains("record 1") && !published.html.contains("Findings to look at first"));
    assert_eq!(published.summary.top_findings.len(), ivig_audit::summary::TOP_FINDINGS, "programs still get them");
    Ok(())
}

#[test]
fn a_measure_that_few_orders_have_in_all_is_withheld_and_not_everything() -> Outcome {
    let mut rows = orders::orders(211, false);
    for row in &mut rows {
        (row.billed, row.allowed, row.paid) = (None, None, None);
    }
    rows.iter_mut().take(4).for_each(|row| row.allowed = Some(77_777_700));
    let page = publish(&rows)?.html;
    assert!(!page.contains("777,777") && !page.contains("3,111,108") && page.contains("data-figure=\"all\">211<"));
    Ok(())
}

/// Thousands of different groups, each of enough orders to be shown.
fn many_groups() -> Vec<Row> {
    let mut rows = orders::orders(20_000, true);
    for (row, at) in rows.iter_mut().zip(0_usize..) {
        let group = at % 2_600;
        row.guideline_rows = vec![format!("row-{group}-with-a-rather-long-name-of-its-own")];
        row.determination = String::from(["not_recommended", "indeterminate"][group % 2]);
        row.wanting = (group % 2 == 1).then(|| format!("fact-{group}"));
        row.patient_id = Some(format!("p{at}"));
        row.flag = String::from("flagged");
        row.warnings = vec![format!("warning-{}", group % 70)];
    }
    rows
}

#[test]
fn a_page_of_thousands_of_groups_stays_small() -> Outcome {
    let rows = many_groups();
    let published = publish_counted(&rows, Counts::default())?;
    assert!(published.summary.by_row.len() > 1_000 && published.summary.not_settled.len() > 1_000);
    assert!(published.html.len() < 1 << 20, "{} bytes", published.html.len());
    assert!(published.html.contains("further lines, in summary.json") && published.html.contains("further groups, in"));
    Ok(())
}

#[test]
fn the_partitions_of_a_summary_hold_every_order_once() -> Outcome {
    let summary: Summary = publish(&orders::orders(480, true))?.summary;
    for figure in catalogue::figures(&summary) {
        assert_eq!(figure.cells.is_empty(), figure.measures.orders == 0, "{}", figure.id);
        assert_eq!(figure.cells.iter().collect::<BTreeSet<_>>().len(), figure.cells.len(), "{}", figure.id);
    }
    let ids: Vec<String> = catalogue::figures(&summary).into_iter().map(|figure| figure.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "each id once");
    Ok(())
}
