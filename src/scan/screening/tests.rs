//! Every record reads the same with and without screening, whatever stands in it.

use std::collections::BTreeMap;

use super::Screening;
use crate::framing::{Accepted, Dialect, Frame, next_frame_at};
use crate::intake::{Binding, Column, Decoder, Layout};
use crate::rules::Rulebook;
use crate::scan::lines::Place;
use crate::scan::wave::Visitor;
use crate::scan::worker::{Job, Worker};
use crate::table::Row;

/// A row of numbers that looks like chance and is the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn of<'p>(&mut self, pool: &[&'p [u8]]) -> &'p [u8] {
        pool[self.below(pool.len())]
    }
}

const CODES: &[&[u8]] = &[
    b"J1569", b"J1569 ", b" J1569", b"j1569", b"J-1569", "J1569\u{a0}".as_bytes(), "\u{ff2a}1569".as_bytes(), b"J15\xff69",
    b"J1569JB", b"J1569-JA", b"J1561", b"J1555", b"J1571", b"J1459", b"J3490", b"J3590", b"C9399", b"90283", b"90284", b"99213",
    b"99213 ", b"\"99213\"", b"85025", b"96365", b"G0299", b"Q2052", b"30233S1", b"3E0234Z", b"9914", b"99.14", b"V4201",
    b"J06BA02", b"1596450", b"44206043740", b"0338-0049-04", b"99213,85025", b"J15\"69", b"NULL", b"~", b"-", b"?", b"none",
    b"a code that is far longer than any code ever was, and goes on so that no memory of two words may hold it, nor one of a hundred",
];
const COMMON_CODES: &[&[u8]] = &[b"99213", b"85025", b"", b"96365", b"J1571", b"9914"];
const NAMES: &[&[u8]] = &[
    b"Privigen",
    b"sodium chloride 0.9%",
    b"GAMUNEX-C 10%",
    b"immune globulin subcutaneous",
    b"Rho(D) immune globulin",
    b"",
    b"saline \xff",
    b"NULL",
    b"heparin",
    b"Heparin, 5000 units",
    b"acetaminophen",
    b"acetaminophen 325 mg tablet by mouth",
];
const NDCS: &[&[u8]] =
    &[b"", b"44206043740", b"44206-0437-40", b"00338004904", b"338004904", b"000000000", b"abc", b"\xffx"];
const MODIFIERS: &[&[u8]] = &[
    b"", b"", b"", b"", b"", b"", b"", b"", b"", b"", b"", b"", b"", b"JA", b"JB", b"59", b"59 JB", b"x\xff", b"NULL",
];
const ROUTES: &[&[u8]] = &[b"", b"IV", b"SC", b"Subcutaneous", b"PO"];
const OTHERS: &[&[u8]] =
    &[b"", b"", b"2024-05-01", b"20240501", b"G61.81", b"35781", b"IVIG 30 g given", b"1", b"x\xff", b"1.2E+5"];

/// The first names of a run of numbered ones.
fn expanded(name: &str) -> Vec<String> {
    let run = name.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?)));
    match run {
        Some((head, (numbers, tail))) if numbers.contains("..") => {
            (1..=3).map(|n| format!("{head}{n}{tail}")).collect()
        }
        _ => vec![name.to_owned()],
    }
}

/// A header with all that a layout may read, or with some of it left out.
fn header(layout: &Layout, dice: &mut Dice) -> Vec<String> {
    if !layout.dialect.header.is_empty() {
        return layout.dialect.header.clone();
    }
    let leave_out = dice.one_in(2);
    let mut names: Vec<String> = vec!["a column of no layout".to_owned()];
    names.extend(layout.columns.values().flat_map(|own| own.accepted().iter().take(2)).flat_map(|name| expanded(name)));
    names.extend(layout.conditions.iter().map(|condition| condition.name.clone()));
    for slots in &layout.slots {
        names.extend(slots.conditions.iter().map(|condition| condition.name.clone()));
        for number in 1..=3 {
            let own =
                slots.columns.values().flat_map(|own| own.accepted().iter().take(2)).flat_map(|name| expanded(name));
            names.extend(own.map(|name| name.replace("{i}", &number.to_string())));
        }
    }
    let mut found: Vec<String> = Vec::new();
    for name in names {
        let left_out = leave_out && dice.one_in(4);
        if !left_out && !found.contains(&name) {
            found.insert(dice.below(found.len() + 1), name);
        }
    }
    found
}

