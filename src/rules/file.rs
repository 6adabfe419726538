//! The rule files as they are written: what TOML may hold, key for key. Unknown keys are errors.
//!
//! References to other files (facts, lists, statements) are [`Spanned`], so that a wrong one is reported
//! with its line.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::ruleset::{Conflict, Review, Source, Statement};
use crate::guideline::{Basis, CitationBasis, EvidenceClass, Flag, Recommendation};

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
    /// The ruleset that this one is laid over. What is left out below is then that ruleset's.
    pub extends: Option<Spanned<String>>,
    #[serde(default)]
    pub inherit: Inherit,
    #[serde(default)]
    pub drop: DropFile,
    pub in_force_from: Option<Spanned<String>>,
    pub in_force_note: Option<String>,
    #[serde(default, deserialize_with = "day")]
    pub code_facts_until: Option<NaiveDate>,
    pub source: Option<Source>,
    pub review: Review,
    #[serde(rename = "statement", default)]
    pub statements: Vec<Statement>,
    #[serde(default)]
    pub policy: PolicyFile,
    #[serde(default)]
    pub outside: OutsideFile,
    pub conflict: Option<Conflict>,
    #[serde(rename = "open-question", default)]
    pub open_questions: Vec<OpenQuestionFile>,
}

/// What an overlay takes over from the ruleset below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Inherit {
    /// Everything: rows, statements, examples and open questions too.
    #[default]
    Everything,
    /// How conditions are recognised (codes, words, facts) and the policy, but no recommendation.
    Conditions,
}

/// What an overlay takes out of the ruleset below it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DropFile {
    #[serde(default)]
    pub indications: Vec<Spanned<String>>,
    #[serde(default)]
    pub rows: Vec<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyFile {
    pub precedence: Option<Spanned<Vec<Recommendation>>>,
    /// Case to flag; the cases are the fields of [`Flags`](super::ruleset::Flags).
    #[serde(default)]
    pub flag: BTreeMap<String, String>,
    #[serde(default)]
    pub cap: CapsFile,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct CapsFile {
    pub proxy_only: Option<Flag>,
    pub text_without_diagnosis: Option<Flag>,
    pub text_without_supporting_code: Option<Flag>,
    pub interpreted: Option<Flag>,
    /// Row id to the most severe flag of an answer that rests on it.
    #[serde(default)]
    pub rows: BTreeMap<Spanned<String>, Flag>,
    /// Code list id to the most severe flag of an answer that rests on its codes.
    #[serde(default)]
    pub codes: BTreeMap<Spanned<String>, Flag>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutsideFile {
    #[serde(default)]
    pub established: Vec<Spanned<String>>,
    #[serde(default)]
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
    pub label: Option<String>,
    pub ask: Option<String>,
    pub values: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    pub value_labels: Vec<String>,
    #[serde(default)]
    pub events: Vec<String>,
    #[serde(default)]
    pub own_words: Vec<String>,
    #[serde(default)]
    pub plain_words: Vec<String>,
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
    /// Of which neighbour the phrases are said.
    pub said_of: Option<SaidOf>,
    /// The indication directly behind whose name the phrases count, and nowhere else.
    pub behind: Option<String>,
}

/// Of which neighbour a phrase is said.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SaidOf {
    Next,
    Previous,
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
    /// Whether an uncertain word leaves it as it is.
    #[serde(default)]
    pub firm: bool,
    pub note: String,
}

/// `indications/<id>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndicationFile {
    pub id: Spanned<String>,
    /// Whether the file adds to the file of this name in the ruleset below, instead of standing for it.
    #[serde(default)]
    pub amends: bool,
    pub label: Option<String>,
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
    #[serde(default, deserialize_with = "day")]
    pub from: Option<NaiveDate>,
    #[serde(default, deserialize_with = "day")]
    pub until: Option<NaiveDate>,
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
    pub event: bool,
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
    pub not_with_codes: Vec<Spanned<String>>,
    #[serde(default)]
    pub words_asserted: bool,
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
