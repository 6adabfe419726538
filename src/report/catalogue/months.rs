//! The figures of the trend by month.

use super::{Figure, such};
use crate::summary::{BY_MONTH, Month, Summary};

/// What is printed of a month beside all its orders.
pub(in crate::report) const PARTS: [&str; 2] = ["flagged", "review"];

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    summary.months.all().flat_map(|month| of_month(summary, month)).collect()
}

fn of_month(summary: &Summary, month: &Month) -> Vec<Figure> {
    let figure = |part: &str, measures, is_part: &dyn Fn(&str) -> bool| {
        let is_asked = |cells: &crate::summary::Partition, cell| {
            cells.value(cell, "month") == Some(&month.month) && cells.value(cell, "flag").is_some_and(is_part)
        };
        such(summary, BY_MONTH, month_id(month, part), is_asked, measures)
    };
    let mut all =
        vec![figure("", month.measures, &|_| true), figure("findings", month.findings, &|flag| flag != "clear")];
    for part in PARTS {
        let measures = month.by_flag.iter().find(|group| group.key == part).map(|group| group.measures);
        all.push(figure(part, measures.unwrap_or_default(), &|flag| flag == part));
    }
    all
}

/// The id of a month's orders, or of a part of them.
pub(in crate::report) fn month_id(month: &Month, part: &str) -> String {
    let month = if month.month.is_empty() { "no-date" } else { &month.month };
    if part.is_empty() { format!("by_month/{month}") } else { format!("by_month/{month}/{part}") }
}
