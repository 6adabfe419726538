//! A CSV of the rules directory, cell by cell: lints look at what is written, whatever the program makes of it.

use crate::rules::files::RuleFiles;

/// A CSV file.
pub(super) struct Sheet<'a> {
    pub path: &'a str,
    pub columns: Vec<String>,
    /// The cells of each row, with its line.
    pub rows: Vec<(usize, Vec<String>)>,
}

impl<'a> Sheet<'a> {
    /// Reads a CSV; rows that do not read are left out, for loading has told them.
    pub fn read(path: &'a str, text: &str) -> Self {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<String>>();
        let columns = reader.headers().map(cells).unwrap_or_default();
        let line = |record: &csv::StringRecord| record.position().map_or(0, |at| at.line() as usize);
        let rows = reader.records().flatten().map(|record| (line(&record), cells(&record))).collect();
        Self { path, columns, rows }
    }

    /// Every CSV file of a rules directory, in path order.
    pub fn all(files: &'a RuleFiles) -> Vec<Self> {
        files.all().filter(|(path, _)| path.ends_with(".csv")).map(|(path, text)| Self::read(path, text)).collect()
    }

    /// The folder that the file stands in.
    pub fn folder(&self) -> &'a str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The file's name without its ending.
    pub fn stem(&self) -> &'a str {
        let name = self.path.rsplit('/').next().unwrap_or(self.path);
        name.strip_suffix(".csv").unwrap_or(name)
    }

    /// The cell of a row below a column; empty if there is none.
    pub fn cell<'r>(&self, row: &'r [String], column: &str) -> &'r str {
        let at = self.columns.iter().position(|name| name == column);
        at.and_then(|at| row.get(at)).map(String::as_str).unwrap_or_default()
    }
}
