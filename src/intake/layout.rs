//! A layout as data: the shape of an export, as its TOML file says.

mod companion;
mod names;
mod shape;
mod validate;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

pub use companion::{Companion, Join};
pub use names::{Names, Several};
pub use shape::{
    Ages, Amounts, Dates, DeclaredEncoding, DxSystem, Fits, LayoutDialect, Requirement, Slots, Systems, Where,
};
pub use words::{BillFrequency, StatusWords, VersionWords};

use super::binding::Column;
use super::dose::DoseWords;

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
    /// Where the shape is known from, for people.
    #[serde(default)]
    pub basis: String,
    /// How the lines file is told from those of other layouts; without it, only by what the layout requires.
    pub recognise: Option<Fits>,
    /// Delimiters, quote, encoding and what may span lines.
    pub dialect: LayoutDialect,
    /// Header names of each column of the lines file.
    pub columns: BTreeMap<Column, Names>,
    /// Header names of keys on which files join and that are no column of their own.
    #[serde(default)]
    pub keys: BTreeMap<String, Vec<String>>,
    /// Which records are lines: all conditions must hold.
    #[serde(rename = "where", default)]
    pub conditions: Vec<Where>,
    /// Groups of numbered columns that make several lines of one record.
    #[serde(default)]
    pub slots: Vec<Slots>,
    /// What codes are where nothing in the record says it.
    #[serde(default)]
    pub systems: Systems,
    /// Further spellings of "nothing", by column or for `any`.
    #[serde(default)]
    pub nulls: BTreeMap<String, Vec<String>>,
    /// What must be in the header.
    pub requires: Vec<Requirement>,
    /// How dates are written.
    pub dates: Dates,
    /// How ages are masked.
    #[serde(default)]
    pub ages: Ages,
    /// How amounts are written.
    #[serde(default)]
    pub amounts: Amounts,
    /// Words of the dose unit column.
    #[serde(default)]
    pub dose_words: DoseWords,
    /// Words of the diagnosis version column.
    #[serde(default)]
    pub version_words: VersionWords,
    /// Words of the payer's decision column, by the word that outputs carry.
    #[serde(default)]
    pub decision_words: BTreeMap<String, Vec<String>>,
    /// Words of the line status column, by the word that outputs carry.
    #[serde(default)]
    pub status_words: StatusWords,
    /// Last characters of the type of bill.
    #[serde(default)]
    pub bill_frequency: BillFrequency,
    /// Files that join to the lines.
    #[serde(rename = "companion", default)]
    pub companions: Vec<Companion>,
    /// Executed examples.
    #[serde(rename = "example", default)]
    pub examples: Vec<super::example::LayoutExample>,
    /// BLAKE3 of the file, hex.
    #[serde(skip)]
    pub digest: String,
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
        layout.lower_words();
        layout.validate().map_err(|message| wrong(&message))?;
        layout.digest = blake3::hash(text.as_bytes()).to_hex().to_string();
        Ok(layout)
    }
}

impl Layout {
    /// Words are compared in lower case, however the file writes them.
    fn lower_words(&mut self) {
        let (version, status) = (&mut self.version_words, &mut self.status_words);
        let (dose, bill) = (&mut self.dose_words, &mut self.bill_frequency);
        let lists = [
            &mut version.icd10,
            &mut version.icd9,
            &mut version.other,
            &mut dose.gram,
            &mut dose.milligram,
            &mut bill.replacement,
            &mut bill.void,
        ];
        for word in lists.into_iter().chain(status.lists()).chain(self.decision_words.values_mut()).flatten() {
            *word = word.trim().to_lowercase();
        }
    }
}

/// The text of a shipped layout's file.
#[must_use]
pub fn builtin_text(id: &str) -> Option<&'static str> {
    BUILTIN.get_file(format!("{id}.toml"))?.contents_utf8()
}
