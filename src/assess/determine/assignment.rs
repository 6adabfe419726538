//! Assignments: every combination of the values that an order leaves possible for the facts that are asked about. They
//! are looked at many at once: an assignment is one bit of a word, and a condition is the set of those under which it
//! holds.
//!
//! They are counted, not listed: the number of an assignment says which value each fact has in it, the first fact's the
//! slowest to change. A block is as many of them as a word has bits. Where all values of all facts fit one block, those
//! that are not possible are laid out too: what is supposed of a fact then only chooses other bits.

use smallvec::SmallVec;

use crate::assess::fact::{Derived, FactState, Tier};
use crate::rules::Condition;

/// A set of assignments of one block, one bit each.
pub(in crate::assess) type Lanes = u64;

/// The most assignments that are tried. Beyond it every answer that a candidate's rows could give stays open, so
/// that what was not tried is never taken for settled.
const ASSIGNMENTS_MAX: usize = 4096;

/// The most facts that stand whole in a block.
const FACTS_MAX: usize = 64;

/// The first `count` assignments of a block.
fn first(count: usize) -> Lanes {
    Lanes::MAX.checked_shr(Lanes::BITS - count as u32).unwrap_or_default()
}

/// A fact that candidates ask about.
#[derive(Debug, Clone, Copy)]
pub(in crate::assess) struct Asked {
    pub fact: u8,
    /// What the order leaves possible, or what is supposed of it does.
    pub state: FactState,
    /// What the order tells of it.
    pub derived: Derived,
    /// The assignments of a block that the order itself leaves possible, as far as this fact goes.
    open: Lanes,
    /// The values that are laid out, as a mask: all that it has, all that are possible, or the first of these where all
    /// would be too many.
    listed: u8,
    /// How many assignments pass before its value changes, or how many blocks.
    stride: usize,
    /// The assignments of a block in which it has the first value; none where it changes from block to block only.
    lanes: Lanes,
}

impl Asked {
    /// The values that are tried, the lowest first.
    pub fn values(&self) -> impl Iterator<Item = u8> + use<> {
        let mut left = self.tried();
        std::iter::from_fn(move || {
            let value = (left != 0).then(|| left.trailing_zeros() as u8)?;
            left &= left - 1;
            Some(value)
        })
    }

    fn tried(&self) -> u8 {
        self.listed & self.state.values
    }

    /// The place of a value among those that are laid out.
    fn place(&self, value: u8) -> usize {
        let whole = self.listed.trailing_ones() > u32::from(value);
        if whole { value.into() } else { (self.listed & ((1 << value) - 1)).count_ones() as usize }
    }

    /// The assignments in which it has one of the values that are possible, if all its values are laid out in a block.
    fn possible(&self) -> Lanes {
        self.values().fold(0, |any, value| any | self.lanes << (usize::from(value) * self.stride))
    }
}

/// What is possible where more is supposed of some facts.
pub(in crate::assess) struct Possible {
    /// The assignments, of those of the one block in which everything is laid out.
    pub lanes: Lanes,
    /// The facts, by place, that rest on the text.
    pub by_text: u64,
    /// The facts, by place, of which more is supposed.
    pub touched: u64,
}

/// The facts that candidates ask about, in ruleset order, with what is tried of them.
#[derive(Debug)]
pub(in crate::assess) struct Assignments {
    pub facts: SmallVec<[Asked; 4]>,
    /// Whether there are more than are tried.
    pub cut: bool,
    /// Whether every value of every fact is laid out.
    pub whole: bool,
    /// How many blocks there are.
    pub blocks: usize,
    /// The assignments of each block.
    all: Lanes,
}

impl Assignments {
    /// All assignments of values that these facts leave possible; each fact stands with all its values.
    pub fn of(facts: impl Iterator<Item = (u8, u8, Derived)>) -> Self {
        let mut this = Self { facts: SmallVec::new(), cut: false, whole: true, blocks: 1, all: 0 };
        let mut count = 1;
        for (fact, all, derived) in facts {
            count *= all.count_ones();
            this.whole &= count <= Lanes::BITS && this.facts.len() < FACTS_MAX;
            count = if this.whole { count } else { 1 };
            this.facts.push(Asked { fact, state: derived.state, derived, open: 0, listed: all, stride: 1, lanes: 0 });
        }
        if !this.whole {
            this.list_possible();
        }
        this.lay_out();
        for at in 0..this.facts.len() {
            this.facts[at].open = this.open(&this.facts[at], 0);
        }
        this
    }

    /// Lists the values that are possible, as far as not too many assignments come of it.
    fn list_possible(&mut self) {
        let mut count = 1;
        for each in &mut self.facts {
            each.listed = each.state.values;
            if count * each.listed.count_ones() as usize > ASSIGNMENTS_MAX {
                each.listed &= each.listed.wrapping_neg();
                self.cut = true;
            }
            count *= each.listed.count_ones() as usize;
        }
    }

    /// Gives the last facts their places in a block, as many as there is room for; the others change with the blocks.
    fn lay_out(&mut self) {
        let (mut within, mut full) = (1, false);
        for each in self.facts.iter_mut().rev() {
            let values = each.listed.count_ones() as usize;
            full |= within * values > Lanes::BITS as usize;
            let count = if full { &mut self.blocks } else { &mut within };
            each.stride = *count;
            each.lanes = if full { 0 } else { first(*count) };
            *count *= values;
        }
        self.all = first(within);
        for each in self.facts.iter_mut().filter(|each| each.lanes != 0) {
            each.lanes *= self.all / first(each.stride * each.listed.count_ones() as usize);
        }
    }

