//! How long it takes to split and decode one record of each kind of export: an order of 25 columns, a claim line of 41.
//!
//! Run with `cargo bench -p ivig-audit-benches --bench decode`. Figures are for comparing two builds on one quiet machine.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

use ivig_audit::framing::{Dialect, Splitter};
use ivig_audit::intake::{Decoder, Framed, Layout};

const ORDER: [(&str, &str); 25] = [
    ("order_id", "O0000001"),
    ("mrn", "P000015"),
    ("order_date", "2024-05-20"),
    ("dob", "1958-04-16"),
    ("sex", "M"),
    ("weight_kg", "93"),
    ("department", "HOME INFUSION"),
    ("product_code", "J1569"),
    ("modifier", "JA"),
    ("product_name", "Gammagard Liquid"),
    ("ndc", "00944270001"),
    ("units", "170"),
    ("diagnoses", "G04.81;Z79.52"),
    ("indication_text", "autoimmune encephalitis"),
    ("ordering_npi", "9800000465"),
    ("facility_id", "F0046"),
    ("payer", "PAYER-02"),
    ("place_of_service", "24"),
    ("frequency", "5 days"),
    ("billed", "11386.60"),
    ("paid", "9541.97"),
    ("auth_number", "A5442961"),
    ("auth_status", "approved"),
    ("order_status", "signed"),
    ("entered_by", "U0028"),
];

const CLAIM: [(&str, &str); 41] = [
    ("line_id", "L000000000001"),
    ("claim_id", "C000000000001"),
    ("patient_id", "P000023"),
    ("service_date", "2024-01-14"),
    ("birth_date", "1942-11-23"),
    ("sex", "M"),
    ("revenue_code", "0636"),
    ("hcpcs", "J1569"),
    ("modifier1", "JA"),
    ("modifier2", ""),
    ("modifier3", ""),
    ("modifier4", ""),
    ("ndc", "00944270001"),
    ("units", "80"),
    ("dx1", "G61.81"),
    ("dx2", "I10"),
    ("dx3", "Z23"),
    ("dx4", ""),
    ("dx5", ""),
    ("dx6", ""),
    ("dx7", ""),
    ("dx8", ""),
    ("dx9", ""),
    ("dx10", ""),
    ("dx11", ""),
    ("dx12", ""),
    ("dx_version", "10"),
    ("dx_pointer", "1"),
    ("npi", "9800000713"),
    ("facility_id", "F0054"),
    ("plan_name", "Harbor Choice Bronze - standard benefit"),
    ("payer", "PAYER-10"),
    ("place_of_service", "22"),
    ("billed", "5491.80"),
    ("allowed", "3152.20"),
    ("paid", "2994.50"),
    ("auth_number", ""),
    ("auth_decision", ""),
    ("line_status", "paid"),
    ("indication_text", ""),
    ("batch_id", "SYNTHETIC/INBOUND/837/BATCH-00000001"),
];

fn decoding(criterion: &mut Criterion) {
    let layout = Layout::open("generic").expect("the generic layout ships");
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 7, 1).expect("it is a day");
    let mut group = criterion.benchmark_group("decode");
    for (name, columns) in [("an order", &ORDER[..]), ("a claim line", &CLAIM[..])] {
        let header: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let cells: Vec<&str> = columns.iter().map(|(_, cell)| *cell).collect();
        let record = cells.join(",");
        let binding = layout.bind(&header);
        let decoder = Decoder::new(&layout, &binding, as_of);
        let dialect = Dialect { fields: header.len(), ..Dialect::default() };
        let framed = Framed { utf8: true, ..Framed::default() };
        let mut splitter = Splitter::new();
        group.bench_function(format!("{name}, split only"), |bencher| {
            bencher.iter(|| splitter.split(black_box(record.as_bytes()), &dialect).len());
        });
        group.bench_function(format!("{name}, split and decoded"), |bencher| {
            bencher.iter(|| {
                let fields = splitter.split(black_box(record.as_bytes()), &dialect);
                let field = |at: usize| fields.get(at).unwrap_or_default();
                let product = decoder.product(&field);
                decoder.decode(&field, &product, framed).expect("the record decodes")
            });
        });
    }
    group.finish();
}

criterion_group!(benches, decoding);
criterion_main!(benches);
