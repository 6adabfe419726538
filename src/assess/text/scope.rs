//! Mentions: which phrases of a text say something, and whether a negation, a hedge, a history or a relative
//! takes them back.

pub(super) mod bound;
pub(super) mod event;
mod reach;
mod turn;

use super::NotAsserted;
use crate::rules::{Break, CueKind, Folded, ListSet, Meaning, Place, ProductId, Ruleset, Tie};
use reach::{Page, REACH_BACK, REACH_FORWARD};

/// What stands for the phrase of a span that is none of the phrase book's.
pub(super) const NO_PHRASE: u16 = u16::MAX;

/// A phrase in the text, with the meanings that count there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub phrase: u16,
    pub first: usize,
    pub last: usize,
    pub meanings: Vec<Meaning>,
}

/// A phrase that names an indication or gives a fact a value.
#[derive(Debug, Clone)]
pub(super) struct Mention<'s> {
    pub span: &'s Span,
    /// Why it does not assert; `None` if it does.
    pub status: Option<NotAsserted>,
}

impl Mention<'_> {
    /// Whether it names something that is, or may be.
    fn may_be(&self) -> bool {
        let gone = matches!(
            self.status,
            Some(NotAsserted::Negated | NotAsserted::Over | NotAsserted::Past | NotAsserted::Family)
        );
        !gone && (self.span.names().next().is_some() || self.span.products().next().is_some())
    }
}

fn weighs(kind: CueKind) -> bool {
    matches!(kind, CueKind::Differential | CueKind::Versus)
}

