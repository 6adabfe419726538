//! The code lists beside a new edition: what a person must look at. Nothing here is placed by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use ivig_audit::codes::Icd10;
use serde::Deserialize;

use super::table::{rows, text_of};
use super::validity::{ValidCodes, Window};

/// One row of a list, with its place.
pub struct Listed {
    path: PathBuf,
    line: u64,
    code: Icd10,
    prefix: bool,
    ended: bool,
}

#[derive(Deserialize)]
struct Row {
    system: String,
    code: String,
    #[serde(rename = "match")]
    kind: String,
    valid_to: String,
}

/// The code system that the order files hold, as the lists name it.
const SYSTEM: &str = "icd10cm";

/// Reads the ICD-10-CM rows of every list in a folder.
///
/// # Errors
/// A sentence with the file and line that cannot be read.
pub fn read(folder: &Path) -> Result<Vec<Listed>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    paths.sort();
    let mut listed = Vec::new();
    for path in paths {
        let broken = |what: String| format!("{}: {what}", path.display());
        for (line, row) in rows::<Row>(&text_of(&path)?).map_err(broken)? {
            if row.system == SYSTEM {
                let code = Icd10::parse(&row.code)
                    .map_err(|_| broken(format!("line {line}: the code is no ICD-10-CM code")))?;
                let (prefix, ended) = (row.kind == "prefix", !row.valid_to.is_empty());
                listed.push(Listed { path: path.clone(), line, code, prefix, ended });
            }
        }
    }
    Ok(listed)
}

/// The categories that the lists touch.
#[must_use]
pub fn categories(listed: &[Listed]) -> BTreeSet<Icd10> {
    listed.iter().map(|row| row.code.category()).collect()
}

/// What a person must look at, now that the table holds the edition of this day.
#[must_use]
pub fn to_place(listed: &[Listed], valid: &ValidCodes, effective: NaiveDate) -> Vec<String> {
    let mut found: Vec<String> = listed.iter().filter_map(|row| row.ended_unnoticed(valid)).collect();
    let placed: BTreeSet<Icd10> = listed.iter().filter(|row| !row.prefix).map(|row| row.code).collect();
    let new = |code: Icd10| valid.windows(code).first().is_some_and(|first| first.from == Some(effective));
    let mut branches: BTreeMap<(Icd10, String), usize> = BTreeMap::new();
    let billable = valid.opened_on(effective).filter(|(_, window)| window.billable).map(|(code, _)| code);
    for code in billable.filter(|code| !placed.contains(code)) {
        // A new header is told once, not code by code below it.
        let top = (3..=code.len()).map(|len| code.prefix(len)).find(|prefix| new(*prefix)).unwrap_or(code);
        for place in listed.iter().filter_map(|row| row.takes(code, new)) {
            *branches.entry((top, place)).or_default() += 1;
        }
    }
    found.extend(branches.into_iter().map(|((top, place), codes)| match codes {
        1 => format!("{top} is new: {place}"),
        codes => format!("{top} is new, {codes} codes: {place}"),
    }));
    found
}

impl Listed {
    fn place(&self) -> String {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        format!("codes/{name}:{}", self.line)
    }

    /// The code has ended, or has codes below it now, and the list does not say so.
    fn ended_unnoticed(&self, valid: &ValidCodes) -> Option<String> {
        let windows = valid.windows(self.code);
        let open = windows.iter().find(|window| window.to.is_none());
        let last =
            windows.iter().filter(|window| window.billable || self.prefix).filter_map(|window| window.to).max()?;
        let place = self.place();
        match open {
            _ if self.ended => None,
            None => Some(format!("{place}: {} ended on {last}, and the row has no valid_to", self.code)),
            Some(Window { billable: false, .. }) if !self.prefix => Some(format!(
                "{place}: {} was billable until {last} and is a header now; its new codes must be placed",
                self.code
            )),
            Some(_) => None,
        }
    }

    /// Why a new code may belong to this row's list: it is read under the row's prefix already, or stands beside
    /// the row's code under one header, itself or with the whole new branch that it belongs to.
    fn takes(&self, code: Icd10, new: impl Fn(Icd10) -> bool) -> Option<String> {
        let branch = code.prefix(self.code.len());
        let (place, own) = (self.place(), self.code);
        if code.len() < own.len() || code == own {
            None
        } else if branch == own {
            let how = if self.prefix { "read under the prefix" } else { "below the listed code" };
            Some(format!("{how} {own} of {place}"))
        } else if own.len() > 3 && branch.prefix(own.len() - 1) == own.prefix(own.len() - 1) && new(branch) {
            Some(format!("beside {own} of {place}"))
        } else {
            None
        }
    }
}
