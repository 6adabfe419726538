//! A cheap look at a name before it is folded: can any phrase of the lists stand in it at all?
//!
//! In ASCII text a folded word is a run of letters and digits, in lower case, so a name in which one chosen word of every
//! phrase is missing holds none of the phrases. Where folding does more than that, the answer is "it may".

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;

/// Words that folding makes of signs; they need not stand in the name.
const MADE_OF_SIGNS: [&str; 3] = ["and", "neg", "?"];

/// One word of every phrase, few in all.
#[derive(Debug, Clone, Default)]
pub(super) struct Pieces {
    /// None if some phrase has no word to look for; then every name may hold one.
    automaton: Option<AhoCorasick>,
}

impl Pieces {
    /// Chooses the words: each time the one that stands in most of the phrases that have none yet.
    pub fn of<'p>(phrases: impl Iterator<Item = &'p str>) -> Result<Self, String> {
        let is_piece = |word: &&str| word.is_ascii() && !MADE_OF_SIGNS.contains(word);
        let mut left: Vec<BTreeSet<&str>> =
            phrases.map(|phrase| phrase.split(' ').filter(is_piece).collect::<BTreeSet<_>>()).collect();
        if left.iter().any(BTreeSet::is_empty) {
            return Ok(Self::default());
        }
        let mut pieces = Vec::new();
        while !left.is_empty() {
            let mut count: BTreeMap<&str, usize> = BTreeMap::new();
            for word in left.iter().flatten() {
                *count.entry(word).or_default() += 1;
            }
            let Some((piece, _)) = count.into_iter().max_by_key(|(word, count)| (*count, word.len())) else { break };
            left.retain(|words| !words.contains(piece));
            pieces.push(piece);
        }
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(pieces);
        Ok(Self { automaton: Some(automaton.map_err(|error| error.to_string())?) })
    }

    /// `false` only if folding the name would find no phrase.
    pub fn may_hold(&self, name: &str) -> bool {
        let Some(automaton) = &self.automaton else { return true };
        let bytes = name.as_bytes();
        if !name.is_ascii() || holds_dotted(bytes) {
            return true;
        }
        let apart = |at: Option<&u8>| at.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        automaton
            .find_overlapping_iter(name)
            .any(|hit| apart(bytes[..hit.start()].last()) && apart(bytes.get(hit.end())))
    }
}

/// Whether letters stand with full stops between them, which folding may join to one word.
fn holds_dotted(bytes: &[u8]) -> bool {
    let dotted = |five: &[u8]| match five {
        [a, b'.', b, b'.', c] => [a, b, c].into_iter().all(u8::is_ascii_alphabetic),
        _ => false,
    };
    bytes.contains(&b'.') && bytes.windows(5).any(dotted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::phrase::Folded;

    const PHRASES: [&str; 7] = ["abc glob", "abc glob x y", "xy z", "xyz", "qr and st", "brand", "own neg q"];

    fn pieces() -> Pieces {
        Pieces::of(PHRASES.into_iter()).unwrap()
    }

    fn holds(name: &str) -> bool {
        let folded = format!(" {} ", Folded::new(name).text);
        PHRASES.iter().any(|phrase| folded.contains(&format!(" {phrase} ")))
    }

    #[test]
    fn a_name_with_no_word_of_a_phrase_is_passed_over_and_others_are_not() {
        for name in ["sodium chloride 0.9 %", "brandy", "12345", "", "abcglob"] {
            assert!(!pieces().may_hold(name), "{name}");
        }
        for name in ["BRAND 10 %", "Abc-Glob", "x.y.z.", "X.Y.Z", "qr & st", "brand.", "Bränd", "own- q"] {
            assert!(pieces().may_hold(name), "{name}");
        }
    }

    #[test]
    fn a_phrase_of_signs_alone_lets_every_name_through() {
        assert!(Pieces::of(["brand", "and neg"].into_iter()).unwrap().may_hold("other"));
    }

    proptest! {
        #[test]
        fn no_name_that_holds_a_phrase_is_passed_over(
            parts in prop::collection::vec(("[a-zA-Z]{0,4}|abc|glob|xy|z|xyz|qr|and|st|brand|own|neg|q", "[-.,&?/ _é+]{0,2}"), 0..8),
        ) {
            let name: String = parts.iter().flat_map(|(word, gap)| [word.as_str(), gap.as_str()]).collect();
            prop_assert!(pieces().may_hold(&name) || !holds(&name), "{}", name);
        }
    }
}
