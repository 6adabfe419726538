//! Branches and possibilities: each way in which the text may be read, and each assignment of values to the
//! facts that it leaves open.

use super::{Answers, Case};
use crate::assess::assessment::{RowSet, Step, Wanting};
use crate::assess::candidate::{self, Candidate};
use crate::assess::fact::{self, FactState, Tier};
use crate::assess::resolve::{Resolved, resolve};
use crate::guideline::{Certainty, Determination, Flag};
use crate::rules::Strength;

/// The most assignments that are tried. Beyond it every answer that a candidate's rows could give stays open, so
/// that what was not tried is never taken for settled.
const POSSIBILITIES_MAX: usize = 4096;

/// One reading of the text: the indications that it asserts, and all that follows.
pub(in crate::assess) struct Branch<'a> {
    pub candidates: Vec<Candidate<'a>>,
    /// Facts that candidates ask about, in ruleset order.
    pub facts: Vec<(u8, FactState)>,
    pub possibilities: Vec<Possibility>,
    /// Whether there were more assignments than are tried.
    pub cut: bool,
    pub contradictions: Vec<Contradiction>,
}

/// One assignment and its answer.
pub(in crate::assess) struct Possibility {
    /// A value for each of the branch's facts.
    pub values: Vec<u8>,
    pub resolved: Resolved,
}

/// A text-named indication against a code of another with another answer.
pub(in crate::assess) struct Contradiction {
    pub named: u16,
    pub coded: u16,
    /// Whether the code stands for it exactly.
    pub exact: bool,
    pub rows: RowSet,
    pub answers: Vec<Determination>,
}

impl Possibility {
    pub fn answer(&self) -> Determination {
        self.resolved.answer.map_or(Determination::NotAddressed, Determination::from)
    }
}

impl Branch<'_> {
    /// Distinct answers, in a fixed order.
    pub fn answers(&self) -> Vec<Determination> {
        let mut answers: Vec<_> = self.possibilities.iter().map(Possibility::answer).collect();
        answers.sort_unstable();
        answers.dedup();
        answers
    }

    /// The candidates that govern in some possibility.
    pub fn governing(&self) -> impl Iterator<Item = &Candidate<'_>> {
        self.possibilities.iter().flat_map(|each| &each.resolved.governing).map(|at| &self.candidates[*at])
    }

    fn state(&self, index: u8) -> Option<FactState> {
        self.facts.iter().find(|(fact, _)| *fact == index).map(|(_, state)| *state)
    }

    /// Facts that the governing candidates and rows rest on.
    fn relied_on<'b>(&'b self, case: &'b Case<'_>) -> impl Iterator<Item = FactState> + 'b {
        let governing = self
            .possibilities
            .iter()
            .flat_map(|each| &each.resolved.governing)
            .flat_map(|at| &self.candidates[*at].requires.terms);
        let rows = self
            .possibilities
            .iter()
            .flat_map(|each| each.resolved.rows.iter())
            .flat_map(|row| &case.ruleset.rows[row].when.terms);
        governing.chain(rows).filter_map(|(fact, _)| self.state(*fact))
    }
}

/// All branches: one, unless the text weighs indications against each other.
pub(super) fn all<'a>(case: &Case<'a>, steps: &mut Vec<Step>) -> Vec<Branch<'a>> {
    let asserted: Vec<u16> = case.text.named.iter().map(|(indication, _)| *indication).collect();
    let mut weighed: Vec<u16> = case.text.differential.iter().flat_map(|(a, b)| [*a, *b]).collect();
    weighed.sort_unstable();
    weighed.dedup();
    if weighed.is_empty() {
        return vec![branch(case, &asserted, steps)];
    }
    let mut branches = Vec::new();
    for (at, indication) in weighed.iter().enumerate() {
        let named: Vec<u16> = asserted.iter().copied().chain([*indication]).collect();
        let mut own = Vec::new();
        branches.push(branch(case, &named, &mut own));
        if at == 0 {
            steps.append(&mut own);
        }
    }
    if case.text.differential_uncertain {
        branches.push(branch(case, &asserted, &mut Vec::new()));
    }
    branches
}

