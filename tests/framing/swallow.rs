//! Stray quotes and other damage: the damaged lines are told, and no other record is lost.

use std::collections::{BTreeSet, HashMap, HashSet};

use ivig_audit::framing::Dialect;
use ivig_audit::scan::wave::Pace;

use crate::oracle;
use crate::transcript::{Event, START, What, commas, read};

const ROWS: usize = 1000;

/// Kinds of damage: a thousand in a release build, with which every change is tested before it lands.
const KINDS: u64 = if cfg!(debug_assertions) { 250 } else { 1000 };

/// `ROWS` lines of id, name, amount; line 500 and line 700 can be damaged by the caller.
fn export(row_500: &str, row_700: &str) -> String {
    let row = |id| match id {
        500 => row_500.to_owned(),
        700 => row_700.to_owned(),
        _ => format!("{id},name {id},5.00"),
    };
    (1..=ROWS).map(|id| row(id) + "\n").collect()
}

/// A rejection: line in the export, fault, column of the quote.
type Refused = (u64, &'static str, Option<usize>);

/// The ids of accepted records in order, those with a bare quote, and the rejections.
fn outcome(events: &[Event]) -> (Vec<usize>, Vec<usize>, Vec<Refused>) {
    let (mut accepted, mut bare, mut rejected) = (Vec::new(), Vec::new(), Vec::new());
    for event in events {
        match &event.what {
            What::Record { content, bare_quote } => {
                let text = String::from_utf8_lossy(content);
                let id = text.split(',').next().and_then(|id| id.parse().ok()).expect("a row begins with its id");
                accepted.push(id);
                bare.extend(bare_quote.then_some(id));
            }
            What::Rejected { fault, column } => rejected.push((event.place.line, fault.id(), *column)),
        }
    }
    (accepted, bare, rejected)
}

/// Reads an export with a name column that may or may not span lines; every other row must be there, once, in order.
fn check(text: &str, spans: &[usize], bare: &[usize], rejected: &[Refused]) {
    for pace in [Pace { threads: 1, chunk_size: 1 << 20 }, Pace { threads: 3, chunk_size: 100 }] {
        let (events, counts) = read(text.as_bytes(), &commas(3, spans), pace);
        let (accepted, bare_found, rejected_found) = outcome(&events);
        assert_eq!((bare_found.as_slice(), rejected_found.as_slice()), (bare, rejected));
        let lost: Vec<u64> = rejected.iter().map(|(line, ..)| line - 1).collect();
        let expected: Vec<usize> = (1..=ROWS).filter(|&id| !lost.contains(&(id as u64))).collect();
        assert_eq!(accepted, expected);
        assert_eq!(counts.physical(), 1 + ROWS as u64);
    }
}

const GOOD_500: &str = "500,name 500,5.00";
const GOOD_700: &str = "700,name 700,5.00";

#[test]
fn clean_loses_nothing() {
    for spans in [&[][..], &[1]] {
        check(&export(GOOD_500, GOOD_700), spans, &[], &[]);
    }
}

#[test]
fn stray_an_open_quote_rejects_its_own_line_only() {
    let text = export("500,\"name 500,5.00", GOOD_700);
    check(&text, &[], &[], &[(501, "quote-spans-lines", Some(1))]);
    check(&text, &[1], &[], &[(501, "swallowed-record", Some(1))]);
}

#[test]
fn openclose_a_quote_closed_200_records_later_swallows_nothing() {
    let text = export("500,\"name 500,5.00", "700,name 700\",5.00");
    check(&text, &[], &[700], &[(501, "quote-spans-lines", Some(1))]);
    check(&text, &[1], &[700], &[(501, "swallowed-record", Some(1))]);
}

#[test]
fn bare_a_quote_inside_a_field_is_data_and_told() {
    for spans in [&[][..], &[1]] {
        check(&export("500,pt\"500\",5.00", GOOD_700), spans, &[500], &[]);
    }
}

#[test]
fn trail_text_after_the_closing_quote_rejects_its_line() {
    for spans in [&[][..], &[1]] {
        check(&export("500,\"pt\"500,5.00", GOOD_700), spans, &[], &[(501, "malformed-quote", Some(1))]);
    }
}

#[test]
fn a_stray_quote_closed_on_the_very_next_line_does_not_merge_two_records() {
    let text =
        export(GOOD_500, GOOD_700).replace("\n500,name", "\n500,\"name").replace("501,name 501", "501,name 501\"");
    check(&text, &[1], &[501], &[(501, "swallowed-record", Some(1))]);
}

#[test]
fn a_stray_quote_in_the_last_column_and_at_the_end_is_told() {
    let text = export(GOOD_500, GOOD_700).replace("name 1000,5.00", "name 1000,\"5.00");
    check(&text, &[], &[], &[(1001, "quote-spans-lines", Some(2))]);
    check(&text, &[2], &[], &[(1001, "unterminated-quote", Some(2))]);
}

/// A small generator of repeatable numbers, so that a failing seed can be named and run again.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("below a usize")
    }
}

const SMALL: usize = 200;

/// The rows of the export that is damaged: some with quoted fields, some with doubled quotes, some empty fields.
fn rows() -> Vec<String> {
    let row = |id: usize| match id % 5 {
        0 => format!("{id},\"name, {id}\",G61.0,\"a \"\"quoted\"\" word\",12"),
        1 => format!("{id},name {id},,,12"),
        2 => format!("{id},\"name {id}\",\"G61.0\",\"\",\"12\""),
        _ => format!("{id},name {id},G61.0,a plain note,12"),
    };
    (0..SMALL).map(row).collect()
}

