//! One export: its header read and bound, then its records in waves.

use std::io::{self, Read};

use chrono::NaiveDate;

use super::body::Body;
use super::gather::Gather;
use super::lines::LineCounts;
use super::screening::Screening;
use super::wave::{Pace, Start, WaveError};
use super::worker::{Gathered, Job, Worker};
use crate::framing::{Dialect, RECORD_LIMIT, line_end};
use crate::intake::{Binding, Column, Decoder, Layout, RecogniseError, Role, recognise_beside};
use crate::rules::Rulebook;
use crate::source::Access;

/// The byte-order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// An export whose header has been read.
#[derive(Debug)]
pub struct Export<R> {
    pub(super) body: Body<R>,
    /// The layout it is read by.
    pub layout: Layout,
    /// Which field holds which column.
    pub binding: Binding,
    /// The shape of its lines.
    pub dialect: Dialect,
}

/// What an export turned out to hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// What became of every line.
    pub lines: LineCounts,
    /// Physical lines, counted from the bytes alone.
    pub seen: u64,
}

/// Why an export cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The bytes cannot be had.
    #[error("{0}")]
    Read(#[from] io::Error),
    /// No layout fits.
    #[error("{0}")]
    Recognise(#[from] RecogniseError),
    /// The header does not end.
    #[error("the header line is longer than {RECORD_LIMIT} bytes; is this a delimited text file?")]
    HeaderTooLong,
    /// The header is not that of the companion.
    #[error("{0}")]
    Companion(String),
}

impl<R: Read> Export<R> {
    /// Reads the header line and finds the layout that fits it among `layouts`.
    ///
    /// # Errors
    /// [`OpenError`] if the input cannot be read or fits no layout.
    pub fn open(input: R, layouts: &[Layout]) -> Result<Self, OpenError> {
        Self::open_beside(input, layouts, &[])
    }

    /// The same for lines beside which files of other roles are given.
    ///
    /// # Errors
    /// [`OpenError`] if the input cannot be read or fits no layout.
    pub fn open_beside(mut input: R, layouts: &[Layout], given: &[Role]) -> Result<Self, OpenError> {
        let control = control_dialects(layouts);
        let mut bytes = Vec::new();
        let mut at_end = false;
        let (blank, before, header) = loop {
            let is_control = |line: &[u8]| control.iter().any(|dialect| dialect.is_control(line));
            if let Some(found) = header_line_behind(&bytes, at_end, is_control) {
                break found;
            }
            if bytes.len() > RECORD_LIMIT {
                return Err(OpenError::HeaderTooLong);
            }
            let before = bytes.len();
            input.by_ref().take(64 << 10).read_to_end(&mut bytes)?;
            at_end = bytes.len() == before;
        };
        let recognised = recognise_beside(&bytes[header.content.clone()], layouts, given)?;
        let layout = layouts[recognised.layout].clone();
        let fields = recognised.binding.header.len();
        let mut spans = vec![false; fields];
        for column in &layout.dialect.spans {
            for field in recognised.binding.fields(*column) {
                spans[*field] = true;
            }
        }
        let dialect = Dialect {
            delimiter: recognised.delimiter,
            quote: layout.dialect.quote.map(|quote| quote as u8),
            fields,
            spans,
            allow_trailing_delimiter: layout.dialect.allow_trailing_delimiter,
            allow_missing_fields: layout.dialect.allow_missing_fields,
            control: layout.dialect.control.clone(),
        };
        // Without a header line the records begin where the file does. Control records before a header line are lines
        // of it.
        let (blank, lines, end) =
            if recognised.has_header { (blank, blank + before + 1, header.end) } else { (0, 0, mark_of(&bytes)) };
        let ahead = bytes.split_off(end);
        let start = Start { line: lines + 1, offset: end as u64 };
        let body = Body { head: bytes, ahead, rest: input, start, blank, access: None };
        Ok(Self { body, layout, binding: recognised.binding, dialect })
    }

    /// The same with other ways to the bytes than the stream: a plain file is then read by position, and whoever reads
    /// makes the digests.
    #[must_use]
    pub fn with_access(mut self, access: Access) -> Self {
        self.body.access = Some(access);
        self
    }

    /// Reads and assesses all records. `seen` is told how many bytes of the text are read, on some thread; `take` gets
    /// the batches in input order, on the calling thread.
    ///
    /// # Errors
    /// [`WaveError`] if the input cannot be read, `take` refuses a batch, or the lines do not add up.
    pub fn scan<G: Gather, E>(
        self,
        rulebook: &Rulebook,
        as_of: NaiveDate,
        source_file: &str,
        pace: Pace,
        seen: impl FnMut(u64) + Send,
        mut take: impl FnMut(Gathered<G>) -> Result<(), E>,
    ) -> Result<Extent, WaveError<E>>
    where
        R: Send + 'static,
    {
        let decoder = Decoder::new(&self.layout, &self.binding, as_of);
        let job = Job { rulebook, decoder, dialect: &self.dialect, source_file, beside: None };
        let screening = Screening::new(&self.binding);
        let worker = || Worker::screening(job, &screening);
        self.body.read(&self.dialect, pace, worker, seen, |worker| take(worker.into_batch()))
    }

    /// Whether a column is bound.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.binding.has(column)
    }

    /// Delimiter and quoting in words; the encoding is told by the [`Receipt`](crate::source::Receipt).
    #[must_use]
    pub fn dialect_in_words(&self) -> String {
        in_words(&self.dialect)
    }
}

