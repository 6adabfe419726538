//! The waterfall as the page prints it.

use crate::report::facts::Results;
use crate::report::figure::count;
use crate::report::waterfall;

/// One step.
pub(super) struct Step {
    pub(super) label: &'static str,
    pub(super) unit: &'static str,
    pub(super) is_first_of_unit: bool,
    pub(super) leaves: Vec<(String, String)>,
    pub(super) remains: String,
}

pub(super) fn steps(results: &Results<'_>) -> Vec<Step> {
    let mut unit = "";
    let steps = waterfall::steps(results).into_iter().map(|step| {
        let is_first_of_unit = step.unit != unit;
        unit = step.unit;
        let leaves = step.leaves.into_iter().filter(|(_, number)| *number > 0);
        Step {
            label: step.label,
            unit: step.unit,
            is_first_of_unit,
            leaves: leaves.map(|(label, number)| (label, format!("−{}", count(number)))).collect(),
            remains: count(step.remains),
        }
    });
    steps.collect()
}
