//! Lines that may not be services of their own: what the export says became of them, and which repeat others.
//!
//! Nothing is dropped and only the ledger nets, so the page says how much of its figures such lines are.

use super::quality::{Entry, entry};
use crate::report::disclosure::{Disclosure, WITHHELD};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::Summary;

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
    pub(super) places: Vec<Place>,
    pub(super) pairs: Vec<Pair>,
    /// Pairs of files that are not listed.
    pub(super) pairs_beyond: Option<String>,
}

/// Repeated orders of one kind.
pub(super) struct Place {
    pub(super) what: &'static str,
    pub(super) figure: &'static str,
    pub(super) patients: String,
    pub(super) orders: String,
    pub(super) grams: String,
    pub(super) paid: String,
}

/// Two files with equal orders.
pub(super) struct Pair {
    pub(super) first: String,
    pub(super) second: String,
}

impl Lines {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let summary = results.summary;
        Self { statuses: statuses(summary, told), set_apart: set_apart(summary, told), repeats: repeats(summary, told) }
    }
}

fn id(status: &str) -> String {
    format!("by_line_status/{status}")
}

fn statuses(summary: &Summary, told: &Disclosure) -> Vec<Entry> {
    let stated = summary.by_line_status.iter().filter(|group| !group.key.is_empty() && group.measures.orders > 0);
    let mut entries: Vec<Entry> = stated
        .map(|group| {
            let (what, effect) = words::line_status(&group.key);
            entry(told, id(&group.key), what, &group.key, effect)
        })
        .collect();
    if !entries.is_empty() && summary.orders_without_line_status() > 0 {
        entries.push(entry(told, id(""), "The export does not say".to_owned(), "", "In every figure."));
    }
    entries
}

/// The statuses are told one by one: their sum is no figure of the page.
fn set_apart(summary: &Summary, told: &Disclosure) -> Option<String> {
    let found = SET_APART.iter().filter(|status| summary.orders_of_line_status(status) > 0);
    let parts =
        found.map(|status| format!("{}: {}", words::line_status(status).0.to_lowercase(), told.orders(&id(status))));
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| {
        format!(
            "By the export’s own word, some orders are not, or not alone, a service that was paid for ({}). \
             Every total on this page counts them.",
            parts.join("; ")
        )
    })
}

fn repeats(summary: &Summary, told: &Disclosure) -> Option<Repeats> {
    let found = &summary.duplicates;
    // Whether an amount is known at all is asked of the paid amount, which need not be the page's money.
    let known = summary.sums.paid.is_some();
    let place = |what, figure: &'static str| {
        let texts = told.texts(figure);
        Place {
            what,
            figure,
            patients: texts.patients,
            orders: texts.orders,
            grams: texts.grams,
            paid: told.measures(figure).map_or_else(|| WITHHELD.to_owned(), |found| figure::money(&found, known)),
        }
    };
    let beyond = found.file_pairs_in_all.saturating_sub(found.file_pairs.len() as u64);
    // How many groups two files share is not told: it may be the orders of few, and no cell of a partition.
    let pair = |pair: &crate::summary::FilePair| Pair { first: pair.first.clone(), second: pair.second.clone() };
    (found.groups > 0).then(|| Repeats {
        places: vec![
            place("Of an order in the same file", "repeats/in-one-file"),
            place("Of an order in an earlier file only", "repeats/across-files"),
        ],
        pairs: found.file_pairs.iter().map(pair).collect(),
        pairs_beyond: (beyond > 0).then(|| figure::count(beyond)),
    })
}
