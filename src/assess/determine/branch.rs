//! Branches and possibilities: each way in which the text may be read, and each assignment of values to the
//! facts that it leaves open.

use smallvec::SmallVec;

use super::assignment::{Assignments, Lanes, Possible};
use super::contradiction::{self, Contradiction};
use super::{AnswerSet, Answers, Case};
use crate::assess::assessment::{RowSet, Step, Steps, Wanting};
use crate::assess::candidate::{self, Candidate, Candidates};
use crate::assess::fact::{self, FactState, Tier};
use crate::assess::resolve::Block;
use crate::guideline::Certainty;
use crate::rules::{FactSet, Ruleset};

/// All readings of a text; nearly always one.
pub(super) type Branches<'a> = SmallVec<[Branch<'a>; 1]>;

/// Indications that the text asserts.
type Asserted = SmallVec<[u16; 8]>;

/// One reading of the text: the indications that it asserts, and all that follows.
pub(super) struct Branch<'a> {
    named: Asserted,
    pub candidates: Candidates<'a>,
    /// Facts that candidates ask about, and the combinations of their values.
    pub assignments: Assignments,
    /// What the assignments come to.
    pub blocks: SmallVec<[Block; 1]>,
    pub contradictions: Vec<Contradiction>,
    /// The combinations, by place, that were taken to hold perhaps.
    holding: u64,
    /// Those that are by what the order itself says.
    given_holding: u64,
    /// The facts, by place, on which that depends.
    required: u64,
    has_named: bool,
    has_proxy: bool,
    /// Whether nothing but the set of answers tells what the branch comes to: no ground of a lower flag depends on what
    /// brought them up, or on their rows.
    pub rests_on_answers: bool,
}

impl Branch<'_> {
    /// Whether all that may be supposed of facts is laid out.
    pub fn is_whole(&self) -> bool {
        self.assignments.whole && self.candidates.len() <= u64::BITS as usize
    }

    /// Whether the statement does not say outright some row that may hold.
    fn is_interpreted(&self, ruleset: &Ruleset) -> bool {
        self.blocks.iter().any(|block| block.is_interpreted(ruleset))
    }

    /// Distinct answers.
    pub fn answers(&self, ruleset: &Ruleset) -> AnswerSet {
        let of_block = |block: &Block| block.answers(ruleset, block.possible);
        self.blocks.iter().map(of_block).fold(AnswerSet::default(), AnswerSet::union)
    }

    /// The candidates that govern in some possibility.
    pub fn governing(&self) -> impl Iterator<Item = &Candidate<'_>> {
        self.blocks.iter().flat_map(Block::governing).map(|at| &self.candidates[at])
    }

    /// Where the facts that the governing candidates and rows rest on come from.
    fn relied_on<'b>(&'b self, case: &'b Case<'_>) -> impl Iterator<Item = Tier> + 'b {
        let asks = !self.assignments.facts.is_empty();
        let rows = self.blocks.iter().filter(|_| asks).fold(RowSet::default(), |rows, each| rows.union(each.rows().0));
        let governing = self.governing().filter(|_| asks).map(|candidate| candidate.requires.facts());
        let facts = rows.iter().map(|row| case.ruleset.rows[row].when.facts()).chain(governing);
        let facts = facts.fold(FactSet::default(), FactSet::union);
        let relied = self.assignments.facts.iter().filter(move |asked| facts.contains(asked.fact));
        relied.map(|asked| asked.state.tier)
    }

    /// Supposes more of the order than it says: sentences that give facts these values, and the case's age. Which
    /// indications codes and text bring up stays as it is. Only for a branch of which every value is laid out; what was
    /// supposed before is forgotten.
    pub fn suppose(&mut self, case: &Case<'_>, told: &[&[(u8, u8)]]) -> Supposed {
        let aged = case.age != case.order.age;
        let named = &self.named;
        let Possible { lanes: possible, by_text, touched } = self.assignments.suppose(told, |fact| {
            let by_age = aged && !case.ruleset.facts[usize::from(fact)].ages.is_empty();
            by_age.then(|| fact::derive(case, fact, named))
        });
        let holding = if touched & self.required != 0 || self.holding != self.given_holding {
            hold(&mut self.candidates, &self.assignments)
        } else {
            self.holding
        };
        for (at, block) in self.blocks.iter_mut().enumerate() {
            if holding != self.holding {
                *block = Block::resolve(case.ruleset, &self.candidates, &self.assignments, at);
            }
            block.possible = possible;
        }
        self.holding = holding;
        Supposed { possible, by_text, holding }
    }

    /// Finds again what contradicts each other, if that may be something else where more is supposed.
    pub fn contradict(&mut self, case: &Case<'_>) {
        if self.has_named {
            self.contradictions = contradiction::all(case, self);
        }
    }
}

