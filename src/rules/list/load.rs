//! Reading code lists and the codes that are valid, from the shared folder and from those of a ruleset's layers.

use std::collections::hash_map::Entry;

use chrono::NaiveDate;
use serde::Deserialize;

use super::known::KnownCodes;
use super::system::{self, System};
use super::{CodeList, CodeLists, LISTS_MAX, ListId, ListRow, Windows};
use crate::codes::DiagnosisCode;
use crate::rules::error::{Problem, RulesError, accepted};
use crate::rules::files::RuleFiles;
use crate::rules::quick::{QuickMap, QuickSet};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ValidRow {
    code: String,
    billable: u8,
    valid_from: String,
    valid_to: String,
}

/// What stands below a folder of codes, for messages.
const ACCEPTED_BELOW: &str = "accepted are `<list>.csv`, `shared.csv` and `valid/<system>.csv`";

impl CodeLists {
    /// Reads `codes/*.csv` and `codes/valid/*.csv`, then what the rulesets have in a `codes` folder of their own. A file
    /// that nothing would read is a problem: whoever put it there takes it to count.
    pub(crate) fn load<'l>(files: &RuleFiles, layers: impl Iterator<Item = &'l str>) -> Result<Self, RulesError> {
        let folders = std::iter::once("codes".to_owned()).chain(layers.map(|id| format!("{id}/codes"))).collect();
        let mut this = Self { folders, ..Self::default() };
        let mut problems = Vec::new();
        for folder in this.folders.clone() {
            for (path, text) in files.below(&folder).filter(|(path, _)| !path.ends_with(".md")) {
                let within = path[folder.len() + 1..].strip_suffix(".csv").map(|name| name.rsplit_once('/'));
                match (within, path.rsplit('/').next().and_then(|name| name.strip_suffix(".csv"))) {
                    (Some(None), Some("shared")) => {} // which lists share codes, and why: for the lints
                    (Some(None), Some(id)) => this.load_list(id, path, text, &mut problems),
                    (Some(Some(("valid", id))), _) => match System::find(id) {
                        Some(system) => this.load_valid(system, path, text, &mut problems),
                        None => problems.push(Problem::new(path, None, system::unknown(id))),
                    },
                    _ => problems.push(Problem::new(path, None, format!("nothing reads this file; {ACCEPTED_BELOW}"))),
                }
            }
        }
        if this.lists.len() > LISTS_MAX {
            problems.push(Problem::new(
                "codes",
                None,
                format!("{} code lists; at most {LISTS_MAX} are accepted", this.lists.len()),
            ));
        }
        this.known = KnownCodes::of(&this.exact, &this.prefix, &this.categories, &this.valid);
        this.note_titles();
        if problems.is_empty() { Ok(this) } else { Err(RulesError { problems }) }
    }

    /// Reads one file of a list. Of a code that stands in the list of a layer below, the row here takes the place.
    fn load_list(&mut self, id: &str, path: &str, text: &str, problems: &mut Vec<Problem>) {
        let below = self.find(id);
        let list = below.unwrap_or(ListId(self.lists.len().min(LISTS_MAX - 1) as u8));
        if below.is_none() {
            self.lists.push(CodeList { id: id.to_owned(), rows: Vec::new() });
        }
        let mut told = QuickSet::default();
        for (line, row) in csv_rows::<ListRow>(path, text, problems) {
            let mut refuse = |message: String| problems.push(Problem::new(path, Some(line), message));
            let (system, code) = match read(&row) {
                Ok(found) => found,
                Err(message) => {
                    refuse(message);
                    continue;
                }
            };
            if !told.insert(code) {
                refuse(format!("`{}` stands in this file twice; accepted is one row a code", row.code));
                continue;
            }
            match row.kind.as_str() {
                "exact" | "prefix" => {
                    faults(&row).into_iter().for_each(refuse);
                    self.put_in(list, system, code, row);
                }
                "drop" if self.take_out(list, code).is_some() => {}
                "drop" => refuse("the code to drop does not stand in this list of a ruleset below".to_owned()),
                other => {
                    let kinds = ["exact", "prefix"].into_iter().chain(below.map(|_| "drop"));
                    refuse(format!("unknown match `{other}`; accepted are {}", accepted(kinds)));
                }
            }
        }
    }

    fn put_in(&mut self, list: ListId, system: System, code: DiagnosisCode, row: ListRow) {
        let place = self.take_out(list, code);
        let index = if row.kind == "prefix" { &mut self.prefix } else { &mut self.exact };
        index.entry(code).or_default().insert(list);
        if !self.systems.contains(&system.version) {
            self.systems.push(system.version);
        }
        let rows = &mut self.lists[usize::from(list.0)].rows;
        rows.insert(place.unwrap_or(rows.len()), row);
    }

    /// Takes a code out of a list, however it is written there; tells where it stood. A code that no list holds any more
    /// leaves the index: what is in the index counts as named.
    fn take_out(&mut self, list: ListId, code: DiagnosisCode) -> Option<usize> {
        let mut stood = false;
        for index in [&mut self.exact, &mut self.prefix] {
            if let Entry::Occupied(mut lists) = index.entry(code) {
                stood |= lists.get().contains(list);
                lists.get_mut().remove(list);
                if lists.get().is_empty() {
                    lists.remove();
                }
            }
        }
        let rows = &mut self.lists[usize::from(list.0)].rows;
        let at = rows.iter().position(|row| stood && row.parsed() == Some(code))?;
        rows.remove(at);
        Some(at)
    }

    /// Reads the windows of codes. Those of a code in this file take the place of those below: the file of a site says
    /// all windows of each code that it names.
    fn load_valid(&mut self, system: System, path: &str, text: &str, problems: &mut Vec<Problem>) {
        let mut own: QuickMap<DiagnosisCode, Windows> = QuickMap::default();
        for (line, row) in csv_rows::<ValidRow>(path, text, problems) {
            let (code, from, to) = match (system.read(&row.code), day(&row.valid_from), day(&row.valid_to)) {
                (Ok(code), Ok(from), Ok(to)) if row.billable <= 1 => (code, from, to),
                _ => {
                    problems.push(Problem::new(
                        path,
                        Some(line),
                        "accepted are a code, 0 or 1, and two dates YYYY-MM-DD or empty",
                    ));
                    continue;
                }
            };
            self.categories.insert(code.category());
            let windows = own.entry(code).or_default();
            if row.billable == 1 {
                windows.billable.push((from, to));
            }
        }
        self.valid.extend(own);
    }
}

