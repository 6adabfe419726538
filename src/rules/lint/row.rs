//! Rows: whether an order can reach each of them, and whether two of them hold together.

use super::Subject;
use super::reach::{Obstacle, obstacle};
use crate::rules::error::Problem;
use crate::rules::phrase::Meaning;
use crate::rules::ruleset::Indication;

/// Rows that no match and no name can reach under values that an order can have.
pub(super) fn unreachable(subject: &Subject<'_>) -> Vec<Problem> {
    subject.each(|indication| {
        let routes = routes(subject, indication);
        let mut problems = Vec::new();
        for row in indication.rows.clone().map(|row| &subject.ruleset.rows[row]) {
            let obstacles: Vec<Option<Obstacle>> = routes
                .iter()
                .map(|route| obstacle(subject.ruleset, &[row.when.terms.as_slice(), route.as_slice()].concat()))
                .collect();
            if obstacles.iter().any(Option::is_none) {
                continue;
            }
            let mut why: Vec<String> = obstacles.into_iter().flatten().map(|each| in_words(subject, each)).collect();
            why.dedup();
            let why =
                if why.is_empty() { "no list with codes and no name leads to it".to_owned() } else { why.join("; ") };
            let message = format!("no order can reach row `{}`: {why}", row.id);
            problems.push(subject.at_id(&indication.file, &row.id, message));
        }
        problems
    })
}

fn in_words(subject: &Subject<'_>, obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::NoSource(term) => format!("no source and no default gives {}", subject.in_words(term)),
        Obstacle::Contradiction(one, other) => {
            format!("it needs {} where {} is required", subject.in_words(one), subject.in_words(other))
        }
        Obstacle::Impossible(term) => {
            format!("{} is given at ages or on days at which the rest is not", subject.in_words(term))
        }
    }
}

/// What must hold on each way to an indication: by codes, by codes together, by a name.
fn routes(subject: &Subject<'_>, indication: &Indication) -> Vec<Vec<(u8, u8)>> {
    let ruleset = subject.ruleset;
    let mut routes = Vec::new();
    for each in &indication.matches {
        if each.lists.iter().all(|list| !ruleset.lists.get(*list).rows.is_empty()) {
            routes.push(each.requires.terms.clone());
        }
    }
    let index = ruleset.indications.iter().position(|other| other.id == indication.id).unwrap_or_default() as u16;
    let names = |meaning: &Meaning| matches!(meaning, Meaning::Name { indication, .. } if *indication == index);
    if let Some(text) = &indication.names
        && ruleset.phrases.all().any(|(_, meanings)| meanings.iter().any(names))
    {
        routes.push(text.requires.terms.clone());
    }
    routes
}

/// Rows of one indication that can hold together: never with different recommendations, and with the same one only
/// where `together` says so.
pub(super) fn overlapping(subject: &Subject<'_>) -> Vec<Problem> {
    subject.each(|indication| {
        let mut problems = if subject.is_own(&indication.file) { stale(subject, indication) } else { Vec::new() };
        for first in indication.rows.clone() {
            for second in first + 1..indication.rows.end {
                problems.extend(pair(subject, indication, first, second));
            }
        }
        problems
    })
}

fn pair(subject: &Subject<'_>, indication: &Indication, first: usize, second: usize) -> Option<Problem> {
    let (one, other) = (&subject.ruleset.rows[first], &subject.ruleset.rows[second]);
    if obstacle(subject.ruleset, &[one.when.terms.as_slice(), other.when.terms.as_slice()].concat()).is_some() {
        return None;
    }
    let together = [&one.id, &other.id];
    let declared = indication.together.iter().any(|rows| together.iter().all(|id| rows.contains(id)));
    let message = if one.recommendation != other.recommendation {
        format!(
            "rows `{}` ({}) and `{}` ({}) can hold together; accepted are conditions that exclude each other",
            one.id, one.recommendation, other.id, other.recommendation
        )
    } else if !declared {
        format!(
            "rows `{}` and `{}` can hold together; accepted are conditions that exclude each other, or `together = [[\"{}\", \"{}\"]]`",
            one.id, other.id, one.id, other.id
        )
    } else {
        return None;
    };
    Some(subject.at_id(&indication.file, &other.id, message))
}

/// Declarations of rows that are not there or cannot hold together.
fn stale(subject: &Subject<'_>, indication: &Indication) -> Vec<Problem> {
    let mut problems = Vec::new();
    for ids in &indication.together {
        let rows: Vec<usize> =
            indication.rows.clone().filter(|row| ids.iter().any(|id| id == subject.row_id(*row))).collect();
        let terms: Vec<(u8, u8)> =
            rows.iter().flat_map(|row| subject.ruleset.rows[*row].when.terms.iter().copied()).collect();
        if rows.len() != ids.len() || rows.len() < 2 || obstacle(subject.ruleset, &terms).is_some() {
            let message =
                format!("`together` names `{}`, which are not rows of it that can hold together", ids.join("`, `"));
            problems.push(subject.at_key(&indication.file, "together", message));
        }
    }
    problems
}
