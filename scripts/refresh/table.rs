//! The tables of `rules/` as text: read with their lines, written sorted and quoted only where a cell needs it.

use std::io::Write as _;
use std::path::Path;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;

/// The rows of a table, each with its line. Columns that the row does not name are passed over.
///
/// # Errors
/// A sentence with the line that cannot be read.
pub fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<(u64, T)>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        // The error of the reader would print the cell; the line is enough to find it.
        let row = record.deserialize(Some(&columns)).map_err(|error| match error.kind() {
            csv::ErrorKind::Deserialize { err, .. } => format!("line {line}: {}", err.kind()),
            _ => format!("line {line} cannot be read"),
        })?;
        rows.push((line, row));
    }
    Ok(rows)
}

/// A table as text, in the order of its rows.
pub fn written<Cells>(header: &[&str], rows: impl IntoIterator<Item = Cells>) -> String
where
    Cells: IntoIterator<Item: AsRef<[u8]>>,
{
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail, and what the table holds is UTF-8.
    let mut result = writer.write_record(header);
    for cells in rows {
        result = result.and_then(|()| writer.write_record(cells));
    }
    debug_assert!(result.is_ok(), "rows of one table have one length");
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// An ISO date or an empty cell.
///
/// # Errors
/// What is accepted.
pub fn day(cell: &str) -> Result<Option<NaiveDate>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse().map(Some).map_err(|_| "accepted is a date YYYY-MM-DD or an empty cell".to_owned())
}

/// Reads a file of text.
///
/// # Errors
/// A sentence with the path.
pub fn text_of(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Puts a new text in the place of a file, whole or not at all.
///
/// # Errors
/// The error of the file system.
pub fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = path.with_extension("csv.new");
    let written = || {
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    };
    // What cannot be taken away again is harmless: no reader of rules looks at such a name.
    written().inspect_err(|_| std::fs::remove_file(&beside).unwrap_or_default())
}
