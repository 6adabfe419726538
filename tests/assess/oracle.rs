//! A second, plain reading of the rules: the TOML and CSV files as values, every assignment of every fact
//! tried one by one, the answer by the words of `rules/README.md`. It shares no code with the assessment.
//!
//! Text enters as pieces whose meaning is written beside them, so that reading text is not tested here.

#[path = "oracle/pieces.rs"]
mod pieces;
#[path = "oracle/reading.rs"]
mod reading;
#[path = "oracle/resolve.rs"]
mod resolve;
#[path = "oracle/rulebook.rs"]
mod rulebook;

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::bench::Bench;
use crate::properties::{any_date, cases};
use pieces::{CODES, PIECES, Piece, WEIGHED};
use reading::Reading;
use resolve::{Case, Outcome};
use rulebook::{FILES, array, text, word, words};

/// What the oracle answers, in the order of the contract's columns.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    determination: String,
    rows: BTreeSet<String>,
    also: BTreeSet<String>,
    flag: String,
    open: Vec<String>,
    wanting: String,
}

fn answer(case: &Case) -> Answer {
    let asserted: BTreeSet<&str> = case.pieces.iter().flat_map(|(_, names, _)| *names).copied().collect();
    let readings: Vec<Reading> = match &case.weighed {
        None => vec![Reading::of(case, &asserted)],
        Some((_, pair)) => {
            let rest = asserted.iter().copied().filter(|each| !pair.contains(each));
            let rest: BTreeSet<&str> = rest.collect();
            pair.iter().map(|one| Reading::of(case, &rest.iter().copied().chain([*one]).collect())).collect()
        }
    };
    let outcomes = || readings.iter().flat_map(|reading| &reading.outcomes).map(|(_, outcome)| outcome);
    let by_reading: Vec<BTreeSet<Option<usize>>> =
        readings.iter().map(|reading| reading.outcomes.iter().map(|(_, outcome)| outcome.best).collect()).collect();
    let mut conflict = by_reading.windows(2).any(|pair| pair[0] != pair[1]);
    let mut answers: BTreeSet<Option<usize>> = outcomes().map(|outcome| outcome.best).collect();
    let mut governing: BTreeSet<String> = outcomes().flat_map(|outcome| outcome.governing.clone()).collect();
    for reading in &readings {
        let (more, rows) = reading.contradictions();
        conflict |= !more.is_empty();
        answers.extend(more);
        governing.extend(rows);
    }
    let others: BTreeSet<String> = outcomes().flat_map(|outcome| outcome.others.clone()).collect();
    let others: BTreeSet<String> = others.difference(&governing).cloned().collect();
    let mut open: Vec<String> = answers.iter().flatten().map(|rank| word(Some(*rank))).collect();
    open.extend(answers.contains(&None).then(|| word(None)));
    let determination = if open.len() == 1 { open[0].clone() } else { "indeterminate".to_owned() };
    if open.len() == 1 {
        open.clear();
    }
    let fact = readings.iter().find_map(Reading::wanting).filter(|_| !conflict);
    let wanting = if open.is_empty() { String::new() } else { fact.unwrap_or_else(|| "diagnosis".to_owned()) };
    let decided = Answer { determination, rows: governing, also: others, flag: String::new(), open, wanting };
    finish(case, &readings, conflict, decided)
}

fn outside(case: &Case, tier: &str) -> bool {
    words(&FILES.ruleset["outside"], tier).iter().any(|list| !case.hits(list).is_empty())
}

