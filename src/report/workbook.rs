//! `findings.xlsx`: the workbook in which reviewers work.
//!
//! It is for those who hold the records: nothing is withheld and it names orders, patients and prescribers. Each finding
//! is one row of the worklist, with empty columns for what a person decides. Text from an export is only ever written as
//! text, in [`sheet`]: no cell holds a formula or a link, and none becomes one when it is edited, since text columns are
//! marked as text (the quote prefix). What was once saved from it as CSV has lost that mark; `findings.csv` is disarmed.
//!
//! A sheet is written row by row into a file of its own until the workbook is put together, so memory does not follow
//! the number of findings. There is no clock: the date of creation that the format asks for is always the same.

mod list;
mod method;
mod open;
mod overview;
mod page;
mod patterns;
mod prescribers;
mod quality;
mod rejected;
mod rows;
mod sheet;
mod style;
mod worklist;

use std::io::{Read, Write};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use self::list::Listed;
use self::style::Styles;
use super::facts::{Editions, Results};
use crate::summary::worklist::Worklist;
use crate::table::parquet::TableError;

/// From this many findings on, a sheet may outgrow the four gigabytes of a plain zip archive.
const MANY: u64 = 400_000;

/// What the workbook is made from, beside the results.
pub struct Contents<'run, R: Read> {
    /// The findings.
    pub worklist: &'run Worklist,
    /// The text of `rejected.csv`; `None` where it is not known which records were rejected.
    pub rejected: Option<R>,
    /// Where sheets are kept until they are put together; nothing stays there.
    pub folder: &'run Path,
    /// Rows of a sheet.
    pub limits: Limits,
}

/// How much one sheet holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows of a sheet with its header; a longer list goes on in another sheet.
    pub rows: u32,
}

impl Default for Limits {
    /// What spreadsheets read.
    fn default() -> Self {
        Self { rows: 1_048_576 }
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows of the worklist.
    pub findings: u64,
    /// Rows of the list of rejected records.
    pub rejected: u64,
    /// Texts that were longer than a cell.
    pub cut: u64,
}

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// The table could not be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The list of rejected records could not be read.
    #[error("the list of rejected records could not be read: {0}")]
    Rejected(#[from] csv::Error),
    /// The workbook could not be written.
    #[error("{0}")]
    Workbook(#[from] XlsxError),
}

impl WorkbookError {
    /// The system's error, if it was the system that would not write.
    ///
    /// # Errors
    /// The error itself, if it was something else.
    pub fn into_io(self) -> Result<std::io::Error, Self> {
        match self {
            Self::Workbook(XlsxError::IoError(error) | XlsxError::TempFileError(_, error)) => Ok(error),
            Self::Workbook(error @ XlsxError::ZipError(_)) => Ok(std::io::Error::other(error.to_string())),
            other => Err(other),
        }
    }
}

/// Writes the workbook of a run.
///
/// # Errors
/// [`WorkbookError`] if something cannot be read or written. The writer of sheets panics where its folder is full; who
/// calls this runs it in a thread of its own, and says so.
pub fn write<R: Read>(
    results: &Results<'_>,
    contents: Contents<'_, R>,
    out: impl Write + Send,
) -> Result<Written, WorkbookError> {
    let worklist = contents.worklist;
    Begun::of(results.editions, contents)?.finish(results, worklist, out)
}

/// A workbook whose long lists are written. They are made from the table alone, so they need not wait for the summary,
/// and they take longest.
pub struct Begun {
    book: Book,
    worklist: Listed,
    rejected: Option<Listed>,
}

impl Begun {
    /// Writes the worklist and the list of rejected records.
    ///
    /// # Errors
    /// As [`write()`].
    pub fn of<R: Read>(editions: &Editions, contents: Contents<'_, R>) -> Result<Self, WorkbookError> {
        let mut book = Book::new(contents.folder, contents.limits)?;
        // Sheets are made in the order in which their styles are numbered, and put together in another.
        let worklist = worklist::write(&mut book, editions, contents.worklist)?;
        let rejected = contents.rejected.map(|rejected| rejected::write(&mut book, rejected)).transpose()?;
        Ok(Self { book, worklist, rejected })
    }

    /// Writes the other sheets, and puts all of them together.
    ///
    /// # Errors
    /// As [`write()`].
    pub fn finish(
        self,
        results: &Results<'_>,
        findings: &Worklist,
        out: impl Write + Send,
    ) -> Result<Written, WorkbookError> {
        let Self { mut book, worklist, rejected } = self;
        let overview = overview::page(&mut book, results, findings)?;
        let rows = rows::page(&mut book, results)?;
        let prescribers = prescribers::page(&mut book, results)?;
        let patterns = patterns::page(&mut book, results)?;
        let open = open::page(&mut book, results)?;
        let quality = quality::page(&mut book, results)?;
        let method = method::page(&mut book, results)?;
        let rejections = rejected.as_ref().map_or(0, |list| list.rows);
        let mut sheets = vec![overview];
        sheets.extend(worklist.sheets);
        sheets.extend(vec![rows, prescribers, patterns, open, quality]);
        sheets.extend(rejected.into_iter().flat_map(|list| list.sheets));
        sheets.push(method);
        let written = Written { findings: worklist.rows, rejected: rejections, cut: book.cut };
        book.save(sheets, findings.findings() > MANY, results, out)?;
        Ok(written)
    }
}

/// A workbook in the making.
struct Book {
    workbook: Workbook,
    styles: Styles,
    limits: Limits,
    /// Texts that were cut.
    cut: u64,
}

impl Book {
    fn new(folder: &Path, limits: Limits) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        // As little as helps: a sheet is ten times smaller then, and the rest would cost more time than all else here.
        workbook.set_zip_compression_level(1);
        Ok(Self { workbook, styles: Styles::new(), limits, cut: 0 })
    }

    /// A new sheet. It is part of the workbook once it is saved with it.
    fn sheet(&mut self, name: &str) -> Result<Worksheet, XlsxError> {
        let mut sheet = self.workbook.new_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        Ok(sheet)
    }

    fn save(
        mut self,
        sheets: Vec<Worksheet>,
        is_large: bool,
        results: &Results<'_>,
        out: impl Write + Send,
    ) -> Result<(), XlsxError> {
        for mut sheet in sheets {
            sheet.set_footer(format!("&L{}&RPage &P of &N", &results.content_digest.get(..8).unwrap_or_default()));
            self.workbook.push_worksheet(sheet);
        }
        let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
        let properties = DocProperties::new()
            .set_title("Findings for review")
            .set_comment(format!("{} {}, {}", results.program.name, results.program.version, results.content_digest))
            .set_creation_datetime(&created);
        self.workbook.set_properties(&properties).use_zip_large_file(is_large);
        self.workbook.save_to_writer(out)
    }
}
