//! Possibilities of which no row speaks.

use super::Subject;
use crate::rules::condition::Condition;
use crate::rules::error::Problem;
use crate::rules::ruleset::Indication;

/// More assignments than this are not tried: such rows are not readable either.
const ASSIGNMENTS_MAX: usize = 4096;

/// How many possibilities a message names.
const NAMED: usize = 4;

/// Values of the facts that rows ask for under which no row holds, unless `not-addressed` says that this is meant; and
/// declarations under which a row holds after all.
pub(super) fn uncovered(subject: &Subject<'_>) -> Vec<Problem> {
    subject.each(|indication| {
        if indication.rows.is_empty() || !subject.is_own(&indication.file) {
            return Vec::new();
        }
        let asked = facts_of(subject.ruleset.rows[indication.rows.clone()].iter().map(|row| &row.when));
        let Some(assignments) = assignments(subject, &asked) else {
            let message = format!("its rows ask for more than {ASSIGNMENTS_MAX} combinations of values");
            return vec![subject.at_id(&indication.file, &indication.id, message)];
        };
        let open: Vec<String> = assignments
            .iter()
            .filter(|values| row_that_holds(subject, indication, values).is_none())
            .filter(|values| !indication.not_addressed.iter().any(|meant| holds(meant, values)))
            .map(|values| subject.terms_in_words(values))
            .collect();
        let mut problems = stale(subject, indication, &asked);
        if !open.is_empty() {
            let more = if open.len() > NAMED { format!(" and {} more", open.len() - NAMED) } else { String::new() };
            let message = format!(
                "no row speaks of {}{more}; accepted are a row, or a `not-addressed` that declares it",
                open[..open.len().min(NAMED)].join("; nor of ")
            );
            problems.push(subject.at_id(&indication.file, &indication.id, message));
        }
        problems
    })
}

/// Declared as not addressed, and a row holds.
fn stale(subject: &Subject<'_>, indication: &Indication, asked: &[u8]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for declared in &indication.not_addressed {
        let mut facts = [asked, &facts_of(std::iter::once(declared))].concat();
        facts.sort_unstable();
        facts.dedup();
        let all = assignments(subject, &facts).unwrap_or_default();
        let answered = all
            .iter()
            .filter(|values| holds(declared, values))
            .find_map(|values| row_that_holds(subject, indication, values));
        if let Some(row) = answered {
            let message = format!(
                "{} is declared as not addressed, and row `{}` can hold there",
                subject.terms_in_words(&declared.terms),
                subject.row_id(row)
            );
            problems.push(subject.at_key(&indication.file, "not-addressed", message));
        }
    }
    problems
}

fn facts_of<'a>(conditions: impl Iterator<Item = &'a Condition>) -> Vec<u8> {
    let mut facts: Vec<u8> = conditions.flat_map(|condition| condition.terms.iter().map(|term| term.0)).collect();
    facts.sort_unstable();
    facts.dedup();
    facts
}

/// Every combination of values of some facts, in the order of the facts.
fn assignments(subject: &Subject<'_>, facts: &[u8]) -> Option<Vec<Vec<(u8, u8)>>> {
    let mut all = vec![Vec::new()];
    for fact in facts {
        let values = subject.ruleset.facts[usize::from(*fact)].values.len() as u8;
        all = all
            .iter()
            .flat_map(|so_far: &Vec<(u8, u8)>| {
                (0..values).map(move |value| so_far.iter().copied().chain([(*fact, value)]).collect())
            })
            .collect();
        if all.len() > ASSIGNMENTS_MAX {
            return None;
        }
    }
    Some(all)
}

fn holds(condition: &Condition, values: &[(u8, u8)]) -> bool {
    condition.terms.iter().all(|term| values.contains(term))
}

fn row_that_holds(subject: &Subject<'_>, indication: &Indication, values: &[(u8, u8)]) -> Option<usize> {
    indication.rows.clone().find(|row| holds(&subject.ruleset.rows[*row].when, values))
}
