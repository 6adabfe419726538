//! The govern step on rulebooks that nobody would write: random conditions, combinations, refinements,
//! presumptions and precedences, against a second, plain reading of the same rulebook.

#[path = "generated/plain.rs"]
mod plain;
#[path = "generated/rulebook.rs"]
mod rulebook;

use std::collections::BTreeMap;

use ivig_audit::assess::{Screen, assess, screen};
use ivig_audit::codes::{ProcedureCode, read_diagnosis};
use ivig_audit::order::{Diagnosis, Order, ProductCodes};
use ivig_audit::rules::Ruleset;

use plain::Answer;
use rulebook::{Dice, Rulebook, code, fact_phrase, name};

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
        product: ProductCodes { procedure: ProcedureCode::parse("J1459").ok(), ..ProductCodes::default() },
        diagnoses: lists.iter().enumerate().map(diagnosis).collect(),
        text: text.join("; "),
        ..Order::default()
    }
}

fn found(ruleset: &Ruleset, order: &Order) -> Answer {
    let Screen::InScope(product) = screen(ruleset, &order) else { panic!("in scope") };
    let assessment = assess(ruleset, order, product);
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
    for seed in 0..600 {
        let dice = &mut Dice(seed);
        let book = Rulebook::cast(dice);
        let ruleset = Ruleset::load(&book.files(), "made-up").unwrap_or_else(|error| panic!("{error}\n{book:?}"));
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
