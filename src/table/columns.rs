//! Rows as columns in plain Rust: what a worker makes of its chunk, and what is appended to the table.
//!
//! One text column is one piece of memory with its ends, not an allocation for each cell. The storage engine is not
//! known here, so workers may fill columns while it writes others.

use std::ops::Range;

use chrono::NaiveDate;

use super::row::Row;
use super::schema::{COLUMNS, Cell, Kind};

/// Rows in columns, in the order of [`COLUMNS`].
#[derive(Debug, Clone)]
pub struct Columns {
    values: Vec<Values>,
    rows: usize,
}

/// The values of one column.
#[derive(Debug, Clone)]
pub enum Values {
    /// Texts.
    Text(Texts),
    /// Counts.
    Count(Vec<u64>),
    /// Whole numbers from 0.
    Number(Vec<Option<u32>>),
    /// Whole numbers.
    Whole(Vec<Option<i32>>),
    /// Dates.
    Date(Vec<Option<NaiveDate>>),
    /// Decimals in their smallest units.
    Decimal(Vec<Option<i64>>),
    /// Lists: how many items each has, and the items of all.
    TextList {
        /// How many items each list has.
        counts: Vec<u32>,
        /// The items of all lists.
        items: Texts,
    },
}

/// Texts in one piece of memory.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    bytes: String,
    /// How long each text is; [`UNKNOWN`] for one that is not known.
    lengths: Vec<u32>,
}

/// The length of a text that is not known. No text is as long: a record has a limit far below.
const UNKNOWN: u32 = u32::MAX;

/// After so many rows a chunk is taken for one of orders, which are all in scope, and not of claims, of which few are.
const MANY: usize = 16;

/// How many rows a chunk of orders has. Room for them is made at once, as nobody touches what of it is not filled.
const ROWS: usize = 1 << 11;

/// How long most texts are.
const LENGTH: usize = 12;

impl Texts {
    fn push(&mut self, text: Option<&str>) {
        let length = |text: &str| u32::try_from(text.len()).ok().filter(|length| *length != UNKNOWN);
        match text.and_then(|text| Some((text, length(text)?))) {
            Some((text, length)) => {
                self.bytes.push_str(text);
                self.lengths.push(length);
            }
            None => self.lengths.push(UNKNOWN),
        }
    }

    fn make_room(&mut self) {
        self.lengths.reserve(ROWS);
        self.bytes.reserve(ROWS * LENGTH);
    }

    /// The texts of a range of cells; `None` is "not known".
    pub fn iter(&self, range: Range<usize>) -> impl Iterator<Item = Option<&str>> {
        let known = |length: &&u32| **length != UNKNOWN;
        let start = self.lengths[..range.start].iter().filter(known).map(|length| *length as usize).sum();
        let mut rest = &self.bytes[start..];
        self.lengths[range].iter().map(move |length| {
            if *length == UNKNOWN {
                return None;
            }
            let (text, behind) = rest.split_at(*length as usize);
            rest = behind;
            Some(text)
        })
    }
}

impl Default for Columns {
    fn default() -> Self {
        Self { values: COLUMNS.iter().map(|column| Values::of(column.kind)).collect(), rows: 0 }
    }
}

impl Columns {
    /// Adds a row.
    pub fn push(&mut self, row: &Row) {
        if self.rows == MANY {
            self.values.iter_mut().for_each(Values::make_room);
        }
        for (column, values) in COLUMNS.iter().zip(&mut self.values) {
            values.push((column.cell)(row));
        }
        self.rows += 1;
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns, in the order of [`COLUMNS`].
    #[must_use]
    pub fn values(&self) -> &[Values] {
        &self.values
    }

    /// Adds to the record number of every row.
    pub fn rebase(&mut self, records: u64) {
        // The record is the one count of the schema.
        for values in &mut self.values {
            if let Values::Count(counts) = values {
                for count in counts {
                    *count += records;
                }
            }
        }
    }
}

impl Values {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Texts::default()),
            Kind::Count => Self::Count(Vec::new()),
            Kind::Number => Self::Number(Vec::new()),
            Kind::Whole => Self::Whole(Vec::new()),
            Kind::Date => Self::Date(Vec::new()),
            Kind::Decimal { .. } => Self::Decimal(Vec::new()),
            Kind::TextList => Self::TextList { counts: Vec::new(), items: Texts::default() },
        }
    }

    fn make_room(&mut self) {
        match self {
            Self::Text(texts) => texts.make_room(),
            Self::Count(counts) => counts.reserve(ROWS),
            Self::Number(numbers) => numbers.reserve(ROWS),
            Self::Whole(numbers) => numbers.reserve(ROWS),
            Self::Date(dates) => dates.reserve(ROWS),
            Self::Decimal(numbers) => numbers.reserve(ROWS),
            Self::TextList { counts, items } => {
                counts.reserve(ROWS);
                items.make_room();
            }
        }
    }

    /// Adds one cell. The schema's own test holds that a column's cells have its kind; a cell of another kind would be
    /// stored as "not known".
    fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Text(texts), Cell::Text(text)) => texts.push(text),
            (Self::Count(counts), Cell::Count(count)) => counts.push(count),
            (Self::Number(numbers), Cell::Number(number)) => numbers.push(number),
            (Self::Whole(numbers), Cell::Whole(number)) => numbers.push(number),
            (Self::Date(dates), Cell::Date(date)) => dates.push(date),
            (Self::Decimal(numbers), Cell::Decimal(number)) => numbers.push(number),
            (Self::TextList { counts, items }, Cell::TextList(texts)) => {
                for text in texts {
                    items.push(Some(text));
                }
                counts.push(texts.len() as u32);
            }
            (values, _) => values.push_unknown(),
        }
    }

    fn push_unknown(&mut self) {
        match self {
            Self::Text(texts) => texts.push(None),
            Self::Count(counts) => counts.push(0),
            Self::Number(numbers) => numbers.push(None),
            Self::Whole(numbers) => numbers.push(None),
            Self::Date(dates) => dates.push(None),
            Self::Decimal(numbers) => numbers.push(None),
            Self::TextList { counts, .. } => counts.push(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, Columns, Row, Values};

    fn column<'c>(columns: &'c Columns, name: &str) -> &'c Values {
        let at = COLUMNS.iter().position(|column| column.name == name);
        &columns.values[at.expect("the column is in the schema")]
    }

    #[test]
    fn the_unknown_the_empty_and_a_text_stay_apart_in_any_range() {
        let mut columns = Columns::default();
        let sexes = [Some("F"), None, Some(""), Some("männlich"), None];
        for sex in sexes {
            columns.push(&Row { sex: sex.map(str::to_owned), ..Row::default() });
        }
        let Values::Text(texts) = column(&columns, "sex") else { panic!("a text column") };
        for from in 0..=sexes.len() {
            for to in from..=sexes.len() {
                assert_eq!(texts.iter(from..to).collect::<Vec<_>>(), sexes[from..to]);
            }
        }
    }

    #[test]
    fn only_record_numbers_grow_when_a_chunk_finds_its_place() {
        let mut columns = Columns::default();
        columns.push(&Row { record: 7, slot: Some(2), units: Some(3), ..Row::default() });
        columns.rebase(100);
        assert!(matches!(column(&columns, "record"), Values::Count(counts) if *counts == [107]));
        assert!(matches!(column(&columns, "slot"), Values::Number(numbers) if *numbers == [Some(2)]));
        let counts = COLUMNS.iter().filter(|column| column.kind == super::Kind::Count);
        assert_eq!(counts.map(|column| column.name).collect::<Vec<_>>(), ["record"]);
    }
}
