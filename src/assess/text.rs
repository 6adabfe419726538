//! Reading free text: which indications it asserts, which values of facts it gives, and what it takes back.
//!
//! Cues are scoped in words and clauses, as `rules/README.md` describes. The text goes no further than this
//! file: what leaves it are indices of the rules' phrases.

mod product;
mod scope;

use chrono::NaiveDate;

use crate::rules::{Break, CueKind, FactSet, Folded, ListSet, Meaning, Occurrence, Ruleset, Searched};
pub(super) use product::given;
use scope::{Meanings, Mention, Span};
use smallvec::SmallVec;

/// The most words of a text that are read; what stands behind them is not, and a warning says so.
const TEXT_WORDS_MAX: usize = 4000;

/// Why a mention does not assert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NotAsserted {
    /// The text says that it is not so.
    Negated,
    /// The text says that it may be so.
    Hedged,
    /// The text says that it was so and is no more.
    Over,
    /// The text says that it was so.
    Past,
    /// The text speaks of a relative.
    Family,
    /// The text may say it of something else.
    Elsewhere,
    /// The text weighs it against something else.
    Weighed,
}

/// Facts with a mask of values.
pub(super) type FactMasks = SmallVec<[(u8, u8); 4]>;

/// What a text says.
#[derive(Debug, Clone, Default)]
pub(super) struct TextReading {
    /// Asserted indications with the phrase that names them; one entry an indication.
    pub named: SmallVec<[(u16, u16); 2]>,
    /// Indications that are mentioned and not asserted.
    pub mentioned: SmallVec<[(u16, u16, NotAsserted); 2]>,
    /// Indications that are weighed against each other.
    pub differential: SmallVec<[(u16, u16); 2]>,
    /// Whether it may be none of those that are weighed ("possible a or b").
    pub differential_uncertain: bool,
    /// Facts with the mask of values that phrases give them.
    pub fact_values: FactMasks,
    /// Facts with the mask of values that phrases give them as uncertain.
    pub uncertain_values: FactMasks,
    /// Facts with the mask of values whose phrases may be said of something else.
    pub elsewhere_values: FactMasks,
    /// Facts with the mask of values of which the text says that they are over.
    pub over_values: FactMasks,
    /// Whether the text is longer than what is read.
    pub truncated: bool,
}

impl TextReading {
    /// Whether an indication, or a fact that is `asked` about, is said as uncertain and nothing asserts it.
    pub fn uncertain(&self, asked: FactSet) -> bool {
        self.mentioned.iter().any(|(_, _, how)| *how == NotAsserted::Hedged)
            || self.uncertain_values.iter().chain(&self.elsewhere_values).any(|(fact, _)| asked.contains(*fact))
    }

    /// Whether the text negates an indication.
    pub fn negates(&self, indication: u16) -> bool {
        self.mentioned.iter().any(|(other, _, how)| *other == indication && *how == NotAsserted::Negated)
    }

    /// Adds what one more sentence says, which does nothing but give facts values.
    pub fn tell(&mut self, values: &[(u8, u8)]) {
        for (fact, value) in values {
            give(&mut self.fact_values, *fact, *value);
        }
    }
}

/// Reads a text. `codes` are the lists on the order, which support ambiguous tokens; a year in the text is past or
/// not by the service date.
pub(super) fn read(ruleset: &Ruleset, text: &str, codes: ListSet, service: Option<NaiveDate>) -> TextReading {
    find(ruleset, text).read(ruleset, codes, service)
}

/// What was found in a text before anything is known of the codes beside it.
pub(super) struct Found {
    /// None of a text that says nothing.
    searched: Option<Searched>,
    truncated: bool,
}

/// Finds the phrases of a text.
pub(super) fn find(ruleset: &Ruleset, text: &str) -> Found {
    if text.trim().is_empty() {
        return Found { searched: None, truncated: false };
    }
    let (mut folded, truncated) = Folded::beginning(text, TEXT_WORDS_MAX);
    let occurrences = ruleset.phrases.occurrences(&folded);
    settle_stops(ruleset, &mut folded, &occurrences);
    Found { searched: Some(Searched { folded, occurrences }), truncated }
}