/// Makes one to three edits and gives the damaged text with the rows that an edit touched.
fn damage(text: &str, row_of: &[usize], seed: u64) -> (Vec<u8>, BTreeSet<usize>) {
    let mut random = Seeded(seed);
    let mut touched = BTreeSet::new();
    // Byte and row of it, so that later edits still know which row they hit.
    let mut bytes: Vec<(u8, usize)> = text.bytes().zip(row_of.iter().copied()).collect();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        let wanted = [b'"', b'"', b'"', b'\r', b'\n', b','][random.below(6)];
        if random.below(2) == 0 {
            let row = bytes[at].1;
            bytes.insert(at, (wanted, row));
            touched.insert(row);
        } else if let Some(found) = (at..bytes.len()).find(|&at| bytes[at].0 == wanted) {
            touched.insert(bytes.remove(found).1);
        }
    }
    (bytes.into_iter().map(|(byte, _)| byte).collect(), touched)
}

/// Over 1,000 seeds and three dialects (no column spans, one does, all do), for a file of 200 good records of one
/// line each, with LF or CRLF:
///
/// 1. header + blank + record lines + rejected lines = physical lines, counted here once more;
/// 2. every record more than one line away from each edited line is delivered exactly once, byte for byte;
/// 3. nothing is delivered that hides such a record: accepted records hold no line of another record.
#[test]
fn a_thousand_kinds_of_damage_lose_no_record_that_is_not_beside_them() {
    let rows = rows();
    for seed in 0..KINDS {
        let end = if seed % 2 == 0 { "\n" } else { "\r\n" };
        let text = rows.join(end) + end;
        let row_of: Vec<usize> =
            rows.iter().enumerate().flat_map(|(at, row)| vec![at; row.len() + end.len()]).collect();
        let (damaged, touched) = damage(&text, &row_of, seed);
        let near = |row: usize| touched.iter().any(|&touched| touched.abs_diff(row) <= 1);
        for spans in [&[][..], &[3], &[0, 1, 2, 3, 4]] {
            let dialect = commas(5, spans);
            let chunk_size = 1 + Seeded(seed).below(700);
            let (events, counts) = read(&damaged, &dialect, Pace { threads: 2, chunk_size });
            assert_eq!(counts.physical(), 1 + physical_lines(&damaged), "seed {seed}, spans {spans:?}");
            let whole: HashSet<&[u8]> = events.iter().filter_map(content).collect();
            let delivered = lines_within(&events);
            for (row, line) in rows.iter().enumerate().filter(|(row, _)| !near(*row)) {
                assert!(whole.contains(line.as_bytes()), "seed {seed}, spans {spans:?}: row {row} is lost");
                let times = delivered.get(line.as_bytes());
                assert_eq!(times, Some(&1), "seed {seed}, spans {spans:?}: row {row} is hidden or doubled");
            }
        }
    }
}

/// The same damage to an export in which every third record has a note of three lines: the sums hold, the reading
/// is the oracle's, and every record of *one* line that is more than one line away from an edit is delivered.
#[test]
fn damage_beside_notes_of_many_lines_loses_no_record_of_one_line() {
    let dialect = commas(3, &[1]);
    let records: Vec<String> = (0..SMALL)
        .map(|id| if id % 3 == 0 { format!("{id},\"first\nsecond\nthird\",x\n") } else { format!("{id},short,x\n") })
        .collect();
    let text = records.concat();
    let row_of: Vec<usize> = records.iter().enumerate().flat_map(|(at, record)| vec![at; record.len()]).collect();
    for seed in 0..KINDS {
        let (damaged, touched) = damage(&text, &row_of, seed);
        let found = read(&damaged, &dialect, Pace { threads: 2, chunk_size: 64 });
        assert_eq!(found, oracle::read(&damaged, START.line, START.offset, &dialect), "seed {seed}");
        assert_eq!(found.1.physical(), 1 + physical_lines(&damaged), "seed {seed}");
        let whole: HashSet<&[u8]> = found.0.iter().filter_map(content).collect();
        for (row, record) in records.iter().enumerate().filter(|(row, _)| row % 3 != 0) {
            let near = touched.iter().any(|&touched| touched.abs_diff(row) <= 1);
            assert!(near || whole.contains(record.trim_end().as_bytes()), "seed {seed}: record {row} is lost");
        }
    }
}

fn content(event: &Event) -> Option<&[u8]> {
    match &event.what {
        What::Record { content, .. } => Some(content),
        What::Rejected { .. } => None,
    }
}

/// How often each physical line stands in accepted records, as a record or inside one.
fn lines_within(events: &[Event]) -> HashMap<&[u8], usize> {
    let mut lines = HashMap::new();
    for record in events.iter().filter_map(content) {
        for line in record.split(|&byte| byte == b'\n' || byte == b'\r') {
            *lines.entry(line).or_default() += 1;
        }
    }
    lines
}

fn physical_lines(bytes: &[u8]) -> u64 {
    let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let unended = !text.is_empty() && !text.ends_with('\n');
    text.matches('\n').count() as u64 + u64::from(unended)
}

/// The seeds would prove little if the damage were always of one kind.
#[test]
fn the_damage_meets_every_fault_that_a_short_line_can_have() {
    let dialects: [Dialect; 2] = [commas(5, &[]), commas(5, &[1, 3])];
    let text = rows().join("\n");
    let mut found = BTreeSet::new();
    for seed in 0..1000 {
        let (damaged, _) = damage(&text, &vec![0; text.len()], seed);
        for dialect in &dialects {
            let (events, _) = oracle::read(&damaged, START.line, START.offset, dialect);
            found.extend(events.iter().filter_map(|event| match event.what {
                What::Rejected { fault, .. } => Some(fault.id()),
                What::Record { .. } => None,
            }));
        }
    }
    let expected = ["field-count", "malformed-quote", "quote-spans-lines", "swallowed-record", "unterminated-quote"];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
}
