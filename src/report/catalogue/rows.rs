//! The figures of the table by guideline row.

use super::{Figure, LIST_LIMIT, kinds, listed, row_approved_id, row_flag_id, row_id, such};
use crate::summary::{APPROVED, BY_DECISION, DEFINITE, Partition, RowGroup, Summary};

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let mut all = Vec::new();
    for group in listed(&summary.by_row, LIST_LIMIT, |group| &group.measures, row_id) {
        let wanted = wanted(group);
        all.push(kinds(summary, row_id(group), &wanted, group.measures));
        if summary.decisions.known {
            let is_asked = |cells: &Partition, cell: usize| {
                cells.value(cell, "auth_decision").is_some_and(|decision| APPROVED.contains(&decision))
                    && wanted.iter().all(|(column, value)| cells.value(cell, column) == Some(value))
            };
            let approved = summary.decisions.approved_of(group);
            all.push(such(summary, BY_DECISION, row_approved_id(group), is_asked, approved));
        }
        for flag in &group.by_flag {
            let of_flag: Vec<_> = wanted.iter().copied().chain([("flag", flag.key.as_str())]).collect();
            all.push(kinds(summary, row_flag_id(group, &flag.key), &of_flag, flag.measures));
        }
    }
    all
}

/// What the orders of a line have: a definite one its rows, any other only its determination.
fn wanted(group: &RowGroup) -> Vec<(&'static str, &str)> {
    let mut wanted = vec![("determination", group.determination.as_str())];
    if DEFINITE.contains(&group.determination.as_str()) {
        // A definite order without rows is listed under its determination's name.
        let rows = if group.key == group.determination { "" } else { &group.key };
        wanted.extend([("ruleset", group.ruleset.as_str()), ("guideline_rows", rows)]);
    }
    wanted
}
