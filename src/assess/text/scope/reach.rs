//! How far one cue reaches: forward to the next phrase and through a list, back to the one before, to the end
//! of a clause, or over everything under a heading.

use super::{Mention, Span};
use crate::assess::NotAsserted;
use crate::rules::{Break, CueKind, Folded, Meaning, Tie};

/// How many words a cue reaches forward.
pub(super) const REACH_FORWARD: usize = 5;
/// How many words a cue reaches back.
pub(super) const REACH_BACK: usize = 3;
/// How many words may stand between a conjunction and the phrase it carries a cue to.
const CHAIN_GAP: usize = 2;
/// How many words may stand before the comma behind which a verdict stands.
const DATE_WORDS: usize = 2;
/// How far behind a cue a colon may stand that makes a heading of it.
const HEADING_WORDS: usize = 2;

/// The text and its phrases, as every reach needs them.
#[derive(Clone, Copy)]
pub(super) struct Page<'t> {
    pub folded: &'t Folded,
    pub spans: &'t [Span],
}

impl Page<'_> {
    pub fn between(&self, first: usize, last: usize) -> Break {
        self.folded.strongest_break(first, last)
    }

    pub fn break_before(&self, word: usize) -> Option<Break> {
        self.folded.words.get(word).map(|word| word.before)
    }

    fn conjunction_at(&self, edge: usize, forward: bool) -> Option<&Span> {
        let touches = |span: &&Span| if forward { span.first == edge } else { span.last == edge };
        self.spans.iter().filter(touches).find(|span| span.is(CueKind::Conjunction))
    }

    /// Whether nothing but words in brackets stands between two words, as in "without (xyz) abc".
    fn over_brackets(&self, first: usize, last: usize) -> bool {
        let between = || self.folded.words[first + 1..=last].iter().map(|word| word.before);
        let closed = between().rfind(|each| *each != Break::None) == Some(Break::Close);
        closed && between().next() == Some(Break::Open) && self.between(first, last) == Break::Close
    }

    /// Whether a word is tied to the one before it by a slash.
    fn slash_at(&self, word: usize) -> bool {
        self.folded.words.get(word).is_some_and(|word| word.tie == Tie::Slash)
    }

    /// Whether nothing goes on in the clause at a word.
    pub fn ends_at(&self, word: usize) -> bool {
        let ends = |found| matches!(found, Break::Line | Break::Close | Break::Comma | Break::Clause);
        self.break_before(word).is_none_or(ends)
    }

    /// Whether nothing but a year or the like, and the comma at its end, stands between two words ("in 2009, ...").
    fn only_dated(&self, from: usize, until: usize) -> bool {
        let number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
        let dated = until - from <= DATE_WORDS + 1 && self.folded.word_at(until - 1).is_some_and(number);
        from + 1 == until || (dated && self.break_before(until) == Some(Break::Comma))
    }

    /// Whether a plus sign stands behind a word: it is a result that was found.
    pub fn is_found(&self, span: &Span) -> bool {
        self.folded.words.get(span.last + 1).is_some_and(|word| word.tie == Tie::Plus)
    }

    /// Whether a phrase is a result of which nothing is told before the cue.
    fn is_open_result(&self, span: &Span, cue: &Span) -> bool {
        let found = |other: &Span| {
            let between = other.first > span.last && other.last < cue.first;
            between && other.cues().any(|kind| matches!(kind, CueKind::ResultPositive | CueKind::ResultOpen))
        };
        span.is_result() && !self.is_found(span) && !self.spans.iter().any(found)
    }

    /// The first word under the heading that a cue and a colon make ("family history: ...").
    fn under_heading(&self, cue: &Span) -> Option<usize> {
        let behind = cue.last + 1..=cue.last + HEADING_WORDS;
        let first = behind.into_iter().find(|word| self.break_before(*word) != Some(Break::None))?;
        (self.break_before(first) == Some(Break::Colon)).then_some(first)
    }

    /// Whether a word still stands under the heading that begins at another one.
    fn still_under(&self, first: usize, word: usize) -> bool {
        let ends = |word: &crate::rules::Word| matches!(word.before, Break::Line | Break::Colon | Break::Clause);
        word >= first && !self.folded.words[first + 1..=word].iter().any(ends)
    }

    /// Whether the phrases behind `edge` go on as a list ("a, b or c"): one follows a comma at once, and in
    /// the end a conjunction closes the list.
    fn list_goes_on(&self, mentions: &[Mention<'_>], edge: usize) -> bool {
        let mut edge = edge;
        while self.break_before(edge + 1) == Some(Break::Comma) {
            let next =
                mentions.iter().filter(|mention| mention.span.first == edge + 1).map(|mention| mention.span.last);
            let Some(last) = next.max() else { return false };
            if self.conjunction_at(last + 1, true).is_some() {
                return true;
            }
            edge = last;
        }
        false
    }
}

