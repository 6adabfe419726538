//! Patterns over time against the rows that they name.

use super::Subject;
use crate::rules::compile::parse;
use crate::rules::error::Problem;
use crate::rules::file::IndicationFile;

/// Rows that neither this ruleset has nor any other of the same directory: patterns are of all editions.
pub(super) fn unknown_row(subject: &Subject<'_>) -> Vec<Problem> {
    let course = &subject.ruleset.course;
    let unknown = course.named_rows.iter().filter(|(id, _)| subject.ruleset.row(id).is_none());
    let mut unknown = unknown.peekable();
    if unknown.peek().is_none() {
        return Vec::new();
    }
    let files = subject.files.all().filter(|(path, _)| path.contains("/indications/") && path.ends_with(".toml"));
    let rows = files.filter_map(|(path, text)| parse::<IndicationFile>(path, text).ok()).flat_map(|file| file.rows);
    let elsewhere: Vec<String> = rows.map(|row| row.id.into_inner()).collect();
    let problem = |(id, line): &(String, usize)| {
        Problem::new(&course.file, Some(*line), format!("no edition has a row `{id}`; `rules list` names all rows"))
    };
    unknown.filter(|(id, _)| !elsewhere.contains(id)).map(problem).collect()
}
