//! `indications/*.toml`: what makes an indication a candidate, and its guideline rows.

use super::{Page, facts, text};
use crate::rules::error::accepted;
use crate::rules::file::{IndicationFile, MatchFile, NoteFile, RowFile};
use crate::rules::list::CodeLists;
use crate::rules::phrase::PhraseCollector;
use crate::rules::ruleset::{Fact, Indication, Match, Note, Row, Statement};

/// What an indication file may name.
pub(super) struct Known<'a> {
    pub lists: &'a CodeLists,
    pub facts: &'a [Fact],
    pub indications: &'a [String],
    pub statements: &'a [Statement],
}

pub(super) fn compile(
    page: &mut Page<'_>,
    file: IndicationFile,
    known: &Known<'_>,
    rows: &mut Vec<Row>,
    phrases: &mut PhraseCollector,
) -> Indication {
    let index = known.indications.iter().position(|id| id == file.id.get_ref()).unwrap_or_default() as u16;
    let stem = page.path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml"));
    if stem != Some(file.id.get_ref()) {
        page.problem(&file.id, "the id must be the file's name without .toml");
    }
    if file.rows.is_empty() {
        page.problem(&file.id, "an indication has at least one [[row]]");
    }
    if file.matches.is_empty() && file.text.is_none() {
        page.problem(&file.id, "an indication has at least one [[match]] or [text]; nothing could ever reach it");
    }
    let refines = file
        .refines
        .iter()
        .filter_map(|name| page.lookup("indication", name, known.indications.iter().map(String::as_str)))
        .map(|at| at as u16)
        .collect();
    let not_addressed = file.not_addressed.iter().map(|each| facts::condition(page, known.facts, Some(each))).collect();
    let matches = file.matches.iter().filter_map(|written| one_match(page, known, written)).collect();
    let names = file.text.map(|written| text::names(page, known, written, index, phrases));
    let note = |note: &NoteFile| Note { codes: page.list_set(known.lists, &note.codes), text: note.text.clone() };
    let notes = file.notes.iter().map(note).collect();
    let first = rows.len();
    for written in file.rows {
        if let Some(row) = row(page, known, written, index, rows) {
            rows.push(row);
        }
    }
    let line = |at: usize| page.text.get(..at).unwrap_or(page.text).matches('\n').count() + 1;
    let examples =
        file.examples.into_iter().map(|example| (line(example.span().start), example.into_inner())).collect();
    Indication {
        id: file.id.into_inner(),
        label: file.label,
        why: file.why,
        misses: file.misses,
        refines,
        matches,
        names,
        notes,
        rows: first..rows.len(),
        not_addressed,
        together: file.together,
        examples,
        file: page.path.to_owned(),
    }
}

fn one_match(page: &mut Page<'_>, known: &Known<'_>, written: &MatchFile) -> Option<Match> {
    let requires = facts::condition(page, known.facts, written.requires.as_ref());
    let lists = match (&written.codes, &written.all_of) {
        (Some(name), None) => vec![page.list(known.lists, name)?],
        (None, Some(names)) => {
            let found: Vec<_> = names.get_ref().iter().filter_map(|name| known.lists.find(name)).collect();
            if found.len() != names.get_ref().len() || found.len() < 2 {
                page.problem(
                    names,
                    format!("all-of takes two or more of {}", accepted(known.lists.all().map(|list| list.id.as_str()))),
                );
                return None;
            }
            found
        }
        (Some(name), Some(_)) => {
            page.problem(name, "a match has `codes` or `all-of`, not both");
            return None;
        }
        (None, None) => {
            let message = "a match has `codes = \"list\"` or `all-of = [\"list\", \"list\"]`";
            page.problems.push(crate::rules::error::Problem::new(page.path, None, message));
            return None;
        }
    };
    Some(Match { lists, strength: written.strength, requires, note: written.note.clone() })
}

fn row(page: &mut Page<'_>, known: &Known<'_>, written: RowFile, indication: u16, rows: &[Row]) -> Option<Row> {
    if rows.iter().any(|row| &row.id == written.id.get_ref()) {
        page.problem(&written.id, "the row id is used twice; accepted is one row an id, for ever");
    }
    if rows.len() >= 128 {
        page.problem(&written.id, "at most 128 rows are accepted");
        return None;
    }
    let when = facts::condition(page, known.facts, written.when.as_ref());
    let statement = page.lookup(
        "statement",
        &written.cite.statement,
        known.statements.iter().map(|statement| statement.id.as_str()),
    )? as u16;
    Some(Row {
        id: written.id.into_inner(),
        label: written.label,
        indication,
        when,
        recommendation: written.recommendation,
        evidence: written.evidence,
        statement,
        basis: written.cite.basis,
        note: written.note,
    })
}