/// What may stand in a field, by what the field holds.
fn cell(layout: &Layout, column: Option<Column>, name: &str, dice: &mut Dice) -> Vec<u8> {
    let conditions = layout.conditions.iter().chain(layout.slots.iter().flat_map(|slots| &slots.conditions));
    let words: Vec<&String> =
        conditions.filter(|own| own.name == name).flat_map(|own| own.any_of.iter().chain(&own.none_of)).collect();
    if !words.is_empty() && !dice.one_in(4) {
        let word = if dice.one_in(6) { dice.below(words.len()) } else { 0 };
        return words[word].replace('*', "1").into_bytes();
    }
    match dice.below(60) {
        0 => return name.to_uppercase().into_bytes(),
        1 => return name.as_bytes().to_vec(),
        _ => {}
    }
    let common = !dice.one_in(4);
    let cell = match column {
        Some(Column::ProductCode) if common => dice.of(COMMON_CODES),
        Some(Column::ProductCode) => dice.of(CODES),
        Some(Column::ProductName) => dice.of(NAMES),
        Some(Column::Ndc) => dice.of(NDCS),
        Some(Column::Modifier) => dice.of(MODIFIERS),
        Some(Column::Route) => dice.of(ROUTES),
        _ => dice.of(OTHERS),
    };
    cell.to_vec()
}

/// A record of such cells, some of them quoted, some of them missing at the end or one too many.
fn line(
    layout: &Layout,
    binding: &Binding,
    dialect: &Dialect,
    columns: &BTreeMap<usize, Column>,
    dice: &mut Dice,
) -> Vec<u8> {
    let mut line = Vec::new();
    let as_header = dice.one_in(40);
    for (at, name) in binding.header.iter().enumerate() {
        if at > 0 {
            line.push(dialect.delimiter);
        }
        let own =
            if as_header { name.as_bytes().to_vec() } else { cell(layout, columns.get(&at).copied(), name, dice) };
        match dialect.quote {
            Some(quote) if own.contains(&dialect.delimiter) || dice.one_in(20) => {
                line.push(quote);
                for byte in own {
                    line.extend(std::iter::repeat_n(byte, if byte == quote { 2 } else { 1 }));
                }
                line.push(quote);
            }
            _ => line.extend(own.into_iter().filter(|byte| *byte != dialect.delimiter)),
        }
    }
    match dice.below(12) {
        0 => line.push(dialect.delimiter),
        1 => line.truncate(line.iter().rposition(|byte| *byte == dialect.delimiter).unwrap_or(line.len())),
        _ => {}
    }
    line.push(b'\n');
    line
}

/// Reads the records of one chunk twice and holds the two readings together. Gives how many were told by raw bytes.
fn same(bytes: &[u8], job: Job<'_>, screening: &Screening<'_>) -> (u64, u64) {
    let mut screener: Worker<'_, Vec<Row>> = Worker::screening(job, screening);
    let mut plain: Worker<'_, Vec<Row>> = Worker::new(job);
    let mut cells = screener.cells();
    let (mut at, mut told, mut records) = (0, 0, 0);
    while at < bytes.len() {
        let place = Place { record: records, line: records, offset: at as u64 };
        let one = match next_frame_at(&bytes[at..], true, job.dialect, &mut cells) {
            Frame::Record { content, len, bare_quote, .. } => {
                let record = Accepted { content, bare_quote, is_ascii: content.is_ascii(), cells: &cells };
                told += u64::from(screener.knows(record));
                screener.record(place, record);
                plain.record(place, record);
                &bytes[at..at + len]
            }
            Frame::Rejected { len, .. } | Frame::Blank { len } => &bytes[at..at + len],
            Frame::Overrun { .. } | Frame::Incomplete => panic!("the line ends"),
        };
        records += 1;
        at += one.len();
        let (own, other) = (std::mem::take(&mut screener.batch), std::mem::take(&mut plain.batch));
        assert_eq!(screener.outside_so_far(), plain.outside_so_far(), "{}: {}", job.source_file, one.escape_ascii());
        assert_eq!(format!("{own:?}"), format!("{other:?}"), "{}: {}", job.source_file, one.escape_ascii());
    }
    screener.finished();
    (told, records)
}

