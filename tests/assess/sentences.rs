//! The sentences that people read: few, with the statement, and never a word of the record.

use ivig_audit::assess::explanation::Explanation;
use ivig_audit::guideline::{Certainty, Flag};
use proptest::prelude::*;

use crate::bench::{Bench, RULES};
use crate::properties::{any_bench, cases};

/// Sentences as a reader counts them: a full stop before a space or the end.
fn sentences(text: &str) -> usize {
    text.matches(". ").count() + usize::from(text.ends_with('.'))
}

fn check(bench: &Bench) -> Result<(), TestCaseError> {
    let Ok(assessment) = bench.assessed() else { return Ok(()) };
    let reason = bench.reason();
    prop_assert!((1..=4).contains(&sentences(&reason)), "{} sentences: {reason}", sentences(&reason));
    let mut said: Vec<&str> = reason.trim_end_matches('.').split(". ").collect();
    said.sort_unstable();
    prop_assert!(said.windows(2).all(|pair| pair[0] != pair[1]), "a sentence stands twice: {reason}");
    prop_assert!(!reason.contains("  ") && !reason.contains("..") && !reason.contains("()"), "{reason}");
    if assessment.flag == Flag::Flagged {
        for row in assessment.rows.iter() {
            let statement = &RULES.statement_of(&RULES.rows[row]).text;
            prop_assert!(reason.contains(statement.as_str()), "{statement} is not in: {reason}");
        }
        prop_assert!(!assessment.rows.is_empty(), "a flag rests on a row: {reason}");
    }
    Ok(())
}

/// Words by which a sentence of the reason says that it is read from the text.
const FROM_THE_TEXT: &[&str] = &["text names", "text weighs", "from the text", "the text among them"];

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn where_text_decides_the_reason_says_so(bench in any_bench()) {
        let assessment = bench.assessed().expect("in scope");
        let reason = bench.reason();
        let by_text = assessment.certainty == Certainty::Text;
        prop_assert!(!by_text || FROM_THE_TEXT.iter().any(|words| reason.contains(words)), "{bench:?}: {reason}");
        prop_assert!((1..=4).contains(&sentences(&reason)), "{reason}");
    }

    #[test]
    fn a_negation_that_does_not_govern_is_always_told(bench in any_bench()) {
        let said = bench.said();
        let reason = bench.reason();
        let warned = said.warnings.iter().any(|warning| warning == "negated-in-text");
        prop_assert_eq!(warned, reason.contains("text negates"), "{:?}: {}", bench, reason);
        prop_assert!((1..=4).contains(&sentences(&reason)), "{reason}");
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_reason_is_one_to_four_sentences_and_cites_the_statement_for_each_flag(bench in any_bench()) {
        check(&bench)?;
    }

    #[test]
    fn no_word_of_the_text_is_ever_repeated(bench in any_bench(), canary in "zq[a-z0-9]{6}", front in any::<bool>()) {
        let mut bench = bench;
        bench.text = if front { format!("{canary} {}", bench.text) } else { format!("{}; {canary}", bench.text) };
        if let Ok(assessment) = bench.assessed() {
            let order = bench.order();
            let explanation = Explanation::new(&RULES, &order, &assessment);
            let all = format!("{} {:?} {assessment:?}", explanation.reason(), explanation.lines()).to_lowercase();
            prop_assert!(!all.contains(&canary), "{all}");
        }
    }
}

#[test]
fn the_code_of_myasthenia_is_said_to_mean_not_otherwise_specified_too() {
    let reason = Bench::dx("G70.00").reason();
    assert!(reason.contains("not otherwise specified"), "{reason}");
    assert!(reason.contains("presumed stable"), "{reason}");
    assert!(reason.contains("myasthenia gravis exacerbations but not stable disease"), "{reason}");
}

#[test]
fn a_refinement_names_both_conditions() {
    let reason = Bench::dx("G61.0").age(7).text("Miller Fisher variant").reason();
    assert!(reason.contains("Miller Fisher syndrome refines Guillain-Barre syndrome"), "{reason}");
}

#[test]
fn an_open_answer_says_which_rows_it_is_open_between_and_what_to_ask_for() {
    let reason = Bench::dx("D47.2 G63").reason();
    for part in
        ["IgM paraproteinemic neuropathy", "IgG paraproteinemic neuropathy", "not known", "serum immunofixation"]
    {
        assert!(reason.contains(part), "{part} is not in: {reason}");
    }
}

#[test]
fn a_repeated_code_is_named_once() {
    let reason = Bench::dx("D47.2 G63 D47.2 G63").reason();
    assert!(reason.starts_with("D47.2 and G63 together"), "{reason}");
}

#[test]
fn what_does_not_count_is_said_to_be_mentioned() {
    let reason = Bench::dx("G62.9").text("r/o CIDP").reason();
    assert!(reason.contains("as uncertain, so it does not count"), "{reason}");
}

#[test]
fn a_listed_condition_beside_another_use_is_cited() {
    let reason = Bench::dx("D83.9 G72.41").reason();
    assert!(reason.contains("Inclusion body myositis is not recommended, Class I"), "{reason}");
    assert!(reason.contains("does not judge this use"), "{reason}");
}

#[test]
fn text_that_decides_is_named_or_told() {
    for (dx, text, part) in [
        ("M33.90", "polymyositis", "text names Polymyositis"),
        ("M05.50", "rheumatoid neuropathy", "text names Chronic autoimmune neuropathy"),
        ("D47.2 G63", "IgM kappa", "IgM, from the text"),
        ("G70.01", "stable", "the text among them"),
    ] {
        let reason = Bench::dx(dx).text(text).reason();
        assert!(reason.contains(part), "{part} is not in: {reason}");
    }
}

#[test]
fn a_negation_beside_the_code_that_governs_is_told_on_a_clear_order_too() {
    let bench = Bench::dx("G61.81").text("CIDP ruled out");
    let (said, reason) = (bench.said(), bench.reason());
    assert_eq!(said.differs_from("recommended cidp clear stated warns=negated-in-text"), Vec::<String>::new());
    assert!(reason.contains("The text negates"), "{reason}");
}

#[test]
fn a_code_titled_like_the_condition_is_said_to_leave_its_form_open() {
    let reason = Bench::dx("G70.0").reason();
    assert!(
        reason.starts_with("G70.0 (Myasthenia gravis) does not say which form of Myasthenia gravis it is"),
        "{reason}"
    );
}

#[test]
fn exact_codes_of_two_governing_conditions_are_both_named_first() {
    let reason = Bench::dx("G72.41 G14").reason();
    let first = reason.split(". ").next().unwrap_or_default();
    assert!(first.contains("G72.41") && first.contains("G14"), "{reason}");
}
