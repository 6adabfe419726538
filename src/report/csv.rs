//! `findings.csv` and `rejected.csv`.
//!
//! A spreadsheet runs a cell that begins like a formula. Text cells of that
//! kind get a leading `'`; numbers and dates are written by us alone and stay
//! plain. The Parquet file holds the raw values.

use std::io::Write;

use chrono::{Datelike, NaiveDate};
use csv::Writer;

use crate::table::Row;
use crate::table::decimal::push_plain;
use crate::table::schema::{Cell, FINDING_COLUMNS, Kind};

/// Separates the items of a list cell.
const LIST_SEPARATOR: &str = "|";

/// Characters that make a spreadsheet read a cell as a formula, with their
/// full-width forms.
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Lines of `findings.csv`, ready but for the record numbers, which are not known before the chunk's place is.
#[derive(Debug)]
pub struct Findings {
    text: Vec<u8>,
    /// Knows when a text needs quotes.
    grammar: csv_core::Writer,
    /// Where a text is made that the row does not hold as it is written.
    made: String,
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
        Self { text: Vec::new(), grammar: csv_core::Writer::new(), made: String::new(), lines: Vec::new() }
    }
}

impl Findings {
    /// Adds a row if it is a finding; clear orders are passed over.
    pub fn push(&mut self, row: &Row) {
        if row.is_finding() {
            self.push_cells(row.record, FINDING_COLUMNS.iter().map(|column| (column.cell)(row)));
        }
    }

