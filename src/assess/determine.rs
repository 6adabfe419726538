//! Governing: one determination from every possibility that the unknowns leave open.
//!
//! A determination is definite only if each possibility gives the same answer. Otherwise it is
//! indeterminate, with the set of open answers and the fact that is wanting.

mod assignment;
mod branch;
mod contradiction;
mod flag;
mod outside;
mod supposition;

use super::assessment::{Assessment, RowSet, Step, Steps, Wanting};
use super::diagnosis::Codes;
use super::text::TextReading;
use crate::guideline::{Certainty, Determination, Flag};
use crate::order::{Age, Order};
use crate::rules::{FactSet, ProductId, Ruleset};
pub(super) use assignment::{Assignments, Lanes};
use branch::Branch;
use contradiction::Contradiction;
pub(super) use supposition::{Outcome, Readings};

/// Everything that one order gives to the decision.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub ruleset: &'a Ruleset,
    pub codes: &'a Codes,
    pub text: &'a TextReading,
    pub order: &'a Order,
    /// The age on the order, or one that is supposed.
    pub age: Age,
    pub product: ProductId,
}

/// A decision and what it rests on.
pub(super) struct Decided<'a> {
    /// The answer. Warnings, and what would change it, are not known here yet.
    pub assessment: Assessment,
    /// The facts that any candidate asked about.
    pub asked: FactSet,
    /// What may be supposed of it.
    pub readings: Readings<'a>,
}

/// What an order comes to.
struct Verdict {
    answers: Answers,
    determination: Determination,
    flag: Flag,
    rows: RowSet,
    also_matched: RowSet,
}

impl Verdict {
    fn outcome(&self, branches: &[Branch<'_>]) -> Outcome {
        let tried = branches.iter().map(|branch| branch.assignments.count()).sum();
        Outcome { determination: self.determination, flag: self.flag, tried }
    }
}

/// Decides one order.
pub(super) fn decide<'a>(case: &Case<'a>) -> Decided<'a> {
    let mut steps = Steps::kept();
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
    let verdict = settle(case, &branches, &mut steps);
    let assessment = verdict.assessment(case, &branches, steps);
    Decided { assessment, asked: branch::asked(&branches), readings: Readings::of(branches) }
}

/// Decides what an order would come to if it were as the case says: the same way, and nobody reads the steps.
pub(super) fn suppose(case: &Case<'_>) -> Outcome {
    let steps = &mut Steps::dropped();
    let branches = branch::all(case, steps);
    settle(case, &branches, steps).outcome(&branches)
}

/// What the possibilities of all branches come to together.
fn settle(case: &Case<'_>, branches: &[Branch<'_>], steps: &mut Steps) -> Verdict {
    let answers = Answers::collect(case, branches, steps);
    let determination = answers.only().unwrap_or(Determination::Indeterminate);
    let (rows, also_matched) = (answers.rows, answers.others);
    let mut verdict = Verdict { answers, determination, flag: Flag::Clear, rows, also_matched };
    let outside = outside::apply(case, &mut verdict, steps);
    if steps.are_kept() {
        governing(case, &verdict, steps);
    }
    flag::apply(case, &mut verdict, branches, outside, steps);
    verdict
}

/// The rows that govern and those beside them, and the notes of the governing indications for a code that stands beside
/// theirs.
fn governing(case: &Case<'_>, verdict: &Verdict, steps: &mut Steps) {
    for row in verdict.rows.iter() {
        steps.push(Step::Governs { row });
    }
    for row in verdict.also_matched.iter() {
        steps.push(Step::AlsoMatched { row });
    }
    let mut last = None;
    for row in verdict.rows.iter() {
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
        let mut last = None;
        for branch in branches {
            answers.candidates |= !branch.candidates.is_empty();
            for block in &branch.blocks {
                let (governing, others) = block.rows();
                answers.rows = answers.rows.union(governing);
                answers.others = answers.others.union(others);
            }
            let own = branch.answers(case.ruleset);
            answers.all = answers.all.union(own);
            answers.conflict |= last.replace(own).is_some_and(|last| last != own);
            if branch.assignments.cut {
                answers.add_everything(case.ruleset, branch);
            }
        }
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

    /// The answer, if there is only one.
    fn only(&self) -> Option<Determination> {
        let known = |answer: &&Determination| self.all == AnswerSet::default().with(**answer);
        Determination::ALL.iter().find(known).copied()
    }
}

impl Verdict {
    fn assessment(&self, case: &Case<'_>, branches: &[Branch<'_>], steps: Steps) -> Assessment {
        let determination = self.determination;
        let indeterminate = determination == Determination::Indeterminate;
        let mut indications = self.rows.iter().map(|row| case.ruleset.rows[row].indication);
        let indication = indications.next();
        let several = indications.any(|other| Some(other) != indication);
        let wanting = match (indeterminate, self.answers.conflict) {
            (false, _) => None,
            (true, true) => Some(Wanting::Diagnosis),
            (true, false) => Some(branch::wanting(case, branches)),
        };
        let certainty = match determination {
            Determination::OtherUse => Certainty::Stated,
            Determination::NotAddressed | Determination::NoDiagnosis => branch::certainty_without_row(case, branches),
            _ => branch::certainty(case, &self.answers, branches, indeterminate),
        };
        Assessment {
            determination,
            flag: self.flag,
            certainty,
            indication: if indeterminate && several { None } else { indication },
            rows: self.rows,
            also_matched: self.also_matched,
            open: if indeterminate { self.answers.listed(case.ruleset).collect() } else { Vec::new() },
            wanting,
            would_change: Vec::new(),
            together: None,
            warnings: Vec::new(),
            product: case.product,
            steps: steps.taken(),
        }
    }
}
