//! What is to be refreshed, as typed on the command line.

use std::path::PathBuf;

use chrono::NaiveDate;
use ivig_audit::codes::Icd10;

/// How the program is called.
pub const USAGE: &str = "\
Refreshes code facts in rules/ from the files of the authorities that publish them.

usage: refresh icd10cm --order-file FILE --effective DATE [--category CODE]... [--rules DIR] [--write]
       refresh ndc --product FILE --package FILE --release YYYY-MM [--rules DIR] [--write]

icd10cm  reads an ICD-10-CM order file of CMS (icd10cm_order_YYYY.txt) that holds from DATE on, and brings
         codes/valid/icd10cm.csv in line with it, for the categories of the table. Files are read in order of time.
         A category that no list has touched so far is filled with --category from all order files, FY2016 first.
ndc      reads product.txt and package.txt of the FDA's NDC directory, and brings products/ndc.csv in line with it,
         for the substances of refresh/ndc-substances.csv. The month of the release is the source of what changes.

--rules DIR  the rules directory, `rules` if not given
--write      writes the table; without it, only tells what would change

Code lists are never changed: what a person must place is told. ICD-9-CM is frozen and has nothing to refresh.

exit codes: 0 nothing to do, or written; 1 changes that are not written; 2 not called like this;
            3 a file that cannot be read or has another form, nothing written; 6 the table could not be written";

/// One refresh.
#[derive(Debug)]
pub struct Settings {
    /// What is refreshed, from which files.
    pub source: Source,
    /// The rules directory.
    pub rules: PathBuf,
    /// Whether the table is written.
    pub write: bool,
}

/// The files of an authority.
#[derive(Debug)]
pub enum Source {
    /// An edition of ICD-10-CM.
    Icd10cm {
        /// The order file.
        order_file: PathBuf,
        /// The first day of the edition.
        effective: NaiveDate,
        /// Only these categories; all of the table if empty.
        categories: Vec<Icd10>,
    },
    /// The NDC directory.
    Ndc {
        /// `product.txt`.
        product: PathBuf,
        /// `package.txt`.
        package: PathBuf,
        /// Any day of the month of the release.
        release: NaiveDate,
    },
}

impl Settings {
    /// Reads the words after the program's name.
    ///
    /// # Errors
    /// A sentence that names the word which is not understood.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let command = words.next().unwrap_or_default();
        let (mut rules, mut write) = (PathBuf::from("rules"), false);
        let (mut order_file, mut effective, mut categories) = (None, None, Vec::new());
        let (mut product, mut package, mut release) = (None, None, None);
        while let Some(word) = words.next() {
            if word == "--write" {
                write = true;
                continue;
            }
            let value = words.next().ok_or_else(|| format!("{word} needs a value\n\n{USAGE}"))?;
            match (command.as_str(), word.as_str()) {
                (_, "--rules") => rules = value.into(),
                ("icd10cm", "--order-file") => order_file = Some(value.into()),
                ("icd10cm", "--effective") => effective = Some(first_of_month(&value)?),
                ("icd10cm", "--category") => categories.push(category(&value)?),
                ("ndc", "--product") => product = Some(value.into()),
                ("ndc", "--package") => package = Some(value.into()),
                ("ndc", "--release") => release = Some(month(&value)?),
                _ => return Err(format!("{word} is not an option here\n\n{USAGE}")),
            }
        }
        let source = match command.as_str() {
            "icd10cm" => order_file.zip(effective).map(|(order_file, effective)| Source::Icd10cm {
                order_file,
                effective,
                categories,
            }),
            "ndc" => product.zip(package).zip(release).map(|((product, package), release)| Source::Ndc {
                product,
                package,
                release,
            }),
            _ => None,
        };
        let source = source.ok_or(USAGE)?;
        Ok(Self { source, rules, write })
    }
}

/// Editions begin on 1 October, additions on 1 January, February or April: another day is a slip.
fn first_of_month(value: &str) -> Result<NaiveDate, String> {
    let day: Option<NaiveDate> = value.parse().ok();
    day.filter(|day| chrono::Datelike::day(day) == 1)
        .ok_or_else(|| "--effective takes the first day of a month, as in 2026-10-01".to_owned())
}

fn month(value: &str) -> Result<NaiveDate, String> {
    format!("{value}-01").parse().map_err(|_| "--release takes a month, as in 2026-10".to_owned())
}

fn category(value: &str) -> Result<Icd10, String> {
    Icd10::parse(value)
        .ok()
        .filter(|code| code.len() == 3)
        .ok_or_else(|| "--category takes the first three characters of a code".to_owned())
}