/// Everything of a supposition on which it depends what a branch comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Supposed {
    /// The assignments that are possible.
    pub possible: Lanes,
    /// The facts, by place, that rest on the text.
    by_text: u64,
    /// The combinations, by place, that may hold.
    holding: u64,
}

/// All branches: one, unless the text weighs indications against each other.
pub(super) fn all<'a>(case: &Case<'a>, steps: &mut Steps) -> Branches<'a> {
    let asserted: Asserted = case.text.named.iter().map(|(indication, _)| *indication).collect();
    if case.text.differential.is_empty() {
        return Branches::from_buf([branch(case, asserted, steps)]);
    }
    let mut weighed: Asserted = case.text.differential.iter().flat_map(|(a, b)| [*a, *b]).collect();
    weighed.sort_unstable();
    weighed.dedup();
    let mut branches = Branches::new();
    for (at, indication) in weighed.iter().enumerate() {
        let named: Asserted = asserted.iter().copied().chain([*indication]).collect();
        let mut unread = Steps::dropped();
        branches.push(branch(case, named, if at == 0 { steps } else { &mut unread }));
    }
    if case.text.differential_uncertain {
        branches.push(branch(case, asserted, &mut Steps::dropped()));
    }
    branches
}

fn branch<'a>(case: &Case<'a>, named: Asserted, steps: &mut Steps) -> Branch<'a> {
    let mut candidates = candidate::gather(case, &named, steps);
    let assignments = Assignments::of(asked_by(case, &candidates).iter().map(|index| {
        let all = case.ruleset.facts[usize::from(index)].all_values();
        (index, all, fact::derive(case, index, &named))
    }));
    for asked in &assignments.facts {
        let FactState { values, tier } = asked.state;
        steps.push(Step::Fact { fact: asked.fact, values, tier });
    }
    let holding = hold(&mut candidates, &assignments);
    let resolve = |block| Block::resolve(case.ruleset, &candidates, &assignments, block);
    let blocks = (0..assignments.blocks).map(resolve).collect();
    let [has_named, has_proxy] = [Candidate::is_named, Candidate::is_proxy].map(|is| candidates.iter().any(is));
    let required = required(&candidates, &assignments);
    let caps = &case.ruleset.policy.caps;
    let by_origin = has_named || has_proxy || !caps.codes.is_empty();
    let mut branch = Branch {
        named,
        candidates,
        assignments,
        blocks,
        contradictions: Vec::new(),
        holding,
        given_holding: holding,
        required,
        has_named,
        has_proxy,
        rests_on_answers: false,
    };
    branch.rests_on_answers = !by_origin && caps.rows.is_empty() && !branch.is_interpreted(case.ruleset);
    if steps.are_kept() {
        refined(&branch, steps);
    }
    if has_named {
        branch.contradictions = contradiction::all(case, &branch);
    }
    branch
}

/// Notes which combinations may hold, and gives them by place.
fn hold(candidates: &mut [Candidate<'_>], assignments: &Assignments) -> u64 {
    let mut holding = 0;
    for (at, each) in candidates.iter_mut().enumerate().filter(|(_, each)| each.is_combination()) {
        let open =
            |(fact, value): &(u8, u8)| assignments.state(*fact).is_some_and(|state| state.values & (1 << value) != 0);
        each.may_hold = each.requires.terms.iter().all(open);
        holding |= u64::from(each.may_hold).checked_shl(at as u32).unwrap_or_default();
    }
    holding
}

/// The facts, by place, on which it depends whether combinations hold.
fn required(candidates: &[Candidate<'_>], assignments: &Assignments) -> u64 {
    let combinations = candidates.iter().filter(|each| each.is_combination());
    let facts = combinations.fold(FactSet::default(), |facts, each| facts.union(each.requires.facts()));
    let places = assignments.facts.iter().enumerate().filter(|(_, asked)| facts.contains(asked.fact));
    places.fold(0, |places, (at, _)| places | 1_u64.checked_shl(at as u32).unwrap_or_default())
}

/// Notes who removed whom in some possibility, in the order of the assignments and in each of the candidates.
fn refined(branch: &Branch<'_>, steps: &mut Steps) {
    for block in &branch.blocks {
        let possible = block.refined.iter().filter(|(.., there)| there & block.possible != 0);
        let mut all: SmallVec<[(u32, u16, u16); 4]> =
            possible.map(|(by, removed, there)| ((there & block.possible).trailing_zeros(), *removed, *by)).collect();
        all.sort_unstable();
        for (_, removed, by) in all {
            let [by, removed] = [by, removed].map(|at| branch.candidates[usize::from(at)].indication);
            steps.push_once(Step::Refined { by, removed });
        }
    }
}

/// The facts that the candidates' conditions and rows ask about.
fn asked_by(case: &Case<'_>, candidates: &[Candidate<'_>]) -> FactSet {
    let of = |each: &Candidate<'_>| case.ruleset.lookup.asked(each.indication).union(each.requires.facts());
    candidates.iter().map(of).fold(FactSet::default(), FactSet::union)
}

/// The first fact, in ruleset order, whose value changes the set of answers.
pub(super) fn wanting(case: &Case<'_>, branches: &[Branch<'_>]) -> Wanting {
    for branch in branches {
        for asked in &branch.assignments.facts {
            let with_value = |value: u8| {
                let of_block = |(at, block): (usize, &Block)| {
                    block.answers(case.ruleset, block.possible & branch.assignments.having(asked, value, at))
                };
                branch.blocks.iter().enumerate().map(of_block).fold(AnswerSet::default(), AnswerSet::union)
            };
            let mut answers = asked.values().map(with_value);
            let first = answers.next();
            if answers.any(|other| Some(other) != first) {
                return Wanting::Fact(asked.fact);
            }
        }
    }
    Wanting::Diagnosis
}

