//! What the cells of one field look like: counts of shapes, never a cell.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use chrono::Datelike;
use serde::Deserialize;

use super::dates::SeenDates;
use super::hints::Hints;
use crate::codes::{Hcpcs, Icd9, Icd10, Icd10Pcs, Modifier, Ndc, is_null_token, trim_cell};
use crate::intake::amount;

/// Most different cells that are told apart in one field.
const DISTINCT_MAX: usize = 20_000;
/// Most characters of a word that may be a pointer at diagnoses.
const POINTER_MAX: usize = 8;

/// A shape of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// A day in some form.
    Date,
    /// One diagnosis code, ICD-10-CM or ICD-9-CM.
    Diagnosis,
    /// Several diagnosis codes.
    Diagnoses,
    /// A procedure code: HCPCS, CPT or ICD-10-PCS.
    Procedure,
    /// A code that the ruleset lists as a globulin.
    KnownProductCode,
    /// A National Drug Code that leaves no doubt.
    Ndc,
    /// A name that the ruleset knows as a globulin's.
    KnownProductName,
    /// A number.
    Number,
    /// A word for a sex.
    Sex,
    /// Two characters that may be a modifier.
    Modifier,
    /// A word that the shipped layouts know for a diagnosis code system.
    Version,
    /// Numbers or letters that may point at diagnoses.
    Pointer,
    /// Several words.
    Text,
    /// One word.
    Word,
}

impl Shape {
    const COUNT: usize = Self::Word as usize + 1;
    const ALL: [Self; Self::COUNT] = [
        Self::Date,
        Self::Diagnosis,
        Self::Diagnoses,
        Self::Procedure,
        Self::KnownProductCode,
        Self::Ndc,
        Self::KnownProductName,
        Self::Number,
        Self::Sex,
        Self::Modifier,
        Self::Version,
        Self::Pointer,
        Self::Text,
        Self::Word,
    ];

    /// In words, behind a share.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Date => "dates",
            Self::Diagnosis => "ICD codes",
            Self::Diagnoses => "lists of ICD codes",
            Self::Procedure => "procedure codes",
            Self::KnownProductCode => "codes of globulins",
            Self::Ndc => "NDCs",
            Self::KnownProductName => "names of globulins",
            Self::Number => "numbers",
            Self::Sex => "words for a sex",
            Self::Modifier => "modifiers",
            Self::Version => "words for a code system",
            Self::Pointer => "pointers",
            Self::Text => "texts of several words",
            Self::Word => "single words",
        }
    }
}

/// What the rules know of products. Suggestions may rest on it; what is in scope does not rest on suggestions.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Whether a cell holds a code that is listed as a globulin.
    pub code: &'a dyn Fn(&str) -> bool,
    /// Whether a cell names a globulin.
    pub name: &'a dyn Fn(&str) -> bool,
}

/// What was seen in the cells of one field.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    /// Records that were looked at.
    pub seen: u64,
    /// Cells that hold something.
    pub filled: u64,
    counts: [u64; Shape::COUNT],
    /// Diagnosis codes with a dot.
    pub dotted: u64,
    /// Codes that begin with a letter.
    pub lettered: u64,
    /// Diagnosis codes that can only be ICD-9-CM.
    pub icd9: u64,
    /// Numbers with exactly two decimals.
    pub cents: u64,
    /// Lengths of diagnosis codes without dots.
    lengths: [bool; 8],
    /// Letters in cells that are no code and no number.
    letters: u64,
    /// What the dates looked like.
    pub dates: SeenDates,
    /// Words for a code system that were seen; only known words are kept.
    pub versions: Vec<String>,
    distinct: HashSet<u64>,
}

impl Cells {
    /// Looks at one cell.
    pub fn see(&mut self, cell: &str, hints: &Hints, known: Known<'_>) {
        self.seen += 1;
        let cell = trim_cell(cell);
        if is_null_token(cell) {
            return;
        }
        self.filled += 1;
        if self.distinct.len() < DISTINCT_MAX {
            let mut hasher = DefaultHasher::new();
            cell.hash(&mut hasher);
            self.distinct.insert(hasher.finish());
        }
        let lower = cell.to_lowercase();
        self.count(Shape::Sex, hints.cells.sex.contains(&lower));
        if hints.version_words.contains_key(&lower) {
            self.count(Shape::Version, true);
            if !self.versions.contains(&lower) {
                self.versions.push(lower);
            }
        }
        let is_date = self.dates.see(cell);
        self.count(Shape::Date, is_date);
        let number = amount::read(cell, 6).is_some();
        self.count(Shape::Number, number);
        self.cents += u64::from(number && cell.rsplit_once('.').is_some_and(|(_, rest)| rest.len() == 2));
        self.codes(cell, known);
        self.words(cell, known);
    }

    fn count(&mut self, shape: Shape, holds: bool) {
        self.counts[shape as usize] += u64::from(holds);
    }

