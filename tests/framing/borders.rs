//! Lines against the borders of the blocks that framing reads them by: whatever stands there, records, wanted fields and
//! what is said of them are those of the oracle and of the csv crate.

use std::borrow::Cow;

use csv::ReaderBuilder;
use ivig_audit::framing::{Cells, Dialect, Frame, next_frame, next_frame_at};
use ivig_audit::scan::wave::Place;
use proptest::prelude::*;

use crate::oracle;
use crate::transcript::{Event, What, commas};

/// One line is read at once, so a border further along is like the second.
const OFFSETS: usize = 130;

const WANTED: [usize; 3] = [0, 1, 3];

/// Random inputs; all of them in a release build, with which every change is tested before it lands.
const CASES: u32 = if cfg!(debug_assertions) { 400 } else { 2000 };

/// Reads all of an input, and holds what is said of each record to a plain look at it.
fn read(bytes: &[u8], dialect: &Dialect) -> Vec<Event> {
    let mut cells = Cells::of(WANTED);
    let (mut events, mut place) = (Vec::new(), Place { record: 1, line: 1, offset: 0 });
    while place.offset < bytes.len() as u64 {
        let rest = &bytes[place.offset as usize..];
        let (len, lines, what) = match next_frame_at(rest, true, dialect, &mut cells) {
            Frame::Blank { len } => (len, 1, None),
            Frame::Record { content, len, lines, bare_quote, is_ascii, fields } => {
                assert_eq!(is_ascii, content.is_ascii());
                check_cells(content, fields, &cells, dialect);
                (len, lines, Some(What::Record { content: content.to_vec(), bare_quote }))
            }
            Frame::Rejected { len, fault, column } => (len, 1, Some(What::Rejected { fault, column })),
            Frame::Overrun { .. } | Frame::Incomplete => {
                unreachable!("the lines are short, and the input is all there")
            }
        };
        let seen = what.map(|what| Event { place, what });
        place = place + Place { record: u64::from(seen.is_some()), line: lines as u64, offset: len as u64 };
        events.extend(seen);
    }
    events
}

/// Holds wanted fields, unquoted, to those that the csv crate splits a record into.
fn check_cells(content: &[u8], fields: usize, cells: &Cells, dialect: &Dialect) {
    // A line before it, since the csv crate takes a byte order mark from the start of the input.
    let input = [b"h\n", content, b"\n"].concat();
    let mut reader = ReaderBuilder::new();
    reader
        .buffer_capacity(512)
        .has_headers(false)
        .flexible(true)
        .delimiter(dialect.delimiter)
        .quoting(dialect.quote.is_some());
    if let Some(quote) = dialect.quote {
        reader.quote(quote);
    }
    let record = reader.from_reader(&*input).into_byte_records().nth(1).expect("a record").expect("memory");
    assert_eq!(record.len(), fields);
    for (nth, &column) in cells.wanted().iter().enumerate() {
        let found = unquoted(cells.raw(nth, content), dialect.quote);
        assert_eq!(
            record.get(column).unwrap_or_default(),
            &*found,
            "{column} of {:?}",
            String::from_utf8_lossy(content)
        );
    }
}

fn unquoted(raw: &[u8], quote: Option<u8>) -> Cow<'_, [u8]> {
    let Some((quote, inner)) = quote.and_then(|quote| Some((quote, raw.strip_prefix(&[quote])?))) else {
        return raw.into();
    };
    let inner = inner.strip_suffix(&[quote]).expect("a quoted field ends with its quote");
    let mut doubled = false;
    let halved = inner.iter().copied().filter(|&byte| {
        doubled = byte == quote && !doubled;
        byte != quote || doubled
    });
    halved.collect::<Vec<_>>().into()
}

/// Holds a reading of an input to the oracle's.
fn check(bytes: &[u8], dialect: &Dialect) {
    let (expected, _) = oracle::read(bytes, 1, 0, dialect);
    assert_eq!(read(bytes, dialect), expected, "{:?}", String::from_utf8_lossy(bytes));
}

/// `text` with the dialect's delimiter for each comma and its quote for each double quote.
fn written(text: &[u8], dialect: &Dialect) -> Vec<u8> {
    let own = |&byte: &u8| match byte {
        b',' => dialect.delimiter,
        b'"' => dialect.quote.unwrap_or(byte),
        other => other,
    };
    text.iter().map(own).collect()
}

fn marks() -> impl Iterator<Item = (u8, Option<u8>)> {
    b",\t|;^".iter().flat_map(|&delimiter| [Some(b'"'), Some(b'\''), None].map(|quote| (delimiter, quote)))
}

