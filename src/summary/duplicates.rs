//! Orders that repeat another one. They are shown, never dropped: every figure counts them.
//!
//! Exports overlap. A quarterly refresh repeats the lines of the quarter before, and a claim may stand in both parts
//! of a split. Whether a repeated line is one service or two, only the owner of the data can say.
//!
//! **Two orders are duplicates** when they have the same claim and order ids, of which at least one is present, and
//! the same patient id, product and product code, service date, units, billed, allowed and paid amount, and the same
//! diagnoses at the same positions. Two lines of one record are two orders, whatever they have in common, so the
//! number of the line in its record ([`slot`](crate::table::Row::slot)) is compared too; the record's own number is
//! not, since a refresh moves it. What is missing in both is equal; what is missing in one of them is not. The first
//! of such orders, as the table lists them, is the one that the others repeat. Each of the others is counted once: *in
//! one file* if its own file holds an earlier one, *across files* if only files before it do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use polars::prelude::{
    DataFrame, DataType, ExplodeOptions, Expr, IdxCa, IdxSize, IntoLazy, LazyFrame, PolarsResult, by_name, col, len,
    lit,
};

use super::answer;
use super::measure::Measures;
use crate::table::parquet::{ROW_GROUP, TableError, read_columns, read_rows};

/// How many pairs of files are named.
pub const FILE_PAIRS: usize = 20;

/// How many orders are compared at a time. Groups stand in the order of the table, so what one batch reads again is
/// mostly its own part of each file.
const BATCH: usize = 2 * ROW_GROUP;

/// The ids of an order; without any of them nothing is called a duplicate.
const IDS: [&str; 2] = ["claim_id", "order_id"];

/// All columns in which duplicates are equal.
const KEY: [&str; 12] = [
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

/// Orders that repeat another one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Duplicates {
    /// Groups of two or more equal orders.
    pub groups: u64,
    /// Orders that repeat an earlier one of the same file. Money is the paid amount, whatever it is elsewhere.
    pub in_one_file: Measures,
    /// Orders that repeat one of an earlier file and none of their own. Money is the paid amount.
    pub across_files: Measures,
    /// The pairs of files that share the most groups, at most [`FILE_PAIRS`].
    pub file_pairs: Vec<FilePair>,
    /// How many pairs of files share any group.
    pub file_pairs_in_all: u64,
}

/// Two files that hold equal orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePair {
    /// The file that was read first.
    pub first: String,
    /// The other one.
    pub second: String,
    /// Groups with an order in both.
    pub groups: u64,
}

impl Duplicates {
    /// Orders that repeat another one.
    #[must_use]
    pub fn orders(&self) -> u64 {
        self.in_one_file.orders + self.across_files.orders
    }
}

/// Finds the duplicates in the table at `path`.
///
/// Most orders share their ids with no other one. So the ids are read first, and all columns of the key only for
/// the orders whose ids occur again, [`BATCH`] of them at a time: memory does not follow the columns of the whole table.
pub(super) fn duplicates(path: &Path) -> Result<Duplicates, TableError> {
    let ids = read_columns(path, &IDS)?;
    let height = ids.height();
    let present = |id: &str| col(id).is_not_null().and(col(id).neq(lit("")));
    let has_id = IDS.iter().fold(lit(false), |any, id| any.or(present(id)));
    let mut suspects = repeated(ids.lazy(), has_id, &IDS).map_err(TableError::engine("summarised"))?;
    suspects.sort_unstable();
    let mut found = Found::default();
    let mut rest = &suspects[..];
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(first_batch(rest));
        let mut batch = batch.concat();
        batch.sort_unstable();
        let orders = read_suspects(path, &batch, height)?;
        found.take(&orders).map_err(TableError::engine("summarised"))?;
        rest = after;
    }
    Ok(found.finish())
}

/// How many groups make a batch: at least one, and no more once there are [`BATCH`] orders.
fn first_batch(groups: &[Vec<u64>]) -> usize {
    let mut orders = 0;
    let fits = |group: &&Vec<u64>| {
        let is_room = orders < BATCH;
        orders += group.len();
        is_room
    };
    groups.iter().take_while(fits).count()
}

/// The rows, counted from 0 and in their order, of each group of two or more that are equal in the columns `key`.
fn repeated(rows: LazyFrame, which: Expr, key: &[&str]) -> PolarsResult<Vec<Vec<u64>>> {
    let keys: Vec<Expr> = key.iter().map(|column| col(*column)).collect();
    let groups = rows.with_row_index("at", None).filter(which).group_by(keys).agg([col("at"), len().alias("size")]);
    let groups = groups.filter(col("size").gt(lit(1))).select([col("at"), col("size")]).collect()?;
    let options = ExplodeOptions { empty_as_null: false, keep_nulls: false };
    let each = groups.clone().lazy().select([col("at")]).explode(by_name(["at"], true, false), options).collect()?;
    let mut each = numbers(&each, "at")?.into_iter();
    let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
    Ok(numbers(&groups, "size")?.into_iter().map(|of| each.by_ref().take(size(of)).collect()).collect())
}

