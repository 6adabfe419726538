//! The rule files as they are written: what TOML may hold, key for key. Unknown keys are errors.
//!
//! References to other files (facts, lists, statements) are [`Spanned`], so that a wrong one is reported
//! with its line.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::ruleset::{Caps, Conflict, Flags, Review, Source, Statement};
use crate::guideline::{Basis, CitationBasis, EvidenceClass, Recommendation};

/// A condition as written: fact id to value.
pub(crate) type Condition = Spanned<BTreeMap<String, String>>;

fn day<'de, D: Deserializer<'de>>(input: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = String::deserialize(input)?;
    text.parse().map(Some).map_err(|_| serde::de::Error::custom("a date is written YYYY-MM-DD"))
}

/// `ruleset.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RulesetFile {
    pub id: Spanned<String>,
    pub version: String,
    pub title: String,
    pub short_title: String,
    pub basis: Basis,
    pub status: String,
    pub in_force_from: String,
    pub in_force_note: String,
    #[serde(deserialize_with = "day")]
    pub code_facts_until: Option<NaiveDate>,
    pub source: Source,
    pub review: Review,
    #[serde(rename = "statement", default)]
    pub statements: Vec<Statement>,
    pub policy: PolicyFile,
    pub outside: OutsideFile,
    pub conflict: Conflict,
    #[serde(rename = "open-question", default)]
    pub open_questions: Vec<OpenQuestionFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyFile {
    pub precedence: Spanned<Vec<Recommendation>>,
    pub flag: Flags,
    pub cap: Caps,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutsideFile {
    pub established: Vec<Spanned<String>>,
    pub other: Vec<Spanned<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenQuestionFile {
    pub id: String,
    pub text: String,
}

/// `text.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextFile {
    #[serde(rename = "cue", default)]
    pub cues: Vec<CueFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CueFile {
    pub kind: super::phrase::CueKind,
    pub phrases: Vec<Spanned<String>>,
}

/// `facts.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactsFile {
    #[serde(rename = "fact", default)]
    pub facts: Vec<FactFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FactFile {
    pub id: Spanned<String>,
    pub label: String,
    pub ask: String,
    pub values: Spanned<Vec<String>>,
    pub value_labels: Vec<String>,
    #[serde(rename = "source", default)]
    pub sources: Vec<Spanned<FactSourceFile>>,
    #[serde(rename = "default", default)]
    pub defaults: Vec<Spanned<FactDefaultFile>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FactSourceFile {
    pub value: String,
    pub codes: Option<String>,
    #[serde(default)]
    pub phrases: Vec<String>,
    pub negated_value: Option<String>,
    pub age_from: Option<i32>,
    pub age_below: Option<i32>,
    pub named: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactDefaultFile {
    pub value: String,
    pub codes: Option<String>,
    #[serde(default, deserialize_with = "day")]
    pub from: Option<NaiveDate>,
    #[serde(default, deserialize_with = "day")]
    pub until: Option<NaiveDate>,
    #[serde(default)]
    pub silent: bool,
    pub note: String,
}

/// `indications/<id>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndicationFile {
    pub id: Spanned<String>,
    pub label: String,
    pub why: String,
    #[serde(default)]
    pub misses: Vec<String>,
    #[serde(default)]
    pub refines: Vec<Spanned<String>>,
    #[serde(rename = "not-addressed", default)]
    pub not_addressed: Vec<Condition>,
    #[serde(default)]
    pub together: Vec<Vec<String>>,
    #[serde(rename = "match", default)]
    pub matches: Vec<MatchFile>,
    pub text: Option<NamesFile>,
    #[serde(rename = "note", default)]
    pub notes: Vec<NoteFile>,
    #[serde(rename = "row", default)]
    pub rows: Vec<RowFile>,
    #[serde(rename = "example", default)]
    pub examples: Vec<Spanned<super::example::Example>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MatchFile {
    pub codes: Option<Spanned<String>>,
    pub all_of: Option<Spanned<Vec<String>>>,
    pub strength: super::ruleset::Strength,
    pub requires: Option<Condition>,
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteFile {
    pub codes: Vec<Spanned<String>>,
    pub text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NamesFile {
    #[serde(default)]
    pub names: Vec<Spanned<String>>,
    #[serde(default)]
    pub under: Vec<Spanned<String>>,
    pub requires: Option<Condition>,
    #[serde(default)]
    pub ambiguous: Vec<AmbiguousFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AmbiguousFile {
    pub phrase: Spanned<String>,
    #[serde(default)]
    pub with_codes: Vec<Spanned<String>>,
    #[serde(default)]
    pub with_words: Vec<Spanned<String>>,
    #[serde(default)]
    pub not_with_words: Vec<Spanned<String>>,
    #[serde(default)]
    pub not_after_number: bool,
    #[serde(default)]
    pub not_before: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowFile {
    pub id: Spanned<String>,
    pub label: String,
    pub when: Option<Condition>,
    pub recommendation: Recommendation,
    pub evidence: Option<EvidenceClass>,
    pub cite: CiteFile,
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CiteFile {
    pub statement: Spanned<String>,
    pub basis: CitationBasis,
}
