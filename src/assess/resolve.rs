//! Resolving: which candidates are left, and which rows hold, when every fact has one value; for all assignments of a
//! block at once.

use smallvec::SmallVec;

use super::assessment::RowSet;
use super::candidate::Candidate;
use super::determine::{AnswerSet, Assignments, Lanes};
use crate::guideline::{CitationBasis, Determination, Recommendation};
use crate::rules::Ruleset;

/// How many answers the guideline gives.
const ANSWERS: usize = Recommendation::ALL.len();

/// What some candidates come to in each assignment of one block.
#[derive(Debug)]
pub(super) struct Block {
    /// The assignments that are possible. Of the others is told too what they would come to.
    pub possible: Lanes,
    /// Where each candidate stands, is left and governs.
    pub candidates: SmallVec<[Standing; 4]>,
    /// The candidates' rows, where they hold anywhere.
    pub rows: SmallVec<[Holding; 6]>,
    /// Where each answer is the best supported one, the best first.
    pub answers: [Lanes; ANSWERS],
    /// Which candidate removed which, by index, and where.
    pub refined: SmallVec<[(u16, u16, Lanes); 2]>,
}

/// Where a candidate counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Where what it requires holds.
    stands: Lanes,
    /// Where any of its rows holds.
    holds: Lanes,
    /// Where nothing removed it.
    pub left: Lanes,
    /// Where a row of its indication governs, and it is left.
    pub governs: Lanes,
}

/// A row, and where it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holding {
    row: u8,
    indication: u16,
    /// How well its answer is supported: lower is better.
    rank: u8,
    /// Where its condition holds, whether or not a candidate is left for it.
    holds: Lanes,
    /// Where it holds for a candidate that is left.
    left: Lanes,
}

