//! All orders sorted by their determination and what they come to in other readings: a sorting of its own, since no other
//! question asks for these columns.

use std::collections::{BTreeSet, HashMap};

use polars::prelude::{DataFrame, Expr, IntoLazy, PolarsError, PolarsResult, col, len};

use super::{READINGS, Reading};
use crate::summary::measure::{Amounts, Known};
use crate::summary::partition::Partition;
use crate::summary::patients::{Patient, Patients};
use crate::summary::{Limits, answer};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// The columns that tell kinds of orders apart.
const KEYS: [&str; 7] =
    ["ruleset", "determination", "flag", "first_listed", "pointed", "other_edition", "other_edition_determination"];

/// What an order has in each of them; empty where the table has nothing.
type Kind = [String; KEYS.len()];

/// The kinds that were met, and what the orders of each amount to.
#[derive(Default)]
pub(super) struct Kinds {
    numbers: HashMap<Kind, u32>,
    pub amounts: Vec<Amounts>,
}

impl Kinds {
    /// Reads the table once for the patients of a range, and for sums of columns if any are named: grams, then money.
    pub fn read(
        &mut self,
        table: &Parts,
        limits: &Limits,
        sums: &[&str],
        patients: &mut Patients,
    ) -> Result<(), TableError> {
        let columns: Vec<&str> = KEYS.into_iter().chain(["patient_id"]).chain(sums.iter().copied()).collect();
        for part in table.each(&columns, limits.part) {
            self.add(part?.1, sums, patients).map_err(TableError::engine("summarised"))?;
        }
        Ok(())
    }

    fn add(&mut self, part: DataFrame, sums: &[&str], patients: &mut Patients) -> PolarsResult<()> {
        let mut all = vec![len().alias("orders"), col("patient_id")];
        for column in sums {
            all.push(col(*column).sum().alias(format!("{column}_sum")));
            all.push(col(*column).count().alias(format!("{column}_known")));
        }
        let keys: Vec<Expr> = KEYS.map(col).into();
        let groups = part.lazy().group_by(keys).agg(all).collect()?;
        let ids = groups.column("patient_id")?.list()?;
        for row in 0..groups.height() {
            let mut kind = Kind::default();
            for (cell, key) in kind.iter_mut().zip(KEYS) {
                *cell = answer::text(&groups, key, row)?;
            }
            let number = self.number(kind)?;
            if let [grams, money @ ..] = sums {
                let amounts = &mut self.amounts[number as usize];
                amounts.orders += answer::count(&groups, "orders", row)?;
                amounts.grams += known(&groups, grams, row)?;
                for money in money {
                    amounts.money += known(&groups, money, row)?;
                }
            }
            if let Some(ids) = ids.get_as_series(row) {
                for id in ids.str()?.iter().flatten().filter(|id| !id.is_empty()) {
                    patients.push(Patient::new(id, number));
                }
            }
        }
        Ok(())
    }

    fn number(&mut self, kind: Kind) -> PolarsResult<u32> {
        if let Some(number) = self.numbers.get(&kind) {
            return Ok(*number);
        }
        let next = u32::try_from(self.amounts.len());
        let number = next.map_err(|_| PolarsError::ComputeError("there are too many kinds of orders".into()))?;
        self.amounts.push(Amounts::default());
        self.numbers.insert(kind, number);
        Ok(number)
    }

    /// The readings that any order has an answer in.
    pub fn readings(&self) -> BTreeSet<Reading> {
        let all = self.numbers.keys().flat_map(|kind| {
            let [.., first_listed, pointed, other_edition, by_other] = kind;
            let editions = Some(Reading::OtherEdition(other_edition.clone())).filter(|_| !by_other.is_empty());
            let first = Some(Reading::FirstListed).filter(|_| !first_listed.is_empty());
            let pointed = Some(Reading::Pointed).filter(|_| !pointed.is_empty());
            [first, pointed, editions]
        });
        all.flatten().collect()
    }

    /// The groups of kinds in a reading, by the numbers of these; `key` is given the determination and what it comes to.
    pub fn keyed<Key>(&self, reading: &Reading, key: impl Fn([&str; 2]) -> Option<Key>) -> Vec<Option<Key>> {
        let mut keyed: Vec<Option<Key>> = self.amounts.iter().map(|_| None).collect();
        for (kind, number) in &self.numbers {
            keyed[*number as usize] = answers(kind, reading).and_then(&key);
        }
        keyed
    }

    pub fn partition(&self) -> Partition {
        let mut cells: Vec<Vec<String>> = self.numbers.keys().map(|kind| kind.to_vec()).collect();
        cells.sort_unstable();
        Partition { name: READINGS, columns: KEYS.into(), cells }
    }
}

/// The sum of a column in one group, and how many orders have any.
fn known(groups: &DataFrame, column: &str, row: usize) -> PolarsResult<Known> {
    let sum = answer::decimal(groups, &format!("{column}_sum"), row)?;
    Ok(Known { sum: sum.unwrap_or(0), orders: answer::count(groups, &format!("{column}_known"), row)? })
}

/// The determination of a kind and what it comes to in a reading, if it can be read so.
fn answers<'k>(kind: &'k Kind, reading: &Reading) -> Option<[&'k str; 2]> {
    let [_, determination, _, first_listed, pointed, other_edition, by_other] = kind;
    let read_so = match reading {
        Reading::FirstListed => first_listed,
        Reading::Pointed => pointed,
        Reading::OtherEdition(name) if name == other_edition => by_other,
        Reading::OtherEdition(_) => return None,
    };
    (!read_so.is_empty()).then_some([determination.as_str(), read_so.as_str()])
}