fn finish(case: &Case, readings: &[Reading], conflict: bool, mut answer: Answer) -> Answer {
    let flags = &FILES.ruleset["policy"]["flag"];
    let flag_of = |answer: &str| text(flags, &answer.replace('_', "-")).to_owned();
    let other_use = |also: BTreeSet<String>, flag: &str| Answer {
        determination: "other_use".to_owned(),
        rows: BTreeSet::new(),
        also,
        flag: text(flags, flag).to_owned(),
        open: Vec::new(),
        wanting: String::new(),
    };
    let candidates = readings.iter().any(|reading| !reading.candidates.is_empty());
    let supported = matches!(answer.determination.as_str(), "recommended" | "consider");
    if !supported && outside(case, "established") {
        let also: BTreeSet<String> = answer.rows.union(&answer.also).cloned().collect();
        let flag = if also.is_empty() { "other-use-established" } else { "other-use-beside-finding" };
        return other_use(also, flag);
    }
    if answer.determination == "not_addressed" {
        if !candidates && outside(case, "other") {
            return other_use(BTreeSet::new(), "other-use-other");
        }
        if !candidates && case.codes.is_empty() {
            "no_diagnosis".clone_into(&mut answer.determination);
        }
    }
    answer.flag = if answer.determination == "indeterminate" {
        let all = answer.open.iter().all(|each| flag_of(each) == "flagged");
        text(
            flags,
            if conflict {
                "conflict"
            } else if all {
                "indeterminate-all-flagged"
            } else {
                "indeterminate"
            },
        )
        .to_owned()
    } else {
        flag_of(&answer.determination)
    };
    if answer.flag == "flagged" && weak(case, readings, &answer) {
        "review".clone_into(&mut answer.flag);
    }
    answer
}

/// Whether the answer rests on a proxy, on text that no code goes with, or on a reading of the statement.
fn weak(case: &Case, readings: &[Reading], answer: &Answer) -> bool {
    let all_of = |outcome: &Outcome, strength: &str| {
        !outcome.by.is_empty() && outcome.by.iter().all(|each| each.strength == strength)
    };
    let any = |reading: &Reading, strength: &str| reading.outcomes.iter().any(|(_, each)| all_of(each, strength));
    let proxy = readings.iter().all(|reading| any(reading, "proxy") && !reading.rests_on_text());
    let row = |id: &String| {
        let all = FILES.indications.iter().flat_map(|(own, file)| array(file, "row").iter().map(move |row| (own, row)));
        all.into_iter().find(|(_, row)| text(row, "id") == id).expect("a known row")
    };
    let under = answer.rows.iter().map(row).any(|(own, _)| {
        let names = FILES.indications[own].get("text");
        names.is_some_and(|names| words(names, "under").iter().any(|list| !case.hits(list).is_empty()))
    });
    let text_alone = readings.iter().any(|reading| any(reading, "named")) && !under;
    let interpreted = answer.rows.iter().map(row).all(|(_, row)| text(&row["cite"], "basis") == "interpreted");
    proxy || text_alone || interpreted
}

fn any_case() -> impl Strategy<Value = Case> {
    (
        prop::collection::btree_set(prop::sample::select(CODES), 0..5),
        prop::collection::vec(prop::sample::select(PIECES), 0..4),
        prop::option::weighted(0.15, prop::sample::select(WEIGHED)),
        prop::option::of(0..90),
        any_date(),
    )
        .prop_map(|(codes, pieces, weighed, age, date)| Case {
            codes: codes.into_iter().collect(),
            pieces: settled(pieces),
            weighed,
            age,
            date,
        })
}

/// A text that both names and denies a condition is a matter of reading; such pieces do not meet here.
fn settled(mut pieces: Vec<Piece>) -> Vec<Piece> {
    for (denial, name) in [("no CIDP", "CIDP"), ("possible polymyositis", "polymyositis")] {
        if pieces.iter().any(|piece| piece.0 == denial) {
            pieces.retain(|piece| piece.0 != name);
        }
    }
    pieces
}

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn the_assessment_agrees_with_a_plain_reading_of_the_rules(case in any_case()) {
        prop_assume!(case.weighed.is_none() || !case.pieces.iter().any(|piece| piece.0 == "no CIDP"));
        let mut pieces: Vec<&str> = case.pieces.iter().map(|piece| piece.0).collect();
        pieces.extend(case.weighed.map(|(words, _)| words));
        let mut bench = Bench::dx(&case.codes.join(" ")).text(&pieces.join("; "));
        (bench.age, bench.date) = (case.age, case.date);
        let said = bench.said();
        let found = Answer {
            determination: said.determination,
            rows: said.rows.into_iter().collect(),
            also: said.also.into_iter().collect(),
            flag: said.flag,
            open: said.open,
            wanting: said.wanting,
        };
        prop_assert_eq!(found, answer(&case), "{:?}", bench);
    }
}
