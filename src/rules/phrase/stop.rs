//! Full stops: which of them end a sentence, and which belong to an abbreviation.
//!
//! Behind a long word a full stop ends the sentence. Behind one of one or two letters it may do either ("vs. two",
//! "seen by OT. No fever"); letters with a stop between them ("A.B.C.") are one word.

use super::glyph::Glyph;
use super::{Break, Folded};

/// What stands behind a short word with a full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stop {
    /// No such stop.
    #[default]
    None,
    /// A full stop; nothing more can be told from the letters.
    Short,
    /// A full stop behind capital letters, and a capital behind it: it looks like the end of a sentence.
    New,
    /// A full stop behind a word of three or four letters: the end of a sentence, unless the word is cut short.
    Brief,
}

/// The stop at `at`, if it stands behind a word of one or two letters.
pub(super) fn behind_short_word<G: Glyph>(glyphs: &[G], at: usize) -> Stop {
    let length = glyphs[..at].iter().rev().take_while(|glyph| glyph.is_of_word()).count();
    let word = &glyphs[at - length..at];
    let next = glyphs[at + 1..].iter().find(|glyph| !glyph.is_space());
    if word.is_empty() || word.len() > 4 || !word.iter().all(|glyph| glyph.is_letter()) {
        Stop::None
    } else if word.len() > 2 {
        Stop::Brief
    } else if word.len() == 2 && word.iter().chain(next).all(|glyph| glyph.is_capital()) && next.is_some() {
        Stop::New
    } else {
        Stop::Short
    }
}

/// Three or more single letters with stops between them, from `at` on: the letters, where they end, and whether a
/// new sentence begins behind them.
#[inline]
pub(super) fn dotted<G: Glyph>(glyphs: &[G], at: usize) -> Option<(Vec<G>, usize, bool)> {
    let single = |at: usize| {
        glyphs.get(at).is_some_and(|glyph| glyph.is_letter())
            && glyphs.get(at + 1).is_none_or(|glyph| !glyph.is_of_word())
    };
    let stop_at = |at: usize| glyphs.get(at).is_some_and(|glyph| glyph.is('.'));
    if !stop_at(at + 1) || !single(at) {
        return None;
    }
    let mut end = at + 1;
    while stop_at(end) && single(end + 1) {
        end += 2;
    }
    if end < at + 5 {
        return None;
    }
    let letters = glyphs[at..end].iter().step_by(2).copied().collect();
    let stopped = stop_at(end);
    let mut behind = glyphs[(end + 1).min(glyphs.len())..].iter().skip_while(|glyph| glyph.is_space());
    let capital = behind.next().is_some_and(|glyph| glyph.is_capital())
        && behind.next().is_some_and(|glyph| glyph.char().is_lowercase());
    Some((letters, end + usize::from(stopped), stopped && capital))
}

impl Folded {
    /// Tells the ends of sentences among the full stops behind short words. `ends` tells of a word whether a phrase
    /// ends there behind which a sentence ends ("seen by OT."), `goes_on` whether one does that asks for more ("vs.").
    pub(crate) fn settle_stops(&mut self, ends: impl Fn(usize) -> bool, goes_on: impl Fn(usize) -> bool) {
        for at in 1..self.words.len() {
            let before = match self.words[at].stop {
                Stop::Short if ends(at - 1) => Break::Clause,
                Stop::New if ends(at - 1) || !goes_on(at - 1) => Break::Clause,
                Stop::Brief if !ends(at - 1) && goes_on(at - 1) => Break::None,
                _ => continue,
            };
            self.words[at].before = before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_with_stops_between_them_are_one_word() {
        assert_eq!(Folded::new("A.B.C.D. xyz, A.B.C: u.v.").text, "abcd xyz abc u v");
    }

    #[test]
    fn a_stop_behind_such_letters_ends_the_sentence_only_before_a_capital() {
        let breaks = |text: &str| Folded::new(text).words.iter().map(|word| word.before).collect::<Vec<_>>();
        assert_eq!(breaks("A.B.C. Xyz"), [Break::None, Break::Clause]);
        assert_eq!(breaks("A.B.C. xyz"), [Break::None, Break::None]);
        assert_eq!(breaks("A.B.C. XYZ"), [Break::None, Break::None]);
    }

    #[test]
    fn a_stop_behind_a_short_word_is_settled_by_what_the_word_is() {
        let mut folded = Folded::new("xy vs. two AB. No Qr. two abcd. Xyz");
        let stops: Vec<Stop> = folded.words.iter().map(|word| word.stop).collect();
        assert_eq!(
            stops,
            [
                Stop::None,
                Stop::None,
                Stop::Short,
                Stop::None,
                Stop::New,
                Stop::None,
                Stop::Short,
                Stop::None,
                Stop::Brief
            ]
        );
        let before = |folded: &Folded| [2, 4, 8].map(|at| folded.words[at].before);
        folded.settle_stops(|_| false, |_| false);
        assert_eq!(before(&folded), [Break::None, Break::Clause, Break::Clause]);
        folded.settle_stops(|at| at == 1, |at| at == 7);
        assert_eq!(before(&folded), [Break::Clause, Break::Clause, Break::None]);
    }
}
