//! `indications/*.toml`: what makes an indication a candidate, and its guideline rows.

use super::layer::{Layer, Parsed};
use super::{Page, facts, text};
use crate::rules::error::{Lines, Problem, accepted};
use crate::rules::file::{IndicationFile, MatchFile, RowFile};
use crate::rules::list::CodeLists;
use crate::rules::phrase::PhraseCollector;
use crate::rules::ruleset::{Fact, Indication, Match, Note, Row, Statement};

/// What an indication file may name.
pub(super) struct Known<'a> {
    pub lists: &'a CodeLists,
    pub facts: &'a [Fact],
    pub indications: &'a [String],
    /// Indications that a layer takes out; what lower layers say of them is passed over.
    pub dropped: &'a [String],
    pub statements: &'a [Statement],
}

/// One layer's file of an indication, and what the layer does to those below.
struct Part<'l, 'a> {
    written: &'l Parsed<'a, IndicationFile>,
    layer: usize,
}

/// Compiles an indication from the files that the layers have of it. A file stands for those below, unless it amends
/// them; then it adds matches, names, notes and misses, replaces rows of the same id and adds others.
pub(super) fn compile(
    layers: &[Layer<'_>],
    id: &str,
    known: &Known<'_>,
    problems: &mut Vec<Problem>,
    rows: &mut Vec<Row>,
    phrases: &mut PhraseCollector,
) -> Indication {
    let parts = parts(layers, id, problems);
    let index = known.indications.iter().position(|other| other == id).unwrap_or_default() as u16;
    let first = rows.len();
    let mut indication = Indication { id: id.to_owned(), rows: first..first, ..Indication::default() };
    for part in &parts {
        let file = &part.written.file;
        let mut page = Page { path: part.written.path, text: part.written.text, problems: &mut *problems };
        describe(&mut page, &mut indication, file, layers[part.layer].keeps_rows() || !file.amends);
        refine(&mut page, &mut indication, file, known);
        let meant = file.not_addressed.iter().map(|each| facts::condition(&mut page, known.facts, Some(each)));
        indication.not_addressed.extend(meant);
        indication.together.extend(file.together.iter().cloned());
        indication.matches.extend(file.matches.iter().filter_map(|written| one_match(&mut page, known, written)));
        if let Some(written) = &file.text {
            phrases.is_top = part.layer + 1 == layers.len();
            let names = text::names(&mut page, known, written, index, phrases);
            indication.names = Some(match indication.names.take() {
                None => names,
                Some(below) => below.with(names),
            });
        }
        for note in &file.notes {
            let codes = page.list_set(known.lists, &note.codes);
            indication.notes.push(Note { codes, text: note.text.clone() });
        }
    }
    compile_rows(layers, &parts, known, problems, index, rows);
    indication.rows = first..rows.len();
    let top = layers.len() - 1;
    for part in &parts {
        examples(&mut indication, part, part.layer == top, layers);
    }
    check(&parts, &indication, layers, problems);
    indication
}

/// The files that count for an indication, the lowest layer's first.
fn parts<'l, 'a>(layers: &'l [Layer<'a>], id: &str, problems: &mut Vec<Problem>) -> Vec<Part<'l, 'a>> {
    let mut parts: Vec<Part<'l, 'a>> = Vec::new();
    for (at, layer) in layers.iter().enumerate() {
        if layer.drops(id) {
            parts.clear();
        }
        for written in layer.indications.iter().filter(|each| each.file.id.get_ref() == id) {
            let mut page = Page { path: written.path, text: written.text, problems: &mut *problems };
            let stem = written.path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml"));
            if stem != Some(id) {
                page.problem(&written.file.id, "the id must be the file's name without .toml");
            }
            if !written.file.amends {
                parts.clear();
            } else if parts.is_empty() {
                page.problem(&written.file.id, "`amends` needs an indication of this id in a ruleset below");
            }
            parts.push(Part { written, layer: at });
        }
    }
    parts
}

/// Label, reason and misses. What a file says of a recommendation that does not stand is not taken over.
fn describe(page: &mut Page<'_>, indication: &mut Indication, file: &IndicationFile, keeps: bool) {
    match (&file.label, file.amends) {
        (Some(label), _) => indication.label.clone_from(label),
        (None, true) => {}
        (None, false) => page.problem(&file.id, "`label` is missing"),
    }
    if !keeps {
        indication.why.clear();
        indication.misses.clear();
        indication.notes.clear();
        indication.not_addressed.clear();
        indication.together.clear();
    }
    if !indication.why.is_empty() {
        indication.why.push(' ');
    }
    indication.why.push_str(&file.why);
    indication.misses.extend(file.misses.iter().cloned());
    page.path.clone_into(&mut indication.file);
}

