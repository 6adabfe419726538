//! Flags: the policy of the ruleset, and its caps for weak grounds.

use super::branch::{self, Branch};
use super::{Answers, Case};
use crate::assess::Assessment;
use crate::assess::assessment::{Ground, Step};
use crate::guideline::{CitationBasis, Determination, Flag, Recommendation};
use crate::rules::{ListSet, Policy};

/// Sets the flag of a decision.
pub(super) fn apply(
    case: &Case<'_>,
    decision: &mut Assessment,
    answers: &Answers,
    branches: &[Branch<'_>],
    steps: &mut Vec<Step>,
) {
    decision.flag = by_policy(case, decision, answers, steps);
    for (ground, cap) in grounds(case, decision, branches) {
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

fn by_policy(case: &Case<'_>, decision: &Assessment, answers: &Answers, steps: &[Step]) -> Flag {
    let policy = &case.ruleset.policy;
    match decision.determination {
        Determination::Recommended
        | Determination::Consider
        | Determination::InsufficientEvidence
        | Determination::NotRecommended
        | Determination::NotAddressed => of_answer(policy, decision.determination),
        Determination::Indeterminate if answers.conflict => policy.flags.conflict,
        Determination::Indeterminate
            if decision.open.iter().all(|answer| of_answer(policy, *answer) == Flag::Flagged) =>
        {
            policy.flags.indeterminate_all_flagged
        }
        Determination::Indeterminate => policy.flags.indeterminate,
        Determination::OtherUse
            if !steps.iter().any(|step| matches!(step, Step::Outside { established: true, .. })) =>
        {
            policy.flags.other_use_other
        }
        Determination::OtherUse if decision.also_matched.is_empty() => policy.flags.other_use_established,
        Determination::OtherUse => policy.flags.other_use_beside_finding,
        Determination::NoDiagnosis => policy.flags.no_diagnosis,
    }
}

/// The weak grounds that a decision rests on, with the flag that each allows.
fn grounds(case: &Case<'_>, decision: &Assessment, branches: &[Branch<'_>]) -> Vec<(Ground, Flag)> {
    let caps = &case.ruleset.policy.caps;
    let mut grounds = Vec::new();
    if decision.rows.is_empty() {
        return grounds;
    }
    if branches.iter().all(|each| branch::by_proxy_alone(case, each)) {
        grounds.push((Ground::ProxyOnly, caps.proxy_only));
    }
    let text_alone = branches.iter().any(branch::by_text_alone);
    if text_alone && case.codes.usable.is_empty() {
        grounds.push((Ground::TextWithoutDiagnosis, caps.text_without_diagnosis));
    } else if text_alone && !supporting(case, decision).intersects(case.codes.lists) {
        grounds.push((Ground::TextWithoutSupportingCode, caps.text_without_supporting_code));
    }
    if decision.rows.iter().all(|row| case.ruleset.rows[row].basis == CitationBasis::Interpreted) {
        grounds.push((Ground::Interpreted, caps.interpreted));
    }
    let of_row = |row: usize| caps.rows.iter().find(|(capped, _)| usize::from(*capped) == row).map(|(_, flag)| *flag);
    let row_caps: Option<Vec<Flag>> = decision.rows.iter().map(of_row).collect();
    if let Some(cap) = row_caps.and_then(|flags| flags.into_iter().max()) {
        grounds.push((Ground::RowPolicy, cap));
    }
    if let Some(cap) = codes_cap(case, branches) {
        grounds.push((Ground::CodePolicy, cap));
    }
    grounds
}

/// The flag that a policy allows where everything that governs rests on codes of lists that the policy names. A
/// governing indication that another code, or the text alone, brought up lifts the cap; a name beside a capped code of
/// its own indication does not.
fn codes_cap(case: &Case<'_>, branches: &[Branch<'_>]) -> Option<Flag> {
    let caps = &case.ruleset.policy.caps.codes;
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
