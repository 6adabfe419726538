//! The orders by month of service.
//!
//! Exports hold dates that cannot be: shifted years, mistyped ones. So a report lists at most [`MONTHS`] months, those
//! with the most orders, and all others are one group beside them; orders without a readable date are another.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::Datelike;
use polars::prelude::{DataFrame, PolarsResult};

use super::cube::{Cube, Cut, Key};
use super::measure::Measures;
use super::partition::Partition;
use super::patients::Patient;
use super::{DETERMINATIONS, FLAGS, Group, answer, query};

/// How many months a report lists.
pub const MONTHS: usize = 60;

/// The name of the partition by month.
pub const BY_MONTH: &str = "months";

/// What stands for the months that are not listed.
pub const OTHER_MONTHS: &str = "other";

/// Orders by the month of their service date.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Months {
    /// The listed months, the earliest first.
    pub listed: Vec<Month>,
    /// The orders of all other months, if there are any.
    pub other: Option<Month>,
    /// How many other months there are.
    pub others: u64,
    /// The orders without a readable service date, if there are any.
    pub undated: Option<Month>,
}

/// The orders of one month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Month {
    /// `YYYY-MM`; [`OTHER_MONTHS`]; or empty where no date is readable.
    pub month: String,
    /// What they amount to.
    pub measures: Measures,
    /// Those that are flagged or for review.
    pub findings: Measures,
    /// In the order of [`FLAGS`]; all are listed.
    pub by_flag: Vec<Group>,
    /// In the order of [`DETERMINATIONS`]; all are listed.
    pub by_determination: Vec<Group>,
}

impl Months {
    /// Every group: the listed months, all others, and the orders without a date.
    pub fn all(&self) -> impl Iterator<Item = &Month> {
        self.listed.iter().chain(&self.other).chain(&self.undated)
    }
}

/// Orders of one month, determination and flag.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct InMonth {
    month: String,
    determination: String,
    flag: String,
}

impl Key for InMonth {
    const COLUMNS: &'static [&'static str] = &["service_date", "determination", "flag"];

    fn new(frame: &DataFrame, row: usize) -> PolarsResult<Self> {
        let month = answer::date(frame, "service_date", row)?;
        Ok(Self {
            month: month.map(|day| format!("{:04}-{:02}", day.year(), day.month())).unwrap_or_default(),
            determination: answer::text(frame, "determination", row)?,
            flag: answer::text(frame, "flag", row)?,
        })
    }
}

/// The cuts by month.
pub(super) struct MonthCuts {
    listed: BTreeSet<String>,
    others: u64,
    pub partition: Partition,
    whole: Cut<String>,
    findings: Cut<String>,
    flag: Cut<[String; 2]>,
    determination: Cut<[String; 2]>,
}

impl MonthCuts {
    pub(super) fn of(cube: &Cube<InMonth>) -> Self {
        let mut months: Vec<(String, u64)> =
            cube.amounts(|kind| kind.month.clone()).into_iter().map(|(month, all)| (month, all.orders)).collect();
        months.retain(|(month, _)| !month.is_empty());
        // The sort is stable and the months come in order, so of equal ones the earlier is listed.
        months.sort_by_key(|(_, orders)| Reverse(*orders));
        let others = months.len().saturating_sub(MONTHS) as u64;
        let listed: BTreeSet<String> = months.into_iter().take(MONTHS).map(|(month, _)| month).collect();
        let month = |kind: &InMonth| {
            let is_listed = kind.month.is_empty() || listed.contains(&kind.month);
            if is_listed { kind.month.clone() } else { OTHER_MONTHS.to_owned() }
        };
        Self {
            partition: cube.partition(BY_MONTH, &["month", "determination", "flag"], |kind| {
                vec![month(kind), kind.determination.clone(), kind.flag.clone()]
            }),
            whole: cube.cut(|kind| Some(month(kind))),
            findings: cube.cut(|kind| (kind.flag != "clear").then(|| month(kind))),
            flag: cube.cut(|kind| Some([month(kind), kind.flag.clone()])),
            determination: cube.cut(|kind| Some([month(kind), kind.determination.clone()])),
            others,
            listed,
        }
    }

    /// Counts the patients of one range, sorted.
    pub(super) fn count(&mut self, patients: &[Patient]) {
        self.whole.count(patients);
        self.findings.count(patients);
        self.flag.count(patients);
        self.determination.count(patients);
    }

    pub(super) fn finish(self) -> Months {
        let (flags, determinations) = (self.flag.finish(), self.determination.finish());
        let findings = self.findings.finish();
        let of = |found: &[([String; 2], Measures)], month: &str, known: &[&str]| {
            let of_month = found.iter().filter(|([each, _], _)| each == month);
            let groups = of_month.map(|([_, key], measures)| Group { key: key.clone(), measures: *measures });
            query::in_order(groups.collect(), known)
        };
        let months = self.whole.finish().into_iter().map(|(month, measures)| Month {
            by_flag: of(&flags, &month, &FLAGS),
            by_determination: of(&determinations, &month, &DETERMINATIONS),
            findings: findings.iter().find(|(each, _)| *each == month).map(|(_, all)| *all).unwrap_or_default(),
            measures,
            month,
        });
        let mut all = Months { others: self.others, ..Months::default() };
        for month in months {
            match month.month.as_str() {
                "" => all.undated = Some(month),
                listed if self.listed.contains(listed) => all.listed.push(month),
                _ => all.other = Some(month),
            }
        }
        all
    }
}
