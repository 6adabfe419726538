//! How records look: dialect, header, lines within a record, dates, ages, amounts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::names::Names;
use crate::codes::ProductSystem;
use crate::intake::amount::AmountForm;
use crate::intake::binding::Column;
use crate::intake::date::DateForm;
pub use crate::source::Encoding;

/// Header names by which a file is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(clippy::struct_field_names, reason = "the names are those of the layout file")]
pub struct Fits {
    /// All of these are in the header.
    #[serde(default)]
    pub all_of: Vec<String>,
    /// One of these is, if any is named.
    #[serde(default)]
    pub any_of: Vec<String>,
    /// None of these is.
    #[serde(default)]
    pub none_of: Vec<String>,
}

/// Delimiters, quote, encoding and what may span lines.
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
    /// How many of its last fields a record may lack.
    #[serde(default)]
    pub allow_missing_fields: usize,
    /// Columns whose quoted fields may run over several lines.
    #[serde(default)]
    pub spans: Vec<Column>,
    /// The encoding, where it is not Unicode.
    pub encoding: Option<DeclaredEncoding>,
    /// The names of the columns, where the export has no header line.
    #[serde(default)]
    pub header: Vec<String>,
    /// First fields of header and trailer records, which are no lines.
    #[serde(default)]
    pub control: Vec<String>,
}

/// An encoding that only a layout can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeclaredEncoding {
    /// UTF-8.
    Utf8,
    /// Windows-1252, of which Latin-1 is a part.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl DeclaredEncoding {
    /// As inputs are read by it.
    #[must_use]
    pub const fn encoding(self) -> Encoding {
        match self {
            Self::Utf8 => Encoding::Utf8,
            Self::Windows1252 => Encoding::Windows1252,
        }
    }
}

/// A condition on one field of a record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Where {
    /// The header name.
    pub name: String,
    /// The field is one of these, if any is named. A word that ends in `*` stands for all that begin so.
    #[serde(default)]
    pub any_of: Vec<String>,
    /// The field is none of these.
    #[serde(default)]
    pub none_of: Vec<String>,
}

/// A group of numbered columns of which each number is a line of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Slots {
    /// The numbers, as `1..13`.
    pub numbers: String,
    /// Header names of the group's columns, with `{i}` for the number.
    pub columns: BTreeMap<Column, Names>,
    /// What the product codes of the group are; all systems by shape if none is named.
    #[serde(default)]
    pub systems: Vec<ProductSystem>,
    /// Whether the group gives lines only where no group before it gave one in scope.
    #[serde(default)]
    pub only_if_none: bool,
    /// In which records the group is looked at: all conditions must hold. What a claim repeats on each of its lines is read
    /// on the first of them only.
    #[serde(rename = "where", default)]
    pub conditions: Vec<Where>,
}

/// What codes are where nothing in the record says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Systems {
    /// Diagnosis codes.
    pub dx: Option<DxSystem>,
    /// Product codes; all systems by shape if none is named.
    #[serde(default)]
    pub product: Vec<ProductSystem>,
}

/// The system of diagnosis codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DxSystem {
    /// ICD-9-CM.
    Icd9,
    /// ICD-10-CM.
    Icd10,
    /// A system that is not read.
    Other,
}

impl<'de> Deserialize<'de> for ProductSystem {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let known = Self::ALL.into_iter().find(|(own, _)| *own == word);
        let accepted = || Self::ALL.map(|(own, _)| own).join(", ");
        known.map(|(_, system)| system).ok_or_else(|| {
            serde::de::Error::custom(format!("`{word}` is no system of product codes; accepted are {}", accepted()))
        })
    }
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
    /// Whether the dates were moved by whoever took the names out, so that they are no calendar days.
    #[serde(default)]
    pub shifted: bool,
}

/// How ages are masked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ages {
    /// Ages above this are masked.
    pub masked_over: Option<i32>,
}

/// How amounts are written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    /// Billed, allowed, paid.
    #[serde(default)]
    pub money: AmountForm,
    /// Units.
    #[serde(default)]
    pub units: AmountForm,
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
