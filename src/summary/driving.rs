//! Which codes bring up the indications of the orders that are not settled.
//!
//! An order that is not settled is counted once, under the first of its diagnoses that the rules list for its indication;
//! where none governs, that they list for any. An order without such a code is open by its text alone.

use std::cmp::Reverse;

use polars::prelude::{Column, DataFrame, PolarsResult};

use super::answer;
use super::cube::{Cube, Cut, Key};
use super::measure::Measures;
use super::partition::Partition;
use super::patients::Patient;

/// The name of the partition by what brings up an order that is not settled.
pub const BY_CODE: &str = "driving";

/// The determination of orders that are not settled.
const OPEN: &str = "indeterminate";

/// The title of a code, as it stands in the table, that the rules list for an indication; none if they do not list it.
/// An empty indication asks for any of them.
pub type ListedCodes<'rules> = dyn Fn(&str, &str) -> Option<String> + 'rules;

/// Orders that are not settled and come under one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCode {
    /// The governing indication; empty when none.
    pub indication: String,
    /// The code as normalised; empty where no code of the order is listed.
    pub code: String,
    /// Its title as the rules have it.
    pub title: String,
    /// What they amount to.
    pub measures: Measures,
}

/// Orders of one determination, flag, missing fact, indication and code.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct WithCode {
    determination: String,
    flag: String,
    wanting: String,
    indication: String,
    code: String,
}

/// The columns of the table that a part must have for [`with_codes`].
pub(super) const COLUMNS: [&str; 5] = ["determination", "flag", "wanting", "indication", "diagnoses"];

/// The columns of the partition.
const NAMES: [&str; 5] = ["determination", "flag", "wanting", "indication", "code"];

impl Key for WithCode {
    const COLUMNS: &'static [&'static str] = &NAMES;

    fn new(frame: &DataFrame, row: usize) -> PolarsResult<Self> {
        let text = |key: &str| answer::text(frame, key, row);
        Ok(Self {
            determination: text("determination")?,
            flag: text("flag")?,
            wanting: text("wanting")?,
            indication: text("indication")?,
            code: text("code")?,
        })
    }
}

/// A part of the table with the code under which each open order comes; empty for all others.
pub(super) fn with_codes(part: &DataFrame, listed: &ListedCodes<'_>) -> PolarsResult<DataFrame> {
    let (says, about) = (part.column("determination")?.str()?, part.column("indication")?.str()?);
    let diagnoses = part.column("diagnoses")?.list()?;
    let mut codes: Vec<String> = Vec::with_capacity(part.height());
    for row in 0..part.height() {
        let is_open = says.get(row) == Some(OPEN);
        let Some(own) = is_open.then(|| diagnoses.get_as_series(row)).flatten() else {
            codes.push(String::new());
            continue;
        };
        let indication = about.get(row).unwrap_or_default();
        let first = own.str()?.iter().flatten().find(|code| listed(indication, code).is_some());
        codes.push(first.unwrap_or_default().to_owned());
    }
    let mut part = part.clone();
    part.with_column(Column::new("code".into(), codes))?;
    Ok(part)
}

/// The cuts by code.
pub(super) struct CodeCuts {
    pub partition: Partition,
    /// Indication and code of the orders that are not settled.
    code: Cut<[String; 2]>,
}

impl CodeCuts {
    pub(super) fn of(cube: &Cube<WithCode>) -> Self {
        let values = |kind: &WithCode| {
            [&kind.determination, &kind.flag, &kind.wanting, &kind.indication, &kind.code].map(String::clone).to_vec()
        };
        let code = |kind: &WithCode| (kind.determination == OPEN).then(|| [kind.indication.clone(), kind.code.clone()]);
        Self { partition: cube.partition(BY_CODE, &NAMES, values), code: cube.cut(code) }
    }

    /// Counts the patients of one range, sorted.
    pub(super) fn count(&mut self, patients: &[Patient]) {
        self.code.count(patients);
    }

    /// Most orders first.
    pub(super) fn finish(self, listed: &ListedCodes<'_>) -> Vec<OpenCode> {
        let found = self.code.finish().into_iter().map(|([indication, code], measures)| {
            let title = listed(&indication, &code).unwrap_or_default();
            OpenCode { indication, code, title, measures }
        });
        let mut codes: Vec<OpenCode> = found.collect();
        // The sort is stable and they come sorted by indication and code.
        codes.sort_by_key(|each| Reverse(each.measures.orders));
        codes
    }
}
