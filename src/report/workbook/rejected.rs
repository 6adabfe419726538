//! The records that could not be read, as `rejected.csv` lists them.

use std::io::Read;

use csv::StringRecord;

use super::list::{Column, List, Listed};
use super::sheet::Value;
use super::style::Style;
use super::{Book, WorkbookError};
use crate::report::words;

const COLUMNS: [(&str, f64, Style); 7] = [
    ("File", 40.0, Style::Text),
    ("Record", 12.0, Style::Number),
    ("Line", 12.0, Style::Number),
    ("Byte offset", 14.0, Style::Number),
    ("Reason", 26.0, Style::Text),
    ("Column", 20.0, Style::Text),
    ("In words", 70.0, Style::Text),
];

/// Copies the list. It holds no value of a record.
pub(super) fn write(book: &mut Book, rejected: impl Read) -> Result<Listed, WorkbookError> {
    let columns = COLUMNS.map(|(head, width, style)| Column::new(head, width, style)).into();
    let mut list = List::new(book, "Rejected", columns, 2, None)?;
    let mut reader = csv::Reader::from_reader(rejected);
    let mut record = StringRecord::new();
    while reader.read_record(&mut record)? {
        let words = words::rejection(record.get(4).unwrap_or_default()).0;
        let cells = record.iter().zip(COLUMNS).map(|(text, (.., style))| cell(text, style));
        list.row(book, cells.chain([words.into()]))?;
    }
    Ok(list.finish()?)
}

fn cell(text: &str, style: Style) -> Value<'_> {
    match text.parse() {
        Ok(number) if style == Style::Number => Value::Count(number),
        _ => text.into(),
    }
}
