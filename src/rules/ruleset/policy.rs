//! How answers become flags: the audit's own decisions, as data.

use serde::Deserialize;

use crate::guideline::{Flag, Recommendation};
use crate::rules::list::ListId;

/// What would settle a contradiction between code and text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Conflict {
    /// What is wanting, for people.
    pub label: String,
    /// What to ask for.
    pub ask: String,
    /// What to ask for where an order has no usable diagnosis code.
    pub ask_code: String,
}

/// Precedence and flags: the audit's own decisions, as data.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Best supported first.
    pub precedence: Vec<Recommendation>,
    /// Flag of each case.
    pub flags: Flags,
    /// Most severe flag of each weak ground.
    pub caps: Caps,
}

/// The flag of each case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each field is the case it is named after")]
pub struct Flags {
    pub recommended: Flag,
    pub consider: Flag,
    pub insufficient_evidence: Flag,
    pub not_recommended: Flag,
    pub not_addressed: Flag,
    pub no_diagnosis: Flag,
    pub indeterminate_all_flagged: Flag,
    pub indeterminate: Flag,
    pub other_use_established: Flag,
    pub other_use_other: Flag,
    pub other_use_beside_finding: Flag,
    pub conflict: Flag,
}

impl Flags {
    /// The flag of a recommendation.
    #[must_use]
    pub fn of(&self, recommendation: Recommendation) -> Flag {
        match recommendation {
            Recommendation::Recommended => self.recommended,
            Recommendation::Consider => self.consider,
            Recommendation::InsufficientEvidence => self.insufficient_evidence,
            Recommendation::NotRecommended => self.not_recommended,
        }
    }
}

/// The most severe flag that each weak ground allows, and that a site allows for a row or for codes.
#[derive(Debug, Clone)]
pub struct Caps {
    /// Only proxy codes.
    pub proxy_only: Flag,
    /// Text, and no usable diagnosis code at all.
    pub text_without_diagnosis: Flag,
    /// Text, and no code that goes with it.
    pub text_without_supporting_code: Flag,
    /// A row that the statement does not say outright.
    pub interpreted: Flag,
    /// Rows, by index, whose answers a policy lowers.
    pub rows: Vec<(u16, Flag)>,
    /// Code lists on which alone an answer may rest, and is then lowered by a policy.
    pub codes: Vec<(ListId, Flag)>,
}
