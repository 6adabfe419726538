//! Reading code lists and the codes that are valid, from the shared folder and from those of a ruleset's layers.

use chrono::NaiveDate;
use serde::Deserialize;

use super::system::{self, System};
use super::{CodeList, CodeLists, LISTS_MAX, ListId, ListRow};
use crate::codes::DiagnosisCode;
use crate::rules::error::{Problem, RulesError, accepted};
use crate::rules::files::RuleFiles;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ValidRow {
    code: String,
    billable: u8,
    valid_from: String,
    valid_to: String,
}

impl CodeLists {
    /// Reads `codes/*.csv` and `codes/valid/*.csv`, then what the rulesets have in a `codes` folder of their own.
    pub(crate) fn load<'l>(files: &RuleFiles, layers: impl Iterator<Item = &'l str>) -> Result<Self, RulesError> {
        let mut this = Self::default();
        let mut problems = Vec::new();
        for folder in ["codes".to_owned()].into_iter().chain(layers.map(|layer| format!("{layer}/codes"))) {
            for (path, text) in files.below(&folder) {
                match path.strip_suffix(".csv").and_then(|path| path.rsplit_once('/')) {
                    Some((_, "shared")) => {} // which lists share codes, and why: for the lints
                    Some((place, id)) if place == folder => this.load_list(id, path, text, &mut problems),
                    Some(("codes/valid", id)) => match System::find(id) {
                        Some(system) => this.load_valid(system, path, text, &mut problems),
                        None => problems.push(Problem::new(path, None, system::unknown(id))),
                    },
                    _ => {}
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
        if problems.is_empty() { Ok(this) } else { Err(RulesError { problems }) }
    }

    fn load_list(&mut self, id: &str, path: &str, text: &str, problems: &mut Vec<Problem>) {
        let known = self.find(id);
        let list = known.unwrap_or(ListId(self.lists.len().min(LISTS_MAX - 1) as u8));
        let mut rows = Vec::new();
        for (line, row) in csv_rows::<ListRow>(path, text, problems) {
            let Some(system) = System::find(&row.system) else {
                problems.push(Problem::new(path, Some(line), system::unknown(&row.system)));
                continue;
            };
            let code = match system.read(&row.code) {
                Ok(code) => code,
                Err(reason) => {
                    let message = format!("`{}` is not an {} code: {reason}", row.code, system.title);
                    problems.push(Problem::new(path, Some(line), message));
                    continue;
                }
            };
            let index = match row.kind.as_str() {
                "exact" => &mut self.exact,
                "prefix" => &mut self.prefix,
                "drop" if known.is_some_and(|list| self.take_out(list, &row.code, code)) => continue,
                "drop" => {
                    let message = "the code to drop does not stand in this list of a ruleset below";
                    problems.push(Problem::new(path, Some(line), message));
                    continue;
                }
                other => {
                    problems.push(Problem::new(
                        path,
                        Some(line),
                        format!(
                            "unknown match `{other}`; accepted are {}",
                            accepted(["exact", "prefix"].into_iter().chain(known.map(|_| "drop")))
                        ),
                    ));
                    continue;
                }
            };
            for (name, cell) in [("valid_from", &row.valid_from), ("valid_to", &row.valid_to)] {
                if let Err(message) = day(cell) {
                    problems.push(Problem::new(path, Some(line), format!("{name}: {message}")));
                }
            }
            if !matches!(row.confidence.as_str(), "high" | "medium") {
                problems.push(Problem::new(
                    path,
                    Some(line),
                    format!("confidence `{}`; accepted are {}", row.confidence, accepted(["high", "medium"])),
                ));
            }
            index.entry(code).or_default().insert(list);
            if !self.systems.contains(&system.version) {
                self.systems.push(system.version);
            }
            rows.push(row);
        }
        match known {
            Some(list) => self.lists[usize::from(list.0)].rows.extend(rows),
            None => self.lists.push(CodeList { id: id.to_owned(), rows }),
        }
    }

    /// Takes a code out of a list, as an overlay asks; tells whether it was there.
    fn take_out(&mut self, list: ListId, written: &str, code: DiagnosisCode) -> bool {
        let rows = &mut self.lists[usize::from(list.0)].rows;
        let before = rows.len();
        rows.retain(|row| row.code != written);
        for index in [&mut self.exact, &mut self.prefix] {
            if let Some(lists) = index.get_mut(&code) {
                lists.remove(list);
            }
        }
        rows.len() < before
    }

    fn load_valid(&mut self, system: System, path: &str, text: &str, problems: &mut Vec<Problem>) {
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
            let windows = self.valid.entry(code).or_default();
            if row.billable == 1 {
                windows.billable.push((from, to));
            }
        }
    }
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
