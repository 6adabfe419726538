//! All orders, sorted into kinds by some of the table's columns, in the same reading as any other sorting.
//!
//! There are as many kinds as there are different values, however many orders there are. So one reading of the table
//! finds them, and every way of cutting the orders is then a sum over kinds. What is asked by other columns has a cube of
//! its own: columns that need not be crossed do not multiply each other's kinds.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use polars::prelude::{DataFrame, Expr, IntoLazy, PolarsError, PolarsResult, StringChunked, col, len, lit};

use super::answer;
use super::charges::Charges;
use super::measure::{Amounts, Known, Measures};
use super::partition::Partition;
use super::patients::{Distinct, Patient, Patients};

/// What tells the kinds of a cube apart.
pub(super) trait Key: Eq + Hash + Sized {
    /// The columns of the table that are read for it.
    const COLUMNS: &'static [&'static str];

    /// Of these, those that hold lists: they are joined by `|`.
    const LISTS: &'static [&'static str] = &[];

    /// The key of a row of a frame that has these columns.
    fn new(frame: &DataFrame, row: usize) -> PolarsResult<Self>;
}

/// The decimal columns that are summed.
pub(super) const SUMMED: [&str; 5] = ["units", "grams", "billed", "allowed", "paid"];

/// Numbers for the kinds of all cubes that are filled in one reading: no two of them share one.
#[derive(Default)]
pub(super) struct Numbers(u32);

impl Numbers {
    fn next(&mut self) -> PolarsResult<u32> {
        let number = self.0;
        let next = number.checked_add(1);
        self.0 = next.ok_or_else(|| PolarsError::ComputeError("there are too many kinds of orders".into()))?;
        Ok(number)
    }
}

/// The kinds that were met, and what the orders of each amount to.
pub(super) struct Cube<K> {
    kinds: HashMap<K, Cell>,
    /// Orders without a patient id.
    pub without_patient: u64,
}

struct Cell {
    number: u32,
    amounts: Amounts,
}

impl<K> Default for Cube<K> {
    fn default() -> Self {
        Self { kinds: HashMap::new(), without_patient: 0 }
    }
}

impl<K: Key> Cube<K> {
    /// Adds the orders of a part of the table, and their patients.
    pub(super) fn add(
        &mut self,
        part: &DataFrame,
        money: Option<&str>,
        numbers: &mut Numbers,
        patients: &mut Patients,
    ) -> PolarsResult<()> {
        let groups = grouped::<K>(part, &SUMMED)?;
        let ids = groups.column("patient_id")?.list()?;
        for row in 0..groups.height() {
            let cell = self.cell(K::new(&groups, row)?, numbers)?;
            cell.amounts += amounts(&groups, row, money)?;
            let number = cell.number;
            if let Some(ids) = ids.get_as_series(row) {
                self.without_patient += keep(patients, ids.str()?, number);
            }
        }
        Ok(())
    }

    /// Adds the patients of a part whose orders are added already.
    pub(super) fn add_patients(
        &mut self,
        part: &DataFrame,
        numbers: &mut Numbers,
        patients: &mut Patients,
    ) -> PolarsResult<()> {
        let groups = grouped::<K>(part, &[])?;
        let ids = groups.column("patient_id")?.list()?;
        for row in 0..groups.height() {
            let number = self.cell(K::new(&groups, row)?, numbers)?.number;
            if let Some(ids) = ids.get_as_series(row) {
                keep(patients, ids.str()?, number);
            }
        }
        Ok(())
    }

    fn cell(&mut self, kind: K, numbers: &mut Numbers) -> PolarsResult<&mut Cell> {
        match self.kinds.entry(kind) {
            std::collections::hash_map::Entry::Occupied(met) => Ok(met.into_mut()),
            std::collections::hash_map::Entry::Vacant(new) => {
                Ok(new.insert(Cell { number: numbers.next()?, amounts: Amounts::default() }))
            }
        }
    }

