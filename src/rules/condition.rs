//! Conditions over facts: what a match or a row requires.

/// A conjunction of `fact = value`. Empty means "always".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition {
    /// Fact index and value index, in the order of the facts.
    pub terms: Vec<(u8, u8)>,
}

impl Condition {
    /// The facts that it asks about.
    pub(crate) fn facts(&self) -> FactSet {
        self.terms.iter().fold(FactSet::default(), |facts, (fact, _)| facts.with(*fact))
    }
}

/// A set of facts, by index in the ruleset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FactSet([u64; 4]);

impl FactSet {
    /// It with one more fact.
    #[must_use]
    pub(crate) fn with(mut self, fact: u8) -> Self {
        self.0[usize::from(fact >> 6)] |= 1 << (fact & 63);
        self
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }

    pub(crate) fn contains(self, fact: u8) -> bool {
        self.0[usize::from(fact >> 6)] & (1 << (fact & 63)) != 0
    }

    /// Its facts in ruleset order; as many steps as there are facts in it.
    pub(crate) fn iter(self) -> impl Iterator<Item = u8> {
        (0..4_u8).flat_map(move |word| {
            let mut left = self.0[usize::from(word)];
            std::iter::from_fn(move || {
                let fact = (left != 0).then(|| word << 6 | left.trailing_zeros() as u8)?;
                left &= left - 1;
                Some(fact)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::FactSet;

    #[test]
    fn a_set_gives_its_facts_in_ruleset_order() {
        let wanted = [0, 5, 63, 64, 127, 128, 254, 255];
        let set = wanted.iter().rev().fold(FactSet::default(), |set, fact| set.with(*fact));
        assert_eq!(set.iter().collect::<Vec<_>>(), wanted);
        assert!(set.contains(64) && !set.contains(65) && !FactSet::default().contains(0));
        assert_eq!(set.union(FactSet::default().with(7)).iter().count(), wanted.len() + 1);
    }
}
