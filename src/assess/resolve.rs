//! Resolving: which candidates are left, and which rows hold, when every fact has one value.

use smallvec::SmallVec;

use super::assessment::RowSet;
use super::candidate::Candidate;
use crate::guideline::Recommendation;
use crate::rules::{Condition, Ruleset};

/// Indices of candidates.
pub(super) type Places = SmallVec<[u16; 4]>;

/// The value of every fact under one assignment.
pub(super) struct Values([u8; FACTS]);

/// How many facts an index can tell apart.
const FACTS: usize = u8::MAX as usize + 1;

impl Values {
    /// No fact has a value.
    pub fn none() -> Self {
        Self([u8::MAX; FACTS])
    }

    pub fn set(&mut self, fact: u8, value: u8) {
        self.0[usize::from(fact)] = value;
    }

    fn hold(&self, condition: &Condition) -> bool {
        condition.holds(|fact| self.0[usize::from(fact)])
    }
}

/// One answer under one assignment of values to the open facts.
#[derive(Debug, Clone, Default)]
pub(super) struct Resolved {
    /// The best supported recommendation; `None` if no row holds.
    pub answer: Option<Recommendation>,
    /// The rows with that recommendation.
    pub rows: RowSet,
    /// Other rows that hold.
    pub others: RowSet,
    /// The candidates, by index, that the governing rows belong to.
    pub governing: Places,
    /// Who removed whom, by indication.
    pub refined: SmallVec<[(u16, u16); 2]>,
    /// Candidates, by index, that are left.
    pub live: Places,
}

/// Resolves the candidates that `admitted` lets in, under an assignment of values.
pub(super) fn resolve(
    ruleset: &Ruleset,
    candidates: &[Candidate<'_>],
    admitted: impl Fn(&Candidate<'_>) -> bool,
    values: &Values,
) -> Resolved {
    let rows_of = |candidate: &Candidate<'_>| -> RowSet {
        let rows = ruleset.indications[usize::from(candidate.indication)].rows.clone();
        rows.filter(|row| values.hold(&ruleset.rows[*row].when)).collect()
    };
    let standing: SmallVec<[(u16, RowSet); 4]> = (0..)
        .zip(candidates)
        .filter(|(_, each)| admitted(each) && values.hold(each.requires))
        .map(|(at, each)| (at, rows_of(each)))
        .collect();
    let mut resolved = Resolved::default();
    for (at, rows) in &standing {
        let own = &candidates[usize::from(*at)];
        let standing_over = standing.iter().find(|(other, other_rows)| {
            other != at && !other_rows.is_empty() && removes(ruleset, &candidates[usize::from(*other)], own)
        });
        let remover = standing_over.map(|(other, _)| &candidates[usize::from(*other)]).or_else(|| {
            let may =
                |by: &&Candidate<'_>| admitted(by) && by.may_hold && takes_codes_of(by, own) && !rows_of(by).is_empty();
            candidates.iter().find(may)
        });
        if let Some(by) = remover {
            resolved.refined.push((by.indication, own.indication));
        } else {
            resolved.live.push(*at);
            resolved.others = resolved.others.union(*rows);
        }
    }
    govern(ruleset, candidates, &mut resolved);
    resolved
}

/// The best supported row governs; rows that say the same govern with it.
fn govern(ruleset: &Ruleset, candidates: &[Candidate<'_>], resolved: &mut Resolved) {
    let best =
        resolved.others.iter().map(|row| ruleset.rows[row].recommendation).min_by_key(|each| ruleset.rank(*each));
    resolved.answer = best;
    resolved.rows = resolved.others.iter().filter(|row| Some(ruleset.rows[*row].recommendation) == best).collect();
    resolved.others = resolved.others.without(resolved.rows);
    let governs = |at: &u16| {
        let indication = candidates[usize::from(*at)].indication;
        resolved.rows.iter().any(|row| ruleset.rows[row].indication == indication)
    };
    resolved.governing = resolved.live.iter().copied().filter(governs).collect();
}

/// Whether one candidate removes another.
fn removes(ruleset: &Ruleset, by: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    if by.indication == other.indication || other.is_exact() {
        return false;
    }
    let refines = by.asserts() && ruleset.indications[usize::from(by.indication)].refines.contains(&other.indication);
    let named_over_proxy = by.is_named() && other.is_proxy();
    refines || named_over_proxy || takes_codes_of(by, other)
}

/// Whether a combination says what codes among its own stand for, so that they no longer stand for something else by
/// themselves: those that are a proxy, and, if the combination is none, those that are broad and all its own. It does so
/// also where it is not known whether the combination holds.
fn takes_codes_of(by: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    if by.indication == other.indication || !by.is_combination() || other.is_combination() {
        return false;
    }
    let shared = by.diagnoses() & other.diagnoses();
    let over_proxy = other.is_proxy() && shared != 0;
    let over_broad = other.is_broad() && by.is_broad() && shared == other.diagnoses();
    over_proxy || over_broad
}
