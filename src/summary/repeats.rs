//! The search for repeated orders, in bounded memory.
//!
//! Most orders share their ids with no other one. So the ids are read first, as digests, and the other columns of the
//! key only in those parts of the table that hold an order whose ids occur again. Of these, the digest of the whole key
//! is kept, with the files it was met in. If they are too many, they are dealt into shares by their digest and the table
//! is read once for each: equal orders have equal digests, so they are always in one share.
//!
//! Two orders are equal if 128 bits of the BLAKE3 digest of all columns of the key are; among 10^8 orders, two others
//! have the same with a probability below 10^-22.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use polars::prelude::{AnyValue, Column, DataFrame, IdxCa, IdxSize, IntoLazy, PolarsResult, col, lit};

use super::Limits;
use super::answer::{self, unexpected};
use super::charges::Sums;
use super::duplicates::{ACROSS_FILES, IN_ONE_FILE};
use super::measure::{Amounts, Known};
use super::patients::{Patient, Patients};
use super::sieve::{Kept, Sieve};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// The ids of an order; without any of them nothing is called a duplicate.
pub(super) const IDS: [&str; 2] = ["claim_id", "order_id"];

/// All columns in which duplicates are equal. Of a line's status only matters whether it takes back.
pub(super) const KEY: [&str; 12] = [
    "claim_id",
    "order_id",
    "slot",
    "patient_id",
    "product",
    "product_code",
    "service_date",
    "units",
    "billed",
    "allowed",
    "paid",
    "diagnoses",
];

/// The digest of an order's ids, without its lowest bit, which says whether they occur again. Orders of equal digest are
/// compared in full, so it need not be a strong one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ids(u64);

impl Kept for Ids {
    fn lead(self) -> u64 {
        self.0 >> 1
    }

    fn both(self, next: Self) -> Option<Self> {
        (self.lead() == next.lead()).then_some(Self(self.0 | 1))
    }
}

/// What was found.
#[derive(Default)]
pub(super) struct Repeats {
    /// Groups of two or more equal orders.
    pub groups: u64,
    /// Orders that repeat an earlier one of the same file.
    pub in_one_file: Amounts,
    /// Orders that repeat one of an earlier file and none of their own.
    pub across_files: Amounts,
    /// How many orders of each kind that repeat another one have each determination and flag.
    pub answers: BTreeMap<(u32, [String; 2]), u64>,
    /// How many groups stand in each set of files, in the order in which they were read.
    pub shared: BTreeMap<Vec<String>, u64>,
}

/// Finds repeated orders, and keeps their patients.
pub(super) fn repeats(table: &Parts, limits: &Limits, patients: &mut Patients) -> Result<Repeats, TableError> {
    let mut found = Repeats::default();
    let mut next = Some(Sieve::new(limits.ids()));
    while let Some(mut sieve) = next {
        for part in table.each(&IDS, limits.part) {
            let ids = ids(&part?.1).map_err(TableError::engine("summarised"))?;
            ids.into_iter().flatten().for_each(|ids| sieve.push(ids));
        }
        let (ids, after) = sieve.finish();
        let mut again: Vec<u64> = ids.into_iter().filter(|ids| ids.0 & 1 == 1).map(Ids::lead).collect();
        // They are few as a rule, and stand where all ids stood.
        again.shrink_to_fit();
        if !again.is_empty() {
            compare(table, limits, &again, &mut found, patients)?;
        }
        next = after;
    }
    Ok(found)
}

/// The digest of each order's ids, if it has any.
fn ids(part: &DataFrame) -> PolarsResult<Vec<Option<Ids>>> {
    let [claims, orders] = IDS.map(|id| part.column(id)?.str());
    let digest = |(claim, order): (Option<&str>, Option<&str>)| {
        let has_any = [claim, order].into_iter().flatten().any(|id| !id.is_empty());
        has_any.then(|| {
            let mut digest = DefaultHasher::new();
            (claim, order).hash(&mut digest);
            Ids(digest.finish() & !1)
        })
    };
    Ok(claims?.iter().zip(orders?.iter()).map(digest).collect())
}

