//! Quotations of the statement, and open questions that the rules send a reader to.

use super::Subject;
use crate::rules::error::{Problem, accepted};
use crate::rules::ruleset::{Indication, Ruleset};

/// Hexadecimal digits of a lock.
const LOCK_DIGITS: usize = 16;

/// The lock of a quotation: the beginning of the BLAKE3 digest of its words.
#[must_use]
pub fn lock_of(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..LOCK_DIGITS].to_owned()
}

/// Statements of the ruleset's own file that no row cites.
pub(super) fn not_cited(subject: &Subject<'_>) -> Vec<Problem> {
    let cited = |at: usize| subject.ruleset.rows.iter().any(|row| usize::from(row.statement) == at);
    let statements = subject.ruleset.statements.iter().enumerate().filter(|(at, _)| !cited(*at));
    let problem = |id: &str| subject.at_id(&subject.home(), id, format!("statement `{id}` is cited by no row"));
    statements.map(|(_, statement)| problem(&statement.id)).filter(|problem| problem.line.is_some()).collect()
}

/// Quotations whose words are not those that were locked.
pub(super) fn quote_changed(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for statement in &subject.ruleset.statements {
        let lock = lock_of(&statement.text);
        let message = match statement.lock.as_deref() {
            Some(locked) if locked == lock => continue,
            Some(_) => format!(
                "the words of statement `{}` are not those that were locked; compare them with the source, then accepted is lock = \"{lock}\"",
                statement.id
            ),
            None => format!(
                "statement `{}` is not locked; compare its words with the source, then accepted is lock = \"{lock}\"",
                statement.id
            ),
        };
        let file = format!("{}/ruleset.toml", subject.ruleset.source_of(statement).id);
        problems.push(subject.at_id(&file, &statement.id, message));
    }
    problems
}

/// Questions in brackets, such as "(Q7)", that the list of open questions does not hold.
pub(super) fn unknown_question(subject: &Subject<'_>) -> Vec<Problem> {
    let known = || subject.ruleset.open_questions.iter().map(|(id, _)| id.as_str());
    subject.each(|indication| {
        let named = named_questions(subject.ruleset, indication).into_iter();
        named
            .filter(|id| !known().any(|other| other == id))
            .map(|id| {
                let message = format!("there is no open question `{id}`; accepted are {}", accepted(known()));
                let holds = |line: &str| bracketed(line).any(|token| token == id);
                subject.at(&indication.file, holds, message)
            })
            .collect()
    })
}

/// The ids of questions that an indication's prose names, each once: what is written in brackets like the known ids, with
/// at most two digits.
pub(in crate::rules) fn named_questions(ruleset: &Ruleset, indication: &Indication) -> Vec<String> {
    let letters = |id: &str| id.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let like_known = |token: &str| {
        let digits = token.len() - letters(token).len();
        (1..=2).contains(&digits) && ruleset.open_questions.iter().any(|(id, _)| letters(id) == letters(token))
    };
    let rows = ruleset.rows[indication.rows.clone()].iter().filter_map(|row| row.note.as_deref());
    let prose = std::iter::once(indication.why.as_str())
        .chain(indication.misses.iter().map(String::as_str))
        .chain(indication.matches.iter().filter_map(|each| each.note.as_deref()))
        .chain(indication.notes.iter().map(|note| note.text.as_str()))
        .chain(rows);
    let mut found: Vec<String> = Vec::new();
    for token in prose.flat_map(bracketed).filter(|token| like_known(token)) {
        if !found.iter().any(|other| other == token) {
            found.push(token.to_owned());
        }
    }
    found
}

/// The words in round brackets, split at commas and spaces.
fn bracketed(text: &str) -> impl Iterator<Item = &str> {
    text.split('(')
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .flat_map(|(inside, _)| inside.split([',', ' ', ';']))
        .filter(|token| !token.is_empty())
}
