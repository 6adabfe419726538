//! How old the patient is on the day of service, as far as the export tells.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

/// Age in completed years at the service date. Exports mask high ages, carry a birth year only, or an age of another
/// year: what is known is a range, and one age is a range of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Age {
    /// Not in the export, or not readable.
    #[default]
    Unknown,
    /// Within these years.
    Known(Years),
}

/// Completed years from the lowest to the highest that are possible; never empty, and within 0 to [`Age::MAX_YEARS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Years {
    low: i32,
    high: i32,
}

impl Age {
    /// The oldest age that is believed; beyond it a birth date or an age is a masked or mistyped value.
    pub const MAX_YEARS: i32 = 130;

    /// Completed years between two days; unknown when the birth comes after the service or too long before.
    #[must_use]
    pub fn between(birth: NaiveDate, service: NaiveDate) -> Self {
        Self::from_years(completed_years(birth, service))
    }

    /// An age as a number of years; unknown outside 0 to [`Age::MAX_YEARS`].
    #[must_use]
    pub fn from_years(years: i32) -> Self {
        Self::within(years, years)
    }

    /// An age of which only bounds are known, both included; unknown where they leave no age that is believed.
    #[must_use]
    pub fn within(low: i32, high: i32) -> Self {
        let (low, high) = (low.max(0), high.min(Self::MAX_YEARS));
        if low <= high { Self::Known(Years { low, high }) } else { Self::Unknown }
    }

    /// A masked age: these years or any more.
    #[must_use]
    pub fn at_least(low: i32) -> Self {
        Self::within(low, Self::MAX_YEARS)
    }

    /// The age in the year of service of a patient whose age is given for another year (`anchor_age`). Neither the day of
    /// that age nor the birthday is known, so it may be a year less or more than the difference of the years makes it.
    #[must_use]
    pub fn in_another_year(age: Self, year_of_age: i32, service: NaiveDate) -> Self {
        let Self::Known(years) = age else { return Self::Unknown };
        let passed = service.year().saturating_sub(year_of_age);
        let moved = |bound: i32, by: i32| bound.saturating_add(passed).saturating_add(by);
        if years.high == Self::MAX_YEARS && years.low < years.high {
            return Self::at_least(moved(years.low, -1));
        }
        Self::within(moved(years.low, -1), moved(years.high, 1))
    }

    /// What is known by two things that are told of one age: the ages that both allow, or what the one tells where the other
    /// tells nothing. `None` if they contradict each other.
    #[must_use]
    pub fn of_both(one: Self, other: Self) -> Option<Self> {
        match (one, other) {
            (Self::Known(one), Self::Known(other)) => {
                let both = Self::within(one.low.max(other.low), one.high.min(other.high));
                (both != Self::Unknown).then_some(both)
            }
            (Self::Unknown, known) | (known, Self::Unknown) => Some(known),
        }
    }

    /// The years, if they are known to the year.
    #[must_use]
    pub fn years(self) -> Option<i32> {
        match self {
            Self::Known(years) if years.low == years.high => Some(years.low),
            _ => None,
        }
    }

    /// All ages that are possible; `None` where nothing is known.
    #[must_use]
    pub fn bounds(self) -> Option<RangeInclusive<i32>> {
        match self {
            Self::Known(years) => Some(years.low..=years.high),
            Self::Unknown => None,
        }
    }
}

/// Completed years between two days, whatever they are. A birth on 29 February completes its year on 1 March in common
/// years.
pub(crate) fn completed_years(birth: NaiveDate, service: NaiveDate) -> i32 {
    let before_birthday = (service.month(), service.day()) < (birth.month(), birth.day());
    service.year() - birth.year() - i32::from(before_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn age(birth: &str, service: &str) -> Age {
        Age::between(day(birth), day(service))
    }

    #[test]
    fn a_year_is_complete_on_the_birthday() {
        assert_eq!(age("2006-06-15", "2024-06-15").years(), Some(18));
        assert_eq!(age("2006-06-15", "2024-06-14").years(), Some(17));
        assert_eq!(age("2008-02-29", "2026-02-28").years(), Some(17));
        assert_eq!(age("2008-02-29", "2026-03-01").years(), Some(18));
        assert_eq!(age("2008-02-29", "2028-02-29").years(), Some(20));
    }

    #[test]
    fn impossible_ages_are_unknown() {
        assert_eq!(age("2025-06-01", "2024-02-02"), Age::Unknown);
        assert_eq!(age("1700-01-01", "2024-02-02"), Age::Unknown);
        assert_eq!(Age::from_years(300), Age::Unknown);
        assert_eq!(Age::from_years(-1), Age::Unknown);
        assert_eq!(Age::within(5, 4), Age::Unknown);
        assert_eq!(Age::at_least(131), Age::Unknown);
    }

    #[test]
    fn an_age_within_bounds_is_no_number_unless_the_bounds_meet() {
        assert_eq!((Age::at_least(90).years(), Age::at_least(90).bounds()), (None, Some(90..=Age::MAX_YEARS)));
        assert_eq!(Age::within(17, 18).bounds(), Some(17..=18));
        assert_eq!(Age::within(-1, 0).years(), Some(0), "nobody is younger than nought");
        assert_eq!(Age::Unknown.bounds(), None);
    }

    #[test]
    fn an_age_of_another_year_is_known_to_a_year_either_way() {
        let in_2150 = |age: Age, year: i32| Age::in_another_year(age, year, day("2150-06-01")).bounds();
        assert_eq!(in_2150(Age::from_years(40), 2145), Some(44..=46));
        assert_eq!(in_2150(Age::from_years(40), 2150), Some(39..=41));
        assert_eq!(in_2150(Age::from_years(0), 2150), Some(0..=1));
        assert_eq!(in_2150(Age::at_least(90), 2148), Some(91..=Age::MAX_YEARS));
        assert_eq!(in_2150(Age::at_least(90), 2160), Some(79..=Age::MAX_YEARS), "masked then, and younger now");
        assert_eq!(in_2150(Age::from_years(40), i32::MIN), None, "an absurd year is no age");
        assert_eq!(in_2150(Age::Unknown, 2145), None);
    }
}