/// Reads lines below a header of the layout `generic`, which has a product code, in two chunks that share what is learnt.
fn of_generic(header: &str, lines: &str) -> u64 {
    let rulebook = Rulebook::open("aanem-2023").expect("the ruleset ships");
    let layout = Layout::open("generic").expect("the layout ships");
    let names: Vec<String> = header.split(',').map(str::to_owned).collect();
    let binding = layout.bind(&names);
    assert!(binding.has(Column::ProductCode), "{header}");
    let dialect = Dialect { fields: names.len(), allow_missing_fields: 1, ..Dialect::default() };
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    let decoder = Decoder::new(&layout, &binding, as_of);
    let job = Job { rulebook: &rulebook, decoder, dialect: &dialect, source_file: "generic", beside: None };
    let screening = Screening::new(&binding);
    same(lines.as_bytes(), job, &screening).0 + same(lines.as_bytes(), job, &screening).0
}

#[test]
fn a_code_seen_before_is_told_by_raw_bytes_and_its_look_alikes_are_not() {
    assert_eq!(of_generic("order_id,product_code,dx1", "1,99213,I10\n2,99213,G61.81\n3,99213,\n4,99213\n"), 7);
    let alike = "1,J1569,G61.81\n2,J1569 ,G61.81\n3,\"J1569\",G61.81\n4,j1569,G61.81\n5,J-1569,G61.81\n";
    assert_eq!(of_generic("order_id,product_code,dx1", alike), 0, "lines in scope are never told so");
}

#[test]
fn a_repeated_header_is_rejected_though_its_product_cell_stood_in_a_record() {
    let lines = "1,product_code,I10\n2,product_code,I10\norder_id,product_code,dx1\nORDER_ID,product_code,DX1,\n";
    assert_eq!(of_generic("order_id,product_code,dx1", lines), 0);
}

#[test]
fn records_of_every_layout_read_the_same_with_and_without_screening() {
    let rulebook = Rulebook::open("aanem-2023").expect("the ruleset ships");
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    let mut dice = Dice(5);
    let mut by_layout: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for layout in &Layout::builtin().expect("the layouts ship") {
        for _ in 0..4 {
            let binding = layout.bind(&header(layout, &mut dice));
            let fields = binding.header.len();
            let dialect = Dialect {
                delimiter: layout.dialect.delimiters[0] as u8,
                quote: layout.dialect.quote.map(|quote| quote as u8),
                fields,
                spans: vec![false; fields],
                allow_trailing_delimiter: true,
                allow_missing_fields: 2,
                control: Vec::new(),
            };
            let place = |name: &str| binding.header.iter().position(|other| other == name);
            let mapped = binding.mapped().flat_map(|(column, names)| names.into_iter().map(move |name| (name, column)));
            let columns: BTreeMap<usize, Column> =
                mapped.filter_map(|(name, column)| Some((place(name)?, column))).collect();
            let decoder = Decoder::new(layout, &binding, as_of);
            let job = Job { rulebook: &rulebook, decoder, dialect: &dialect, source_file: &layout.id, beside: None };
            let screening = Screening::new(&binding);
            for _ in 0..4 {
                let chunk: Vec<u8> =
                    (0..100).flat_map(|_| line(layout, &binding, &dialect, &columns, &mut dice)).collect();
                let (told, records) = same(&chunk, job, &screening);
                let sum = by_layout.entry(layout.id.clone()).or_default();
                *sum = (sum.0 + told, sum.1 + records);
            }
        }
    }
    let seldom: Vec<_> = by_layout.iter().filter(|(_, (told, records))| told * 50 < *records).collect();
    assert!(seldom.is_empty(), "screening is hardly tried: {seldom:?} of {by_layout:?}");
}
