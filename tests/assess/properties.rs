//! What must hold for any order, in thousands of seeded random ones.

use chrono::NaiveDate;
use ivig_audit::assess::explanation::Explanation;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};

use crate::bench::{Bench, RULES, Said};

/// Codes that some rule touches, near misses among them, and codes that none does.
pub const CODES: &[&str] = &[
    "G61.0", "G61.81", "G61.82", "G61.89", "G61.9", "G62.9", "G62.89", "G62.81", "G60.3", "G60.8", "G63", "G70.0",
    "G70.00", "G70.01", "G70.80", "G73.1", "G70.9", "G72.41", "G72.49", "G72.0", "G72.9", "G14", "B91", "G25.82",
    "M33.02", "M33.12", "M33.20", "M33.90", "M36.0", "G90.09", "G99.0", "E11.43", "E11.44", "E11.42", "G54.0", "G54.1",
    "G54.5", "D47.2", "C88.0", "C88.00", "C90.00", "M35.06", "M35.01", "D83.9", "D69.3", "G35", "M32.9", "I10",
    "E78.5", "ZZZ", "G61.8", "R53.1", "357.0", "357.8", "35789", "358", "358.0", "358.1", "162.9", "710.3", "353.5",
    "250.60", "273.1", "357.4", "V42.0", "138",
];

/// What is said of a code that was not valid on the day.
const OF_ITS_TIME: &str = "code-not-valid-on-date";

/// Codes of no list, which say nothing to any rule.
pub const UNRELATED: &[&str] = &["I10", "E78.5", "Z79.899", "M54.50", "K21.9", "N18.6"];

/// Pieces of text: names, facts, cues and noise.
pub const PIECES: &[&str] = &[
    "CIDP",
    "GBS",
    "Miller Fisher syndrome",
    "MMN",
    "dermatomyositis",
    "polymyositis",
    "inclusion body myositis",
    "IMNM",
    "anti-HMGCR",
    "SRP negative",
    "myasthenia gravis",
    "exacerbation",
    "stable",
    "pre-thymectomy",
    "LEMS",
    "IgM kappa",
    "IgG MGUS",
    "anti-MAG",
    "small fiber neuropathy",
    "TS-HDS positive",
    "FGFR3 negative",
    "idiopathic",
    "Sjogren neuropathy",
    "vasculitic neuropathy",
    "post-polio",
    "Parsonage-Turner",
    "diabetic amyotrophy",
    "no",
    "not",
    "r/o",
    "possible",
    "h/o",
    "mother with",
    "vs",
    "or",
    "and",
    "ruled out",
    "?",
    ".",
    ",",
    ":",
    ";",
    "\n",
    "(",
    ")",
    "PMH:",
    "weakness",
    "prior auth",
    "30 mg/kg",
    "DM",
    "PM",
    "MG",
];

/// Days on either side of what changes with a day; the last is no day.
const DAYS: &[&str] = &[
    "2002-09-30",
    "2007-09-30",
    "2011-09-30",
    "2011-10-01",
    "2015-09-30",
    "2015-10-01",
    "2016-09-30",
    "2016-10-01",
    "2023-07-01",
    "2024-07-01",
    "2024-10-01",
    "2025-11-05",
    "none",
];

/// A configuration with a fixed seed, so that a failure is the same for everyone. A build for trying changes runs the
/// first quarter of the cases; a release build, with which every change is tested before it lands, runs all.
pub fn cases(count: u32) -> Config {
    Config {
        cases: if cfg!(debug_assertions) { count / 4 } else { count },
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(20_230_712),
        failure_persistence: None,
        ..Config::default()
    }
}

pub fn any_date() -> impl Strategy<Value = Option<NaiveDate>> {
    prop::sample::select(DAYS).prop_map(|day| day.parse().ok())
}

pub fn any_bench() -> impl Strategy<Value = Bench> {
    let codes = prop::collection::vec(prop::sample::select(CODES), 0..6);
    let text = prop::collection::vec(prop::sample::select(PIECES), 0..8);
    (codes, text, prop::option::of(0..90), any_date()).prop_map(|(codes, text, age, date)| {
        let mut bench = Bench::dx(&codes.join(" ")).text(&text.join(" "));
        (bench.age, bench.date) = (age, date);
        bench
    })
}

