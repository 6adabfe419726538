//! `patterns.toml` as it is written. Unknown keys are errors, and each shape has its own table with its own keys.

use serde::Deserialize;
use toml::Spanned;

use super::{Confidence, PatternBasis};
use crate::guideline::Determination;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatternsFile {
    pub course: CourseFile,
    #[serde(rename = "pattern", default)]
    pub patterns: Vec<PatternFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CourseFile {
    pub new_after_days: Spanned<u32>,
    pub observed_days: Spanned<u32>,
    pub refusals: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct PatternFile {
    pub id: Spanned<String>,
    pub label: Spanned<String>,
    pub why: Spanned<String>,
    pub look_at: Spanned<String>,
    pub basis: PatternBasis,
    pub source: Spanned<String>,
    pub confidence: Confidence,
    pub repeated_months: Option<RepeatedMonths>,
    pub long_course: Option<LongCourse>,
    pub moved_after_refusal: Option<MovedAfterRefusal>,
    pub lines_of_one_day: Option<LinesOfOneDay>,
    pub grams_a_year: Option<Vec<GramsAYear>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RepeatedMonths {
    pub rows: Vec<Spanned<String>>,
    pub in_a_row: Spanned<u32>,
    pub months: Spanned<u32>,
    pub within_months: Spanned<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct LongCourse {
    pub rows: Vec<Spanned<String>>,
    pub days: Spanned<u32>,
    pub gap_days: Spanned<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MovedAfterRefusal {
    pub from: Vec<Determination>,
    pub to: Vec<Determination>,
    pub days: Spanned<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinesOfOneDay {
    pub products: Lines,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Lines {
    Same,
    Different,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GramsAYear {
    pub rows: Vec<Spanned<String>>,
    pub grams: Spanned<u32>,
}
