//! Names, ambiguous tokens and cues: everything that a ruleset says about free text.

use super::indications::Known;
use super::{Page, facts};
use crate::rules::file::{AmbiguousFile, NamesFile, TextFile};
use crate::rules::phrase::{Ambiguous, Meaning, PhraseCollector};
use crate::rules::ruleset::Names;

pub(super) fn cues(page: &mut Page<'_>, file: &TextFile, phrases: &mut PhraseCollector) {
    for cue in &file.cues {
        for phrase in &cue.phrases {
            page.folded(phrase);
            phrases.add(phrase.get_ref(), Meaning::Cue(cue.kind));
        }
    }
}

pub(super) fn names(
    page: &mut Page<'_>,
    known: &Known<'_>,
    written: &NamesFile,
    indication: u16,
    phrases: &mut PhraseCollector,
) -> Names {
    for phrase in &written.names {
        page.folded(phrase);
        phrases.add(phrase.get_ref(), Meaning::Name { indication, ambiguous: None });
    }
    for token in &written.ambiguous {
        ambiguous(page, known, token, indication, phrases);
    }
    Names {
        under: page.list_set(known.lists, &written.under),
        event: written.event,
        requires: facts::condition(page, known.facts, written.requires.as_ref()),
    }
}

fn ambiguous(
    page: &mut Page<'_>,
    known: &Known<'_>,
    written: &AmbiguousFile,
    indication: u16,
    phrases: &mut PhraseCollector,
) {
    page.folded(&written.phrase);
    let mut context = |words: &[toml::Spanned<String>]| -> Vec<u16> {
        words
            .iter()
            .map(|word| {
                page.folded(word);
                phrases.add(word.get_ref(), Meaning::Context)
            })
            .collect()
    };
    let with_words = context(&written.with_words);
    let not_with_words = context(&written.not_with_words);
    let with_codes = page.list_set(known.lists, &written.with_codes);
    let not_with_codes = page.list_set(known.lists, &written.not_with_codes);
    if with_words.is_empty() && with_codes.is_empty() && not_with_words.is_empty() {
        page.problem(
            &written.phrase,
            "an ambiguous phrase has at least one of `with-codes`, `with-words` and `not-with-words`; otherwise it is a plain name",
        );
    }
    let index = phrases.ambiguous.len() as u16;
    phrases.ambiguous.push(Ambiguous {
        with_codes,
        not_with_codes,
        words_asserted: written.words_asserted,
        with_words,
        not_with_words,
        not_after_number: written.not_after_number,
        not_before: written.not_before.clone(),
    });
    phrases.add(written.phrase.get_ref(), Meaning::Name { indication, ambiguous: Some(index) });
}
