//! Uses outside the statement: established ones, other ones, and orders that say nothing.

use super::{Case, Verdict};
use crate::assess::assessment::{RowSet, Step, Steps};
use crate::guideline::Determination;
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
pub(super) fn apply(case: &Case<'_>, verdict: &mut Verdict, steps: &mut Steps) -> Outside {
    if matches!(verdict.determination, Determination::Recommended | Determination::Consider) {
        return Outside::None;
    }
    if record(case, case.ruleset.outside_established, true, steps) {
        become_other_use(verdict);
        verdict.also_matched = verdict.answers.rows.union(verdict.answers.others);
        return Outside::Established;
    }
    if verdict.determination != Determination::NotAddressed || verdict.answers.candidates {
        return Outside::None;
    }
    if record(case, case.ruleset.outside_other, false, steps) {
        become_other_use(verdict);
        return Outside::Other;
    }
    if case.codes.usable.is_empty() {
        verdict.determination = Determination::NoDiagnosis;
    }
    Outside::None
}

fn become_other_use(verdict: &mut Verdict) {
    verdict.determination = Determination::OtherUse;
    verdict.rows = RowSet::default();
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
