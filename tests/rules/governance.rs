//! Who answers for the rules, and what a clinician must still confirm.

use ivig_audit::rules::{RuleFiles, Ruleset};

/// The readings of the 2023 abstract that were open when the rules were written. A question goes only when a clinician
/// has answered it, and its id is never used again.
const ASKED_FROM_THE_START: std::ops::RangeInclusive<u8> = 1..=24;

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
    let ruleset = Ruleset::builtin("aanem-2023").unwrap_or_else(|error| panic!("{error}"));
    for number in ASKED_FROM_THE_START {
        let id = format!("J{number}");
        let text = ruleset.open_questions.iter().find(|(known, _)| *known == id).map(|(_, text)| text.as_str());
        assert!(text.is_some_and(|text| text.contains('?') && text.len() > 40), "{id}: {text:?}");
    }
}

#[test]
fn the_guide_for_clinicians_lists_the_same_questions() {
    let files = RuleFiles::builtin();
    let guide = files.get("README.md").expect("rules/README.md ships");
    let (_, table) = guide.split_once("## Open questions").expect("the guide lists the questions");
    let ids = |prefix: &str| -> Vec<String> {
        let rows = table.lines().filter_map(|line| line.strip_prefix("| "));
        rows.filter_map(|line| line.split(' ').next()).filter(|id| id.starts_with(prefix)).map(str::to_owned).collect()
    };
    let ruleset = Ruleset::builtin("aanem-2023").unwrap_or_else(|error| panic!("{error}"));
    let asked: Vec<String> = ruleset.open_questions.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!(ids("J"), asked);
}