    fn codes(&mut self, cell: &str, known: Known<'_>) {
        let (ten, nine) = (Icd10::parse(cell).is_ok(), Icd9::parse(cell).is_ok());
        let procedure = Hcpcs::parse(cell).is_ok() || Icd10Pcs::parse(cell).is_ok();
        self.count(Shape::Diagnosis, ten || nine);
        self.count(Shape::Procedure, procedure);
        if ten || nine || procedure {
            self.icd9 += u64::from(nine && !ten);
            self.dotted += u64::from((ten || nine) && cell.contains('.'));
            self.lettered += u64::from(cell.starts_with(|c: char| c.is_ascii_alphabetic()));
            self.lengths[cell.chars().filter(char::is_ascii_alphanumeric).count().min(7)] = true;
        }
        let separator = |c: char| matches!(c, ';' | '|' | ',' | '^' | ' ');
        let mut parts = cell.split(separator).filter(|part| !part.is_empty()).peekable();
        let first = parts.next();
        let several = parts.peek().is_some();
        let code = |part: &str| Icd10::parse(part).is_ok() || Icd9::parse(part).is_ok();
        self.count(Shape::Diagnoses, several && first.is_some_and(code) && parts.all(code));
        self.count(Shape::Ndc, Ndc::parse(cell).is_ok());
        self.count(Shape::Modifier, Modifier::parse(cell).is_ok());
        let marks = |c: char| matches!(c, ':' | ',' | ' ' | '|');
        let short = cell.len() <= POINTER_MAX
            && cell.chars().all(|c| marks(c) || c.is_ascii_digit() || matches!(c.to_ascii_uppercase(), 'A'..='L'));
        self.count(Shape::Pointer, short);
        self.count(Shape::KnownProductCode, procedure && (known.code)(cell));
    }

    fn words(&mut self, cell: &str, known: Known<'_>) {
        let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
        let words = cell.split_whitespace().filter(is_word).count();
        let letters = cell.chars().filter(|c| c.is_alphabetic()).count() as u64;
        if words > 0 {
            self.letters += letters;
        }
        self.count(Shape::Text, words > 1);
        self.count(Shape::Word, words == 1 && !cell.bytes().any(|byte| byte.is_ascii_digit()));
        self.count(Shape::KnownProductName, letters > 2 && (known.name)(cell));
    }

    /// How many filled cells have a shape.
    #[must_use]
    pub fn of(&self, shape: Shape) -> u64 {
        self.counts[shape as usize]
    }

    /// Per cent of the filled cells that have a shape, rounded down.
    #[must_use]
    pub fn share(&self, shape: Shape) -> u64 {
        (self.of(shape) * 100).checked_div(self.filled).unwrap_or(0)
    }

    /// Per cent of filled cells that differ from all others.
    #[must_use]
    pub fn distinct_share(&self) -> u64 {
        (self.distinct.len() as u64 * 100).checked_div(self.filled).unwrap_or(0)
    }

    /// How many different cells there are.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.distinct.len()
    }

    /// Per cent of the different cells here that are found in another field too.
    #[must_use]
    pub fn share_in(&self, other: &Self) -> u64 {
        let found = self.distinct.iter().filter(|cell| other.distinct.contains(cell)).count() as u64;
        (found * 100).checked_div(self.distinct.len() as u64).unwrap_or(0)
    }

    /// Letters of an average text; the longest texts are the likeliest indications.
    #[must_use]
    pub fn letters(&self) -> u64 {
        self.letters.checked_div(self.filled).unwrap_or(0)
    }

    /// Whether the cells alone, without a name, are diagnosis codes: not identifiers and not procedures that look alike.
    #[must_use]
    pub fn are_diagnoses(&self) -> bool {
        let codes = self.share(Shape::Diagnosis) + self.share(Shape::Diagnoses);
        let mostly_dotted = self.dotted * 5 >= self.of(Shape::Diagnosis);
        let varied = self.lengths.iter().filter(|seen| **seen).count() > 1 && self.distinct_share() <= 50;
        codes >= 80
            && self.lettered * 2 >= self.of(Shape::Diagnosis)
            && (mostly_dotted || (varied && !self.are_procedures()))
    }

    /// Whether the cells alone, without a name, are product or procedure codes.
    #[must_use]
    pub fn are_procedures(&self) -> bool {
        self.share(Shape::Procedure) >= 60 && self.dotted == 0 && self.of(Shape::KnownProductCode) > 0
    }

    /// The mean year of the dates that can be read.
    #[must_use]
    pub fn mean_year(&self) -> Option<i32> {
        self.dates.mean().map(|day| day.year())
    }

    /// The shapes of a field in words: the three that most cells have, none of which says what a cell holds.
    #[must_use]
    pub fn in_words(&self) -> String {
        if self.filled == 0 {
            return "empty".to_owned();
        }
        let mut shares: Vec<(u64, Shape)> =
            Shape::ALL.into_iter().map(|shape| (self.share(shape), shape)).filter(|(share, _)| *share >= 5).collect();
        shares.retain(|(_, shape)| !matches!(shape, Shape::Pointer | Shape::Modifier | Shape::Version));
        shares.sort_by_key(|(share, shape)| (u64::MAX - share, *shape));
        let mut words: Vec<String> =
            shares.iter().take(3).map(|(share, shape)| format!("{share} % {}", shape.in_words())).collect();
        if words.is_empty() {
            words.push("no known shape".to_owned());
        }
        let filled = match (self.filled * 100).checked_div(self.seen).unwrap_or(0) {
            0 => "less than 1".to_owned(),
            filled => filled.to_string(),
        };
        format!("{filled} % filled: {}", words.join(", "))
    }
}