    /// Adds a line of cells in the order of [`FINDING_COLUMNS`].
    fn push_cells<'row>(&mut self, record: u64, cells: impl Iterator<Item = Cell<'row>>) {
        let mut head = self.text.len();
        for (column, cell) in FINDING_COLUMNS.iter().zip(cells) {
            match cell {
                // The place where the number goes.
                Cell::Count(_) => {
                    head = self.text.len();
                    self.text.push(b',');
                }
                Cell::Text(text) => self.write_text(text.unwrap_or_default()),
                Cell::TextList(items) => self.write_list(items),
                number => {
                    write_number(&mut self.text, number, column.kind);
                    self.text.push(b',');
                }
            }
        }
        // The line ends where another cell would follow.
        self.text.pop();
        self.text.push(b'\n');
        self.lines.push(FindingLine { record, head, end: self.text.len() });
    }

    /// Writes a text, disarmed if it begins like a formula.
    fn write_text(&mut self, text: &str) {
        if text.starts_with(FORMULA_STARTS) {
            self.made.clear();
            self.made.push('\'');
            self.made.push_str(text);
            self.write_made();
        } else {
            write_field(&mut self.text, &mut self.grammar, text);
        }
    }

    fn write_list(&mut self, items: &[String]) {
        if let [] | [_] = items {
            return self.write_text(items.first().map_or("", String::as_str));
        }
        self.made.clear();
        for (at, item) in items.iter().enumerate() {
            self.made.push_str(if at == 0 { "" } else { LIST_SEPARATOR });
            self.made.push_str(item);
        }
        if self.made.starts_with(FORMULA_STARTS) {
            self.made.insert(0, '\'');
        }
        self.write_made();
    }

    fn write_made(&mut self) {
        write_field(&mut self.text, &mut self.grammar, &self.made);
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
        header.write_record(FINDING_COLUMNS.iter().map(|column| column.name))?;
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
        for row in rows {
            findings.push(row);
        }
        self.append(&findings)
    }

    /// Writes the cells of a stored finding, in the order of [`FINDING_COLUMNS`].
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn push_stored(&mut self, cells: &[Cell<'_>]) -> Result<(), csv::Error> {
        let record = cells.iter().find_map(|cell| if let Cell::Count(record) = cell { Some(*record) } else { None });
        let mut findings = Findings::default();
        findings.push_cells(record.unwrap_or_default(), cells.iter().copied());
        self.append(&findings)
    }

    /// Writes lines that are ready.
    ///
    /// # Errors
    /// If a line cannot be written.
    pub fn append(&mut self, findings: &Findings) -> Result<(), csv::Error> {
        let (text, mut number) = (&findings.text, itoa::Buffer::new());
        let mut from = 0;
        for line in &findings.lines {
            self.file.write_all(&text[from..line.head])?;
            self.file.write_all(number.format(line.record).as_bytes())?;
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

/// Writes a field and the comma behind it, in quotes where a reader would take it apart without.
fn write_field(out: &mut Vec<u8>, grammar: &mut csv_core::Writer, text: &str) {
    let from = out.len();
    // Every byte may be a quote, which is written twice; there are two around them, and the comma.
    out.resize(from + 2 * text.len() + 3, 0);
    let (_, _, field) = grammar.field(text.as_bytes(), &mut out[from..]);
    let (_, comma) = grammar.delimiter(&mut out[from + field..]);
    out.truncate(from + field + comma);
}

/// Writes a cell that is no text; what is unknown stays empty.
fn write_number(out: &mut Vec<u8>, cell: Cell<'_>, kind: Kind) {
    match cell {
        Cell::Count(number) => write_digits(out, number),
        Cell::Number(Some(number)) => write_digits(out, number),
        Cell::Whole(Some(number)) => write_digits(out, number),
        Cell::Date(Some(date)) => write_date(out, date),
        Cell::Decimal(Some(minor)) => {
            let places = if let Kind::Decimal { places } = kind { places } else { 0 };
            push_plain(out, minor, places);
        }
        _ => {}
    }
}

fn write_digits(out: &mut Vec<u8>, number: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

fn write_date(out: &mut Vec<u8>, date: NaiveDate) {
    let two = |number: u32| [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8];
    match u32::try_from(date.year()) {
        Ok(year @ 0..=9999) => {
            let ([y1, y2], [y3, y4]) = (two(year / 100), two(year % 100));
            let ([m1, m2], [d1, d2]) = (two(date.month()), two(date.day()));
            out.extend_from_slice(&[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]);
        }
        _ => out.extend_from_slice(date.format("%Y-%m-%d").to_string().as_bytes()),
    }
}

/// A text that no spreadsheet reads as a formula.
pub(super) fn safe(text: String) -> String {
    if text.starts_with(FORMULA_STARTS) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::cells;
    use crate::table::decimal::plain;

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

    /// A cell as the csv crate is given it to write.
    fn cell_text(cell: Cell<'_>, kind: Kind) -> String {
        match (cell, kind) {
            (Cell::Text(text), _) => safe(text.unwrap_or_default().to_owned()),
            (Cell::TextList(items), _) => safe(items.join(LIST_SEPARATOR)),
            (Cell::Count(number), _) => number.to_string(),
            (Cell::Number(number), _) => number.map(|number| number.to_string()).unwrap_or_default(),
            (Cell::Whole(number), _) => number.map(|number| number.to_string()).unwrap_or_default(),
            (Cell::Date(date), _) => date.map(|date| date.format("%Y-%m-%d").to_string()).unwrap_or_default(),
            (Cell::Decimal(Some(minor)), Kind::Decimal { places }) => plain(minor.into(), places),
            (Cell::Decimal(_), _) => String::new(),
        }
    }

    /// What the program writes of rows, and what the csv crate does.
    fn both(rows: &[Row]) -> Result<(String, String), csv::Error> {
        let (mut ready, mut oracle) = (Findings::default(), Writer::from_writer(Vec::new()));
        oracle.write_record(FINDING_COLUMNS.iter().map(|column| column.name))?;
        for row in rows {
            ready.push(row);
            let there = Row { record: row.record + 990, ..row.clone() };
            for column in FINDING_COLUMNS {
                oracle.write_field(cell_text((column.cell)(&there), column.kind))?;
            }
            oracle.write_record(None::<&[u8]>)?;
        }
        ready.rebase(990);
        let mut bytes = Vec::new();
        let mut writer = FindingsWriter::new(&mut bytes)?;
        writer.append(&ready)?;
        assert_eq!(writer.finish()?, rows.len() as u64);
        oracle.flush()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((text(&bytes), text(oracle.get_ref())))
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
        let (ours, oracle) = both(&rows)?;
        assert_eq!(ours, oracle);
        assert!(ours.contains(",0476-09-04,"));
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_the_cells_hold_the_lines_are_those_of_the_csv_crate(
            texts in proptest::array::uniform3(prop_oneof![cells(), "[=+@',\"\r\n\t a|＝-]{0,6}"]),
            items in proptest::collection::vec(prop_oneof![cells(), "[=',\"\n |b-]{0,3}"], 0..4),
            minor in proptest::option::of(any::<i64>()),
            (age, slot, days) in (proptest::option::of(any::<i32>()), any::<u32>(), -900_000..9_000_000_i32),
        ) {
            let [source_file, reason, order_id] = texts;
            let (order_id, slot) = (Some(order_id), Some(slot));
            let service_date = NaiveDate::from_num_days_from_ce_opt(days);
            let row = Row { source_file, reason, order_id, slot, service_date, age_years: age, diagnoses: items, ..finding() };
            let (ours, oracle) = both(&[Row { units: minor, paid: minor, ..row }]).expect("memory");
            prop_assert_eq!(ours, oracle);
        }
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
