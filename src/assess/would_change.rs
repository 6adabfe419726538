//! What would change a finding: the facts and documents to ask for, found by deciding again.
//!
//! A fact is supposed as an order would show it: by a phrase of the rules in one more sentence, by a code where
//! only codes give the value, by an age where none is known. What else a phrase says comes with it. A sentence
//! does not unsay another one: where the order already says the contrary, the supposition leaves both open, as
//! the document would.

mod showing;

use super::assessment::{Assessment, Ground, Step, Wanting};
use super::determine::{Case, Decided};
use crate::guideline::{Determination, Flag};
use showing::Showing;

/// The most that is done for one finding, in assignments tried and text read again; what would
/// take more is not looked for.
const WORK_MAX: usize = 1 << 16;

/// How much text is read in the time of one assignment, in bytes.
const TEXT_UNIT: usize = 16;

/// What would change a finding.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// Facts and documents, most telling first.
    pub ask_for: Vec<Wanting>,
    /// Two facts that change it only together.
    pub together: Option<[Wanting; 2]>,
}

/// How far a supposition moves an answer, the more telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Move {
    /// To one that needs nobody's attention.
    Clears,
    /// To another determination or flag.
    Changes,
}

/// What to ask for: what is wanting, then the facts that could make the order clear, then those that could change its
/// answer, each in ruleset order; then the diagnosis itself, which is more than a fact. Two facts are asked for
/// together where none does it alone. Empty for an order that needs nobody's attention.
pub(super) fn of(case: &Case<'_>, decided: &Decided) -> Change {
    let decision = &decided.assessment;
    if !decision.flag.is_finding() {
        return Change::default();
    }
    let mut search = Search { case, decision, left: WORK_MAX };
    let mut alone: Vec<(Move, Wanting)> = Vec::new();
    for fact in &decided.asked {
        let moved = search.best(&showing::of(case, *fact), |showing| vec![showing]);
        alone.extend(moved.map(|how| (how, Wanting::Fact(*fact))));
    }
    alone.sort();
    let together = if alone.is_empty() { search.pair(&decided.asked) } else { None };
    let mut ask_for: Vec<Wanting> = Vec::new();
    let found = alone.into_iter().map(|(_, wanting)| wanting).chain(together.into_iter().flatten());
    for wanting in decision.wanting.into_iter().chain(found) {
        if !ask_for.contains(&wanting) {
            ask_for.push(wanting);
        }
    }
    if (ask_for.is_empty() || rests_on_the_diagnosis(decision)) && !ask_for.contains(&Wanting::Diagnosis) {
        ask_for.push(Wanting::Diagnosis);
    }
    Change { ask_for, together }
}

/// Whether a diagnosis that is named, or coded exactly, would say what this order leaves unsaid.
fn rests_on_the_diagnosis(decision: &Assessment) -> bool {
    let says_nothing = matches!(
        decision.determination,
        Determination::NotAddressed | Determination::NoDiagnosis | Determination::OtherUse
    );
    let weak = |step: &Step| {
        matches!(
            step,
            Step::Capped {
                ground: Ground::ProxyOnly | Ground::TextWithoutDiagnosis | Ground::TextWithoutSupportingCode,
                ..
            }
        )
    };
    says_nothing || decision.steps.iter().any(weak)
}

/// The suppositions about one finding.
struct Search<'a> {
    case: &'a Case<'a>,
    decision: &'a Assessment,
    /// How much may still be done.
    left: usize,
}

impl Search<'_> {
    /// The furthest that any of some suppositions moves the answer.
    fn best<'s, T>(&mut self, each: &'s [T], showings: impl Fn(&'s T) -> Vec<&'s Showing<'s>>) -> Option<Move> {
        let mut best = None;
        for one in each {
            let moved = self.suppose(&showings(one));
            best = [best, moved].into_iter().flatten().min();
            if best == Some(Move::Clears) {
                break;
            }
        }
        best
    }

    fn suppose(&mut self, showings: &[&Showing<'_>]) -> Option<Move> {
        if self.left == 0 {
            return None;
        }
        let other = showing::decide_with(self.case, showings);
        self.left = self.left.saturating_sub(1 + other.tried + self.case.order.text.len() / TEXT_UNIT);
        let (before, after) = (self.decision, &other.assessment);
        match (after.determination, after.flag) {
            same if same == (before.determination, before.flag) => None,
            (_, Flag::Clear) => Some(Move::Clears),
            _ => Some(Move::Changes),
        }
    }

    /// Two facts that move the answer together, with the one that is wanting if it is among such.
    fn pair(&mut self, asked: &[u8]) -> Option<[Wanting; 2]> {
        let mut best: Option<(bool, Move, [Wanting; 2])> = None;
        for (at, first) in asked.iter().enumerate() {
            for second in &asked[at + 1..] {
                let (one, other) = (showing::of(self.case, *first), showing::of(self.case, *second));
                let both: Vec<[&Showing<'_>; 2]> = one.iter().flat_map(|a| other.iter().map(move |b| [a, b])).collect();
                let Some(moved) = self.best(&both, |pair| pair.to_vec()) else { continue };
                let pair = [Wanting::Fact(*first), Wanting::Fact(*second)];
                let beside = self.decision.wanting.is_some_and(|wanting| !pair.contains(&wanting));
                let found = (beside, moved, pair);
                best = Some(best.map_or(found, |known| known.min(found)));
            }
        }
        best.map(|(_, _, pair)| pair)
    }
}
