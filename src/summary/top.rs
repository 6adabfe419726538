//! The findings that the report names one by one.

use std::path::Path;

use polars::prelude::{DataFrame, IntoLazy, PolarsResult, SortMultipleOptions, col, lit};

use super::{TOP_FINDINGS, TopFinding, answer};
use crate::table::parquet::{TableError, read_columns, read_row};

/// Columns of a finding that are read only for the few that are named.
const DETAILS: [&str; 8] =
    ["flag", "guideline_rows", "determination", "open", "certainty", "would_change", "indication", "ruleset"];

/// The findings with the most money; those without an amount come last, by
/// grams; then by file and record, so that the choice never depends on chance.
///
/// Ranking reads narrow columns only; the long ones are read for the chosen rows.
pub(super) fn findings(path: &Path, money: Option<&str>) -> Result<Vec<TopFinding>, TableError> {
    let columns: Vec<&str> = ["source_file", "record", "flag", "grams"].into_iter().chain(money).collect();
    let ranked = rank(read_columns(path, &columns)?, money).map_err(TableError::engine("summarised"))?;
    (0..ranked.height())
        .map(|place| {
            let at = answer::count(&ranked, "at", place).map_err(TableError::engine("summarised"))?;
            let details = read_row(path, &DETAILS, at)?;
            finding(&ranked, place, &details).map_err(TableError::engine("summarised"))
        })
        .collect()
}

fn rank(orders: DataFrame, money: Option<&str>) -> PolarsResult<DataFrame> {
    let by: Vec<_> = money.into_iter().chain(["grams", "source_file", "record", "at"]).collect();
    let descending: Vec<bool> = by.iter().map(|column| money == Some(*column) || *column == "grams").collect();
    let options = SortMultipleOptions::default()
        .with_order_descending_multi(descending)
        .with_nulls_last(true)
        .with_maintain_order(true);
    let findings = orders.lazy().with_row_index("at", None).filter(col("flag").neq(lit("clear")));
    findings
        .sort(by, options)
        .select([col("source_file"), col("record"), col("at")])
        .limit(TOP_FINDINGS.try_into().unwrap_or(u32::MAX))
        .collect()
}

fn finding(ranked: &DataFrame, place: usize, details: &DataFrame) -> PolarsResult<TopFinding> {
    Ok(TopFinding {
        source_file: answer::text(ranked, "source_file", place)?,
        record: answer::count(ranked, "record", place)?,
        flag: answer::text(details, "flag", 0)?,
        rows: answer::list(details, "guideline_rows", 0)?,
        determination: answer::text(details, "determination", 0)?,
        open: answer::list(details, "open", 0)?,
        indication: answer::text(details, "indication", 0)?,
        certainty: answer::text(details, "certainty", 0)?,
        would_change: answer::list(details, "would_change", 0)?,
        ruleset: answer::text(details, "ruleset", 0)?,
    })
}
