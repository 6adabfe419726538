//! One step of reading: the next record, blank line or rejection at the start of some bytes.

#![expect(clippy::inline_always, reason = "what is not inlined into `dispatch!` is compiled for the oldest machine")]

use fearless_simd::{Level, Simd, dispatch};

use super::line::{Line, Sight, first_line, line_end, sight, window};
use super::quoting::{End, read, read_on};
use super::walk::walk;
use super::{Cells, Dialect, Fault, RECORD_LIMIT};

/// What stands at the start of some bytes. Every `len` is in bytes and includes the terminator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A line of no bytes.
    Blank {
        /// Length of its terminator.
        len: usize,
    },
    /// A record.
    Record {
        /// Its bytes without the terminator.
        content: &'a [u8],
        /// Its length.
        len: usize,
        /// How many physical lines it takes; more than one only when a spanning column holds line breaks.
        lines: usize,
        /// Whether a quote stands in an unquoted field of it.
        bare_quote: bool,
        /// Whether its content is ASCII, and so text without a closer look.
        is_ascii: bool,
        /// How many fields it has; one more than the header where a trailing delimiter is allowed and there.
        fields: usize,
    },
    /// A physical line that cannot be read as a record, or not as the start of one.
    Rejected {
        /// Length of that one line.
        len: usize,
        /// What is wrong.
        fault: Fault,
        /// The column of the quote at fault (0-based, may lie beyond the header); `None` when no quote is.
        column: Option<usize>,
    },
    /// A physical line longer than [`RECORD_LIMIT`] whose end is not in these bytes. It is rejected as
    /// [`Fault::RecordTooLong`] once, here; the caller drops `len` bytes and all that follow through the next
    /// [`line_end`], and so never holds the line.
    Overrun {
        /// How many bytes surely belong to the line: all, but for a last CR that may be half of its terminator.
        len: usize,
    },
    /// More bytes are needed to tell. Never returned for more than [`RECORD_LIMIT`] + 1 bytes, nor when
    /// `at_end`, except for no bytes at all.
    Incomplete,
}

/// What a reader is shown of an accepted record.
#[derive(Debug, Clone, Copy)]
pub struct Accepted<'a> {
    /// Its bytes without the terminator.
    pub content: &'a [u8],
    /// Whether a quote stands in an unquoted field of it.
    pub bare_quote: bool,
    /// Whether the content is ASCII, and so text without a closer look.
    pub is_ascii: bool,
    /// Where the fields that the reader asked for stand in the content.
    pub cells: &'a Cells,
}

/// Reads what stands at the start of `bytes`, which is the start of a physical line. `at_end` says that nothing
/// follows `bytes`. The rule is the [module's](super).
#[must_use]
pub fn next_frame<'a>(bytes: &'a [u8], at_end: bool, dialect: &Dialect) -> Frame<'a> {
    next_frame_at(bytes, at_end, dialect, &mut Cells::default())
}

/// As [`next_frame`]; if it is a record, `cells` point into it.
#[must_use]
pub fn next_frame_at<'a>(bytes: &'a [u8], at_end: bool, dialect: &Dialect, cells: &mut Cells) -> Frame<'a> {
    dispatch!(Level::new(), simd => next_frame_on(simd, bytes, at_end, dialect, cells))
}

/// The step itself, compiled for each kind of machine. All that is rare is left to functions of its own.
#[inline(always)]
fn next_frame_on<'a, S: Simd>(
    simd: S,
    bytes: &'a [u8],
    at_end: bool,
    dialect: &Dialect,
    cells: &mut Cells,
) -> Frame<'a> {
    if bytes.is_empty() {
        return Frame::Incomplete;
    }
    let walk = walk(simd, window(bytes, RECORD_LIMIT), dialect.delimiter, dialect.quote, cells.pointing());
    let line = match sight(bytes, walk.stop, at_end, RECORD_LIMIT) {
        Sight::Beyond => return overlong(bytes, at_end),
        Sight::Unseen => return Frame::Incomplete,
        Sight::Line(line) => line,
    };
    if !dialect.control.is_empty() && dialect.is_control(&bytes[..line.content]) {
        return rejected(line, Fault::ControlRecord, None);
    }
    if line.content == 0 {
        return Frame::Blank { len: line.len };
    }
    if let (true, Some(quote)) = (walk.odd, dialect.quote) {
        return odd_frame(bytes, at_end, dialect, quote, line, cells);
    }
    let record =
        Extent { content: line.content, len: line.len, lines: 1, bare_quote: false, is_ascii: Some(walk.is_ascii) };
    let trailing = bytes[line.content - 1] == dialect.delimiter;
    record.counted(bytes, line, walk.delimiters + 1, trailing, dialect)
}

/// Reads a record in whose first line some quote is not in order, or open at its end, byte by byte.
#[inline(never)]
fn odd_frame<'a>(
    bytes: &'a [u8],
    at_end: bool,
    dialect: &Dialect,
    quote: u8,
    first: Line,
    cells: &mut Cells,
) -> Frame<'a> {
    let frame = quoted_frame(bytes, at_end, dialect, quote, first);
    if let Frame::Record { content, .. } = frame {
        cells.locate(content, dialect);
    }
    frame
}

