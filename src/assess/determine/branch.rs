//! Branches and possibilities: each way in which the text may be read, and each assignment of values to the
//! facts that it leaves open.

use smallvec::{SmallVec, smallvec};

use super::assignment::Assignments;
use super::{AnswerSet, Answers, Case};
use crate::assess::assessment::{RowSet, Step, Steps, Wanting};
use crate::assess::candidate::{self, Candidate, Candidates};
use crate::assess::fact::{self, FactState, Tier};
use crate::assess::resolve::{Resolved, Values, resolve};
use crate::guideline::{Certainty, Determination, Flag};
use crate::rules::FactSet;

/// All readings of a text; nearly always one.
pub(super) type Branches<'a> = SmallVec<[Branch<'a>; 1]>;

/// One reading of the text: the indications that it asserts, and all that follows.
pub(super) struct Branch<'a> {
    pub candidates: Candidates<'a>,
    /// Facts that candidates ask about, and the combinations of their values.
    pub assignments: Assignments,
    /// What each assignment comes to.
    pub possibilities: SmallVec<[Resolved; 1]>,
    pub contradictions: Vec<Contradiction>,
}

/// A text-named indication against a code of another with another answer.
pub(super) struct Contradiction {
    pub named: u16,
    pub coded: u16,
    /// Whether the code stands for it exactly.
    pub exact: bool,
    pub rows: RowSet,
    pub answers: AnswerSet,
}

/// The answer of one possibility.
pub(super) fn answer(possibility: &Resolved) -> Determination {
    possibility.answer.map_or(Determination::NotAddressed, Determination::from)
}

impl Branch<'_> {
    /// Distinct answers.
    pub fn answers(&self) -> AnswerSet {
        self.possibilities.iter().map(answer).collect()
    }

    /// The candidates that govern in some possibility.
    pub fn governing(&self) -> impl Iterator<Item = &Candidate<'_>> {
        self.possibilities.iter().flat_map(|each| &each.governing).map(|at| &self.candidates[usize::from(*at)])
    }

    /// Where the facts that the governing candidates and rows rest on come from.
    fn relied_on<'b>(&'b self, case: &'b Case<'_>) -> impl Iterator<Item = Tier> + 'b {
        let rows = self.possibilities.iter().fold(RowSet::default(), |rows, each| rows.union(each.rows));
        let governing = self.governing().map(|candidate| candidate.requires.facts());
        let facts = rows.iter().map(|row| case.ruleset.rows[row].when.facts()).chain(governing);
        let facts = facts.fold(FactSet::default(), FactSet::union);
        let relied = self.assignments.facts.iter().filter(move |asked| facts.contains(asked.fact));
        relied.map(|asked| asked.state.tier)
    }
}

/// All branches: one, unless the text weighs indications against each other.
pub(super) fn all<'a>(case: &Case<'a>, steps: &mut Steps) -> Branches<'a> {
    let asserted: SmallVec<[u16; 8]> = case.text.named.iter().map(|(indication, _)| *indication).collect();
    let mut weighed: SmallVec<[u16; 8]> = case.text.differential.iter().flat_map(|(a, b)| [*a, *b]).collect();
    weighed.sort_unstable();
    weighed.dedup();
    if weighed.is_empty() {
        return smallvec![branch(case, &asserted, steps)];
    }
    let mut branches = Branches::new();
    for (at, indication) in weighed.iter().enumerate() {
        let named: SmallVec<[u16; 8]> = asserted.iter().copied().chain([*indication]).collect();
        let mut unread = Steps::dropped();
        branches.push(branch(case, &named, if at == 0 { steps } else { &mut unread }));
    }
    if case.text.differential_uncertain {
        branches.push(branch(case, &asserted, &mut Steps::dropped()));
    }
    branches
}

fn branch<'a>(case: &Case<'a>, named: &[u16], steps: &mut Steps) -> Branch<'a> {
    let mut candidates = candidate::gather(case, named, steps);
    let derived = asked_by(case, &candidates).iter().map(|index| (index, fact::derive(case, index, named)));
    let assignments = Assignments::of(derived);
    for asked in &assignments.facts {
        let FactState { values, tier } = asked.state;
        steps.push(Step::Fact { fact: asked.fact, values, tier });
    }
    for each in &mut candidates {
        let open =
            |(fact, value): &(u8, u8)| assignments.state(*fact).is_some_and(|state| state.values & (1 << value) != 0);
        each.may_hold = each.requires.terms.iter().all(open);
    }
    let mut values = Values::none();
    let mut possibilities = SmallVec::with_capacity(assignments.count);
    for assignment in 0..assignments.count {
        assignments.put(assignment, &mut values);
        possibilities.push(resolve(case.ruleset, &candidates, |_| true, &values));
    }
    let mut branch = Branch { candidates, assignments, possibilities, contradictions: Vec::new() };
    for (by, removed) in branch.possibilities.iter().flat_map(|each| &each.refined) {
        steps.push_once(Step::Refined { by: *by, removed: *removed });
    }
    if branch.candidates.iter().any(Candidate::is_named) {
        branch.contradictions = contradictions(case, &branch, &mut values);
    }
    branch
}

