//! How fast lines become records: plain ones, ones in which every field is quoted, ones with a quoted text here and
//! there; without and with fields that a reader wants to look at.
//!
//! Run with `cargo bench -p ivig-audit-benches --bench framing`. Figures are for comparing two builds run in turn.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ivig_audit::framing::{Cells, Dialect, Frame, next_frame_at};

/// A line of a claims export, with its many empty columns.
const CLAIM: &str = "L000000000001,C000000000001,P000023,2024-01-14,1942-11-23,M,0510,99213,,,,,,3,K21.9,F41.1,Z23,,,,,,,,,,10,1,\
                     9800000713,F0054,Harbor Choice Bronze - standard benefit,PAYER-10,22,549.18,315.22,299.45,,,paid,,\
                     SYNTHETIC/INBOUND/837/BATCH-00000001";

/// A line of an order export, whose text is quoted for a comma in it.
const ORDER: &str = "O0000002,P000017,2024-08-16,1949-08-23,M,107,INPATIENT,J1569,JA,Gammagard Liquid,00944270001,120,D83.9;E03.9,\
                     \"dose rounded to vial size, pharmacy informed\",9800000527,F0048,PAYER-04,22,every 4 weeks,6272.40,\
                     2404.83,A7244238,approved,completed,U0008";

/// Reads an export and gives its bytes in the first wanted field, so that nothing of the work can be left out.
fn read(bytes: &[u8], dialect: &Dialect, cells: &mut Cells) -> usize {
    let (mut at, mut sum) = (0, 0);
    while at < bytes.len() {
        match next_frame_at(&bytes[at..], true, dialect, cells) {
            Frame::Record { content, len, .. } => {
                sum += if cells.wanted().is_empty() { 1 } else { cells.raw(0, content).len() };
                at += len;
            }
            other => unreachable!("the bench has good records only: {other:?}"),
        }
    }
    sum
}

fn framing(criterion: &mut Criterion) {
    let quoted = format!("\"{}\"", CLAIM.replace(',', "\",\""));
    for (name, line, fields) in [("claims", CLAIM, 41), ("all quoted", quoted.as_str(), 41), ("orders", ORDER, 25)] {
        let bytes = format!("{line}\n").repeat((1 << 20) / line.len()).into_bytes();
        let dialect = Dialect { fields, ..Dialect::default() };
        let mut group = criterion.benchmark_group(format!("framing, {name}"));
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        for (name, wanted) in [("no cell", &[][..]), ("1 cell", &[7]), ("7 cells", &[7, 12, 14, 15, 16, 17, 18])] {
            let mut cells = Cells::of(wanted.iter().copied());
            group.bench_function(name, |bencher| bencher.iter(|| read(black_box(&bytes), &dialect, &mut cells)));
        }
        group.finish();
    }
}

criterion_group!(benches, framing);
criterion_main!(benches);
