//! Dates in the forms that a layout declares. Nothing is guessed between day-first and month-first.

use chrono::NaiveDate;
use serde::Deserialize;

/// A form in which dates are written. A time of day behind it is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateForm {
    /// `2024-07-01`.
    YearMonthDay,
    /// `20240701`.
    Compact,
    /// `07/01/2024`, `7/1/2024`.
    MonthDayYear,
    /// `01-JUL-2024`.
    DayMonthNameYear,
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// Reads a trimmed cell in the first form that fits.
pub(super) fn read(cell: &str, forms: &[DateForm]) -> Option<NaiveDate> {
    let day = without_time(cell);
    forms.iter().find_map(|form| form.read(day))
}

/// Cuts a time of day off: what follows `T` or a space and begins like a time.
fn without_time(cell: &str) -> &str {
    let Some(at) = cell.find(['T', ' ', 't']) else { return cell };
    let time = cell[at + 1..].trim_start();
    if cell[..at].bytes().any(|b| b.is_ascii_digit()) && time.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        &cell[..at]
    } else {
        cell
    }
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    (digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn date(year: &str, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(number(year, 4..=4)?).ok()?, month, day)
}

impl DateForm {
    fn read(self, text: &str) -> Option<NaiveDate> {
        match self {
            Self::YearMonthDay => {
                let (year, month, day) = three(text, '-')?;
                date(year, number(month, 2..=2)?, number(day, 2..=2)?)
            }
            Self::Compact => {
                let (year, month, day) = (text.get(..4)?, text.get(4..6)?, text.get(6..)?);
                date(year, number(month, 2..=2)?, number(day, 2..=2)?)
            }
            Self::MonthDayYear => {
                let (month, day, year) = three(text, '/')?;
                date(year, number(month, 1..=2)?, number(day, 1..=2)?)
            }
            Self::DayMonthNameYear => {
                let (day, month, year) = three(text, '-')?;
                let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? as u32 + 1;
                date(year, month, number(day, 1..=2)?)
            }
        }
    }
}

fn three(text: &str, mark: char) -> Option<(&str, &str, &str)> {
    let (first, rest) = text.split_once(mark)?;
    let (second, third) = rest.split_once(mark)?;
    (!third.contains(mark)).then_some((first, second, third))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMS: [DateForm; 4] =
        [DateForm::YearMonthDay, DateForm::Compact, DateForm::MonthDayYear, DateForm::DayMonthNameYear];

    #[test]
    fn the_declared_forms_read_with_or_without_a_time() {
        let day = NaiveDate::from_ymd_opt(2024, 7, 1);
        for cell in [
            "2024-07-01",
            "20240701",
            "07/01/2024",
            "7/1/2024",
            "01-JUL-2024",
            "1-jul-2024",
            "2024-07-01 08:15:00",
            "2024-07-01T08:15:00Z",
            "7/1/2024 12:00:00 AM",
        ] {
            assert_eq!(read(cell, &FORMS), day, "{cell}");
        }
    }

    #[test]
    fn what_is_not_declared_or_not_a_day_is_not_read() {
        for cell in [
            "",
            "2023-02-29",
            "31/12/2024",
            "7/1/24",
            "2024-7-1",
            "20241301",
            "yesterday",
            "2024-07-01x",
            "20240701-20240707",
            "é0240701",
        ] {
            assert_eq!(read(cell, &FORMS), None, "{cell}");
        }
        assert!(read("2024-02-29", &FORMS).is_some());
    }
}
