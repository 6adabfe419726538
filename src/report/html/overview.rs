//! The one-page summary: three sentences and the four denominators.

use super::Flag;
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::{Group, Measures, Summary};

/// The summary section.
pub(super) struct Overview {
    pub(super) sentences: Vec<String>,
    pub(super) money: &'static str,
    pub(super) money_known: bool,
    pub(super) money_coverage: String,
    pub(super) determinations: Vec<Line>,
    pub(super) flags: Vec<FlagLine>,
    /// Over the orders for which a guideline row speaks.
    pub(super) certainties: Vec<Line>,
    pub(super) row_orders: String,
    pub(super) total: Line,
}

/// One line of a table of denominators.
pub(super) struct Line {
    pub(super) label: String,
    pub(super) patients: String,
    pub(super) orders: String,
    pub(super) orders_share: String,
    /// Length of the share's bar in a hundred.
    pub(super) bar: u32,
    pub(super) grams: String,
    pub(super) grams_share: String,
    pub(super) money: String,
    pub(super) money_share: String,
}

/// A line with its flag.
pub(super) struct FlagLine {
    pub(super) flag: Flag,
    pub(super) line: Line,
}

impl Overview {
    pub(super) fn of(results: &Results<'_>) -> Self {
        let summary = results.summary;
        let all = &summary.totals;
        let lines = |groups: &[Group], name: fn(&str) -> String| {
            groups.iter().map(|group| line(name(&group.key), &group.measures, all, all)).collect()
        };
        let flags = summary.by_flag.iter().map(|group| FlagLine {
            flag: Flag::of(&group.key),
            line: line(words::flag(&group.key), &group.measures, all, all),
        });
        Self {
            sentences: sentences(results),
            money: words::money(summary.money_column),
            money_known: summary.money_column.is_some(),
            money_coverage: figure::money_coverage(all),
            determinations: lines(&summary.by_determination, words::determination),
            flags: flags.collect(),
            certainties: certainties(summary),
            row_orders: figure::count(row_based(summary).orders),
            total: line("All orders".to_owned(), all, all, all),
        }
    }
}

/// The certainty of the orders for which a guideline row speaks, as shares of them: where none
/// speaks, nothing was stated and nothing presumed.
fn certainties(summary: &Summary) -> Vec<Line> {
    let whole = row_based(summary);
    let lines = summary.by_certainty_of_rows.iter();
    lines.map(|group| line(words::certainty(&group.key), &group.measures, &whole, &summary.totals)).collect()
}

/// What those orders amount to. Their patients are not counted here.
fn row_based(summary: &Summary) -> Measures {
    summary.by_certainty_of_rows.iter().fold(Measures::default(), |sum, group| Measures {
        orders: sum.orders + group.measures.orders,
        grams: added(sum.grams, group.measures.grams),
        money: added(sum.money, group.measures.money),
        ..sum
    })
}

fn added(one: Option<i128>, other: Option<i128>) -> Option<i128> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    }
}

/// One line: a group, the whole of which the shares are taken, and all orders of the export.
fn line(label: String, group: &Measures, whole: &Measures, all: &Measures) -> Line {
    let grams = figure::grams(group);
    let money = figure::money(group, all);
    Line {
        label,
        patients: figure::patients(group),
        orders: figure::count(group.orders),
        orders_share: figure::percent(group.orders, whole.orders),
        bar: u32::try_from(u128::from(group.orders) * 100 / u128::from(whole.orders.max(1))).unwrap_or(100),
        grams_share: share(group.grams, whole.grams, &grams),
        grams,
        money_share: share(group.money, whole.money, &money),
        money,
    }
}

/// The share of an amount, unless the amount itself is not printed.
fn share(part: Option<i128>, whole: Option<i128>, printed: &str) -> String {
    match (part, whole) {
        (Some(part), Some(whole)) if printed != figure::WITHHELD => figure::percent(part, whole),
        _ => String::new(),
    }
}

fn sentences(results: &Results<'_>) -> Vec<String> {
    let summary = results.summary;
    if summary.totals.orders == 0 {
        return vec!["The export holds no order in scope.".to_owned(), third(results)];
    }
    vec![first(summary), second(summary), third(results)]
}

fn first(summary: &Summary) -> String {
    let all = summary.totals.orders;
    let orders = |names: &[&str]| -> u64 { names.iter().map(|name| summary.orders_determined(name)).sum() };
    let part = |number: u64| format!("{} ({})", figure::count(number), figure::percent(number, all));
    format!(
        "Of {} orders, {} were for a use that the statement recommends or says should be considered, {} for a use \
         that it does not recommend or for which it finds the evidence insufficient, {} for a use of which it does \
         not speak, and {} could not be settled from what the export holds.",
        figure::count(all),
        part(orders(&["recommended", "consider"])),
        part(orders(&["insufficient_evidence", "not_recommended"])),
        part(orders(&["other_use", "not_addressed"])),
        part(orders(&["indeterminate", "no_diagnosis"])),
    )
}

fn second(summary: &Summary) -> String {
    let all = summary.totals.orders;
    let (flagged, review) = (summary.orders_flagged("flagged"), summary.orders_flagged("review"));
    let grams = summary.by_flag.iter().find(|group| group.key == "flagged").map(|group| group.measures);
    let grams = grams.unwrap_or_default();
    let share = share(grams.grams, summary.totals.grams, &figure::grams(&grams));
    let of_grams = if share.is_empty() { String::new() } else { format!(", with {share} of the grams,") };
    format!(
        "{} orders ({}){of_grams} are flagged and {} ({}) are for review: a clinician is asked to look at them, \
         and none of them is a decision about anyone's care or coverage.",
        figure::count(flagged),
        figure::percent(flagged, all),
        figure::count(review),
        figure::percent(review, all),
    )
}

fn third(results: &Results<'_>) -> String {
    let records = &results.counts.records;
    let rejected = records.rejected_total();
    let unread = match rejected {
        0 if records.read == 0 => "No record was read".to_owned(),
        0 => "Every record could be read".to_owned(),
        _ => format!(
            "{} of {} records ({}) could not be read and are in none of these figures",
            figure::count(rejected),
            figure::count(records.read),
            figure::percent(rejected, records.read)
        ),
    };
    match results.summary.by_wanting.iter().find(|group| !group.key.is_empty()) {
        Some(most) => format!(
            "{unread}; the fact most often wanting, for {} orders, is {}.",
            figure::count(most.measures.orders),
            results.editions.fact(&most.key)
        ),
        None => format!("{unread}."),
    }
}
