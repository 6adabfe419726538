//! Dates in the forms that a layout declares. Nothing is guessed between day-first and month-first.

use chrono::{Datelike, Months, NaiveDate};
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
    /// `01/07/2024` for the first of July. Never beside a month-first form with the same mark: see [`DateForm::clash`].
    DayMonthYear,
    /// `31.12.2024`, `1.7.2024`. With dots the day stands first wherever dates are written so.
    DayMonthYearDots,
    /// `2/1/16`: the year 2016; see [`read_birth`] for births of the century before.
    MonthDayShortYear,
    /// `20040201-20040207`, as X12 writes a period: its first day. A period that ends before it begins is no date.
    Range,
}

/// The years in which a day is believed. Exports shift years for privacy, and births with them; nothing goes further.
const BELIEVED_YEARS: std::ops::Range<i32> = 1700..3000;

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// Reads a trimmed cell in the first form that fits.
pub(super) fn read(cell: &str, forms: &[DateForm]) -> Option<NaiveDate> {
    if forms.contains(&DateForm::YearMonthDay)
        && let Some((year, month, day)) = year_month_day(cell)
    {
        return NaiveDate::from_ymd_opt(year, month, day);
    }
    read_any(cell, forms)
}

fn read_any(cell: &str, forms: &[DateForm]) -> Option<NaiveDate> {
    let day = without_time(cell);
    forms.iter().find_map(|form| form.read(day))
}

/// Reads a trimmed birth date cell in the first form that fits. A year of two digits is one of this century, or of the century
/// before if the birth would come after the service.
pub(super) fn read_birth(cell: &str, forms: &[DateForm], service: Option<NaiveDate>) -> Option<NaiveDate> {
    if forms.contains(&DateForm::YearMonthDay)
        && let Some((year, month, day)) = year_month_day(cell)
    {
        return NaiveDate::from_ymd_opt(year, month, day);
    }
    read_any_birth(cell, forms, service)
}

fn read_any_birth(cell: &str, forms: &[DateForm], service: Option<NaiveDate>) -> Option<NaiveDate> {
    let day = without_time(cell);
    let (form, birth) = forms.iter().find_map(|form| Some((*form, form.read(day)?)))?;
    match service {
        Some(service) if form == DateForm::MonthDayShortYear && birth > service => {
            // A day that the year before does not have, 29 February, is no date.
            birth.checked_sub_months(Months::new(1200)).filter(|earlier| earlier.day() == birth.day())
        }
        _ => Some(birth),
    }
}

/// Whether a day is one that may be meant.
pub(super) fn is_believed(day: NaiveDate) -> bool {
    BELIEVED_YEARS.contains(&day.year())
}

/// Year, month and day of a cell written as most are, `2024-07-01`, alone or with a time of day behind it. No other form
/// reads such a cell, so where this one is declared it decides, on days that no month has too.
fn year_month_day(cell: &str) -> Option<(i32, u32, u32)> {
    let (day, rest) = cell.as_bytes().split_first_chunk::<10>()?;
    let alone = match rest {
        [] => true,
        [b'T' | b't' | b' ', time, ..] => time.is_ascii_digit(),
        _ => false,
    };
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *day else { return None };
    if !alone || ![y1, y2, y3, y4, m1, m2, d1, d2].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let two = |tens: u8, ones: u8| u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
    let year = i32::try_from(two(y1, y2) * 100 + two(y3, y4)).ok()?;
    Some((year, two(m1, m2), two(d1, d2)))
}

