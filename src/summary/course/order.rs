//! The orders of patients as they are kept while their course is looked at: without ids, and small.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{Days, NaiveDate};
use polars::prelude::{
    DataFrame, DecimalChunked, Expr, IntoLazy, PolarsError, PolarsResult, StringChunked, UInt32Chunked, col, lit,
};

use crate::summary::DEFINITE;
use crate::summary::measure::{Amounts, Known};

/// The day of an order without one.
pub(super) const NO_DAY: i32 = i32::MIN;

/// The date of a day.
pub(super) fn date(day: i32) -> Option<NaiveDate> {
    let size = Days::new(u64::from(day.unsigned_abs()));
    let epoch = NaiveDate::default();
    if day < 0 { epoch.checked_sub_days(size) } else { epoch.checked_add_days(size) }
}

/// The columns that are read of each order; the one that stands for money is among them.
pub(super) const COLUMNS: [&str; 19] = [
    "patient_id",
    "service_date",
    "ruleset",
    "determination",
    "flag",
    "guideline_rows",
    "product",
    "product_code",
    "line_status",
    "auth_decision",
    "claim_id",
    "order_id",
    "slot",
    "diagnoses",
    "units",
    "grams",
    "billed",
    "allowed",
    "paid",
];

/// Of these, the texts and the decimals that equal orders have in common beside their patient, day and product.
const EQUAL_TEXTS: [&str; 4] = ["claim_id", "order_id", "product_code", "diagnoses"];
const EQUAL_DECIMALS: [&str; 4] = ["units", "billed", "allowed", "paid"];

/// What stands in the columns of texts that are read order by order.
const TEXTS: [&str; 8] =
    ["ruleset", "determination", "flag", "guideline_rows", "product", "product_code", "line_status", "auth_decision"];

/// The first 96 bits of the digest of a patient id; see [`patients`](crate::summary::patients).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Patient {
    pub lead: u64,
    tail: u32,
}

impl Patient {
    fn new(id: &str) -> Self {
        let digest = blake3::hash(id.as_bytes());
        let (mut lead, mut tail) = ([0; 8], [0; 4]);
        lead.copy_from_slice(&digest.as_bytes()[..8]);
        tail.copy_from_slice(&digest.as_bytes()[8..12]);
        Self { lead: u64::from_be_bytes(lead), tail: u32::from_be_bytes(tail) }
    }
}

/// One order. Sorts by patient, day and place; no two orders have one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order {
    pub patient: Patient,
    /// Days since 1970, or [`NO_DAY`].
    pub day: i32,
    /// The row of the table, from 0.
    pub at: u32,
    /// Its kind's number.
    pub kind: u32,
    /// A digest of what equal orders have in common; compared only within a patient's day.
    pub key: u32,
    pub grams: i64,
    pub money: i64,
}

/// The amount of an order that has none. Kept so, and not as an `Option`, an order takes a quarter less room.
const NONE: i64 = i64::MIN;

impl Order {
    /// Thousandths of a gram.
    pub fn grams(&self) -> Option<i64> {
        (self.grams != NONE).then_some(self.grams)
    }

    /// What it adds to a group.
    pub fn amounts(&self) -> Amounts {
        let known = |minor: i64| Known::one((minor != NONE).then_some(i128::from(minor)));
        Amounts { orders: 1, grams: known(self.grams), money: known(self.money), ..Amounts::default() }
    }
}

/// What is told apart between orders.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Kind {
    pub cell: Cell,
    pub product: String,
    pub line_status: String,
    pub auth_decision: String,
}

/// Of this, what figures tell apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Cell {
    pub ruleset: String,
    pub determination: String,
    pub flag: String,
    /// Joined by `|`.
    pub rows: String,
}

impl Cell {
    /// Whether a guideline row is known for certain.
    pub fn is_definite(&self) -> bool {
        DEFINITE.contains(&self.determination.as_str())
    }

    /// The rows, or the determination where none is certain.
    pub fn line(&self) -> &str {
        if self.is_definite() && !self.rows.is_empty() { &self.rows } else { &self.determination }
    }
}

/// The kinds of orders that were met, numbered.
#[derive(Default)]
pub(super) struct Kinds {
    pub all: Vec<Kind>,
    /// Numbers by a digest of the kind: to look one up, no text has to be copied.
    numbers: HashMap<u64, Vec<u32>>,
}

