//! Flags: the policy of the ruleset, and its caps for weak grounds.

use super::branch::{self, Branch};
use super::outside::Outside;
use super::{Case, Verdict};
use crate::assess::assessment::{Ground, RowSet, Step, Steps};
use crate::guideline::{CitationBasis, Determination, Flag};
use crate::rules::{Caps, ListSet, Policy};

/// Sets the flag of a decision. A ground is looked at only where it could lower the flag.
pub(super) fn apply(
    case: &Case<'_>,
    verdict: &mut Verdict,
    branches: &[Branch<'_>],
    outside: Outside,
    steps: &mut Steps,
) {
    verdict.flag = by_policy(case, verdict, outside);
    if verdict.rows.is_empty() {
        return;
    }
    for ground in GROUNDS {
        if verdict.flag == Flag::Clear {
            return;
        }
        if let Some((ground, cap)) = ground(case, verdict, branches) {
            steps.push(Step::Capped { ground, from: verdict.flag, to: cap });
            verdict.flag = cap;
        }
    }
}

fn of_answer(policy: &Policy, answer: Determination) -> Flag {
    match answer {
        Determination::Recommended => policy.flags.recommended,
        Determination::Consider => policy.flags.consider,
        Determination::InsufficientEvidence => policy.flags.insufficient_evidence,
        Determination::NotRecommended => policy.flags.not_recommended,
        _ => policy.flags.not_addressed,
    }
}

fn by_policy(case: &Case<'_>, verdict: &Verdict, outside: Outside) -> Flag {
    let policy = &case.ruleset.policy;
    match verdict.determination {
        Determination::Recommended
        | Determination::Consider
        | Determination::InsufficientEvidence
        | Determination::NotRecommended
        | Determination::NotAddressed => of_answer(policy, verdict.determination),
        Determination::Indeterminate if verdict.answers.conflict => policy.flags.conflict,
        Determination::Indeterminate
            if verdict.answers.listed(case.ruleset).all(|answer| of_answer(policy, answer) == Flag::Flagged) =>
        {
            policy.flags.indeterminate_all_flagged
        }
        Determination::Indeterminate => policy.flags.indeterminate,
        Determination::OtherUse if outside != Outside::Established => policy.flags.other_use_other,
        Determination::OtherUse if verdict.also_matched.is_empty() => policy.flags.other_use_established,
        Determination::OtherUse => policy.flags.other_use_beside_finding,
        Determination::NoDiagnosis => policy.flags.no_diagnosis,
    }
}

/// A weak ground that a decision rests on, with the flag that it allows, if that is a lower one.
type Weak = fn(&Case<'_>, &Verdict, &[Branch<'_>]) -> Option<(Ground, Flag)>;

/// The weak grounds in the order in which they lower a flag.
const GROUNDS: [Weak; 5] = [proxy_only, text_only, interpreted, lowered_rows, lowered_codes];

fn proxy_only(case: &Case<'_>, verdict: &Verdict, branches: &[Branch<'_>]) -> Option<(Ground, Flag)> {
    let cap = case.ruleset.policy.caps.proxy_only;
    let holds = verdict.flag > cap && branches.iter().all(|each| branch::by_proxy_alone(case, each));
    holds.then_some((Ground::ProxyOnly, cap))
}

fn text_only(case: &Case<'_>, verdict: &Verdict, branches: &[Branch<'_>]) -> Option<(Ground, Flag)> {
    let caps = &case.ruleset.policy.caps;
    let (ground, cap) = if case.codes.usable.is_empty() {
        (Ground::TextWithoutDiagnosis, caps.text_without_diagnosis)
    } else {
        (Ground::TextWithoutSupportingCode, caps.text_without_supporting_code)
    };
    let holds = verdict.flag > cap
        && branches.iter().any(branch::by_text_alone)
        && (case.codes.usable.is_empty() || !supporting(case, verdict.rows).intersects(case.codes.lists));
    holds.then_some((ground, cap))
}

fn interpreted(case: &Case<'_>, verdict: &Verdict, _: &[Branch<'_>]) -> Option<(Ground, Flag)> {
    let cap = case.ruleset.policy.caps.interpreted;
    let is_interpreted = |row: usize| case.ruleset.rows[row].basis == CitationBasis::Interpreted;
    (verdict.flag > cap && verdict.rows.iter().all(is_interpreted)).then_some((Ground::Interpreted, cap))
}

fn lowered_rows(case: &Case<'_>, verdict: &Verdict, _: &[Branch<'_>]) -> Option<(Ground, Flag)> {
    let cap = rows_cap(&case.ruleset.policy.caps, verdict.rows).filter(|cap| verdict.flag > *cap);
    cap.map(|cap| (Ground::RowPolicy, cap))
}

fn lowered_codes(case: &Case<'_>, verdict: &Verdict, branches: &[Branch<'_>]) -> Option<(Ground, Flag)> {
    let cap = codes_cap(case, branches).filter(|cap| verdict.flag > *cap);
    cap.map(|cap| (Ground::CodePolicy, cap))
}

/// The flag that a policy allows for the governing rows, if it lowers all of them.
fn rows_cap(caps: &Caps, rows: RowSet) -> Option<Flag> {
    if caps.rows.is_empty() {
        return None;
    }
    let mut highest = None;
    for row in rows.iter() {
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
fn supporting(case: &Case<'_>, rows: RowSet) -> ListSet {
    let names = rows
        .iter()
        .filter_map(|row| case.ruleset.indications[usize::from(case.ruleset.rows[row].indication)].names.as_ref());
    names.fold(ListSet::default(), |lists, names| lists.union(names.under))
}
