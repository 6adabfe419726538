//! A file beside the lines: what it may hold, and which of its columns may be the key that the lines have too.

use super::Look;
use super::cells::Shape;
use super::choose::Means;
use super::hints::Hints;
use crate::intake::Role;
use crate::intake::binding::{Column, comparable};

/// Per cent of the lines' keys that are found in the other file, from which the cells speak for a key.
const OVERLAP: u64 = 50;
/// Fewest different cells by which two columns are a key without a name that says so.
const DISTINCT: usize = 10;

/// A file that stands beside the lines.
#[derive(Debug, Clone)]
pub struct Beside {
    /// As messages name it.
    pub name: String,
    /// What it is to the lines.
    pub role: Role,
    /// What was seen of it.
    pub look: Look,
    /// On what it may join.
    pub key: Option<Key>,
}

/// A column of the lines and one of another file that may hold the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The field of the lines.
    pub lines: usize,
    /// The field of the other file.
    pub own: usize,
    /// Whether the names are the same, but for case and marks.
    pub same_name: bool,
    /// Whether the names are made of the same words.
    pub same_words: bool,
    /// Per cent of the lines' different cells that the other file has too, as far as both were looked at.
    pub overlap: u64,
}

impl Key {
    /// Why it is proposed. Header names and counts, no cell.
    #[must_use]
    pub fn in_words(&self) -> String {
        let names = match (self.same_name, self.same_words) {
            (true, _) => "both headers have the name; ",
            (false, true) => "the names say the same; ",
            (false, false) => "by the cells only; ",
        };
        format!("CHECK: {names}{} % of the lines' different cells are found there", self.overlap)
    }
}

impl Beside {
    /// Looks for the key of a file beside the lines.
    #[must_use]
    pub fn of(name: &str, role: Role, look: Look, lines: &Look, hints: &Hints) -> Self {
        let mut keys = Vec::new();
        for own in 0..look.header.len() {
            let fields = 0..lines.header.len();
            keys.extend(fields.filter_map(|field| weigh(role, (lines, field), (&look, own), hints)));
        }
        let key = keys.into_iter().max_by_key(|(weight, key)| (*weight, usize::MAX - key.lines, usize::MAX - key.own));
        let mut found = Self { name: name.to_owned(), role, look, key: key.map(|(_, key)| key) };
        if let Some(key) = found.key {
            found.look.suggestions.retain(|each| each.field != key.own);
        }
        found
    }

    /// Whether it can be joined as it was seen.
    #[must_use]
    pub fn joins(&self) -> bool {
        self.missing().is_none()
    }

    /// Why it cannot be joined as it was seen, if so.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        match self.key {
            _ if !self.look.seen.header => Some("its first line holds values, and a file beside the lines needs names"),
            _ if self.role == Role::Names => {
                Some("a file of names joins the diagnoses and not the lines; its [[companion]] is written by hand")
            }
            None => Some("no column has a name or cells that the lines have too"),
            Some(_) if self.role == Role::Diagnoses && !self.look.has(Column::Dx) => {
                Some("none of its columns looks like diagnoses")
            }
            Some(_) if self.look.suggestions.is_empty() => Some("nothing says what its columns hold"),
            Some(_) => None,
        }
    }

    /// Whether it can be joined and tells a column.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.joins() && self.look.has(column)
    }
}

/// What speaks for two fields as one key: cells that meet, then names, then how many different ones there are.
fn weigh(
    role: Role,
    (lines, field): (&Look, usize),
    (look, own): (&Look, usize),
    hints: &Hints,
) -> Option<((bool, u8, usize), Key)> {
    let (name, other) = (&lines.header[field], &look.header[own]);
    let named = lines.seen.header && look.seen.header;
    let same_name = named && comparable(name) == comparable(other);
    let words = hints.words(name);
    let same_words = named && !words.is_empty() && words == hints.words(other);
    let (cells, others) = (&lines.cells[field], &look.cells[own]);
    let overlap = cells.share_in(others);
    let meets = overlap >= OVERLAP;
    let key = Key { lines: field, own, same_name, same_words, overlap };
    let is_id = |look: &Look, field: usize| {
        let held = look.suggestions.iter().find(|each| each.field == field);
        let is_day = look.cells[field].share(Shape::Date) >= OVERLAP;
        !is_day
            && held.is_none_or(|each| {
                each.means == Means::Cells
                    || matches!(each.column, Column::OrderId | Column::ClaimId | Column::PatientId | Column::AuthNumber)
            })
    };
    // Days, products and diagnoses meet in any two files of one hospital.
    if !is_id(lines, field) || !is_id(look, own) {
        return None;
    }
    let enough = cells.distinct() >= DISTINCT && cells.distinct_share() >= 10;
    if !(same_name || same_words || (meets && enough)) || (overlap == 0 && cells.filled > 0 && others.filled > 0) {
        return None;
    }
    let names = 2 * u8::from(same_name) + u8::from(same_words);
    // One record a key is what a file of patients, claims or authorizations has; the finest key is what diagnoses have.
    let fine = if role == Role::Diagnoses { cells.distinct() } else { others.distinct_share() as usize };
    Some(((meets, names.min(2), fine), key))
}
