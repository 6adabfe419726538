//! Tellings: sentences by which a text could give a fact a value, or name an indication.
//!
//! What would change an answer is found by deciding again with one more sentence on the order. Which sentences
//! those could be is known from the rules alone, so it is gathered once, when the phrases are.

use super::{CueKind, Folded, Meaning, PhraseBook, Place, Searched};

/// The most values a fact may have.
const VALUES_MAX: usize = 8;

/// The most sentences that are kept of those that give one value.
const TELLINGS_MAX: usize = 4;

/// A sentence of one phrase, negated or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Telling {
    /// The sentence.
    pub words: String,
    /// Facts with the value that its phrase gives each.
    pub values: Vec<(u8, u8)>,
    /// What else lies in it, by phrase: names, and words that support or forbid one elsewhere.
    besides: Vec<u16>,
    /// What is found in it where it stands alone.
    searched: Searched,
    /// Whether it is one phrase, in which nothing else is found, and which names nothing.
    plain_alone: bool,
}

/// The distinct tellings of a ruleset's phrases.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tellings {
    /// For each fact the sentences that give it a value.
    by_fact: Vec<Vec<Telling>>,
    /// For each fact and value the places of those that are kept of them.
    kept: Vec<[Vec<u32>; VALUES_MAX]>,
    by_name: Vec<Option<Telling>>,
}

impl Tellings {
    /// Gathers the tellings of all phrases.
    pub fn of(book: &PhraseBook) -> Self {
        let is_negation = |meanings: &[Meaning]| meanings.contains(&Meaning::Cue(CueKind::NegationBefore));
        let negations = book.all().filter(|(_, meanings)| is_negation(meanings)).map(|(phrase, _)| phrase);
        let negation = negations.min_by_key(|phrase| phrase.len());
        let mut all = Self::default();
        for (phrase, meanings) in book.all().filter(|(_, meanings)| !meanings.iter().copied().any(is_no_telling)) {
            let besides = besides(book, phrase);
            let values = |taken_back: bool| {
                let given = meanings.iter().filter_map(|meaning| given(*meaning, taken_back));
                given.collect::<Vec<(u8, u8)>>()
            };
            let said = Telling::of(phrase.to_owned(), values(false), besides.clone());
            for indication in meanings.iter().copied().filter_map(name) {
                all.add_name(indication, &said);
            }
            all.add(&said);
            if let Some(negation) = negation {
                all.add(&Telling::of(format!("{negation} {phrase}"), values(true), besides));
            }
        }
        for tellings in &mut all.by_fact {
            tellings.sort_by_key(Telling::weight);
        }
        all.keep(book);
        all
    }

    /// Chooses the sentences that are kept, and searches those that say more than values.
    fn keep(&mut self, book: &PhraseBook) {
        for (fact, tellings) in (0..=u8::MAX).zip(&mut self.by_fact) {
            let kept: [Vec<u32>; VALUES_MAX] = std::array::from_fn(|value| kept(tellings, (fact, value as u8)));
            for at in kept.iter().flatten() {
                tellings[*at as usize].search(book);
            }
            self.kept.push(kept);
        }
        for telling in self.by_name.iter_mut().flatten() {
            telling.search(book);
        }
    }

    /// The sentences that give a fact a value, those that say least besides first. Where a sentence says nothing
    /// but values of facts, those that say anything else are left out. A few at most: what the others say besides is
    /// not what is asked for.
    pub fn of_value(&self, fact: u8, value: u8) -> impl Iterator<Item = &Telling> {
        let kept = self.kept.get(usize::from(fact)).map_or(&[][..], |kept| &kept[usize::from(value)]);
        kept.iter().map(move |at| &self.by_fact[usize::from(fact)][*at as usize])
    }

    /// The sentence that names an indication and says least besides; none if only ambiguous phrases name it.
    pub fn of_name(&self, indication: u16) -> Option<&Telling> {
        self.by_name.get(usize::from(indication))?.as_ref()
    }

    fn add_name(&mut self, indication: u16, telling: &Telling) {
        let at = usize::from(indication);
        self.by_name.resize(self.by_name.len().max(at + 1), None);
        if self.by_name[at].as_ref().is_none_or(|known| telling.weight() < known.weight()) {
            self.by_name[at] = Some(telling.clone());
        }
    }

    fn add(&mut self, telling: &Telling) {
        for (fact, _) in &telling.values {
            let at = usize::from(*fact);
            self.by_fact.resize(self.by_fact.len().max(at + 1), Vec::new());
            let alike = |known: &Telling| known.values == telling.values && known.besides == telling.besides;
            if !self.by_fact[at].iter().any(alike) {
                self.by_fact[at].push(telling.clone());
            }
        }
    }
}

/// The places of the sentences that are kept of those that give a fact a value.
fn kept(tellings: &[Telling], wanted: (u8, u8)) -> Vec<u32> {
    let gives = |(_, telling): &(u32, &Telling)| telling.values.contains(&wanted);
    let all = || (0..).zip(tellings).filter(gives);
    let plain = all().any(|(_, telling)| telling.is_plain());
    all().filter(|(_, telling)| !plain || telling.is_plain()).take(TELLINGS_MAX).map(|(at, _)| at).collect()
}

