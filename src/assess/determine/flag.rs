//! Flags: the policy of the ruleset, and its caps for weak grounds.

use super::branch::{self, Branch};
use super::outside::Outside;
use super::{Case, Grounds};
use crate::assess::Assessment;
use crate::assess::assessment::{Ground, Step, Steps};
use crate::guideline::{CitationBasis, Determination, Flag, Recommendation};
use crate::rules::{Caps, ListSet, Policy};

/// Sets the flag of a decision.
pub(super) fn apply(case: &Case<'_>, decision: &mut Assessment, on: &Grounds<'_, '_>, steps: &mut Steps) {
    decision.flag = by_policy(case, decision, on);
    if decision.rows.is_empty() {
        return;
    }
    for (ground, cap) in weak_grounds(case, decision, on.branches).into_iter().flatten() {
        if decision.flag > cap {
            steps.push(Step::Capped { ground, from: decision.flag, to: cap });
            decision.flag = cap;
        }
    }
}

fn of_answer(policy: &Policy, answer: Determination) -> Flag {
    match Recommendation::ALL.iter().find(|each| Determination::from(**each) == answer) {
        Some(recommendation) => policy.flags.of(*recommendation),
        None => policy.flags.not_addressed,
    }
}

fn by_policy(case: &Case<'_>, decision: &Assessment, on: &Grounds<'_, '_>) -> Flag {
    let policy = &case.ruleset.policy;
    match decision.determination {
        Determination::Recommended
        | Determination::Consider
        | Determination::InsufficientEvidence
        | Determination::NotRecommended
        | Determination::NotAddressed => of_answer(policy, decision.determination),
        Determination::Indeterminate if on.answers.conflict => policy.flags.conflict,
        Determination::Indeterminate
            if decision.open.iter().all(|answer| of_answer(policy, *answer) == Flag::Flagged) =>
        {
            policy.flags.indeterminate_all_flagged
        }
        Determination::Indeterminate => policy.flags.indeterminate,
        Determination::OtherUse if on.outside != Outside::Established => policy.flags.other_use_other,
        Determination::OtherUse if decision.also_matched.is_empty() => policy.flags.other_use_established,
        Determination::OtherUse => policy.flags.other_use_beside_finding,
        Determination::NoDiagnosis => policy.flags.no_diagnosis,
    }
}

/// The weak grounds that a decision rests on, in the order in which they lower its flag, with the flag that each allows.
fn weak_grounds(case: &Case<'_>, decision: &Assessment, branches: &[Branch<'_>]) -> [Option<(Ground, Flag)>; GROUNDS] {
    let caps = &case.ruleset.policy.caps;
    let proxy_only = branches.iter().all(|each| branch::by_proxy_alone(case, each));
    let text_alone = branches.iter().any(branch::by_text_alone);
    let text = if text_alone && case.codes.usable.is_empty() {
        Some((Ground::TextWithoutDiagnosis, caps.text_without_diagnosis))
    } else if text_alone && !supporting(case, decision).intersects(case.codes.lists) {
        Some((Ground::TextWithoutSupportingCode, caps.text_without_supporting_code))
    } else {
        None
    };
    let interpreted = decision.rows.iter().all(|row| case.ruleset.rows[row].basis == CitationBasis::Interpreted);
    [
        proxy_only.then_some((Ground::ProxyOnly, caps.proxy_only)),
        text,
        interpreted.then_some((Ground::Interpreted, caps.interpreted)),
        rows_cap(caps, decision).map(|cap| (Ground::RowPolicy, cap)),
        codes_cap(case, branches).map(|cap| (Ground::CodePolicy, cap)),
    ]
}

/// How many grounds may hold together.
const GROUNDS: usize = 5;

/// The flag that a policy allows for the governing rows, if it lowers all of them.
fn rows_cap(caps: &Caps, decision: &Assessment) -> Option<Flag> {
    let mut highest = None;
    for row in decision.rows.iter() {
        let (_, flag) = caps.rows.iter().find(|(capped, _)| usize::from(*capped) == row)?;
        highest = highest.max(Some(*flag));
    }
    highest
}

/// The flag that a policy allows where everything that governs rests on codes of lists that the policy names. A
/// governing indication that another code, or the text alone, brought up lifts the cap; a name beside a capped code of
/// its own indication does not.
fn codes_cap(case: &Case<'_>, branches: &[Branch<'_>]) -> Option<Flag> {
    let caps = &case.ruleset.policy.caps.codes;
    if caps.is_empty() {
        return None;
    }
    let of_code = |lists: ListSet| caps.iter().filter(|(list, _)| lists.contains(*list)).map(|(_, flag)| *flag).min();
    let governing: Vec<_> = branches.iter().flat_map(Branch::governing).collect();
    let mut cap = None;
    for candidate in &governing {
        if candidate.is_named() {
            governing.iter().find(|other| other.indication == candidate.indication && !other.is_named())?;
        }
        let mask = candidate.diagnoses();
        for (_, lists) in case.codes.usable.iter().filter(|(index, _)| mask & (1 << index) != 0) {
            cap = cap.max(Some(of_code(*lists)?));
        }
    }
    cap
}

/// The lists beside which a name in the text counts in full, for the governing indications.
fn supporting(case: &Case<'_>, decision: &Assessment) -> ListSet {
    let names = decision
        .rows
        .iter()
        .filter_map(|row| case.ruleset.indications[usize::from(case.ruleset.rows[row].indication)].names.as_ref());
    names.fold(ListSet::default(), |lists, names| lists.union(names.under))
}