/// Cuts a time of day off: what follows `T` or a space and begins like a time.
fn without_time(cell: &str) -> &str {
    let begins_a_time = |at: &usize| {
        let time = cell[at + 1..].trim_start();
        cell[..*at].bytes().any(|b| b.is_ascii_digit()) && time.as_bytes().first().is_some_and(u8::is_ascii_digit)
    };
    let mut marks = cell.match_indices(['T', ' ', 't']).map(|(at, _)| at);
    marks.find(begins_a_time).map_or(cell, |at| &cell[..at])
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    (digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn date(year: &str, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(number(year, 4..=4)?).ok()?, month, day)
}

impl DateForm {
    /// Two forms of a layout that would read the same cell as different days, `3/4/2024` by its month or by its day first. A
    /// layout that declares both is refused: nothing in the cell tells which is meant.
    #[must_use]
    pub fn clash(forms: &[Self]) -> Option<(Self, Self)> {
        let declared = |wanted: Self| forms.contains(&wanted).then_some(wanted);
        let month_first = declared(Self::MonthDayYear).or(declared(Self::MonthDayShortYear))?;
        Some((month_first, declared(Self::DayMonthYear)?))
    }

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
            Self::DayMonthYear => {
                let (day, month, year) = three(text, '/')?;
                date(year, number(month, 1..=2)?, number(day, 1..=2)?)
            }
            Self::DayMonthYearDots => {
                let (day, month, year) = three(text, '.')?;
                date(year, number(month, 1..=2)?, number(day, 1..=2)?)
            }
            Self::MonthDayShortYear => {
                let (month, day, year) = three(text, '/')?;
                let year = 2000 + i32::try_from(number(year, 2..=2)?).ok()?;
                NaiveDate::from_ymd_opt(year, number(month, 1..=2)?, number(day, 1..=2)?)
            }
            Self::Range => {
                let (first, last) = text.split_once('-')?;
                let (first, last) = (Self::Compact.read(first)?, Self::Compact.read(last)?);
                (first <= last).then_some(first)
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
    use proptest::prelude::*;

    use super::*;
    use crate::codes::cells;

    const ALL_FORMS: [DateForm; 8] = [
        DateForm::YearMonthDay,
        DateForm::Compact,
        DateForm::MonthDayYear,
        DateForm::DayMonthNameYear,
        DateForm::DayMonthYear,
        DateForm::DayMonthYearDots,
        DateForm::MonthDayShortYear,
        DateForm::Range,
    ];
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

    #[test]
    fn instants_of_exports_are_the_days_they_are_written_with() {
        let forms = [DateForm::YearMonthDay, DateForm::MonthDayYear, DateForm::DayMonthNameYear];
        for (cell, day) in [
            ("2023-01-27T16:17:47Z", "2023-01-27"),
            ("2023-01-27T23:59:59.999Z", "2023-01-27"),
            ("2023-01-27T23:59:59-05:00", "2023-01-27"),
            ("2019-08-20 00:00:00", "2019-08-20"),
            ("2144-09-20 00:00:00", "2144-09-20"),
            ("10/22/2023", "2023-10-22"),
            ("10/22/2023 11:05:00 PM", "2023-10-22"),
            ("30-May-2015", "2015-05-30"),
            ("27-OCT-1999", "1999-10-27"),
            ("27-OCT-1999 00:00:00", "1999-10-27"),
        ] {
            assert_eq!(read(cell, &forms), day.parse().ok(), "{cell}");
        }
        for cell in ["292278994-08-17", "292278994-08-17T07:12:55Z", "1440", "-75", "16-1-27", "2023-01"] {
            assert_eq!(read(cell, &forms), None, "{cell}");
        }
    }

    #[test]
    fn a_period_is_its_first_day_and_a_period_that_ends_before_it_begins_is_no_date() {
        let forms = [DateForm::Compact, DateForm::Range];
        assert_eq!(read("20040201-20040207", &forms), NaiveDate::from_ymd_opt(2004, 2, 1));
        assert_eq!(read("20040201-20040201", &forms), NaiveDate::from_ymd_opt(2004, 2, 1));
        for cell in ["20040207-20040201", "20040201-", "20040201-20041301", "20040201-20040207-20040208", "-20040201"] {
            assert_eq!(read(cell, &forms), None, "{cell}");
        }
    }

    #[test]
    fn a_year_of_two_digits_is_of_this_century_and_a_birth_after_the_service_of_the_one_before() {
        let forms = [DateForm::MonthDayShortYear];
        assert_eq!(read("2/1/16", &forms), NaiveDate::from_ymd_opt(2016, 2, 1));
        let birth = |cell: &str| read_birth(cell, &forms, NaiveDate::from_ymd_opt(2016, 3, 1));
        assert_eq!(birth("8/3/18"), NaiveDate::from_ymd_opt(1918, 8, 3));
        assert_eq!(birth("5/25/48"), NaiveDate::from_ymd_opt(1948, 5, 25));
        assert_eq!(birth("2/29/16"), NaiveDate::from_ymd_opt(2016, 2, 29), "a day before the service");
        assert_eq!(birth("3/1/16"), NaiveDate::from_ymd_opt(2016, 3, 1), "the day of the service");
        assert_eq!(read_birth("2/29/00", &forms, NaiveDate::from_ymd_opt(1999, 1, 1)), None, "1900 was no leap year");
        assert_eq!(read_birth("8/3/18", &forms, None), NaiveDate::from_ymd_opt(2018, 8, 3));
        let long = read_birth("8/3/2018", &[DateForm::MonthDayYear], NaiveDate::from_ymd_opt(2016, 3, 1));
        assert_eq!(long, NaiveDate::from_ymd_opt(2018, 8, 3), "a year in full is what it says");
        for cell in ["2/1/2016", "13/1/16", "2/1/6", "2-1-16"] {
            assert_eq!(read(cell, &forms), None, "{cell}");
        }
    }

    #[test]
    fn day_first_is_read_only_where_declared_and_never_beside_month_first() {
        use DateForm::{Compact, DayMonthYear, MonthDayShortYear, MonthDayYear, YearMonthDay};
        assert_eq!(read("31/12/2024", &[DayMonthYear]), NaiveDate::from_ymd_opt(2024, 12, 31));
        assert_eq!(read("3/4/2024", &[DayMonthYear]), NaiveDate::from_ymd_opt(2024, 4, 3));
        assert_eq!(DateForm::clash(&[Compact, DayMonthYear, MonthDayYear]), Some((MonthDayYear, DayMonthYear)));
        assert_eq!(DateForm::clash(&[MonthDayShortYear, DayMonthYear]), Some((MonthDayShortYear, DayMonthYear)));
        assert_eq!(DateForm::clash(&[YearMonthDay, MonthDayYear, MonthDayShortYear]), None);
        assert_eq!(DateForm::clash(&[DayMonthYear, Compact]), None);
    }

    #[test]
    fn with_dots_the_day_stands_first() {
        use DateForm::{DayMonthYearDots, MonthDayYear};
        let forms = [MonthDayYear, DayMonthYearDots];
        for (cell, day) in [
            ("31.12.2024", "2024-12-31"),
            ("03.04.2024", "2024-04-03"),
            ("1.7.2024", "2024-07-01"),
            ("01.07.2024 08:15", "2024-07-01"),
            ("3/4/2024", "2024-03-04"),
        ] {
            assert_eq!(read(cell, &forms), day.parse().ok(), "{cell}");
        }
        for cell in ["12.31.2024", "1.7.24", "1.7.2024.", "31.12", "2024.12.31", "45.5", "31,12,2024"] {
            assert_eq!(read(cell, &forms), None, "{cell}");
        }
        assert_eq!(DateForm::clash(&forms), None, "the mark tells them apart");
    }

    #[test]
    fn no_day_is_believed_far_outside_the_years_of_exports() {
        for (day, believed) in
            [("1800-03-01", true), ("2212-03-01", true), ("0001-01-01", false), ("9999-12-30", false)]
        {
            assert_eq!(is_believed(day.parse().unwrap()), believed, "{day}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_date_in_the_usual_form_is_what_all_forms_make_of_it(
            cell in prop_oneof![cells(), "[0-2][0-9]{3}-[01][0-9]-[0-3][0-9]([T t]{0,2}[0-9:x]{0,4})?"],
            forms in proptest::collection::vec(proptest::sample::select(&ALL_FORMS[..]), 0..5),
            service in proptest::option::of("20[0-2][0-9]-0[1-9]-[012][1-8]"),
        ) {
            let service = service.and_then(|day| day.parse().ok());
            prop_assert_eq!(read(&cell, &forms), read_any(&cell, &forms));
            prop_assert_eq!(read_birth(&cell, &forms, service), read_any_birth(&cell, &forms, service));
        }
    }
}
