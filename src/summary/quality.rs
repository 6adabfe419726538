//! What orders lack, and the warnings that they carry: how many orders, and of how many patients.
//!
//! Whether a count of a few orders may be shown depends on the patients behind it and on what the other counts say, so
//! each of these is measured in full, and so are the orders that do not have it.

use std::cmp::Reverse;
use std::collections::HashMap;

use polars::prelude::{DataFrame, Expr, IntoLazy, PolarsError, PolarsResult, col, len, lit};

use super::measure::{Amounts, Known, Measures};
use super::partition::Partition;
use super::patients::{Distinct, Patient, Patients};
use super::{Limits, answer};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// The name of the partition by what orders lack and carry.
pub const QUALITY: &str = "quality";

/// What an order may lack, by the names of the partition's columns.
pub const LACKING: [&str; 4] = ["patient", "date", "grams", "money"];

/// The values of those columns.
const HAS: [&str; 2] = ["no", "yes"];

/// What orders lack and carry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quality {
    /// In the order of [`LACKING`].
    pub lacking: Vec<Presence>,
    /// By warning; most orders first, on a tie by name.
    pub warnings: Vec<Presence>,
    /// Any warning at all; nothing where no order was read.
    pub any_warning: Option<Presence>,
}

/// The orders that have something and those that do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// What it is.
    pub key: String,
    /// The orders that have it.
    pub with: Measures,
    /// All others.
    pub without: Measures,
}

/// What an order has: of each of [`LACKING`] whether it is there, and its warnings joined by `|`, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Kind {
    determination: String,
    flag: String,
    has: [bool; LACKING.len()],
    warnings: String,
}

#[derive(Default)]
struct Kinds {
    numbers: HashMap<Kind, u32>,
    amounts: Vec<Amounts>,
}

/// Reads the table for what orders lack and carry, and gives the partition that it is counted by.
pub(super) fn quality(table: &Parts, limits: &Limits, money: Option<&str>) -> Result<(Quality, Partition), TableError> {
    let columns = ["determination", "flag", "patient_id", "service_date", "grams", "warnings"].into_iter().chain(money);
    let columns: Vec<&str> = columns.collect();
    let mut kinds = Kinds::default();
    let mut counts: Option<Vec<Count>> = None;
    let mut next = Some(Patients::new(limits.patients()));
    while let Some(mut patients) = next {
        let is_first = counts.is_none();
        for part in table.each(&columns, limits.part) {
            kinds.add(part?.1, money, is_first, &mut patients).map_err(TableError::engine("summarised"))?;
        }
        let (of_range, after) = patients.finish();
        counts.get_or_insert_with(|| kinds.counts()).iter_mut().for_each(|count| count.add(&of_range));
        next = after;
    }
    let mut found = counts.unwrap_or_default().into_iter().map(|count| count.finish(&kinds.amounts));
    let lacking = found.by_ref().take(LACKING.len()).collect();
    let any_warning = found.next();
    let mut warnings: Vec<Presence> = found.collect();
    // The sort is stable and they come sorted by name.
    warnings.sort_by_key(|each| Reverse(each.with.orders));
    Ok((Quality { lacking, warnings, any_warning }, kinds.partition()))
}

