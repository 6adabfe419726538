//! The queries.
//!
//! Each reads its own few columns and lets them go again, so that memory
//! follows the widest single question and not the whole table.

use std::cmp::Reverse;
use std::path::Path;

use chrono::NaiveDate;
use polars::prelude::{DataFrame, ExplodeOptions, Expr, IntoLazy, LazyFrame, PolarsResult, by_name, col, len, lit};

use super::check::{SummaryError, adds_up};
use super::measure::{Measures, grouped};
use super::{
    CERTAINTIES, Crossing, DEFINITE, DETERMINATIONS, FLAGS, Group, LINE_STATUSES, OpenGroup, ROW_BASED, RowGroup,
    Summary, Sums,
};
use super::{answer, duplicates, top};
use crate::table::parquet::{TableError, read_columns};

/// Money columns; of those that know the amount of equally many orders, the first stands for money.
const MONEY_COLUMNS: [&str; 3] = ["allowed", "paid", "billed"];

/// Groups of orders with the values of their key columns.
type Keyed = Vec<(Vec<String>, Measures)>;

/// Answers every question about the table at `path`.
///
/// Call from the coordinating thread only (polars has a thread pool of its own).
///
/// # Errors
/// [`SummaryError::Table`] if the file cannot be read as an assessments table,
/// [`SummaryError::DoesNotAddUp`] if two ways of counting the orders disagree.
pub fn summarise(path: &Path) -> Result<Summary, SummaryError> {
    let (sums, money_column) = sums(path)?;
    let (period, orders_without_date) = period(path)?;
    let table = Table { path, money: money_column };

    let orders = table.read(&["patient_id", "determination", "flag", "certainty"])?;
    let by_determination = table.groups(orders.clone().lazy(), "determination", &DETERMINATIONS)?;
    let by_determination_and_flag = table.crossings(&orders)?;
    let mut summary = Summary {
        money_column,
        period,
        totals: table.measures(orders.clone().lazy(), &[])?.pop().map(|(_, all)| all).unwrap_or_default(),
        sums,
        orders_without_patient: without_patient(&orders).map_err(TableError::engine("summarised"))?,
        orders_without_date,
        by_flag: table.groups(orders.clone().lazy(), "flag", &FLAGS)?,
        by_certainty: table.groups(orders.clone().lazy(), "certainty", &CERTAINTIES)?,
        by_certainty_of_rows: table.groups(
            orders.clone().lazy().filter(is_any(&ROW_BASED)),
            "certainty",
            &CERTAINTIES,
        )?,
        by_row: table.by_row(&by_determination, &by_determination_and_flag)?,
        by_determination,
        by_determination_and_flag,
        by_ruleset: by_ruleset(path)?,
        by_wanting: table.by_wanting()?,
        not_settled: table.not_settled()?,
        top_findings: top::findings(path, money_column)?,
        by_line_status: table.by_line_status()?,
        warnings: warnings(path)?,
        ..Summary::default()
    };
    drop(orders);
    summary.duplicates = duplicates::duplicates(path)?;
    adds_up(&summary)?;
    Ok(summary)
}

/// The table file and the column that stands for money.
struct Table<'run> {
    path: &'run Path,
    money: Option<&'static str>,
}

