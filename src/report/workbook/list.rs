//! Long lists: a header that stays, filters, and another sheet where one is full.

use rust_xlsxwriter::{DataValidation, Worksheet, XlsxError};

use super::Book;
use super::sheet::{At, Value, put};
use super::style::Style;

/// A column of a list.
pub(super) struct Column {
    pub(super) head: String,
    /// In characters.
    pub(super) width: f64,
    pub(super) style: Style,
    /// What may be written into it.
    pub(super) choice: Option<DataValidation>,
}

impl Column {
    pub(super) fn new(head: impl Into<String>, width: f64, style: Style) -> Self {
        Self { head: head.into(), width, style, choice: None }
    }
}

/// A list in the making.
pub(super) struct List {
    name: &'static str,
    columns: Vec<Column>,
    /// Columns that stay when others are scrolled.
    fixed: u16,
    /// Height of its rows in pixels, where texts have several lines.
    height: Option<u32>,
    full: Vec<Worksheet>,
    sheet: Worksheet,
    /// The next row of the sheet.
    row: u32,
    rows: u64,
}

/// A list that is written.
pub(super) struct Listed {
    pub(super) sheets: Vec<Worksheet>,
    /// Its rows, without headers.
    pub(super) rows: u64,
}

impl List {
    pub(super) fn new(
        book: &mut Book,
        name: &'static str,
        columns: Vec<Column>,
        fixed: u16,
        height: Option<u32>,
    ) -> Result<Self, XlsxError> {
        let sheet = begun(book, name, &columns, fixed, height)?;
        Ok(Self { name, columns, fixed, height, full: Vec::new(), sheet, row: 1, rows: 0 })
    }

    /// Writes a row, on another sheet if this one is full.
    pub(super) fn row<'it>(
        &mut self,
        book: &mut Book,
        values: impl Iterator<Item = Value<'it>>,
    ) -> Result<(), XlsxError> {
        if self.row >= book.limits.rows.max(2) {
            let name = format!("{} {}", self.name, self.full.len() + 2);
            let next = begun(book, &name, &self.columns, self.fixed, self.height)?;
            let full = std::mem::replace(&mut self.sheet, next);
            self.full.push(ended(full, &self.columns, self.row)?);
            self.row = 1;
        }
        for (column, value) in (0..).zip(values) {
            let is_cut = put(&mut self.sheet, At { row: self.row, column }, value, None)?;
            book.cut += u64::from(is_cut);
        }
        self.row += 1;
        self.rows += 1;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Listed, XlsxError> {
        let Self { columns, mut full, sheet, row, rows, .. } = self;
        full.push(ended(sheet, &columns, row)?);
        Ok(Listed { sheets: full, rows })
    }
}

/// A sheet with its header, which stays in sight.
fn begun(
    book: &mut Book,
    name: &str,
    columns: &[Column],
    fixed: u16,
    height: Option<u32>,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = book.sheet(name)?;
    if let Some(height) = height {
        sheet.set_default_row_height_pixels(height);
    }
    sheet.set_freeze_panes(1, fixed)?;
    sheet.set_repeat_rows(0, 0)?;
    for (at, column) in (0..).zip(columns) {
        sheet.set_column_width(at, column.width)?;
        sheet.set_column_format(at, book.styles.of(column.style))?;
        put(&mut sheet, At { row: 0, column: at }, column.head.as_str().into(), Some(&book.styles.head))?;
    }
    Ok(sheet)
}

/// A sheet with what can only be said once its last row is known.
fn ended(mut sheet: Worksheet, columns: &[Column], next: u32) -> Result<Worksheet, XlsxError> {
    let last = next.saturating_sub(1).max(1);
    sheet.autofilter(0, 0, last, columns.len().saturating_sub(1) as u16)?;
    for (at, column) in (0..).zip(columns) {
        if let Some(choice) = &column.choice {
            sheet.add_data_validation(1, at, last, at, choice)?;
        }
    }
    Ok(sheet)
}