/// The rows of a part whose ids are among these.
fn suspects(part: &DataFrame, again: &[u64]) -> PolarsResult<Vec<IdxSize>> {
    let ids = ids(part)?.into_iter().zip(0..);
    Ok(ids
        .filter(|(ids, _)| ids.is_some_and(|ids| again.binary_search(&ids.lead()).is_ok()))
        .map(|(_, at)| at)
        .collect())
}

/// Compares the orders whose ids are among these, which are sorted.
fn compare(
    table: &Parts,
    limits: &Limits,
    again: &[u64],
    found: &mut Repeats,
    patients: &mut Patients,
) -> Result<(), TableError> {
    let (mut starts, mut orders) = (Vec::new(), 0);
    for part in table.each(&IDS, limits.part) {
        let (from, part) = part?;
        let suspects = suspects(&part, again).map_err(TableError::engine("summarised"))?.len();
        starts.extend((suspects > 0).then_some(from));
        orders += suspects;
    }
    let columns = KEY.into_iter().chain(["line_status", "source_file", "grams", "determination", "flag"]);
    let columns: Vec<&str> = columns.collect();
    let shares = orders.div_ceil(limits.keys().max(1)) as u128;
    for number in 0..shares {
        let mut share = Share::new(number, shares, orders);
        for from in &starts {
            let part = table.read(&columns, *from, limits.part)?;
            share.take(&part, again, found, patients).map_err(TableError::engine("summarised"))?;
        }
        share.finish(found);
    }
    Ok(())
}

/// The orders that are compared in one reading of the table.
struct Share {
    number: u128,
    of: u128,
    seen: HashMap<Digest, Seen>,
    files: Files,
    /// The key that is being digested; kept for its allocation.
    key: Vec<u8>,
}

/// 128 bits as two halves: a number of that size is aligned to 16 bytes, and a third of the map would be padding.
type Digest = [u64; 2];

/// Equal orders so far: the files they stand in, as a list of [`Files`], and whether they are more than one.
struct Seen {
    files: u32,
    is_group: bool,
}

impl Share {
    /// One of so many shares of so many orders. The map has its size from the start: while a map grows, it is there
    /// twice. Digests spread evenly, so some more than its part of the orders is room for any share.
    fn new(number: u128, of: u128, orders: usize) -> Self {
        let room = orders / of.max(1) as usize;
        let room = room + room / 16;
        Self { number, of, seen: HashMap::with_capacity(room), files: Files::new(), key: Vec::new() }
    }

    /// Compares the orders of a part whose ids are among these with all orders of the share before them.
    fn take(
        &mut self,
        part: &DataFrame,
        again: &[u64],
        found: &mut Repeats,
        patients: &mut Patients,
    ) -> PolarsResult<()> {
        let rows = suspects(part, again)?;
        let orders = part.take(&IdxCa::from_vec("at".into(), rows))?.lazy();
        let orders = orders.with_column(col("diagnoses").list().join(lit("|"), true)).collect()?;
        let key: Vec<&Column> = KEY.iter().map(|name| orders.column(name)).collect::<PolarsResult<_>>()?;
        let (files, ids) = (orders.column("source_file")?.str()?, orders.column("patient_id")?.str()?);
        let statuses = orders.column("line_status")?.str()?;
        for row in 0..orders.height() {
            let digest = whole(&mut self.key, &key, statuses.get(row), row)?;
            if digest % self.of != self.number {
                continue;
            }
            let digest = [(digest >> 64) as u64, digest as u64];
            let Some(kind) = self.meet(digest, files.get(row).unwrap_or_default()) else { continue };
            let amounts = if kind == IN_ONE_FILE { &mut found.in_one_file } else { &mut found.across_files };
            *amounts += one(&orders, row)?;
            let answer = ["determination", "flag"].map(|column| answer::text(&orders, column, row));
            let [determination, flag] = answer;
            *found.answers.entry((kind, [determination?, flag?])).or_default() += 1;
            if let Some(id) = ids.get(row).filter(|id| !id.is_empty()) {
                patients.push(Patient::new(id, kind));
            }
        }
        Ok(())
    }

