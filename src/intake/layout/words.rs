//! Words of an export's own, and what they stand for. All are compared trimmed and in lower case.

use serde::Deserialize;

/// Words of the diagnosis version column.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionWords {
    /// Words for ICD-10-CM.
    #[serde(default)]
    pub icd10: Vec<String>,
    /// Words for ICD-9-CM.
    #[serde(default)]
    pub icd9: Vec<String>,
    /// Words for code systems that are not read.
    #[serde(default)]
    pub other: Vec<String>,
}

/// Words of the line status column, by what they say of the line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusWords {
    /// Paid.
    #[serde(default)]
    pub paid: Vec<String>,
    /// The payer's own decision not to pay.
    #[serde(default)]
    pub denied: Vec<String>,
    /// A line that the payer has already.
    #[serde(default)]
    pub duplicate: Vec<String>,
    /// Taken back.
    #[serde(default)]
    pub reversed: Vec<String>,
    /// Of a bill that takes an earlier one back.
    #[serde(default)]
    pub void: Vec<String>,
    /// Of a bill that replaces an earlier one.
    #[serde(default)]
    pub replacement: Vec<String>,
    /// Not yet decided.
    #[serde(default)]
    pub pended: Vec<String>,
    /// Anything else.
    #[serde(default)]
    pub other: Vec<String>,
}

impl StatusWords {
    pub(super) fn lists(&mut self) -> [&mut Vec<String>; 8] {
        let Self { paid, denied, duplicate, reversed, void, replacement, pended, other } = self;
        [paid, denied, duplicate, reversed, void, replacement, pended, other]
    }

    /// The word that outputs carry for a cell, if the layout knows it.
    #[must_use]
    pub fn read(&self, cell: &str) -> Option<&'static str> {
        let word = crate::codes::in_lower_case(crate::codes::trim_cell(cell));
        let all: [(&'static str, &[String]); 8] = [
            ("paid", &self.paid),
            ("denied", &self.denied),
            ("duplicate", &self.duplicate),
            ("reversed", &self.reversed),
            ("void", &self.void),
            ("replacement", &self.replacement),
            ("pended", &self.pended),
            ("other", &self.other),
        ];
        all.into_iter().find(|(_, words)| words.iter().any(|own| *own == *word)).map(|(status, _)| status)
    }
}

/// What the last character of a type of bill says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillFrequency {
    /// Characters of a bill that replaces an earlier one.
    #[serde(default)]
    pub replacement: Vec<String>,
    /// Characters of a bill that takes an earlier one back.
    #[serde(default)]
    pub void: Vec<String>,
}
