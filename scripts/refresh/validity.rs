//! The table of codes with their windows, `codes/valid/icd10cm.csv`, and what an edition changes in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;
use ivig_audit::codes::Icd10;
use serde::Deserialize;

use super::order_file::OrderFile;
use super::table::{day, rows, written};

/// The first day of ICD-10-CM in the United States.
pub const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2015, 10, 1).unwrap();

/// One window of a code, as a billable code or as a header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// Whether the code may be billed in this window.
    pub billable: bool,
    /// First day; unknown if empty.
    pub from: Option<NaiveDate>,
    /// Last day; open if empty.
    pub to: Option<NaiveDate>,
}

/// What an edition changes of one code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// It is new.
    Opened,
    /// It is gone.
    Ended,
    /// It was billable and has codes below it now.
    BecameHeader,
    /// It was a header and may be billed now.
    BecameBillable,
    /// It began on this very day by an earlier reading, and this file does not hold it.
    Withdrawn,
}

/// One change, for the report.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The code.
    pub code: Icd10,
    /// What becomes of it.
    pub what: What,
    /// Whether it is billable afterwards, or was, if it is gone.
    pub billable: bool,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, billable, .. } = self;
        let kind = if *billable { "billable" } else { "header" };
        match self.what {
            What::Opened => write!(f, "+ {code}  new, {kind}"),
            What::Ended => write!(f, "- {code}  ended, was {kind}"),
            What::BecameHeader => write!(f, "~ {code}  was billable, is a header"),
            What::BecameBillable => write!(f, "~ {code}  was a header, is billable"),
            What::Withdrawn => write!(f, "- {code}  not in this file, taken back"),
        }
    }
}

/// The windows of every code of every category that a list touches.
#[derive(Default)]
pub struct ValidCodes {
    windows: BTreeMap<Icd10, Vec<Window>>,
}

#[derive(Deserialize)]
struct ValidRow {
    code: String,
    billable: u8,
    valid_from: String,
    valid_to: String,
}

const HEADER: [&str; 4] = ["code", "billable", "valid_from", "valid_to"];

impl ValidCodes {
    /// Reads the table.
    ///
    /// # Errors
    /// A sentence with the line that cannot be read.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut windows: BTreeMap<Icd10, Vec<Window>> = BTreeMap::new();
        for (line, row) in rows::<ValidRow>(text)? {
            let window = || -> Result<(Icd10, Window), String> {
                let code = Icd10::parse(&row.code).map_err(|_| "the code is no ICD-10-CM code".to_owned())?;
                let billable = match row.billable {
                    0 => false,
                    1 => true,
                    _ => return Err("billable is 0 or 1".to_owned()),
                };
                Ok((code, Window { billable, from: day(&row.valid_from)?, to: day(&row.valid_to)? }))
            };
            let (code, window) = window().map_err(|what| format!("line {line}: {what}"))?;
            windows.entry(code).or_default().push(window);
        }
        for windows in windows.values_mut() {
            windows.sort_by_key(|window| window.from);
        }
        Ok(Self { windows })
    }

    /// The table as it stands in the file: sorted by code, then by first day.
    #[must_use]
    pub fn text(&self) -> String {
        let date = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let all = self.windows.iter().flat_map(|(code, windows)| windows.iter().map(move |window| (code, window)));
        let cells = all.map(|(code, window)| {
            [code.to_string(), u8::from(window.billable).to_string(), date(window.from), date(window.to)]
        });
        written(&HEADER, cells)
    }

    /// The categories of the table.
    #[must_use]
    pub fn categories(&self) -> BTreeSet<Icd10> {
        self.windows.keys().map(Icd10::category).collect()
    }

    /// The windows of a code, oldest first.
    #[must_use]
    pub fn windows(&self, code: Icd10) -> &[Window] {
        self.windows.get(&code).map_or(&[], Vec::as_slice)
    }

    /// Codes with a window that begins on a day.
    pub fn opened_on(&self, day: NaiveDate) -> impl Iterator<Item = (Icd10, Window)> + '_ {
        let all = self.windows.iter().flat_map(|(code, windows)| windows.iter().map(move |window| (*code, *window)));
        all.filter(move |(_, window)| window.from == Some(day))
    }

    /// Makes the table say of these categories what the edition says from its first day on.
    ///
    /// # Errors
    /// A sentence if the table is ahead of the edition, or if the edition has lost a whole category.
    pub fn apply(
        &mut self,
        edition: &OrderFile,
        effective: NaiveDate,
        categories: &BTreeSet<Icd10>,
    ) -> Result<Vec<Change>, String> {
        if let Some(newest) = self.newest(categories).filter(|newest| *newest > effective) {
            return Err(format!(
                "the table holds changes of {newest}; order files are read in order of time, the oldest first"
            ));
        }
        let mut changes = Vec::new();
        for category in categories {
            let told: BTreeMap<Icd10, bool> = edition.below(*category).collect();
            let open: BTreeMap<Icd10, bool> = self.open_below(*category).collect();
            if told.is_empty() && !open.is_empty() {
                return Err(format!(
                    "category {category} is not in the order file: is it whole? If the category was removed, end its \
                     codes by hand"
                ));
            }
            let codes: BTreeSet<Icd10> = told.keys().chain(open.keys()).copied().collect();
            let all = codes.into_iter().map(|code| (code, open.get(&code).copied(), told.get(&code).copied()));
            for (code, before, after) in all.filter(|(_, before, after)| before != after) {
                changes.push(self.change(code, before, after, effective));
            }
        }
        Ok(changes)
    }

    fn change(&mut self, code: Icd10, before: Option<bool>, after: Option<bool>, effective: NaiveDate) -> Change {
        let eve = effective.pred_opt();
        let windows = self.windows.entry(code).or_default();
        // A window that an earlier reading began on this very day leaves no trace.
        windows.retain(|window| !(window.to.is_none() && window.from == Some(effective)));
        windows.iter_mut().filter(|window| window.to.is_none()).for_each(|window| window.to = eve);
        if let Some(billable) = after {
            let ended_on_the_eve = |window: &&mut Window| window.to == eve && window.billable == billable;
            match windows.iter_mut().find(ended_on_the_eve) {
                Some(window) => window.to = None,
                None => windows.push(Window { billable, from: Some(effective), to: None }),
            }
        }
        let forgotten = windows.is_empty();
        if forgotten {
            self.windows.remove(&code);
        }
        let what = match (before, after) {
            (Some(true), Some(_)) => What::BecameHeader,
            (Some(false), Some(_)) => What::BecameBillable,
            (None, _) => What::Opened,
            (Some(_), None) if forgotten => What::Withdrawn,
            (Some(_), None) => What::Ended,
        };
        Change { code, what, billable: after.or(before).unwrap_or_default() }
    }

    fn open_below(&self, category: Icd10) -> impl Iterator<Item = (Icd10, bool)> + '_ {
        let below = self.windows.range(category..).take_while(move |(code, _)| code.category() == category);
        below.filter_map(|(code, windows)| {
            windows.iter().find(|window| window.to.is_none()).map(|window| (*code, window.billable))
        })
    }

    /// The latest day on which something of these categories changed.
    fn newest(&self, categories: &BTreeSet<Icd10>) -> Option<NaiveDate> {
        let touched = self.windows.iter().filter(|(code, _)| categories.contains(&code.category()));
        let days = |window: &Window| [window.from, window.to.and_then(|day| day.succ_opt())];
        touched.flat_map(|(_, windows)| windows.iter().flat_map(days)).flatten().max()
    }
}
