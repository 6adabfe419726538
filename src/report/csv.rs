//! `findings.csv` and `rejected.csv`.
//!
//! A spreadsheet runs a cell that begins like a formula. Text cells of that
//! kind get a leading `'`; numbers and dates are written by us alone and stay
//! plain. The Parquet file holds the raw values.

use std::io::Write;

use csv::Writer;

use crate::table::Row;
use crate::table::decimal::write_plain;
use crate::table::schema::{COLUMNS, Cell, Kind};

/// Separates the items of a list cell.
const LIST_SEPARATOR: &str = "|";

/// Characters that make a spreadsheet read a cell as a formula, with their
/// full-width forms.
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Lines of `findings.csv`, ready but for the record numbers, which are not known before the chunk's place is.
#[derive(Debug)]
pub struct Findings {
    csv: Writer<Vec<u8>>,
    /// Where a list or a number becomes text.
    text: String,
    lines: Vec<FindingLine>,
}

/// One line: its text up to the record number ends at `head`, what follows the number begins there and ends at `end`.
#[derive(Debug, Clone, Copy)]
struct FindingLine {
    record: u64,
    head: usize,
    end: usize,
}

impl Default for Findings {
    fn default() -> Self {
        Self { csv: Writer::from_writer(Vec::new()), text: String::new(), lines: Vec::new() }
    }
}

impl Findings {
    /// Adds a row if it is a finding; clear orders are passed over.
    ///
    /// # Errors
    /// None that memory can give; the type is that of the writer.
    pub fn push(&mut self, row: &Row) -> Result<(), csv::Error> {
        if !row.is_finding() {
            return Ok(());
        }
        let mut head = self.csv.get_ref().len();
        for column in COLUMNS {
            let cell = (column.cell)(row);
            if matches!(cell, Cell::Count(_)) {
                // An empty field ends the quotes of the one before it and leaves the place where the number goes.
                self.csv.write_field("")?;
                self.csv.flush()?;
                head = self.csv.get_ref().len();
            } else {
                self.csv.write_field(cell_text(cell, column.kind, &mut self.text))?;
            }
        }
        self.csv.write_record(None::<&[u8]>)?;
        self.csv.flush()?;
        self.lines.push(FindingLine { record: row.record, head, end: self.csv.get_ref().len() });
        Ok(())
    }

    /// Adds to the record number of every line.
    pub fn rebase(&mut self, records: u64) {
        for line in &mut self.lines {
            line.record += records;
        }
    }
}

/// Writes findings by waves.
pub struct FindingsWriter<W: Write> {
    file: W,
    findings: u64,
}

impl<W: Write> FindingsWriter<W> {
    /// Starts the file with its header.
    ///
    /// # Errors
    /// If the header cannot be written.
    pub fn new(mut writer: W) -> Result<Self, csv::Error> {
        let mut header = Writer::from_writer(Vec::new());
        header.write_record(COLUMNS.iter().map(|column| column.name))?;
        header.flush()?;
        writer.write_all(header.get_ref())?;
        Ok(Self { file: writer, findings: 0 })
    }

    /// Writes the findings among these rows; clear orders are passed over.
    ///
    /// # Errors
    /// If a row cannot be written.
    pub fn push(&mut self, rows: &[Row]) -> Result<(), csv::Error> {
        let mut findings = Findings::default();
        rows.iter().try_for_each(|row| findings.push(row))?;
        self.append(&findings)
    }

    /// Writes lines that are ready.
    ///
    /// # Errors
    /// If a line cannot be written.
    pub fn append(&mut self, findings: &Findings) -> Result<(), csv::Error> {
        let text = findings.csv.get_ref();
        let mut from = 0;
        for line in &findings.lines {
            self.file.write_all(&text[from..line.head])?;
            write!(self.file, "{}", line.record)?;
            self.file.write_all(&text[line.head..line.end])?;
            from = line.end;
        }
        self.findings += findings.lines.len() as u64;
        Ok(())
    }

    /// Flushes, and returns the number of findings written.
    ///
    /// # Errors
    /// If the rest cannot be written.
    pub fn finish(mut self) -> Result<u64, csv::Error> {
        self.file.flush()?;
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

/// The text of a cell; `text` is where it is made, if it has to be.
fn cell_text<'t>(cell: Cell<'t>, kind: Kind, text: &'t mut String) -> &'t str {
    text.clear();
    match cell {
        Cell::Text(None) => return "",
        Cell::Text(Some(own)) if !own.starts_with(FORMULA_STARTS) => return own,
        Cell::Text(Some(own)) => text.push_str(own),
        Cell::TextList(items) => {
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { LIST_SEPARATOR });
                text.push_str(item);
            }
        }
        number => {
            number_text(number, kind, text);
            return text;
        }
    }
    if text.starts_with(FORMULA_STARTS) {
        text.insert(0, '\'');
    }
    text
}

/// Writes a cell that is no text; what is unknown stays empty.
fn number_text(cell: Cell<'_>, kind: Kind, text: &mut String) {
    use std::fmt::Write;

    use chrono::Datelike;

    // Writing to a text does not fail.
    let _ = match cell {
        Cell::Count(number) => write!(text, "{number}"),
        Cell::Number(Some(number)) => write!(text, "{number}"),
        Cell::Whole(Some(number)) => write!(text, "{number}"),
        Cell::Date(Some(date)) if (0..=9999).contains(&date.year()) => {
            write!(text, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
        }
        Cell::Date(Some(date)) => write!(text, "{}", date.format("%Y-%m-%d")),
        Cell::Decimal(Some(minor)) => {
            let places = if let Kind::Decimal { places } = kind { places } else { 0 };
            write_plain(text, minor.into(), places)
        }
        _ => Ok(()),
    };
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
    fn lines_that_were_made_before_their_place_was_known_are_those_of_the_csv_crate() -> Result<(), csv::Error> {
        let rows: Vec<Row> = ["a.csv", "a, \"b\".csv", "=1", ""]
            .map(|file| Row {
                source_file: file.to_owned(),
                record: 12,
                order_id: Some("two\nlines".to_owned()),
                units: Some(-5),
                service_date: NaiveDate::from_ymd_opt(476, 9, 4),
                ..finding()
            })
            .into();
        let (mut ready, mut oracle) = (Findings::default(), Writer::from_writer(Vec::new()));
        oracle.write_record(COLUMNS.iter().map(|column| column.name))?;
        for row in &rows {
            ready.push(row)?;
            let there = Row { record: row.record + 990, ..row.clone() };
            for column in COLUMNS {
                oracle.write_field(cell_text((column.cell)(&there), column.kind, &mut String::new()))?;
            }
            oracle.write_record(None::<&[u8]>)?;
        }
        ready.rebase(990);
        let mut bytes = Vec::new();
        let mut writer = FindingsWriter::new(&mut bytes)?;
        writer.append(&ready)?;
        assert_eq!(writer.finish()?, rows.len() as u64);
        oracle.flush()?;
        assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(oracle.get_ref()));
        assert!(String::from_utf8_lossy(&bytes).contains(",0476-09-04,"));
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
