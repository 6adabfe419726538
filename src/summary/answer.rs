//! From the small frames that queries return to plain Rust.

use chrono::{Days, NaiveDate};
use polars::prelude::{AnyValue, DataFrame, PolarsError, PolarsResult};

/// One text of a row; empty where the frame has none.
pub(super) fn text(frame: &DataFrame, column: &str, row: usize) -> PolarsResult<String> {
    Ok(frame.column(column)?.str()?.get(row).unwrap_or_default().to_owned())
}

/// The items of a list that a query joined by `|`.
pub(super) fn split(joined: &str) -> Vec<String> {
    joined.split('|').filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// One list of texts as stored.
pub(super) fn list(frame: &DataFrame, column: &str, row: usize) -> PolarsResult<Vec<String>> {
    let Some(values) = frame.column(column)?.list()?.get_as_series(row) else { return Ok(Vec::new()) };
    Ok(values.str()?.iter().flatten().map(str::to_owned).collect())
}

/// One whole number, never negative; 0 where the frame has none.
pub(super) fn count(frame: &DataFrame, column: &str, row: usize) -> PolarsResult<u64> {
    let value = frame.column(column)?.get(row)?;
    if value.is_null() {
        return Ok(0);
    }
    value.extract::<u64>().ok_or_else(|| unexpected(column))
}

/// One decimal in its smallest units.
pub(super) fn decimal(frame: &DataFrame, column: &str, row: usize) -> PolarsResult<Option<i128>> {
    match frame.column(column)?.get(row)? {
        AnyValue::Null => Ok(None),
        AnyValue::Decimal(minor, ..) => Ok(Some(minor)),
        _ => Err(unexpected(column)),
    }
}

/// One date, in days since 1970.
pub(super) fn day(frame: &DataFrame, column: &str, row: usize) -> PolarsResult<Option<i32>> {
    match frame.column(column)?.get(row)? {
        AnyValue::Null => Ok(None),
        AnyValue::Date(days) => Ok(Some(days)),
        _ => Err(unexpected(column)),
    }
}

/// One date.
pub(super) fn date(frame: &DataFrame, column: &str, row: usize) -> PolarsResult<Option<NaiveDate>> {
    let Some(days) = day(frame, column, row)? else { return Ok(None) };
    let size = Days::new(u64::from(days.unsigned_abs()));
    let epoch = NaiveDate::default();
    Ok(if days < 0 { epoch.checked_sub_days(size) } else { epoch.checked_add_days(size) })
}

/// A column that is not of the table's schema.
pub(super) fn unexpected(column: &str) -> PolarsError {
    PolarsError::SchemaMismatch(format!("column `{column}` has an unexpected type").into())
}
