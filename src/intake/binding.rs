//! Binding: which field of a record holds which column, decided once from the header.

mod column;
mod deciding;
mod lines;
mod names;
mod places;

use std::collections::BTreeMap;

pub(super) use column::ALL;
pub use column::Column;
pub use deciding::DecidingFields;
pub(super) use lines::PRODUCT;
pub use lines::Slot;
pub(super) use names::{comparable, expanded, range};
pub use places::Places;
pub(super) use places::compared;

use super::Role;
use super::layout::{Companion, Layout, Requirement};
use crate::codes::{is_null_token, trim_cell};

/// A layout, or one of its companions, tied to one header.
#[derive(Debug, Clone, Default)]
pub struct Binding {
    places: Places,
    slots: Vec<Slot>,
    conditions: Vec<lines::Condition>,
    keys: BTreeMap<String, usize>,
    /// Further spellings of "nothing", by column; the last are those of all columns.
    nulls: Vec<Vec<String>>,
    /// Header names as written, by field index.
    pub header: Vec<String>,
    /// Fields that no column of the layout reads.
    pub unmapped: Vec<usize>,
}

impl Binding {
    /// The field that holds a column; the first of several.
    #[must_use]
    pub fn field(&self, column: Column) -> Option<usize> {
        self.fields(column).first().copied()
    }

    /// All fields that hold a column, in the order of the layout.
    #[must_use]
    pub fn fields(&self, column: Column) -> &[usize] {
        self.places.fields(column)
    }

    /// The columns of the record itself.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The lines that one record may hold; empty where a record is a line.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The field of a key that is no column.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<usize> {
        self.keys.get(name).copied()
    }

    /// Whether a column is bound, for the record or for a slot.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        !self.fields(column).is_empty() || self.slots.iter().any(|slot| !slot.places.fields(column).is_empty())
    }

    /// Whether the record is one that the layout reads: all its conditions hold.
    pub fn is_line<'f>(&self, field: &impl Fn(usize) -> &'f [u8]) -> bool {
        self.conditions.iter().all(|condition| condition.holds(field(condition.field)))
    }

    /// Whether the layout has spellings of "nothing" of its own that hold for a column.
    pub(super) fn has_nulls(&self, column: Column) -> bool {
        let own = |at: usize| self.nulls.get(at).is_some_and(|words| !words.is_empty());
        own(column as usize) || own(ALL.len())
    }

    /// Whether a trimmed cell says that there is no value.
    pub(super) fn is_null(&self, column: Option<Column>, trimmed: &str) -> bool {
        if is_null_token(trimmed) {
            return true;
        }
        if self.nulls.is_empty() {
            return false;
        }
        let among = |at: usize| {
            self.nulls.get(at).is_some_and(|words| words.iter().any(|word| word.eq_ignore_ascii_case(trimmed)))
        };
        among(ALL.len()) || column.is_some_and(|column| among(column as usize))
    }

    /// Whether a cell is empty or says that there is no value.
    #[must_use]
    pub fn is_empty_cell(&self, column: Option<Column>, cell: &[u8]) -> bool {
        self.is_null(column, trim_cell(&String::from_utf8_lossy(cell)))
    }

    /// Whether a record repeats the header: as it is written, or in other case, with spaces, a byte-order mark or an
    /// empty field at its end, as joined files have it.
    pub fn is_header<'f>(&self, mut fields: impl Iterator<Item = &'f [u8]>) -> bool {
        let same = |field: &[u8], name: &String| {
            std::str::from_utf8(field).is_ok_and(|field| comparable(field) == comparable(name))
        };
        let mut names = self.header.iter();
        // Nearly every record is told from the header by its first letters, without building a string.
        let begins = names.next().zip(fields.next()).is_some_and(|(name, field)| {
            names::first_letters(field) == names::first_letters(name.as_bytes()) && same(field, name)
        });
        begins && names.all(|name| fields.next().is_some_and(|field| same(field, name))) && fields.all(<[u8]>::is_empty)
    }

    /// Columns that are bound, with the header names of their fields, those of all slots together.
    pub fn mapped(&self) -> impl Iterator<Item = (Column, Vec<&str>)> {
        ALL.iter().filter_map(|column| {
            let mut fields = self.fields(*column).to_vec();
            for at in self.slots.iter().flat_map(|slot| slot.places.fields(*column)) {
                if !fields.contains(at) {
                    fields.push(*at);
                }
            }
            let names: Vec<&str> = fields.iter().map(|field| self.header[*field].as_str()).collect();
            (!names.is_empty()).then_some((*column, names))
        })
    }

    /// Finds the fields that nothing reads, once all is bound.
    fn with_unmapped(mut self) -> Self {
        let mut read = vec![false; self.header.len()];
        let slots = self.slots.iter().flat_map(|slot| slot.places.all());
        let of_slots = self.slots.iter().flat_map(|slot| &slot.conditions);
        let conditions = self.conditions.iter().chain(of_slots).map(|condition| condition.field);
        for at in self.places.all().chain(slots).chain(conditions).chain(self.keys.values().copied()) {
            read[at] = true;
        }
        self.unmapped = (0..read.len()).filter(|at| !read[*at]).collect();
        self
    }
}

