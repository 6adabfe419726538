//! How long the heart takes to assess an order, with and without text and in the generator's mix.
//!
//! Run with `cargo bench -p ivig-audit-benches`. Figures are for comparing two builds on one quiet machine.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

use ivig_audit::assess::{Screen, assess, screen};
use ivig_audit::codes::{ProcedureCode, read_diagnosis};
use ivig_audit::order::{Age, Diagnosis, Order, ProductCodes};
use ivig_audit::rules::Ruleset;

/// An order with these diagnoses and words.
fn order(codes: &[&str], text: &str) -> Order {
    let service_date = chrono::NaiveDate::from_ymd_opt(2024, 7, 1);
    let diagnoses = (1..)
        .zip(codes)
        .map(|(position, code)| Diagnosis { position, code: read_diagnosis(code, None, service_date), pointed: false })
        .collect();
    let product = ProductCodes { procedure: ProcedureCode::parse("J1459").ok(), ..ProductCodes::default() };
    let age = Age::from_years(54);
    Order { product, service_date, age, diagnoses, text: text.to_owned(), ..Order::default() }
}

/// The scenarios of the generator's order exports, by weight; clinical words stand there, not here.
const SCENARIOS: &str = include_str!("../fixtures/scenarios.csv");

/// How many orders the mix has.
const MIX: u64 = 1000;

/// Orders as the generator mixes them: each scenario as often as it is there, its lists of codes and its texts in turn.
fn mix(with_text: bool) -> Vec<Order> {
    let mut rows = csv::Reader::from_reader(SCENARIOS.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("the fixture reads")).collect();
    let of_orders = |row: &&csv::StringRecord| matches!(&row[1], "both" | "orders");
    let weight = |row: &csv::StringRecord| row[2].parse::<u64>().expect("a weight is a number");
    let all: u64 = rows.iter().filter(of_orders).map(weight).sum();
    let mut orders = Vec::new();
    for row in rows.iter().filter(of_orders) {
        let lists: Vec<&str> = row[7].split('|').collect();
        let texts: Vec<&str> = row[8].split('|').filter(|text| !text.is_empty()).collect();
        for at in 0..(weight(row) * MIX).div_ceil(all) as usize {
            let codes: Vec<&str> = lists[at % lists.len()].split(' ').filter(|code| !code.is_empty()).collect();
            match texts.get(at % texts.len().max(1)).filter(|_| with_text) {
                Some(text) => orders.push(order(&codes, text)),
                None if with_text => {}
                None => orders.push(order(&codes, "")),
            }
        }
    }
    orders
}

fn mixed(criterion: &mut Criterion) {
    let ruleset = Ruleset::builtin("aanem-2023").expect("the ruleset ships");
    let mut group = criterion.benchmark_group("assess, mixed");
    for (name, with_text) in [("orders without text", false), ("orders with text", true)] {
        let orders = mix(with_text);
        let Screen::InScope(product) = screen(&ruleset, &orders[0]) else { unreachable!("the product is in scope") };
        group.throughput(Throughput::Elements(orders.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                orders
                    .iter()
                    .map(|order| assess(&ruleset, black_box(order), product).rows.iter().count())
                    .sum::<usize>()
            });
        });
    }
    group.finish();
}

fn assessing(criterion: &mut Criterion) {
    let ruleset = Ruleset::builtin("aanem-2023").expect("the ruleset ships");
    let long = "Progressive symmetric weakness over 3 months, areflexia, elevated CSF protein. EMG demyelinating. \
                Meets criteria for CIDP; no evidence of MMN. Prednisone 20 mg daily not tolerated. Mother has MS.";
    let cases = [
        ("exact code", order(&["G61.81", "I10", "E11.9"], "")),
        ("another use", order(&["D83.9"], "")),
        ("broad code, presumed", order(&["G70.00", "Z79.52"], "")),
        ("indeterminate", order(&["D47.2", "G63"], "")),
        ("exact code and 200 bytes of text", order(&["G61.81"], long)),
    ];
    let mut group = criterion.benchmark_group("assess");
    for (name, order) in &cases {
        let Screen::InScope(product) = screen(&ruleset, order) else { unreachable!("the product is in scope") };
        group.bench_function(*name, |bencher| bencher.iter(|| assess(&ruleset, black_box(order), product)));
    }
    group.finish();
}

criterion_group!(benches, assessing, mixed);
criterion_main!(benches);