fn refine(page: &mut Page<'_>, indication: &mut Indication, file: &IndicationFile, known: &Known<'_>) {
    for name in file.refines.iter().filter(|name| !known.dropped.contains(name.get_ref())) {
        if let Some(at) = page.lookup("indication", name, known.indications.iter().map(String::as_str)) {
            indication.refines.push(at as u16);
        }
    }
}

/// The rows of all files that count: a row of the same id replaces the one below, where it stands.
fn compile_rows(
    layers: &[Layer<'_>],
    parts: &[Part<'_, '_>],
    known: &Known<'_>,
    problems: &mut Vec<Problem>,
    indication: u16,
    rows: &mut Vec<Row>,
) {
    let mut written: Vec<(&Parsed<'_, IndicationFile>, &RowFile)> = Vec::new();
    let mut next = 0;
    for (at, layer) in layers.iter().enumerate() {
        if !layer.keeps_rows() {
            written.clear();
        }
        written.retain(|(_, row)| !layer.ruleset.file.drop.rows.iter().any(|id| id.get_ref() == row.id.get_ref()));
        for part in parts.iter().skip(next).take_while(|part| part.layer == at) {
            next += 1;
            let before = written.len();
            for row in &part.written.file.rows {
                let same = written[..before].iter().position(|(_, other)| other.id.get_ref() == row.id.get_ref());
                match same {
                    Some(same) => written[same] = (part.written, row),
                    None => written.push((part.written, row)),
                }
            }
        }
    }
    for (file, written) in written {
        let mut page = Page { path: file.path, text: file.text, problems: &mut *problems };
        if let Some(row) = row(&mut page, known, written, indication, rows) {
            rows.push(row);
        }
    }
}

fn examples(indication: &mut Indication, part: &Part<'_, '_>, is_own: bool, layers: &[Layer<'_>]) {
    let (path, text) = (part.written.path, part.written.text);
    let mut lines = Lines::of(text);
    let written = part.written.file.examples.iter();
    let written = written.map(|example| (lines.number(example.span().start), example.get_ref().clone()));
    if is_own {
        indication.own = true;
        indication.examples.extend(written);
    } else if layers[part.layer + 1..].iter().all(Layer::keeps_rows) {
        indication.inherited.extend(written.map(|(line, example)| (path.to_owned(), line, example)));
    }
}

/// An indication that nothing reaches or that says nothing is a mistake, unless it is only there to be recognised.
fn check(parts: &[Part<'_, '_>], indication: &Indication, layers: &[Layer<'_>], problems: &mut Vec<Problem>) {
    let Some(part) = parts.last() else { return };
    let mut page = Page { path: part.written.path, text: part.written.text, problems };
    if indication.rows.is_empty()
        && layers.iter().all(|layer| layer.keeps_rows() && layer.ruleset.file.drop.rows.is_empty())
    {
        page.problem(&part.written.file.id, "an indication has at least one [[row]]");
    }
    if indication.matches.is_empty() && indication.names.is_none() {
        page.problem(
            &part.written.file.id,
            "an indication has at least one [[match]] or [text]; nothing could ever reach it",
        );
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
            page.problems.push(Problem::new(page.path, None, message));
            return None;
        }
    };
    if written.from.zip(written.until).is_some_and(|(from, until)| until < from) {
        let message = "a match ends before it begins; accepted is `from` not after `until`";
        page.problems.push(Problem::new(page.path, None, message));
    }
    let note = written.note.clone();
    Some(Match { lists, strength: written.strength, from: written.from, until: written.until, requires, note })
}

fn row(page: &mut Page<'_>, known: &Known<'_>, written: &RowFile, indication: u16, rows: &[Row]) -> Option<Row> {
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
        id: written.id.get_ref().clone(),
        label: written.label.clone(),
        indication,
        when,
        recommendation: written.recommendation,
        evidence: written.evidence,
        statement,
        basis: written.cite.basis,
        note: written.note.clone(),
    })
}
