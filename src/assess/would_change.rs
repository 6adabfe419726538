//! What would change a finding: the facts whose other values give another answer, found by deciding again.

use super::assessment::{Assessment, Wanting};
use super::determine::{Case, decide};
use crate::guideline::Determination;

/// The facts and documents to ask for, most telling first: what is wanting, then facts in ruleset order,
/// then the diagnosis itself. Empty for an order that needs nobody's attention.
pub(super) fn facts(case: &Case<'_>, decision: &Assessment, asked: &[u8]) -> Vec<Wanting> {
    if !decision.flag.is_finding() {
        return Vec::new();
    }
    let mut found: Vec<Wanting> = decision.wanting.into_iter().collect();
    for fact in asked {
        let values = case.ruleset.facts[usize::from(*fact)].values.len() as u8;
        let moves = (0..values).any(|value| {
            let (other, _) = decide(case, Some((*fact, value)));
            (other.determination, other.flag) != (decision.determination, decision.flag)
        });
        if moves && !found.contains(&Wanting::Fact(*fact)) {
            found.push(Wanting::Fact(*fact));
        }
    }
    let says_nothing = matches!(
        decision.determination,
        Determination::NotAddressed | Determination::NoDiagnosis | Determination::OtherUse
    );
    if (found.is_empty() || says_nothing) && !found.contains(&Wanting::Diagnosis) {
        found.push(Wanting::Diagnosis);
    }
    found
}
