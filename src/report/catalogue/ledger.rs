//! The figures of the ledger.

use super::{Figure, of};
use crate::summary::{LEDGER, NET, Summary};

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let ledger = &summary.ledger;
    let steps = ledger.steps.iter().map(|step| (step.id, step.out.measures)).chain([(NET, ledger.net.measures)]);
    steps.map(|(step, measures)| of(summary, LEDGER, step_id(step), &[("ledger", step)], measures)).collect()
}

/// The id of what leaves at a step, or of what stays.
pub(in crate::report) fn step_id(step: &str) -> String {
    format!("ledger/{step}")
}