impl Found {
    /// Reads what was found, beside codes of these lists.
    pub fn read(&self, ruleset: &Ruleset, codes: ListSet, service: Option<NaiveDate>) -> TextReading {
        let Some(searched) = &self.searched else { return TextReading::default() };
        TextReading { truncated: self.truncated, ..read_found(ruleset, searched, codes, service) }
    }

    /// Whether it may read otherwise beside other codes: they support ambiguous tokens or bar them.
    pub fn rests_on_codes(&self, ruleset: &Ruleset) -> bool {
        let ambiguous = |meaning: &Meaning| matches!(meaning, Meaning::Name { ambiguous: Some(_), .. });
        let mut found = self.searched.iter().flat_map(|searched| &searched.occurrences);
        found.any(|found| ruleset.phrases.meanings(found.phrase).iter().any(ambiguous))
    }
}

/// Reads a text in which the phrases have been found and the full stops told apart.
pub(super) fn read_found(
    ruleset: &Ruleset,
    searched: &Searched,
    codes: ListSet,
    service: Option<NaiveDate>,
) -> TextReading {
    let folded = &searched.folded;
    let span = |found: &Occurrence| span(ruleset, searched, codes, *found);
    let mut found: Vec<Span> = Vec::with_capacity(searched.occurrences.len());
    found.extend(searched.occurrences.iter().filter_map(span));
    if !found.iter().any(Span::says_something) {
        return TextReading::default();
    }
    let spans = scope::placed(folded, scope::without_contained(&found));
    let mut mentions = scope::mentions(folded, &found, &spans);
    scope::event::take_back(ruleset, folded, &spans, &mut mentions, service);
    scope::bound::take_back(ruleset, folded, &spans, &mut mentions);
    scope::weighed_alone(folded, &spans, &mut mentions);
    let (differential, differential_uncertain) = scope::differentials(folded, &spans, &mentions);
    let mut reading = TextReading { differential, differential_uncertain, ..TextReading::default() };
    for mention in &mentions {
        for meaning in &mention.span.meanings {
            match *meaning {
                Meaning::Name { indication, .. } => name(&mut reading, mention, indication),
                Meaning::Fact { fact, value, negated, .. } => value_of(&mut reading, mention, fact, value, negated),
                Meaning::Product(_) | Meaning::Cue(_) | Meaning::Context => {}
            }
        }
    }
    settle_names(ruleset, &mut reading);
    reading
}

/// Tells the end of a sentence from an abbreviation by what the rules know of the word before the stop.
fn settle_stops(ruleset: &Ruleset, folded: &mut Folded, occurrences: &[Occurrence]) {
    let ends = |at: usize, wanted: &dyn Fn(&Meaning) -> bool| {
        let mut there = occurrences.iter().filter(|found| found.last == at);
        there.any(|found| ruleset.phrases.meanings(found.phrase).iter().any(wanted))
    };
    let closes = |meaning: &Meaning| matches!(meaning, Meaning::Name { .. } | Meaning::Cue(CueKind::NegationBefore));
    let asks_for_more = |meaning: &Meaning| {
        use CueKind::{Differential, DifferentialBefore, HedgeBefore, HistoryBefore, Versus};
        matches!(meaning, Meaning::Cue(Differential | DifferentialBefore | HedgeBefore | HistoryBefore | Versus))
    };
    folded.settle_stops(|at| ends(at, &closes), |at| ends(at, &asks_for_more));
}

fn name(reading: &mut TextReading, mention: &Mention, indication: u16) {
    let weighed = reading.differential.iter().any(|(a, b)| *a == indication || *b == indication);
    match mention.status {
        None if weighed => {}
        None if reading.named.contains(&(indication, mention.span.phrase)) => {}
        None => reading.named.push((indication, mention.span.phrase)),
        Some(how) if !weighed => reading.mentioned.push((indication, mention.span.phrase, how)),
        Some(_) => {}
    }
}