    /// The state of a fact, if it is asked about.
    pub fn state(&self, fact: u8) -> Option<FactState> {
        self.facts.iter().find(|asked| asked.fact == fact).map(|asked| asked.state)
    }

    /// How many assignments are tried.
    pub fn count(&self) -> usize {
        self.facts.iter().map(|asked| asked.tried().count_ones() as usize).product()
    }

    /// The assignments of a block in which a fact has a value.
    pub fn having(&self, asked: &Asked, value: u8, block: usize) -> Lanes {
        if asked.listed & (1 << value) == 0 {
            return 0;
        }
        let place = asked.place(value);
        if asked.lanes != 0 {
            return asked.lanes << (place * asked.stride);
        }
        let here = block / asked.stride % asked.listed.count_ones() as usize == place;
        if here { self.all } else { 0 }
    }

    /// The assignments of a block under which a condition holds. A fact that nobody asks about has no value.
    pub fn under(&self, condition: &Condition, block: usize) -> Lanes {
        condition.terms.iter().fold(self.all, |lanes, (fact, value)| {
            let asked = self.facts.iter().find(|asked| asked.fact == *fact);
            lanes & asked.map_or(0, |asked| self.having(asked, *value, block))
        })
    }

    /// The assignments of a block that are possible, as far as one fact goes.
    fn open(&self, asked: &Asked, block: usize) -> Lanes {
        if asked.tried() == asked.listed {
            return self.all;
        }
        asked.values().fold(0, |any, value| any | self.having(asked, value, block))
    }

    /// The assignments of a block that are possible.
    pub fn possible(&self, block: usize) -> Lanes {
        self.facts.iter().fold(self.all, |lanes, asked| lanes & self.open(asked, block))
    }

    /// Supposes of facts that sentences give them values too, and that another age derives them otherwise. Of the others
    /// it is as the order says, whatever was supposed before.
    pub fn suppose(&mut self, told: &[&[(u8, u8)]], by_age: impl Fn(u8) -> Option<Derived>) -> Possible {
        let mut possible = Possible { lanes: self.all, by_text: 0, touched: 0 };
        for (at, asked) in self.facts.iter_mut().enumerate() {
            let mut more = 0;
            for sentence in told {
                for (fact, value) in *sentence {
                    more |= if *fact == asked.fact { 1 << (value & 7) } else { 0 };
                }
            }
            let derived = by_age(asked.fact);
            if more == 0 && derived.is_none() {
                asked.state = asked.derived.state;
                possible.lanes &= asked.open;
            } else {
                asked.state = derived.unwrap_or(asked.derived).told(more);
                possible.lanes &= asked.possible();
                possible.touched |= 1 << at;
            }
            possible.by_text |= u64::from(asked.state.tier == Tier::Text) << at;
        }
        possible
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Facts with all their values and those that are possible.
    fn assignments(masks: &[(u8, u8)]) -> Assignments {
        let derived = |values| Derived::untold(FactState { values, tier: Tier::Open });
        Assignments::of((0..).zip(masks).map(|(fact, (all, values))| (fact, *all, derived(*values))))
    }

    /// The values of the facts in each possible assignment.
    fn listed(assignments: &Assignments) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        for block in 0..assignments.blocks {
            let possible = assignments.possible(block);
            for lane in (0..Lanes::BITS).map(|at| 1 << at).filter(|lane| possible & lane != 0) {
                let value = |asked: &Asked| {
                    let mut has = asked.values().filter(|value| assignments.having(asked, *value, block) & lane != 0);
                    let value = has.next().unwrap();
                    assert_eq!(has.next(), None);
                    value
                };
                all.push(assignments.facts.iter().map(value).collect());
            }
        }
        all
    }

    #[test]
    fn the_first_fact_is_the_slowest_to_change() {
        let wanted = [[0, 2, 1], [0, 2, 3], [1, 2, 1], [1, 2, 3], [4, 2, 1], [4, 2, 3]];
        let (few, many) = (assignments(&[(0b1_0011, 0b1_0011), (0b100, 0b100), (0b1010, 0b1010)]), 0b1111_1111);
        assert_eq!((few.whole, listed(&few).as_slice()), (true, &wanted.map(Vec::from)[..]));
        let possible = assignments(&[(many, 0b1_0011), (many, 0b100), (many, 0b1010)]);
        assert_eq!((possible.whole, listed(&possible).as_slice()), (false, &wanted.map(Vec::from)[..]));
        assert_eq!(listed(&assignments(&[])), [[0_u8; 0]]);
    }

    #[test]
    fn what_is_not_possible_is_laid_out_and_not_tried() {
        let some = assignments(&[(0b111, 0b101), (0b11, 0b10), (0b11, 0b11)]);
        assert_eq!((some.whole, some.blocks, some.count()), (true, 1, 4));
        assert_eq!(listed(&some), [[0, 1, 0], [0, 1, 1], [2, 1, 0], [2, 1, 1]]);
    }

    #[test]
    fn blocks_together_are_all_assignments_in_order() {
        for masks in [vec![(0b11, 0b11); 6], vec![(0b11, 0b11); 7], vec![(0b1110, 0b1110); 5], vec![(255, 255); 4]] {
            let all = assignments(&masks);
            let listed = listed(&all);
            assert_eq!(listed.len(), all.count());
            assert!(listed.is_sorted() && listed.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }

    #[test]
    fn what_would_be_too_many_keeps_its_first_value() {
        let cut = assignments(&[(0b11, 0b11); 13]);
        assert_eq!((cut.count(), cut.cut), (4096, true));
        assert!(listed(&cut).iter().all(|values| values[12] == 0));
        let all = assignments(&[(0b11, 0b11); 12]);
        assert_eq!((all.count(), all.cut, listed(&all).len()), (4096, false, 4096));
    }
}