impl Kinds {
    fn add(&mut self, part: DataFrame, money: Option<&str>, first: bool, patients: &mut Patients) -> PolarsResult<()> {
        let groups = grouped(part, money)?;
        let ids = groups.column("patient_id")?.list()?;
        for row in 0..groups.height() {
            let number = self.number(Kind::new(&groups, row)?)?;
            if first {
                self.amounts[number as usize] += amounts(&groups, row)?;
            }
            let Some(ids) = ids.get_as_series(row) else { continue };
            for id in ids.str()?.iter().flatten().filter(|id| !id.is_empty()) {
                patients.push(Patient::new(id, number));
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

    /// What is to be counted: all of [`LACKING`], then any warning, then the warnings by name.
    fn counts(&self) -> Vec<Count> {
        let named = self.numbers.keys().flat_map(Kind::warnings);
        let warnings: std::collections::BTreeSet<&str> = named.collect();
        let count = |key: &str, has: &dyn Fn(&Kind) -> bool| {
            let mut group_of = vec![None; self.amounts.len()];
            for (kind, number) in &self.numbers {
                group_of[*number as usize] = Some(usize::from(has(kind)));
            }
            Count { key: key.to_owned(), group_of, patients: Distinct::new(2) }
        };
        let lacking = LACKING.iter().enumerate().map(|(at, key)| count(key, &|kind: &Kind| kind.has[at]));
        let carried = warnings.iter().map(|code| count(code, &|kind: &Kind| kind.warnings().any(|each| each == *code)));
        let any = std::iter::once(count("any", &|kind: &Kind| !kind.warnings.is_empty()));
        lacking.chain(any).chain(carried).collect()
    }

    fn partition(&self) -> Partition {
        let cell = |kind: &Kind| {
            let has = kind.has.map(|has| HAS[usize::from(has)].to_owned());
            let ends = [kind.determination.clone(), kind.flag.clone()];
            ends.into_iter().chain(has).chain([kind.warnings.clone()]).collect::<Vec<_>>()
        };
        let mut cells: Vec<Vec<String>> = self.numbers.keys().map(cell).collect();
        cells.sort_unstable();
        let columns = ["determination", "flag"].into_iter().chain(LACKING).chain(["warnings"]).collect();
        Partition { name: QUALITY, columns, cells }
    }
}

impl Kind {
    fn new(frame: &DataFrame, row: usize) -> PolarsResult<Self> {
        let text = |column: &str| answer::text(frame, column, row);
        let mut has = [false; LACKING.len()];
        for (has, column) in has.iter_mut().zip(LACKING) {
            *has = frame.column(column)?.bool()?.get(row).unwrap_or_default();
        }
        let mut warnings = answer::split(&text("carried")?);
        warnings.sort_unstable();
        warnings.dedup();
        Ok(Self { determination: text("determination")?, flag: text("flag")?, has, warnings: warnings.join("|") })
    }

    fn warnings(&self) -> impl Iterator<Item = &str> {
        self.warnings.split('|').filter(|code| !code.is_empty())
    }
}

/// One thing that orders have or have not, while patients are counted.
struct Count {
    key: String,
    /// The group of each kind: 0 without it, 1 with it.
    group_of: Vec<Option<usize>>,
    patients: Distinct,
}

impl Count {
    fn add(&mut self, patients: &[Patient]) {
        self.patients.add(patients, &self.group_of);
    }

    fn finish(self, amounts: &[Amounts]) -> Presence {
        let measured = |group: usize| {
            let mut sum = Amounts::default();
            let of_group = self.group_of.iter().zip(amounts).filter(|(each, _)| **each == Some(group));
            of_group.for_each(|(_, amounts)| sum += *amounts);
            sum.of_patients(self.patients.of(group))
        };
        Presence { with: measured(1), without: measured(0), key: self.key }
    }
}

/// The orders of a part by what they have, with the patient ids of each group and its sums.
fn grouped(part: DataFrame, money: Option<&str>) -> PolarsResult<DataFrame> {
    let amount = || money.map_or_else(|| lit(polars::prelude::NULL), col);
    let has = [
        col("patient_id").fill_null(lit("")).neq(lit("")).alias(LACKING[0]),
        col("service_date").is_not_null().alias(LACKING[1]),
        col("grams").is_not_null().alias("has_grams"),
        amount().is_not_null().alias("has_money"),
        col("warnings").list().join(lit("|"), true).alias("carried"),
    ];
    let mut all = vec![
        len().alias("orders"),
        col("patient_id"),
        col("grams").sum().alias("grams_sum"),
        col("grams").count().alias("grams_known"),
    ];
    if let Some(money) = money {
        all.extend([col(money).sum().alias("money_sum"), col(money).count().alias("money_known")]);
    }
    let keys: [Expr; 7] =
        ["determination", "flag", LACKING[0], LACKING[1], "has_grams", "has_money", "carried"].map(col);
    let groups = part.lazy().with_columns(has).group_by(keys).agg(all);
    let named = groups.rename(["has_grams", "has_money"], [LACKING[2], LACKING[3]], true);
    named.collect()
}

fn amounts(groups: &DataFrame, row: usize) -> PolarsResult<Amounts> {
    let known = |name: &str| -> PolarsResult<Known> {
        let sum = answer::decimal(groups, &format!("{name}_sum"), row)?;
        Ok(Known { sum: sum.unwrap_or(0), orders: answer::count(groups, &format!("{name}_known"), row)? })
    };
    let money = if groups.column("money_sum").is_ok() { known("money")? } else { Known::default() };
    Ok(Amounts { orders: answer::count(groups, "orders", row)?, grams: known("grams")?, money, ..Amounts::default() })
}
