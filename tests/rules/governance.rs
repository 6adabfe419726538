//! Who answers for the rules, and what a clinician must still confirm.

use ivig_audit::rules::{RuleFiles, Ruleset};

/// The readings of each abstract that were open when its rules were written: their letter and how many they are. A
/// question goes only when a clinician has answered it, and its id is never used again.
const ASKED_FROM_THE_START: [(&str, char, u8); 2] = [("aanem-2023", 'J', 24), ("aanem-2009", 'K', 8)];

#[test]
fn every_ruleset_names_its_author_and_the_day_of_the_next_review() {
    for id in RuleFiles::builtin().ruleset_ids() {
        let info = Ruleset::builtin(&id).unwrap_or_else(|error| panic!("{error}")).info;
        assert!(!info.review.author.is_empty(), "{id}");
        assert!(info.review.review_by.parse::<chrono::NaiveDate>().is_ok(), "{id}: {}", info.review.review_by);
        assert_eq!(info.review.checker.is_empty(), info.review.reviewed_on.is_empty(), "{id}");
        assert!(info.status == "draft" || !info.review.checker.is_empty(), "{id}");
    }
}

#[test]
fn every_reading_that_a_clinician_must_confirm_is_asked_with_a_question() {
    for (ruleset, letter, questions) in ASKED_FROM_THE_START {
        let ruleset = Ruleset::builtin(ruleset).unwrap_or_else(|error| panic!("{error}"));
        for number in 1..=questions {
            let id = format!("{letter}{number}");
            let text = ruleset.open_questions.iter().find(|(known, _)| *known == id).map(|(_, text)| text.as_str());
            assert!(text.is_some_and(|text| text.contains('?') && text.len() > 40), "{id}: {text:?}");
        }
    }
}

#[test]
fn the_guide_for_clinicians_lists_the_same_questions() {
    let files = RuleFiles::builtin();
    let guide = files.get("README.md").expect("rules/README.md ships");
    let (_, tables) = guide.split_once("## Open questions").expect("the guide lists the questions");
    for id in files.ruleset_ids() {
        let (_, table) = tables.split_once(&format!("\nOf `{id}`:\n")).unwrap_or_else(|| panic!("no table of {id}"));
        let rows = table.trim_start().lines().take_while(|line| line.starts_with('|')).skip(2);
        let listed: Vec<&str> = rows.filter_map(|line| line.split('|').nth(1)).map(str::trim).collect();
        let ruleset = Ruleset::builtin(&id).unwrap_or_else(|error| panic!("{error}"));
        let asked: Vec<&str> = ruleset.open_questions.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(listed, asked, "{id}");
    }
}
