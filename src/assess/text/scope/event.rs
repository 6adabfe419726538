//! Events: what happens once and passes. A past year or "years ago" behind an event puts it in the past, and "when
//! treatment stops" makes it something that may happen. Neither says anything of a lasting state. A product that was
//! given passes too; what would happen without it says nothing of the product itself.

use chrono::{Datelike, NaiveDate};

use super::{Mention, Span};
use crate::assess::NotAsserted;
use crate::rules::{Break, CueKind, Folded, Meaning, Ruleset};

/// How many words behind an event its time may stand.
const TIME_REACH: usize = 5;
/// How many words may stand between an event and the condition on which it happens.
const CONDITION_REACH: usize = 8;

/// How many words behind "after" an event may begin.
const BEFORE_REACH: usize = 2;
/// How many words behind "if" an event may begin.
const IF_REACH: usize = 4;

/// Takes back the events of a text that are past, or that are told only as what may happen.
pub(in crate::assess::text) fn take_back(
    ruleset: &Ruleset,
    folded: &Folded,
    spans: &[Span],
    mentions: &mut [Mention<'_>],
    service: Option<NaiveDate>,
) {
    for at in 0..mentions.len() {
        let span = mentions[at].span;
        if !is_event(ruleset, span) {
            continue;
        }
        let next = mentions.iter().map(|mention| mention.span.first).filter(|first| *first > span.last).min();
        let own = |word: usize| next.is_none_or(|next| word < next);
        let time = by_year(folded, span, service, own).or_else(|| by_time(folded, spans, span, own));
        let lasts = span.products().next().is_some();
        let before =
            |kind, reach| !lasts && spans.iter().any(|cue| cue.is(kind) && stands_before(folded, cue, span, reach));
        let reach = if before_is_own(ruleset, folded, span) { BEFORE_REACH } else { 1 };
        let time = time.or_else(|| before(CueKind::TimeBefore, reach).then_some(NotAsserted::Past));
        let in_sentence =
            || !lasts && spans.iter().any(|cue| cue.is(CueKind::Condition) && in_reach(folded, cue, span));
        let may_happen = || before(CueKind::ConditionBefore, IF_REACH) || in_sentence();
        let status = &mut mentions[at].status;
        match (*status, time) {
            (None, Some(_)) | (Some(NotAsserted::Hedged), Some(NotAsserted::Past)) => *status = time,
            (None, None) if may_happen() => *status = Some(NotAsserted::Hedged),
            _ => {}
        }
    }
}

/// Whether a phrase names an event, or gives a fact a value that is one.
fn is_event(ruleset: &Ruleset, span: &Span) -> bool {
    span.meanings.iter().any(|meaning| match *meaning {
        Meaning::Name { indication, .. } => {
            ruleset.indications[usize::from(indication)].names.as_ref().is_some_and(|names| names.event)
        }
        Meaning::Fact { fact, value, .. } => ruleset.facts[usize::from(fact)].events & (1 << value) != 0,
        Meaning::Product(_) => true,
        Meaning::Cue(_) | Meaning::Context => false,
    })
}

/// The words behind an event in which its time may stand, up to the next phrase that says something.
fn behind<'f>(folded: &'f Folded, span: &Span, own: impl Fn(usize) -> bool + 'f) -> impl Iterator<Item = usize> + 'f {
    let last = span.last;
    let clear = move |word: &usize| {
        let gap = folded.strongest_break(last, *word);
        gap < Break::Comma || (gap == Break::Comma && *word == last + 1)
    };
    (last + 1..folded.words.len().min(last + 1 + TIME_REACH)).take_while(move |word| own(*word)).filter(clear)
}

/// A year behind an event: two years before the service it is past, in the year before it is uncertain.
fn by_year(
    folded: &Folded,
    span: &Span,
    service: Option<NaiveDate>,
    own: impl Fn(usize) -> bool,
) -> Option<NotAsserted> {
    let year = behind(folded, span, own).find_map(|word| year(folded, word))?;
    let Some(service) = service else { return Some(NotAsserted::Hedged) };
    match service.year() - year {
        2.. => Some(NotAsserted::Past),
        1 => Some(NotAsserted::Hedged),
        _ => None,
    }
}

/// The year that a word is. A round thousand with more words behind it in one breath is a quantity.
fn year(folded: &Folded, at: usize) -> Option<i32> {
    let word = folded.word_at(at).filter(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))?;
    let goes_on = folded.words.get(at + 1).is_some_and(|next| next.before == Break::None);
    word.parse().ok().filter(|year| (1900..2100).contains(year) && !(year % 1000 == 0 && goes_on))
}

/// "years ago" and the like behind an event.
fn by_time(folded: &Folded, spans: &[Span], span: &Span, own: impl Fn(usize) -> bool) -> Option<NotAsserted> {
    let mut words = behind(folded, span, own);
    let past = words.any(|word| spans.iter().any(|cue| cue.first == word && cue.is(CueKind::TimeAfter)));
    past.then_some(NotAsserted::Past)
}

/// Whether the word before an event belongs to it, by the words of its fact ("after another ...").
fn before_is_own(ruleset: &Ruleset, folded: &Folded, span: &Span) -> bool {
    let before = span.first.checked_sub(1).and_then(|at| folded.word_at(at)).unwrap_or_default();
    span.meanings.iter().any(|meaning| match *meaning {
        Meaning::Fact { fact, .. } => {
            let fact = &ruleset.facts[usize::from(fact)];
            fact.own_words.iter().chain(&fact.plain_words).any(|word| word == before)
        }
        _ => false,
    })
}

/// Whether a cue stands closely before an event, in the same breath.
fn stands_before(folded: &Folded, cue: &Span, event: &Span, reach: usize) -> bool {
    let near = cue.last < event.first && event.first - cue.last <= reach;
    near && folded.strongest_break(cue.last, event.first) == Break::None
}

/// Whether a condition stands in the sentence of an event, on either side.
fn in_reach(folded: &Folded, cue: &Span, event: &Span) -> bool {
    let (first, last) = if cue.last < event.first { (cue.last, event.first) } else { (event.last, cue.first) };
    let near = first < last && last - first <= CONDITION_REACH;
    near && folded.strongest_break(first, last) <= Break::Comma
}
