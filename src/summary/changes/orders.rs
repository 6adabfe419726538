//! Orders as digests: which order it is, what was read of it, and what was said of it.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::{
    DataFrame, Int32Chunked, Int128Chunked, IntoLazy, PolarsResult, StringChunked, UInt32Chunked, UInt64Chunked, col,
    lit,
};

use super::{Reason, Size};
use crate::summary::answer::unexpected;
use crate::summary::sieve::{Kept, Sieve};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// The ids of an order; without any of them it is known by its place.
const IDS: usize = 2;

/// How many of [`COLUMNS`] say which order it is.
const IDENTITY: usize = 6;

/// How many of [`COLUMNS`] are carried from the export.
const CARRIED: usize = 21;

/// The columns that are compared: those that say which order it is, the ids first; what else is carried from the export;
/// its place; what was said of it; and by which rules.
pub const COLUMNS: [&str; 28] = [
    "claim_id",
    "order_id",
    "slot",
    "patient_id",
    "product_code",
    "service_date",
    "age_years",
    "sex",
    "modifier",
    "units",
    "diagnoses",
    "provider_id",
    "facility_id",
    "payer",
    "place_of_service",
    "billed",
    "allowed",
    "paid",
    "auth_number",
    "auth_decision",
    "line_status",
    "source_file",
    "record",
    "flag",
    "determination",
    "guideline_rows",
    "certainty",
    "ruleset",
];

/// Of these, those that hold lists.
const LISTS: [&str; 2] = ["diagnoses", "guideline_rows"];

/// An order of one of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order {
    identity: [u64; 2],
    /// Whether it is of the second table.
    is_new: bool,
    /// Its row, from 0.
    pub row: u64,
    /// The digest of what is carried from the export.
    pub carried: u64,
    /// The digest of its patient; 0 if it has none.
    pub patient: u64,
    /// The number of its [`Outcome`].
    pub outcome: u32,
    /// The number of its ruleset.
    pub ruleset: u32,
}

impl Order {
    /// Whether two are the same order.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.identity == other.identity
    }

    /// Whether it is of the second table.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }
}

impl Kept for Order {
    fn lead(self) -> u64 {
        self.identity[0]
    }

    fn both(self, _: Self) -> Option<Self> {
        None
    }
}

/// What was said of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub flag: String,
    pub determination: String,
    /// Joined by `|`.
    pub rows: String,
    pub certainty: String,
}

impl Outcome {
    pub(super) fn is_finding(&self) -> bool {
        self.flag != "clear"
    }
}

/// The outcomes and rulesets that were met in both tables, by number: there are few.
pub(super) struct Met<'run> {
    old: &'run BTreeMap<String, String>,
    new: &'run BTreeMap<String, String>,
    same_program: bool,
    outcomes: Vec<Outcome>,
    numbers: HashMap<String, u32>,
    rulesets: Vec<String>,
}

impl<'run> Met<'run> {
    /// None yet. Given are the digests of the rulesets of both tables, and whether one program made both.
    pub(super) fn new(
        old: &'run BTreeMap<String, String>,
        new: &'run BTreeMap<String, String>,
        same_program: bool,
    ) -> Self {
        Self { old, new, same_program, outcomes: Vec::new(), numbers: HashMap::new(), rulesets: Vec::new() }
    }

    pub(super) fn outcome(&self, order: &Order) -> &Outcome {
        self.outcome_of(order.outcome)
    }

    pub(super) fn outcome_of(&self, number: u32) -> &Outcome {
        &self.outcomes[number as usize]
    }

    /// What a change of an order is laid to.
    pub(super) fn reason(&self, old: &Order, new: &Order) -> Reason {
        if old.carried != new.carried {
            Reason::Data
        } else if self.other_rules(old, new) {
            Reason::Rules
        } else if self.same_program {
            // What one program made otherwise by the same rules was otherwise: something that is not stored, such as text.
            Reason::Data
        } else {
            Reason::Program
        }
    }

    fn other_rules(&self, old: &Order, new: &Order) -> bool {
        let (old, new) = (&self.rulesets[old.ruleset as usize], &self.rulesets[new.ruleset as usize]);
        old != new || self.old.get(old).zip(self.new.get(new)).is_some_and(|(old, new)| old != new)
    }

    /// Reads a table and keeps its orders of the sieve's range. Says how large the whole table is.
    pub(super) fn read(
        &mut self,
        table: &Parts,
        is_new: bool,
        size: usize,
        sieve: &mut Sieve<Order>,
    ) -> Result<Size, TableError> {
        let mut all = Size { orders: table.rows() as u64, findings: 0 };
        for part in table.each(&COLUMNS, size.max(1)) {
            let (from, part) = part?;
            let findings = self.add(part, from as u64, is_new, sieve).map_err(TableError::engine("compared"))?;
            all.findings += findings;
        }
        Ok(all)
    }

