//! What changed since the previous run, as the summary tells it.
//!
//! These numbers are about two runs, so they belong to no partition of this one, and a reader may hold both pages. They
//! are therefore shown all together or not: all of them if none is small; else only the sums, if none of those is small;
//! else nothing. What is kept of the findings is judged with the sums though it is not printed, since it is what the
//! page's own findings and the new ones leave.

use crate::report::disclosure::SMALL;
use crate::report::facts::Results;
use crate::report::figure::count;
use crate::summary::changes::{ByReason, Changes, Tally};

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
        let nothing = kinds.iter().all(|kind| sum(kind).orders == 0);
        let rest_safe = nothing || !is_small(changes.unchanged_findings);
        let sums_safe = rest_safe && !kinds.iter().any(|kind| is_small(sum(kind)));
        let all_safe = sums_safe && !kinds.iter().any(|kind| kind.iter().any(|part| is_small(*part)));
        let lines = if all_safe { lines(changes) } else { Vec::new() };
        let withheld = match (sums_safe, all_safe) {
            (_, true) => "",
            (true, false) => {
                "What the changes are laid to is withheld: a number of it is 1 to 10, or of as few patients."
            }
            (false, false) => "One of the numbers is 1 to 10, or of as few patients, or would tell such a number.",
        };
        let sentence = if sums_safe {
            let [new, gone, changed] = kinds.map(|kind| count(sum(kind).orders));
            format!("{new} findings are new, {gone} are gone and {changed} changed.")
        } else {
            "How many findings are new, gone or changed is withheld.".to_owned()
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

/// A sum of tallies. Its patients are at least those of its largest part.
fn sum(parts: &ByReason) -> Tally {
    let patients = parts.iter().map(|part| part.patients).max().unwrap_or(0);
    Tally { orders: parts.iter().map(|part| part.orders).sum(), patients }
}

fn is_small(tally: Tally) -> bool {
    (1..=SMALL).contains(&tally.orders) || (1..=SMALL).contains(&tally.patients)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(orders: u64) -> Tally {
        Tally { orders, patients: orders.min(11) }
    }

    #[test]
    fn many_orders_of_few_patients_are_small_and_none_is_not() {
        assert!(is_small(Tally { orders: 500, patients: 3 }) && is_small(tally(10)));
        assert!(!is_small(tally(11)) && !is_small(tally(0)));
        assert!(!is_small(Tally { orders: 20, patients: 0 }), "orders without a patient id are of no known patient");
        assert!(is_small(sum(&[tally(5), tally(5), tally(0), tally(0)])));
        assert_eq!(sum(&[tally(40), tally(5), tally(0), tally(0)]), Tally { orders: 45, patients: 11 });
    }
}