fn branch<'a>(case: &Case<'a>, named: &[u16], steps: &mut Vec<Step>) -> Branch<'a> {
    let mut candidates = candidate::gather(case, named, steps);
    let facts: Vec<(u8, FactState)> =
        asked_by(case, &candidates).into_iter().map(|index| (index, fact::derive(case, index, named))).collect();
    for (index, state) in &facts {
        steps.push(Step::Fact { fact: *index, values: state.values, tier: state.tier });
    }
    for each in &mut candidates {
        let open =
            |(fact, value): &(u8, u8)| facts.iter().any(|(own, state)| own == fact && state.values & (1 << value) != 0);
        each.may_hold = each.requires.terms.iter().all(open);
    }
    let (assigned, cut) = assignments(&facts);
    let possibilities: Vec<Possibility> = assigned
        .into_iter()
        .map(|values| {
            let resolved = resolve(case.ruleset, &candidates, |_| true, &lookup(&facts, &values));
            Possibility { values, resolved }
        })
        .collect();
    for (by, removed) in possibilities.iter().flat_map(|each| &each.resolved.refined) {
        let step = Step::Refined { by: *by, removed: *removed };
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    let contradictions = contradictions(case, &candidates, &facts, &possibilities);
    Branch { candidates, facts, possibilities, cut, contradictions }
}

fn asked_by(case: &Case<'_>, candidates: &[Candidate<'_>]) -> Vec<u8> {
    let mut asked: Vec<u8> = Vec::new();
    for candidate in candidates {
        let rows = case.ruleset.indications[usize::from(candidate.indication)].rows.clone();
        let conditions = rows.map(|row| &case.ruleset.rows[row].when).chain([candidate.requires]);
        asked.extend(conditions.flat_map(|condition| condition.terms.iter().map(|(fact, _)| *fact)));
    }
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// Every combination of the values that are possible, in a fixed order, and whether there are more than are tried.
fn assignments(facts: &[(u8, FactState)]) -> (Vec<Vec<u8>>, bool) {
    let mut all = vec![Vec::with_capacity(facts.len())];
    let mut cut = false;
    for (_, state) in facts {
        let mut values: Vec<u8> = (0..8).filter(|value| state.values & (1 << value) != 0).collect();
        if all.len() * values.len() > POSSIBILITIES_MAX {
            values.truncate(1);
            cut = true;
        }
        all = all
            .iter()
            .flat_map(|head| values.iter().map(|value| head.iter().copied().chain([*value]).collect()))
            .collect();
    }
    (all, cut)
}

fn lookup<'b>(facts: &'b [(u8, FactState)], values: &'b [u8]) -> impl Fn(u8) -> u8 + 'b {
    move |index| facts.iter().position(|(fact, _)| *fact == index).map_or(u8::MAX, |at| values[at])
}

/// Finds names in the text that a code of another indication contradicts: an exact code where the two answer
/// differently, and a broad one where the name would take a clear answer away. A name with a code of its own
/// contradicts only what is better supported than itself: naming the better one settles nothing new.
fn contradictions(
    case: &Case<'_>,
    candidates: &[Candidate<'_>],
    facts: &[(u8, FactState)],
    possibilities: &[Possibility],
) -> Vec<Contradiction> {
    let mut found: Vec<Contradiction> = Vec::new();
    for possibility in possibilities {
        let left = || possibility.resolved.live.iter().map(|at| &candidates[*at]);
        let value_of = lookup(facts, &possibility.values);
        let alone =
            |indication: u16| resolve(case.ruleset, candidates, |each| each.indication == indication, &value_of);
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
                    let rows = text.rows.union(own.rows);
                    add(&mut found, named, code, rows, &[said.into(), coded.into()]);
                }
            }
        }
    }
    found
}

