//! What names an indication in the text of an order: names outright, and words that count only in company.

use super::sheet::Sheet;
use super::{condition, index_of, list_name, lists, short_code};
use crate::guideline::Flag;
use crate::rules::phrase::{Ambiguous, Meaning};
use crate::rules::ruleset::{Indication, Ruleset};

pub(super) fn write(sheet: &mut Sheet, ruleset: &Ruleset, indication: &Indication) {
    sheet.heading("Names in the text of an order");
    let Some(text) = &indication.names else {
        sheet.paragraph(0, "None; only codes bring it up.");
        return;
    };
    let index = index_of(ruleset, indication);
    let (mut outright, mut in_company): (Vec<&str>, Vec<(String, Vec<&str>)>) = (Vec::new(), Vec::new());
    for (phrase, meanings) in ruleset.phrases.all() {
        for meaning in meanings {
            match meaning {
                Meaning::Name { indication, ambiguous: None } if *indication == index => outright.push(phrase),
                Meaning::Name { indication, ambiguous: Some(at) } if *indication == index => {
                    let company = company(ruleset, &ruleset.phrases.ambiguous[usize::from(*at)]);
                    match in_company.iter_mut().find(|(known, _)| *known == company) {
                        Some((_, phrases)) => phrases.push(phrase),
                        None => in_company.push((company, vec![phrase])),
                    }
                }
                _ => {}
            }
        }
    }
    sheet.paragraph(0, "Capitals, accents and punctuation do not matter. A name that is negated, doubted, past or somebody else's asserts nothing.");
    if !outright.is_empty() {
        sheet.gap();
        sheet.paragraph(2, &format!("{}.", outright.join("; ")));
    }
    if !in_company.is_empty() {
        sheet.gap();
        sheet.paragraph(0, "Words that mean other things too, and count only in company:");
    }
    for (company, phrases) in in_company {
        let phrases: Vec<String> = phrases.iter().map(|phrase| format!("\"{phrase}\"")).collect();
        sheet.item(2, &format!("{}: {company}", phrases.join(", ")));
    }
    if !text.requires.terms.is_empty() {
        sheet.gap();
        sheet.paragraph(0, &format!("Only when: {}.", condition(ruleset, &text.requires)));
    }
    weight(sheet, ruleset, indication);
}

/// When an ambiguous phrase counts.
fn company(ruleset: &Ruleset, token: &Ambiguous) -> String {
    let words = |indices: &[u16]| {
        indices.iter().map(|at| format!("\"{}\"", ruleset.phrases.phrase(*at))).collect::<Vec<_>>().join(", ")
    };
    let mut with = Vec::new();
    if !token.with_codes.is_empty() {
        with.push(format!("beside a code of {}", lists(ruleset, token.with_codes)));
    }
    if !token.with_words.is_empty() {
        with.push(format!("where the text also holds {}", words(&token.with_words)));
    }
    let mut parts = vec![with.join(", or ")];
    if !token.not_with_words.is_empty() {
        parts.push(format!("never where it holds {}", words(&token.not_with_words)));
    }
    if !token.not_with_codes.is_empty() {
        parts.push(format!("never beside a code of {}", lists(ruleset, token.not_with_codes)));
    }
    if token.words_asserted {
        parts.push("never where these words are said not to hold".to_owned());
    }
    if token.not_after_number {
        parts.push("never behind a number".to_owned());
    }
    if !token.not_before.is_empty() {
        let words: Vec<String> = token.not_before.iter().map(|word| format!("\"{word}\"")).collect();
        parts.push(format!("never right before {}", words.join(", ")));
    }
    parts.join("; ") + "."
}

/// Beside which codes a name counts in full.
fn weight(sheet: &mut Sheet, ruleset: &Ruleset, indication: &Indication) {
    let Some(text) = &indication.names else { return };
    let capped = match ruleset.policy.caps.text_without_supporting_code {
        Flag::Flagged => return,
        Flag::Review => "a flag is lowered to review, and what is clear stays clear",
        Flag::Clear => "an order is clear",
    };
    sheet.gap();
    let own = if indication.matches.is_empty() { "" } else { " its own codes and" };
    if text.under.is_empty() {
        sheet.paragraph(0, "No code supports a name in the text.");
    } else {
        sheet.paragraph(0, &format!("A name counts in full beside{own} any of these:"));
    }
    for list in text.under.iter() {
        let codes: Vec<String> = ruleset.lists.get(list).rows.iter().map(short_code).collect();
        sheet.item(2, &format!("{}: {}", list_name(ruleset, list), codes.join(", ")));
    }
    sheet.paragraph(0, &format!("Beside other codes only, or without any, {capped}."));
}
