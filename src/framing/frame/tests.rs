//! The step itself: limits, what waits for more bytes, and linear time. The rule's cases are in `tests/framing.rs`.

use proptest::prelude::*;

use super::super::quoting::effort;
use super::super::{Dialect, Fault, Frame, RECORD_LIMIT, next_frame};

fn dialect(fields: usize, spans: &[usize]) -> Dialect {
    Dialect {
        delimiter: b',',
        quote: Some(b'"'),
        fields,
        spans: (0..fields).map(|column| spans.contains(&column)).collect(),
        ..Dialect::default()
    }
}

/// Reads all of `bytes`, giving (offset, length) of accepted records and the number of rejected lines.
fn read_all(bytes: &[u8], dialect: &Dialect) -> (Vec<(usize, usize)>, usize) {
    let (mut at, mut records, mut rejected) = (0, Vec::new(), 0);
    while at < bytes.len() {
        at += match next_frame(&bytes[at..], true, dialect) {
            Frame::Blank { len } => len,
            Frame::Record { len, .. } => {
                records.push((at, len));
                len
            }
            Frame::Rejected { len, .. } => {
                rejected += 1;
                len
            }
            Frame::Overrun { .. } | Frame::Incomplete => panic!("not at the end of input"),
        };
    }
    (records, rejected)
}

fn fault(bytes: &[u8], dialect: &Dialect) -> Option<(usize, Fault)> {
    match next_frame(bytes, true, dialect) {
        Frame::Rejected { len, fault, .. } => Some((len, fault)),
        _ => None,
    }
}

#[test]
fn a_line_of_the_limit_is_read_and_one_byte_more_is_not() {
    for end in ["", "\n", "\r\n", "\r"] {
        let line = |len: usize| [b"a,".as_slice(), &vec![b'x'; len - 2], end.as_bytes()].concat();
        assert_eq!(fault(&line(RECORD_LIMIT), &dialect(2, &[])), None);
        let long = line(RECORD_LIMIT + 1);
        assert_eq!(fault(&long, &dialect(2, &[])), Some((long.len(), Fault::RecordTooLong)));
    }
}

#[test]
fn a_line_beyond_the_limit_is_too_long_whatever_else_is_wrong_with_it() {
    let long = [br#"a,"b"c,"#.as_slice(), &vec![b'x'; RECORD_LIMIT], b"\nnext"].concat();
    assert_eq!(fault(&long, &dialect(9, &[])), Some((long.len() - 4, Fault::RecordTooLong)));
}

#[test]
fn a_line_whose_end_is_not_in_sight_is_rejected_without_being_held() {
    let long = vec![b'x'; RECORD_LIMIT + 1];
    assert_eq!(next_frame(&long, false, &dialect(1, &[])), Frame::Overrun { len: long.len() });
    let half_ended = [long.as_slice(), b"\r"].concat();
    assert_eq!(next_frame(&half_ended, false, &dialect(1, &[])), Frame::Overrun { len: long.len() });
    assert_eq!(next_frame(&long[1..], false, &dialect(1, &[])), Frame::Incomplete);
}

#[test]
fn a_spanning_record_of_the_limit_is_read_and_one_byte_more_is_not() {
    for end in ["\n", "\r\n", "\r", ""] {
        let record = |len: usize| {
            let text = vec![b'x'; len - 7];
            [b"a,\"x\n".as_slice(), &text, b"y\"", end.as_bytes(), b"b,c"].concat()
        };
        let spanning = dialect(2, &[1]);
        if end.is_empty() {
            let at_end = &record(RECORD_LIMIT)[..RECORD_LIMIT];
            assert!(matches!(next_frame(at_end, true, &spanning), Frame::Record { lines: 2, .. }));
            continue;
        }
        assert!(matches!(next_frame(&record(RECORD_LIMIT), true, &spanning), Frame::Record { lines: 2, .. }));
        assert_eq!(fault(&record(RECORD_LIMIT + 1), &spanning), Some((5, Fault::RecordTooLong)));
    }
}

#[test]
fn an_open_quote_waits_for_no_more_than_the_limit() {
    let spanning = dialect(2, &[1]);
    let open = [b"a,\"x\n".as_slice(), &b"some text\n".repeat(RECORD_LIMIT / 10 + 2)].concat();
    for len in RECORD_LIMIT - 3..RECORD_LIMIT + 5 {
        let frame = next_frame(&open[..len], false, &spanning);
        let waits = frame == Frame::Incomplete;
        assert!(waits || frame == Frame::Rejected { len: 5, fault: Fault::RecordTooLong, column: Some(1) });
        assert!(!waits || len <= RECORD_LIMIT + 1, "{len}");
    }
    assert_eq!(fault(&open, &spanning), Some((5, Fault::RecordTooLong)));
}

/// Every line opens a quote, and the quotes of the lines before it are still open across it.
#[test]
fn quotes_that_stay_open_do_not_make_reading_slower_than_linear() {
    let cases: [(&str, usize, &[usize]); 6] = [
        ("a,\"b\n", 3, &[1]),
        ("a\"\"\",\"c\n", 64, &[1, 2, 3, 4, 5, 6, 7, 8]),
        ("\"\"\"\",x,\"\n", 9, &[0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ("x,\",y\n", 7, &[1, 2, 3, 4]),
        ("\"\n", 5, &[0, 1, 2, 3, 4]),
        ("text without a quote\n", 4, &[1]),
    ];
    let mut nearest = 0;
    for (line, fields, spans) in cases {
        let bytes = [b"z,\"\n".as_slice(), &line.as_bytes().repeat((5 << 18) / line.len())].concat();
        effort::take();
        let (_, rejected) = read_all(&bytes, &dialect(fields, spans));
        let bound = (2 * spans.len() + 1) * bytes.len();
        let read = effort::take();
        nearest = nearest.max(100 * read / bound);
        assert!(read <= bound, "{line:?}: {read} of {} bytes read, {rejected} lines rejected", bytes.len());
    }
    assert!(nearest > 75, "no case comes near the bound, so it proves nothing: {nearest} %");
}

fn hostile_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(b"\"\"\"\"\",,,,\n\n\n\r\rab".to_vec()), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    /// What was decided from the first bytes stays decided, whatever follows: chunks and waves rest on it.
    #[test]
    fn more_bytes_never_change_a_frame(bytes in hostile_bytes(), fields in 1..5_usize, column in 0..4_usize) {
        let dialect = dialect(fields, &[column]);
        let whole = next_frame(&bytes, true, &dialect);
        for len in 1..=bytes.len() {
            let early = next_frame(&bytes[..len], false, &dialect);
            prop_assert!(early == Frame::Incomplete || early == whole, "{early:?} became {whole:?}");
        }
    }

    /// A line that is by itself a whole record is delivered by every reading.
    #[test]
    fn a_whole_line_is_never_swallowed(
        before in hostile_bytes(), after in hostile_bytes(), fields in 1..5_usize, spans in 0..4_usize,
    ) {
        let dialect = dialect(fields, &[spans, spans + 1]);
        let whole = vec!["w"; fields].join(",");
        let start = before.len() + 1;
        let bytes = [before.as_slice(), b"\n", whole.as_bytes(), b"\n", after.as_slice()].concat();
        let (records, _) = read_all(&bytes, &dialect);
        prop_assert!(records.contains(&(start, whole.len() + 1)));
    }
}
