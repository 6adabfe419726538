//! Governing: one determination from every possibility that the unknowns leave open.
//!
//! A determination is definite only if each possibility gives the same answer. Otherwise it is
//! indeterminate, with the set of open answers and the fact that is wanting.

mod assignment;
mod branch;
mod flag;
mod outside;

use super::assessment::{Assessment, RowSet, Step, Steps, Wanting};
use super::diagnosis::Codes;
use super::text::TextReading;
use crate::guideline::{Determination, Flag};
use crate::order::{Age, Order};
use crate::rules::{FactSet, ProductId, Ruleset};
use branch::{Branch, Contradiction};
use outside::Outside;

/// Everything that one order gives to the decision.
pub(super) struct Case<'a> {
    pub ruleset: &'a Ruleset,
    pub codes: &'a Codes,
    pub text: &'a TextReading,
    pub order: &'a Order,
    /// The age on the order, or one that is supposed.
    pub age: Age,
    pub product: ProductId,
}

/// A decision and what it took.
pub(super) struct Decided {
    /// The answer. Warnings, and what would change it, are not known here yet.
    pub assessment: Assessment,
    /// The facts that any candidate asked about.
    pub asked: FactSet,
    /// How many assignments of values were tried.
    pub tried: usize,
}

/// Decides one order.
pub(super) fn decide(case: &Case<'_>) -> Decided {
    decide_with(case, Steps::kept())
}

/// Decides what an order would come to if it were as the case says: the same way, and nobody reads the steps.
pub(super) fn suppose(case: &Case<'_>) -> Decided {
    decide_with(case, Steps::dropped())
}

fn decide_with(case: &Case<'_>, mut steps: Steps) -> Decided {
    for (indication, phrase) in &case.text.named {
        steps.push(Step::Named { indication: *indication, phrase: *phrase });
    }
    for (indication, phrase, how) in &case.text.mentioned {
        steps.push(Step::Mentioned { indication: *indication, phrase: *phrase, how: *how });
    }
    for (first, second) in &case.text.differential {
        steps.push(Step::Differential { first: *first, second: *second });
    }
    let branches = branch::all(case, &mut steps);
    let answers = Answers::collect(case, &branches, &mut steps);
    let mut decision = answers.decision(case, &branches);
    let outside = outside::apply(case, &mut decision, &answers, &branches, &mut steps);
    for row in decision.rows.iter() {
        steps.push(Step::Governs { row });
    }
    for row in decision.also_matched.iter() {
        steps.push(Step::AlsoMatched { row });
    }
    note(case, &decision, &mut steps);
    flag::apply(case, &mut decision, &Grounds { answers: &answers, branches: &branches, outside }, &mut steps);
    decision.steps = steps.taken();
    Decided {
        assessment: decision,
        asked: branch::asked(&branches),
        tried: branches.iter().map(|branch| branch.possibilities.len()).sum(),
    }
}

/// Notes of the governing indications for a code that stands beside theirs.
fn note(case: &Case<'_>, decision: &Assessment, steps: &mut Steps) {
    if !steps.are_kept() {
        return;
    }
    let mut last = None;
    for row in decision.rows.iter() {
        let indication = case.ruleset.rows[row].indication;
        if last.replace(indication) == Some(indication) {
            continue;
        }
        for (note, each) in case.ruleset.indications[usize::from(indication)].notes.iter().enumerate() {
            if each.codes.intersects(case.codes.lists) {
                steps.push(Step::Noted { indication, note });
            }
        }
    }
}

/// A set of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct AnswerSet(u8);

impl AnswerSet {
    pub fn with(self, answer: Determination) -> Self {
        Self(self.0 | 1 << answer as u8)
    }

    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn contains(self, answer: Determination) -> bool {
        self.0 & (1 << answer as u8) != 0
    }
}

impl FromIterator<Determination> for AnswerSet {
    fn from_iter<I: IntoIterator<Item = Determination>>(answers: I) -> Self {
        answers.into_iter().fold(Self::default(), Self::with)
    }
}

