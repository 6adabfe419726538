//! Lints: what compiles and is still not fit to ship.

mod phrases;

use super::error::Problem;
use super::list::ListId;
use super::ruleset::Ruleset;

/// How many examples must rest on each row.
const EXAMPLES_A_ROW: usize = 3;

/// What is wrong with a ruleset that loads: indications that refine each other or have no near miss, rows with too few examples,
/// statements that no row cites, code lists that nothing uses.
#[must_use]
pub fn check(ruleset: &Ruleset) -> Vec<Problem> {
    let mut problems = Vec::new();
    for indication in &ruleset.indications {
        for other in indication.refines.iter().map(|other| &ruleset.indications[usize::from(*other)]) {
            if other.refines.iter().any(|back| ruleset.indications[usize::from(*back)].id == indication.id) {
                let message = format!(
                    "it and `{}` refine each other, so that both would go; one direction is accepted",
                    other.id
                );
                problems.push(Problem::new(&indication.file, None, message));
            }
        }
        if !indication.examples.iter().any(|(_, example)| example.near_miss) {
            problems.push(Problem::new(
                &indication.file,
                None,
                "no near miss; at least one example with `near-miss = true` is needed",
            ));
        }
        for row in indication.rows.clone().map(|row| &ruleset.rows[row]) {
            let resting = indication
                .examples
                .iter()
                .filter(|(_, example)| example.expect.rows.as_ref().is_some_and(|rows| rows.contains(&row.id)))
                .count();
            if resting < EXAMPLES_A_ROW {
                problems.push(Problem::new(
                    &indication.file,
                    None,
                    format!(
                        "row `{}` has {resting} examples; at least {EXAMPLES_A_ROW} must name it in `rows`",
                        row.id
                    ),
                ));
            }
        }
    }
    let file = format!("{}/ruleset.toml", ruleset.info.id);
    for (index, statement) in ruleset.statements.iter().enumerate() {
        if !ruleset.rows.iter().any(|row| usize::from(row.statement) == index) {
            problems.push(Problem::new(&file, None, format!("statement `{}` is cited by no row", statement.id)));
        }
    }
    for (index, list) in ruleset.lists.all().enumerate() {
        if !uses(ruleset, ListId(index as u8)) {
            problems.push(Problem::new(&format!("codes/{}.csv", list.id), None, "no rule uses this code list"));
        }
    }
    problems.extend(phrases::never_firing(ruleset));
    problems
}

fn uses(ruleset: &Ruleset, list: ListId) -> bool {
    let in_matches =
        ruleset.indications.iter().flat_map(|indication| &indication.matches).any(|each| each.lists.contains(&list));
    let in_names = ruleset
        .indications
        .iter()
        .filter_map(|indication| indication.names.as_ref())
        .any(|names| names.under.contains(list));
    let in_tokens = ruleset.phrases.ambiguous.iter().any(|token| token.with_codes.contains(list));
    let in_notes = ruleset.indications.iter().flat_map(|each| &each.notes).any(|note| note.codes.contains(list));
    let in_facts = ruleset.facts.iter().any(|fact| {
        fact.codes.iter().any(|(own, _)| *own == list)
            || fact.defaults.iter().any(|default| default.codes == Some(list))
    });
    in_matches
        || in_names
        || in_tokens
        || in_notes
        || in_facts
        || ruleset.outside_established.contains(list)
        || ruleset.outside_other.contains(list)
}