/// The facts that the candidates' conditions and rows ask about.
fn asked_by(case: &Case<'_>, candidates: &[Candidate<'_>]) -> FactSet {
    let of = |each: &Candidate<'_>| case.ruleset.lookup.asked(each.indication).union(each.requires.facts());
    candidates.iter().map(of).fold(FactSet::default(), FactSet::union)
}

/// Finds names in the text that a code of another indication contradicts: an exact code where the two answer
/// differently, and a broad one where the name would take a clear answer away. A name with a code of its own
/// contradicts only what is better supported than itself: naming the better one settles nothing new.
fn contradictions(case: &Case<'_>, branch: &Branch<'_>, values: &mut Values) -> Vec<Contradiction> {
    let mut found: Vec<Contradiction> = Vec::new();
    for (assignment, possibility) in branch.possibilities.iter().enumerate() {
        branch.assignments.put(assignment, values);
        let left = || possibility.live.iter().map(|at| &branch.candidates[usize::from(*at)]);
        let alone =
            |indication: u16| resolve(case.ruleset, &branch.candidates, |each| each.indication == indication, values);
        for named in left().filter(|each| each.is_named()).map(|each| each.indication) {
            for code in left().filter(|each| (each.is_exact() || each.is_broad()) && each.indication != named) {
                let (text, own) = (alone(named), alone(code.indication));
                let (Some(said), Some(coded)) = (text.answer, own.answer) else { continue };
                let has_own_code = left().any(|each| each.indication == named && !each.is_named());
                let worse = case.ruleset.rank(said) > case.ruleset.rank(coded);
                let flags = &case.ruleset.policy.flags;
                let against_broad = flags.of(coded) == Flag::Clear && flags.of(said) != Flag::Clear;
                let contradicts = if code.is_exact() { worse || !has_own_code } else { worse && against_broad };
                if said != coded && contradicts {
                    let answers = [said, coded].map(Determination::from).into_iter().collect();
                    add(&mut found, named, code, text.rows.union(own.rows), answers);
                }
            }
        }
    }
    found
}

fn add(found: &mut Vec<Contradiction>, named: u16, code: &Candidate<'_>, rows: RowSet, answers: AnswerSet) {
    match found.iter_mut().find(|other| other.named == named && other.coded == code.indication) {
        Some(known) => {
            known.exact |= code.is_exact();
            known.rows = known.rows.union(rows);
            known.answers = known.answers.union(answers);
        }
        None => {
            found.push(Contradiction { named, coded: code.indication, exact: code.is_exact(), rows, answers });
        }
    }
}

/// The first fact, in ruleset order, whose value changes the set of answers.
pub(super) fn wanting(branches: &[Branch<'_>]) -> Wanting {
    for branch in branches {
        for asked in &branch.assignments.facts {
            let mut by_value = [AnswerSet::default(); 8];
            for (assignment, possibility) in branch.possibilities.iter().enumerate() {
                let answers = &mut by_value[usize::from(asked.value_in(assignment))];
                *answers = answers.with(answer(possibility));
            }
            let mut answers = asked.values().map(|value| by_value[usize::from(value)]);
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
        let candidates = &branch.candidates;
        let of_exact = |each: &Resolved| each.governing.iter().any(|at| candidates[usize::from(*at)].is_exact());
        branch.possibilities.iter().all(of_exact)
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
    let these = |at: &u16| wanted(&branch.candidates[usize::from(*at)]);
    branch.possibilities.iter().any(|each| !each.governing.is_empty() && each.governing.iter().all(these))
}

/// Whether the text alone brought up everything that governs.
pub(super) fn by_text_alone(branch: &Branch<'_>) -> bool {
    by_these_alone(branch, Candidate::is_named)
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
    by_these_alone(branch, Candidate::is_proxy) && !branch.relied_on(case).any(|tier| tier == Tier::Text)
}

/// All facts that any branch asks about.
pub(super) fn asked(branches: &[Branch<'_>]) -> FactSet {
    let facts = branches.iter().flat_map(|branch| &branch.assignments.facts);
    facts.fold(FactSet::default(), |all, asked| all.with(asked.fact))
}