fn add(found: &mut Vec<Contradiction>, named: u16, code: &Candidate<'_>, rows: RowSet, answers: &[Determination]) {
    match found.iter_mut().find(|other| other.named == named && other.coded == code.indication) {
        Some(known) => {
            known.exact |= code.is_exact();
            known.rows = known.rows.union(rows);
            known.answers.extend(answers);
        }
        None => found.push(Contradiction {
            named,
            coded: code.indication,
            exact: code.is_exact(),
            rows,
            answers: answers.to_vec(),
        }),
    }
}

/// The first fact, in ruleset order, whose value changes the set of answers.
pub(super) fn wanting(branches: &[Branch<'_>]) -> Wanting {
    for branch in branches {
        for (at, (fact, _)) in branch.facts.iter().enumerate() {
            let answers = |value: u8| -> Vec<Determination> {
                let mut answers: Vec<_> = branch
                    .possibilities
                    .iter()
                    .filter(|each| each.values[at] == value)
                    .map(Possibility::answer)
                    .collect();
                answers.sort_unstable();
                answers.dedup();
                answers
            };
            let mut seen: Vec<u8> = branch.possibilities.iter().map(|each| each.values[at]).collect();
            seen.sort_unstable();
            seen.dedup();
            if seen.windows(2).any(|pair| answers(pair[0]) != answers(pair[1])) {
                return Wanting::Fact(*fact);
            }
        }
    }
    Wanting::Diagnosis
}

/// What the answer rests on.
pub(super) fn certainty(case: &Case<'_>, answers: &Answers, branches: &[Branch<'_>], indeterminate: bool) -> Certainty {
    let relied: Vec<FactState> = branches.iter().flat_map(|branch| branch.relied_on(case)).collect();
    if indeterminate {
        let disagree = relied.iter().any(|state| state.tier == Tier::Conflict);
        return if answers.conflict || disagree { Certainty::Text } else { Certainty::Presumed };
    }
    if relied.iter().any(|state| matches!(state.tier, Tier::Presumed(_))) {
        return Certainty::Presumed;
    }
    let exact = |branch: &Branch<'_>| {
        branch
            .possibilities
            .iter()
            .all(|each| each.resolved.governing.iter().any(|at| branch.candidates[*at].is_exact()))
    };
    let by_text = relied.iter().any(|state| state.tier == Tier::Text);
    match (by_text, branches.iter().all(exact)) {
        (true, _) => Certainty::Text,
        (false, true) => Certainty::Stated,
        (false, false) if branches.iter().any(names_what_governs) => Certainty::Text,
        (false, false) => Certainty::Presumed,
    }
}

/// Whether the text names what governs, which narrows a code that is not exact.
fn names_what_governs(branch: &Branch<'_>) -> bool {
    branch.possibilities.iter().flat_map(|each| &each.resolved.governing).any(|at| branch.candidates[*at].is_named())
}

/// Whether the text alone brought up everything that governs.
pub(super) fn by_text_alone(branch: &Branch<'_>) -> bool {
    branch.possibilities.iter().any(|each| {
        !each.resolved.governing.is_empty()
            && each.resolved.governing.iter().all(|at| branch.candidates[*at].is_named())
    })
}

/// What an order rests on that no row answers: the text, a default that nothing contradicted, or its codes.
pub(super) fn certainty_without_row(case: &Case<'_>, branches: &[Branch<'_>]) -> Certainty {
    let tiers = || branches.iter().flat_map(|branch| &branch.facts).map(|(_, state)| state.tier);
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
    let proxy = |at: &usize| {
        matches!(branch.candidates[*at].origin, candidate::Origin::Codes { strength: Strength::Proxy, .. })
    };
    let text = branch.relied_on(case).any(|state| state.tier == Tier::Text);
    !text
        && branch
            .possibilities
            .iter()
            .any(|each| !each.resolved.governing.is_empty() && each.resolved.governing.iter().all(proxy))
}

/// All facts that any branch asks about.
pub(super) fn asked(branches: &[Branch<'_>]) -> Vec<u8> {
    let mut asked: Vec<u8> = branches.iter().flat_map(|branch| branch.facts.iter().map(|(fact, _)| *fact)).collect();
    asked.sort_unstable();
    asked.dedup();
    asked
}