/// The names, by index, that stand on either side of a cue.
fn beside(mentions: &[Mention<'_>], cue: &Span) -> (Option<usize>, Option<usize>) {
    let names = || mentions.iter().enumerate().filter(|(_, mention)| mention.may_be());
    let left = names()
        .filter(|(_, mention)| mention.span.last < cue.first && cue.first - mention.span.last <= REACH_BACK)
        .max_by_key(|(_, mention)| mention.span.last);
    let right = names()
        .filter(|(_, mention)| mention.span.first > cue.last && mention.span.first - cue.last <= REACH_FORWARD)
        .min_by_key(|(_, mention)| mention.span.first);
    (left.map(|(at, _)| at), right.map(|(at, _)| at))
}

/// A name that is weighed against something that the rules do not know is uncertain.
pub(super) fn weighed_alone(folded: &Folded, spans: &[Span], mentions: &mut [Mention<'_>]) {
    for cue in spans.iter().filter(|span| span.cues().any(|kind| kind == CueKind::Versus)) {
        let touches = |at: usize| {
            let span = mentions[at].span;
            let (first, last) = if span.last < cue.first { (span.last, cue.first) } else { (cue.last, span.first) };
            last == first + 1 && folded.strongest_break(first, last) == Break::None
        };
        let lone = match beside(mentions, cue) {
            (Some(lone), None) | (None, Some(lone)) if touches(lone) => lone,
            _ => continue,
        };
        mentions[lone].status.get_or_insert(NotAsserted::Hedged);
    }
}

impl Span {
    fn says_something(&self) -> bool {
        let says = |meaning: &Meaning| match meaning {
            Meaning::Name { .. } | Meaning::Fact { .. } | Meaning::Product(_) => true,
            Meaning::Cue(kind) => matches!(kind, CueKind::Result | CueKind::NotAMention),
            Meaning::Context => false,
        };
        self.meanings.iter().any(says)
    }

    fn names(&self) -> impl Iterator<Item = u16> {
        self.meanings.iter().filter_map(|meaning| match meaning {
            Meaning::Name { indication, .. } => Some(*indication),
            _ => None,
        })
    }

    /// Whether it is a laboratory word.
    fn is_result(&self) -> bool {
        self.cues().any(|kind| kind == CueKind::Result)
    }

    /// The products that it names.
    pub fn products(&self) -> impl Iterator<Item = ProductId> {
        self.meanings.iter().filter_map(|meaning| match meaning {
            Meaning::Product(id) => Some(*id),
            _ => None,
        })
    }

    fn cues(&self) -> impl Iterator<Item = CueKind> {
        self.meanings.iter().filter_map(|meaning| match meaning {
            Meaning::Cue(kind) => Some(*kind),
            _ => None,
        })
    }

    /// Whether this span lies inside a longer one.
    fn lies_inside(&self, big: &Self) -> bool {
        big.first <= self.first && self.last <= big.last && big.last - big.first > self.last - self.first
    }

    /// Whether the longer phrase says the same sort of thing, so that this one is part of it: a name inside
    /// a longer name, a fact's phrase inside a longer one of the same fact, a cue inside any longer phrase, and
    /// anything inside words that only look like it.
    fn is_part_of(&self, big: &Self) -> bool {
        big.cues().any(|kind| kind == CueKind::NotAMention)
            || self.meanings.iter().all(|each| match each {
                Meaning::Name { .. } => big.names().next().is_some(),
                Meaning::Fact { fact, .. } => {
                    big.meanings.iter().any(|other| matches!(other, Meaning::Fact { fact: same, .. } if same == fact))
                }
                Meaning::Cue(_) => true,
                Meaning::Product(_) | Meaning::Context => false,
            })
    }
}

/// Drops phrases that are part of a longer one.
pub(super) fn without_contained(found: &[Span]) -> Vec<Span> {
    found
        .iter()
        .filter(|small| !found.iter().any(|big| small.lies_inside(big) && small.is_part_of(big)))
        .cloned()
        .collect()
}

/// Drops what a phrase gives only directly behind a name, where it does not stand there.
pub(super) fn placed(folded: &Folded, spans: &[Span]) -> Vec<Span> {
    let behind = |first: usize, indication: u16| {
        let near = |span: &&Span| span.last + 1 == first && folded.words[first].before <= Break::Comma;
        spans.iter().filter(near).any(|span| !span.is_result() && span.names().any(|name| name == indication))
    };
    let kept = spans.iter().map(|span| {
        let stands = |meaning: &&Meaning| match meaning {
            Meaning::Fact { place: Place::Behind(indication), .. } => behind(span.first, *indication),
            _ => true,
        };
        Span { meanings: span.meanings.iter().filter(stands).copied().collect(), ..span.clone() }
    });
    kept.filter(|span| !span.meanings.is_empty()).collect()
}

/// The mentions of a text with their status. `found` are all phrases, `spans` those that stand for themselves.
pub(super) fn mentions<'s>(folded: &Folded, found: &[Span], spans: &'s [Span]) -> Vec<Mention<'s>> {
    let mut mentions: Vec<Mention<'s>> =
        spans.iter().filter(|span| span.says_something()).map(|span| Mention { span, status: None }).collect();
    mentions.sort_by_key(|mention| (mention.span.first, mention.span.last));
    let page = Page { folded, spans };
    for cue in spans {
        let mark = folded.words[cue.last];
        let either = cue.cues().any(|kind| kind == CueKind::NegationAfter);
        for kind in cue.cues() {
            match kind {
                CueKind::NegationBefore if either => {}
                CueKind::NegationBefore => turn::forward(page, &mut mentions, cue, NotAsserted::Negated),
                CueKind::HedgeBefore if (mark.glued_left && !mark.glued_right) || page.is_found(cue) => {}
                CueKind::HedgeBefore => turn::forward(page, &mut mentions, cue, NotAsserted::Hedged),
                CueKind::HistoryBefore => turn::forward(page, &mut mentions, cue, NotAsserted::Past),
                CueKind::HistoryAfter => _ = reach::backward(page, &mut mentions, cue, NotAsserted::Past),
                CueKind::OverAfter => _ = reach::backward(page, &mut mentions, cue, NotAsserted::Over),
                CueKind::FamilyAfter => _ = reach::backward(page, &mut mentions, cue, NotAsserted::Family),
                CueKind::FamilyBefore => turn::clause(page, &mut mentions, cue),
                CueKind::NegationAfter => turn::backward(page, &mut mentions, cue, NotAsserted::Negated),
                CueKind::VerdictAfter | CueKind::ResultNegative => {
                    reach::backward(page, &mut mentions, cue, NotAsserted::Negated);
                }
                CueKind::HedgeAfter if mark.glued_right && !mark.glued_left => {}
                CueKind::HedgeAfter | CueKind::ResultOpen => {
                    reach::backward(page, &mut mentions, cue, NotAsserted::Hedged);
                }
                CueKind::DifferentialBefore => turn::sentence(page, &mut mentions, cue, NotAsserted::Hedged),
                CueKind::TimeAfter
                | CueKind::TimeBefore
                | CueKind::ConditionBefore
                | CueKind::Binder
                | CueKind::Contrast
                | CueKind::ResultPositive
                | CueKind::Condition
                | CueKind::Versus
                | CueKind::Differential
                | CueKind::Conjunction
                | CueKind::NotACue
                | CueKind::Result
                | CueKind::NotAMention => {}
            }
        }
    }
    for cue in found.iter().filter(|span| span.cues().any(|kind| kind == CueKind::NegationBefore)) {
        for longer in spans.iter().filter(|longer| longer.says_something() && cue.lies_inside(longer)) {
            reach::inside(&mut mentions, cue, longer);
        }
    }
    mentions
}

/// Names that stand one after the other under an announced differential.
fn listed<'m>(folded: &Folded, spans: &[Span], mentions: &'m [Mention<'m>]) -> Vec<(&'m Mention<'m>, &'m Mention<'m>)> {
    let announced = spans.iter().filter(|span| span.cues().any(|kind| kind == CueKind::DifferentialBefore));
    let mut pairs = Vec::new();
    for cue in announced {
        let under = |mention: &&Mention<'_>| {
            let hedged = mention.span.first > cue.last && mention.status == Some(NotAsserted::Hedged);
            hedged && mention.span.names().next().is_some() && reach::in_sentence(folded, cue, mention.span)
        };
        let names: Vec<&Mention<'_>> = mentions.iter().filter(under).collect();
        pairs.extend(names.windows(2).map(|pair| (pair[0], pair[1])));
    }
    pairs
}

