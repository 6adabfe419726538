//! Tellings: what a sentence that holds one phrase of the rules and nothing else would say of an order.
//!
//! What would change an answer is found by deciding again with something more on the order. What words could
//! add to it is known from the rules alone, so it is gathered once, when the phrases are.

use super::Meaning;

/// What one phrase says, alone in a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Telling {
    /// Facts with the value that it gives each.
    pub values: Vec<(u8, u8)>,
    /// Indications that it names, with its own index.
    pub names: Vec<(u16, u16)>,
}

/// The distinct tellings of a ruleset's phrases.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tellings {
    by_fact: Vec<Vec<Telling>>,
    by_name: Vec<Option<Telling>>,
}

impl Tellings {
    /// Gathers the tellings of all phrases, by their meanings in phrase order.
    pub fn of(meanings: &[Vec<Meaning>]) -> Self {
        let mut all = Self::default();
        for (phrase, meanings) in meanings.iter().enumerate() {
            if !meanings.iter().any(|meaning| matches!(meaning, Meaning::Cue(_))) {
                all.add(asserted(meanings, phrase as u16));
                all.add(negated(meanings));
            }
        }
        for tellings in &mut all.by_fact {
            tellings.sort_by_key(|telling| (telling.names.len(), telling.values.len()));
        }
        all
    }

    /// The ways in which words give a fact a value, those that say least besides first. A phrase that also names
    /// an indication is left out where another one gives the value without.
    pub fn of_value(&self, fact: u8, value: u8) -> impl Iterator<Item = &Telling> {
        let gives = move |telling: &&Telling| telling.values.contains(&(fact, value));
        let all = self.by_fact.get(usize::from(fact)).map_or(&[][..], Vec::as_slice);
        let plain = all.iter().filter(gives).any(|telling| telling.names.is_empty());
        all.iter().filter(gives).filter(move |telling| !plain || telling.names.is_empty())
    }

    /// The phrase that names an indication and says least besides; none if only ambiguous phrases do.
    pub fn of_name(&self, indication: u16) -> Option<&Telling> {
        self.by_name.get(usize::from(indication))?.as_ref()
    }

    fn add(&mut self, telling: Telling) {
        for (indication, _) in &telling.names {
            let at = usize::from(*indication);
            self.by_name.resize(self.by_name.len().max(at + 1), None);
            if self.by_name[at].as_ref().is_none_or(|known| weight(&telling) < weight(known)) {
                self.by_name[at] = Some(telling.clone());
            }
        }
        for (fact, _) in &telling.values {
            let at = usize::from(*fact);
            self.by_fact.resize(self.by_fact.len().max(at + 1), Vec::new());
            let names =
                |other: &Telling| other.names.iter().map(|name| name.0).eq(telling.names.iter().map(|name| name.0));
            if !self.by_fact[at].iter().any(|known| known.values == telling.values && names(known)) {
                self.by_fact[at].push(telling.clone());
            }
        }
    }
}

fn weight(telling: &Telling) -> usize {
    telling.names.len() + telling.values.len()
}

fn asserted(meanings: &[Meaning], phrase: u16) -> Telling {
    let mut telling = Telling::default();
    for meaning in meanings {
        match *meaning {
            Meaning::Name { indication, ambiguous: None } => telling.names.push((indication, phrase)),
            Meaning::Fact { fact, value, .. } => telling.values.push((fact, value)),
            Meaning::Name { .. } | Meaning::Cue(_) | Meaning::Context => {}
        }
    }
    sorted(telling)
}

/// What the negated phrase says; nothing where it names an indication, which it would take back.
fn negated(meanings: &[Meaning]) -> Telling {
    if meanings.iter().any(|meaning| matches!(meaning, Meaning::Name { .. })) {
        return Telling::default();
    }
    let values = meanings.iter().filter_map(|meaning| match *meaning {
        Meaning::Fact { fact, negated, .. } => negated.map(|value| (fact, value)),
        _ => None,
    });
    sorted(Telling { values: values.collect(), names: Vec::new() })
}

fn sorted(mut telling: Telling) -> Telling {
    telling.values.sort_unstable();
    telling.values.dedup();
    telling.names.sort_unstable();
    telling.names.dedup();
    telling
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(fact: u8, value: u8, negated: Option<u8>) -> Meaning {
        Meaning::Fact { fact, value, negated }
    }

    #[test]
    fn a_value_is_told_by_the_phrases_that_say_least_besides() {
        let name = Meaning::Name { indication: 2, ambiguous: None };
        let all = Tellings::of(&[
            vec![fact(0, 1, None), name],
            vec![fact(0, 1, None), fact(3, 0, None)],
            vec![fact(0, 1, None)],
            vec![fact(0, 1, None)],
        ]);
        let told: Vec<&[(u8, u8)]> = all.of_value(0, 1).map(|telling| telling.values.as_slice()).collect();
        assert_eq!(told, [&[(0, 1)][..], &[(0, 1), (3, 0)]]);
        assert_eq!(all.of_name(2).map(|telling| telling.names.clone()), Some(vec![(2, 0)]));
        assert_eq!((all.of_value(7, 0).count(), all.of_name(0)), (0, None));
    }

    #[test]
    fn a_denial_tells_the_value_that_it_stands_for() {
        let all = Tellings::of(&[vec![fact(1, 0, Some(1))], vec![fact(1, 0, None)]]);
        assert_eq!(all.of_value(1, 1).count(), 1);
    }

    #[test]
    fn a_cue_and_an_ambiguous_name_tell_nothing() {
        let cue = Meaning::Cue(super::super::CueKind::Conjunction);
        let all =
            Tellings::of(&[vec![cue, fact(0, 0, None)], vec![Meaning::Name { indication: 0, ambiguous: Some(0) }]]);
        assert_eq!((all.of_value(0, 0).count(), all.of_name(0)), (0, None));
    }
}
