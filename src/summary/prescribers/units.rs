//! Patients and orders of every prescriber or site, in bounded memory.
//!
//! Ids are digests here, as those of patients are. One range of them is counted at a time, and within it one range of
//! patients at a time; the table is read as often as there are ranges.

use std::collections::{HashMap, HashSet};

use polars::prelude::{DataFrame, PolarsResult};

use super::super::Limits;
use super::super::patients::{Patient, Patients};
use super::super::sieve::{Kept, Sieve};
use super::is_compared;
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// 128 bits of the BLAKE3 digest of an id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Unit(u128);

impl Unit {
    pub(super) fn new(id: &str) -> Self {
        let mut digest = [0; 16];
        digest.copy_from_slice(&blake3::hash(id.as_bytes()).as_bytes()[..16]);
        Self(u128::from_be_bytes(digest))
    }
}

impl Kept for Unit {
    fn lead(self) -> u64 {
        (self.0 >> 64) as u64
    }

    fn both(self, next: Self) -> Option<Self> {
        (self == next).then_some(self)
    }
}

/// What one has in the denominator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub unit: Unit,
    pub patients: u64,
    /// Patients with a flagged order.
    pub flagged: u64,
    pub orders: u64,
}

/// Counts those whose ids stand in a column, and tells each of them, in the order of their digests.
pub(super) fn each(
    table: &Parts,
    limits: &Limits,
    column: &str,
    mut tell: impl FnMut(&Tally),
) -> Result<(), TableError> {
    let mut next = Some(Sieve::new(limits.peers()));
    while let Some(mut sieve) = next {
        for part in table.each(&[column, "determination", "flag"], limits.part) {
            let part = part?.1;
            let mut known = HashSet::new();
            let mut keep = |id, _, _| {
                if known.insert(id) {
                    sieve.push(Unit::new(id));
                }
            };
            compared(&part, column, &mut keep).map_err(TableError::engine("summarised"))?;
        }
        let (units, after) = sieve.finish();
        let mut tallies: Vec<Tally> = units.into_iter().map(|unit| Tally { unit, ..Tally::default() }).collect();
        if !tallies.is_empty() {
            count(table, limits, column, &mut tallies)?;
        }
        tallies.iter().for_each(&mut tell);
        next = after;
    }
    Ok(())
}

/// Counts orders and patients of those listed, which are sorted.
fn count(table: &Parts, limits: &Limits, column: &str, tallies: &mut [Tally]) -> Result<(), TableError> {
    let columns = [column, "determination", "flag", "patient_id"];
    let mut next = Some(Patients::new(limits.patients()));
    let mut is_first = true;
    while let Some(mut patients) = next {
        for part in table.each(&columns, limits.part) {
            let part = part?.1;
            let mut known = HashMap::new();
            let ids = part.column("patient_id").and_then(|ids| ids.str()).map_err(TableError::engine("summarised"))?;
            let mut add = |id, row, is_flagged| {
                let find = || tallies.binary_search_by_key(&Unit::new(id), |tally| tally.unit).ok();
                let Some(at) = *known.entry(id).or_insert_with(find) else { return };
                tallies[at].orders += u64::from(is_first);
                if let Some(patient) = ids.get(row).filter(|patient| !patient.is_empty()) {
                    patients.push(Patient::new(patient, ((at as u32) << 1) | u32::from(is_flagged)));
                }
            };
            compared(&part, column, &mut add).map_err(TableError::engine("summarised"))?;
        }
        let (kept, after) = patients.finish();
        add_patients(&kept, tallies);
        (next, is_first) = (after, false);
    }
    Ok(())
}

/// Tells each order of the denominator: whose it is, its row, and whether it is flagged.
fn compared<'part>(
    part: &'part DataFrame,
    column: &str,
    tell: &mut impl FnMut(&'part str, usize, bool),
) -> PolarsResult<()> {
    let [ids, determinations, flags] =
        [part.column(column)?.str()?, part.column("determination")?.str()?, part.column("flag")?.str()?];
    for (row, ((id, determination), flag)) in ids.iter().zip(determinations.iter()).zip(flags.iter()).enumerate() {
        let (Some(determination), Some(flag)) = (determination, flag) else { continue };
        if let Some(id) = id.filter(|id| !id.is_empty() && is_compared(determination, flag)) {
            tell(id, row, flag == "flagged");
        }
    }
    Ok(())
}

/// Adds the patients of one range, sorted: the orders of a patient with one unit stand together, those that are flagged
/// behind the others.
fn add_patients(kept: &[Patient], tallies: &mut [Tally]) {
    let mut before = None;
    for patient in kept {
        let at = patient.kind() >> 1;
        tallies[at].patients += u64::from(before.replace((patient.digest(), at)) != Some((patient.digest(), at)));
        tallies[at].flagged += u64::from(patient.kind() & 1 == 1);
    }
}
