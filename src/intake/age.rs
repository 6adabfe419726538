//! Ages as exports write them: a number, a masked one, a birth date, or as much of one as is given.

use chrono::{Datelike, NaiveDate};

use super::amount;
use crate::order::{Age, completed_years};

/// Words and marks that bound an age from below or above, as they stand in front of a number, with what they add to it.
const ABOVE: [(&str, i32); 5] = [(">=", 0), ("≥", 0), (">", 1), ("over ", 1), ("above ", 1)];
const BELOW: [(&str, i32); 4] = [("<=", 0), ("≤", 0), ("<", -1), ("under ", -1)];

impl Age {
    /// Reads an age cell: `45`, `45.0`, and the bounds that it may say itself (`> 89`, `90+`, `< 1`). Where the layout says that
    /// ages over a number are masked, any number above it stands for all of them. `None` if it is no age that is believed.
    #[must_use]
    pub fn from_cell(cell: &str, masked_over: Option<i32>) -> Option<Self> {
        let text = crate::codes::in_lower_case(crate::codes::trim_cell(cell));
        let age = match bounded(&text) {
            Some(age) => age,
            None => number(&text).map(|years| of_number(years, masked_over))?,
        };
        (age != Self::Unknown).then_some(age)
    }

    /// Whether it stands for all ages from one on, as a masked age does.
    #[must_use]
    pub fn is_masked(self) -> bool {
        self.years().is_none() && self.bounds().is_some_and(|bounds| *bounds.end() == Self::MAX_YEARS)
    }
}

fn number(text: &str) -> Option<i32> {
    amount::read(text, 0).and_then(|years| i32::try_from(years).ok())
}

/// Years as they are, or as the layout's mask has them.
fn of_number(years: i32, masked_over: Option<i32>) -> Age {
    match masked_over {
        Some(over) if years > over => Age::at_least(over.saturating_add(1)),
        _ => Age::from_years(years),
    }
}

/// An age that says itself that it is a bound; only one that is believed, and without a sign.
fn bounded(text: &str) -> Option<Age> {
    let years = |text: &str| number(text.trim()).filter(|years| (0..=Age::MAX_YEARS).contains(years));
    if let Some(rest) = text.strip_suffix('+') {
        return years(rest).map(Age::at_least);
    }
    for (mark, more) in ABOVE {
        if let Some(rest) = text.strip_prefix(mark) {
            return years(rest).map(|years| Age::at_least(years + more));
        }
    }
    for (mark, more) in BELOW {
        if let Some(rest) = text.strip_prefix(mark) {
            return years(rest).map(|years| Age::within(0, years + more));
        }
    }
    None
}

/// When a patient was born, as closely as the export says: a day, a month or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Birth {
    earliest: NaiveDate,
    latest: NaiveDate,
}

impl Birth {
    /// On a day.
    #[must_use]
    pub fn on(day: NaiveDate) -> Self {
        Self { earliest: day, latest: day }
    }

    /// In a year, and in a month and on a day of it where they are given. `None` if there is no such day; a day without its
    /// month tells nothing.
    #[must_use]
    pub fn of_parts(year: i32, month: Option<u32>, day: Option<u32>) -> Option<Self> {
        let date = |month, day| NaiveDate::from_ymd_opt(year, month, day);
        match (month, day) {
            (Some(month), Some(day)) => date(month, day).map(Self::on),
            (Some(month), None) => {
                let earliest = date(month, 1)?;
                Some(Self { earliest, latest: date(month, u32::from(earliest.num_days_in_month()))? })
            }
            (None, _) => Some(Self { earliest: date(1, 1)?, latest: date(12, 31)? }),
        }
    }

