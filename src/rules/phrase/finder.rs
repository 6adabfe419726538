//! Finding phrases word by word: every word of a text is looked up once, and from each that begins a phrase the phrases
//! are followed as far as the text goes along with them. What is found is whole words by construction; no text is scanned
//! for phrases that share letters with it and no words.

use smallvec::SmallVec;

use super::{Folded, Word};
use crate::rules::quick::QuickMap;

/// A word of some phrase, or a place that some phrases reach after some words. Zero is none.
type Index = u32;

/// Phrases as a tree of their words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Finder {
    /// Words of eight bytes at most, by their letters in one number.
    short: QuickMap<u64, Index>,
    /// All others.
    long: QuickMap<Box<[u8]>, Index>,
    /// Where each word leads at the beginning of a phrase, by word.
    first: Vec<Index>,
    /// Where each word leads behind others, by place and word.
    further: QuickMap<(Index, Index), Index>,
    /// For each place the phrase that ends there, and whether some phrase goes on.
    places: Vec<(Option<u32>, bool)>,
}

/// The letters of a word of eight bytes at most in one number, which is no other word's: none holds a zero.
fn short(word: &[u8]) -> Option<u64> {
    let letters = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
    match (word.len(), word.first_chunk(), word.last_chunk()) {
        (..=8, Some(first), Some(last)) => Some(letters(first) | letters(last) << (8 * (word.len() - 4))),
        (..=3, ..) => Some(word.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))),
        _ => None,
    }
}

/// A phrase, by its index, with its first and last word.
pub(crate) type Found = (u32, usize, usize);

impl Finder {
    /// The tree of these phrases, which must be folded.
    pub fn of<'p>(phrases: impl Iterator<Item = &'p str>) -> Self {
        let mut this = Self { first: vec![0], places: vec![(None, false)], ..Self::default() };
        for (phrase, words) in (0..).zip(phrases) {
            let mut place = 0;
            for word in words.split(' ') {
                place = this.step(place, word);
            }
            this.places[place as usize].0 = Some(phrase);
        }
        this
    }

    fn step(&mut self, place: Index, word: &str) -> Index {
        let next = self.first.len() as Index;
        let word = match short(word.as_bytes()) {
            Some(letters) => *self.short.entry(letters).or_insert(next),
            None => *self.long.entry(word.as_bytes().into()).or_insert(next),
        };
        if word == next {
            self.first.push(0);
        }
        self.places[place as usize].1 = true;
        let new = self.places.len() as Index;
        let known =
            if place == 0 { &mut self.first[word as usize] } else { self.further.entry((place, word)).or_default() };
        if *known == 0 {
            *known = new;
            self.places.push((None, false));
        }
        *known
    }

    fn index(&self, word: &[u8]) -> Option<Index> {
        match short(word) {
            Some(letters) => self.short.get(&letters).copied(),
            None => self.long.get(word).copied(),
        }
    }

    /// The phrase that is this one word.
    pub fn of_word(&self, word: &str) -> Option<u32> {
        let word = self.index(word.as_bytes())?;
        self.places[self.first[word as usize] as usize].0
    }

    /// All phrases in a text, by their last word, of those that end together the longest first.
    pub fn find(&self, folded: &Folded) -> Vec<Found> {
        let text = folded.text.as_bytes();
        let index = |word: &Word| self.index(&text[word.start..word.end]).unwrap_or_default();
        let words: SmallVec<[Index; 64]> = folded.words.iter().map(index).collect();
        let mut found = Vec::new();
        for (first, word) in words.iter().enumerate() {
            let mut place = self.first.get(*word as usize).copied().unwrap_or_default();
            for last in first.. {
                if place == 0 {
                    break;
                }
                let (phrase, goes_on) = self.places[place as usize];
                found.extend(phrase.map(|phrase| (phrase, first, last)));
                let next = words.get(last + 1).filter(|next| goes_on && **next != 0);
                place = next.and_then(|next| self.further.get(&(place, *next))).copied().unwrap_or_default();
            }
        }
        found.sort_unstable_by_key(|(_, first, last)| (*last, *first));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASES: [&str; 6] = ["a", "a b", "b c d", "b", "d", "a b a"];

    fn found(text: &str) -> Vec<Found> {
        Finder::of(PHRASES.into_iter()).find(&Folded::new(text))
    }

    #[test]
    fn phrases_are_found_by_whole_words_over_and_in_each_other() {
        assert_eq!(found("a b c d"), [(0, 0, 0), (1, 0, 1), (3, 1, 1), (2, 1, 3), (4, 3, 3)]);
        assert_eq!(found("a b a b a").iter().filter(|(phrase, ..)| *phrase == 5).count(), 2);
        assert_eq!(found("ab bc xa"), []);
        assert_eq!(found(""), []);
    }

    #[test]
    fn a_phrase_of_one_word_is_known_by_it() {
        let finder = Finder::of(PHRASES.into_iter());
        assert_eq!((finder.of_word("b"), finder.of_word("c"), finder.of_word("x")), (Some(3), None, None));
    }
}
