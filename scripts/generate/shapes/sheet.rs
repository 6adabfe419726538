//! One file in the making: cells by place or in order, written with the family's delimiter, quotes and line ends.

use std::collections::HashMap;
use std::fmt::{Display, Write as _};
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// How a family writes its files.
#[derive(Clone, Copy)]
pub struct Form {
    /// What parts cells.
    pub delimiter: u8,
    /// What ends a record.
    pub end: &'static str,
    /// Whether the header's names stand in quotes.
    pub quoted_header: bool,
    /// Whether cells that hold a delimiter stand in quotes; if not, no cell may hold one.
    pub quotes: bool,
}

/// A file in the making.
pub struct Sheet {
    file: BufWriter<File>,
    form: Form,
    places: HashMap<String, usize>,
    cells: Vec<String>,
    next: usize,
    /// Records after the header.
    pub rows: u64,
}

impl Sheet {
    /// Opens the file and writes its header.
    ///
    /// # Errors
    /// What the file says.
    pub fn create(dir: &Path, name: &str, form: Form, names: Vec<String>) -> io::Result<Self> {
        let mut file = BufWriter::with_capacity(1 << 18, File::create(dir.join(name))?);
        let quote = if form.quoted_header { "\"" } else { "" };
        let header: Vec<String> = names.iter().map(|name| format!("{quote}{name}{quote}")).collect();
        write!(file, "{}{}", header.join(&char::from(form.delimiter).to_string()), form.end)?;
        let cells = vec![String::new(); names.len()];
        let places = names.into_iter().zip(0..).collect();
        Ok(Self { file, form, places, cells, next: 0, rows: 0 })
    }

    /// The place of a column.
    ///
    /// # Panics
    /// If there is none: the names stand beside the call.
    pub fn at(&self, name: &str) -> usize {
        *self.places.get(name).unwrap_or_else(|| panic!("no column {name}"))
    }

    /// Fills the cell at a place.
    pub fn set(&mut self, at: usize, value: impl Display) {
        self.cells[at].clear();
        // Writing to memory does not fail.
        let _ = write!(self.cells[at], "{value}");
    }

    /// Fills the next cell.
    pub fn push(&mut self, value: impl Display) -> &mut Self {
        self.set(self.next, value);
        self.next += 1;
        self
    }

    /// The record that was filled, as bytes; the cells are empty again.
    pub fn take(&mut self, fewer: usize) -> Vec<u8> {
        let mut row = Vec::with_capacity(256);
        let shown = self.cells.len() - fewer;
        for (at, cell) in self.cells.iter_mut().enumerate() {
            if at < shown {
                if at > 0 {
                    row.push(self.form.delimiter);
                }
                if self.form.quotes && cell.bytes().any(|byte| byte == self.form.delimiter || byte == b'"') {
                    row.push(b'"');
                    row.extend(cell.bytes().flat_map(|byte| std::iter::repeat_n(byte, 1 + usize::from(byte == b'"'))));
                    row.push(b'"');
                } else {
                    row.extend_from_slice(cell.as_bytes());
                }
            }
            cell.clear();
        }
        row.extend_from_slice(self.form.end.as_bytes());
        self.next = 0;
        row
    }

    /// Writes a record and gives its number.
    ///
    /// # Errors
    /// What the file says.
    pub fn put(&mut self, row: &[u8]) -> io::Result<u64> {
        self.file.write_all(row)?;
        self.rows += 1;
        Ok(self.rows)
    }

    /// Writes the record that was filled and gives its number.
    ///
    /// # Errors
    /// What the file says.
    pub fn end(&mut self) -> io::Result<u64> {
        let row = self.take(0);
        self.put(&row)
    }

    /// Writes what is still in memory.
    ///
    /// # Errors
    /// What the file says.
    pub fn finish(mut self) -> io::Result<u64> {
        self.file.flush()?;
        Ok(self.rows)
    }
}

/// Column names: words, and runs such as `HCPCS_CD_{1..13}`.
pub fn names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    for name in list.split_whitespace() {
        let run = name.split_once('{').and_then(|(stem, rest)| {
            let (run, end) = rest.split_once('}')?;
            let (first, last) = run.split_once("..")?;
            Some((stem, end, first.parse::<u32>().ok()?, last.parse::<u32>().ok()?))
        });
        match run {
            Some((stem, end, first, last)) => {
                names.extend((first..=last).map(|number| format!("{stem}{number}{end}")));
            }
            None => names.push(name.to_owned()),
        }
    }
    names
}
