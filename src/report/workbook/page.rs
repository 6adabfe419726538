//! Short sheets: headings, sentences and tables below each other.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::sheet::{At, Value, put};
use super::style::Style;
use crate::report::{figure, words};
use crate::summary::{Measures, Summary};
use crate::table::decimal::{MONEY_PLACES, UNIT_PLACES};

/// A sheet in the making.
pub(super) struct Page<'book> {
    book: &'book mut Book,
    sheet: Worksheet,
    row: u32,
}

impl<'book> Page<'book> {
    /// A sheet whose columns have these widths.
    pub(super) fn new(book: &'book mut Book, name: &str, widths: &[f64]) -> Result<Self, XlsxError> {
        let mut sheet = book.sheet(name)?;
        for (column, width) in (0..).zip(widths) {
            sheet.set_column_width(column, *width)?;
        }
        Ok(Self { book, sheet, row: 0 })
    }

    pub(super) fn title(&mut self, text: &str) -> Result<(), XlsxError> {
        put(&mut self.sheet, At { row: self.row, column: 0 }, text.into(), Some(&self.book.styles.title))?;
        self.row += 1;
        Ok(())
    }

    /// Begins a part, after a gap.
    pub(super) fn section(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        put(&mut self.sheet, At { row: self.row, column: 0 }, text.into(), Some(&self.book.styles.section))?;
        self.row += 1;
        Ok(())
    }

    /// A sentence over the width of the sheet.
    pub(super) fn sentence(&mut self, text: &str) -> Result<(), XlsxError> {
        self.line([(Style::Text, text.into())])
    }

    /// The heads of a table.
    pub(super) fn heads<'it>(&mut self, heads: impl IntoIterator<Item = &'it str>) -> Result<(), XlsxError> {
        for (column, head) in (0..).zip(heads) {
            put(&mut self.sheet, At { row: self.row, column }, head.into(), Some(&self.book.styles.head))?;
        }
        self.row += 1;
        Ok(())
    }

    /// A line of a table.
    pub(super) fn line<'it>(&mut self, values: impl IntoIterator<Item = (Style, Value<'it>)>) -> Result<(), XlsxError> {
        for (column, (style, value)) in (0..).zip(values) {
            let is_cut = put(&mut self.sheet, At { row: self.row, column }, value, Some(self.book.styles.of(style)))?;
            self.book.cut += u64::from(is_cut);
        }
        self.row += 1;
        Ok(())
    }

    /// A word and what is said of it.
    pub(super) fn said(&mut self, what: &str, text: &str) -> Result<(), XlsxError> {
        self.line([text_of(what), text_of(text)])
    }

    pub(super) fn finish(self) -> Worksheet {
        self.sheet
    }
}

/// A text on one line.
pub(super) fn text_of<'it>(text: impl Into<Value<'it>>) -> (Style, Value<'it>) {
    (Style::Text, text.into())
}

/// A text of several sentences.
pub(super) fn wrapped<'it>(text: impl Into<Value<'it>>) -> (Style, Value<'it>) {
    (Style::Wrapped, text.into())
}

/// A number that is counted.
pub(super) fn count<'it>(number: u64) -> (Style, Value<'it>) {
    (Style::Count, number.into())
}

/// The heads over [`measures`].
pub(super) fn denominators(summary: &Summary) -> [&'static str; 4] {
    ["Patients", "Orders", "Grams", words::money(summary.money_column)]
}

/// Patients, orders, grams and money, exactly; what the export does not hold is said to be missing.
pub(super) fn measures<'it>(measures: &Measures) -> [(Style, Value<'it>); 4] {
    let amount = |style, minor: Option<i128>, places, missing: &'static str| match minor {
        Some(minor) => (style, Value::Decimal(minor, places)),
        None if measures.orders == 0 => (style, Value::Empty),
        None => (Style::Text, missing.into()),
    };
    let patients = match measures.patients {
        0 if measures.orders > 0 => (Style::Text, figure::MISSING.into()),
        patients => count(patients),
    };
    [
        patients,
        count(measures.orders),
        amount(Style::Grams, measures.grams, UNIT_PLACES, figure::MISSING),
        amount(Style::Money, measures.money, MONEY_PLACES, figure::NO_AMOUNT),
    ]
}