    /// The kinds as a partition of all orders, sorted; `values` gives the values of a kind in the order of `columns`.
    /// Kinds with the same values are one cell.
    pub(super) fn partition(
        &self,
        name: &'static str,
        columns: &[&'static str],
        values: impl Fn(&K) -> Vec<String>,
    ) -> Partition {
        let mut cells: Vec<Vec<String>> = self.kinds.keys().map(values).collect();
        cells.sort_unstable();
        cells.dedup();
        Partition { name, columns: columns.to_vec(), cells }
    }

    /// Cuts the orders into groups; `key` gives the group of a kind, or none if it is not asked for.
    pub(super) fn cut<'cells, Group: Ord>(&'cells self, key: impl Fn(&'cells K) -> Option<Group>) -> Cut<Group> {
        let mut groups: BTreeMap<Group, (usize, Amounts)> = BTreeMap::new();
        let most = self.kinds.values().map(|cell| cell.number as usize + 1).max().unwrap_or(0);
        let mut group_of = vec![None; most];
        for (kind, cell) in &self.kinds {
            let Some(key) = key(kind) else { continue };
            let next = groups.len();
            let group = groups.entry(key).or_insert((next, Amounts::default()));
            group.1 += cell.amounts;
            group_of[cell.number as usize] = Some(group.0);
        }
        Cut { patients: Distinct::new(groups.len()), groups, group_of }
    }

    /// What the kinds of each group amount to, without their patients.
    pub(super) fn amounts<Group: Ord>(&self, key: impl Fn(&K) -> Group) -> BTreeMap<Group, Amounts> {
        let mut groups: BTreeMap<Group, Amounts> = BTreeMap::new();
        for (kind, cell) in &self.kinds {
            *groups.entry(key(kind)).or_default() += cell.amounts;
        }
        groups
    }
}

/// One way of cutting the orders.
pub(super) struct Cut<Key> {
    /// The number of each group and what it amounts to.
    groups: BTreeMap<Key, (usize, Amounts)>,
    /// The group of each kind.
    group_of: Vec<Option<usize>>,
    patients: Distinct,
}

impl<Key: Ord> Cut<Key> {
    /// Counts the patients of one range, sorted.
    pub(super) fn count(&mut self, patients: &[Patient]) {
        self.patients.add(patients, &self.group_of);
    }

    /// The groups, sorted by their keys.
    pub(super) fn finish(self) -> Vec<(Key, Measures)> {
        self.finish_with_charges().into_iter().map(|(key, measures, _)| (key, measures)).collect()
    }

    /// The groups with their units and all three amounts, sorted by their keys.
    pub(super) fn finish_with_charges(self) -> Vec<(Key, Measures, Charges)> {
        let patients = self.patients;
        let measured = |(key, (group, amounts)): (Key, (usize, Amounts))| {
            (key, amounts.of_patients(patients.of(group)), amounts.charges.totals())
        };
        self.groups.into_iter().map(measured).collect()
    }
}

/// The orders of a part by their kind, with the patient ids of each and the sums of some columns.
fn grouped<K: Key>(part: &DataFrame, sums: &[&str]) -> PolarsResult<DataFrame> {
    let joined: Vec<Expr> = K::LISTS.iter().map(|list| col(*list).list().join(lit("|"), true)).collect();
    let mut all = vec![len().alias("orders"), col("patient_id")];
    for column in sums {
        all.push(col(*column).sum().alias(format!("{column}_sum")));
        all.push(col(*column).count().alias(format!("{column}_known")));
    }
    let keys: Vec<Expr> = K::COLUMNS.iter().map(|column| col(*column)).collect();
    part.clone().lazy().with_columns(joined).group_by(keys).agg(all).collect()
}

fn amounts(groups: &DataFrame, row: usize, money: Option<&str>) -> PolarsResult<Amounts> {
    let known = |name: &str| -> PolarsResult<Known> {
        let sum = answer::decimal(groups, &format!("{name}_sum"), row)?;
        Ok(Known { sum: sum.unwrap_or(0), orders: answer::count(groups, &format!("{name}_known"), row)? })
    };
    let charges = super::charges::Sums {
        units: known("units")?,
        billed: known("billed")?,
        allowed: known("allowed")?,
        paid: known("paid")?,
    };
    let money = charges.column(money);
    Ok(Amounts { orders: answer::count(groups, "orders", row)?, grams: known("grams")?, money, charges })
}

/// Keeps the patients of some orders of one kind; returns how many of the orders have none.
fn keep(patients: &mut Patients, ids: &StringChunked, kind: u32) -> u64 {
    let mut without = 0;
    for id in ids.iter() {
        match id {
            None | Some("") => without += 1,
            Some(id) => patients.push(Patient::new(id, kind)),
        }
    }
    without
}
