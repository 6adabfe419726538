//! Cells of the record at hand as texts: trimmed, and `None` where they say nothing.

use std::borrow::Cow;

use super::{Decoder, FieldAt, add_notice};
use crate::codes::trim_cell;
use crate::intake::AmountForm;
use crate::intake::binding::Column;
use crate::order::{Notice, Order};
use crate::source::text_cell;

/// The fields of a record that is valid UTF-8, as places in one text that was looked at once.
#[derive(Debug, Clone, Copy)]
pub struct FieldTexts<'f> {
    text: &'f str,
    ends: &'f [usize],
    between: usize,
}

impl<'f> FieldTexts<'f> {
    /// Fields that end at these places of a text, with so many bytes between one and the next.
    #[must_use]
    pub fn new(text: &'f str, ends: &'f [usize], between: usize) -> Self {
        Self { text, ends, between }
    }

    /// The field at `index` (0-based), or `None` beyond the last.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> Option<&'f str> {
        let start = index.checked_sub(1).map_or(Some(0), |before| Some(self.ends.get(before)? + self.between))?;
        self.text.get(start..*self.ends.get(index)?)
    }
}

impl<'a> Decoder<'a> {
    pub(super) fn is_null(&self, column: Column, cell: &str) -> bool {
        self.binding.is_null(Some(column), trim_cell(cell))
    }

    /// A cell as trimmed text, `None` if it is absent, empty or says that there is no value. Of several fields the first
    /// that is filled; where the line has nothing, the companion's cell.
    pub(super) fn text<'t, 'f: 't>(&'t self, field: &impl FieldAt<'f>, column: Column) -> Option<Cow<'t, str>> {
        for at in self.places.fields(column) {
            if let Some(own) = self.filled_at(column, field, *at) {
                return Some(own);
            }
        }
        if self.joined.cells.is_empty() { None } else { self.companion(column) }
    }

    /// A cell of the line's companions.
    pub(super) fn companion(&self, column: Column) -> Option<Cow<'a, str>> {
        self.filled(column, self.joined.cell(column)?)
    }

    /// A field as text, what is no UTF-8 in it read as Windows-1252.
    #[inline]
    pub(super) fn cell<'t, 'f: 't>(&'t self, field: &impl FieldAt<'f>, at: usize) -> Cow<'t, str> {
        // Whoever gives the fields may note which of them are asked for.
        let cell = field(at);
        match self.texts.and_then(|texts| texts.get(at)) {
            Some(text) => Cow::Borrowed(text),
            None => text_cell(cell),
        }
    }

    /// A field as trimmed text, what is no UTF-8 read as Windows-1252; `None` if it says nothing.
    #[inline]
    pub(super) fn filled_at<'t, 'f: 't>(
        &'t self,
        column: Column,
        field: &impl FieldAt<'f>,
        at: usize,
    ) -> Option<Cow<'t, str>> {
        match self.cell(field, at) {
            Cow::Borrowed("") => None,
            Cow::Borrowed(text) => {
                let trimmed = trim_cell(text);
                (!self.binding.is_null(Some(column), trimmed)).then_some(Cow::Borrowed(trimmed))
            }
            read_otherwise @ Cow::Owned(_) => self.said(column, read_otherwise),
        }
    }

    /// The same of a cell that is no field of the record.
    pub(super) fn filled<'c>(&self, column: Column, cell: &'c [u8]) -> Option<Cow<'c, str>> {
        self.said(column, text_cell(cell))
    }

    pub(super) fn said<'c>(&self, column: Column, cell: Cow<'c, str>) -> Option<Cow<'c, str>> {
        let trimmed = match cell {
            Cow::Borrowed("") => return None,
            Cow::Borrowed(text) => Cow::Borrowed(trim_cell(text)),
            Cow::Owned(text) => Cow::Owned(trim_cell(&text).to_owned()),
        };
        (!self.binding.is_null(Some(column), &trimmed)).then_some(trimmed)
    }

    /// The cells of a column that may have several fields, joined; only the first that is filled where the layout says so.
    pub(super) fn joined_text<'f>(&self, field: &impl FieldAt<'f>, column: Column, between: &str) -> Option<String> {
        let one = || self.text(field, column).map(Cow::into_owned);
        let [first, others @ ..] = self.places.fields(column) else { return one() };
        if others.is_empty() || self.places.is_first_filled(column) {
            return one();
        }
        let cells = std::iter::once(first).chain(others).filter_map(|at| self.filled_at(column, field, *at));
        let cells: Vec<Cow<'_, str>> = cells.collect();
        if cells.is_empty() { one() } else { Some(cells.join(between)) }
    }

    pub(super) fn number<'f>(
        &self,
        field: &impl FieldAt<'f>,
        column: Column,
        (form, scale): (AmountForm, u32),
        unreadable: Notice,
        order: &mut Order,
    ) -> Option<i64> {
        if let Some(first) = self.places.fields(column).first()
            && !self.binding.has_nulls(column)
            && let Some(value) = form.read_plain(field(*first), scale)
        {
            return Some(value);
        }
        let cell = self.text(field, column)?;
        let value = form.read(&cell, scale);
        if value.is_none() {
            add_notice(order, unreadable);
        }
        value
    }
}