pub(super) fn take_back(mention: &mut Mention<'_>, how: NotAsserted) {
    mention.status = Some(mention.status.map_or(how, |earlier| earlier.min(how)));
}

/// Marks everything that overlaps the words `first..=last` and returns the words that it covers.
pub(super) fn mark(mentions: &mut [Mention<'_>], first: usize, last: usize, how: NotAsserted) -> (usize, usize) {
    let (mut low, mut high) = (first, last);
    for mention in mentions.iter_mut().filter(|mention| mention.span.first <= last && mention.span.last >= first) {
        take_back(mention, how);
        (low, high) = (low.min(mention.span.first), high.max(mention.span.last));
    }
    (low, high)
}

/// The next phrase, and on through phrases that a conjunction or a list joins to it.
/// Whether there was one.
pub(super) fn forward(page: Page<'_>, mentions: &mut [Mention<'_>], cue: &Span, how: NotAsserted) -> bool {
    if let Some(first) = page.under_heading(cue) {
        for mention in mentions.iter_mut().filter(|mention| page.still_under(first, mention.span.first)) {
            take_back(mention, how);
        }
        return true;
    }
    let (mut from, mut reach, mut listed) = (cue.last, REACH_FORWARD, false);
    let mut reached = false;
    loop {
        let passes = |first: usize| {
            let found = page.between(from, first);
            found == Break::None || (listed && found == Break::Comma) || page.over_brackets(from, first)
        };
        let next = mentions
            .iter()
            .map(|mention| mention.span)
            .filter(|span| span.first > from && span.first - from <= reach && passes(span.first))
            .min_by_key(|span| (span.first, std::cmp::Reverse(span.last)));
        let Some(next) = next else { return reached };
        let (_, high) = mark(mentions, next.first, next.last, how);
        reached = true;
        let joint = page.conjunction_at(high + 1, true).filter(|joint| {
            let found = page.between(high, joint.last);
            found == Break::None || (listed && found == Break::Comma)
        });
        (from, reach, listed) = match joint {
            Some(joint) => (joint.last, CHAIN_GAP, false),
            None if page.list_goes_on(mentions, high) => (high, 1, true),
            None if page.slash_at(high + 1) => (high, 1, false),
            None => {
                last_of_list(page, mentions, cue, next, high, how);
                return true;
            }
        };
    }
}

/// A name directly behind the comma of another one, with nothing behind it ("no evidence of abc, xyz"): whether what is
/// said of the one is said of it too is uncertain.
fn last_of_list(page: Page<'_>, mentions: &mut [Mention<'_>], cue: &Span, taken: &Span, high: usize, how: NotAsserted) {
    let contrast = cue.is(CueKind::Contrast);
    let shares =
        !contrast && matches!(how, NotAsserted::Negated | NotAsserted::Hedged) && taken.names().next().is_some();
    if !shares || page.break_before(high + 1) != Some(Break::Comma) {
        return;
    }
    let beside = |span: &&Span| span.first == high + 1 && span.names().next().is_some();
    let next = mentions.iter().map(|mention| mention.span).filter(beside).max_by_key(|span| span.last);
    if let Some(next) = next.filter(|next| page.ends_at(next.last + 1)) {
        mark(mentions, next.first, next.last, NotAsserted::Hedged);
    }
}