impl Telling {
    fn of(words: String, values: Vec<(u8, u8)>, besides: Vec<u16>) -> Self {
        Self { words, values, besides, searched: Searched::default(), plain_alone: false }
    }

    fn search(&mut self, book: &PhraseBook) {
        if !self.is_plain() {
            let folded = Folded::new(&format!("; {}", self.words));
            self.searched = Searched { occurrences: book.occurrences(&folded), folded };
            let only_values = |meaning: &Meaning| match meaning {
                Meaning::Fact { place, .. } => !matches!(place, Place::Behind(_)),
                Meaning::Context => true,
                Meaning::Name { .. } | Meaning::Product(_) | Meaning::Cue(_) => false,
            };
            self.plain_alone = match self.searched.occurrences.as_slice() {
                [one] => {
                    let whole = one.first == 0 && one.last + 1 == self.searched.folded.words.len();
                    whole && book.meanings(one.phrase).iter().all(only_values)
                }
                _ => false,
            };
        }
    }

    /// What is found in the sentence where it stands alone. Empty if it does nothing but give facts values.
    pub fn searched(&self) -> &Searched {
        &self.searched
    }

    /// Whether it does nothing but give facts values, so that no other sentence reads differently beside it.
    pub fn is_plain(&self) -> bool {
        self.besides.is_empty()
    }

    /// Whether it does nothing but give facts values where no other word stands beside it.
    pub fn is_plain_alone(&self) -> bool {
        self.plain_alone
    }

    fn weight(&self) -> usize {
        self.values.len() + self.besides.len()
    }
}

/// Whether a phrase does something to others, or counts only where it stands behind one: a sentence of its own says
/// nothing then.
fn is_no_telling(meaning: Meaning) -> bool {
    match meaning {
        Meaning::Cue(kind) => kind != CueKind::Result,
        Meaning::Fact { place, .. } => matches!(place, Place::Behind(_)),
        Meaning::Name { .. } | Meaning::Product(_) | Meaning::Context => false,
    }
}

fn name(meaning: Meaning) -> Option<u16> {
    match meaning {
        Meaning::Name { indication, ambiguous: None } => Some(indication),
        _ => None,
    }
}

/// The value that a phrase gives a fact.
fn given(meaning: Meaning, taken_back: bool) -> Option<(u8, u8)> {
    match meaning {
        Meaning::Fact { fact, negated, .. } if taken_back => negated.map(|value| (fact, value)),
        Meaning::Fact { fact, value, .. } => Some((fact, value)),
        _ => None,
    }
}

/// The phrases in a phrase, itself among them, that do more than give facts.
fn besides(book: &PhraseBook, phrase: &str) -> Vec<u16> {
    let more = |meaning: &Meaning| matches!(meaning, Meaning::Name { .. } | Meaning::Context);
    let within = book.occurrences(&Folded::new(phrase)).into_iter().map(|found| found.phrase);
    let mut besides: Vec<u16> = within.filter(|found| book.meanings(*found).iter().any(more)).collect();
    besides.sort_unstable();
    besides.dedup();
    besides
}

#[cfg(test)]
mod tests {
    use super::super::PhraseCollector;
    use super::*;

    fn fact(fact: u8, value: u8, negated: Option<u8>) -> Meaning {
        Meaning::Fact { place: Place::Anywhere, fact, value, negated }
    }

    fn tellings(phrases: &[(&str, Meaning)]) -> Tellings {
        let mut collector = PhraseCollector::default();
        for (phrase, meaning) in phrases {
            collector.add(phrase, *meaning);
        }
        Tellings::of(&collector.finish().unwrap())
    }

    fn words<'t>(all: impl IntoIterator<Item = &'t Telling>) -> Vec<&'t str> {
        all.into_iter().map(|telling| telling.words.as_str()).collect()
    }

    #[test]
    fn a_value_is_told_by_phrases_that_say_nothing_but_facts_if_there_are_such() {
        let name = Meaning::Name { indication: 2, ambiguous: Some(0) };
        let all = tellings(&[
            ("abc", name),
            ("very abc", fact(0, 1, None)),
            ("def", fact(0, 1, None)),
            ("def", fact(3, 0, None)),
            ("ghi", fact(0, 1, None)),
            ("jkl", fact(0, 1, None)),
            ("abc two", fact(0, 2, None)),
        ]);
        assert_eq!(words(all.of_value(0, 1)), ["ghi", "def"]);
        assert_eq!(words(all.of_value(0, 2)), ["abc two"]);
        assert_eq!(words(all.of_value(7, 0)), [""; 0]);
    }

    #[test]
    fn a_negation_tells_the_value_that_it_stands_for() {
        let negation = ("no", Meaning::Cue(CueKind::NegationBefore));
        let all = tellings(&[negation, ("abc", fact(1, 0, Some(1))), ("def", fact(1, 0, None))]);
        assert_eq!(words(all.of_value(1, 1)), ["no abc"]);
    }

    #[test]
    fn an_indication_is_named_by_a_phrase_that_is_not_ambiguous() {
        let name = |indication, ambiguous| Meaning::Name { indication, ambiguous };
        let all = tellings(&[
            ("abc", name(0, Some(0))),
            ("def", name(1, None)),
            ("def", fact(0, 0, None)),
            ("ghi", name(1, None)),
        ]);
        assert_eq!((all.of_name(0), words(all.of_name(1))), (None, vec!["ghi"]));
    }
}
