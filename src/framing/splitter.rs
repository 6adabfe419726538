//! Fields of one framed record. The field grammar is csv-core's; framing only decides what is handed to it.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::Dialect;

/// Splits records into fields, one at a time, in buffers that are kept from record to record.
///
/// It is meant for content that framing accepted; for that, the number of fields equals [`super::Frame`]'s.
#[derive(Debug, Default)]
pub struct Splitter {
    reader: Option<(u8, Option<u8>, Reader)>,
    fields: Fields,
}

/// The fields of one record, unquoted, as bytes.
#[derive(Debug, Default)]
pub struct Fields {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    len: usize,
    /// How many bytes stand between two fields: the delimiter, if the record is kept as it is written.
    between: usize,
}

impl Splitter {
    /// A splitter with small buffers, which grow to the longest record it meets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Splits `content`, a record without its terminator.
    pub fn split(&mut self, content: &[u8], dialect: &Dialect) -> &Fields {
        if self.fields.fill_plain(content, dialect) {
            return &self.fields;
        }
        let reader = match &mut self.reader {
            Some((delimiter, quote, reader)) if (*delimiter, *quote) == (dialect.delimiter, dialect.quote) => reader,
            stale => &mut stale.insert((dialect.delimiter, dialect.quote, reader_of(dialect))).2,
        };
        self.fields.fill(reader, content);
        &self.fields
    }
}

fn reader_of(dialect: &Dialect) -> Reader {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(dialect.delimiter).quoting(dialect.quote.is_some());
    if let Some(quote) = dialect.quote {
        builder.quote(quote);
    }
    builder.build()
}

impl Fields {
    /// How many fields the record has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no field at all, as before the first split or after splitting no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The field at `index` (0-based), or `None` beyond the last.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends[..self.len].get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] + self.between);
        Some(&self.bytes[start..end])
    }

    /// All fields as one text, where each ends in it, and how many bytes stand between one and the next; `None` if they are
    /// not valid UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<(&str, &[usize], usize)> {
        let ends = &self.ends[..self.len];
        let text = std::str::from_utf8(&self.bytes[..ends.last().copied().unwrap_or(0)]).ok()?;
        Some((text, ends, self.between))
    }

    /// The fields in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len).filter_map(|index| self.get(index))
    }

    /// Splits a record in which no quote stands at its delimiters, as the reader would, and faster. `false` if it has a quote,
    /// a line end or no bytes, which are left to the reader.
    fn fill_plain(&mut self, content: &[u8], dialect: &Dialect) -> bool {
        let quote = dialect.quote.unwrap_or(b'\n');
        let odd = |byte: u8| byte == quote || matches!(byte, b'\n' | b'\r');
        // All bytes are looked at, without a way out on the first, so that it is done for many at once.
        if content.is_empty() || content.iter().fold(false, |found, byte| found | odd(*byte)) {
            return false;
        }
        self.bytes.clear();
        self.bytes.extend_from_slice(content);
        self.ends.clear();
        let delimiters = content.iter().enumerate().filter(|(_, byte)| **byte == dialect.delimiter);
        self.ends.extend(delimiters.map(|(at, _)| at));
        self.ends.push(content.len());
        (self.len, self.between) = (self.ends.len(), 1);
        true
    }

    fn fill(&mut self, reader: &mut Reader, content: &[u8]) {
        (self.len, self.between) = (0, 0);
        // Unquoting only shortens, so the text always fits, and one byte more keeps csv-core from asking for room.
        if self.bytes.len() <= content.len() {
            self.bytes.resize(content.len() + 1, 0);
        }
        if self.ends.is_empty() {
            self.ends.resize(16, 0);
        }
        reader.reset();
        // csv-core drops a byte order mark from the first bytes it sees. Here it is data, so they are a blank line.
        let _ = reader.read_record(b"\n", &mut self.bytes, &mut self.ends);
        let mut rest = content;
        let mut written = 0;
        loop {
            let (result, read, wrote, ended) =
                reader.read_record(rest, &mut self.bytes[written..], &mut self.ends[self.len..]);
            rest = &rest[read..];
            written += wrote;
            self.len += ended;
            match result {
                ReadRecordResult::InputEmpty => rest = &[],
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Fields, Splitter, reader_of};
    use crate::framing::Dialect;

    fn dialect(quote: Option<u8>) -> Dialect {
        Dialect { delimiter: b',', quote, fields: 3, ..Dialect::default() }
    }

    fn split(content: &str) -> Vec<String> {
        let mut splitter = Splitter::new();
        let fields = splitter.split(content.as_bytes(), &dialect(Some(b'"')));
        fields.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
    }

    #[test]
    fn quotes_are_taken_off_and_doubled_ones_halved() {
        assert_eq!(split(r#"a,"b, ""c""",d"#), ["a", r#"b, "c""#, "d"]);
    }

    #[test]
    fn bare_quotes_line_ends_and_empty_fields_are_kept() {
        assert_eq!(split("a\"b,\"x\r\ny\","), ["a\"b", "x\r\ny", ""]);
    }

    #[test]
    fn a_byte_order_mark_is_data() {
        assert_eq!(split("\u{feff}a,b,c")[0], "\u{feff}a");
    }

    #[test]
    fn without_a_quote_byte_quotes_are_data() {
        let mut splitter = Splitter::new();
        assert_eq!(splitter.split(br#""a","b""#, &dialect(None)).get(0), Some(br#""a""#.as_slice()));
        assert_eq!(splitter.split(br#""a","b""#, &dialect(Some(b'"'))).get(0), Some(b"a".as_slice()));
    }

    #[test]
    fn a_record_of_many_fields_after_a_small_one_fits() {
        let mut splitter = Splitter::new();
        assert_eq!(splitter.split(b"a,b", &dialect(None)).len(), 2);
        let wide = "x,".repeat(5000) + "last";
        let fields = splitter.split(wide.as_bytes(), &dialect(None));
        assert_eq!((fields.len(), fields.get(5000), fields.get(5001)), (5001, Some(b"last".as_slice()), None));
        assert_eq!(splitter.split(b"a,b", &dialect(None)).iter().collect::<Vec<_>>(), [b"a", b"b"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn records_without_quotes_are_split_as_the_reader_splits_them(
            records in proptest::collection::vec("[a,é\u{feff}\u{0} ]{0,40}(\"|\"x\"|\r|\n)?[b,]{0,9}", 1..6),
            quoting in any::<bool>(),
        ) {
            let dialect = dialect(quoting.then_some(b'"'));
            let mut splitter = Splitter::new();
            for record in records {
                let mut by_reader = Fields::default();
                by_reader.fill(&mut reader_of(&dialect), record.as_bytes());
                let fields = splitter.split(record.as_bytes(), &dialect);
                prop_assert_eq!(fields.iter().collect::<Vec<_>>(), by_reader.iter().collect::<Vec<_>>());
                for fields in [fields, &by_reader] {
                    let (text, ends, between) = fields.text().expect("the record is a text");
                    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + between));
                    let texts = starts.zip(ends).map(|(start, end)| &text.as_bytes()[start..*end]);
                    prop_assert_eq!(texts.collect::<Vec<_>>(), fields.iter().collect::<Vec<_>>());
                }
            }
        }
    }
}