impl Table<'_> {
    /// Reads some columns and, beside them, grams and money.
    fn read(&self, columns: &[&str]) -> Result<DataFrame, TableError> {
        let columns: Vec<&str> = columns.iter().copied().chain(["grams"]).chain(self.money).collect();
        read_columns(self.path, &columns)
    }

    /// The measures of each group, sorted by the values of the key columns.
    fn measures(&self, orders: LazyFrame, keys: &[&str]) -> Result<Keyed, TableError> {
        let measured = || -> PolarsResult<Keyed> {
            let frame = grouped(orders, keys, self.money).collect()?;
            let mut groups = (0..frame.height())
                .map(|row| {
                    let key = keys.iter().map(|key| answer::text(&frame, key, row)).collect::<PolarsResult<_>>()?;
                    Ok((key, answer::measures(&frame, row, self.money.is_some())?))
                })
                .collect::<PolarsResult<Keyed>>()?;
            groups.sort_by(|one, other| one.0.cmp(&other.0));
            Ok(groups)
        };
        measured().map_err(TableError::engine("summarised"))
    }

    /// One column's groups: the known values first, in their order and also
    /// when there is none of them; then any other value.
    fn groups(&self, orders: LazyFrame, column: &str, known: &[&str]) -> Result<Vec<Group>, TableError> {
        let found = self.measures(orders, &[column])?;
        let found = found.into_iter().map(|(key, measures)| Group { key: key.concat(), measures });
        Ok(in_order(found.collect(), known))
    }

    fn by_line_status(&self) -> Result<Vec<Group>, TableError> {
        self.groups(self.read(&["patient_id", "line_status"])?.lazy(), "line_status", &LINE_STATUSES)
    }

    fn crossings(&self, orders: &DataFrame) -> Result<Vec<Crossing>, TableError> {
        let found = self.measures(orders.clone().lazy(), &["determination", "flag"])?;
        let mut crossings: Vec<Crossing> = found
            .into_iter()
            .map(|(key, measures)| Crossing { determination: key[0].clone(), flag: key[1].clone(), measures })
            .collect();
        crossings.sort_by_key(|crossing| {
            (position(&DETERMINATIONS, &crossing.determination), position(&FLAGS, &crossing.flag))
        });
        Ok(crossings)
    }

    /// Definite orders by their rows; the other determinations as they are, so
    /// that the groups add up to all orders.
    fn by_row(&self, all: &[Group], crossings: &[Crossing]) -> Result<Vec<RowGroup>, TableError> {
        let joined = col("guideline_rows").list().join(lit("|"), true);
        let orders = self.read(&["patient_id", "ruleset", "determination", "flag", "guideline_rows"])?.lazy();
        let orders = orders.with_column(joined).filter(is_any(&DEFINITE));
        let whole = self.measures(orders.clone(), &["ruleset", "determination", "guideline_rows"])?;
        let flagged = self.measures(orders, &["ruleset", "determination", "guideline_rows", "flag"])?;
        let definite = whole.into_iter().map(|(key, measures)| {
            let flags = flagged.iter().filter(|(parts, _)| parts[..3] == key[..]);
            let flags = flags.map(|(parts, measures)| Group { key: parts[3].clone(), measures: *measures }).collect();
            let rows = if key[2].is_empty() { &key[1] } else { &key[2] };
            let (ruleset, determination, key) = (key[0].clone(), key[1].clone(), rows.clone());
            RowGroup { key, ruleset, determination, measures, by_flag: in_order(flags, &FLAGS) }
        });
        let other = all.iter().filter(|group| !DEFINITE.contains(&group.key.as_str()) && group.measures.orders > 0);
        let other = other.map(|group| {
            let flags = crossings.iter().filter(|crossing| crossing.determination == group.key);
            let flags = flags.map(|crossing| Group { key: crossing.flag.clone(), measures: crossing.measures });
            let by_flag = in_order(flags.collect(), &FLAGS);
            RowGroup {
                key: group.key.clone(),
                ruleset: String::new(),
                determination: group.key.clone(),
                measures: group.measures,
                by_flag,
            }
        });
        let mut rows: Vec<RowGroup> = definite.chain(other).collect();
        rows.sort_by(|one, other| most_first(one).cmp(&most_first(other)));
        Ok(rows)
    }

    fn by_wanting(&self) -> Result<Vec<Group>, TableError> {
        let orders = self.read(&["patient_id", "determination", "wanting"])?.lazy().filter(is_indeterminate());
        let found = self.measures(orders, &["wanting"])?;
        let mut groups: Vec<Group> =
            found.into_iter().map(|(key, measures)| Group { key: key.concat(), measures }).collect();
        groups.sort_by(|one, other| {
            (Reverse(one.measures.orders), &one.key).cmp(&(Reverse(other.measures.orders), &other.key))
        });
        Ok(groups)
    }

    fn not_settled(&self) -> Result<Vec<OpenGroup>, TableError> {
        let columns = ["patient_id", "determination", "wanting", "open", "indication"];
        let orders = self.read(&columns)?.lazy().filter(is_indeterminate());
        let orders = orders.with_column(col("open").list().join(lit("|"), true));
        let found = self.measures(orders, &["wanting", "open", "indication"])?;
        let mut groups: Vec<OpenGroup> = found
            .into_iter()
            .map(|(key, measures)| OpenGroup {
                wanting: key[0].clone(),
                open: answer::split(&key[1]),
                indication: key[2].clone(),
                measures,
            })
            .collect();
        // The sort is stable and the groups come sorted by their keys, so equal counts keep that order.
        groups.sort_by_key(|group| Reverse(group.measures.orders));
        Ok(groups)
    }
}

fn is_indeterminate() -> Expr {
    col("determination").eq(lit("indeterminate"))
}

fn is_any(determinations: &[&str]) -> Expr {
    determinations.iter().fold(lit(false), |any, name| any.or(col("determination").eq(lit(*name))))
}

/// Sort key: most grams, then most orders, then the name and its ruleset.
fn most_first(row: &RowGroup) -> (Reverse<Option<i128>>, Reverse<u64>, &str, &str) {
    (Reverse(row.measures.grams), Reverse(row.measures.orders), &row.key, &row.ruleset)
}

