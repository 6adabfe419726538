//! `findings.csv` and `rejected.csv`.
//!
//! A spreadsheet runs a cell that begins like a formula. Text cells of that
//! kind get a leading `'`; numbers and dates are written by us alone and stay
//! plain. The Parquet file holds the raw values.

use std::io::Write;

use csv::Writer;

use crate::table::Row;
use crate::table::decimal::plain;
use crate::table::schema::{COLUMNS, Cell, Kind};

/// Separates the items of a list cell.
const LIST_SEPARATOR: &str = "|";

/// Characters that make a spreadsheet read a cell as a formula, with their
/// full-width forms.
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Writes findings by waves.
pub struct FindingsWriter<W: Write> {
    csv: Writer<W>,
    findings: u64,
}

impl<W: Write> FindingsWriter<W> {
    /// Starts the file with its header.
    ///
    /// # Errors
    /// If the header cannot be written.
    pub fn new(writer: W) -> Result<Self, csv::Error> {
        let mut csv = Writer::from_writer(writer);
        csv.write_record(COLUMNS.iter().map(|column| column.name))?;
        Ok(Self { csv, findings: 0 })
    }

    /// Writes the findings among these rows; clear orders are passed over.
    ///
    /// # Errors
    /// If a row cannot be written.
    pub fn push(&mut self, rows: &[Row]) -> Result<(), csv::Error> {
        for row in rows.iter().filter(|row| row.is_finding()) {
            for column in COLUMNS {
                self.csv.write_field(cell_text((column.cell)(row), column.kind))?;
            }
            self.csv.write_record(None::<&[u8]>)?;
            self.findings += 1;
        }
        Ok(())
    }

    /// Flushes, and returns the number of findings written.
    ///
    /// # Errors
    /// If the rest cannot be written.
    pub fn finish(mut self) -> Result<u64, csv::Error> {
        self.csv.flush()?;
        Ok(self.findings)
    }
}

/// Where a record was rejected and why. Holds no value of the record.
#[derive(Debug, Clone, Copy)]
pub struct Rejected<'run> {
    /// The file name as given.
    pub file: &'run str,
    /// 1-based record number.
    pub record: u64,
    /// 1-based physical line on which it begins.
    pub line: u64,
    /// Offset of its first byte.
    pub offset: u64,
    /// The reason's code.
    pub reason: &'run str,
    /// The column concerned, if one is.
    pub column: Option<&'run str>,
}

/// Writes rejected records by waves.
pub struct RejectedWriter<W: Write> {
    csv: Writer<W>,
    rejected: u64,
}

impl<W: Write> RejectedWriter<W> {
    /// Starts the file with its header.
    ///
    /// # Errors
    /// If the header cannot be written.
    pub fn new(writer: W) -> Result<Self, csv::Error> {
        let mut csv = Writer::from_writer(writer);
        csv.write_record(["file", "record", "line", "offset", "reason", "column"])?;
        Ok(Self { csv, rejected: 0 })
    }

    /// Writes one rejection.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn push(&mut self, rejected: &Rejected<'_>) -> Result<(), csv::Error> {
        self.rejected += 1;
        self.csv.write_record([
            safe(rejected.file.to_owned()),
            rejected.record.to_string(),
            rejected.line.to_string(),
            rejected.offset.to_string(),
            safe(rejected.reason.to_owned()),
            safe(rejected.column.unwrap_or_default().to_owned()),
        ])
    }

    /// Flushes, and returns the number of rejections written.
    ///
    /// # Errors
    /// If the rest cannot be written.
    pub fn finish(mut self) -> Result<u64, csv::Error> {
        self.csv.flush()?;
        Ok(self.rejected)
    }
}

fn cell_text(cell: Cell<'_>, kind: Kind) -> String {
    let places = if let Kind::Decimal { places } = kind { places } else { 0 };
    match cell {
        Cell::Text(text) => safe(text.unwrap_or_default().to_owned()),
        Cell::TextList(items) => safe(items.join(LIST_SEPARATOR)),
        Cell::Count(number) => number.to_string(),
        Cell::Number(number) => number.map(|number| number.to_string()).unwrap_or_default(),
        Cell::Whole(number) => number.map(|number| number.to_string()).unwrap_or_default(),
        Cell::Date(date) => date.map(|date| date.format("%Y-%m-%d").to_string()).unwrap_or_default(),
        Cell::Decimal(minor) => minor.map(|minor| plain(minor.into(), places)).unwrap_or_default(),
    }
}

/// A text that no spreadsheet reads as a formula.
fn safe(text: String) -> String {
    if text.starts_with(FORMULA_STARTS) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn written(rows: &[Row]) -> Result<Vec<Vec<String>>, csv::Error> {
        let mut bytes = Vec::new();
        let mut writer = FindingsWriter::new(&mut bytes)?;
        writer.push(rows)?;
        writer.finish()?;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        reader.records().map(|record| record.map(|record| record.iter().map(str::to_owned).collect())).collect()
    }

    fn finding() -> Row {
        Row { flag: "flagged".to_owned(), ..Row::default() }
    }

    #[test]
    fn every_start_of_a_formula_is_disarmed() -> Result<(), csv::Error> {
        for start in FORMULA_STARTS {
            let row = Row { order_id: Some(format!("{start}1+1")), warnings: vec![format!("{start}x")], ..finding() };
            let records = written(&[row])?;
            let at = records[0].iter().position(|name| name == "order_id");
            assert!(at.is_some_and(|at| records[1][at].starts_with('\'')), "{start:?}");
            assert!(records[1].iter().all(|cell| !cell.starts_with(FORMULA_STARTS)), "{start:?}");
        }
        Ok(())
    }

    #[test]
    fn numbers_stay_plain_and_the_unknown_stays_empty() -> Result<(), csv::Error> {
        let row = Row {
            record: 7,
            service_date: NaiveDate::from_ymd_opt(2024, 2, 29),
            units: Some(500),
            paid: Some(-1_050),
            diagnoses: vec!["A".to_owned(), "B".to_owned()],
            ..finding()
        };
        let records = written(&[row])?;
        let cell = |name: &str| records[0].iter().position(|column| column == name).map(|at| records[1][at].as_str());
        assert_eq!(cell("record"), Some("7"));
        assert_eq!(cell("service_date"), Some("2024-02-29"));
        assert_eq!(cell("units"), Some("0.500"));
        assert_eq!(cell("paid"), Some("-10.50"));
        assert_eq!(cell("billed"), Some(""));
        assert_eq!(cell("age_years"), Some(""));
        assert_eq!(cell("diagnoses"), Some("A|B"));
        Ok(())
    }

    #[test]
    fn clear_orders_are_not_findings() -> Result<(), csv::Error> {
        let clear = Row { flag: "clear".to_owned(), ..Row::default() };
        let review = Row { flag: "review".to_owned(), ..Row::default() };
        assert_eq!(written(&[clear.clone(), review, clear, finding()])?.len(), 3);
        Ok(())
    }

    #[test]
    fn a_rejection_says_where_and_a_column_name_is_disarmed_too() -> Result<(), csv::Error> {
        let mut bytes = Vec::new();
        let mut writer = RejectedWriter::new(&mut bytes)?;
        let rejected =
            Rejected { file: "a.csv", record: 3, line: 4, offset: 99, reason: "field-count", column: Some("=x") };
        writer.push(&rejected)?;
        assert_eq!(writer.finish()?, 1);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(text, "file,record,line,offset,reason,column\na.csv,3,4,99,field-count,'=x\n");
        Ok(())
    }
}
