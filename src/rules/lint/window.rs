//! Code lists and products against the dates on which codes were valid.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::Subject;
use super::sheet::Sheet;
use crate::rules::error::Problem;
use crate::rules::list::day;

/// First and last day; `None` where it is open.
type Window = (Option<NaiveDate>, Option<NaiveDate>);

/// A window as a row of a file gives it.
struct Dated {
    line: usize,
    /// What it is a window of: the code as written, and in products the system.
    code: String,
    /// What the code stands for at that time, for products.
    what: String,
    window: Window,
}

fn window(sheet: &Sheet<'_>, row: &[String]) -> Window {
    let cell = |column: &str| day(sheet.cell(row, column)).unwrap_or_default();
    (cell("valid_from"), cell("valid_to"))
}

/// Every file whose rows give codes with windows, one window a row, in order of code and first day.
fn dated(subject: &Subject<'_>) -> Vec<(String, Vec<Dated>)> {
    let mut folders = subject.valid_folders();
    folders.push("products".to_owned());
    let sheets = folders.iter().flat_map(|folder| Sheet::in_folder(subject.files, folder));
    let dated = sheets.filter(|sheet| sheet.columns.iter().any(|column| column == "valid_from")).map(|sheet| {
        let mut rows: Vec<Dated> = sheet
            .rows
            .iter()
            .map(|(line, row)| Dated {
                line: *line,
                code: [sheet.cell(row, "system"), sheet.cell(row, "code"), sheet.cell(row, "ndc")].concat(),
                what: [sheet.cell(row, "product"), sheet.cell(row, "billable")].concat(),
                window: window(&sheet, row),
            })
            .collect();
        rows.sort_by(|one, other| (&one.code, one.window.0).cmp(&(&other.code, other.window.0)));
        (sheet.path.to_owned(), rows)
    });
    dated.collect()
}

/// Two windows of one code that follow each other.
fn neighbours(subject: &Subject<'_>, is_bad: impl Fn(&Dated, &Dated) -> Option<String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, rows) in dated(subject) {
        for pair in rows.windows(2).filter(|pair| pair[0].code == pair[1].code) {
            if let Some(message) = is_bad(&pair[0], &pair[1]) {
                problems.push(Problem::new(&path, Some(pair[1].line), message));
            }
        }
    }
    problems
}

/// Windows that end before they begin, in any list or table.
pub(super) fn reversed(subject: &Subject<'_>) -> Vec<Problem> {
    let mut folders = subject.list_folders();
    folders.extend(subject.valid_folders());
    folders.push("products".to_owned());
    let mut problems = Vec::new();
    for sheet in folders.iter().flat_map(|folder| Sheet::in_folder(subject.files, folder)) {
        for (line, row) in &sheet.rows {
            if let (Some(from), Some(to)) = window(&sheet, row)
                && from > to
            {
                let message = format!("valid_from {from} is after valid_to {to}");
                problems.push(Problem::new(sheet.path, Some(*line), message));
            }
        }
    }
    problems
}

/// Windows of one code that share a day.
pub(super) fn overlap(subject: &Subject<'_>) -> Vec<Problem> {
    neighbours(subject, |one, other| {
        let shares = match (one.window.1, other.window.0) {
            (Some(end), Some(start)) => start <= end,
            _ => true,
        };
        shares.then(|| format!("its window and that of line {} share a day", one.line))
    })
}

/// Windows of one code and meaning with days between them.
pub(super) fn gap(subject: &Subject<'_>) -> Vec<Problem> {
    neighbours(subject, |one, other| match (one.window.1, other.window.0) {
        (Some(end), Some(start)) if one.what == other.what && end.succ_opt().is_some_and(|next| start > next) => {
            Some(format!("no window holds the days between {end} (line {}) and {start}", one.line))
        }
        _ => None,
    })
}

/// The windows in which a code of a classification could be billed; empty for one that only has children.
type Known = BTreeMap<String, Vec<Window>>;

/// What the classifications know, by system. What a layer says of a code takes the place of what is said below.
fn known(subject: &Subject<'_>) -> BTreeMap<String, Known> {
    let mut systems: BTreeMap<String, Known> = BTreeMap::new();
    for sheet in subject.valid_folders().iter().flat_map(|folder| Sheet::in_folder(subject.files, folder)) {
        let mut own = Known::new();
        for (_, row) in &sheet.rows {
            let windows = own.entry(sheet.cell(row, "code").replace('.', "")).or_default();
            if sheet.cell(row, "billable") != "0" {
                windows.push(window(&sheet, row));
            }
        }
        systems.entry(sheet.stem().to_owned()).or_default().extend(own);
    }
    systems
}

/// Codes of lists that the classification does not know, or knows for other dates. A row of a list that a higher layer
/// writes anew or drops does not count.
pub(super) fn not_in_system(subject: &Subject<'_>) -> Vec<Problem> {
    let systems = known(subject);
    let mut above: BTreeSet<[String; 3]> = BTreeSet::new();
    let mut problems = Vec::new();
    for folder in subject.list_folders().iter().rev() {
        let mut here = Vec::new();
        let mut found = Vec::new();
        let sheets = Sheet::in_folder(subject.files, folder);
        for sheet in sheets.iter().filter(|sheet| sheet.columns.iter().any(|name| name == "match")) {
            for (line, row) in &sheet.rows {
                let system = sheet.cell(row, "system");
                let key = [sheet.stem().to_owned(), system.to_owned(), sheet.cell(row, "code").replace('.', "")];
                let message = match systems.get(system) {
                    _ if sheet.cell(row, "match") == "drop" || above.contains(&key) => None,
                    Some(known) => fault(known, sheet, row),
                    None => Some(format!("there is no codes/valid/{system}.csv to check it against")),
                };
                found.extend(message.map(|message| Problem::new(sheet.path, Some(*line), message)));
                here.push(key);
            }
        }
        above.extend(here);
        problems.splice(0..0, found);
    }
    problems
}

fn fault(known: &Known, sheet: &Sheet<'_>, row: &[String]) -> Option<String> {
    let written = sheet.cell(row, "code");
    let code = written.replace('.', "");
    let is_prefix = sheet.cell(row, "match") == "prefix";
    if !is_prefix && !known.contains_key(&code) {
        return Some(format!("the classification does not know `{written}`"));
    }
    let below = known.range(code.clone()..).take_while(|(other, _)| other.starts_with(&code));
    let windows: Vec<Window> = below
        .filter(|(other, _)| is_prefix || **other == code)
        .flat_map(|(_, windows)| windows.iter().copied())
        .collect();
    if windows.is_empty() {
        return is_prefix.then(|| format!("the classification knows no code below `{written}` that could be billed"));
    }
    let first = windows.iter().map(|window| window.0).min().flatten();
    let last =
        windows.iter().map(|window| window.1.unwrap_or(NaiveDate::MAX)).max().filter(|day| *day != NaiveDate::MAX);
    let shown = |day: Option<NaiveDate>| day.map_or_else(|| "open".to_owned(), |day| day.to_string());
    (window(sheet, row) != (first, last))
        .then(|| format!("`{written}` was valid from {} to {} by the classification", shown(first), shown(last)))
}
