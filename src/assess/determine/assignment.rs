//! Assignments: every combination of the values that an order leaves possible for the facts that are asked about.
//!
//! They are counted, not listed: the number of an assignment says which value each fact has in it, the first fact's the
//! slowest to change.

use smallvec::SmallVec;

use crate::assess::fact::FactState;
use crate::assess::resolve::Values;

/// The most assignments that are tried. Beyond it every answer that a candidate's rows could give stays open, so
/// that what was not tried is never taken for settled.
const ASSIGNMENTS_MAX: usize = 4096;

/// A fact that candidates ask about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub fact: u8,
    pub state: FactState,
    /// The values that are tried, as a mask: all that are possible, or the first where all would be too many.
    tried: u8,
    /// How many assignments pass before its value changes.
    stride: usize,
}

impl Asked {
    /// Its value in an assignment.
    pub fn value_in(&self, assignment: usize) -> u8 {
        let mut left = self.tried;
        if !left.is_power_of_two() {
            for _ in 0..assignment / self.stride % left.count_ones() as usize {
                left &= left - 1;
            }
        }
        left.trailing_zeros() as u8
    }

    /// The values that are tried, the lowest first.
    pub fn values(&self) -> impl Iterator<Item = u8> {
        (0..8).filter(|value| self.tried & (1 << value) != 0)
    }
}

/// The facts that candidates ask about, in ruleset order, with what is tried of them.
#[derive(Debug, Default)]
pub(super) struct Assignments {
    pub facts: SmallVec<[Asked; 6]>,
    /// How many assignments there are.
    pub count: usize,
    /// Whether there are more than are tried.
    pub cut: bool,
}

impl Assignments {
    /// All assignments of values that these facts leave possible.
    pub fn of(states: impl Iterator<Item = (u8, FactState)>) -> Self {
        let asked = |(fact, state): (u8, FactState)| Asked { fact, state, tried: state.values, stride: 1 };
        let mut this = Self { facts: states.map(asked).collect(), count: 1, cut: false };
        for each in &mut this.facts {
            if this.count * each.tried.count_ones() as usize > ASSIGNMENTS_MAX {
                each.tried &= each.tried.wrapping_neg();
                this.cut = true;
            }
            this.count *= each.tried.count_ones() as usize;
        }
        let mut stride = 1;
        for each in this.facts.iter_mut().rev() {
            each.stride = stride;
            stride *= each.tried.count_ones() as usize;
        }
        this
    }

    /// The state of a fact, if it is asked about.
    pub fn state(&self, fact: u8) -> Option<FactState> {
        self.facts.iter().find(|asked| asked.fact == fact).map(|asked| asked.state)
    }

    /// Gives each fact its value in an assignment. Facts that nobody asks about keep what they have.
    pub fn put(&self, assignment: usize, values: &mut Values) {
        for asked in &self.facts {
            values.set(asked.fact, asked.value_in(assignment));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::fact::Tier;

    fn assignments(masks: &[u8]) -> Assignments {
        Assignments::of((0..).zip(masks).map(|(fact, values)| (fact, FactState { values: *values, tier: Tier::Open })))
    }

    fn listed(assignments: &Assignments) -> Vec<Vec<u8>> {
        let values = |at| assignments.facts.iter().map(|asked| asked.value_in(at)).collect();
        (0..assignments.count).map(values).collect()
    }

    #[test]
    fn the_first_fact_is_the_slowest_to_change() {
        let wanted = [[0, 2, 1], [0, 2, 3], [1, 2, 1], [1, 2, 3], [4, 2, 1], [4, 2, 3]];
        assert_eq!(listed(&assignments(&[0b1_0011, 0b100, 0b1010])), wanted);
        assert_eq!(listed(&assignments(&[])), [[0_u8; 0]]);
    }

    #[test]
    fn what_would_be_too_many_keeps_its_first_value() {
        let cut = assignments(&[0b11; 13]);
        assert_eq!((cut.count, cut.cut, cut.facts[12].value_in(4095)), (4096, true, 0));
        let all = assignments(&[0b11; 12]);
        assert_eq!((all.count, all.cut), (4096, false));
    }
}
