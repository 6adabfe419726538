//! What changed since the previous run, as the summary tells it.

use crate::report::disclosure::{Compared, all_reasons};
use crate::report::facts::Results;
use crate::report::figure::count;
use crate::summary::changes::{ByReason, Changes};

/// The change since the previous run.
pub(super) struct Change {
    /// The content digest of the previous run.
    pub(super) digest: String,
    pub(super) sentence: String,
    /// Empty where the split is withheld.
    pub(super) lines: Vec<Line>,
    pub(super) withheld: &'static str,
}

/// New, gone and changed findings with one reason.
pub(super) struct Line {
    pub(super) label: &'static str,
    pub(super) new: String,
    pub(super) gone: String,
    pub(super) changed: String,
}

const REASONS: [&str; 4] =
    ["The order is in one of the runs only", "The data differ", "The rules differ", "The program differs"];

impl Change {
    pub(super) fn of(results: &Results<'_>) -> Option<Self> {
        let previous = results.previous?;
        let changes = previous.changes;
        let kinds = [&changes.new_findings, &changes.gone_findings, &changes.changed_findings];
        let told = Compared::of(changes);
        let lines = if told == Compared::All { lines(changes) } else { Vec::new() };
        let withheld = match told {
            Compared::All => "",
            Compared::Sums => {
                "What the changes are laid to is withheld: a number of it is 1 to 10, or of as few patients."
            }
            Compared::Nothing => "One of the numbers is 1 to 10, or of as few patients, or would tell such a number.",
        };
        let sentence = if told == Compared::Nothing {
            "How many findings are new, gone or changed is withheld.".to_owned()
        } else {
            let [new, gone, changed] = kinds.map(|kind| count(all_reasons(kind).orders));
            format!("{new} findings are new, {gone} are gone and {changed} changed.")
        };
        Some(Self { digest: previous.digest.to_owned(), sentence, lines, withheld })
    }
}

fn lines(changes: &Changes) -> Vec<Line> {
    let number = |kind: &ByReason, at: usize| count(kind[at].orders);
    let line = |(at, label): (usize, &'static str)| Line {
        label,
        new: number(&changes.new_findings, at),
        gone: number(&changes.gone_findings, at),
        changed: number(&changes.changed_findings, at),
    };
    REASONS.into_iter().enumerate().map(line).collect()
}