#[test]
fn every_piece_is_read_as_the_oracle_reads_it_at_every_offset() {
    let pieces = [
        "",
        ",",
        "\"",
        "\"\"",
        "\",",
        ",\"",
        ",\"\"",
        ",\"\",",
        ",\"\"\"\"",
        ",\"a\"\"b\"",
        ",\"a,b\"",
        ",\"a\"x",
        "a\"b",
        "Ä",
        ",\"Ä\"",
        "\n",
        "\r\n",
        "\r",
        "\r\r\n",
        "\n\r",
        ",\n",
        "\",\n\"",
        ",\"\r\n\"",
        ",\"b\nb\"",
        ",\"b\r\n\"\"b\"",
        "\"\n",
        ",\"\n,,,\nx\"",
    ];
    let mut turns = marks().collect::<Vec<_>>().into_iter().cycle();
    for offset in 0..=OFFSETS {
        for piece in pieces {
            let (delimiter, quote) = turns.next().expect("a cycle");
            let spans = vec![false, offset % 2 == 0, offset % 3 == 0];
            let dialect = Dialect { delimiter, quote, spans, ..commas(3, &[]) };
            let filler = "x".repeat(offset);
            for text in [
                format!("{filler}{piece},c\na,b,c\n"),
                format!("{filler}{piece},b,c\r\na,b,c\r\n"),
                format!("\"{filler}\"{piece},\"b\",\"c\"\r\n\"a\",\"b\",\"c\""),
                format!("a,\"{filler}{piece}\",c\n\na,b,c\r"),
                format!("a,{}{piece}\n", ",".repeat(offset)),
            ] {
                check(&written(text.as_bytes(), &dialect), &dialect);
                check(text.as_bytes(), &commas(3, &[1]));
            }
        }
    }
}

/// An export in which every field is quoted, cut off at every byte: as its end, and as what is in sight of it.
#[test]
fn bytes_that_end_anywhere_are_read_as_the_oracle_reads_them_or_wait_for_more() {
    let dialect = commas(4, &[2]);
    for len in [1, 7, 40, 50, 51, 52, 53, 54, 55, 56, 57, 64, 100] {
        let note = "n".repeat(len);
        let text = format!("\"1\",\"a, \"\"b\"\"\",\"{note}\r\n\"\"{note}\",\"\"\r\n\"2\",\"{note}\",,Ä\r\n3,,,\r\n");
        let whole = next_frame(text.as_bytes(), true, &dialect);
        for cut in 0..=text.len() {
            let bytes = &text.as_bytes()[..cut];
            check(bytes, &dialect);
            let early = next_frame(bytes, false, &dialect);
            assert!(early == Frame::Incomplete || early == whole, "{early:?} became {whole:?}");
        }
    }
}

/// Text in which whole records come up often, long enough for several blocks to a line.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(vec![
        "\"",
        "\"",
        "\"\"",
        ",",
        ",",
        "\n",
        "\r\n",
        "\r",
        "Ä",
        "\u{feff}",
        " ",
        "a",
        "a plain field that is not short",
        "a,b,c\n",
        "\"a\",\"b\",\"c\"\r\n",
        "a,\"say \"\"a\"\", or, b\",c\n",
        "\"first\nsecond\",",
        ",\"a\"",
        "\",\"",
        "\",",
        "\"the longest of the fields, which has \"\"quotes\"\" and delimiters, fills more than a block\",",
    ]);
    prop::collection::vec(token, 0..90).prop_map(|tokens| tokens.concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_as_the_oracle_reads_it(
        text in texts(),
        (delimiter, quote) in prop::sample::select(marks().collect::<Vec<_>>()),
        (fields, spans) in (1..6_usize, prop::collection::vec(any::<bool>(), 0..6)),
        (allow_trailing_delimiter, allow_missing_fields) in (any::<bool>(), prop::sample::select(vec![0, 0, 1, 2])),
        control in prop::sample::select(vec![None, Some("a"), Some("Ä")]),
    ) {
        let control = control.map(str::to_owned).into_iter().collect();
        let dialect =
            Dialect { delimiter, quote, fields, spans, allow_trailing_delimiter, allow_missing_fields, control };
        check(&written(&text, &dialect), &dialect);
    }

    #[test]
    fn a_small_alphabet_is_read_as_the_oracle_reads_it(
        bytes in prop::collection::vec(prop::sample::select(b"\"\"\"\",,,,\n\rab\xff".to_vec()), 0..400), fields in 1..9_usize,
    ) {
        check(&bytes, &commas(fields, &[1, 2]));
        check(&bytes, &Dialect { quote: None, ..commas(fields, &[]) });
    }
}