/// System and code of a row.
fn read(row: &ListRow) -> Result<(System, DiagnosisCode), String> {
    let system = System::find(&row.system).ok_or_else(|| system::unknown(&row.system))?;
    let not_one = |reason| format!("`{}` is not an {} code: {reason}", row.code, system.title);
    system.read(&row.code).map(|code| (system, code)).map_err(not_one)
}

/// What is wrong with the dates and the confidence of a row.
fn faults(row: &ListRow) -> Vec<String> {
    let dates = [("valid_from", &row.valid_from), ("valid_to", &row.valid_to)];
    let mut faults: Vec<String> =
        dates.into_iter().filter_map(|(name, cell)| Some(format!("{name}: {}", day(cell).err()?))).collect();
    if !matches!(row.confidence.as_str(), "high" | "medium") {
        faults.push(format!("confidence `{}`; accepted are {}", row.confidence, accepted(["high", "medium"])));
    }
    faults
}

/// An ISO date or an empty cell.
pub(in crate::rules) fn day(cell: &str) -> Result<Option<NaiveDate>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse().map(Some).map_err(|_| "accepted is a date YYYY-MM-DD or an empty cell".to_owned())
}

/// The rows of a CSV of the rules directory with their lines; what does not read becomes a problem.
pub(in crate::rules) fn csv_rows<T: for<'de> Deserialize<'de>>(
    path: &str,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Vec<(usize, T)> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for row in reader.deserialize() {
        match row {
            Ok(row) => rows.push((rows.len() + 2, row)),
            Err(error) => {
                let line = error.position().map(|at| at.line() as usize);
                problems.push(Problem::new(path, line, error.to_string()));
                break;
            }
        }
    }
    rows
}
