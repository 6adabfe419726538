//! In which forms the dates of a field are written, and what tells day-first from month-first.

use chrono::{NaiveDate, TimeDelta};

use crate::intake::date::{self, DateForm};

/// A form and its word in a layout.
const FORMS: [(DateForm, &str); 8] = [
    (DateForm::YearMonthDay, "year-month-day"),
    (DateForm::Compact, "compact"),
    (DateForm::MonthDayYear, "month-day-year"),
    (DateForm::DayMonthNameYear, "day-month-name-year"),
    (DateForm::DayMonthYear, "day-month-year"),
    (DateForm::DayMonthYearDots, "day-month-year-dots"),
    (DateForm::MonthDayShortYear, "month-day-short-year"),
    (DateForm::Range, "range"),
];
/// Years that a date of an export may have; eight digits beyond are identifiers. Some exports move dates by centuries.
const YEARS: std::ops::RangeInclusive<i32> = 1850..=2250;

/// Counts of date forms. No date is kept, only their sum.
#[derive(Debug, Clone, Default)]
pub struct SeenDates {
    forms: [u64; FORMS.len()],
    /// Day and month in numbers in any order, the year last.
    numeric: u64,
    /// Those whose first number is over 12, so that it is a day.
    pub first_over_12: u64,
    /// Those whose second number is over 12, so that the first is a month.
    pub second_over_12: u64,
    /// With dots between them, the day first.
    pub day_first_by_dots: u64,
    /// With dots and the month first, or with hyphens between them, which no layout reads.
    pub dotted: u64,
    /// With a year of two digits.
    pub short_years: u64,
    sum: i64,
    read: i64,
}

impl SeenDates {
    /// Looks at a trimmed cell and says whether it looks like a date.
    pub fn see(&mut self, cell: &str) -> bool {
        let mut known = false;
        for (at, (form, _)) in FORMS.iter().enumerate() {
            if let Some(day) = date::read(cell, &[*form]).filter(|day| YEARS.contains(&chrono::Datelike::year(day))) {
                self.forms[at] += 1;
                self.add(day);
                known = true;
            }
        }
        self.numeric(cell, known) || known
    }

    fn add(&mut self, day: NaiveDate) {
        self.sum += (day - NaiveDate::default()).num_days();
        self.read += 1;
    }

    /// Three numbers with a mark between them, the year last.
    fn numeric(&mut self, cell: &str, known: bool) -> bool {
        let day = cell.split([' ', 'T']).next().unwrap_or(cell);
        let Some(mark) = day.chars().find(|c| matches!(c, '/' | '.' | '-')) else { return false };
        let parts: Vec<&str> = day.split(mark).collect();
        let [first, second, year] = parts[..] else { return false };
        let number = |part: &str| (part.len() <= 2).then(|| part.parse::<u32>().ok()).flatten();
        let (Some(first), Some(second)) = (number(first), number(second)) else { return false };
        let digits = year.bytes().all(|byte| byte.is_ascii_digit());
        let possible = (1..=31).contains(&first) && (1..=31).contains(&second) && first.min(second) <= 12;
        if !digits || !matches!(year.len(), 2 | 4) || !possible {
            return false;
        }
        // With dots the day stands first, unless a month that is none says otherwise.
        if known && mark == '.' {
            self.day_first_by_dots += 1;
            return true;
        }
        self.numeric += 1;
        self.first_over_12 += u64::from(first > 12);
        self.second_over_12 += u64::from(second > 12);
        if year.len() == 2 {
            self.short_years += 1;
            return true;
        }
        self.dotted += u64::from(mark != '/');
        if let (false, Ok(year)) = (known, year.parse()) {
            let (month, day) = if first > 12 { (second, first) } else { (first, second) };
            if let Some(day) = NaiveDate::from_ymd_opt(year, month, day) {
                self.add(day);
            }
        }
        true
    }

    /// The mean day.
    #[must_use]
    pub fn mean(&self) -> Option<NaiveDate> {
        NaiveDate::default().checked_add_signed(TimeDelta::try_days(self.sum.checked_div(self.read)?)?)
    }

    /// Whether first parts over 12, and no second part, say that the day stands first.
    #[must_use]
    pub fn is_day_first(&self) -> bool {
        self.first_over_12 > 0 && self.second_over_12 == 0
    }