/// The record or the rejection that begins with the line `first`, which has quotes.
fn quoted_frame<'a>(bytes: &'a [u8], at_end: bool, dialect: &Dialect, quote: u8, first: Line) -> Frame<'a> {
    let reading = read(&bytes[..first.content], dialect.delimiter, quote);
    match reading.end {
        End::Malformed => rejected(first, Fault::MalformedQuote, Some(reading.column)),
        End::Open => {
            let open = Open { column: reading.column, bare_quote: reading.bare_quote };
            spanning_frame(bytes, at_end, dialect, quote, first, open)
        }
        End::Closed => {
            let Line { content, len } = first;
            let record = Extent { content, len, lines: 1, bare_quote: reading.bare_quote, is_ascii: None };
            record.counted(bytes, first, reading.column + 1, reading.trailing, dialect)
        }
    }
}

/// The quote that is open at the end of the lines read so far.
struct Open {
    column: usize,
    bare_quote: bool,
}

/// Follows an open quote into the lines after `first`, as far as the rule lets it.
fn spanning_frame<'a>(
    bytes: &'a [u8],
    at_end: bool,
    dialect: &Dialect,
    quote: u8,
    first: Line,
    mut open: Open,
) -> Frame<'a> {
    let reject = |fault, column| rejected(first, fault, Some(column));
    let mut last = first;
    let mut at = first.len;
    let mut lines = 1;
    loop {
        if !last.is_terminated() {
            return reject(Fault::UnterminatedQuote, open.column);
        }
        if !dialect.may_span(open.column) {
            return reject(Fault::QuoteSpansLines, open.column);
        }
        if at > RECORD_LIMIT {
            return reject(Fault::RecordTooLong, open.column);
        }
        if at == bytes.len() {
            return if at_end { reject(Fault::UnterminatedQuote, open.column) } else { Frame::Incomplete };
        }
        last = match first_line(&bytes[at..], at_end, RECORD_LIMIT - at) {
            Sight::Beyond => return reject(Fault::RecordTooLong, open.column),
            Sight::Unseen => return Frame::Incomplete,
            Sight::Line(line) => line,
        };
        let line = &bytes[at..at + last.content];
        if is_whole_record(line, dialect, quote) {
            return reject(Fault::SwallowedRecord, open.column);
        }
        let reading = read_on(line, dialect.delimiter, quote, open.column);
        open = Open { column: reading.column, bare_quote: open.bare_quote | reading.bare_quote };
        lines += 1;
        match reading.end {
            End::Malformed => return reject(Fault::MalformedQuote, open.column),
            End::Open => at += last.len,
            End::Closed => {
                let (content, len) = (at + last.content, at + last.len);
                let record = Extent { content, len, lines, bare_quote: open.bare_quote, is_ascii: None };
                return record.counted(bytes, first, reading.column + 1, reading.trailing, dialect);
            }
        }
    }
}

/// Whether a line, read alone, would be accepted as a record, or is a control record.
fn is_whole_record(line: &[u8], dialect: &Dialect, quote: u8) -> bool {
    if line.is_empty() {
        return false;
    }
    let reading = read(line, dialect.delimiter, quote);
    dialect.is_control(line) || reading.end == End::Closed && dialect.accepts(reading.column + 1, reading.trailing)
}

/// A record that is well formed but for its number of fields.
struct Extent {
    content: usize,
    len: usize,
    lines: usize,
    bare_quote: bool,
    /// `None` when nobody has looked.
    is_ascii: Option<bool>,
}

impl Extent {
    /// The record if it has the right number of fields, otherwise the rejection of its first line.
    #[inline(always)]
    fn counted<'a>(self, bytes: &'a [u8], first: Line, fields: usize, trailing: bool, dialect: &Dialect) -> Frame<'a> {
        if !dialect.accepts(fields, trailing) {
            return rejected(first, Fault::FieldCount { found: fields }, None);
        }
        let Self { content, len, lines, bare_quote, is_ascii } = self;
        let content = &bytes[..content];
        let is_ascii = is_ascii.unwrap_or_else(|| content.is_ascii());
        Frame::Record { content, len, lines, bare_quote, is_ascii, fields }
    }
}

/// Rejects the one physical line that a record began with.
fn rejected(first: Line, fault: Fault, column: Option<usize>) -> Frame<'static> {
    Frame::Rejected { len: first.len, fault, column }
}

/// Rejects a physical line that is longer than the limit, with or without its end in sight.
#[inline(never)]
fn overlong(bytes: &[u8], at_end: bool) -> Frame<'_> {
    let beyond = &bytes[RECORD_LIMIT..];
    match line_end(beyond, at_end) {
        Some(line) => Frame::Rejected { len: RECORD_LIMIT + line.len, fault: Fault::RecordTooLong, column: None },
        None => Frame::Overrun { len: bytes.len() - usize::from(bytes.ends_with(b"\r")) },
    }
}

#[cfg(test)]
mod tests;
