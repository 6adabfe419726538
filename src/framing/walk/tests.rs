//! The walk by blocks, at every width that the machine has, against the reading byte by byte.

use fearless_simd::{Level, dispatch};
use proptest::prelude::*;

use super::super::blocks::levels;
use super::super::quoting::{End, read};
use super::super::{Cells, Dialect};
use super::{Walk, walk};

/// Walks over `line`, a line end and what follows it, at every width, and holds the result to a reading of the line alone.
fn check(line: &[u8], follows: &[u8], delimiter: u8, quote: Option<u8>, wanted: &[usize]) {
    let dialect = Dialect { delimiter, quote, ..Dialect::default() };
    // Without a quote every byte is data; a byte that the line lacks then stands for the quote.
    let none = || (0..=u8::MAX).find(|byte| *byte != delimiter && !line.contains(byte));
    let Some(plain_quote) = quote.or_else(none) else { return };
    let reading = read(line, delimiter, plain_quote);
    let odd = reading.end != End::Closed || reading.bare_quote;
    let mut plain_cells = Cells::of(wanted.iter().copied());
    plain_cells.locate(line, &dialect);
    let bytes = [line, follows].concat();
    for level in levels() {
        let mut cells = Cells::of(wanted.iter().copied());
        let found = dispatch!(level, simd => walk(simd, &bytes, delimiter, quote, cells.pointing()));
        let delimiters = if odd { found.delimiters } else { reading.column };
        let expected = Walk { stop: line.len(), delimiters, odd, is_ascii: line.is_ascii() };
        assert_eq!(found, expected, "{level:?}: {:?}", String::from_utf8_lossy(&bytes));
        assert!(odd || cells == plain_cells, "{level:?}: {cells:?} in {:?}", String::from_utf8_lossy(&bytes));
    }
}

/// What may follow a line: nothing, each line end alone, and more of the export, quotes that are none of this line's too.
const FOLLOWS: [&[u8]; 5] = [b"", b"\n", b"\r\n", b"\r\"", b"\n\"a,\",\"\"b\xff\n"];

#[test]
fn quotes_and_delimiters_are_understood_on_both_sides_of_every_border_of_blocks() {
    let pieces: [&[u8]; 20] = [
        b"",
        b",",
        b"\"",
        b"\"\"",
        b",\"",
        b"\",",
        b",\"\",",
        b",\"\"\",",
        b",\"\"\"\",",
        b"\",\"",
        b"\"x",
        b"x\"",
        b",\"a\"\"b\",",
        b",\"a,b\",",
        b",\"a\"x,",
        b",a\"x\",",
        b"\xc3\x84",
        b",,,",
        b"\"\"\"",
        b"\" ,",
    ];
    for len in 0..=130 {
        for piece in pieces {
            for (before, after) in [(b'x', b"".as_slice()), (b'x', b"z,y"), (b',', b"\""), (b'"', b",z")] {
                let line = [&vec![before; len], piece, after].concat();
                check(&line, FOLLOWS[len % 5], b',', Some(b'"'), &[0, 2, 3]);
                let quoted = [b"\"".as_slice(), &vec![b'x'; len], piece, b"\",", piece, after].concat();
                check(&quoted, FOLLOWS[(len + 1) % 5], b',', Some(b'"'), &[1, 2]);
            }
        }
    }
}

#[test]
fn a_line_of_any_length_ends_where_it_does_whatever_follows() {
    for len in 0..=260 {
        for line in [vec![b'x'; len], vec![b','; len], b"ab,".repeat(len / 3), b"\"a,b\",".repeat(len / 6)] {
            for follows in FOLLOWS {
                check(&line, follows, b',', Some(b'"'), &[0, 1, 63, 64, 65, 127, 128]);
            }
        }
    }
}

#[test]
fn bytes_that_are_none_of_the_lines_do_not_make_it_less_ascii() {
    check(b"a,b", b"\n\xc3\x84", b',', Some(b'"'), &[1]);
    check("Ä,b".as_bytes(), b"\n", b',', Some(b'"'), &[1]);
    check(&[vec![b'x'; 64], "Ä".into()].concat(), b"\r\n", b',', None, &[0]);
}

#[test]
fn a_quote_that_is_the_delimiter_too_is_left_to_the_reading_byte_by_byte() {
    let mut cells = Cells::default();
    assert!(dispatch!(Level::new(), simd => walk(simd, b"a,b\n", b',', Some(b','), cells.pointing())).odd);
}

/// A delimiter and a quote.
fn marks() -> impl Strategy<Value = (u8, Option<u8>)> {
    (prop::sample::select(b",\t|;^".to_vec()), prop::sample::select(vec![Some(b'"'), Some(b'\''), None]))
}

/// Lines that are full of delimiters and quotes, or nearly well formed, of up to several blocks.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let hostile = prop::collection::vec(prop::sample::select(b"\"\"\"\",,,ab\xc3".to_vec()), 0..200);
    let field =
        prop::sample::select(vec!["", "a", "plain text", "\"\"", "\"a, b\"", "\"say \"\"a\"\", b\"", "Ä", "\"\"\"\""]);
    let well_formed = prop::collection::vec(field, 0..60).prop_map(|fields| fields.join(",").into_bytes());
    let damaged = (well_formed.clone(), any::<prop::sample::Index>(), prop::sample::select(b"\",x".to_vec()));
    let damaged = damaged.prop_map(|(mut line, at, byte)| {
        line.insert(at.index(line.len() + 1), byte);
        line
    });
    prop_oneof![hostile, well_formed, damaged]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_walk_finds_what_a_reading_byte_by_byte_finds(
        line in lines(), follows in prop::sample::select(FOLLOWS.to_vec()), (delimiter, quote) in marks(),
        wanted in prop::collection::vec(0..70_usize, 0..8),
    ) {
        let own = |byte: u8| match byte {
            b',' => delimiter,
            b'"' => quote.unwrap_or(b'"'),
            other => other,
        };
        let line: Vec<u8> = line.into_iter().map(own).collect();
        check(&line, follows, delimiter, quote, &wanted);
    }

    #[test]
    fn any_bytes_are_walked_over_as_they_are_read(
        line in prop::collection::vec(any::<u8>(), 0..400), delimiter in 32_u8.., quote in prop::option::of(32_u8..),
    ) {
        let line: Vec<u8> = line.into_iter().filter(|&byte| byte != b'\n' && byte != b'\r').collect();
        if quote != Some(delimiter) {
            check(&line, b"\nmore", delimiter, quote, &[0, 1, 5]);
        }
    }
}
