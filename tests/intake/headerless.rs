//! Exports without a header line, whose layout names the columns: the first record is a record, however the file is packed
//! and however its bytes arrive.

use std::io::{Cursor, Read};

use ivig_audit::rules::Rulebook;
use ivig_audit::scan::{Batch, Export, Pace};
use ivig_audit::source::Source;

use crate::AS_OF;
use crate::shapes::layout;

const RECORDS: &str = "o1,J1459,G61.81\no2,99213,I10\no3,J1569,G70.00\n";

fn supplied() -> ivig_audit::intake::Layout {
    layout(
        "[dialect]\ndelimiters = [\";\", \",\"]\nquote = \"\\\"\"\nallow-trailing-delimiter = true\n\
         header = [\"order\", \"code\", \"dx\"]\n\
         [columns]\norder_id = [\"order\"]\nproduct_code = [\"code\"]\ndx = [\"dx\"]\n",
    )
}

/// Records, orders by id and number, lines of the header, and how many bytes the scan said it read.
fn scan(input: impl Read + Send + 'static) -> (u64, Vec<(String, u64)>, u64, u64) {
    let rulebook = Rulebook::open("aanem-2023").expect("the ruleset ships");
    let layout = supplied();
    let export = Export::open(input, std::slice::from_ref(&layout)).expect("the layout is chosen");
    let (mut records, mut orders, mut shown) = (0, Vec::new(), 0);
    let take = |batch: Batch| {
        records += batch.tally.records();
        orders.extend(batch.rows.into_iter().map(|row| (row.order_id.unwrap_or_default(), row.record)));
        Ok::<(), std::convert::Infallible>(())
    };
    let extent = export.scan(&rulebook, AS_OF, "test.csv", Pace::of(1), |bytes| shown = bytes, take).expect("it reads");
    assert_eq!(extent.lines.physical(), extent.seen, "every line is one of something");
    (records, orders, extent.lines.header, shown)
}

fn expected() -> Vec<(String, u64)> {
    vec![("o1".to_owned(), 1), ("o3".to_owned(), 3)]
}

/// Gives one byte at a time.
struct Drops(Cursor<Vec<u8>>);

impl Read for Drops {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let one = buffer.len().min(1);
        self.0.read(&mut buffer[..one])
    }
}

#[test]
fn the_first_record_of_a_file_without_a_header_line_is_the_first_order() {
    let crlf = RECORDS.replace('\n', "\r\n");
    let trailing = RECORDS.replace('\n', ",\n");
    let quoted = RECORDS.replacen("o1", "\"o1\"", 1);
    let cut = RECORDS.trim_end().to_owned();
    for text in
        [RECORDS.to_owned(), format!("\u{feff}{RECORDS}"), crlf, trailing, quoted, cut, RECORDS.replace(',', ";")]
    {
        let (records, orders, header, shown) = scan(Cursor::new(text.clone()));
        assert_eq!((records, orders, header), (3, expected(), 0), "{text:?}");
        assert_eq!(shown, text.len() as u64, "every byte is counted once");
        let (records, orders, _, _) = scan(Drops(Cursor::new(text.clone().into_bytes())));
        assert_eq!((records, orders), (3, expected()), "byte by byte: {text:?}");
    }
}

#[test]
fn a_header_line_that_is_there_after_all_is_no_record() {
    for header in ["order,code,dx", "\u{feff}ORDER,Code,DX", "\norder,code,dx"] {
        let (records, orders, lines, _) = scan(Cursor::new(format!("{header}\n{RECORDS}")));
        assert_eq!((records, orders, lines), (3, expected(), 1), "{header:?}");
    }
    let (records, orders, _, _) = scan(&b"order,code\n"[..]);
    assert_eq!((records, orders), (0, vec![]), "a header of fewer columns is told by its names too");
}

#[test]
fn a_blank_line_before_the_first_record_is_blank() {
    let (records, orders, header, _) = scan(Cursor::new(format!("\n{RECORDS}")));
    assert_eq!((records, orders, header), (3, expected(), 0));
}

/// Scans what a source makes of stored bytes.
fn stored(bytes: Vec<u8>) -> (u64, Vec<(String, u64)>, u64) {
    let (records, orders, header, _) = scan(Source::open(Cursor::new(bytes), None).expect("it opens"));
    (records, orders, header)
}

#[test]
fn another_encoding_without_a_header_line_keeps_its_first_record() {
    let utf16: Vec<u8> = format!("\u{feff}{RECORDS}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(stored(utf16), (3, expected(), 0));
    assert_eq!(stored(format!("\u{feff}{RECORDS}").into_bytes()), (3, expected(), 0));
}

#[cfg(feature = "decompression")]
#[test]
fn a_packed_file_without_a_header_line_keeps_its_first_record() {
    use std::io::Write;
    for text in [RECORDS.to_owned(), format!("\u{feff}{RECORDS}")] {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        let packed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).expect("it is packed");
        assert_eq!(stored(packed), (3, expected(), 0));
    }
}
