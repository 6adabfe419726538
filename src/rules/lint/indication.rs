//! Indications: what refines what, and what examples there are.

use super::Subject;
use crate::rules::error::Problem;
use crate::rules::example::Example;
use crate::rules::ruleset::Indication;

/// How many examples must rest on each row.
const EXAMPLES_A_ROW: usize = 3;

/// The examples of an indication, and those that it takes over from the rulesets below.
fn examples(indication: &Indication) -> impl Iterator<Item = &Example> {
    let below = indication.inherited.iter().map(|(_, _, example)| example);
    indication.examples.iter().map(|(_, example)| example).chain(below)
}

/// Indications that refine each other.
pub(super) fn refines_cycle(subject: &Subject<'_>) -> Vec<Problem> {
    let all = &subject.ruleset.indications;
    let mut problems = Vec::new();
    for indication in all {
        for other in indication.refines.iter().map(|other| &all[usize::from(*other)]) {
            if other.refines.iter().any(|back| all[usize::from(*back)].id == indication.id) {
                let message = format!(
                    "it and `{}` refine each other, so that both would go; one direction is accepted",
                    other.id
                );
                problems.push(subject.at_key(&indication.file, "refines", message));
            }
        }
    }
    problems
}

/// Indications without an example of what is not theirs.
pub(super) fn no_near_miss(subject: &Subject<'_>) -> Vec<Problem> {
    subject.each(|indication| {
        if !subject.is_own(&indication.file) || examples(indication).any(|example| example.near_miss) {
            return Vec::new();
        }
        let message = "no near miss; at least one example with `near-miss = true` is needed".to_owned();
        vec![subject.at_id(&indication.file, &indication.id, message)]
    })
}

/// Rows on which too few examples rest.
pub(super) fn too_few_examples(subject: &Subject<'_>) -> Vec<Problem> {
    subject.each(|indication| {
        let mut problems = Vec::new();
        if !subject.is_own(&indication.file) {
            return problems;
        }
        for row in indication.rows.clone().map(|row| &subject.ruleset.rows[row]) {
            let rests = |example: &Example| example.expect.rows.as_ref().is_some_and(|rows| rows.contains(&row.id));
            let resting = examples(indication).filter(|example| rests(example)).count();
            if resting < EXAMPLES_A_ROW {
                let message = format!(
                    "row `{}` has {resting} examples; at least {EXAMPLES_A_ROW} must name it in `rows`",
                    row.id
                );
                problems.push(subject.at_id(&indication.file, &row.id, message));
            }
        }
        problems
    })
}
