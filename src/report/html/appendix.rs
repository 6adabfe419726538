//! The guideline behind the figures, every row with its citation.

use crate::report::facts::{GuidelineRow, Results, Source};
use crate::report::words;

/// The appendix.
pub(super) struct Appendix {
    pub(super) source: Source,
    pub(super) rows: Vec<Row>,
    pub(super) policy: Vec<String>,
    pub(super) open_questions: Vec<String>,
    pub(super) small_cell: &'static str,
}

/// One guideline row.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) indication: String,
    pub(super) label: String,
    pub(super) recommendation: String,
    pub(super) class: String,
    pub(super) statement: String,
    pub(super) basis: String,
    pub(super) codes: Vec<String>,
}

impl Appendix {
    pub(super) fn of(results: &Results<'_>) -> Self {
        let appendix = results.appendix;
        Self {
            source: appendix.source.clone(),
            rows: appendix.rows.iter().map(row).collect(),
            policy: appendix.policy.clone(),
            open_questions: appendix.open_questions.clone(),
            small_cell: crate::report::figure::SMALL_CELL_TEXT,
        }
    }
}

fn row(row: &GuidelineRow) -> Row {
    Row {
        id: row.id.clone(),
        indication: if row.indication == row.label { String::new() } else { row.indication.clone() },
        label: row.label.clone(),
        recommendation: words::determination(&row.recommendation.replace('-', "_")),
        class: row.evidence.as_ref().map_or_else(|| "not stated".to_owned(), |class| format!("Class {class}")),
        statement: row.statement.clone(),
        basis: row.basis.clone(),
        codes: row.codes.clone(),
    }
}
