//! Reading the CSV files of a rules directory: some hundred, nearly all of them small.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use csv::StringRecord;
use csv_core::{ReadRecordResult, Reader};
use serde::Deserialize;

use super::error::Problem;

/// Made once: the table of states that a reader is made of costs more than reading most of the files does. (A clone of
/// one does not read as it should.)
static READER: LazyLock<Mutex<Reader>> = LazyLock::new(|| Mutex::new(Reader::new()));

/// The rows of a file with their lines; what does not read becomes a problem.
pub(super) fn csv_rows<T: for<'de> Deserialize<'de>>(
    path: &str,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Vec<(usize, T)> {
    well_formed(text).unwrap_or_else(|| told(path, text, problems))
}

/// The rows of a file in which nothing is wrong.
fn well_formed<T: for<'de> Deserialize<'de>>(text: &str) -> Option<Vec<(usize, T)>> {
    let mut records = Records::new(text);
    let mut header = StringRecord::new();
    let mut row = StringRecord::new();
    let mut rows = Vec::new();
    if !records.next(&mut header)? {
        return Some(rows);
    }
    while records.next(&mut row)? {
        if row.len() != header.len() {
            return None;
        }
        rows.push((rows.len() + 2, row.deserialize(Some(&header)).ok()?));
    }
    Some(rows)
}

/// The rows up to the first one that does not read, and what is wrong with that one, in the words of the CSV reader.
fn told<T: for<'de> Deserialize<'de>>(path: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<(usize, T)> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for row in reader.deserialize() {
        match row {
            Ok(row) => rows.push((rows.len() + 2, row)),
            Err(error) => {
                let line = error.position().map(|at| at.line() as usize);
                problems.push(Problem::new(path, line, error.to_string()));
                break;
            }
        }
    }
    rows
}

/// The most columns that a file of the rules has; of a wider one the CSV reader takes over.
const COLUMNS_MAX: usize = 32;

/// The records of a text, one by one.
struct Records<'t> {
    reader: MutexGuard<'static, Reader>,
    rest: &'t [u8],
    /// The fields of a record are never longer than the text.
    fields: Vec<u8>,
}

impl<'t> Records<'t> {
    fn new(text: &'t str) -> Self {
        let mut reader = READER.lock().unwrap_or_else(PoisonError::into_inner);
        reader.reset();
        Self { reader, rest: text.as_bytes(), fields: vec![0; text.len()] }
    }

    /// Puts the next record into `record`; `false` at the end, `None` if it has too many fields.
    fn next(&mut self, record: &mut StringRecord) -> Option<bool> {
        let mut ends = [0; COLUMNS_MAX];
        let (mut written, mut ended) = (0, 0);
        loop {
            let (result, read, wrote, found) =
                self.reader.read_record(self.rest, &mut self.fields[written..], &mut ends[ended..]);
            self.rest = &self.rest[read..];
            written += wrote;
            ended += found;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => return None,
                ReadRecordResult::End => return Some(false),
                ReadRecordResult::Record => break,
            }
        }
        record.clear();
        let mut start = 0;
        for end in &ends[..ended] {
            record.push_field(std::str::from_utf8(&self.fields[start..*end]).ok()?);
            start = *end;
        }
        Some(true)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::{csv_rows, told, well_formed};

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        a: String,
        b: Option<u8>,
    }

    fn read(read: impl Fn(&str, &str, &mut Vec<super::Problem>) -> Vec<(usize, Row)>, text: &str) -> String {
        let mut problems = Vec::new();
        let rows = read("x.csv", text, &mut problems);
        format!("{rows:?} {problems:?}")
    }

    #[test]
    fn a_wrong_row_is_told_with_its_line_and_those_before_it_are_read() {
        let mut problems = Vec::new();
        let rows: Vec<(usize, Row)> = csv_rows("x.csv", "a,b\n\"x, y\",1\nz,many\n", &mut problems);
        assert_eq!(rows, [(2, Row { a: "x, y".to_owned(), b: Some(1) })]);
        assert_eq!(problems[0].line, Some(3), "{problems:?}");
    }

    #[test]
    fn what_is_well_formed_needs_no_second_reading() {
        for text in ["a,b\n", "a,b\nx,1\n", "a,b\r\n\"x, \"\"y\"\"\",1", ""] {
            assert!(well_formed::<Row>(text).is_some(), "{text}");
        }
        assert!(well_formed::<Row>("a,b\nx,1,2\n").is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn rows_and_problems_are_those_of_the_csv_reader(
            header in "(\u{feff})?a,b(,c)?\r?\n|b,a\n|a\n|\n?",
            rows in "([x\" é]{0,3},[0-9x]{0,2}(,[x\"])?(\r\n|\n|\r|\n\n)?){0,5}",
        ) {
            let text = header + &rows;
            prop_assert_eq!(read(csv_rows, &text), read(told, &text), "{:?}", text);
        }

        #[test]
        fn a_file_of_many_columns_is_read_as_well(columns in 30_usize..40) {
            let names: Vec<String> = (2..columns).map(|at| format!(",c{at}")).collect();
            let text = format!("a,b{}\nx,1{}\n", names.concat(), ",".repeat(columns - 2));
            prop_assert_eq!(read(csv_rows, &text), read(told, &text));
        }
    }
}
