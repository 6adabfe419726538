//! Words of a fact that are said of something else: "worsening abc" is of abc, "xyz flare" of xyz, and "flare of xyz"
//! too. A rule names the words that belong to its fact and those that tell nothing; beside any other word it stays open
//! of what the phrase is said.

use super::{Mention, Span};
use crate::assess::NotAsserted;
use crate::rules::{Break, CueKind, Fact, Folded, Meaning, Place, Ruleset};

/// How many words behind "of" or "due to" tell of what a phrase is said.
const OBJECT_REACH: usize = 3;

/// Takes back the words of facts that stand bound to another word.
pub(in crate::assess::text) fn take_back(
    ruleset: &Ruleset,
    folded: &Folded,
    spans: &[Span],
    mentions: &mut [Mention<'_>],
) {
    for mention in mentions.iter_mut().filter(|mention| mention.status.is_none()) {
        let bound = mention.span.meanings.iter().any(|meaning| match *meaning {
            Meaning::Fact { fact, place, .. } => {
                let fact = &ruleset.facts[usize::from(fact)];
                !fact.own_words.is_empty() && Company { fact, folded, spans, span: mention.span }.is_foreign(place)
            }
            _ => false,
        });
        if bound {
            mention.status = Some(NotAsserted::Elsewhere);
        }
    }
}

/// A phrase of a fact and what stands beside it.
struct Company<'t> {
    fact: &'t Fact,
    folded: &'t Folded,
    spans: &'t [Span],
    span: &'t Span,
}

impl Company<'_> {
    fn is_foreign(&self, place: Place) -> bool {
        let beside = match place {
            Place::OfNext => self.joined(self.span.last + 1).then_some(self.span.last + 1),
            Place::OfPrevious => self.joined(self.span.first).then(|| self.before()),
            Place::Anywhere | Place::Behind(_) => None,
        };
        let foreign = beside.is_some_and(|word| !self.is_own(word) && !self.is_plain(word));
        foreign || (!self.is_anchored(place) && self.is_bound())
    }

    /// Whether a word stands in one breath with the one before it.
    fn joined(&self, word: usize) -> bool {
        word > 0 && self.folded.words.get(word).is_some_and(|word| word.before == Break::None)
    }

    /// The word before the phrase, without the s of a possessive.
    fn before(&self) -> usize {
        let at = self.span.first - 1;
        if self.folded.word_at(at) == Some("s") && self.joined(at) { at - 1 } else { at }
    }

    fn is_own(&self, word: usize) -> bool {
        self.folded.word_at(word).is_some_and(|word| self.fact.own_words.iter().any(|own| own == word))
    }

    /// Whether a word tells nothing: the rule says so, it is a number, or it belongs to a cue or to a phrase of the
    /// same fact.
    fn is_plain(&self, at: usize) -> bool {
        let Some(word) = self.folded.word_at(at) else { return true };
        let told = |span: &Span| {
            span.meanings.iter().any(|meaning| match *meaning {
                Meaning::Cue(kind) => !matches!(kind, CueKind::NotAMention | CueKind::Binder),
                Meaning::Fact { fact, .. } => self.said(fact),
                Meaning::Name { .. } | Meaning::Product(_) | Meaning::Context => false,
            })
        };
        let covered = || self.spans.iter().any(|span| span.first <= at && at <= span.last && told(span));
        word.bytes().any(|b| b.is_ascii_digit()) || self.fact.plain_words.iter().any(|plain| plain == word) || covered()
    }

    fn said(&self, fact: u8) -> bool {
        self.span.meanings.iter().any(|meaning| matches!(meaning, Meaning::Fact { fact: own, .. } if *own == fact))
    }

    /// Whether the word before the phrase belongs to the fact, or one in a phrase that is said of its neighbour.
    fn is_anchored(&self, place: Place) -> bool {
        let own = (self.span.first..=self.span.last).any(|word| self.is_own(word));
        (own && place != Place::Anywhere) || (self.joined(self.span.first) && self.is_own(self.span.first - 1))
    }

    /// Whether "of", "due to" or the like binds the phrase to words of which none belongs to the fact.
    fn is_bound(&self) -> bool {
        let binds = |span: &&Span| {
            let directly = span.first == self.span.last + 1
                && matches!(self.folded.words[span.first].before, Break::None | Break::Open);
            directly && span.is(CueKind::Binder)
        };
        let Some(binder) = self.spans.iter().find(binds) else { return false };
        let first = binder.last + 1;
        let object: Vec<usize> = (first..first + OBJECT_REACH).take_while(|word| self.joined(*word)).collect();
        let told = |word: &usize| self.is_own(*word) || (*word == first && self.is_plain(*word));
        !object.is_empty() && !object.iter().any(told)
    }
}
