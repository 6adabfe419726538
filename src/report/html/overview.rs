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
    pub(super) determinations: Vec<Line>,
    pub(super) flags: Vec<FlagLine>,
    pub(super) certainties: Vec<Line>,
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
            groups.iter().map(|group| line(name(&group.key), &group.measures, all)).collect()
        };
        let flags = summary.by_flag.iter().map(|group| FlagLine {
            flag: Flag::of(&group.key),
            line: line(words::flag(&group.key), &group.measures, all),
        });
        Self {
            sentences: vec![first(summary), second(summary), third(results)],
            money: words::money(summary.money_column),
            money_known: summary.money_column.is_some(),
            determinations: lines(&summary.by_determination, words::determination),
            flags: flags.collect(),
            certainties: lines(&summary.by_certainty, words::certainty),
            total: line("All orders".to_owned(), all, all),
        }
    }
}

fn line(label: String, group: &Measures, all: &Measures) -> Line {
    let grams = figure::grams(group);
    let money = figure::money(group);
    Line {
        label,
        patients: figure::patients(group),
        orders: figure::count(group.orders),
        orders_share: figure::percent(group.orders, all.orders),
        bar: u32::try_from(u128::from(group.orders) * 100 / u128::from(all.orders.max(1))).unwrap_or(100),
        grams_share: share(group.grams, all.grams, &grams),
        grams,
        money_share: share(group.money, all.money, &money),
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
            results.appendix.fact(&most.key)
        ),
        None => format!("{unread}."),
    }
}