impl Kinds {
    fn number(&mut self, texts: [&str; 8]) -> u32 {
        let [ruleset, determination, flag, rows, product, code, status, decision] = texts;
        let product = if product.is_empty() { code } else { product };
        let texts = [ruleset, determination, flag, rows, product, status, decision];
        let mut digest = DefaultHasher::new();
        texts.hash(&mut digest);
        let met = self.numbers.entry(digest.finish()).or_default();
        let same = |number: &&u32| self.all[**number as usize].texts() == texts;
        if let Some(number) = met.iter().find(same) {
            return *number;
        }
        let number = self.all.len() as u32;
        met.push(number);
        let [ruleset, determination, flag, rows, product, line_status, auth_decision] = texts.map(str::to_owned);
        let cell = Cell { ruleset, determination, flag, rows };
        self.all.push(Kind { cell, product, line_status, auth_decision });
        number
    }
}

impl Kind {
    fn texts(&self) -> [&str; 7] {
        let Cell { ruleset, determination, flag, rows } = &self.cell;
        [ruleset, determination, flag, rows, &self.product, &self.line_status, &self.auth_decision]
    }
}

/// Reads the orders of a part that begins at the row `from`. `is_wanted` says of which patients; an order without a
/// patient id comes without one.
pub(super) fn read(
    part: DataFrame,
    from: usize,
    money: Option<&str>,
    kinds: &mut Kinds,
    is_wanted: impl Fn(Patient) -> bool,
    mut then: impl FnMut(Option<Patient>, Order),
) -> PolarsResult<()> {
    let joined: Vec<Expr> = ["guideline_rows", "diagnoses"].map(|list| col(list).list().join(lit("|"), true)).into();
    let part = part.lazy().with_columns(joined).collect()?;
    let ids = part.column("patient_id")?.str()?;
    let days = part.column("service_date")?.date()?.physical();
    let kind_texts = texts(&part, &TEXTS)?;
    let equal = Equal::of(&part)?;
    let grams = part.column("grams")?.decimal()?;
    let money = money.map(|money| part.column(money)?.decimal()).transpose()?;
    for row in 0..part.height() {
        let patient = ids.get(row).filter(|id| !id.is_empty()).map(Patient::new);
        if patient.is_some_and(|patient| !is_wanted(patient)) {
            continue;
        }
        let mut texts = [""; TEXTS.len()];
        texts.iter_mut().zip(&kind_texts).for_each(|(text, column)| *text = column.get(row).unwrap_or_default());
        let at = u32::try_from(from + row);
        let order = Order {
            patient: patient.unwrap_or_default(),
            day: days.get(row).unwrap_or(NO_DAY),
            at: at.map_err(|_| PolarsError::ComputeError("there are too many orders".into()))?,
            kind: kinds.number(texts),
            key: equal.key(row),
            grams: small(grams, row),
            money: money.map_or(NONE, |money| small(money, row)),
        };
        then(patient, order);
    }
    Ok(())
}

fn texts<'part>(part: &'part DataFrame, names: &[&str]) -> PolarsResult<Vec<&'part StringChunked>> {
    names.iter().map(|name| part.column(name)?.str()).collect()
}

/// Decimals of the table have at most 18 digits.
fn small(values: &DecimalChunked, row: usize) -> i64 {
    values.physical().get(row).and_then(|minor| i64::try_from(minor).ok()).unwrap_or(NONE)
}

/// The columns in which equal orders are equal.
struct Equal<'part> {
    texts: Vec<&'part StringChunked>,
    decimals: Vec<&'part DecimalChunked>,
    slot: &'part UInt32Chunked,
}

impl<'part> Equal<'part> {
    fn of(part: &'part DataFrame) -> PolarsResult<Self> {
        let decimals = EQUAL_DECIMALS.iter().map(|name| part.column(name)?.decimal());
        Ok(Self {
            texts: texts(part, &EQUAL_TEXTS)?,
            decimals: decimals.collect::<PolarsResult<_>>()?,
            slot: part.column("slot")?.u32()?,
        })
    }

    fn key(&self, row: usize) -> u32 {
        let mut digest = DefaultHasher::new();
        self.texts.iter().for_each(|column| column.get(row).hash(&mut digest));
        self.decimals.iter().for_each(|column| column.physical().get(row).hash(&mut digest));
        self.slot.get(row).hash(&mut digest);
        digest.finish() as u32
    }
}

#[cfg(test)]
impl Order {
    /// An order of the first kind with this lead, day and place.
    pub fn test(lead: u64, day: i32, at: u32) -> Self {
        Self { patient: Patient { lead, tail: 0 }, day, at, kind: 0, key: at, grams: 10_000, money: NONE }
    }

    /// The same with other grams.
    pub fn with_grams(self, grams: Option<i64>) -> Self {
        Self { grams: grams.unwrap_or(NONE), ..self }
    }
}
