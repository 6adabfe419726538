//! Uses outside the statement: established ones, other ones, and orders that say nothing.

use super::branch::{self, Branch};
use super::{Answers, Case};
use crate::assess::Assessment;
use crate::assess::assessment::{RowSet, Step, Steps};
use crate::guideline::{Certainty, Determination};
use crate::rules::ListSet;

/// Which use outside the statement a code was found for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outside {
    /// None, or none that was looked for.
    None,
    /// An established one.
    Established,
    /// Another one.
    Other,
}

/// Puts a use outside the statement where no recommended row governs, and tells "not addressed" from "no
/// diagnosis".
pub(super) fn apply(
    case: &Case<'_>,
    decision: &mut Assessment,
    answers: &Answers,
    branches: &[Branch<'_>],
    steps: &mut Steps,
) -> Outside {
    if matches!(decision.determination, Determination::Recommended | Determination::Consider) {
        return Outside::None;
    }
    if record(case, case.ruleset.outside_established, true, steps) {
        become_other_use(decision);
        decision.also_matched = answers.rows.union(answers.others);
        return Outside::Established;
    }
    if decision.determination != Determination::NotAddressed {
        return Outside::None;
    }
    if !answers.candidates && record(case, case.ruleset.outside_other, false, steps) {
        become_other_use(decision);
        return Outside::Other;
    }
    if case.codes.usable.is_empty() && !answers.candidates {
        decision.determination = Determination::NoDiagnosis;
    }
    decision.certainty = branch::certainty_without_row(case, branches);
    Outside::None
}

fn become_other_use(decision: &mut Assessment) {
    decision.determination = Determination::OtherUse;
    decision.certainty = Certainty::Stated;
    decision.indication = None;
    decision.rows = RowSet::default();
    decision.open = Vec::new();
    decision.wanting = None;
}

/// Notes the first diagnosis that belongs to one of the lists.
fn record(case: &Case<'_>, lists: ListSet, established: bool, steps: &mut Steps) -> bool {
    if !case.codes.lists.intersects(lists) {
        return false;
    }
    let mut hits = case.codes.usable.iter();
    let hit = hits.find_map(|(diagnosis, own)| own.intersection(lists).iter().next().map(|list| (*diagnosis, list)));
    if let Some((diagnosis, list)) = hit {
        steps.push(Step::Outside { diagnosis, list, established });
    }
    hit.is_some()
}