impl Block {
    /// The assignments of a block that are possible, with what they come to for some candidates.
    pub fn resolve(ruleset: &Ruleset, candidates: &[Candidate<'_>], assignments: &Assignments, block: usize) -> Self {
        let mut this = Self {
            possible: assignments.possible(block),
            candidates: SmallVec::new(),
            rows: SmallVec::new(),
            answers: [0; ANSWERS],
            refined: SmallVec::new(),
        };
        let mut last = None;
        let mut holds = 0;
        for candidate in candidates {
            if last.replace(candidate.indication) != Some(candidate.indication) {
                holds = this.hold(ruleset, candidate.indication, assignments, block);
            }
            let stands = assignments.under(candidate.requires, block);
            this.candidates.push(Standing { stands, holds, left: stands, governs: 0 });
        }
        if candidates.len() > 1 {
            this.refine(ruleset, candidates);
        }
        this.govern(candidates);
        this
    }

    /// Adds the rows of an indication that hold somewhere. Where any of them does.
    fn hold(&mut self, ruleset: &Ruleset, indication: u16, assignments: &Assignments, block: usize) -> Lanes {
        let mut any = 0;
        for row in ruleset.indications[usize::from(indication)].rows.clone() {
            let holds = assignments.under(&ruleset.rows[row].when, block);
            if holds != 0 {
                let rank = ruleset.rank(ruleset.rows[row].recommendation) as u8;
                self.rows.push(Holding { row: row as u8, indication, rank, holds, left: 0 });
            }
            any |= holds;
        }
        any
    }

    /// Takes candidates away where another one removes them: one that stands and has a row that holds, or else one that
    /// takes their codes. Those that are removed remove others all the same.
    fn refine(&mut self, ruleset: &Ruleset, candidates: &[Candidate<'_>]) {
        for (at, own) in candidates.iter().enumerate() {
            let mut left = self.candidates[at].stands;
            let mut remove = |by: usize, there: Lanes, wanted: &dyn Fn(&Candidate<'_>) -> bool| {
                if left & there != 0 && wanted(&candidates[by]) {
                    self.refined.push((by as u16, at as u16, left & there));
                    left &= !there;
                }
            };
            for (by, other) in self.candidates.iter().enumerate() {
                remove(by, other.stands & other.holds, &|by| removes(ruleset, by, own));
            }
            for (by, other) in self.candidates.iter().enumerate() {
                remove(by, other.holds, &|by| by.may_hold && takes_codes_of(by, own));
            }
            self.candidates[at].left = left;
        }
    }

    /// The best supported row governs; rows that say the same govern with it.
    fn govern(&mut self, candidates: &[Candidate<'_>]) {
        for row in &mut self.rows {
            let own = candidates.iter().zip(&self.candidates).filter(|(each, _)| each.indication == row.indication);
            row.left = row.holds & own.fold(0, |left, (_, standing)| left | standing.left);
            if let Some(answer) = self.answers.get_mut(usize::from(row.rank)) {
                *answer |= row.left;
            }
        }
        let mut better = 0;
        for answer in &mut self.answers {
            *answer &= !better;
            better |= *answer;
        }
        for row in &self.rows {
            let governs = self.governs(row);
            for (each, standing) in candidates.iter().zip(&mut self.candidates) {
                if each.indication == row.indication {
                    standing.governs |= standing.left & governs;
                }
            }
        }
    }

    /// Where a row governs.
    fn governs(&self, row: &Holding) -> Lanes {
        row.left & self.answers.get(usize::from(row.rank)).copied().unwrap_or_default()
    }

    /// The answers in some assignments.
    pub fn answers(&self, ruleset: &Ruleset, lanes: Lanes) -> AnswerSet {
        let (mut answers, mut none) = (AnswerSet::default(), lanes);
        for (answer, there) in ruleset.policy.precedence.iter().zip(self.answers) {
            if there & lanes != 0 {
                answers = answers.with(Determination::from(*answer));
                none &= !there;
            }
        }
        if none == 0 { answers } else { answers.with(Determination::NotAddressed) }
    }

    /// Whether the statement does not say outright some row that holds anywhere.
    pub fn is_interpreted(&self, ruleset: &Ruleset) -> bool {
        self.rows.iter().any(|row| ruleset.rows[usize::from(row.row)].basis == CitationBasis::Interpreted)
    }

    /// The rows that govern in some possible assignment, and those that hold there and do not govern.
    pub fn rows(&self) -> (RowSet, RowSet) {
        let (mut governing, mut others) = (RowSet::default(), RowSet::default());
        for row in &self.rows {
            let governs = self.governs(row) & self.possible;
            if governs != 0 {
                governing.insert(row.row.into());
            }
            if row.left & self.possible != governs {
                others.insert(row.row.into());
            }
        }
        (governing, others)
    }

    /// The candidates that govern in some possible assignment, by index.
    pub fn governing(&self) -> impl Iterator<Item = usize> {
        let governs = |(_, each): &(usize, &Standing)| each.governs & self.possible != 0;
        self.candidates.iter().enumerate().filter(governs).map(|(at, _)| at)
    }

    /// Where each answer is the best supported one of an indication by itself, the best first.
    pub fn alone(&self, candidates: &[Candidate<'_>], indication: u16) -> [Lanes; ANSWERS] {
        let own = candidates.iter().zip(&self.candidates).filter(|(each, _)| each.indication == indication);
        let mut left = own.fold(0, |lanes, (_, standing)| lanes | standing.stands);
        std::array::from_fn(|rank| {
            let rows = self.rows.iter().filter(|row| row.indication == indication && usize::from(row.rank) == rank);
            let here = left & rows.fold(0, |lanes, row| lanes | row.holds);
            left &= !here;
            here
        })
    }

    /// The rows of an indication with some answer that hold somewhere there.
    pub fn rows_of(&self, indication: u16, rank: usize, there: Lanes) -> RowSet {
        let own = self.rows.iter().filter(|row| row.indication == indication && usize::from(row.rank) == rank);
        own.filter(|row| row.holds & there != 0).map(|row| row.row.into()).collect()
    }

    /// The possible assignments in which a candidate of some sort governs.
    pub fn governed_by<'a>(&self, candidates: &[Candidate<'a>], wanted: impl Fn(&Candidate<'a>) -> bool) -> Lanes {
        let these = candidates.iter().zip(&self.candidates).filter(|(each, _)| wanted(each));
        self.possible & these.fold(0, |lanes, (_, standing)| lanes | standing.governs)
    }
}

/// Whether one candidate removes another.
fn removes(ruleset: &Ruleset, by: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    if by.indication == other.indication || other.is_exact() {
        return false;
    }
    let refines = by.asserts() && ruleset.indications[usize::from(by.indication)].refines.contains(&other.indication);
    let named_over_proxy = by.is_named() && other.is_proxy();
    refines || named_over_proxy || takes_codes_of(by, other)
}

/// Whether a combination says what codes among its own stand for, so that they no longer stand for something else by
/// themselves: those that are a proxy, and, if the combination is none, those that are broad and all its own. It does so
/// also where it is not known whether the combination holds.
fn takes_codes_of(by: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    if by.indication == other.indication || !by.is_combination() || other.is_combination() {
        return false;
    }
    let shared = by.diagnoses() & other.diagnoses();
    let over_proxy = other.is_proxy() && shared != 0;
    let over_broad = other.is_broad() && by.is_broad() && shared == other.diagnoses();
    over_proxy || over_broad
}
