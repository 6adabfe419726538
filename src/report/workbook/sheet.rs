//! Cells: the one place where a value becomes one.
//!
//! Texts are written as texts, numbers and dates as numbers; nothing is guessed from what a text looks like, so none can
//! become a formula, a link or a date.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::table::decimal::plain;

/// What a cell can hold, in UTF-16 code units.
const TEXT_LIMIT: usize = 32_767;

/// Stands at the end of a text that was cut.
pub(super) const CUT: &str = " … (cut: longer than a cell; assessments.parquet holds all of it)";

/// Up to here every whole number and every decimal of as many digits is shown as it is: spreadsheets keep 15 digits.
const DIGITS: u128 = 999_999_999_999_999;

/// The value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'it> {
    /// Nothing, which is not zero.
    Empty,
    Text(Cow<'it, str>),
    Count(u64),
    Whole(i64),
    /// A decimal in its smallest units, and its digits after the point.
    Decimal(i128, u32),
    Date(NaiveDate),
}

impl<'it> From<&'it str> for Value<'it> {
    fn from(text: &'it str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<u64> for Value<'_> {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

/// A cell of a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) row: u32,
    pub(super) column: u16,
}

/// Writes a cell, in the format of its column if it has none of its own. Says whether its text had to be cut.
pub(super) fn put(sheet: &mut Worksheet, at: At, value: Value<'_>, format: Option<&Format>) -> Result<bool, XlsxError> {
    let number = match value {
        Value::Empty => return Ok(false),
        Value::Text(text) => return put_text(sheet, at, text, format),
        Value::Count(number) => fraction(number.into(), 0),
        Value::Whole(number) => fraction(number.into(), 0),
        Value::Decimal(minor, places) => fraction(minor, places),
        Value::Date(date) => serial(date).ok_or_else(|| date.to_string()),
    };
    match (number, format) {
        (Ok(number), Some(format)) => sheet.write_number_with_format(at.row, at.column, number, format)?,
        (Ok(number), None) => sheet.write_number(at.row, at.column, number)?,
        // Too large or too old for a number of a spreadsheet: as a text it loses nothing.
        (Err(text), _) => return put_text(sheet, at, text.into(), format),
    };
    Ok(false)
}

fn put_text(sheet: &mut Worksheet, at: At, text: Cow<'_, str>, format: Option<&Format>) -> Result<bool, XlsxError> {
    let short = shortened(&text);
    let is_cut = short.is_some();
    let text = short.unwrap_or_else(|| text.into_owned());
    match format {
        Some(format) => sheet.write_string_with_format(at.row, at.column, text, format)?,
        None => sheet.write_string(at.row, at.column, text)?,
    };
    Ok(is_cut)
}

/// The beginning of a text that no cell can hold, with a mark.
fn shortened(text: &str) -> Option<String> {
    if text.len() <= TEXT_LIMIT || text.encode_utf16().count() <= TEXT_LIMIT {
        return None;
    }
    let mut room = TEXT_LIMIT - CUT.encode_utf16().count();
    let fits = |letter: &char| {
        let left = room.checked_sub(letter.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    let mut short: String = text.chars().take_while(fits).collect();
    short.push_str(CUT);
    Some(short)
}

/// A decimal as the nearest floating-point number, which shows the same digits; as a text if there are too many.
fn fraction(minor: i128, places: u32) -> Result<f64, String> {
    if minor.unsigned_abs() > DIGITS {
        return Err(plain(minor, places));
    }
    #[expect(clippy::cast_precision_loss, reason = "15 digits fit; the quotient is rounded once")]
    Ok(minor as f64 / 10_f64.powi(places.cast_signed()))
}

/// The number by which spreadsheets keep a day. Before March 1900 they count a day that never was, so older days have none.
fn serial(date: NaiveDate) -> Option<f64> {
    let days = date.signed_duration_since(NaiveDate::from_ymd_opt(1899, 12, 30)?).num_days();
    let days = i32::try_from(days).ok().filter(|days| (61..=2_958_465).contains(days))?;
    Some(f64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_numbered_as_spreadsheets_do() {
        let of = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).and_then(serial);
        assert_eq!(of(2026, 1, 1), Some(46_023.0));
        assert_eq!(of(1900, 3, 1), Some(61.0));
        assert_eq!(of(9999, 12, 31), Some(2_958_465.0));
        assert_eq!((of(1900, 2, 28), of(10_000, 1, 1)), (None, None));
    }

    #[test]
    fn a_number_of_more_digits_than_a_spreadsheet_keeps_is_a_text() {
        assert_eq!(fraction(-1_050, 2), Ok(-10.5));
        assert_eq!(fraction(999_999_999_999_999, 2), Ok(9_999_999_999_999.99));
        assert_eq!(fraction(1_000_000_000_000_001, 2), Err("10000000000000.01".to_owned()));
    }

    #[test]
    fn a_text_longer_than_a_cell_is_cut_with_a_mark_and_between_characters() {
        assert_eq!(shortened(&"x".repeat(TEXT_LIMIT)), None);
        assert_eq!(shortened(&"é".repeat(TEXT_LIMIT)), None);
        for letter in ["x", "é", "𝄞"] {
            let short = shortened(&letter.repeat(TEXT_LIMIT + 1)).unwrap_or_default();
            let units = short.encode_utf16().count();
            assert!((TEXT_LIMIT - 1..=TEXT_LIMIT).contains(&units), "{letter}: {units}");
            assert!(short.ends_with(CUT) && short.starts_with(letter));
        }
    }
}