fn position(known: &[&str], value: &str) -> (usize, String) {
    (known.iter().position(|name| *name == value).unwrap_or(known.len()), value.to_owned())
}

fn in_order(found: Vec<Group>, known: &[&str]) -> Vec<Group> {
    let absent = known.iter().filter(|name| !found.iter().any(|group| group.key == **name));
    let absent: Vec<Group> =
        absent.map(|name| Group { key: (*name).to_owned(), measures: Measures::default() }).collect();
    let mut all: Vec<Group> = found.into_iter().chain(absent).collect();
    all.sort_by_key(|group| position(known, &group.key));
    all
}

/// The sums of the decimal columns, and the column that stands for money: the
/// one that knows the amount of the most orders, so that as few lines as can be
/// are without an amount.
fn sums(path: &Path) -> Result<(Sums, Option<&'static str>), TableError> {
    let columns = ["units", "grams", "billed", "allowed", "paid"];
    let orders = read_columns(path, &columns)?.lazy();
    let asked = || -> PolarsResult<_> {
        let known = columns.map(|name| col(name).count().alias(format!("{name}_known")));
        let total = columns.map(|name| col(name).sum());
        let frame = orders.select(total.into_iter().chain(known).collect::<Vec<_>>()).collect()?;
        let sum = |name: &str| match answer::count(&frame, &format!("{name}_known"), 0)? {
            0 => Ok(None),
            _ => answer::decimal(&frame, name, 0),
        };
        let mut money = (0, None);
        for name in MONEY_COLUMNS {
            let known = answer::count(&frame, &format!("{name}_known"), 0)?;
            if known > money.0 {
                money = (known, Some(name));
            }
        }
        let sums = Sums {
            units: sum("units")?,
            grams: sum("grams")?,
            billed: sum("billed")?,
            allowed: sum("allowed")?,
            paid: sum("paid")?,
        };
        Ok((sums, money.1))
    };
    asked().map_err(TableError::engine("summarised"))
}

/// First and last service date, and the orders without one.
fn period(path: &Path) -> Result<(Option<(NaiveDate, NaiveDate)>, u64), TableError> {
    let orders = read_columns(path, &["service_date"])?.lazy();
    let asked = || -> PolarsResult<_> {
        let date = || col("service_date");
        let question = [date().min().alias("first"), date().max().alias("last"), date().null_count().alias("unknown")];
        let frame = orders.select(question).collect()?;
        let period = answer::date(&frame, "first", 0)?.zip(answer::date(&frame, "last", 0)?);
        Ok((period, answer::count(&frame, "unknown", 0)?))
    };
    asked().map_err(TableError::engine("summarised"))
}

fn without_patient(orders: &DataFrame) -> PolarsResult<u64> {
    let unknown = col("patient_id").is_null().or(col("patient_id").eq(lit("")));
    let frame = orders.clone().lazy().filter(unknown).select([len().alias("orders")]).collect()?;
    answer::count(&frame, "orders", 0)
}

/// How many orders each ruleset decided, by its name.
fn by_ruleset(path: &Path) -> Result<Vec<(String, u64)>, TableError> {
    let orders = read_columns(path, &["ruleset"])?.lazy();
    let asked = || -> PolarsResult<Vec<(String, u64)>> {
        let frame = orders.group_by([col("ruleset")]).agg([len().alias("orders")]).collect()?;
        let found = (0..frame.height())
            .map(|row| Ok((answer::text(&frame, "ruleset", row)?, answer::count(&frame, "orders", row)?)));
        let mut found = found.collect::<PolarsResult<Vec<_>>>()?;
        found.sort();
        Ok(found)
    };
    asked().map_err(TableError::engine("summarised"))
}

/// How many orders carry each warning, once an order.
fn warnings(path: &Path) -> Result<Vec<(String, u64)>, TableError> {
    let orders = read_columns(path, &["warnings"])?.lazy();
    let asked = || -> PolarsResult<Vec<(String, u64)>> {
        let options = ExplodeOptions { empty_as_null: false, keep_nulls: false };
        let each = orders.with_row_index("order", None).explode(by_name(["warnings"], true, false), options);
        let carried = each.group_by([col("warnings")]).agg([col("order").n_unique().alias("orders")]);
        let frame = carried.filter(col("warnings").is_not_null()).collect()?;
        let found = (0..frame.height())
            .map(|row| Ok((answer::text(&frame, "warnings", row)?, answer::count(&frame, "orders", row)?)));
        let mut found = found.collect::<PolarsResult<Vec<_>>>()?;
        found.sort_by(|one, other| (Reverse(one.1), &one.0).cmp(&(Reverse(other.1), &other.0)));
        Ok(found)
    };
    asked().map_err(TableError::engine("summarised"))
}