    /// Words for the forms of a layout in which these dates can be read, the most frequent first.
    #[must_use]
    pub fn readable(&self) -> Vec<&'static str> {
        let told = |form: DateForm| match form {
            DateForm::MonthDayYear | DateForm::MonthDayShortYear => self.first_over_12 == 0,
            DateForm::DayMonthYear => self.is_day_first(),
            DateForm::DayMonthYearDots => self.second_over_12 == 0,
            _ => true,
        };
        let mut seen: Vec<(u64, &'static str)> = FORMS
            .iter()
            .zip(self.forms)
            .filter(|((form, _), count)| *count > 0 && told(*form))
            .map(|((_, word), count)| (count, *word))
            .collect();
        seen.sort_by_key(|(count, _)| u64::MAX - count);
        seen.into_iter().map(|(_, word)| word).collect()
    }

    /// What a person must know of these dates before trusting them.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        match (self.first_over_12, self.second_over_12) {
            _ if self.numeric == 0 => {}
            (0, 0) => remarks.push("no day over 12 was seen, so month-first is not certain: CHECK".to_owned()),
            (0, _) => remarks.push(format!("month first: {} have a second part over 12", self.second_over_12)),
            (first, 0) => remarks.push(format!("day first: {first} have a first part over 12")),
            (first, second) => remarks.push(format!(
                "both orders: {first} have a first part over 12, {second} a second part; such dates cannot be read"
            )),
        }
        match (self.day_first_by_dots, self.second_over_12) {
            (0, _) => {}
            (dots, 0) => remarks.push(format!("day first: {dots} are written with dots")),
            (dots, _) => {
                remarks
                    .push(format!("{dots} are written with dots, and not all with the day first; they cannot be read"));
            }
        }
        if self.dotted > 0 {
            remarks.push(format!(
                "{} are written with the year last and hyphens, or with dots and the month first, which is not read: CHECK",
                self.dotted
            ));
        }
        if self.short_years > 0 {
            remarks.push(format!("{} have a year of two digits", self.short_years));
        }
        remarks
    }
}

#[cfg(test)]
mod tests {
    use super::SeenDates;

    fn seen(cells: &[&str]) -> SeenDates {
        let mut dates = SeenDates::default();
        for cell in cells {
            assert!(dates.see(cell), "{cell}");
        }
        dates
    }

    #[test]
    fn a_part_over_twelve_tells_day_first_from_month_first() {
        let day_first = seen(&["03/04/2024", "31/12/2024"]);
        assert_eq!((day_first.first_over_12, day_first.readable()), (1, vec!["day-month-year"]));
        assert!(seen(&["31/12/2024", "12/31/2024"]).readable().is_empty(), "both orders");
        let month_first = seen(&["03/04/2024", "12/31/2024"]);
        assert_eq!(month_first.readable(), ["month-day-year"]);
        assert!(month_first.remarks()[0].starts_with("month first"), "{:?}", month_first.remarks());
        assert!(seen(&["03/04/2024"]).remarks()[0].contains("CHECK"));
    }

    #[test]
    fn dots_say_that_the_day_stands_first_unless_a_month_says_otherwise() {
        let dots = seen(&["31.12.2024", "03.04.2024"]);
        assert_eq!(dots.readable(), ["day-month-year-dots"]);
        assert_eq!(dots.remarks(), ["day first: 2 are written with dots"]);
        assert_eq!(seen(&["03.04.2024"]).readable(), ["day-month-year-dots"], "no day over 12 is needed");
        let both = seen(&["03.04.2024", "12.31.2024"]);
        assert!(both.readable().is_empty(), "{:?}", both.readable());
        assert!(both.remarks().iter().any(|remark| remark.contains("cannot be read")), "{:?}", both.remarks());
        let mixed = seen(&["03/04/2024", "03.04.2024"]);
        assert_eq!(mixed.readable(), ["month-day-year", "day-month-year-dots"]);
    }

    #[test]
    fn what_no_layout_reads_is_said() {
        assert!(seen(&["31-12-2024"]).remarks().iter().any(|remark| remark.contains("hyphens")));
        assert!(seen(&["12.31.2024"]).remarks().iter().any(|remark| remark.contains("not read")));
        assert!(seen(&["2/1/16"]).remarks().iter().any(|remark| remark.contains("two digits")));
        assert!(!SeenDates::default().see("12345678"), "an identifier is no day");
    }
}
