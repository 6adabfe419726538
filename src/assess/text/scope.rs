//! The reach of cues: which mentions a negation, a hedge, a history or a relative takes back.

use super::NotAsserted;
use crate::rules::{Break, CueKind, Folded, ListSet, Meaning, Ruleset};

/// How many words a cue reaches forward.
const REACH_FORWARD: usize = 5;
/// How many words a cue reaches back.
const REACH_BACK: usize = 3;
/// How many words may stand between a conjunction and the phrase it carries a cue to.
const CHAIN_GAP: usize = 2;

/// A phrase in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub phrase: u16,
    pub first: usize,
    pub last: usize,
}

/// A phrase that names an indication or gives a fact a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention {
    pub phrase: u16,
    pub first: usize,
    pub last: usize,
    /// Why it does not assert; `None` if it does.
    pub status: Option<NotAsserted>,
}

fn says_something(ruleset: &Ruleset, phrase: u16) -> bool {
    ruleset.phrases.meanings(phrase).iter().any(|meaning| matches!(meaning, Meaning::Name { .. } | Meaning::Fact { .. }))
}

fn names(ruleset: &Ruleset, phrase: u16) -> impl Iterator<Item = u16> {
    ruleset.phrases.meanings(phrase).iter().filter_map(|meaning| match meaning {
        Meaning::Name { indication, .. } => Some(*indication),
        _ => None,
    })
}

fn cues(ruleset: &Ruleset, phrase: u16) -> impl Iterator<Item = CueKind> {
    ruleset.phrases.meanings(phrase).iter().filter_map(|meaning| match meaning {
        Meaning::Cue(kind) => Some(*kind),
        _ => None,
    })
}

/// Drops phrases that lie inside a longer one which says the same sort of thing: a name inside a longer
/// name, a fact's phrase inside a longer one of the same fact, a cue inside any longer phrase.
pub(super) fn without_contained(ruleset: &Ruleset, _folded: &Folded, found: &[(u16, usize, usize)]) -> Vec<Span> {
    let spans: Vec<Span> = found.iter().map(|(phrase, first, last)| Span { phrase: *phrase, first: *first, last: *last }).collect();
    let inside = |small: &Span, big: &Span| big.first <= small.first && small.last <= big.last && big.last - big.first > small.last - small.first;
    let shadows = |big: &Span, small: &Span| {
        let (big, small) = (ruleset.phrases.meanings(big.phrase), ruleset.phrases.meanings(small.phrase));
        small.iter().all(|each| match each {
            Meaning::Name { .. } => big.iter().any(|other| matches!(other, Meaning::Name { .. })),
            Meaning::Fact { fact, .. } => big.iter().any(|other| matches!(other, Meaning::Fact { fact: same, .. } if same == fact)),
            Meaning::Cue(_) => !matches!(big, [Meaning::Context]),
            Meaning::Context => false,
        })
    };
    spans.iter().filter(|small| !spans.iter().any(|big| inside(small, big) && shadows(big, small))).copied().collect()
}

/// The mentions of a text with their status.
pub(super) fn mentions(ruleset: &Ruleset, folded: &Folded, spans: &[Span]) -> Vec<Mention> {
    let mut mentions: Vec<Mention> =
        spans.iter().filter(|span| says_something(ruleset, span.phrase)).map(|span| Mention { phrase: span.phrase, first: span.first, last: span.last, status: None }).collect();
    mentions.sort_by_key(|mention| (mention.first, mention.last));
    for cue in spans {
        for kind in cues(ruleset, cue.phrase) {
            let glued = folded.words[cue.last];
            match kind {
                CueKind::NegationBefore => forward(ruleset, folded, spans, &mut mentions, cue, NotAsserted::Negated),
                CueKind::HedgeBefore if glued.glued_left && !glued.glued_right => {}
                CueKind::HedgeBefore => forward(ruleset, folded, spans, &mut mentions, cue, NotAsserted::Hedged),
                CueKind::HistoryBefore => forward(ruleset, folded, spans, &mut mentions, cue, NotAsserted::Past),
                CueKind::FamilyBefore => clause(folded, &mut mentions, cue),
                CueKind::NegationAfter => backward(ruleset, folded, spans, &mut mentions, cue, NotAsserted::Negated),
                CueKind::HedgeAfter if glued.glued_right && !glued.glued_left => {}
                CueKind::HedgeAfter => backward(ruleset, folded, spans, &mut mentions, cue, NotAsserted::Hedged),
                CueKind::Differential | CueKind::Conjunction => {}
            }
        }
    }
    mentions
}

fn take_back(mention: &mut Mention, how: NotAsserted) {
    mention.status = Some(mention.status.map_or(how, |earlier| earlier.min(how)));
}