/// What the answer rests on.
pub(super) fn certainty(case: &Case<'_>, answers: &Answers, branches: &[Branch<'_>], indeterminate: bool) -> Certainty {
    let relied = |wanted: fn(Tier) -> bool| branches.iter().any(|branch| branch.relied_on(case).any(wanted));
    if indeterminate {
        let disagree = answers.conflict || relied(|tier| tier == Tier::Conflict);
        return if disagree { Certainty::Text } else { Certainty::Presumed };
    }
    if relied(|tier| matches!(tier, Tier::Presumed(_))) {
        return Certainty::Presumed;
    }
    let exact = |branch: &Branch<'_>| {
        let by_exact = |block: &Block| block.governed_by(&branch.candidates, Candidate::is_exact) == block.possible;
        branch.blocks.iter().all(by_exact)
    };
    let by_text = relied(|tier| tier == Tier::Text);
    match (by_text, branches.iter().all(exact)) {
        (true, _) => Certainty::Text,
        (false, true) => Certainty::Stated,
        (false, false) if branches.iter().any(names_what_governs) => Certainty::Text,
        (false, false) => Certainty::Presumed,
    }
}

/// Whether the text names what governs, which narrows a code that is not exact.
fn names_what_governs(branch: &Branch<'_>) -> bool {
    branch.governing().any(Candidate::is_named)
}

/// Whether, in some possibility, candidates of one sort brought up everything that governs.
fn by_these_alone<'a>(branch: &Branch<'a>, wanted: fn(&Candidate<'a>) -> bool) -> bool {
    branch.blocks.iter().any(|block| {
        let these = block.governed_by(&branch.candidates, wanted);
        these & !block.governed_by(&branch.candidates, |each| !wanted(each)) != 0
    })
}

/// Whether the text alone brought up everything that governs.
pub(super) fn by_text_alone(branch: &Branch<'_>) -> bool {
    branch.has_named && by_these_alone(branch, Candidate::is_named)
}

/// What an order rests on that no row answers: the text, a default that nothing contradicted, or its codes.
pub(super) fn certainty_without_row(case: &Case<'_>, branches: &[Branch<'_>]) -> Certainty {
    let tiers = || branches.iter().flat_map(|branch| &branch.assignments.facts).map(|asked| asked.state.tier);
    if !case.text.named.is_empty() || tiers().any(|tier| matches!(tier, Tier::Text | Tier::Conflict)) {
        Certainty::Text
    } else if tiers().any(|tier| matches!(tier, Tier::Presumed(_))) {
        Certainty::Presumed
    } else {
        Certainty::Stated
    }
}

/// Whether, in some possibility, only proxy codes brought up what governs, and no text decided.
pub(super) fn by_proxy_alone(case: &Case<'_>, branch: &Branch<'_>) -> bool {
    branch.has_proxy
        && by_these_alone(branch, Candidate::is_proxy)
        && !branch.relied_on(case).any(|tier| tier == Tier::Text)
}

/// All facts that any branch asks about.
pub(super) fn asked(branches: &[Branch<'_>]) -> FactSet {
    let facts = branches.iter().flat_map(|branch| &branch.assignments.facts);
    facts.fold(FactSet::default(), |all, asked| all.with(asked.fact))
}