/// Delimiter and quoting in words.
pub(super) fn in_words(dialect: &Dialect) -> String {
    let delimiter = match dialect.delimiter {
        b',' => "comma".to_owned(),
        b'\t' => "tab".to_owned(),
        b'|' => "pipe".to_owned(),
        b';' => "semicolon".to_owned(),
        other => format!("`{}`", other as char),
    };
    let quote = dialect.quote.map_or_else(|| "no quoting".to_owned(), |quote| format!("quoted with {}", quote as char));
    format!("{delimiter}, {quote}")
}

/// Where the header line is.
pub(super) struct HeaderLine {
    pub content: std::ops::Range<usize>,
    pub end: usize,
}

/// The first line that is not blank, and how many blank ones stand before it; `None` if more bytes are needed.
pub(super) fn header_line(bytes: &[u8], at_end: bool) -> Option<(u64, HeaderLine)> {
    header_line_behind(bytes, at_end, |_| false).map(|(blank, _, header)| (blank, header))
}

/// What tells header and trailer records, of each layout and each of its delimiters.
fn control_dialects(layouts: &[Layout]) -> Vec<Dialect> {
    let dialects = layouts.iter().map(|layout| &layout.dialect).filter(|dialect| !dialect.control.is_empty());
    let of = |dialect: &crate::intake::LayoutDialect, delimiter: char| Dialect {
        delimiter: delimiter as u8,
        quote: dialect.quote.map(|quote| quote as u8),
        control: dialect.control.clone(),
        ..Dialect::default()
    };
    dialects.flat_map(|dialect| dialect.delimiters.iter().map(move |delimiter| of(dialect, *delimiter))).collect()
}

/// How long the byte-order mark is that the bytes begin with.
fn mark_of(bytes: &[u8]) -> usize {
    if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
}

/// The first line that is not blank and no control record, how many blank ones stand before it, and how many control
/// records; `None` if more bytes are needed. At the end of the input there is always an answer.
fn header_line_behind(
    bytes: &[u8],
    at_end: bool,
    is_control: impl Fn(&[u8]) -> bool,
) -> Option<(u64, u64, HeaderLine)> {
    let mut at = mark_of(bytes);
    let (mut blank, mut control) = (0, 0);
    loop {
        let Some(line) = line_end(&bytes[at..], at_end) else {
            return at_end.then_some((blank, control, HeaderLine { content: at..bytes.len(), end: bytes.len() }));
        };
        let content = at..at + line.content;
        if line.content > 0 && !is_control(&bytes[content.clone()]) {
            return Some((blank, control, HeaderLine { content, end: at + line.len }));
        }
        if line.len == 0 {
            return Some((blank, control, HeaderLine { content: at..at, end: at }));
        }
        *(if line.content == 0 { &mut blank } else { &mut control }) += 1;
        at += line.len;
    }
}
