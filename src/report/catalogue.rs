//! Every figure of orders that the page prints, by its id.
//!
//! The page asks [`Disclosure`](super::disclosure::Disclosure) for figures by these ids, and `summary.json` lists them
//! all under `figures` with their exact values: so a number on the page can be traced, and none is printed that was not
//! looked at together with all others. An id is the cut, a slash, and the values of its columns: `by_flag/review`.

mod overview;
mod patterns;

pub use self::patterns::{pattern_id, start_id};
use super::disclosure::Figure;
use crate::summary::{KINDS, Measures, Summary};

/// All of them, in the order of the page.
#[must_use]
pub fn figures(summary: &Summary) -> Vec<Figure> {
    overview::figures(summary).into_iter().chain(patterns::figures(summary)).collect()
}

/// The orders of the first partition that have these values.
fn kinds(summary: &Summary, id: String, wanted: &[(&str, &str)], measures: Measures) -> Figure {
    let cells = summary.partitions.iter().find(|each| each.name == KINDS).map(|each| each.with(wanted));
    Figure { id, partition: KINDS, cells: cells.unwrap_or_default(), measures }
}
