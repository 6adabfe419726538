//! What a ruleset is: its edition, the publication behind it, what it quotes, and who answers for it.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::guideline::Basis;

/// What a ruleset is.
#[derive(Debug, Clone)]
pub struct Info {
    /// Id.
    pub id: String,
    /// Version.
    pub version: String,
    /// Title for people.
    pub title: String,
    /// Short title for tables.
    pub short_title: String,
    /// What gives it authority.
    pub basis: Basis,
    /// `draft` until a clinician has signed.
    pub status: String,
    /// Month from which the statement is taken to be in force, `YYYY-MM`, and its first day.
    pub in_force_from: (String, NaiveDate),
    /// What is known of that month.
    pub in_force_note: String,
    /// Last day that the code lists know of.
    pub code_facts_until: NaiveDate,
    /// The publication.
    pub source: Source,
    /// Who answers for it.
    pub review: Review,
    /// Id of the ruleset that it is laid over, if it is.
    pub extends: Option<String>,
    /// BLAKE3 of the files, hex.
    pub digest: String,
}

impl Info {
    /// `id@version`, as findings carry it.
    #[must_use]
    pub fn name(&self) -> String {
        let mut name = String::new();
        self.write_name(&mut name);
        name
    }

    /// Adds the same to a text.
    pub(crate) fn write_name(&self, out: &mut String) {
        out.push_str(&self.id);
        out.push('@');
        out.push_str(&self.version);
    }
}

/// The publication behind a ruleset.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Source {
    /// Title of the publication.
    pub title: String,
    /// Its authors.
    pub authors: String,
    /// Where it appeared.
    pub journal: String,
    /// Year.
    pub year: u16,
    /// The number in `PubMed`; empty where there is none.
    #[serde(default)]
    pub pmid: String,
    /// DOI; empty where there is none.
    #[serde(default)]
    pub doi: String,
    /// Copyright line; empty where there is none.
    #[serde(default)]
    pub copyright: String,
    /// How much of it the authors of the rules have read.
    pub read: String,
}

impl Source {
    /// Authors, journal and year, and the numbers that there are: "X et al. A Journal 2020. `PMID` 1, doi:2".
    #[must_use]
    pub fn citation(&self) -> String {
        let numbers = [("PMID ", &self.pmid), ("doi:", &self.doi)];
        let numbers: Vec<String> = numbers
            .into_iter()
            .filter(|(_, number)| !number.is_empty())
            .map(|(name, number)| format!("{name}{number}"))
            .collect();
        let tail = if numbers.is_empty() { String::new() } else { format!(". {}", numbers.join(", ")) };
        format!("{}. {} {}{tail}", self.authors.trim_end_matches('.'), self.journal, self.year)
    }
}

/// Who answers for a ruleset.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Review {
    /// Author of the rules.
    pub author: String,
    /// Clinician who checked them; empty until somebody has.
    pub checker: String,
    /// When.
    pub reviewed_on: String,
    /// When they must be looked at again.
    pub review_by: String,
}

/// A quotation of the statement.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Statement {
    /// Id.
    pub id: String,
    /// The words.
    pub text: String,
    /// The beginning of the digest of the words as they were compared with the source.
    pub lock: Option<String>,
    /// Index of the layer that quotes it.
    #[serde(skip)]
    pub origin: u8,
}
