//! Suppositions: what an order would come to if it said more of facts than it does, on the assignments that were laid out
//! when it was decided.

use super::branch::{Branch, Branches, Supposed};
use super::{AnswerSet, Case, settle};
use crate::assess::assessment::Steps;
use crate::guideline::{Determination, Flag};

/// What an order comes to, or would come to.
#[derive(Debug, Clone, Copy)]
pub(in crate::assess) struct Outcome {
    pub determination: Determination,
    pub flag: Flag,
    /// How many assignments of values were tried.
    pub tried: usize,
}

/// The readings of an order that was decided, of which more may be supposed.
pub(in crate::assess) struct Readings<'a> {
    branches: Branches<'a>,
    /// What some suppositions came to, where there is one branch: many differ in nothing that counts.
    known: Vec<(Footing, Outcome)>,
}

/// Of a supposition what tells what the order would come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Footing {
    /// Everything that it changes.
    All(Supposed),
    /// The answers that are possible.
    Answers(AnswerSet),
}

/// How many outcomes are kept of what is supposed of an order.
const KNOWN_MAX: usize = 12;

impl<'a> Readings<'a> {
    /// Of these branches nothing was supposed yet.
    pub(super) fn of(branches: Branches<'a>) -> Self {
        Self { branches, known: Vec::new() }
    }

    /// Whether every value of every fact is laid out, so that more may be supposed of the facts.
    pub fn are_whole(&self) -> bool {
        self.branches.iter().all(Branch::is_whole)
    }

    /// What the order would come to if sentences gave facts these values, and if it had the case's age.
    pub fn suppose(&mut self, case: &Case<'_>, told: &[&[(u8, u8)]]) -> Outcome {
        let [branch] = self.branches.as_mut_slice() else {
            for branch in &mut self.branches {
                branch.suppose(case, told);
                branch.contradict(case);
            }
            return settle(case, &self.branches, &mut Steps::dropped()).outcome(&self.branches);
        };
        let supposed = branch.suppose(case, told);
        let footing = if branch.rests_on_answers {
            Footing::Answers(branch.answers(case.ruleset))
        } else {
            Footing::All(supposed)
        };
        if let Some((_, known)) = self.known.iter().find(|(known, _)| *known == footing) {
            return Outcome { tried: supposed.possible.count_ones() as usize, ..*known };
        }
        branch.contradict(case);
        let outcome = settle(case, &self.branches, &mut Steps::dropped()).outcome(&self.branches);
        if self.known.len() < KNOWN_MAX {
            self.known.reserve_exact(KNOWN_MAX - self.known.len());
            self.known.push((footing, outcome));
        }
        outcome
    }
}