fn guideline_answer(said: &Said) -> bool {
    matches!(said.determination.as_str(), "recommended" | "consider" | "insufficient_evidence" | "not_recommended")
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn the_order_of_diagnoses_never_matters(bench in any_bench(), seed in any::<prop::sample::Index>()) {
        let mut turned = bench.clone();
        if !turned.dx.is_empty() {
            let by = seed.index(turned.dx.len());
            turned.dx.rotate_left(by);
            turned.dx[by..].reverse();
        }
        prop_assert_eq!(bench.said(), turned.said());
    }

    #[test]
    fn a_repeated_diagnosis_changes_nothing(bench in any_bench()) {
        let mut doubled = bench.clone();
        doubled.dx.extend(bench.dx.clone());
        prop_assert_eq!(bench.said(), doubled.said());
    }

    #[test]
    fn an_unrelated_code_never_changes_a_definite_answer(bench in any_bench(), code in prop::sample::select(UNRELATED)) {
        let before = bench.said();
        prop_assume!(guideline_answer(&before));
        let mut more = bench;
        more.dx.push(code.to_owned());
        let mut after = more.said();
        // Before October 2015 the unrelated code is not valid, and only that is told besides.
        if !before.warnings.iter().any(|warning| warning == OF_ITS_TIME) {
            after.warnings.retain(|warning| warning != OF_ITS_TIME);
        }
        prop_assert_eq!(before, after);
    }

    #[test]
    fn the_same_order_gives_the_same_assessment(bench in any_bench()) {
        prop_assert_eq!(bench.assessed(), bench.assessed());
        prop_assert_eq!(bench.reason(), bench.reason());
    }

    #[test]
    fn what_is_open_has_two_answers_and_what_is_definite_none(bench in any_bench()) {
        let said = bench.said();
        if said.determination == "indeterminate" {
            prop_assert!(said.open.len() >= 2, "{said:?}");
            prop_assert!(!said.wanting.is_empty(), "{said:?}");
        } else {
            prop_assert!(said.open.is_empty() && said.wanting.is_empty(), "{said:?}");
        }
        prop_assert_eq!(guideline_answer(&said) || said.determination == "indeterminate", !said.rows.is_empty());
        prop_assert!(said.rows.iter().all(|row| !said.also.contains(row)), "{said:?}");
    }

    #[test]
    fn any_text_and_any_cells_are_assessed(
        text in any::<String>(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        cells in prop::collection::vec("\\PC{0,9}", 0..4),
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..6),
    ) {
        let mut bench = Bench::dx("G70.00 D47.2 G72.49");
        bench.dx.extend(cells);
        bench.text = format!("{text} {} {}", pieces.join(""), String::from_utf8_lossy(&bytes));
        let assessment = bench.assessed().expect("in scope");
        let order = bench.order();
        let explanation = Explanation::new(&RULES, &order, &assessment);
        prop_assert!(!explanation.reason().is_empty());
        prop_assert!(explanation.lines().iter().all(|line| line.ends_with('.')));
    }

    #[test]
    fn supplying_what_is_wanted_leaves_fewer_answers(
        first in prop::sample::select(&["G70.0", "M33.90", "D47.2 G63", "D47.2 G62.9", "G72.49", "G61.89", "C90.00 G63"][..]),
        other in prop::sample::select(UNRELATED),
        early in any::<bool>(),
    ) {
        let day = if early { "2016-01-15" } else { "2024-07-01" };
        let bench = Bench::dx(&format!("{first} {other}")).on(day);
        let before = bench.said();
        prop_assume!(before.determination == "indeterminate");
        for text in supplies(&before.wanting) {
            let after = bench.clone().text(text).said();
            let answers = if after.open.is_empty() { vec![after.determination.clone()] } else { after.open.clone() };
            prop_assert!(answers.iter().all(|answer| before.open.contains(answer)), "{text}: {before:?} {after:?}");
            prop_assert!(answers.len() < before.open.len(), "{text}: {before:?} {after:?}");
        }
    }
}

/// Words that give a wanted fact each of its values.
fn supplies(fact: &str) -> &'static [&'static str] {
    match fact {
        "mg-course" => &["exacerbation", "stable"],
        "myositis-type" => &["dermatomyositis", "polymyositis"],
        "isotype" => &["IgM kappa", "IgG kappa", "IgA lambda"],
        "myositis-antibody" => &["IMNM, anti-HMGCR", "IMNM, anti-SRP"],
        "inflammatory-neuropathy-nec" => &["multifocal motor neuropathy", "chronic autoimmune neuropathy"],
        other => panic!("no words are known that give {other}"),
    }
}

#[test]
fn more_diagnoses_than_are_read_and_a_very_long_text_are_assessed() {
    let mut bench = Bench::dx(&"D47.2 G63 G70.00 ".repeat(40));
    bench.text = "no CIDP, GBS or MMN vs inclusion body myositis; HMGCR/SRP negative? ".repeat(20_000);
    let started = std::time::Instant::now();
    let said = bench.said();
    assert!(said.warnings.iter().any(|warning| warning == "text-truncated"), "{said:?}");
    assert!(!bench.reason().is_empty());
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
