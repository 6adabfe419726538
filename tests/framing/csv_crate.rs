//! On well-formed exports without line breaks in fields, the records are those of the csv crate, field for field.

use std::convert::Infallible;

use csv::{QuoteStyle, ReaderBuilder, Terminator, WriterBuilder};
use ivig_audit::framing::{Accepted, Dialect, Fault, Splitter};
use ivig_audit::scan::wave::{Pace, Place, Start, Visitor, read_waves};
use proptest::prelude::*;

/// Splits every record as a real visitor would. A rejection is kept: only a visitor that is handed over counts.
struct Rows {
    dialect: Dialect,
    splitter: Splitter,
    split: Vec<Vec<Vec<u8>>>,
    rejected: Vec<Fault>,
}

impl Visitor for Rows {
    fn record(&mut self, _: Place, Accepted { content, .. }: Accepted<'_>) {
        let fields = self.splitter.split(content, &self.dialect);
        self.split.push(fields.iter().map(<[u8]>::to_vec).collect());
    }

    fn rejected(&mut self, _: Place, fault: Fault, _: Option<usize>) {
        self.rejected.push(fault);
    }

    fn rebase(&mut self, _: Place) {}
}

fn our_rows(input: &[u8], dialect: &Dialect, pace: Pace) -> Vec<Vec<Vec<u8>>> {
    let mut rows = Vec::new();
    let make = || Rows { dialect: dialect.clone(), splitter: Splitter::new(), split: vec![], rejected: vec![] };
    let take = |visitor: Rows| {
        assert_eq!(visitor.rejected, [], "a well-formed record was rejected");
        rows.extend(visitor.split);
        Ok::<(), Infallible>(())
    };
    let input = std::io::Cursor::new(input.to_vec());
    read_waves(input, Start { line: 1, offset: 0 }, dialect, pace, make, |_| {}, take).expect("reading reconciles");
    rows
}

fn csv_rows(input: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
    let mut reader = ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(input);
    let row = |record: csv::ByteRecord| record.iter().map(<[u8]>::to_vec).collect();
    reader.byte_records().map(|record| row(record.expect("the csv crate reads what it wrote"))).collect()
}

fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
    let field = prop::string::string_regex("[a-z0-9\", |;\tÄ\u{feff}]{0,9}").expect("a valid pattern").boxed();
    (1..7_usize).prop_flat_map(move |width| prop::collection::vec(prop::collection::vec(field.clone(), width), 0..40))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn well_formed_exports_read_as_the_csv_crate_reads_them(
        table in tables(),
        delimiter in prop::sample::select(b",|;\t".to_vec()),
        style in prop::sample::select(vec![QuoteStyle::Necessary, QuoteStyle::Always]),
        terminator in prop::sample::select(vec![Terminator::CRLF, Terminator::Any(b'\n')]),
        threads in 1..4_usize,
        chunk_size in 1..200_usize,
    ) {
        let mut writer =
            WriterBuilder::new().delimiter(delimiter).quote_style(style).terminator(terminator).from_writer(Vec::new());
        // A first row of its own, since the csv crate takes a byte order mark from the start of the input.
        writer.write_record(vec!["header"; table.first().map_or(1, Vec::len)]).expect("memory");
        for row in &table {
            writer.write_record(row).expect("rows of one width");
        }
        let input = writer.into_inner().expect("memory");
        let fields = table.first().map_or(1, Vec::len);
        let dialect =
            Dialect { delimiter, quote: Some(b'"'), fields, ..Dialect::default() };
        let rows = our_rows(&input, &dialect, Pace { threads, chunk_size });
        prop_assert_eq!(&rows, &csv_rows(&input, delimiter));
        prop_assert_eq!(rows.len(), table.len() + 1);
    }
}

#[test]
fn notes_of_many_lines_read_as_the_csv_crate_reads_them() {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    for row in 0..500 {
        let note = format!("line one, with a comma\nline \"two\"\r\n\nline {row}");
        let note = if row % 3 == 0 { note.as_str() } else { "" };
        writer.write_record([row.to_string().as_str(), "x", note, "y"]).expect("memory");
    }
    let input = writer.into_inner().expect("memory");
    let dialect = Dialect {
        delimiter: b',',
        quote: Some(b'"'),
        fields: 4,
        spans: vec![false, false, true, false],
        ..Dialect::default()
    };
    for chunk_size in [1, 10, 100, 1000] {
        assert_eq!(our_rows(&input, &dialect, Pace { threads: 3, chunk_size }), csv_rows(&input, b','));
    }
}
