//! Candidates: the indications that an order's codes or text bring up.

use super::assessment::Step;
use super::determine::Case;
use crate::rules::{Condition, Strength};

/// An indication that may govern, and what brought it up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub indication: u16,
    pub origin: Origin,
    pub requires: &'a Condition,
    /// Whether what it requires holds under some of the values that the order leaves open.
    pub may_hold: bool,
}

/// What brought a candidate up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Codes: how closely, whether of several lists, and which diagnoses as a mask.
    Codes { strength: Strength, combination: bool, diagnoses: u64 },
    /// The text.
    Named,
}

impl Candidate<'_> {
    pub fn is_exact(&self) -> bool {
        matches!(self.origin, Origin::Codes { strength: Strength::Exact, .. })
    }

    pub fn is_broad(&self) -> bool {
        matches!(self.origin, Origin::Codes { strength: Strength::Broad, .. })
    }

    pub fn is_proxy(&self) -> bool {
        matches!(self.origin, Origin::Codes { strength: Strength::Proxy, .. })
    }

    pub fn is_named(&self) -> bool {
        self.origin == Origin::Named
    }

    /// Text and combinations assert more than a single code, so they may remove what they refine.
    pub fn asserts(&self) -> bool {
        matches!(self.origin, Origin::Named | Origin::Codes { combination: true, .. })
    }

    pub fn diagnoses(&self) -> u64 {
        match self.origin {
            Origin::Codes { diagnoses, .. } => diagnoses,
            Origin::Named => 0,
        }
    }

    pub fn is_combination(&self) -> bool {
        matches!(self.origin, Origin::Codes { combination: true, .. })
    }
}

/// Gathers the candidates that codes bring up, and those that `named` asserts.
pub(super) fn gather<'a>(case: &Case<'a>, named: &[u16], steps: &mut Vec<Step>) -> Vec<Candidate<'a>> {
    let mut candidates = Vec::new();
    for (index, indication) in case.ruleset.indications.iter().enumerate() {
        let at = index as u16;
        for (rule, each) in indication.matches.iter().enumerate() {
            let hit = each.lists.iter().all(|list| case.codes.lists.contains(*list));
            if !hit || !each.counts_on(case.order.service_date) {
                continue;
            }
            let diagnoses = case.codes.mask_of(&each.lists);
            let combination = each.is_combination();
            steps.push(match case.codes.first_of(each.lists[0]) {
                Some(diagnosis) if !combination => {
                    Step::Matched { diagnosis, list: each.lists[0], indication: at, strength: each.strength, rule }
                }
                _ => Step::Combined { diagnoses, indication: at, strength: each.strength, rule },
            });
            candidates.push(Candidate {
                indication: at,
                origin: Origin::Codes { strength: each.strength, combination, diagnoses },
                requires: &each.requires,
                may_hold: true,
            });
        }
        if let Some(names) = indication.names.as_ref().filter(|_| named.contains(&at)) {
            candidates.push(Candidate {
                indication: at,
                origin: Origin::Named,
                requires: &names.requires,
                may_hold: true,
            });
        }
    }
    candidates
}
