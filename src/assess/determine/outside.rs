//! Uses outside the statement: established ones, other ones, and orders that say nothing.

use super::branch::{self, Branch};
use super::{Answers, Case};
use crate::assess::Assessment;
use crate::assess::assessment::{RowSet, Step};
use crate::guideline::{Certainty, Determination};
use crate::rules::ListSet;

/// Puts a use outside the statement where no recommended row governs, and tells "not addressed" from "no
/// diagnosis".
pub(super) fn apply(
    case: &Case<'_>,
    decision: &mut Assessment,
    answers: &Answers,
    branches: &[Branch<'_>],
    steps: &mut Vec<Step>,
) {
    if matches!(decision.determination, Determination::Recommended | Determination::Consider) {
        return;
    }
    if record(case, case.ruleset.outside_established, true, steps) {
        become_other_use(decision);
        decision.also_matched = answers.rows.union(answers.others);
    } else if decision.determination == Determination::NotAddressed {
        let other = !answers.candidates && record(case, case.ruleset.outside_other, false, steps);
        if other {
            become_other_use(decision);
        } else {
            decision.determination = if case.codes.usable.is_empty() && !answers.candidates {
                Determination::NoDiagnosis
            } else {
                Determination::NotAddressed
            };
            decision.certainty = branch::certainty_without_row(case, branches);
        }
    }
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
fn record(case: &Case<'_>, lists: ListSet, established: bool, steps: &mut Vec<Step>) -> bool {
    let hit = case
        .codes
        .usable
        .iter()
        .find_map(|(diagnosis, own)| own.intersection(lists).iter().next().map(|list| (*diagnosis, list)));
    if let Some((diagnosis, list)) = hit {
        steps.push(Step::Outside { diagnosis, list, established });
    }
    hit.is_some()
}