/// The field of each key, of its names the first that the header has.
fn keys(names: &[String], keys: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, usize> {
    let place = |own: &[String]| own.iter().find_map(|name| places::place(names, name));
    keys.iter().filter_map(|(key, own)| Some((key.clone(), place(own)?))).collect()
}

impl Layout {
    /// Ties the layout to a header. Says nothing of what is missing; see [`Layout::missing_beside`].
    #[must_use]
    pub fn bind(&self, header: &[String]) -> Binding {
        let names = compared(header);
        let places = Places::bind(&names, &self.columns);
        Binding {
            slots: Slot::bind(&names, self, &places),
            conditions: lines::Condition::bind(&names, &self.conditions),
            keys: keys(&names, &self.keys),
            nulls: self.nulls_by_column(),
            header: header.to_vec(),
            unmapped: Vec::new(),
            places,
        }
        .with_unmapped()
    }

    /// Ties one of the layout's companions to the header of its file.
    #[must_use]
    pub fn bind_companion(&self, companion: &Companion, header: &[String]) -> Binding {
        let names = compared(header);
        Binding {
            places: Places::bind(&names, &companion.columns),
            conditions: lines::Condition::bind(&names, &companion.conditions),
            keys: keys(&names, &companion.keys),
            nulls: self.nulls_by_column(),
            header: header.to_vec(),
            ..Binding::default()
        }
        .with_unmapped()
    }

    fn nulls_by_column(&self) -> Vec<Vec<String>> {
        if self.nulls.is_empty() {
            return Vec::new();
        }
        let of = |word: &str| self.nulls.get(word).cloned().unwrap_or_default();
        ALL.iter().map(|column| of(column.as_str())).chain([of("any")]).collect()
    }

    /// The requirements that a binding of the lines does not meet, with files of the roles `given` beside it: what a
    /// companion holds is looked for there, but for the product, by which lines are told before anything is joined.
    #[must_use]
    pub fn missing_beside(&self, binding: &Binding, given: &[Role]) -> Vec<&Requirement> {
        let in_companion = |column: &Column| {
            if column.is_product() {
                return false;
            }
            let mut read = self.companions.iter().filter(|each| each.again || given.contains(&each.role));
            read.any(|companion| companion.columns.contains_key(column))
        };
        let met = |column: &Column| binding.has(*column) || in_companion(column);
        self.requires.iter().filter(|requirement| !requirement.any_of.iter().any(met)).collect()
    }

    /// The header names that the layout accepts for a column, in its slots too.
    #[must_use]
    pub fn accepted(&self, column: Column) -> Vec<String> {
        let of_slots = self.slots.iter().map(|slots| &slots.columns);
        let names = std::iter::once(&self.columns).chain(of_slots).filter_map(|columns| columns.get(&column));
        names.flat_map(|names| names.accepted().to_vec()).collect()
    }
}
