//! All orders, sorted into the finest kinds that any question of the report tells apart.
//!
//! There are as many kinds as there are different answers of the rules, however many orders there are. So one reading of
//! the table finds them, and every way of cutting the orders is then a sum over kinds.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::{DataFrame, Expr, IntoLazy, PolarsError, PolarsResult, StringChunked, col, len, lit};

use super::answer;
use super::measure::{Amounts, Known, Measures};
use super::partition::Partition;
use super::patients::{Distinct, Patient, Patients};

/// The columns that tell kinds apart.
pub(super) const KEYS: [&str; 9] =
    ["ruleset", "determination", "flag", "certainty", "guideline_rows", "wanting", "open", "indication", "line_status"];

/// The name of the partition by all of them.
pub const KINDS: &str = "kinds";

/// Of these, those that hold lists.
const LISTS: [&str; 2] = ["guideline_rows", "open"];

/// A kind of orders: what they have in each of [`KEYS`]; lists joined by `|`, empty where the table has none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub ruleset: String,
    pub determination: String,
    pub flag: String,
    pub certainty: String,
    pub rows: String,
    pub wanting: String,
    pub open: String,
    pub indication: String,
    pub line_status: String,
}

impl Kind {
    /// The values, in the order of [`KEYS`].
    fn values(&self) -> Vec<String> {
        let Self { ruleset, determination, flag, certainty, rows, wanting, open, indication, line_status } = self;
        [ruleset, determination, flag, certainty, rows, wanting, open, indication, line_status].map(Clone::clone).into()
    }

    fn new(frame: &DataFrame, row: usize) -> PolarsResult<Self> {
        let text = |key: &str| answer::text(frame, key, row);
        Ok(Self {
            ruleset: text("ruleset")?,
            determination: text("determination")?,
            flag: text("flag")?,
            certainty: text("certainty")?,
            rows: text("guideline_rows")?,
            wanting: text("wanting")?,
            open: text("open")?,
            indication: text("indication")?,
            line_status: text("line_status")?,
        })
    }
}

/// The kinds that were met, and what the orders of each amount to.
#[derive(Default)]
pub(super) struct Cells {
    numbers: HashMap<Kind, u32>,
    amounts: Vec<Amounts>,
    /// Orders without a patient id.
    pub without_patient: u64,
}

impl Cells {
    /// Adds the orders of a part of the table, and their patients.
    pub(super) fn add(&mut self, part: DataFrame, money: Option<&str>, patients: &mut Patients) -> PolarsResult<()> {
        let groups = grouped(part, sums_of(money))?;
        let ids = groups.column("patient_id")?.list()?;
        for row in 0..groups.height() {
            let number = self.number(Kind::new(&groups, row)?)?;
            self.amounts[number as usize] += amounts(&groups, row, money.is_some())?;
            if let Some(ids) = ids.get_as_series(row) {
                self.without_patient += keep(patients, ids.str()?, number);
            }
        }
        Ok(())
    }

    /// Adds the patients of a part whose orders are added already.
    pub(super) fn add_patients(&mut self, part: DataFrame, patients: &mut Patients) -> PolarsResult<()> {
        let groups = grouped(part, Vec::new())?;
        let ids = groups.column("patient_id")?.list()?;
        for row in 0..groups.height() {
            let number = self.number(Kind::new(&groups, row)?)?;
            if let Some(ids) = ids.get_as_series(row) {
                keep(patients, ids.str()?, number);
            }
        }
        Ok(())
    }

    /// The number of a kind, in the order in which kinds are met.
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

    /// The kinds as a partition of all orders, sorted.
    pub(super) fn partition(&self) -> Partition {
        let mut cells: Vec<Vec<String>> = self.numbers.keys().map(Kind::values).collect();
        cells.sort_unstable();
        Partition { name: KINDS, columns: KEYS.into(), cells }
    }

    /// Cuts the orders into groups; `key` gives the group of a kind, or none if it is not asked for.
    pub(super) fn cut<'cells, Key: Ord>(&'cells self, key: impl Fn(&'cells Kind) -> Option<Key>) -> Cut<Key> {
        let mut keyed: Vec<Option<Key>> = self.amounts.iter().map(|_| None).collect();
        for (kind, number) in &self.numbers {
            keyed[*number as usize] = key(kind);
        }
        Cut::of(keyed, &self.amounts)
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
    /// Cuts kinds by the group of each, by their numbers.
    pub(super) fn of(keyed: Vec<Option<Key>>, amounts: &[Amounts]) -> Self {
        let mut numbers: BTreeMap<Key, (usize, Amounts)> = BTreeMap::new();
        let mut group_of = Vec::with_capacity(keyed.len());
        for (key, amounts) in keyed.into_iter().zip(amounts) {
            group_of.push(key.map(|key| {
                let next = numbers.len();
                let group = numbers.entry(key).or_insert((next, Amounts::default()));
                group.1 += *amounts;
                group.0
            }));
        }
        Self { patients: Distinct::new(numbers.len()), groups: numbers, group_of }
    }

    /// Counts the patients of one range, sorted.
    pub(super) fn count(&mut self, patients: &[Patient]) {
        self.patients.add(patients, &self.group_of);
    }

    /// The groups, sorted by their keys.
    pub(super) fn finish(self) -> Vec<(Key, Measures)> {
        let patients = self.patients;
        self.groups.into_iter().map(|(key, (group, amounts))| (key, amounts.of_patients(patients.of(group)))).collect()
    }
}

/// The orders of a part by their kind, with the patient ids of each and some sums.
fn grouped(part: DataFrame, sums: Vec<Expr>) -> PolarsResult<DataFrame> {
    let joined: Vec<Expr> = LISTS.iter().map(|list| col(*list).list().join(lit("|"), true)).collect();
    let all: Vec<Expr> = [len().alias("orders"), col("patient_id")].into_iter().chain(sums).collect();
    part.lazy().with_columns(joined).group_by(KEYS.map(col)).agg(all).collect()
}

/// The sums of the grams and of the column that is money, and how many orders have any, under the names that [`amounts`] asks for.
pub(super) fn sums_of(money: Option<&str>) -> Vec<Expr> {
    let columns = [("grams", "grams")].into_iter().chain(money.map(|money| (money, "money")));
    let sums = columns.map(|(column, name)| {
        [col(column).sum().alias(format!("{name}_sum")), col(column).count().alias(format!("{name}_known"))]
    });
    sums.flatten().collect()
}

/// What the orders of one group amount to.
pub(super) fn amounts(groups: &DataFrame, row: usize, has_money: bool) -> PolarsResult<Amounts> {
    let known = |name: &str| -> PolarsResult<Known> {
        let sum = answer::decimal(groups, &format!("{name}_sum"), row)?;
        Ok(Known { sum: sum.unwrap_or(0), orders: answer::count(groups, &format!("{name}_known"), row)? })
    };
    let money = if has_money { known("money")? } else { Known::default() };
    Ok(Amounts { orders: answer::count(groups, "orders", row)?, grams: known("grams")?, money })
}

/// Keeps the patients of some orders of one kind; returns how many of the orders have none.
pub(super) fn keep(patients: &mut Patients, ids: &StringChunked, kind: u32) -> u64 {
    let mut without = 0;
    for id in ids.iter() {
        match id {
            None | Some("") => without += 1,
            Some(id) => patients.push(Patient::new(id, kind)),
        }
    }
    without
}
