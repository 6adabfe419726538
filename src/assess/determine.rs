//! Governing: one determination from every possibility that the unknowns leave open.
//!
//! A determination is definite only if each possibility gives the same answer. Otherwise it is
//! indeterminate, with the set of open answers and the fact that is wanting.

mod branch;
mod flag;
mod outside;

use super::assessment::{Assessment, RowSet, Step, Wanting};
use super::diagnosis::Codes;
use super::text::TextReading;
use crate::guideline::{Determination, Flag};
use crate::order::{Age, Order};
use crate::rules::{ProductId, Ruleset};
use branch::{Branch, Contradiction, Possibility};

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
    /// The facts that any candidate asked about, in ruleset order.
    pub asked: Vec<u8>,
    /// How many assignments of values were tried.
    pub tried: usize,
}

/// Decides one order.
pub(super) fn decide(case: &Case<'_>) -> Decided {
    let mut steps = Vec::new();
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
    outside::apply(case, &mut decision, &answers, &branches, &mut steps);
    for row in decision.rows.iter() {
        steps.push(Step::Governs { row });
    }
    for row in decision.also_matched.iter() {
        steps.push(Step::AlsoMatched { row });
    }
    note(case, &decision, &mut steps);
    flag::apply(case, &mut decision, &answers, &branches, &mut steps);
    decision.steps = steps;
    Decided {
        assessment: decision,
        asked: branch::asked(&branches),
        tried: branches.iter().map(|branch| branch.possibilities.len()).sum(),
    }
}

/// Notes of the governing indications for a code that stands beside theirs.
fn note(case: &Case<'_>, decision: &Assessment, steps: &mut Vec<Step>) {
    let mut governing: Vec<u16> = decision.rows.iter().map(|row| case.ruleset.rows[row].indication).collect();
    governing.dedup();
    for indication in governing {
        for (note, each) in case.ruleset.indications[usize::from(indication)].notes.iter().enumerate() {
            if each.codes.intersects(case.codes.lists) {
                steps.push(Step::Noted { indication, note });
            }
        }
    }
}

/// The answers of all possibilities together.
pub(super) struct Answers {
    /// Distinct answers, best supported first, "not addressed" last.
    pub distinct: Vec<Determination>,
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
    fn collect(case: &Case<'_>, branches: &[Branch<'_>], steps: &mut Vec<Step>) -> Self {
        let mut answers = Self {
            distinct: Vec::new(),
            rows: RowSet::default(),
            others: RowSet::default(),
            conflict: false,
            candidates: false,
        };
        for branch in branches {
            answers.candidates |= !branch.candidates.is_empty();
            for possibility in &branch.possibilities {
                answers.add(possibility);
            }
            if branch.cut {
                answers.add_everything(case.ruleset, branch);
            }
        }
        let by_branch: Vec<Vec<Determination>> = branches.iter().map(Branch::answers).collect();
        answers.conflict = by_branch.windows(2).any(|pair| pair[0] != pair[1]);
        for contradiction in branches.iter().flat_map(|branch| &branch.contradictions) {
            answers.conflict = true;
            answers.rows = answers.rows.union(contradiction.rows);
            answers.distinct.extend(&contradiction.answers);
            let Contradiction { named, coded, exact, .. } = *contradiction;
            steps.push(Step::Contradicted { named, coded, exact });
        }
        answers.others = answers.others.without(answers.rows);
        answers.distinct.sort_unstable_by_key(|answer| rank(case.ruleset, *answer));
        answers.distinct.dedup();
        answers
    }

    /// Leaves every answer open that the branch's candidates could give.
    fn add_everything(&mut self, ruleset: &Ruleset, branch: &Branch<'_>) {
        self.distinct.push(Determination::NotAddressed);
        for candidate in &branch.candidates {
            for row in ruleset.indications[usize::from(candidate.indication)].rows.clone() {
                self.rows.insert(row);
                self.distinct.push(ruleset.rows[row].recommendation.into());
            }
        }
    }

    fn add(&mut self, possibility: &Possibility) {
        self.distinct.push(possibility.answer());
        self.rows = self.rows.union(possibility.resolved.rows);
        self.others = self.others.union(possibility.resolved.others);
    }

    fn decision(&self, case: &Case<'_>, branches: &[Branch<'_>]) -> Assessment {
        let indeterminate = self.distinct.len() > 1;
        let determination = match self.distinct[..] {
            [only] => only,
            _ => Determination::Indeterminate,
        };
        let mut indications: Vec<u16> = self.rows.iter().map(|row| case.ruleset.rows[row].indication).collect();
        indications.dedup();
        let wanting = match (indeterminate, self.conflict) {
            (false, _) => None,
            (true, true) => Some(Wanting::Diagnosis),
            (true, false) => Some(branch::wanting(branches)),
        };
        Assessment {
            determination,
            flag: Flag::Clear,
            certainty: branch::certainty(case, self, branches, indeterminate),
            indication: if indeterminate && indications.len() > 1 { None } else { indications.first().copied() },
            rows: self.rows,
            also_matched: self.others,
            open: if indeterminate { self.distinct.clone() } else { Vec::new() },
            wanting,
            would_change: Vec::new(),
            together: None,
            warnings: Vec::new(),
            product: case.product,
            steps: Vec::new(),
        }
    }
}

/// The order in which answers are listed: by the ruleset's precedence, "not addressed" last.
fn rank(ruleset: &Ruleset, answer: Determination) -> usize {
    ruleset.policy.precedence.iter().position(|each| Determination::from(*each) == answer).unwrap_or(usize::MAX)
}
