//! The findings with the most money, each beside the guideline's statement.

use super::Flag;
use crate::report::facts::Results;
use crate::report::words;
use crate::summary::ROW_BASED;

/// Statements shown beside one finding.
const STATEMENTS: usize = 4;

/// One finding, by the place where it can be looked up.
pub(super) struct Finding {
    pub(super) place: usize,
    pub(super) file: String,
    pub(super) record: u64,
    pub(super) flag: Flag,
    pub(super) rows: String,
    pub(super) determination: String,
    pub(super) open: String,
    /// Empty where no guideline row speaks: nothing was stated there and nothing presumed.
    pub(super) certainty: String,
    pub(super) statements: Vec<String>,
    pub(super) would_change: Vec<String>,
    /// The edition that decided, where there are several.
    pub(super) edition: String,
}

pub(super) fn findings(results: &Results<'_>) -> Vec<Finding> {
    let findings = results.summary.top_findings.iter().zip(1..).map(|(finding, place)| {
        let edition = results.editions.of_or_newest(&finding.ruleset);
        let known: Vec<_> = finding.rows.iter().filter_map(|id| edition.row(id)).collect();
        let labels: Vec<&str> = known.iter().map(|row| row.label.as_str()).collect();
        let mut statements: Vec<String> = Vec::new();
        for row in &known {
            if !statements.contains(&row.statement) && statements.len() < STATEMENTS {
                statements.push(row.statement.clone());
            }
        }
        let open: Vec<String> = finding.open.iter().map(|answer| words::determination(answer)).collect();
        Finding {
            place,
            file: finding.source_file.clone(),
            record: finding.record,
            flag: Flag::of(&finding.flag),
            rows: if labels.is_empty() {
                edition.indication(&finding.indication).to_owned()
            } else {
                labels.join("; ")
            },
            determination: words::determination(&finding.determination),
            open: open.join(" or "),
            certainty: if ROW_BASED.contains(&finding.determination.as_str()) {
                words::certainty(&finding.certainty)
            } else {
                String::new()
            },
            statements,
            would_change: finding.would_change.iter().map(|id| edition.ask(id).to_owned()).collect(),
            edition: if results.editions.are_several() { edition.short_title.clone() } else { String::new() },
        }
    });
    findings.collect()
}
