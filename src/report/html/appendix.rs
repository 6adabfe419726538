//! The guideline behind the figures, every row with its citation.

use crate::report::facts::{self, GuidelineRow, Results, Source};
use crate::report::words;

/// The appendix.
pub(super) struct Appendix {
    pub(super) source: Source,
    pub(super) citation: String,
    pub(super) indications: Vec<Indication>,
    pub(super) policy: Vec<String>,
    pub(super) open_questions: Vec<String>,
    pub(super) small_cell: &'static str,
}

/// An indication with its codes, which are those of none of its rows alone.
pub(super) struct Indication {
    pub(super) label: String,
    pub(super) codes: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// One guideline row.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) recommendation: String,
    pub(super) class: String,
    pub(super) statement: String,
    pub(super) basis: String,
}

impl Appendix {
    pub(super) fn of(results: &Results<'_>) -> Self {
        let appendix = results.appendix;
        Self {
            source: appendix.source.clone(),
            citation: appendix.source.citation.trim_end_matches('.').to_owned(),
            indications: indications(appendix),
            policy: appendix.policy.clone(),
            open_questions: appendix.open_questions.clone(),
            small_cell: crate::report::figure::SMALL_CELL_TEXT,
        }
    }
}

/// The indications in the order of their first rows.
fn indications(appendix: &facts::Appendix) -> Vec<Indication> {
    let mut ids: Vec<&str> = Vec::new();
    for row in &appendix.rows {
        if !ids.contains(&row.indication.as_str()) {
            ids.push(&row.indication);
        }
    }
    let indication = |id: &str| Indication {
        label: appendix.indication(id).to_owned(),
        codes: appendix.indications.get(id).map(|known| known.codes.clone()).unwrap_or_default(),
        rows: appendix.rows.iter().filter(|row| row.indication == id).map(row).collect(),
    };
    ids.into_iter().map(indication).collect()
}

fn row(row: &GuidelineRow) -> Row {
    Row {
        id: row.id.clone(),
        label: row.label.clone(),
        recommendation: words::determination(&row.recommendation.replace('-', "_")),
        class: row.evidence.as_ref().map_or_else(|| "not stated".to_owned(), |class| format!("Class {class}")),
        statement: row.statement.clone(),
        basis: row.basis.clone(),
    }
}
