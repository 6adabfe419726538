//! Framing: where one record of an export ends and the next begins, and which records cannot be trusted.
//!
//! Every CSV reader that was tried loses rows without a word when one stray quote opens in one record and closes
//! in a later one, because the field count can stay right. So the unit of account here is the *physical line*,
//! and this module never gives a record that hides another one. It does no I/O and depends on nothing else here.
//!
//! # The rule
//!
//! 1. A **physical line** ends with LF, CRLF or a lone CR, wherever they stand, in quotes too. The end of the
//!    input ends the last line. A line of no bytes is **blank**: counted, never a record.
//! 2. A **record** is one physical line, unless a quoted field of a column that may span lines
//!    ([`Dialect::spans`]) is open at the line's end.
//! 3. A field is **quoted** only if its first byte is the quote. Inside, a doubled quote stands for one quote.
//!    After the closing quote must come the delimiter, a line end or the end of the input; anything else is
//!    [`Fault::MalformedQuote`]. A quote in a field that does not begin with one is data, and the record is
//!    marked `bare_quote`. Nothing is trimmed: a space before a quote makes the field unquoted. A byte order
//!    mark is data: whoever opens the export removes the one at its start.
//! 4. A record has the header's number of fields, or one more if the last is empty, unquoted and the dialect
//!    allows a trailing delimiter, or fewer by as many as the dialect lets a record lack at its end. Otherwise
//!    [`Fault::FieldCount`].
//! 5. A quote that is open at the end of a line
//!    - is [`Fault::UnterminatedQuote`] if the input ends there,
//!    - is [`Fault::QuoteSpansLines`] if its column may not span lines (a column beyond the header never may),
//!    - otherwise goes on into the next line, as long as the record, line ends included, is not longer than
//!      [`RECORD_LIMIT`]; beyond that it is [`Fault::RecordTooLong`].
//! 6. A line taken in by an open quote is a **swallowed line**, the one that closes the quote included. If a
//!    swallowed line is by itself a whole record (rules 3 and 4 applied to that line alone) or a control record
//!    (rule 9), the quote that swallowed it is [`Fault::SwallowedRecord`]. This is judged before anything else about
//!    that line but its length.
//! 7. A physical line longer than [`RECORD_LIMIT`] is [`Fault::RecordTooLong`], whatever else is wrong with it.
//! 8. **A rejected record is always exactly its first physical line.** Reading resumes at the next physical
//!    line, so that the lines a bad quote had taken in are read again as records of their own.
//! 9. A physical line whose first field, up to the first delimiter and without quotes and white space round it, is one
//!    of [`Dialect::control`] is [`Fault::ControlRecord`], whatever its quotes and its number of fields.
//!
//! # What follows from it
//!
//! - *Nothing good is swallowed.* A line that is by itself a whole record is never inside another record
//!   (rule 6) and never inside a rejection of another line (rule 8): every reading delivers it. So such a line
//!   is also a safe place to start reading in the middle of an export, which the parallel reader uses.
//! - *The sums hold.* Every line is blank, part of one accepted record, or one rejected record.
//! - *Linear time.* A line is read when reading arrives at it, and again (alone, and as a continuation) by each
//!   earlier line whose quote is still open across it. When one such line stands between another and the line
//!   they both reach, the other's quote must have closed in it and one of a later spanning column opened. So with
//!   *s* spanning columns no byte is read more than 2*s* + 1 times.
//! - *A limit of the rule.* The line that closes a quote in the *first* column looks like a whole record unless
//!   the text in it holds a delimiter, and is then refused; so it is in the second column where records end with
//!   a delimiter too many, and wherever the text in it has just as many delimiters as are missing. The rule
//!   prefers a loud rejection to a silent merge.

mod blocks;
mod cells;
mod fault;
mod frame;
mod line;
mod quoting;
mod splitter;
mod walk;

pub use blocks::count_line_ends;
pub use cells::Cells;
pub use fault::Fault;
pub use frame::{Accepted, Frame, next_frame, next_frame_at};
pub use line::{Line, line_end};
pub use splitter::{Fields, Splitter};

/// The longest record, and the longest physical line, that is read, in bytes without the terminator. A record
/// beyond it is rejected, so that one lost quote or one lost line end cannot fill the memory.
pub const RECORD_LIMIT: usize = 1 << 20;

/// The shape of an export's lines, as its layout and its header declare it. Nothing in it is guessed from data.
///
/// Delimiter and quote are two different bytes, and neither is CR or LF: the layout is checked for that where
/// it is loaded. Framing with other values gives useless records, but still ends and still accounts for every line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between two fields.
    pub delimiter: u8,
    /// The byte that quotes a field; `None` when the export does not quote, and a quote is then data.
    pub quote: Option<u8>,
    /// How many fields the header has, and so every record.
    pub fields: usize,
    /// By column index: whether a quoted field of that column may span lines. A missing entry means it may not.
    pub spans: Vec<bool>,
    /// Whether a record may end with one delimiter too many, as some database exports write.
    pub allow_trailing_delimiter: bool,
    /// How many of its last fields a record may lack.
    pub allow_missing_fields: usize,
    /// First fields of lines that are header or trailer records of the export.
    pub control: Vec<String>,
}

impl Default for Dialect {
    /// Commas and double quotes, for no fields yet.
    fn default() -> Self {
        Self {
            delimiter: b',',
            quote: Some(b'"'),
            fields: 0,
            spans: Vec::new(),
            allow_trailing_delimiter: false,
            allow_missing_fields: 0,
            control: Vec::new(),
        }
    }
}

impl Dialect {
    /// Whether a quoted field of `column` (0-based) may go on into the next line.
    #[must_use]
    pub fn may_span(&self, column: usize) -> bool {
        column < self.fields && self.spans.get(column).copied().unwrap_or(false)
    }

    /// Whether a record of `found` fields is one of this export, `trailing` being whether it ends with a delimiter.
    fn accepts(&self, found: usize, trailing: bool) -> bool {
        found == self.fields
            || (self.allow_trailing_delimiter && trailing && found == self.fields + 1)
            || (found < self.fields && found + self.allow_missing_fields >= self.fields)
    }

    /// Whether a physical line is a header or trailer record: its first field, without quotes and white space round it, is
    /// one of the words.
    #[must_use]
    pub fn is_control(&self, line: &[u8]) -> bool {
        if self.control.is_empty() {
            return false;
        }
        let first = line.split(|byte| *byte == self.delimiter).next().unwrap_or_default();
        let first = first.trim_ascii();
        let bare = self.quote.and_then(|quote| first.strip_prefix(&[quote])?.strip_suffix(&[quote]));
        let word = bare.unwrap_or(first).trim_ascii();
        self.control.iter().any(|own| own.as_bytes() == word)
    }
}