    /// Remembers an order; says what it repeats, if anything.
    fn meet(&mut self, digest: Digest, file: &str) -> Option<u32> {
        let before = self.seen.get(&digest).map_or(Files::NONE, |seen| seen.files as usize);
        let files = self.files.with(before, file);
        self.seen.insert(digest, Seen { files: files as u32, is_group: before != Files::NONE });
        match (before, files) {
            (Files::NONE, _) => None,
            (before, files) if before == files => Some(IN_ONE_FILE),
            _ => Some(ACROSS_FILES),
        }
    }

    fn finish(self, found: &mut Repeats) {
        let mut groups: BTreeMap<usize, u64> = BTreeMap::new();
        for seen in self.seen.into_values().filter(|seen| seen.is_group) {
            found.groups += 1;
            *groups.entry(seen.files as usize).or_default() += 1;
        }
        for (files, groups) in groups {
            let names = self.files.names(files);
            if names.len() > 1 {
                *found.shared.entry(names).or_default() += groups;
            }
        }
    }
}

/// Whether the export says of a line that it takes back another one.
pub(super) fn takes_back(status: Option<&str>) -> bool {
    matches!(status, Some("reversed" | "void"))
}

/// The digest of all that equal orders have in common: the columns of [`KEY`], and whether their status takes back.
pub(super) fn whole(bytes: &mut Vec<u8>, key: &[&Column], status: Option<&str>, row: usize) -> PolarsResult<u128> {
    fill(bytes, key, row)?;
    bytes.push(u8::from(takes_back(status)));
    Ok(hashed(bytes))
}

/// The digest of some columns, put together in `bytes`.
pub(super) fn digest(bytes: &mut Vec<u8>, key: &[&Column], row: usize) -> PolarsResult<u128> {
    fill(bytes, key, row)?;
    Ok(hashed(bytes))
}

/// The values of some columns, each with whether it is there and how long it is.
fn fill(bytes: &mut Vec<u8>, key: &[&Column], row: usize) -> PolarsResult<()> {
    bytes.clear();
    for column in key {
        let value = column.get(row)?;
        if let Some(text) = value.get_str() {
            bytes.push(1);
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text.as_bytes());
            continue;
        }
        let number = match value {
            AnyValue::Null => {
                bytes.push(0);
                continue;
            }
            AnyValue::UInt32(number) => i128::from(number),
            AnyValue::Date(days) => i128::from(days),
            AnyValue::Decimal(minor, ..) => minor,
            _ => return Err(unexpected(column.name())),
        };
        bytes.push(2);
        bytes.extend(number.to_le_bytes());
    }
    Ok(())
}

fn hashed(bytes: &[u8]) -> u128 {
    let mut digest = [0; 16];
    digest.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    u128::from_be_bytes(digest)
}

/// What one order amounts to; its money is the paid amount.
fn one(orders: &DataFrame, row: usize) -> PolarsResult<Amounts> {
    let known = |column: &str| answer::decimal(orders, column, row).map(Known::one);
    let charges =
        Sums { units: known("units")?, billed: known("billed")?, allowed: known("allowed")?, paid: known("paid")? };
    Ok(Amounts { orders: 1, grams: known("grams")?, money: charges.paid, charges })
}

/// Lists of files in the order in which a group's orders were met in them. Groups share their lists: there are few.
struct Files {
    names: Vec<String>,
    lists: Vec<Vec<usize>>,
    /// The list that a list becomes by a file at its end.
    longer: HashMap<(usize, usize), usize>,
}

impl Files {
    /// The list without any file.
    const NONE: usize = 0;

    fn new() -> Self {
        Self { names: Vec::new(), lists: vec![Vec::new()], longer: HashMap::new() }
    }

    /// The list with a file in it: the same if it is there already.
    fn with(&mut self, list: usize, file: &str) -> usize {
        let known = self.names.iter().rposition(|name| name == file);
        let file = known.unwrap_or_else(|| {
            self.names.push(file.to_owned());
            self.names.len() - 1
        });
        if self.lists[list].contains(&file) {
            return list;
        }
        if let Some(longer) = self.longer.get(&(list, file)) {
            return *longer;
        }
        let mut longer = self.lists[list].clone();
        longer.push(file);
        self.lists.push(longer);
        self.longer.insert((list, file), self.lists.len() - 1);
        self.lists.len() - 1
    }

    fn names(&self, list: usize) -> Vec<String> {
        self.lists[list].iter().map(|file| self.names[*file].clone()).collect()
    }
}
