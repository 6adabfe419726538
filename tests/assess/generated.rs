//! The govern step on rulebooks that nobody would write: random conditions, combinations, refinements,
//! presumptions and precedences, against a second, plain reading of the same rulebook.

#[path = "generated/plain.rs"]
mod plain;
#[path = "generated/rulebook.rs"]
mod rulebook;

use std::collections::BTreeMap;

use ivig_audit::assess::{Assessment, Screen, Wanting, assess, screen};
use ivig_audit::codes::{ProcedureCode, read_diagnosis};
use ivig_audit::order::{Diagnosis, Order, ProductCodes};
use ivig_audit::rules::{RuleFiles, Ruleset};

use plain::Answer;
use rulebook::{Dice, PRODUCT, Rulebook, code, fact_phrase, name};

/// Rulebooks that are made up; fewer where the program is built for trying changes, all where it is built to be used.
const RULEBOOKS: u64 = if cfg!(debug_assertions) { 200 } else { 600 };

fn cast(dice: &mut Dice, book: &Rulebook) -> plain::Order {
    let indications = book.indications.len();
    let weighed = dice.lucky(15).then(|| [dice.roll(indications), dice.roll(indications)]);
    let said = (0..book.facts.len()).flat_map(|fact| (0..book.facts[fact].values).map(move |value| (fact, value)));
    plain::Order {
        lists: dice.some(book.lists, 45),
        named: dice.some(indications, 25),
        said: said.filter(|_| dice.lucky(15)).collect(),
        weighed: weighed.filter(|[first, second]| first != second),
    }
}

/// The order as an export would carry it, diagnoses in any order.
fn written(dice: &mut Dice, order: &plain::Order) -> Order {
    let mut lists = order.lists.clone();
    if !lists.is_empty() {
        let by = dice.roll(lists.len());
        lists.rotate_left(by);
    }
    let diagnosis = |(at, list): (usize, &usize)| Diagnosis {
        position: at as u8 + 1,
        code: read_diagnosis(&code(*list), None, None),
        pointed: false,
    };
    let mut text: Vec<String> = order.named.iter().map(|named| name(*named).to_owned()).collect();
    text.extend(order.said.iter().map(|(fact, value)| fact_phrase(*fact, *value)));
    text.extend(order.weighed.map(|[first, second]| format!("{} versus {}", name(first), name(second))));
    Order {
        product: ProductCodes { procedure: ProcedureCode::parse(PRODUCT).ok(), ..ProductCodes::default() },
        diagnoses: lists.iter().enumerate().map(diagnosis).collect(),
        text: text.join("; "),
        ..Order::default()
    }
}

fn assessed(ruleset: &Ruleset, order: &Order) -> Assessment {
    let Screen::InScope(product) = screen(ruleset, order) else { panic!("in scope") };
    assess(ruleset, order, product)
}

fn found(ruleset: &Ruleset, order: &Order) -> Answer {
    let assessment = assessed(ruleset, order);
    assert_eq!(assessment.would_change.is_empty(), !assessment.flag.is_finding());
    Answer {
        determination: assessment.determination.as_str().to_owned(),
        rows: assessment.rows.ids(ruleset).into_iter().collect(),
        also: assessment.also_matched.ids(ruleset).into_iter().collect(),
        open: assessment.open.iter().map(|answer| answer.as_str().to_owned()).collect(),
        wanting: assessment.wanting.map(|wanting| wanting.id(ruleset)).unwrap_or_default(),
        flag: assessment.flag.as_str(),
    }
}

#[test]
fn made_up_rulebooks_are_governed_as_they_read() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let shipped = RuleFiles::builtin();
    for seed in 0..RULEBOOKS {
        let dice = &mut Dice(seed);
        let book = Rulebook::cast(dice);
        let ruleset =
            Ruleset::load(&book.files(&shipped), "made-up").unwrap_or_else(|error| panic!("{error}\n{book:?}"));
        for _ in 0..25 {
            let order = cast(dice, &book);
            let expected = plain::answer(&book, &order);
            assert_eq!(found(&ruleset, &written(dice, &order)), expected, "seed {seed}: {order:?}\n{book:#?}");
            let several = if expected.rows.len() > 1 && expected.open.is_empty() { " by several rows" } else { "" };
            *seen.entry(format!("{}{several} {}", expected.determination, expected.wanting)).or_default() += 1;
        }
    }
    let often = |part: &str| seen.iter().filter(|(key, _)| key.contains(part)).map(|(_, times)| times).sum::<usize>();
    for part in
        ["recommended by several rows", "fact-0", "fact-2", "diagnosis", "other_use", "not_addressed", "no_diagnosis"]
    {
        assert!(often(part) >= 50, "{part} is seen too seldom: {seen:?}");
    }
}

/// The facts of which a sentence with some value moves the answer when the order is assessed again with it.
fn moving(ruleset: &Ruleset, book: &Rulebook, order: &Order, before: &Assessment) -> Vec<Wanting> {
    let moves = |fact: &usize| {
        (0..book.facts[*fact].values).any(|value| {
            let more = Order { text: format!("{}; {}", order.text, fact_phrase(*fact, value)), ..order.clone() };
            let after = assessed(ruleset, &more);
            (after.determination, after.flag) != (before.determination, before.flag)
        })
    };
    (0..book.facts.len()).filter(moves).map(|fact| Wanting::Fact(fact as u8)).collect()
}

#[test]
fn what_would_change_a_made_up_finding_is_what_assessing_it_with_one_more_sentence_tells() {
    let shipped = RuleFiles::builtin();
    let (mut compared, mut moved) = (0, 0);
    for seed in 0..RULEBOOKS {
        let dice = &mut Dice(seed << 32);
        let book = Rulebook::cast(dice);
        let ruleset =
            Ruleset::load(&book.files(&shipped), "made-up").unwrap_or_else(|error| panic!("{error}\n{book:?}"));
        for _ in 0..10 {
            let cast = cast(dice, &book);
            let order = written(dice, &cast);
            let before = assessed(&ruleset, &order);
            if !before.flag.is_finding() {
                continue;
            }
            let moving = moving(&ruleset, &book, &order, &before);
            let wanted = |wanting: &&Wanting| **wanting != Wanting::Diagnosis && Some(**wanting) != before.wanting;
            let together = before.together.iter().flatten().copied().collect::<Vec<_>>();
            let mut listed: Vec<Wanting> =
                before.would_change.iter().filter(wanted).filter(|each| !together.contains(each)).copied().collect();
            listed.sort_unstable();
            let expected: Vec<Wanting> = moving.iter().filter(wanted).copied().collect();
            assert_eq!(listed, expected, "seed {seed}: {cast:?}\n{book:#?}");
            assert!(together.is_empty() || moving.is_empty(), "seed {seed}: {cast:?}\n{book:#?}");
            compared += 1;
            moved += usize::from(!expected.is_empty());
        }
    }
    assert!(compared >= 500 && moved >= 100, "too few findings: {moved} of {compared} moved");
}
