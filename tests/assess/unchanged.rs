//! What must change nothing: the order and the spelling of codes, repeats, codes and words that say nothing to any
//! rule, the age beyond what asks for it. Orders are made of the loaded ruleset's own codes and phrases.

use ivig_audit::codes::read_diagnosis;
use ivig_audit::guideline::Determination;
use ivig_audit::rules::{Condition, Folded};
use proptest::prelude::*;

use crate::bench::{Bench, RULES, Said};
use crate::pool::{CODES, any_order};
use crate::properties::{UNRELATED, any_date, cases};

/// Sentences that no rule has a word for.
const IDLE: &[&str] = &[
    "premedicated in the infusion suite",
    "line placed on monday",
    "call the pharmacy at noon",
    "weight eighty kilograms",
    "Überweisung liegt bei",
];

/// How a cell may be written and still hold the same code.
const SPELLINGS: &[fn(&str) -> String] = &[
    |code| code.to_lowercase(),
    |code| code.replace('.', ""),
    |code| format!("  {code}\u{a0}"),
    |code| format!("\"{code}\""),
    |code| format!("'{}'", code.to_lowercase().replace('.', "")),
    |code| format!("\u{feff}{code} "),
];

/// All that is said, with what would change it.
fn all(bench: &Bench) -> (Said, Vec<String>) {
    let assessment = bench.assessed().expect("in scope");
    let change = assessment.would_change.iter().map(|wanting| wanting.id(&RULES)).collect();
    (Said::of(&assessment), change)
}

/// The rows that do not ask for the age.
fn ageless(rows: &[String]) -> Vec<&String> {
    let by_age = |when: &Condition| when.terms.iter().any(|(fact, _)| !RULES.facts[usize::from(*fact)].ages.is_empty());
    rows.iter().filter(|row| !by_age(&RULES.row(row).expect("a known row").when)).collect()
}

#[test]
fn the_idle_sentences_hold_no_phrase_and_the_unrelated_codes_are_on_no_list() {
    for sentence in IDLE {
        let folded = format!(" {} ", Folded::new(sentence).text);
        let held = RULES.phrases.all().find(|(phrase, _)| folded.contains(&format!(" {phrase} ")));
        assert_eq!(held.map(|(phrase, _)| phrase), None, "{sentence}");
    }
    let listed = |code: &str| CODES.values().flatten().any(|own| own == code);
    assert!(UNRELATED.iter().all(|code| !listed(code)), "an unrelated code is on a list");
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn the_order_of_diagnoses_and_repeats_change_nothing(bench in any_order(), by in any::<prop::sample::Index>(), twice in any::<prop::sample::Index>()) {
        let mut turned = bench.clone();
        if !turned.dx.is_empty() {
            let (by, twice) = (by.index(turned.dx.len()), twice.index(turned.dx.len()));
            turned.dx.push(bench.dx[twice].clone());
            turned.dx.rotate_left(by);
            turned.dx[by..].reverse();
        }
        prop_assert_eq!(all(&bench), all(&turned));
    }

    #[test]
    fn an_unrelated_code_changes_no_answer(bench in any_order(), code in prop::sample::select(UNRELATED)) {
        let before = bench.assessed().expect("in scope");
        let mut more = bench.clone();
        more.dx.push(code.to_owned());
        let after = more.assessed().expect("in scope");
        if before.determination == Determination::NoDiagnosis {
            prop_assert_eq!(after.determination, Determination::NotAddressed, "{:?}", bench);
        } else {
            prop_assert_eq!(before.determination, after.determination, "{:?}", bench);
        }
        prop_assert_eq!(
            (before.rows, before.also_matched, &before.open, before.wanting, before.flag),
            (after.rows, after.also_matched, &after.open, after.wanting, after.flag),
            "{:?}", bench
        );
    }

    #[test]
    fn the_spelling_of_codes_changes_nothing(bench in any_order(), spelling in prop::sample::select(SPELLINGS)) {
        let mut spelled = bench.clone();
        // Without its dot a code may have the shape of both systems, and then the day tells, not the spelling.
        let same = |one: &str, other: &str| read_diagnosis(one, None, bench.date) == read_diagnosis(other, None, bench.date);
        spelled.dx = bench.dx.iter().map(|code| Some(spelling(code)).filter(|new| same(code, new)).unwrap_or(code.clone())).collect();
        prop_assert_eq!(all(&bench), all(&spelled));
    }

    #[test]
    fn a_sentence_without_a_phrase_changes_nothing(bench in any_order(), sentence in prop::sample::select(IDLE)) {
        let mut more = bench.clone();
        more.text = format!("{}; {sentence}.", bench.text);
        prop_assert_eq!(all(&bench), all(&more), "{:?}", bench);
    }

    #[test]
    fn case_and_accents_of_the_text_change_nothing(bench in any_order()) {
        let mut loud = bench.clone();
        loud.text = bench.text.to_uppercase().replace('E', "É");
        prop_assert_eq!(all(&bench), all(&loud), "{:?}", bench);
    }

    #[test]
    fn the_age_changes_only_the_rows_that_ask_for_it_and_their_class(bench in any_order(), age in prop::option::of(0..90)) {
        let mut other = bench.clone();
        other.age = age;
        let (one, two) = (bench.said(), other.said());
        prop_assert_eq!(ageless(&one.rows), ageless(&two.rows), "{:?}", bench);
        prop_assert_eq!(ageless(&one.also), ageless(&two.also), "{:?}", bench);
        prop_assert_eq!((&one.determination, &one.flag, &one.open, &one.wanting), (&two.determination, &two.flag, &two.open, &two.wanting), "{:?}", bench);
        if ageless(&one.rows).len() == one.rows.len() {
            prop_assert_eq!(&one.evidence, &two.evidence, "{:?}", bench);
        }
    }

    #[test]
    fn a_code_that_was_read_reads_as_itself(cell in "\\PC{0,10}|[A-Z][0-9][0-9A-Z]\\.?[0-9A-Z]{0,4}|[EV]?[0-9]{3}\\.?[0-9]{0,2}", day in any_date()) {
        if let Ok(code) = read_diagnosis(&cell, None, day) {
            let again = read_diagnosis(&code.to_string(), None, day);
            prop_assert_eq!(again, Ok(code), "{}", cell);
        }
    }

    #[test]
    fn text_that_was_folded_folds_to_itself(text in any::<String>(), piece in "[a-zA-Z?.,;:+/ \\-éÉİßﬁ½\u{2212}]{0,40}") {
        for text in [text, piece] {
            let once = Folded::new(&text).text;
            prop_assert_eq!(&Folded::new(&once).text, &once, "{:?}", text);
        }
    }

    #[test]
    fn any_bytes_are_assessed(bytes in prop::collection::vec(any::<u8>(), 0..300), cells in prop::collection::vec(any::<String>(), 0..4), bench in any_order()) {
        let mut bench = bench;
        bench.text.push_str(&String::from_utf8_lossy(&bytes));
        bench.dx.extend(cells);
        prop_assert!(!bench.reason().is_empty());
    }
}