fn numbers(frame: &DataFrame, column: &str) -> PolarsResult<Vec<u64>> {
    Ok(frame.column(column)?.cast(&DataType::UInt64)?.u64()?.iter().flatten().collect())
}

/// The columns of the key, file and grams of some rows of the table, of which there are `height`.
fn read_suspects(path: &Path, suspects: &[u64], height: usize) -> Result<DataFrame, TableError> {
    let columns: Vec<&str> = KEY.into_iter().chain(["source_file", "grams"]).collect();
    let mut all: Option<DataFrame> = None;
    for from in (0..height).step_by(ROW_GROUP) {
        let until = from + ROW_GROUP;
        let part = &suspects[suspects.partition_point(|at| *at < from as u64)..];
        let part = &part[..part.partition_point(|at| *at < until as u64)];
        if part.is_empty() {
            continue;
        }
        let group = read_rows(path, &columns, from, ROW_GROUP)?;
        let places: Vec<IdxSize> = part.iter().map(|at| (*at - from as u64) as IdxSize).collect();
        let kept = only(&group, places).map_err(TableError::engine("summarised"))?;
        match &mut all {
            Some(all) => all.vstack_mut(&kept).map(|_| ()).map_err(TableError::engine("summarised"))?,
            None => all = Some(kept),
        }
    }
    Ok(all.unwrap_or_default())
}

/// Some rows of a row group, their diagnoses as one text.
fn only(group: &DataFrame, places: Vec<IdxSize>) -> PolarsResult<DataFrame> {
    let kept = group.take(&IdxCa::from_vec("at".into(), places))?.lazy();
    kept.with_column(col("diagnoses").list().join(lit("|"), true)).collect()
}

/// What repeated orders amount to while they are counted.
#[derive(Default)]
struct Extra {
    measures: Measures,
    patients: BTreeSet<String>,
}

impl Extra {
    fn measures(self) -> Measures {
        Measures { patients: self.patients.len() as u64, ..self.measures }
    }
}

/// What is found so far.
#[derive(Default)]
struct Found {
    groups: u64,
    in_one_file: Extra,
    across_files: Extra,
    /// How many groups stand in each set of files, in the order in which they were read.
    shared: BTreeMap<Vec<String>, u64>,
}

impl Found {
    /// Counts the duplicates among these orders; all that share their ids are here.
    fn take(&mut self, orders: &DataFrame) -> PolarsResult<()> {
        let groups = repeated(orders.clone().lazy(), lit(true), &KEY)?;
        let (files, patients) = (orders.column("source_file")?.str()?, orders.column("patient_id")?.str()?);
        self.groups += groups.len() as u64;
        for rows in &groups {
            let mut seen: Vec<&str> = Vec::new();
            for row in rows.iter().filter_map(|row| usize::try_from(*row).ok()) {
                let file = files.get(row).unwrap_or_default();
                let is_in_file = seen.contains(&file);
                let extra = if is_in_file { &mut self.in_one_file } else { &mut self.across_files };
                if !seen.is_empty() {
                    if let Some(id) = patients.get(row).filter(|id| !id.is_empty() && !extra.patients.contains(*id)) {
                        extra.patients.insert(id.to_owned());
                    }
                    let (grams, paid) = (answer::decimal(orders, "grams", row)?, answer::decimal(orders, "paid", row)?);
                    add(&mut extra.measures, grams, paid);
                }
                if !is_in_file {
                    seen.push(file);
                }
            }
            if seen.len() > 1 {
                *self.shared.entry(seen.into_iter().map(str::to_owned).collect()).or_default() += 1;
            }
        }
        Ok(())
    }

    fn finish(self) -> Duplicates {
        let (file_pairs, file_pairs_in_all) = pairs(&self.shared);
        Duplicates {
            groups: self.groups,
            in_one_file: self.in_one_file.measures(),
            across_files: self.across_files.measures(),
            file_pairs,
            file_pairs_in_all,
        }
    }
}

fn add(measures: &mut Measures, grams: Option<i128>, paid: Option<i128>) {
    measures.orders += 1;
    if let Some(grams) = grams {
        measures.grams = Some(measures.grams.unwrap_or(0) + grams);
        measures.orders_with_grams += 1;
    }
    if let Some(paid) = paid {
        measures.money = Some(measures.money.unwrap_or(0) + paid);
        measures.orders_with_money += 1;
    }
}

/// The pairs of files with the most groups in common, on a tie by name; and how many pairs there are.
fn pairs(shared: &BTreeMap<Vec<String>, u64>) -> (Vec<FilePair>, u64) {
    let mut pairs: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for (files, groups) in shared {
        for (at, first) in files.iter().enumerate() {
            for second in &files[at + 1..] {
                *pairs.entry((first, second)).or_default() += groups;
            }
        }
    }
    let in_all = pairs.len() as u64;
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    // The sort is stable and the map is sorted by name, so equal counts keep that order.
    pairs.sort_by_key(|(_, groups)| std::cmp::Reverse(*groups));
    let named = pairs.into_iter().take(FILE_PAIRS).map(|((first, second), groups)| FilePair {
        first: first.to_owned(),
        second: second.to_owned(),
        groups,
    });
    (named.collect(), in_all)
}