/// A name that is both asserted and negated in one text asserts nothing. A result that was not found is no
/// negation of the indication: it takes back itself, and no other name.
fn settle_names(ruleset: &Ruleset, reading: &mut TextReading) {
    let negated: SmallVec<[(u16, u16); 4]> = reading
        .mentioned
        .iter()
        .filter(|(_, _, how)| *how == NotAsserted::Negated)
        .map(|(indication, phrase, _)| (*indication, *phrase))
        .collect();
    let taken_back = |indication: u16, phrase: u16| {
        negated
            .iter()
            .any(|(other, said)| *other == indication && (*said == phrase || !is_result(ruleset, indication, *said)))
    };
    let TextReading { named, mentioned, .. } = reading;
    named.retain(|(indication, phrase)| {
        let stays = !taken_back(*indication, *phrase);
        if !stays {
            mentioned.push((*indication, *phrase, NotAsserted::Hedged));
        }
        stays
    });
    let mut seen: SmallVec<[u16; 8]> = SmallVec::new();
    named.retain(|(indication, _)| {
        let first = !seen.contains(indication);
        seen.push(*indication);
        first
    });
    mentioned.retain(|(indication, _, _)| !named.iter().any(|(other, _)| other == indication));
    mentioned.sort_unstable();
    mentioned.dedup_by_key(|(indication, _, how)| (*indication, *how));
}

/// Whether a phrase that names an indication also gives a value to a fact that the indication's rows turn on.
fn is_result(ruleset: &Ruleset, indication: u16, phrase: u16) -> bool {
    let turns_on = |wanted: u8| {
        let rows = ruleset.indications[usize::from(indication)].rows.clone();
        rows.flat_map(|row| &ruleset.rows[row].when.terms).any(|(fact, _)| *fact == wanted)
    };
    let gives = |meaning: &Meaning| matches!(meaning, Meaning::Fact { fact, .. } if turns_on(*fact));
    ruleset.phrases.meanings(phrase).iter().any(gives)
}

fn value_of(reading: &mut TextReading, mention: &Mention, fact: u8, value: u8, negated: Option<u8>) {
    let (given, values) = match mention.status {
        None | Some(NotAsserted::Weighed) => (Some(value), &mut reading.fact_values),
        Some(NotAsserted::Negated) => (negated, &mut reading.fact_values),
        Some(NotAsserted::Hedged) => (Some(value), &mut reading.uncertain_values),
        Some(NotAsserted::Elsewhere) => (Some(value), &mut reading.elsewhere_values),
        Some(NotAsserted::Over) => (Some(value), &mut reading.over_values),
        Some(NotAsserted::Past | NotAsserted::Family) => return,
    };
    if let Some(given) = given {
        give(values, fact, given);
    }
}

fn give(values: &mut FactMasks, fact: u8, value: u8) {
    match values.iter_mut().find(|(other, _)| *other == fact) {
        Some((_, mask)) => *mask |= 1 << value,
        None => values.push((fact, 1 << value)),
    }
}

/// An occurrence with the meanings that count where it stands: an ambiguous token needs support, and no
/// phrase runs over a clause's end. `None` if nothing is left.
fn span(ruleset: &Ruleset, searched: &Searched, codes: ListSet, found: Occurrence) -> Option<Span> {
    let (first, last) = (found.first, found.last);
    let widest = if first < last { searched.folded.strongest_break(first, last) } else { Break::None };
    let over_the_end = widest > Break::Line;
    let counts = |meaning: &Meaning| match meaning {
        Meaning::Name { ambiguous: Some(index), .. } => {
            !over_the_end && scope::support::supported(ruleset, searched, codes, *index, found)
        }
        Meaning::Name { ambiguous: None, .. } | Meaning::Fact { .. } => !over_the_end,
        Meaning::Cue(CueKind::NotAMention) => widest < Break::Clause,
        Meaning::Product(_) | Meaning::Cue(_) => true,
        Meaning::Context => false,
    };
    let meanings: Meanings = ruleset.phrases.meanings(found.phrase).iter().copied().filter(counts).collect();
    (!meanings.is_empty()).then(|| Span::new(found.phrase, first, last, meanings))
}
