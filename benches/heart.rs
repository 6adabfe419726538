//! How long the heart takes to assess an order, with and without text.
//!
//! Run with `cargo bench -p ivig-audit-benches`. Figures are for comparing two builds on one quiet machine.

use criterion::{Criterion, criterion_group, criterion_main};
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

criterion_group!(benches, assessing);
criterion_main!(benches);
