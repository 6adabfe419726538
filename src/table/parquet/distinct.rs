//! The distinct texts of a column, in the order in which they come first.

use std::collections::HashMap;

use foldhash::fast::RandomState;

/// After so many texts it is decided whether a dictionary pays.
const LOOKED_AT: usize = 1024;

/// The most bytes of a dictionary.
const BYTES_MAX: usize = 1 << 20;

/// Distinct texts and, for every text, which of them it is.
///
/// What is in it comes from records: the hash is another one in every process, so that nobody can make texts that fall
/// together. The numbers do not depend on it.
#[derive(Default)]
pub(super) struct Distinct<'t> {
    pub texts: Vec<&'t str>,
    /// For every text that was given its number among the distinct ones.
    pub numbers: Vec<u32>,
    bytes: usize,
    known: HashMap<&'t str, u32, RandomState>,
}

impl<'t> Distinct<'t> {
    /// The distinct texts, if they are so few that it pays to store each once. The answer depends on the texts and their
    /// order alone.
    pub fn of(texts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let mut this = Self::default();
        let mut last = None;
        for text in texts {
            let number = match last {
                Some((own, number)) if own == text => number,
                _ => this.number(text),
            };
            last = Some((text, number));
            this.numbers.push(number);
            if this.bytes > BYTES_MAX || this.numbers.len() == LOOKED_AT && !this.pays() {
                return None;
            }
        }
        this.pays().then_some(this)
    }

    fn number(&mut self, text: &'t str) -> u32 {
        *self.known.entry(text).or_insert_with(|| {
            self.texts.push(text);
            self.bytes += text.len();
            (self.texts.len() - 1) as u32
        })
    }

    fn pays(&self) -> bool {
        self.texts.len() * 2 <= self.numbers.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_the_number_of_its_first() {
        let distinct = Distinct::of(["b", "a", "a", "b", "", "b", "", "a"].into_iter()).expect("few texts");
        assert_eq!(distinct.texts, ["b", "a", ""]);
        assert_eq!(distinct.numbers, [0, 1, 1, 0, 2, 0, 2, 1]);
    }

    #[test]
    fn texts_that_hardly_repeat_are_not_worth_a_dictionary() {
        let ids: Vec<String> = (0..5000).map(|id| format!("id{}", id / 2 * 3)).collect();
        assert!(Distinct::of(ids.iter().map(String::as_str)).is_some(), "half of them");
        let ids: Vec<String> = (0..5000).map(|id| id.to_string()).collect();
        assert!(Distinct::of(ids.iter().map(String::as_str)).is_none());
        assert!(Distinct::of(["a", "b", "a"].into_iter()).is_none());
        assert!(Distinct::of(std::iter::empty()).is_some());
        let long: Vec<String> = (0..40).map(|at| format!("{at:0>50000}")).collect();
        assert!(Distinct::of(long.iter().chain(&long).map(String::as_str)).is_none(), "too long to keep");
    }
}
