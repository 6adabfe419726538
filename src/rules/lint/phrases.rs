//! Phrases that no example shows at work: nobody has seen what such a phrase does to an order.

use std::collections::BTreeMap;

use super::Subject;
use crate::rules::error::Problem;
use crate::rules::phrase::{Folded, Meaning, Occurrence};
use crate::rules::ruleset::Ruleset;

/// Phrases that no text of an executed example holds as whole words: names, ambiguous tokens with the words they ask
/// for or are barred by, words that give facts their values, and cues. One problem a file.
/// Phrases of rulesets below are theirs to show.
pub(super) fn never_firing(subject: &Subject<'_>) -> Vec<Problem> {
    let ruleset = subject.ruleset;
    let fired = fired(ruleset);
    let mut silent: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (index, (phrase, meanings)) in ruleset.phrases.all().enumerate() {
        if !fired[index] && ruleset.phrases.is_own(index as u16) {
            silent.entry(home(ruleset, index as u16, meanings)).or_default().push(phrase);
        }
    }
    let problem = |(file, phrases): (String, Vec<&str>)| {
        let message = format!("no example fires {}; add a wording, or take the phrase out", quoted(&phrases));
        Problem::new(&file, None, message)
    };
    silent.into_iter().map(problem).collect()
}

/// Which phrases stand in some text of some example.
fn fired(ruleset: &Ruleset) -> Vec<bool> {
    let mut fired = vec![false; ruleset.phrases.all().count()];
    let examples = ruleset.indications.iter().flat_map(|indication| &indication.examples);
    for wording in examples.flat_map(|(_, example)| example.order.wordings()) {
        for Occurrence { phrase, .. } in ruleset.phrases.occurrences(&Folded::new(wording)) {
            fired[usize::from(phrase)] = true;
        }
    }
    fired
}

/// The file that a phrase most likely stands in. A word that only supports or bars a token is found by the token.
fn home(ruleset: &Ruleset, index: u16, meanings: &[Meaning]) -> String {
    let id = &ruleset.info.id;
    let named = |meaning: &Meaning| match meaning {
        Meaning::Name { indication, .. } => Some(ruleset.indications[usize::from(*indication)].file.clone()),
        Meaning::Fact { .. } => Some(format!("{id}/facts.toml")),
        Meaning::Cue(_) => Some(format!("{id}/text.toml")),
        Meaning::Context => beside(ruleset, index),
        Meaning::Product(_) => None,
    };
    meanings.iter().find_map(named).unwrap_or_else(|| id.clone())
}

/// The file of an indication with an ambiguous token that looks for this word.
fn beside(ruleset: &Ruleset, word: u16) -> Option<String> {
    let looks_for_it = |meaning: &Meaning| match meaning {
        Meaning::Name { indication, ambiguous: Some(token) } => {
            let token = &ruleset.phrases.ambiguous[usize::from(*token)];
            (token.with_words.contains(&word) || token.not_with_words.contains(&word)).then_some(*indication)
        }
        _ => None,
    };
    let indication = ruleset.phrases.all().flat_map(|(_, meanings)| meanings).find_map(looks_for_it)?;
    Some(ruleset.indications[usize::from(indication)].file.clone())
}

fn quoted(phrases: &[&str]) -> String {
    phrases.iter().map(|phrase| format!("`{phrase}`")).collect::<Vec<_>>().join(", ")
}