/// Marks everything that overlaps the words `first..=last` and returns the words that it covers.
fn mark(mentions: &mut [Mention], first: usize, last: usize, how: NotAsserted) -> (usize, usize) {
    let (mut low, mut high) = (first, last);
    for mention in mentions.iter_mut().filter(|mention| mention.first <= last && mention.last >= first) {
        take_back(mention, how);
        (low, high) = (low.min(mention.first), high.max(mention.last));
    }
    (low, high)
}

fn conjunction_at(ruleset: &Ruleset, spans: &[Span], edge: usize, forward: bool) -> Option<Span> {
    let touches = |span: &&Span| if forward { span.first == edge } else { span.last == edge };
    spans.iter().filter(touches).find(|span| cues(ruleset, span.phrase).any(|kind| kind == CueKind::Conjunction)).copied()
}

fn forward(ruleset: &Ruleset, folded: &Folded, spans: &[Span], mentions: &mut [Mention], cue: &Span, how: NotAsserted) {
    let (mut from, mut reach) = (cue.last, REACH_FORWARD);
    loop {
        let next = mentions
            .iter()
            .filter(|mention| mention.first > from && mention.first - from <= reach && folded.strongest_break(from, mention.first) == Break::None)
            .min_by_key(|mention| (mention.first, std::cmp::Reverse(mention.last)))
            .copied();
        let Some(next) = next else { return };
        let (_, high) = mark(mentions, next.first, next.last, how);
        let Some(joint) = conjunction_at(ruleset, spans, high + 1, true) else { return };
        if folded.strongest_break(high, joint.last) != Break::None {
            return;
        }
        (from, reach) = (joint.last, CHAIN_GAP);
    }
}

fn backward(ruleset: &Ruleset, folded: &Folded, spans: &[Span], mentions: &mut [Mention], cue: &Span, how: NotAsserted) {
    let (mut until, mut reach) = (cue.first, REACH_BACK);
    loop {
        let passes = |from: usize| matches!(folded.strongest_break(from, until), Break::None | Break::Open);
        let next = mentions
            .iter()
            .filter(|mention| mention.last < until && until - mention.last <= reach && passes(mention.last))
            .max_by_key(|mention| (mention.last, std::cmp::Reverse(mention.first)))
            .copied();
        let Some(next) = next else { return };
        let (low, _) = mark(mentions, next.first, next.last, how);
        let Some(joint) = low.checked_sub(1).and_then(|edge| conjunction_at(ruleset, spans, edge, false)) else { return };
        (until, reach) = (joint.first, CHAIN_GAP);
    }
}

fn clause(folded: &Folded, mentions: &mut [Mention], cue: &Span) {
    for mention in mentions.iter_mut().filter(|mention| mention.first > cue.last) {
        if folded.strongest_break(cue.last, mention.first) == Break::None {
            take_back(mention, NotAsserted::Family);
        }
    }
}

/// Pairs of indications with a differential cue between them.
pub(super) fn differentials(ruleset: &Ruleset, folded: &Folded, spans: &[Span], mentions: &[Mention]) -> Vec<(u16, u16)> {
    let mut pairs = Vec::new();
    for cue in spans.iter().filter(|span| cues(ruleset, span.phrase).any(|kind| kind == CueKind::Differential)) {
        let free = |mention: &&Mention| names(ruleset, mention.phrase).next().is_some() && !matches!(mention.status, Some(NotAsserted::Past | NotAsserted::Family));
        let left = mentions.iter().filter(free).filter(|mention| mention.last < cue.first && cue.first - mention.last <= REACH_BACK).max_by_key(|mention| mention.last);
        let right = mentions.iter().filter(free).filter(|mention| mention.first > cue.last && mention.first - cue.last <= REACH_FORWARD).min_by_key(|mention| mention.first);
        let (Some(left), Some(right)) = (left, right) else { continue };
        let clear = folded.strongest_break(left.last, right.first) <= Break::Line;
        for a in names(ruleset, left.phrase).filter(|_| clear) {
            for b in names(ruleset, right.phrase).filter(|b| *b != a) {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

/// Whether the conditions of an ambiguous token hold where it stands.
pub(super) fn supported(ruleset: &Ruleset, folded: &Folded, codes: ListSet, index: u16, first: usize, last: usize) -> bool {
    let token = &ruleset.phrases.ambiguous[usize::from(index)];
    let number_before = first.checked_sub(1).and_then(|at| folded.word_at(at)).is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
    let unit_behind = folded.word_at(last + 1).is_some_and(|word| token.not_before.iter().any(|unit| unit == word));
    if (token.not_after_number && number_before) || unit_behind {
        return false;
    }
    let stands = |phrase: &u16| contains_words(&folded.text, ruleset.phrases.phrase(*phrase));
    if token.not_with_words.iter().any(stands) {
        return false;
    }
    codes.intersects(token.with_codes) || token.with_words.iter().any(stands)
}

fn contains_words(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let bytes = text.as_bytes();
        let end = at + phrase.len();
        (at == 0 || bytes[at - 1] == b' ') && (end == bytes.len() || bytes[end] == b' ')
    })
}
