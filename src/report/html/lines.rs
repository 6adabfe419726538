//! Lines that may not be services of their own: what the export says became of them, and which repeat others.
//!
//! Nothing is netted and nothing is dropped, so the page says how much of its figures such lines are.

use super::quality::Entry;
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::{Duplicates, Measures, Summary};

/// Statuses of lines that are not, or not alone, a service that the payer paid for.
const SET_APART: [&str; 5] = ["denied", "duplicate", "reversed", "void", "replacement"];

/// The part of the data-quality section about lines.
pub(super) struct Lines {
    /// Orders by line status; empty if the export says nothing of it.
    pub(super) statuses: Vec<Entry>,
    /// How many orders are lines set apart, if any.
    pub(super) set_apart: Option<String>,
    /// Orders that repeat another one, if any.
    pub(super) repeats: Option<Repeats>,
}

/// Orders that repeat another one.
pub(super) struct Repeats {
    pub(super) groups: String,
    pub(super) orders: String,
    pub(super) places: Vec<Place>,
    pub(super) pairs: Vec<Pair>,
    /// Pairs of files that are not listed.
    pub(super) pairs_beyond: Option<String>,
}

/// Repeated orders of one kind.
pub(super) struct Place {
    pub(super) what: &'static str,
    pub(super) patients: String,
    pub(super) orders: String,
    pub(super) grams: String,
    pub(super) paid: String,
}

/// Two files with equal orders.
pub(super) struct Pair {
    pub(super) first: String,
    pub(super) second: String,
    pub(super) groups: String,
}

impl Lines {
    pub(super) fn of(results: &Results<'_>) -> Self {
        let summary = results.summary;
        Self { statuses: statuses(summary), set_apart: set_apart(summary), repeats: repeats(summary) }
    }
}

fn statuses(summary: &Summary) -> Vec<Entry> {
    let all = summary.totals.orders;
    let entry = |code: &str, orders: u64, (what, effect): (String, &'static str)| Entry {
        what,
        code: code.to_owned(),
        number: figure::count(orders),
        share: figure::percent(orders, all),
        effect,
    };
    let stated = summary.by_line_status.iter().filter(|group| !group.key.is_empty() && group.measures.orders > 0);
    let mut entries: Vec<Entry> =
        stated.map(|group| entry(&group.key, group.measures.orders, words::line_status(&group.key))).collect();
    let unsaid = summary.orders_without_line_status();
    if !entries.is_empty() && unsaid > 0 {
        entries.push(entry("", unsaid, ("The export does not say".to_owned(), "In every figure.")));
    }
    entries
}

fn set_apart(summary: &Summary) -> Option<String> {
    let found = SET_APART.iter().map(|status| (*status, summary.orders_of_line_status(status)));
    let found: Vec<(&str, u64)> = found.filter(|(_, orders)| *orders > 0).collect();
    let total: u64 = found.iter().map(|(_, orders)| orders).sum();
    let parts = found
        .iter()
        .map(|(status, orders)| format!("{} {}", words::line_status(status).0.to_lowercase(), figure::count(*orders)));
    let parts: Vec<String> = parts.collect();
    (total > 0).then(|| {
        format!(
            "By the export’s own word, {} of the {} orders ({}) are not, or not alone, a service that was paid for: {}. \
             Every total on this page counts them.",
            figure::count(total),
            figure::count(summary.totals.orders),
            figure::percent(total, summary.totals.orders),
            parts.join(", ")
        )
    })
}

fn repeats(summary: &Summary) -> Option<Repeats> {
    let found: &Duplicates = &summary.duplicates;
    // Whether an amount is known at all is asked of the paid amount, which need not be the page's money.
    let known = Measures { orders_with_money: u64::from(summary.sums.paid.is_some()), ..summary.totals };
    let place = |what, measures: &Measures| Place {
        what,
        patients: figure::patients(measures),
        orders: figure::count(measures.orders),
        grams: figure::grams(measures),
        paid: figure::money(measures, &known),
    };
    let beyond = found.file_pairs_in_all.saturating_sub(found.file_pairs.len() as u64);
    (found.groups > 0).then(|| Repeats {
        groups: figure::count(found.groups),
        orders: figure::count(found.orders()),
        places: vec![
            place("Of an order in the same file", &found.in_one_file),
            place("Of an order in an earlier file only", &found.across_files),
        ],
        pairs: found
            .file_pairs
            .iter()
            .map(|pair| Pair {
                first: pair.first.clone(),
                second: pair.second.clone(),
                groups: figure::count(pair.groups),
            })
            .collect(),
        pairs_beyond: (beyond > 0).then(|| figure::count(beyond)),
    })
}
