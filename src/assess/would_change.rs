//! What would change a finding: the facts and documents to ask for, found by deciding again.
//!
//! A fact is supposed as an order would show it: by a phrase of the rules in one more sentence, by a code where
//! only codes give the value, by an age where none is known. What else a phrase says comes with it. A sentence
//! does not unsay another one: where the order already says the contrary, the supposition leaves both open, as
//! the document would.

mod showing;

use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::assessment::{Assessment, Ground, Step, Wanting};
use super::determine::{Case, Outcome, Readings};
use crate::guideline::{Determination, Flag};
use crate::rules::FactSet;
use showing::{Showing, Showings};

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
pub(super) fn of<'a>(case: &Case<'a>, decision: &Assessment, asked: FactSet, readings: &mut Readings<'a>) -> Change {
    if !decision.flag.is_finding() {
        return Change::default();
    }
    let mut search = Search { case, decision, readings, left: WORK_MAX };
    let mut alone: SmallVec<[(Move, Wanting); 8]> = SmallVec::new();
    for fact in asked.iter() {
        let mut moved = None;
        let _ = showing::each(case, fact, |showing| search.further(&mut moved, &[showing]));
        alone.extend(moved.map(|how| (how, Wanting::Fact(fact))));
    }
    alone.sort();
    let together = if alone.is_empty() { search.pair(asked) } else { None };
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
struct Search<'a, 'd> {
    case: &'d Case<'a>,
    decision: &'d Assessment,
    readings: &'d mut Readings<'a>,
    /// How much may still be done.
    left: usize,
}

impl<'a> Search<'a, '_> {
    /// Notes in `furthest` how far a supposition moves the answer, if that is further; enough is what clears the order.
    fn further(&mut self, furthest: &mut Option<Move>, showings: &[Showing<'_>]) -> ControlFlow<()> {
        match self.suppose(showings) {
            Some(Move::Clears) => {
                *furthest = Some(Move::Clears);
                return ControlFlow::Break(());
            }
            Some(Move::Changes) => *furthest = Some(Move::Changes),
            None => {}
        }
        ControlFlow::Continue(())
    }

    fn suppose(&mut self, showings: &[Showing<'_>]) -> Option<Move> {
        if self.left == 0 {
            return None;
        }
        let other = showing::suppose(self.case, self.readings, showings);
        self.left = self.left.saturating_sub(1 + other.tried + self.case.order.text.len() / TEXT_UNIT);
        let Outcome { determination, flag, .. } = other;
        if (determination, flag) == (self.decision.determination, self.decision.flag) {
            None
        } else if flag == Flag::Clear {
            Some(Move::Clears)
        } else {
            Some(Move::Changes)
        }
    }

    /// Two facts that move the answer together, with the one that is wanting if it is among such.
    fn pair(&mut self, asked: FactSet) -> Option<[Wanting; 2]> {
        let of_fact = |fact: u8| (fact, showing::all(self.case, fact));
        let asked: SmallVec<[(u8, Showings<'a>); 4]> = asked.iter().map(of_fact).collect();
        let mut best: Option<(bool, Move, [Wanting; 2])> = None;
        for (at, (first, ones)) in asked.iter().enumerate() {
            for (second, others) in &asked[at + 1..] {
                let mut moved = None;
                let mut both = ones.iter().flat_map(|one| others.iter().map(|other| [*one, *other]));
                let _ = both.try_for_each(|both| self.further(&mut moved, &both));
                let Some(moved) = moved else { continue };
                let pair = [Wanting::Fact(*first), Wanting::Fact(*second)];
                let beside = self.decision.wanting.is_some_and(|wanting| !pair.contains(&wanting));
                let found = (beside, moved, pair);
                best = Some(best.map_or(found, |known| known.min(found)));
            }
        }
        best.map(|(_, _, pair)| pair)
    }
}
