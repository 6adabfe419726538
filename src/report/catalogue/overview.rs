//! The figures of the one-page summary.

use super::{Figure, kinds};
use crate::summary::Summary;

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let all = kinds(summary, "all".to_owned(), &[], summary.totals);
    let determinations = summary.by_determination.iter().map(|group| {
        let id = format!("by_determination/{}", group.key);
        kinds(summary, id, &[("determination", &group.key)], group.measures)
    });
    let flags = summary
        .by_flag
        .iter()
        .map(|group| kinds(summary, format!("by_flag/{}", group.key), &[("flag", &group.key)], group.measures));
    std::iter::once(all).chain(determinations).chain(flags).collect()
}
