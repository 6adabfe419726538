//! Candidates: the indications that an order's codes or text bring up.

use smallvec::SmallVec;

use super::assessment::{Step, Steps};
use super::determine::Case;
use crate::rules::{Condition, Names, Strength};

/// An indication that may govern, and what brought it up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub indication: u16,
    pub origin: Origin,
    pub requires: &'a Condition,
    /// Of a combination, whether what it requires holds under some of the values that the order leaves open.
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

/// The candidates of one reading of an order.
pub(super) type Candidates<'a> = SmallVec<[Candidate<'a>; 4]>;

/// Where the name of an indication stands among its matches: behind them.
const NAME: u32 = u32::MAX;

/// Gathers the candidates that codes bring up, and those that `named` asserts, in ruleset order.
pub(super) fn gather<'a>(case: &Case<'a>, named: &[u16], steps: &mut Steps) -> Candidates<'a> {
    let ruleset = case.ruleset;
    let mut brought_up: SmallVec<[(u16, u32); 8]> = ruleset.lookup.matches(case.codes.lists).collect();
    brought_up.extend(named.iter().map(|indication| (*indication, NAME)));
    brought_up.sort_unstable();
    brought_up.dedup();
    let mut candidates = Candidates::new();
    for (at, rule) in brought_up {
        let indication = &ruleset.indications[usize::from(at)];
        if rule == NAME {
            let named = |names: &'a Names| Candidate {
                indication: at,
                origin: Origin::Named,
                requires: &names.requires,
                may_hold: true,
            };
            candidates.extend(indication.names.as_ref().map(named));
            continue;
        }
        let rule = rule as usize;
        let each = &indication.matches[rule];
        let hit = each.lists.iter().all(|list| case.codes.lists.contains(*list));
        if !hit || !each.counts_on(case.order.service_date) {
            continue;
        }
        let diagnoses = case.codes.mask_of(&each.lists);
        let combination = each.is_combination();
        if steps.are_kept() {
            steps.push(match case.codes.first_of(each.lists[0]) {
                Some(diagnosis) if !combination => {
                    Step::Matched { diagnosis, list: each.lists[0], indication: at, strength: each.strength, rule }
                }
                _ => Step::Combined { diagnoses, indication: at, strength: each.strength, rule },
            });
        }
        candidates.push(Candidate {
            indication: at,
            origin: Origin::Codes { strength: each.strength, combination, diagnoses },
            requires: &each.requires,
            may_hold: true,
        });
    }
    candidates
}