    /// The age on the day of service: of a birth year within one year. Where the layout says that ages over a number are
    /// masked, any age above it stands for all of them. `None` if the birth comes after the service, or too long before.
    #[must_use]
    pub fn age_at(self, service: NaiveDate, masked_over: Option<i32>) -> Option<Age> {
        let (oldest, youngest) = (completed_years(self.earliest, service), completed_years(self.latest, service));
        let age = match masked_over {
            Some(over) if youngest > over => Age::at_least(over.saturating_add(1)),
            Some(over) if oldest > over => Age::at_least(youngest),
            _ => Age::within(youngest, oldest),
        };
        (age != Age::Unknown).then_some(age)
    }

    /// The calendar year of the birth.
    #[must_use]
    pub fn year(self) -> i32 {
        self.earliest.year()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_age_is_a_number_or_a_bound() {
        for (cell, age) in [
            ("45", Age::from_years(45)),
            (" 45.0 ", Age::from_years(45)),
            ("0", Age::from_years(0)),
            ("> 89", Age::at_least(90)),
            (">89", Age::at_least(90)),
            (">= 90", Age::at_least(90)),
            ("90+", Age::at_least(90)),
            ("Over 89", Age::at_least(90)),
            ("< 1", Age::from_years(0)),
            ("<18", Age::within(0, 17)),
        ] {
            assert_eq!(Age::from_cell(cell, None), Some(age), "{cell}");
        }
        for cell in
            ["", "300", "-1", "45.5", "45Y", "adult", "> 300", ">", "+", "--", "> -5", "< 0", "4e1", "1/2", "-9"]
        {
            assert_eq!(Age::from_cell(cell, None), None, "{cell}");
        }
    }

    #[test]
    fn a_number_over_the_layouts_mask_stands_for_all_above_it() {
        assert_eq!(Age::from_cell("300", Some(89)), Some(Age::at_least(90)));
        assert_eq!(Age::from_cell("91", Some(89)), Some(Age::at_least(90)), "an anchor age of MIMIC-IV");
        assert_eq!(Age::from_cell("89", Some(89)), Some(Age::from_years(89)));
        assert_eq!(Age::from_cell("> 89", Some(89)), Some(Age::at_least(90)));
        assert_eq!(Age::from_cell("oops", Some(89)), None);
        assert!(Age::at_least(90).is_masked() && !Age::from_years(90).is_masked() && !Age::within(4, 5).is_masked());
    }

    #[test]
    fn a_birth_three_hundred_years_ago_is_a_masked_age_where_the_layout_says_so() {
        let birth = Birth::on(day("1844-07-18"));
        assert_eq!(birth.age_at(day("2144-09-20"), None), None);
        assert_eq!(birth.age_at(day("2144-09-20"), Some(89)), Some(Age::at_least(90)));
        assert_eq!(Birth::on(day("2060-01-01")).age_at(day("2144-09-20"), Some(89)), Some(Age::from_years(84)));
        assert_eq!(Birth::on(day("2145-01-01")).age_at(day("2144-09-20"), Some(89)), None, "born after the service");
    }

    #[test]
    fn a_birth_year_gives_an_age_to_within_one_year() {
        let service = day("2016-05-01");
        let bounds = |year, month, day| Birth::of_parts(year, month, day)?.age_at(service, None)?.bounds();
        assert_eq!(bounds(1998, None, None), Some(17..=18));
        assert_eq!(bounds(1998, Some(4), None), Some(18..=18));
        assert_eq!(bounds(1998, Some(5), None), Some(17..=18));
        assert_eq!(bounds(1998, Some(5), Some(2)), Some(17..=17));
        assert_eq!(bounds(1998, None, Some(9)), Some(17..=18), "a day without its month tells nothing");
        assert_eq!(bounds(2016, None, None), Some(0..=0));
        assert_eq!(bounds(2017, None, None), None);
        for (month, day) in [(Some(13), None), (Some(2), Some(30)), (Some(0), Some(1))] {
            assert_eq!(Birth::of_parts(1998, month, day), None);
        }
        assert_eq!(Birth::of_parts(i32::MAX, None, None), None);
        let edge = Birth::of_parts(1926, None, None).and_then(|birth| birth.age_at(service, Some(89)));
        assert_eq!(edge, Some(Age::at_least(89)), "89, or masked");
    }
}
