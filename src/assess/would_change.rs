//! What would change a finding: the facts and documents to ask for, found by deciding again.
//!
//! A fact is supposed as an order would show it: by a phrase of the rules in one more sentence, by a code where
//! only codes give the value, by an age where none is known. What else a phrase says comes with it. A sentence
//! does not unsay another one: where the order already says the contrary, the supposition leaves both open, as
//! the document would.

mod showing;

use smallvec::SmallVec;

use super::assessment::{Assessment, Ground, Step, Wanting};
use super::determine::{Case, Decided};
use crate::guideline::{Determination, Flag};
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
pub(super) fn of(case: &Case<'_>, decided: &Decided) -> Change {
    let decision = &decided.assessment;
    if !decision.flag.is_finding() {
        return Change::default();
    }
    let mut search = Search { case, decided, left: WORK_MAX, told: SmallVec::new() };
    let mut alone: SmallVec<[(Move, Wanting); 8]> = SmallVec::new();
    for fact in decided.asked.iter() {
        let moved = search.best(showing::of(case, fact).iter().map(std::slice::from_ref));
        alone.extend(moved.map(|how| (how, Wanting::Fact(fact))));
    }
    alone.sort();
    let together = if alone.is_empty() { search.pair() } else { None };
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
    decided: &'a Decided,
    /// How much may still be done.
    left: usize,
    /// What sentences that give facts values came to. Few, since a value is told by a few sentences.
    told: SmallVec<[(Told, Outcome); 8]>,
}

/// The values that sentences give, beyond those of the order's text, to facts that it was asked about.
type Told = SmallVec<[(u8, u8); 4]>;

/// What a supposition comes to.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    determination: Determination,
    flag: Flag,
    /// How many assignments of values were tried.
    tried: usize,
}

impl Outcome {
    fn of(decided: &Decided) -> Self {
        let Assessment { determination, flag, .. } = decided.assessment;
        Self { determination, flag, tried: decided.tried }
    }
}

impl Search<'_> {
    /// The furthest that any of some suppositions moves the answer.
    fn best<'s>(&mut self, suppositions: impl Iterator<Item = &'s [Showing<'s>]>) -> Option<Move> {
        let mut best = None;
        for showings in suppositions {
            let moved = self.suppose(showings);
            best = [best, moved].into_iter().flatten().min();
            if best == Some(Move::Clears) {
                break;
            }
        }
        best
    }

    fn suppose(&mut self, showings: &[Showing<'_>]) -> Option<Move> {
        if self.left == 0 {
            return None;
        }
        let other = self.outcome(showings);
        self.left = self.left.saturating_sub(1 + other.tried + self.case.order.text.len() / TEXT_UNIT);
        let before = &self.decided.assessment;
        match (other.determination, other.flag) {
            same if same == (before.determination, before.flag) => None,
            (_, Flag::Clear) => Some(Move::Clears),
            _ => Some(Move::Changes),
        }
    }

    /// What showings come to. Where they are sentences that do nothing but give facts values, only the values count that
    /// the text does not give already, of facts that are asked about: the same values are not decided upon again.
    fn outcome(&mut self, showings: &[Showing<'_>]) -> Outcome {
        let Some(told) = self.told_by(showings) else {
            return Outcome::of(&showing::decide_with(self.case, showings));
        };
        if told.is_empty() {
            return Outcome::of(self.decided);
        }
        if let Some((_, known)) = self.told.iter().find(|(other, _)| *other == told) {
            return *known;
        }
        let outcome = Outcome::of(&showing::decide_with(self.case, showings));
        self.told.push((told, outcome));
        outcome
    }

    /// The values that plain sentences add, in ruleset order; `None` if a showing is something else.
    fn told_by(&self, showings: &[Showing<'_>]) -> Option<Told> {
        let mut told = Told::new();
        for showing in showings {
            let Showing::Words(telling) = showing else { return None };
            if !telling.is_plain() {
                return None;
            }
            let new =
                |(fact, value): &&(u8, u8)| self.decided.asked.contains(*fact) && !self.case.text.gives(*fact, *value);
            told.extend(telling.values.iter().filter(new).copied());
        }
        told.sort_unstable();
        told.dedup();
        Some(told)
    }

    /// Two facts that move the answer together, with the one that is wanting if it is among such.
    fn pair(&mut self) -> Option<[Wanting; 2]> {
        let of_fact = |fact: u8| (fact, showing::of(self.case, fact));
        let asked: SmallVec<[(u8, Showings<'_>); 4]> = self.decided.asked.iter().map(of_fact).collect();
        let mut best: Option<(bool, Move, [Wanting; 2])> = None;
        for (at, (first, ones)) in asked.iter().enumerate() {
            for (second, others) in &asked[at + 1..] {
                let both: SmallVec<[[Showing<'_>; 2]; 16]> =
                    ones.iter().flat_map(|one| others.iter().map(|other| [*one, *other])).collect();
                let Some(moved) = self.best(both.iter().map(<[_; 2]>::as_slice)) else { continue };
                let pair = [Wanting::Fact(*first), Wanting::Fact(*second)];
                let beside = self.decided.assessment.wanting.is_some_and(|wanting| !pair.contains(&wanting));
                let found = (beside, moved, pair);
                best = Some(best.map_or(found, |known| known.min(found)));
            }
        }
        best.map(|(_, _, pair)| pair)
    }
}
