//! The fields on which it rests whether a record is in scope, for screening that looks before it splits.

use super::lines::{PRODUCT, Slot};
use super::{Binding, Column, Places, comparable};

/// The fields that tell most lines out of scope, with repeats and in an order that like lines share.
///
/// They are a guess of what will be asked, not a promise: who relies on them holds what was asked against them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidingFields {
    /// The product code; this and what says whether a slot is looked at; these and what is asked where the code does not
    /// decide alone, which is how the product is given, its NDC and its name.
    pub by_depth: [Vec<usize>; 3],
    /// The first line, by its place among the lines, that is decided like this one where its cells are the same.
    pub like: usize,
}

/// What is asked of a product where its code does not decide.
const EVIDENCE: [Column; 4] = [Column::Route, Column::Modifier, Column::Ndc, Column::ProductName];

impl DecidingFields {
    fn of(places: &Places, conditions: impl Iterator<Item = usize>, like: usize) -> Self {
        let code = places.fields(Column::ProductCode).to_vec();
        let looked_at: Vec<usize> = code.iter().copied().chain(conditions).collect();
        let others = EVIDENCE.iter().flat_map(|column| places.fields(*column));
        let evidence = looked_at.iter().chain(others).copied().collect();
        Self { by_depth: [code, looked_at, evidence], like }
    }
}

impl Slot {
    fn deciding(&self, like: usize) -> DecidingFields {
        DecidingFields::of(&self.places, self.conditions.iter().map(|condition| condition.field), like)
    }

    /// Whether two slots read their products alike: by the same rules, from as many cells of each column in one order.
    fn reads_like(&self, other: &Self) -> bool {
        let same = |column: &Column| {
            self.places.fields(*column).len() == other.places.fields(*column).len()
                && self.places.is_first_filled(*column) == other.places.is_first_filled(*column)
        };
        self.group == other.group
            && self.systems == other.systems
            && self.product_columns() == other.product_columns()
            && PRODUCT.iter().chain(&EVIDENCE).all(same)
    }
}

impl Binding {
    /// The fields of the conditions that a record must meet to be a line.
    pub fn condition_fields(&self) -> impl Iterator<Item = usize> {
        self.conditions.iter().map(|condition| condition.field)
    }

    /// The deciding fields of the line, or of each slot.
    #[must_use]
    pub fn deciding_fields(&self) -> Vec<DecidingFields> {
        if self.slots.is_empty() {
            return vec![DecidingFields::of(&self.places, std::iter::empty(), 0)];
        }
        let like = |slot: &Slot, at: usize| self.slots.iter().position(|other| other.reads_like(slot)).unwrap_or(at);
        self.slots.iter().enumerate().map(|(at, slot)| slot.deciding(like(slot, at))).collect()
    }

    /// Whether a field of a repeated header may hold this. A record with a cell of which this is false is no header.
    #[must_use]
    pub fn may_be_header_cell(&self, at: usize, cell: &[u8]) -> bool {
        let same = |name: &String| std::str::from_utf8(cell).is_ok_and(|cell| comparable(cell) == comparable(name));
        self.header.get(at).is_none_or(same)
    }
}
