//! Phrases: what a ruleset looks for in folded text, in one pass over its words, and what each stands for.
//!
//! Phrases are words, not regular expressions. What a phrase found means for an order (negated, hedged,
//! asserted) is for `assess`.

mod finder;
mod folded;
mod glyph;
mod stop;
mod telling;

use serde::Deserialize;

use super::list::ListSet;
use super::product::ProductId;
pub(crate) use finder::{Finder, Found};
pub use folded::{Break, Folded, Tie, Word};
pub use stop::Stop;
pub(crate) use telling::{Telling, Tellings};

/// What a cue does to the phrases in its reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CueKind {
    /// "no", "without": the next phrase is not asserted.
    NegationBefore,
    /// "negative", "not met": the phrase before is not asserted.
    NegationAfter,
    /// "ruled out", "criteria not met": a verdict on the phrase before, also over a comma; it is not asserted.
    VerdictAfter,
    /// "possible", "?": the next phrase is uncertain.
    HedgeBefore,
    /// "suspected" behind a phrase.
    HedgeAfter,
    /// "history of": the next phrase is past.
    HistoryBefore,
    /// "resolved" behind a phrase: it is past.
    HistoryAfter,
    /// "mother": the rest of the clause is about somebody else.
    FamilyBefore,
    /// "in mother" behind a phrase: it is about somebody else.
    FamilyAfter,
    /// "or": the two names beside it are alternatives.
    Differential,
    /// "versus": the same, and a name against something that the rules do not know is uncertain.
    Versus,
    /// "differential includes": everything to the end of the sentence is uncertain.
    DifferentialBefore,
    /// "years ago", "in childhood": an event that it stands behind is past.
    TimeAfter,
    /// "when ... is withheld": events of the same sentence are spoken of as what may happen, not as what is there.
    Condition,
    /// A laboratory word: what is said of one result holds for those beside it.
    Result,
    /// "normal" behind a result: it was not found. It says nothing of what is no result.
    ResultNegative,
    /// "not sent" behind a result: what was found is not told.
    ResultOpen,
    /// "positive" behind a result: it was found, whatever reference stands behind that.
    ResultPositive,
    /// "resolved" behind an event: it was, and is no more.
    OverAfter,
    /// "after", "to reduce": the event behind it is past, or not there.
    TimeBefore,
    /// "if": the event behind it may happen.
    ConditionBefore,
    /// "not", "rather than": what stands behind the comma is what it is instead.
    Contrast,
    /// "of", "due to": what stands behind it is what the word before it is said of.
    Binder,
    /// "inhibitor" behind an enzyme: holds a name or a fact's word and says nothing.
    NotAMention,
    /// "and", "or": carries a cue on to the next phrase.
    Conjunction,
    /// "prior authorization": holds the word of a cue and is none; the word in it does not count.
    NotACue,
}

/// Where a fact's phrase has to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// Anywhere.
    #[default]
    Anywhere,
    /// It is said of the word behind it, as an adjective is.
    OfNext,
    /// It is said of the word before it, as in a compound.
    OfPrevious,
    /// It counts only directly behind a name of this indication.
    Behind(u16),
}

/// What a phrase stands for in a ruleset. One phrase may have several meanings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Names an indication; `ambiguous` points at the conditions under which it counts.
    Name {
        /// Index of the indication.
        indication: u16,
        /// Index into the phrase book's ambiguous phrases.
        ambiguous: Option<u16>,
    },
    /// Gives a fact a value, and another one when it is negated.
    Fact {
        /// Where the phrase has to stand to be said of what the fact is about.
        place: Place,
        /// Index of the fact.
        fact: u8,
        /// Index of the value.
        value: u8,
        /// Index of the value that an explicit negation gives.
        negated: Option<u8>,
    },
    /// Names a product. No phrase of the rules' texts does; it stands for the names of `products/` where a text is read
    /// for what was given.
    Product(ProductId),
    /// Changes what is said by others.
    Cue(CueKind),
    /// Supports or forbids an ambiguous phrase elsewhere in the text.
    Context,
}

/// When a short, ambiguous phrase counts as a name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ambiguous {
    pub with_codes: ListSet,
    /// Codes of which none may be on the order.
    pub not_with_codes: ListSet,
    /// Whether a word of `with_words` has to be asserted: one that is negated speaks against the phrase.
    pub words_asserted: bool,
    /// Phrase indices of which one must be in the text if no code supports it.
    pub with_words: Vec<u16>,
    /// Phrase indices of which none may be in the text.
    pub not_with_words: Vec<u16>,
    pub not_after_number: bool,
    pub not_before: Vec<String>,
}