/// What a flag is grounded on.
struct Grounds<'d, 'a> {
    answers: &'d Answers,
    branches: &'d [Branch<'a>],
    /// Whether a code of an established use elsewhere was found.
    outside: Outside,
}

/// The answers of all possibilities together.
pub(super) struct Answers {
    /// All of them.
    pub all: AnswerSet,
    /// Rows that govern in some possibility.
    pub rows: RowSet,
    /// Rows that hold in some possibility and do not govern in any.
    pub others: RowSet,
    /// Whether code and text, or two names in the text, contradict each other.
    pub conflict: bool,
    /// Whether there was any candidate.
    pub candidates: bool,
}

impl Answers {
    fn collect(case: &Case<'_>, branches: &[Branch<'_>], steps: &mut Steps) -> Self {
        let mut answers = Self {
            all: AnswerSet::default(),
            rows: RowSet::default(),
            others: RowSet::default(),
            conflict: false,
            candidates: false,
        };
        for branch in branches {
            answers.candidates |= !branch.candidates.is_empty();
            for possibility in &branch.possibilities {
                answers.all = answers.all.with(branch::answer(possibility));
                answers.rows = answers.rows.union(possibility.rows);
                answers.others = answers.others.union(possibility.others);
            }
            if branch.assignments.cut {
                answers.add_everything(case.ruleset, branch);
            }
        }
        answers.conflict = branches.windows(2).any(|pair| pair[0].answers() != pair[1].answers());
        for contradiction in branches.iter().flat_map(|branch| &branch.contradictions) {
            answers.conflict = true;
            answers.rows = answers.rows.union(contradiction.rows);
            answers.all = answers.all.union(contradiction.answers);
            let Contradiction { named, coded, exact, .. } = *contradiction;
            steps.push(Step::Contradicted { named, coded, exact });
        }
        answers.others = answers.others.without(answers.rows);
        answers
    }

    /// Leaves every answer open that the branch's candidates could give.
    fn add_everything(&mut self, ruleset: &Ruleset, branch: &Branch<'_>) {
        self.all = self.all.with(Determination::NotAddressed);
        for candidate in &branch.candidates {
            for row in ruleset.indications[usize::from(candidate.indication)].rows.clone() {
                self.rows.insert(row);
                self.all = self.all.with(ruleset.rows[row].recommendation.into());
            }
        }
    }

    /// Distinct answers as they are listed: best supported first, "not addressed" last.
    fn listed(&self, ruleset: &Ruleset) -> impl Iterator<Item = Determination> {
        let supported = ruleset.policy.precedence.iter().copied().map(Determination::from);
        supported.chain([Determination::NotAddressed]).filter(|answer| self.all.contains(*answer))
    }

    fn decision(&self, case: &Case<'_>, branches: &[Branch<'_>]) -> Assessment {
        let mut listed = self.listed(case.ruleset);
        let first = listed.next();
        let indeterminate = listed.next().is_some();
        let determination = first.filter(|_| !indeterminate).unwrap_or(Determination::Indeterminate);
        let mut indications = self.rows.iter().map(|row| case.ruleset.rows[row].indication);
        let indication = indications.next();
        let several = indications.any(|other| Some(other) != indication);
        let wanting = match (indeterminate, self.conflict) {
            (false, _) => None,
            (true, true) => Some(Wanting::Diagnosis),
            (true, false) => Some(branch::wanting(branches)),
        };
        Assessment {
            determination,
            flag: Flag::Clear,
            certainty: branch::certainty(case, self, branches, indeterminate),
            indication: if indeterminate && several { None } else { indication },
            rows: self.rows,
            also_matched: self.others,
            open: if indeterminate { self.listed(case.ruleset).collect() } else { Vec::new() },
            wanting,
            would_change: Vec::new(),
            together: None,
            warnings: Vec::new(),
            product: case.product,
            steps: Vec::new(),
        }
    }
}
