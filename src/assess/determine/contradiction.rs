//! Contradictions: a name in the text against a code of another indication with another answer.

use super::assignment::Lanes;
use super::branch::Branch;
use super::{AnswerSet, Case};
use crate::assess::assessment::RowSet;
use crate::assess::resolve::Block;
use crate::guideline::{Determination, Flag};

/// A text-named indication against a code of another with another answer.
pub(super) struct Contradiction {
    pub named: u16,
    pub coded: u16,
    /// Whether the code stands for it exactly.
    pub exact: bool,
    pub rows: RowSet,
    pub answers: AnswerSet,
}

/// Finds names in the text that a code of another indication contradicts: an exact code where the two answer
/// differently, and a broad one where the name would take a clear answer away. A name with a code of its own
/// contradicts only what is better supported than itself: naming the better one settles nothing new.
pub(super) fn all(case: &Case<'_>, branch: &Branch<'_>) -> Vec<Contradiction> {
    let mut all = Vec::new();
    for block in &branch.blocks {
        let mut here: Vec<(u32, Contradiction)> = Vec::new();
        for (name, named) in branch.candidates.iter().enumerate().filter(|(_, each)| each.is_named()) {
            for (at, code) in branch.candidates.iter().enumerate() {
                if (code.is_exact() || code.is_broad()) && code.indication != named.indication {
                    contradicted(case, branch, block, [name, at], &mut here);
                }
            }
        }
        here.sort_by_key(|(first, _)| *first);
        for (_, found) in here {
            add(&mut all, found);
        }
    }
    all
}

/// Adds what a name and a code come to that contradict each other, each by itself, with the first assignment where they do.
fn contradicted(
    case: &Case<'_>,
    branch: &Branch<'_>,
    block: &Block,
    [name, code]: [usize; 2],
    found: &mut Vec<(u32, Contradiction)>,
) {
    let both = block.possible & block.candidates[name].left & block.candidates[code].left;
    if both == 0 {
        return;
    }
    let (named, code) = (branch.candidates[name].indication, &branch.candidates[code]);
    let own_codes = branch.candidates.iter().zip(&block.candidates);
    let own_codes = own_codes.filter(|(each, _)| each.indication == named && !each.is_named());
    let without_own_code = !own_codes.fold(0, |lanes, (_, standing)| lanes | standing.left);
    let [text, own] = [named, code.indication].map(|each| block.alone(&branch.candidates, each));
    let answers = &case.ruleset.policy.precedence;
    let flags = &case.ruleset.policy.flags;
    for (at, said) in answers.iter().enumerate() {
        for (other, coded) in answers.iter().enumerate().filter(|(other, _)| *other != at) {
            let worse = at > other;
            let against_broad = flags.of(*coded) == Flag::Clear && flags.of(*said) != Flag::Clear;
            let contradicts = match (code.is_exact(), worse) {
                (true, true) => Lanes::MAX,
                (true, false) => without_own_code,
                (false, true) if against_broad => Lanes::MAX,
                (false, _) => 0,
            };
            let there = both & text[at] & own[other] & contradicts;
            if there != 0 {
                let rows = block.rows_of(named, at, there).union(block.rows_of(code.indication, other, there));
                let answers = [*said, *coded].map(Determination::from).into_iter().collect();
                let exact = code.is_exact();
                let contradiction = Contradiction { named, coded: code.indication, exact, rows, answers };
                found.push((there.trailing_zeros(), contradiction));
            }
        }
    }
}

fn add(found: &mut Vec<Contradiction>, one: Contradiction) {
    match found.iter_mut().find(|other| other.named == one.named && other.coded == one.coded) {
        Some(known) => {
            known.exact |= one.exact;
            known.rows = known.rows.union(one.rows);
            known.answers = known.answers.union(one.answers);
        }
        None => found.push(one),
    }
}
