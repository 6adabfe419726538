//! The figures of the payer's decisions beside the determinations.

use super::{Figure, LIST_LIMIT, listed, of, such};
use crate::summary::{
    BY_DECISION, CORNERS, Corner, CornerOrders, CornerRow, DEFINITE, DETERMINATIONS, Measures, Partition, Summary,
};

/// The ids of the orders that can be compared, and of those on which both agree.
pub(in crate::report) const COMPARED: &str = "decisions/compared";
pub(in crate::report) const AGREEING: &str = "decisions/agreeing";

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let decisions = &summary.decisions;
    if !decisions.known {
        return Vec::new();
    }
    let mut all = Vec::new();
    for group in &decisions.by_decision {
        let decision = ("auth_decision", group.key.as_str());
        all.push(of(summary, BY_DECISION, decision_id(&group.key), &[decision], group.measures));
        for determination in DETERMINATIONS {
            let crossing = decisions
                .crossings
                .iter()
                .find(|each| each.decision == group.key && each.determination == determination);
            let measures = crossing.map(|each| each.measures).unwrap_or_default();
            let wanted = [decision, ("determination", determination)];
            all.push(of(summary, BY_DECISION, crossing_id(&group.key, determination), &wanted, measures));
        }
    }
    all.extend(decisions.corners.iter().flat_map(|corner| of_corner(summary, corner)));
    let compared = |cells: &Partition, cell| is_compared(cells, cell);
    all.push(such(summary, BY_DECISION, COMPARED.to_owned(), compared, decisions.compared));
    let agreeing =
        |cells: &Partition, cell| is_compared(cells, cell) && !CORNERS.iter().any(|corner| is_in(corner, cells, cell));
    all.push(such(summary, BY_DECISION, AGREEING.to_owned(), agreeing, decisions.agreeing));
    all
}

fn of_corner(summary: &Summary, found: &CornerOrders) -> Vec<Figure> {
    let corner = found.corner;
    let figure = |id: String, measures: Measures, row: Option<&CornerRow>| {
        let is_asked = |cells: &Partition, cell: usize| {
            let of_row = |row: &CornerRow| {
                cells.value(cell, "ruleset") == Some(&row.ruleset)
                    && cells.value(cell, "guideline_rows") == Some(&row.rows)
            };
            is_in(&corner, cells, cell) && row.is_none_or(of_row)
        };
        such(summary, BY_DECISION, id, is_asked, measures)
    };
    let rows = corner_rows(found).into_iter().map(|row| figure(corner_row_id(&corner, row), row.measures, Some(row)));
    [figure(corner_id(&corner), found.measures, None)].into_iter().chain(rows).collect()
}

fn is_in(corner: &Corner, cells: &Partition, cell: usize) -> bool {
    cells.value(cell, "determination") == Some(corner.determination)
        && cells.value(cell, "auth_decision").is_some_and(|decision| corner.decisions.contains(&decision))
}

fn is_compared(cells: &Partition, cell: usize) -> bool {
    let decided = CORNERS.iter().flat_map(|corner| corner.decisions);
    cells.value(cell, "determination").is_some_and(|each| DEFINITE.contains(&each))
        && decided.into_iter().any(|decision| cells.value(cell, "auth_decision") == Some(decision))
}

/// The rows of a corner that the page lists.
pub(in crate::report) fn corner_rows(corner: &CornerOrders) -> Vec<&CornerRow> {
    listed(&corner.rows, LIST_LIMIT / 3, |row| &row.measures, row_id)
}

/// What of a row's id does not depend on the corner.
pub(in crate::report) fn row_id(row: &CornerRow) -> String {
    format!("{}/{}", row.ruleset, row.rows)
}

/// The id of the orders with a decision; of those without, under `not-in-export`.
pub(in crate::report) fn decision_id(decision: &str) -> String {
    let decision = if decision.is_empty() { "not-in-export" } else { decision };
    format!("by_decision/{decision}")
}

/// The id of the orders with a decision and a determination.
pub(in crate::report) fn crossing_id(decision: &str, determination: &str) -> String {
    format!("{}/{determination}", decision_id(decision))
}

/// The id of a corner.
pub(in crate::report) fn corner_id(corner: &Corner) -> String {
    format!("decisions/{}", corner.id)
}

/// The id of a row of a corner.
pub(in crate::report) fn corner_row_id(corner: &Corner, row: &CornerRow) -> String {
    format!("{}/{}", corner_id(corner), row_id(row))
}
