//! The figures of lines that may not be services of their own.

use super::{Figure, kinds, of};
use crate::summary::{REPEATS, Summary};

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let statuses = summary.by_line_status.iter().map(|group| {
        kinds(summary, format!("by_line_status/{}", group.key), &[("line_status", &group.key)], group.measures)
    });
    let found = &summary.duplicates;
    let repeats = [("in-one-file", found.in_one_file), ("across-files", found.across_files)];
    let repeats = repeats
        .into_iter()
        .map(|(name, measures)| of(summary, REPEATS, format!("repeats/{name}"), &[("repeat", name)], measures));
    statuses.chain(repeats).collect()
}
