//! The figures of patterns over time: of each pattern, and of the new and continuing patients of each guideline row.

use super::Figure;
use crate::summary::{DEFINITE, PATTERNS, Partition, PatternFound, RowCourse, STARTS, Summary};

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let patterns = summary.course.patterns.iter().map(|found| Figure {
        id: pattern_id(found),
        partition: PATTERNS,
        cells: cells(summary, PATTERNS, |partition, cell| {
            let shown = partition.value(cell, "patterns").unwrap_or_default();
            shown.split('|').any(|id| id == found.pattern.id)
        }),
        measures: found.measures,
    });
    let starts = summary.course.rows.iter().flat_map(|row| {
        [("new", row.new), ("continuing", row.continuing)].map(|(start, measures)| Figure {
            id: start_id(row, start),
            partition: STARTS,
            cells: cells(summary, STARTS, |partition, cell| {
                partition.value(cell, "start") == Some(start) && is_of(partition, cell, row)
            }),
            measures,
        })
    });
    patterns.chain(starts).collect()
}

/// The id of a pattern's figure.
#[must_use]
pub fn pattern_id(found: &PatternFound) -> String {
    format!("patterns/{}", found.pattern.id)
}

/// The id of the figure of a row's patients who are `new` or `continuing`.
#[must_use]
pub fn start_id(row: &RowCourse, start: &str) -> String {
    format!("starts/{}/{}/{}/{start}", row.ruleset, row.determination, row.key)
}

fn is_of(partition: &Partition, cell: usize, row: &RowCourse) -> bool {
    let value = |column: &str| partition.value(cell, column).unwrap_or_default();
    if value("determination") != row.determination {
        return false;
    }
    if !DEFINITE.contains(&row.determination.as_str()) {
        return true;
    }
    let rows = if row.key == row.determination { "" } else { row.key.as_str() };
    value("ruleset") == row.ruleset && value("guideline_rows") == rows
}

fn cells(summary: &Summary, name: &str, is_in: impl Fn(&Partition, usize) -> bool) -> Vec<usize> {
    let Some(partition) = summary.partitions.iter().find(|partition| partition.name == name) else { return Vec::new() };
    (0..partition.cells.len()).filter(|cell| is_in(partition, *cell)).collect()
}
