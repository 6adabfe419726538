//! Cues that stand on the other side. One that is written before a phrase and has none there, and ends its clause,
//! turns back to the phrase directly before it: "abc: no", "abc (prior)", "abc r/o". A result may be told before what
//! it is of: "negative abc".

use super::reach::{self, Page};
use super::{Mention, Span};
use crate::assess::NotAsserted;
use crate::rules::{Break, CueKind};

/// Reaches forward, or turns back.
pub(super) fn forward(page: Page<'_>, mentions: &mut [Mention<'_>], cue: &Span, how: NotAsserted) {
    if !reach::forward(page, mentions, cue, how) && !back(page, mentions, cue, how) {
        over_bracket(page, mentions, cue, how);
    }
}

/// Reaches to the end of the clause, or turns back.
pub(super) fn clause(page: Page<'_>, mentions: &mut [Mention<'_>], cue: &Span) {
    if !reach::clause(page, mentions, cue) {
        back(page, mentions, cue, NotAsserted::Family);
    }
}

/// Reaches to the end of the sentence, or turns back.
pub(super) fn sentence(page: Page<'_>, mentions: &mut [Mention<'_>], cue: &Span, how: NotAsserted) {
    if !reach::sentence(page, mentions, cue, how) {
        back(page, mentions, cue, how);
    }
}

/// Reaches back; where nothing stands there and the word may stand before what it is said of, forward.
pub(super) fn backward(page: Page<'_>, mentions: &mut [Mention<'_>], cue: &Span, how: NotAsserted) {
    let before = cue.is(CueKind::NegationBefore);
    if reach::backward(page, mentions, cue, how) || !before || page.folded.words[cue.last].glued_left {
        return;
    }
    let begins = cue.first == 0 || page.break_before(cue.first) != Some(Break::None);
    let next = mentions.iter().map(|mention| mention.span).find(|span| span.first > cue.last);
    let takes = |next: &Span| {
        let edge = next.last + 1;
        let told = |other: &Span| other.first == edge && other.is(CueKind::ResultPositive);
        !page.is_found(next) && !page.spans.iter().any(told) && (begins || next.is_result())
    };
    if next.is_some_and(takes) {
        reach::forward(page, mentions, cue, how);
    }
}

/// Takes back the phrase directly before a cue that ends its clause. Whether there was one.
fn back(page: Page<'_>, mentions: &mut [Mention<'_>], cue: &Span, how: NotAsserted) -> bool {
    let joined = matches!(page.break_before(cue.first), Some(Break::None | Break::Open | Break::Colon | Break::Comma));
    let before = mentions.iter().map(|mention| mention.span).filter(|span| span.last + 1 == cue.first);
    match before.min_by_key(|span| span.first) {
        Some(span) if joined && page.ends_at(cue.last + 1) => {
            reach::mark(mentions, span.first, span.last, how);
            true
        }
        _ => false,
    }
}

/// A cue alone in brackets may stand before the phrase: "(?) abc".
fn over_bracket(page: Page<'_>, mentions: &mut [Mention<'_>], cue: &Span, how: NotAsserted) {
    let edge = cue.last + 1;
    let opens = cue.first == 0 || page.break_before(cue.first) == Some(Break::Open);
    if opens
        && page.break_before(edge) == Some(Break::Close)
        && let Some(span) = mentions.iter().map(|mention| mention.span).find(|span| span.first == edge)
    {
        reach::mark(mentions, span.first, span.last, how);
    }
}
