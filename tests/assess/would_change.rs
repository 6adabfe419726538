//! What would change a finding does change it: each fact that is asked for is supplied, as an order would show it,
//! and the answer moves; facts that are not asked for do not move it.

use std::collections::HashSet;
use std::sync::LazyLock;

use ivig_audit::assess::{Assessment, Step, Tier, Wanting};
use ivig_audit::guideline::Flag;
use ivig_audit::rules::{Meaning, Strength};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::bench::{Bench, RULES};
use crate::pool::{NEGATION, any_order, codes_of};
use crate::properties::cases;

/// One thing more on an order.
#[derive(Debug, Clone)]
enum Supply {
    Sentence(String),
    Code(String),
    Age(i32),
}

impl Supply {
    fn to(&self, bench: &Bench) -> Bench {
        let mut more = bench.clone();
        match self {
            Self::Sentence(words) => more.text = format!("{}; {words}.", bench.text),
            Self::Code(code) => more.dx.push(code.clone()),
            Self::Age(years) => more.age = Some(*years),
        }
        more
    }
}

/// Phrases that do more than give facts, or hold another one that does.
static SAY_MORE: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let more = |meaning: &Meaning| matches!(meaning, Meaning::Name { .. } | Meaning::Context);
    let all = RULES.phrases.all().filter(|(_, meanings)| meanings.iter().any(more));
    let padded: Vec<String> = all.map(|(phrase, _)| format!(" {phrase} ")).collect();
    let holds = |phrase: &str| {
        let phrase = format!(" {phrase} ");
        padded.iter().any(|other| phrase.contains(other.as_str()))
    };
    RULES.phrases.all().map(|(phrase, _)| phrase).filter(|phrase| holds(phrase)).collect()
});

/// How words give a fact some value, asserted and negated, and whether they say anything besides.
fn sentences(fact: u8) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    for (phrase, meanings) in RULES.phrases.all() {
        let more = SAY_MORE.contains(phrase);
        for meaning in meanings {
            if let Meaning::Fact { fact: own, negated, .. } = meaning
                && *own == fact
            {
                found.push((more, phrase.to_owned()));
                found.extend(negated.map(|_| (more, format!("{} {phrase}", *NEGATION))));
            }
        }
    }
    found
}

/// The words by which an indication is named beyond doubt.
fn names(wanted: u16) -> Vec<String> {
    let is_name =
        |meaning: &Meaning| matches!(meaning, Meaning::Name { indication, ambiguous: None } if *indication == wanted);
    let all = RULES.phrases.all().filter(|(_, meanings)| meanings.iter().any(is_name));
    all.map(|(phrase, _)| phrase.to_owned()).collect()
}

/// An age of each window that states a value.
fn ages(fact: u8) -> Vec<i32> {
    let windows = &RULES.facts[usize::from(fact)].ages;
    windows.iter().filter_map(|(from, below, _)| from.or(below.map(|below| below - 1))).collect()
}

/// Everything by which an order could show a value of a fact.
fn supplies(fact: u8, bench: &Bench) -> Vec<Supply> {
    let about = &RULES.facts[usize::from(fact)];
    let mut all: Vec<Supply> = sentences(fact).into_iter().map(|(_, words)| Supply::Sentence(words)).collect();
    all.extend(about.named.iter().flat_map(|(indication, _)| names(*indication)).map(Supply::Sentence));
    all.extend(about.codes.iter().flat_map(|(list, _)| codes_of(*list)).map(Supply::Code));
    if bench.age.is_none() {
        all.extend(ages(fact).into_iter().map(Supply::Age));
    }
    all
}

/// Words that give a fact a value and say nothing else; and an age where the order has none.
fn plain_supplies(fact: u8, bench: &Bench) -> Vec<Supply> {
    let plain = sentences(fact).into_iter().filter(|(more, _)| !more);
    let mut all: Vec<Supply> = plain.map(|(_, words)| Supply::Sentence(words)).collect();
    if bench.age.is_none() {
        all.extend(ages(fact).into_iter().map(Supply::Age));
    }
    all
}

/// A code that stands for an indication by itself, as exactly as there is one.
fn diagnoses() -> Vec<String> {
    let alone = RULES.indications.iter().flat_map(|each| &each.matches).filter(|each| !each.is_combination());
    let exact = alone.filter(|each| each.strength == Strength::Exact);
    exact.filter_map(|each| codes_of(each.lists[0]).into_iter().next()).collect()
}

fn answer(assessment: &Assessment) -> (String, Flag) {
    (assessment.determination.as_str().to_owned(), assessment.flag)
}

fn moves(bench: &Bench, before: &Assessment) -> bool {
    answer(&bench.assessed().expect("in scope")) != answer(before)
}

/// Whether the sources of a fact disagree, the text among them or codes and fields alone.
fn is_disputed(before: &Assessment, fact: u8) -> bool {
    let disputed = |step: &Step| matches!(step, Step::Fact { fact: own, tier: Tier::Conflict | Tier::CodesDisagree, .. } if *own == fact);
    before.steps.iter().any(disputed)
}

