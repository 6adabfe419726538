//! Ambiguous tokens: whether codes, or other words of the text, say that one is meant.

use crate::rules::{Break, CueKind, Folded, ListSet, Meaning, Occurrence, Ruleset, Searched};

/// Whether the conditions of an ambiguous token hold where it stands.
pub(in crate::assess::text) fn supported(
    ruleset: &Ruleset,
    searched: &Searched,
    codes: ListSet,
    index: u16,
    found: Occurrence,
) -> bool {
    let token = &ruleset.phrases.ambiguous[usize::from(index)];
    let folded = &searched.folded;
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    let number_before = || found.first.checked_sub(1).and_then(|at| folded.word_at(at)).is_some_and(is_number);
    let unit_behind =
        || folded.word_at(found.last + 1).is_some_and(|word| token.not_before.iter().any(|unit| unit == word));
    if (token.not_after_number && number_before()) || unit_behind() {
        return false;
    }
    if codes.intersects(token.not_with_codes) || places(searched, &token.not_with_words).next().is_some() {
        return false;
    }
    let unless_barred = token.with_codes == ListSet::default() && token.with_words.is_empty();
    let (spoken_for, spoken_against) = spoken(ruleset, searched, &token.with_words, token.words_asserted);
    unless_barred || spoken_for || (codes.intersects(token.with_codes) && !spoken_against)
}

/// Whether words of the text speak for a token, and whether some speak against it: those that stand only where they are
/// negated, if they have to be asserted.
fn spoken(ruleset: &Ruleset, searched: &Searched, words: &[u16], asserted: bool) -> (bool, bool) {
    if !asserted {
        return (places(searched, words).next().is_some(), false);
    }
    let stands = |word: &Occurrence| !is_negated(ruleset, &searched.folded, word.first, word.last);
    let against = |word: &Occurrence| !places(searched, &[word.phrase]).any(stands);
    (places(searched, words).any(stands), places(searched, words).any(against))
}

/// Where some phrases stand in a text, each within one sentence.
fn places<'s>(searched: &'s Searched, phrases: &[u16]) -> impl Iterator<Item = &'s Occurrence> {
    let folded = &searched.folded;
    let within = |found: &&Occurrence| folded.strongest_break(found.first, found.last) < Break::Clause;
    searched.occurrences.iter().filter(|found| phrases.contains(&found.phrase)).filter(within)
}

/// Whether a negation stands directly before or behind words.
fn is_negated(ruleset: &Ruleset, folded: &Folded, first: usize, last: usize) -> bool {
    let is = |word: usize, kinds: &[CueKind]| {
        let joined = |at: usize| folded.words.get(at).is_some_and(|word| word.before == Break::None);
        let apart = if word < first { !joined(first) } else { !joined(word) };
        let word = folded.word_at(word).filter(|_| !apart).and_then(|word| ruleset.phrases.of_word(word));
        word.is_some_and(|phrase| {
            let cue = |meaning: &Meaning| matches!(meaning, Meaning::Cue(kind) if kinds.contains(kind));
            ruleset.phrases.meanings(phrase).iter().any(cue)
        })
    };
    let before = first.checked_sub(1).is_some_and(|word| is(word, &[CueKind::NegationBefore]));
    before || is(last + 1, &[CueKind::NegationAfter, CueKind::VerdictAfter])
}
