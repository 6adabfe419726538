//! What would change a finding does change it: each fact that is asked for is supplied, as an order would show it,
//! and the answer moves; facts that are not asked for do not move it.

use std::collections::HashSet;
use std::sync::LazyLock;

use ivig_audit::assess::{Assessment, Step, Tier, Wanting};
use ivig_audit::guideline::Flag;
use ivig_audit::rules::{Meaning, Strength};
use proptest::prelude::*;

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

/// Whether some value of a fact moves the answer; what is wanting may narrow what is open instead. Where the order
/// already says both, it says which of the two to settle, and nothing more on it can.
fn some_value_moves(bench: &Bench, before: &Assessment, fact: u8) -> bool {
    let disputed = |step: &Step| matches!(step, Step::Fact { fact: own, tier: Tier::Conflict | Tier::CodesDisagree, .. } if *own == fact);
    if before.wanting == Some(Wanting::Fact(fact)) && before.steps.iter().any(disputed) {
        return true;
    }
    let wanted = before.wanting == Some(Wanting::Fact(fact));
    supplies(fact, bench).iter().map(|supply| supply.to(bench)).any(|more| {
        let after = more.assessed().expect("in scope");
        answer(&after) != answer(before) || wanted && after.open != before.open
    })
}

/// Whether a diagnosis moves the answer: one more code or name, or one that stands instead of what the order says.
fn some_diagnosis_moves(bench: &Bench, before: &Assessment) -> bool {
    let more = diagnoses().into_iter().map(|code| Supply::Code(code).to(bench));
    let named = (0..RULES.indications.len() as u16)
        .filter_map(|indication| names(indication).into_iter().next())
        .map(|words| Supply::Sentence(words).to(bench));
    let instead = diagnoses().into_iter().map(|code| {
        let mut other = bench.clone().text("");
        other.dx = vec![code];
        other
    });
    more.chain(named).chain(instead).any(|other| moves(&other, before))
}

fn asked(assessment: &Assessment) -> Vec<u8> {
    let facts = assessment.steps.iter().filter_map(|step| match step {
        Step::Fact { fact, .. } => Some(*fact),
        _ => None,
    });
    facts.collect()
}

proptest! {
    #![proptest_config(cases(500))]

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