    fn add(&mut self, part: DataFrame, from: u64, is_new: bool, sieve: &mut Sieve<Order>) -> PolarsResult<u64> {
        let part = part.lazy().with_columns(LISTS.map(|list| col(list).list().join(lit("|"), true))).collect()?;
        let columns = COLUMNS.iter().map(|name| Values::of(&part, name)).collect::<PolarsResult<Vec<_>>>()?;
        let [.., source_file, record, flag, determination, rows, certainty, ruleset] = &columns[..] else {
            return Err(unexpected("flag"));
        };
        let (mut key, mut findings) = (Vec::new(), 0);
        for row in 0..part.height() {
            findings += u64::from(flag.text(row) != "clear");
            let has_id = columns[..IDS].iter().any(|id| !id.text(row).is_empty());
            key.clear();
            if has_id {
                columns[..IDENTITY].iter().for_each(|column| column.write(row, &mut key));
            } else {
                for column in [source_file, record, &columns[IDS]] {
                    column.write(row, &mut key);
                }
            }
            let identity = digest(&key);
            if !sieve.takes(identity[0]) {
                continue;
            }
            key.clear();
            columns[..CARRIED].iter().for_each(|column| column.write(row, &mut key));
            let carried = digest(&key)[0];
            let patient = columns[3].text(row);
            let patient = if patient.is_empty() { 0 } else { digest(patient.as_bytes())[0].max(1) };
            let outcome = self.outcome_number([flag, determination, rows, certainty].map(|column| column.text(row)))?;
            let ruleset = self.ruleset_number(ruleset.text(row));
            sieve.push(Order { identity, is_new, row: from + row as u64, carried, patient, outcome, ruleset });
        }
        Ok(findings)
    }

    fn outcome_number(&mut self, texts: [&str; 4]) -> PolarsResult<u32> {
        let key = texts.join("\n");
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let number = u32::try_from(self.outcomes.len()).map_err(|_| unexpected("determination"))?;
        let [flag, determination, rows, certainty] = texts.map(str::to_owned);
        self.outcomes.push(Outcome { flag, determination, rows, certainty });
        self.numbers.insert(key, number);
        Ok(number)
    }

    fn ruleset_number(&mut self, name: &str) -> u32 {
        let known = self.rulesets.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.rulesets.push(name.to_owned());
            self.rulesets.len() - 1
        }) as u32
    }
}

/// 128 bits that stand for some bytes.
fn digest(bytes: &[u8]) -> [u64; 2] {
    let digest = blake3::hash(bytes);
    let half = |from: usize| {
        let mut half = [0; 8];
        half.copy_from_slice(&digest.as_bytes()[from..from + 8]);
        u64::from_be_bytes(half)
    };
    [half(0), half(8)]
}

/// A column by its type.
enum Values<'part> {
    Text(&'part StringChunked),
    Number(&'part UInt32Chunked),
    Count(&'part UInt64Chunked),
    Whole(&'part Int32Chunked),
    Decimal(&'part Int128Chunked),
}

impl<'part> Values<'part> {
    fn of(part: &'part DataFrame, name: &str) -> PolarsResult<Self> {
        let column = part.column(name)?;
        Ok(match name {
            "slot" => Self::Number(column.u32()?),
            "record" => Self::Count(column.u64()?),
            "service_date" => Self::Whole(column.date()?.physical()),
            "age_years" => Self::Whole(column.i32()?),
            "units" | "billed" | "allowed" | "paid" => Self::Decimal(column.decimal()?.physical()),
            _ => Self::Text(column.str()?),
        })
    }

    /// The text of a row; empty where there is none, or where it is no column of texts.
    fn text(&self, row: usize) -> &'part str {
        match self {
            Self::Text(texts) => texts.get(row).unwrap_or_default(),
            _ => "",
        }
    }

    /// Adds a row's value to a key, with whether it is there and how long it is.
    fn write(&self, row: usize, key: &mut Vec<u8>) {
        let number = match self {
            Self::Text(texts) => {
                // What is not in the export and what is empty in it are one.
                let text = texts.get(row).unwrap_or_default();
                key.extend((text.len() as u64).to_le_bytes());
                key.extend(text.as_bytes());
                return;
            }
            Self::Number(numbers) => numbers.get(row).map(i128::from),
            Self::Count(counts) => counts.get(row).map(i128::from),
            Self::Whole(numbers) => numbers.get(row).map(i128::from),
            Self::Decimal(numbers) => numbers.get(row),
        };
        key.push(u8::from(number.is_some()));
        key.extend(number.unwrap_or(0).to_le_bytes());
    }
}
