//! One refresh: the file of the authority against the table of the rules, as a report and perhaps a new table.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

#[path = "directory.rs"]
mod directory;
#[path = "lists.rs"]
mod lists;
#[path = "ndc.rs"]
mod ndc;
#[path = "order_file.rs"]
mod order_file;
#[path = "settings.rs"]
mod settings;
#[path = "substances.rs"]
mod substances;
#[path = "table.rs"]
mod table;
#[path = "validity.rs"]
mod validity;

use order_file::OrderFile;
use settings::{Settings, Source};
use validity::{FIRST_DAY, ValidCodes};

/// Does what the words after the program's name ask for. Gives the exit code and what is to be printed.
#[must_use]
pub fn run(words: Vec<String>) -> (u8, String) {
    if words.iter().any(|word| word == "--help") {
        return (0, format!("{}\n", settings::USAGE));
    }
    refreshed(words).unwrap_or_else(|(code, message)| (code, format!("refresh: {message}\n")))
}

fn refreshed(words: Vec<String>) -> Result<(u8, String), (u8, String)> {
    let settings = Settings::parse(words).map_err(|usage| (2, usage))?;
    let refresh = compare(&settings).map_err(|broken| (3, broken))?;
    let (code, end) = match &refresh.text {
        None => (0, ""),
        Some(_) if !settings.write => (1, "not written: look at it, then run again with --write\n"),
        Some(text) => {
            table::replace(&refresh.path, text)
                .map_err(|error| (6, format!("{}: {error}; nothing is changed", refresh.path.display())))?;
            (0, "written\n")
        }
    };
    Ok((code, refresh.report + end))
}

/// What a refresh found, before anything is written.
struct Refresh {
    /// For a person, a sentence a line.
    report: String,
    /// The table that is refreshed.
    path: PathBuf,
    /// Its new text, if it changes.
    text: Option<String>,
}

/// Compares the files of the authority with the rules. An error names the file and the line.
fn compare(settings: &Settings) -> Result<Refresh, String> {
    match &settings.source {
        Source::Icd10cm { .. } => icd10cm(settings),
        Source::Ndc { product, package, release } => ndc(&settings.rules, product, package, *release),
    }
}

fn icd10cm(settings: &Settings) -> Result<Refresh, String> {
    let Source::Icd10cm { order_file, effective, categories } = &settings.source else {
        return Err(settings::USAGE.to_owned());
    };
    let named = |path: &Path, what: String| format!("{}: {what}", path.display());
    let edition = OrderFile::read(&bytes_of(order_file)?).map_err(|what| named(order_file, what))?;
    let path = settings.rules.join("codes/valid/icd10cm.csv");
    let before = table::text_of(&path)?;
    let mut valid = ValidCodes::read(&before).map_err(|what| named(&path, what))?;
    let listed = lists::read(&settings.rules.join("codes"))?;

    let known = valid.categories();
    let only = if categories.is_empty() { known.clone() } else { categories.iter().copied().collect() };
    let changes = valid.apply(&edition, *effective, &only).map_err(|what| named(&path, what))?;

    let mut to_place: Vec<String> = Vec::new();
    for category in only.difference(&known).filter(|_| *effective > FIRST_DAY) {
        to_place.push(format!(
            "{category}: the table had nothing of it, so all of it begins on {effective}; right only if the order \
             files before this one do not hold it"
        ));
    }
    for category in lists::categories(&listed).difference(&valid.categories()) {
        to_place.push(format!(
            "{category}: listed, and not in the table; fill it with --category {category} from all order files, \
             FY2016 first"
        ));
    }
    for category in &edition.unread {
        to_place.push(format!("{category}: the program does not read codes of this shape; nothing of it is entered"));
    }
    to_place.extend(lists::to_place(&listed, &valid, *effective));
    Ok(refresh(path, &before, valid.text(), &changes, &to_place))
}

fn ndc(rules: &Path, product: &Path, package: &Path, release: NaiveDate) -> Result<Refresh, String> {
    let named = |path: &Path, what: String| format!("{}: {what}", path.display());
    let substances_path = rules.join("refresh/ndc-substances.csv");
    let substances = substances::Substances::read(&table::text_of(&substances_path)?)
        .map_err(|what| named(&substances_path, what))?;
    let path = rules.join("products/ndc.csv");
    let before = table::text_of(&path)?;
    let mut products = ndc::NdcProducts::read(&before).map_err(|what| named(&path, what))?;

    let packages = directory::packages(&bytes_of(package)?).map_err(|what| named(package, what))?;
    let listings =
        directory::listings(&bytes_of(product)?, &substances, &packages).map_err(|what| named(product, what))?;
    let found = products.apply(&listings, release);
    Ok(refresh(path, &before, products.text(), &found.changes, &found.to_place))
}

/// The report, and the new text if it differs from the old one.
fn refresh<Change: std::fmt::Display>(
    path: PathBuf,
    before: &str,
    after: String,
    changes: &[Change],
    to_place: &[String],
) -> Refresh {
    let mut report = String::new();
    // Writing to a string does not fail.
    let mut line = |text: &dyn std::fmt::Display| writeln!(report, "{text}").unwrap_or_default();
    let text = (before != after).then_some(after);
    match (&text, changes.len()) {
        (None, _) => line(&format_args!("{}: nothing to do", path.display())),
        (Some(_), 0) => line(&format_args!("{}: the same rows, in another order or form", path.display())),
        (Some(_), count) => line(&format_args!("{}: {count} changes", path.display())),
    }
    for change in changes {
        line(&format_args!("  {change}"));
    }
    if !to_place.is_empty() {
        line(&format_args!("for a person to decide: {}", to_place.len()));
    }
    for what in to_place {
        line(&format_args!("  {what}"));
    }
    Refresh { report, path, text }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}