/// Pairs of indications with a differential cue or a slash between them, and whether some pair is uncertain on both
/// sides.
pub(super) fn differentials(folded: &Folded, spans: &[Span], mentions: &[Mention<'_>]) -> (Vec<(u16, u16)>, bool) {
    let (mut pairs, mut uncertain) = (Vec::new(), false);
    let mut weigh = |left: Option<&Mention<'_>>, right: Option<&Mention<'_>>| {
        let (Some(left), Some(right)) = (left, right) else { return };
        let clear = folded.strongest_break(left.span.last, right.span.first) <= Break::Comma;
        for a in left.span.names().filter(|_| clear) {
            for b in right.span.names().filter(|b| *b != a) {
                pairs.push((a, b));
                uncertain |= [left.status, right.status].contains(&Some(NotAsserted::Hedged));
            }
        }
    };
    for cue in spans.iter().filter(|span| span.cues().any(weighs)) {
        let (left, right) = beside(mentions, cue);
        weigh(left.map(|at| &mentions[at]), right.map(|at| &mentions[at]));
    }
    for (left, right) in listed(folded, spans, mentions) {
        weigh(Some(left), Some(right));
    }
    for right in mentions
        .iter()
        .filter(|each| each.may_be())
        .filter(|mention| folded.words[mention.span.first].tie == Tie::Slash)
    {
        weigh(
            mentions.iter().filter(|each| each.may_be()).find(|left| left.span.last + 1 == right.span.first),
            Some(right),
        );
    }
    (pairs, uncertain)
}

/// Whether the conditions of an ambiguous token hold where it stands.
pub(super) fn supported(
    ruleset: &Ruleset,
    folded: &Folded,
    codes: ListSet,
    index: u16,
    first: usize,
    last: usize,
) -> bool {
    let token = &ruleset.phrases.ambiguous[usize::from(index)];
    let number_before = first
        .checked_sub(1)
        .and_then(|at| folded.word_at(at))
        .is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
    let unit_behind = folded.word_at(last + 1).is_some_and(|word| token.not_before.iter().any(|unit| unit == word));
    if (token.not_after_number && number_before) || unit_behind {
        return false;
    }
    let words = |phrase: &u16| ruleset.phrases.phrase(*phrase);
    let stands = |phrase: &u16| places(folded, words(phrase)).next().is_some();
    let taken_back = |phrase: &u16| {
        let negated = |(first, last)| is_negated(ruleset, folded, first, last);
        token.words_asserted && stands(phrase) && places(folded, words(phrase)).all(negated)
    };
    if codes.intersects(token.not_with_codes) || token.not_with_words.iter().any(stands) {
        return false;
    }
    let unless_barred = token.with_codes == ListSet::default() && token.with_words.is_empty();
    let spoken_for = token.with_words.iter().any(|phrase| stands(phrase) && !taken_back(phrase));
    let spoken_against = token.with_words.iter().any(taken_back);
    unless_barred || spoken_for || (codes.intersects(token.with_codes) && !spoken_against)
}

/// Whether a negation stands directly before or behind words.
fn is_negated(ruleset: &Ruleset, folded: &Folded, first: usize, last: usize) -> bool {
    let is = |word: usize, kinds: &[CueKind]| {
        let joined = |at: usize| folded.words.get(at).is_some_and(|word| word.before == Break::None);
        let apart = if word < first { !joined(first) } else { !joined(word) };
        let word = folded.word_at(word).filter(|_| !apart).and_then(|word| ruleset.phrases.find(word));
        word.is_some_and(|phrase| {
            let cue = |meaning: &Meaning| matches!(meaning, Meaning::Cue(kind) if kinds.contains(kind));
            ruleset.phrases.meanings(phrase).iter().any(cue)
        })
    };
    let before = first.checked_sub(1).is_some_and(|word| is(word, &[CueKind::NegationBefore]));
    before || is(last + 1, &[CueKind::NegationAfter, CueKind::VerdictAfter])
}

/// Where a text holds the words of a phrase, in one sentence: first and last word.
fn places(folded: &Folded, phrase: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = folded.text.as_bytes();
    folded.text.match_indices(phrase).filter_map(move |(start, _)| {
        let end = start + phrase.len();
        let whole = (start == 0 || bytes[start - 1] == b' ') && (end == bytes.len() || bytes[end] == b' ');
        let word = |byte: usize| folded.words.partition_point(|word| word.start <= byte) - 1;
        let found = (word(start), word(end - 1));
        (whole && folded.strongest_break(found.0, found.1) < Break::Clause).then_some(found)
    })
}
