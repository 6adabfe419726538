//! Mentions: which phrases of a text say something, and whether a negation, a hedge, a history or a relative
//! takes them back.

pub(super) mod bound;
pub(super) mod event;
mod reach;
pub(super) mod support;
mod turn;

use super::NotAsserted;
use crate::rules::{Break, CueKind, Folded, Meaning, Place, ProductId, Tie};
use reach::{Page, REACH_BACK, REACH_FORWARD};
use smallvec::SmallVec;

/// What stands for the phrase of a span that is none of the phrase book's.
pub(super) const NO_PHRASE: u16 = u16::MAX;

/// The meanings of one phrase.
pub(super) type Meanings = SmallVec<[Meaning; 3]>;

/// A phrase in the text, with the meanings that count there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub phrase: u16,
    pub first: usize,
    pub last: usize,
    pub meanings: Meanings,
    /// The kinds of cue among the meanings, one bit each.
    kinds: u32,
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
    for cue in spans.iter().filter(|span| span.is(CueKind::Versus)) {
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
    /// A phrase where it stands, with these meanings.
    pub fn new(phrase: u16, first: usize, last: usize, meanings: Meanings) -> Self {
        let kinds = meanings.iter().fold(0, |kinds, meaning| match meaning {
            Meaning::Cue(kind) => kinds | 1 << *kind as u32,
            _ => kinds,
        });
        Self { phrase, first, last, meanings, kinds }
    }

    /// Whether it is a cue of a kind.
    fn is(&self, kind: CueKind) -> bool {
        self.kinds & (1 << kind as u32) != 0
    }

    pub fn says_something(&self) -> bool {
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
        self.is(CueKind::Result)
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
        big.is(CueKind::NotAMention)
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
    let stands = |small: &&Span| !found.iter().any(|big| small.lies_inside(big) && small.is_part_of(big));
    let mut standing = Vec::with_capacity(found.len());
    standing.extend(found.iter().filter(stands).cloned());
    standing
}

/// Drops what a phrase gives only directly behind a name, where it does not stand there.
pub(super) fn placed(folded: &Folded, spans: Vec<Span>) -> Vec<Span> {
    let hangs = |meaning: &Meaning| matches!(meaning, Meaning::Fact { place: Place::Behind(_), .. });
    if !spans.iter().any(|span| span.meanings.iter().any(hangs)) {
        return spans;
    }
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
    let mut mentions: Vec<Mention<'s>> = Vec::with_capacity(spans.len());
    mentions.extend(spans.iter().filter(|span| span.says_something()).map(|span| Mention { span, status: None }));
    mentions.sort_by_key(|mention| (mention.span.first, mention.span.last));
    let page = Page { folded, spans };
    for cue in spans {
        let mark = folded.words[cue.last];
        let either = cue.is(CueKind::NegationAfter);
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
    for cue in found.iter().filter(|span| span.is(CueKind::NegationBefore)) {
        for longer in spans.iter().filter(|longer| longer.says_something() && cue.lies_inside(longer)) {
            reach::inside(&mut mentions, cue, longer);
        }
    }
    mentions
}

/// Names that stand one after the other under an announced differential.
fn listed<'m>(folded: &Folded, spans: &[Span], mentions: &'m [Mention<'m>]) -> Vec<(&'m Mention<'m>, &'m Mention<'m>)> {
    let announced = spans.iter().filter(|span| span.is(CueKind::DifferentialBefore));
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
pub(super) fn differentials(
    folded: &Folded,
    spans: &[Span],
    mentions: &[Mention<'_>],
) -> (SmallVec<[(u16, u16); 2]>, bool) {
    let (mut pairs, mut uncertain) = (SmallVec::new(), false);
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
