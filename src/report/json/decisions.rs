//! The payer's decisions beside the determinations in `summary.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Figures, figures, keyed};
use crate::summary::{Approved, CornerOrders, CornerRow, Decided, Summary};

/// Decisions and determinations; null in the document if the export carries no decision.
#[derive(Serialize)]
pub(super) struct Decisions<'run> {
    by_decision: BTreeMap<&'run str, Figures>,
    by_decision_and_determination: Vec<Crossed<'run>>,
    approved_by_guideline_row: Vec<Line<'run>>,
    compared: Figures,
    agreeing: Figures,
    corners: Vec<Corner<'run>>,
}

#[derive(Serialize)]
struct Crossed<'run> {
    decision: &'run str,
    determination: &'run str,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize)]
struct Corner<'run> {
    #[serde(rename = "corner")]
    id: &'static str,
    decisions: &'static [&'static str],
    determination: &'static str,
    #[serde(flatten)]
    figures: Figures,
    by_guideline_row: Vec<Row<'run>>,
}

#[derive(Serialize)]
struct Row<'run> {
    guideline_rows: &'run str,
    ruleset: &'run str,
    #[serde(flatten)]
    figures: Figures,
}

/// A line of `by_guideline_row`, of which these are the orders that were approved, also in part.
#[derive(Serialize)]
struct Line<'run> {
    guideline_rows: &'run str,
    ruleset: Option<&'run str>,
    determination: &'run str,
    #[serde(flatten)]
    figures: Figures,
}

impl<'run> Decisions<'run> {
    pub(super) fn of(summary: &'run Summary) -> Option<Self> {
        let found = &summary.decisions;
        found.known.then(|| Self {
            by_decision: keyed(&found.by_decision),
            by_decision_and_determination: found.crossings.iter().map(crossed).collect(),
            approved_by_guideline_row: found.approved.iter().map(line).collect(),
            compared: figures(&found.compared),
            agreeing: figures(&found.agreeing),
            corners: found.corners.iter().map(corner).collect(),
        })
    }
}

fn line(each: &Approved) -> Line<'_> {
    Line {
        guideline_rows: &each.key,
        ruleset: Some(each.ruleset.as_str()).filter(|name| !name.is_empty()),
        determination: &each.determination,
        figures: figures(&each.measures),
    }
}

fn crossed(each: &Decided) -> Crossed<'_> {
    Crossed { decision: &each.decision, determination: &each.determination, figures: figures(&each.measures) }
}

fn corner(found: &CornerOrders) -> Corner<'_> {
    Corner {
        id: found.corner.id,
        decisions: found.corner.decisions,
        determination: found.corner.determination,
        figures: figures(&found.measures),
        by_guideline_row: found.rows.iter().map(row).collect(),
    }
}

fn row(row: &CornerRow) -> Row<'_> {
    Row { guideline_rows: &row.rows, ruleset: &row.ruleset, figures: figures(&row.measures) }
}
