//! Conditions over facts: what a match or a row requires.

/// A conjunction of `fact = value`. Empty means "always".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition {
    /// Fact index and value index, in the order of the facts.
    pub terms: Vec<(u8, u8)>,
}

impl Condition {
    /// Whether it holds when each fact has the value that `value_of` gives.
    pub(crate) fn holds(&self, value_of: impl Fn(u8) -> u8) -> bool {
        self.terms.iter().all(|(fact, value)| value_of(*fact) == *value)
    }
}