/// All phrases of a ruleset.
#[derive(Debug, Clone)]
pub struct PhraseBook {
    finder: Finder,
    phrases: Vec<String>,
    meanings: Vec<Vec<Meaning>>,
    tellings: Tellings,
    pub(crate) ambiguous: Vec<Ambiguous>,
    own: Vec<bool>,
}

/// How many phrases a ruleset may have.
const PHRASES_MAX: u16 = u16::MAX;

/// Collects phrases while a ruleset is compiled.
#[derive(Debug, Default)]
pub(crate) struct PhraseCollector {
    phrases: Vec<String>,
    meanings: Vec<Vec<Meaning>>,
    index: std::collections::HashMap<String, u16>,
    pub ambiguous: Vec<Ambiguous>,
    own: Vec<bool>,
    /// Whether what is added now is written in the top layer.
    pub is_top: bool,
}

impl PhraseCollector {
    /// Adds a meaning to a phrase and returns the phrase's index.
    pub fn add(&mut self, phrase: &str, meaning: Meaning) -> u16 {
        let next = u16::try_from(self.phrases.len()).unwrap_or(PHRASES_MAX);
        let at = *self.index.entry(phrase.to_owned()).or_insert(next);
        if at == next {
            self.phrases.push(phrase.to_owned());
            self.meanings.push(Vec::new());
            self.own.push(false);
        }
        self.own[usize::from(at)] |= self.is_top;
        let meanings = &mut self.meanings[usize::from(at)];
        if !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
        at
    }

    pub fn finish(self) -> Result<PhraseBook, String> {
        if self.phrases.len() > usize::from(PHRASES_MAX) {
            return Err(format!("more phrases than are read; accepted are at most {PHRASES_MAX}"));
        }
        let finder = Finder::of(self.phrases.iter().map(String::as_str));
        let (phrases, meanings, ambiguous, own) = (self.phrases, self.meanings, self.ambiguous, self.own);
        let mut book = PhraseBook { finder, phrases, meanings, tellings: Tellings::default(), ambiguous, own };
        book.tellings = Tellings::of(&book);
        Ok(book)
    }
}

impl PhraseBook {
    /// The phrase at an index, as the rules write it.
    #[must_use]
    pub fn phrase(&self, index: u16) -> &str {
        &self.phrases[usize::from(index)]
    }

    /// The index of a phrase of one word, if there is one.
    pub(crate) fn of_word(&self, phrase: &str) -> Option<u16> {
        self.finder.of_word(phrase).map(|at| at as u16)
    }

    /// Every phrase with its meanings.
    pub fn all(&self) -> impl Iterator<Item = (&str, &[Meaning])> {
        self.phrases.iter().map(String::as_str).zip(self.meanings.iter().map(Vec::as_slice))
    }

    /// Whether the ruleset itself writes a phrase, and not only one that it is laid over.
    pub(crate) fn is_own(&self, index: u16) -> bool {
        self.own[usize::from(index)]
    }

    /// Sentences that could give a fact a value.
    pub(crate) fn tellings(&self) -> &Tellings {
        &self.tellings
    }

    pub(crate) fn meanings(&self, index: u16) -> &[Meaning] {
        &self.meanings[usize::from(index)]
    }

    /// Whole-word occurrences of every phrase, by their last word.
    pub(crate) fn occurrences(&self, folded: &Folded) -> Vec<Occurrence> {
        let found = self.finder.find(folded).into_iter();
        found.map(|(phrase, first, last)| Occurrence { phrase: phrase as u16, first, last }).collect()
    }
}

/// A phrase where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// Index of the phrase.
    pub phrase: u16,
    /// Its first word in the text.
    pub first: usize,
    /// Its last one.
    pub last: usize,
}

/// A text and the phrases in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Searched {
    pub folded: Folded,
    pub occurrences: Vec<Occurrence>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_phrases_than_have_an_index_are_refused() {
        let mut collector = PhraseCollector::default();
        for at in 0..=u32::from(PHRASES_MAX) + 1 {
            collector.add(&format!("a{at}"), Meaning::Context);
        }
        let message = collector.finish().map(|_| ()).unwrap_err();
        assert!(message.contains("accepted are at most 65535"), "{message}");
    }
}