/// The order with some of what it says taken back: each piece of its text, and its whole text.
fn with_less_text(bench: &Bench) -> Vec<Bench> {
    let pieces: Vec<&str> = bench.text.split([';', ',', '.']).filter(|piece| !piece.trim().is_empty()).collect();
    let without = |gone: usize| {
        let kept: Vec<&str> =
            pieces.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, piece)| *piece).collect();
        bench.clone().text(&kept.join(";"))
    };
    let mut fewer: Vec<Bench> = (0..pieces.len()).map(without).collect();
    fewer.push(bench.clone().text(""));
    fewer
}

/// The order without one of its codes, or without its age.
fn with_one_code_less(bench: &Bench) -> Vec<Bench> {
    let without = |gone: usize| {
        let mut fewer = bench.clone();
        fewer.dx.remove(gone);
        fewer
    };
    let mut fewer: Vec<Bench> = (0..bench.dx.len()).map(without).collect();
    fewer.push(Bench { age: None, ..bench.clone() });
    fewer
}

/// Whether some value of a fact moves the answer; what is wanting may narrow what is open instead. Where the order
/// already says both values, nothing more on it can settle which; taking back one of the two does.
fn some_value_moves(bench: &Bench, before: &Assessment, fact: u8) -> bool {
    let wanted = before.wanting == Some(Wanting::Fact(fact));
    let settles = |other: &Bench| {
        let after = other.assessed().expect("in scope");
        answer(&after) != answer(before) || wanted && after.open != before.open
    };
    let more = supplies(fact, bench);
    if more.iter().any(|supply| settles(&supply.to(bench))) {
        return true;
    }
    if !wanted || !is_disputed(before, fact) {
        return false;
    }
    let less = || with_less_text(bench).into_iter().chain(with_one_code_less(bench));
    less().any(|less| settles(&less)) || less().any(|less| more.iter().any(|supply| settles(&supply.to(&less))))
}

/// Whether the text names something against an exact code, or weighs one condition against another.
fn contradicts(assessment: &Assessment) -> bool {
    assessment.steps.iter().any(|step| matches!(step, Step::Contradicted { .. } | Step::Differential { .. }))
}

/// Whether a diagnosis moves the answer: one more code, or one more name in the text. Only where the text contradicts
/// what then stands on the order does the note take the place of some of the text; then the answer moves, or at least it
/// is no longer the diagnosis that is wanting.
fn some_diagnosis_moves(bench: &Bench, before: &Assessment) -> bool {
    let named = (0..RULES.indications.len() as u16).filter_map(|indication| names(indication).into_iter().next());
    let supplies = diagnoses().into_iter().map(Supply::Code).chain(named.map(Supply::Sentence));
    let more: Vec<(Bench, Assessment)> = supplies
        .map(|supply| supply.to(bench))
        .map(|more| (more.clone(), more.assessed().expect("in scope")))
        .collect();
    if more.iter().any(|(_, after)| answer(after) != answer(before)) {
        return true;
    }
    let wanted = before.wanting == Some(Wanting::Diagnosis);
    let settles = |less: &Bench| {
        let after = less.assessed().expect("in scope");
        answer(&after) != answer(before) || wanted && after.wanting != before.wanting
    };
    contradicts(before) && with_less_text(bench).iter().any(settles)
        || more
            .iter()
            .any(|(more, after)| contradicts(after) && with_less_text(more).iter().any(|less| moves(less, before)))
}

fn asked(assessment: &Assessment) -> Vec<u8> {
    let facts = assessment.steps.iter().filter_map(|step| match step {
        Step::Fact { fact, .. } => Some(*fact),
        _ => None,
    });
    facts.collect()
}

proptest! {
    #![proptest_config(Config { max_shrink_iters: 60, ..cases(500) })]

    #[test]
    fn whatever_is_asked_for_moves_the_answer(bench in any_order()) {
        let before = bench.assessed().expect("in scope");
        prop_assert_eq!(before.would_change.is_empty(), !before.flag.is_finding(), "{:?}", bench);
        for wanting in &before.would_change {
            match (wanting, before.together) {
                (Wanting::Diagnosis, _) => prop_assert!(some_diagnosis_moves(&bench, &before), "{bench:?}"),
                (Wanting::Fact(_), Some(pair)) if pair.contains(wanting) => {}
                (Wanting::Fact(fact), _) => {
                    let id = &RULES.facts[usize::from(*fact)].id;
                    prop_assert!(some_value_moves(&bench, &before, *fact), "{id}: {bench:?}");
                }
            }
        }
        if let Some([Wanting::Fact(first), Wanting::Fact(second)]) = before.together {
            let one = supplies(first, &bench).into_iter().map(|supply| supply.to(&bench));
            let both = one.flat_map(|one| supplies(second, &one).into_iter().map(move |supply| supply.to(&one)));
            prop_assert!(both.into_iter().any(|both| moves(&both, &before)), "{bench:?}");
        }
    }

}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn what_is_not_asked_for_does_not_move_it(bench in any_order(), pick in any::<prop::sample::Index>()) {
        let before = bench.assessed().expect("in scope");
        let asked = if before.flag.is_finding() { asked(&before) } else { Vec::new() };
        for fact in asked.into_iter().filter(|fact| !before.would_change.contains(&Wanting::Fact(*fact))) {
            let all = plain_supplies(fact, &bench);
            if !all.is_empty() {
                let supply = &all[pick.index(all.len())];
                let after = supply.to(&bench).assessed().expect("in scope");
                prop_assert_eq!(answer(&after), answer(&before), "{:?} {:?}", supply, bench);
            }
        }
    }
}
