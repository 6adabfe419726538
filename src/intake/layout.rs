//! A layout as data: the shape of an export, as its TOML file says.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use chrono::NaiveDate;
use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::binding::Column;
use super::date::DateForm;

static BUILTIN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/layouts");

/// The shape of an export. Unknown keys in the file are errors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Layout {
    /// Id.
    pub id: String,
    /// Version.
    pub version: String,
    /// What it is, for people.
    pub label: String,
    /// Delimiters, quote and what may span lines.
    pub dialect: LayoutDialect,
    /// Header names of each column, best first. `{1..25}` stands for a run of numbered columns.
    pub columns: BTreeMap<Column, Vec<String>>,
    /// What must be in the header.
    pub requires: Vec<Requirement>,
    /// How dates are written.
    pub dates: Dates,
    /// Words of the diagnosis version column.
    pub version_words: VersionWords,
    /// Words of the payer's decision column, by the word that outputs carry.
    pub decision_words: BTreeMap<String, Vec<String>>,
    /// Executed examples.
    #[serde(rename = "example", default)]
    pub examples: Vec<super::example::LayoutExample>,
    /// BLAKE3 of the file, hex.
    #[serde(skip)]
    pub digest: String,
}

/// Delimiters, quote and what may span lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LayoutDialect {
    /// Delimiters to try, one character each.
    pub delimiters: Vec<char>,
    /// The quote, or none where quotes are data.
    pub quote: Option<char>,
    /// Whether a record may end with one extra, empty field.
    #[serde(default)]
    pub allow_trailing_delimiter: bool,
    /// Columns whose quoted fields may run over several lines.
    #[serde(default)]
    pub spans: Vec<Column>,
}

/// A group of columns of which one must be in the header.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Requirement {
    /// The columns.
    pub any_of: Vec<Column>,
    /// Why, for the error.
    pub why: String,
}

/// How dates are written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    /// The forms that are read.
    pub forms: Vec<DateForm>,
    /// Dates that mean "no date".
    #[serde(default)]
    pub sentinels: Vec<NaiveDateText>,
}

/// A date in a layout file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct NaiveDateText(pub NaiveDate);

impl TryFrom<String> for NaiveDateText {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| "a date is written YYYY-MM-DD".to_owned())
    }
}

/// Words of the diagnosis version column, lower case.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionWords {
    /// Words for ICD-10-CM.
    #[serde(default)]
    pub icd10: Vec<String>,
    /// Words for ICD-9-CM.
    #[serde(default)]
    pub icd9: Vec<String>,
}

/// A layout that cannot be used: file, line, and what would be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutError {
    /// The file.
    pub file: String,
    /// 1-based line, where one is known.
    pub line: Option<usize>,
    /// What is wrong and what would be accepted.
    pub message: String,
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{}: {}", self.file, line, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for LayoutError {}

impl Layout {
    /// The layouts that ship with the program, in id order.
    ///
    /// # Errors
    /// [`LayoutError`] if one of them is not valid, which a test excludes.
    pub fn builtin() -> Result<Vec<Self>, LayoutError> {
        let mut layouts = Vec::new();
        for file in BUILTIN.files().filter(|file| file.path().extension().is_some_and(|ext| ext == "toml")) {
            layouts.push(Self::parse(
                &format!("layouts/{}", file.path().display()),
                file.contents_utf8().unwrap_or_default(),
            )?);
        }
        layouts.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(layouts)
    }

    /// A shipped layout by id, or a site's own by its file.
    ///
    /// # Errors
    /// [`LayoutError`] if it is neither, or is not valid.
    pub fn open(id_or_file: &str) -> Result<Self, LayoutError> {
        let path = Path::new(id_or_file);
        if path.is_file() {
            let text = std::fs::read_to_string(path).map_err(|error| LayoutError {
                file: id_or_file.to_owned(),
                line: None,
                message: error.to_string(),
            })?;
            return Self::parse(id_or_file, &text);
        }
        let layouts = Self::builtin()?;
        let ids: Vec<String> = layouts.iter().map(|layout| format!("`{}`", layout.id)).collect();
        let message = format!("no such layout; accepted are {}, or a layout file", ids.join(", "));
        layouts.into_iter().find(|layout| layout.id == id_or_file).ok_or(LayoutError {
            file: id_or_file.to_owned(),
            line: None,
            message,
        })
    }

    /// Reads a layout file's text.
    ///
    /// # Errors
    /// [`LayoutError`] with the line, for unknown keys, columns and forms.
    pub fn parse(file: &str, text: &str) -> Result<Self, LayoutError> {
        let mut layout: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text.get(..span.start).unwrap_or(text).matches('\n').count() + 1);
            LayoutError { file: file.to_owned(), line, message: error.message().to_owned() }
        })?;
        let wrong = |message: &str| LayoutError { file: file.to_owned(), line: None, message: message.to_owned() };
        let ascii = |c: &char| c.is_ascii() && !matches!(c, '\n' | '\r');
        if layout.dialect.delimiters.is_empty()
            || !layout.dialect.delimiters.iter().chain(&layout.dialect.quote).all(ascii)
        {
            return Err(wrong(
                "dialect: delimiters and quote are single ASCII characters, and there is at least one delimiter",
            ));
        }
        if layout.requires.is_empty() {
            return Err(wrong("a layout has at least one [[requires]]"));
        }
        layout.digest = blake3::hash(text.as_bytes()).to_hex().to_string();
        Ok(layout)
    }
}

/// The text of a shipped layout's file.
#[must_use]
pub fn builtin_text(id: &str) -> Option<&'static str> {
    BUILTIN.get_file(format!("{id}.toml"))?.contents_utf8()
}
