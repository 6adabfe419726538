//! Flagged orders, and those for review, by what they rest on, each group beside the guideline's statement.
//!
//! A single order is one patient's, so none is listed here: single findings are in the auditor's files.

use super::Flag;
use crate::report::catalogue::{self, finding_id, listed, shown_first};
use crate::report::disclosure::{Disclosure, Texts};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::FindingGroup;

/// Statements shown beside one group.
const STATEMENTS: usize = 4;

/// The section about flags.
pub(super) struct Findings {
    pub(super) groups: Vec<Line>,
    /// Groups that are not listed.
    pub(super) beyond: Option<String>,
}

/// One group.
pub(super) struct Line {
    pub(super) flag: Flag,
    pub(super) rows: String,
    pub(super) determination: String,
    pub(super) figure: Texts,
    /// Then the statement is left to the appendix: the same sentence would stand beside many lines that say nothing.
    pub(super) is_withheld: bool,
    pub(super) statements: Vec<String>,
    pub(super) would_change: Vec<String>,
    /// The edition that decided, where there are several.
    pub(super) edition: String,
}

impl Findings {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let all = &results.summary.finding_groups;
        let groups = listed(all, catalogue::FINDINGS, |group| &group.measures, finding_id);
        let beyond = all.len().saturating_sub(catalogue::FINDINGS);
        Self {
            groups: shown_first(groups, told, finding_id).into_iter().map(|group| line(group, results, told)).collect(),
            beyond: (beyond > 0).then(|| figure::count(beyond as u64)),
        }
    }
}

fn line(group: &FindingGroup, results: &Results<'_>, told: &Disclosure) -> Line {
    let edition = results.editions.of_or_newest(&group.ruleset);
    let known: Vec<_> = group.rows.iter().filter_map(|id| edition.row(id)).collect();
    let labels: Vec<&str> = known.iter().map(|row| row.label.as_str()).collect();
    let mut statements: Vec<String> = Vec::new();
    for row in &known {
        if !statements.contains(&row.statement) && statements.len() < STATEMENTS {
            statements.push(row.statement.clone());
        }
    }
    Line {
        flag: Flag::of(&group.flag),
        rows: labels.join("; "),
        determination: words::determination(&group.determination),
        figure: told.texts(&finding_id(group)),
        is_withheld: told.measures(&finding_id(group)).is_none(),
        statements,
        would_change: group.would_change.iter().map(|id| edition.ask(id).to_owned()).collect(),
        edition: if results.editions.are_several() { edition.short_title.clone() } else { String::new() },
    }
}