/// The phrase before, and back through phrases that a conjunction joins to it. Results that a slash joins
/// share what is said behind them; with a space or a comma that is uncertain, and so they say nothing.
/// Whether there was one.
pub(super) fn backward(page: Page<'_>, mentions: &mut [Mention<'_>], cue: &Span, how: NotAsserted) -> bool {
    let ends_there = page.break_before(cue.last + 1) != Some(Break::None);
    let of_results = cue.cues().any(|kind| matches!(kind, CueKind::ResultNegative | CueKind::ResultOpen));
    let result = of_results || cue.is(CueKind::NegationAfter);
    let (mut until, mut reach) = (cue.first, REACH_BACK);
    let mut reached = false;
    loop {
        let passes = |from: usize| match page.between(from, until) {
            Break::None | Break::Open => true,
            Break::Colon => ends_there || of_results,
            Break::Comma => ends_there && !result && until == cue.first && page.only_dated(from, until),
            _ => false,
        };
        let next = mentions
            .iter()
            .map(|mention| mention.span)
            .filter(|span| span.last < until && until - span.last <= reach && passes(span.last))
            .max_by_key(|span| (span.last, std::cmp::Reverse(span.first)));
        let Some(next) = next.filter(|next| !of_results || page.is_open_result(next, cue)) else { return reached };
        let (low, _) = mark(mentions, next.first, next.last, how);
        reached = true;
        side_by_side(page, mentions, next, low, how);
        let joint = low.checked_sub(1).and_then(|edge| page.conjunction_at(edge, false));
        (until, reach) = match joint {
            Some(joint) => (joint.first, CHAIN_GAP),
            None if page.slash_at(low) => (low, 1),
            None => return true,
        };
    }
}

/// Takes back the results that stand directly before one that was taken back.
fn side_by_side(page: Page<'_>, mentions: &mut [Mention<'_>], taken: &Span, low: usize, how: NotAsserted) {
    let (mut low, mut how) = (low, how);
    loop {
        let beside =
            mentions.iter().map(|mention| mention.span).find(|span| span.last + 1 == low && is_like(span, taken));
        let Some(beside) = beside else { return };
        let Some(word) = page.folded.words.get(low).filter(|word| word.tie != Tie::Plus) else { return };
        match word.before {
            Break::None if word.tie == Tie::Slash => {}
            Break::None | Break::Comma => how = NotAsserted::Hedged,
            _ => return,
        }
        low = mark(mentions, beside.first, beside.last, how).0;
    }
}

/// Whether two phrases are results of the same kind: of one fact, both of facts with a value for a negation, or both
/// listed as results.
fn is_like(one: &Span, other: &Span) -> bool {
    if one.is_result() || other.is_result() {
        return one.is_result() && other.is_result();
    }
    let facts = |span: &Span| -> Vec<(u8, bool)> {
        let fact = |meaning: &Meaning| match meaning {
            Meaning::Fact { fact, negated, .. } => Some((*fact, negated.is_some())),
            _ => None,
        };
        span.meanings.iter().filter_map(fact).collect()
    };
    let (one, other) = (facts(one), facts(other));
    one.iter().any(|(fact, negated)| other.iter().any(|(same, too)| fact == same || (*negated && *too)))
}

/// Everything to the end of the clause, or under the heading.
/// Whether there was something.
pub(super) fn clause(page: Page<'_>, mentions: &mut [Mention<'_>], cue: &Span) -> bool {
    let mut reached = false;
    let heading = page.under_heading(cue);
    for mention in mentions.iter_mut().filter(|mention| mention.span.first > cue.last) {
        let inside = match heading {
            Some(first) => page.still_under(first, mention.span.first),
            None => page.between(cue.last, mention.span.first) == Break::None,
        };
        if inside {
            take_back(mention, NotAsserted::Family);
            reached = true;
        }
    }
    reached
}

/// Whether a phrase stands behind a cue in its sentence.
pub(super) fn in_sentence(folded: &Folded, cue: &Span, span: &Span) -> bool {
    let between = folded.strongest_break(cue.last, span.first);
    between < Break::Clause && between != Break::Line
}

/// Everything to the end of the sentence.
/// Whether there was something.
pub(super) fn sentence(page: Page<'_>, mentions: &mut [Mention<'_>], cue: &Span, how: NotAsserted) -> bool {
    let mut reached = false;
    for mention in mentions.iter_mut().filter(|mention| mention.span.first > cue.last) {
        if in_sentence(page.folded, cue, mention.span) {
            take_back(mention, how);
            reached = true;
        }
    }
    reached
}

/// A negation inside a longer phrase still holds for the other phrases inside it.
pub(super) fn inside(mentions: &mut [Mention<'_>], cue: &Span, longer: &Span) {
    for mention in mentions.iter_mut() {
        if mention.span.first > cue.last && mention.span.lies_inside(longer) {
            take_back(mention, NotAsserted::Negated);
        }
    }
}
