//! The framing rule, byte by byte over a whole input. Clarity before speed; nothing is shared with the framer.

use ivig_audit::framing::{Dialect, Fault, RECORD_LIMIT};
use ivig_audit::scan::wave::{LineCounts, Place};

use crate::transcript::{Event, What};

/// A physical line: where it starts, where its terminator starts, where the next line starts.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
    next: usize,
}

/// Reads `bytes`, all that follows the header, and says what a reading must see and count.
pub fn read(bytes: &[u8], first_line: u64, first_offset: u64, dialect: &Dialect) -> (Vec<Event>, LineCounts) {
    let lines = lines(bytes);
    let mut counts = LineCounts { header: first_line - 1, ..LineCounts::default() };
    let mut events = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Line { start, end, .. } = lines[at];
        let place = Place {
            record: counts.records + counts.rejected + 1,
            line: first_line + at as u64,
            offset: first_offset + start as u64,
        };
        if start == end {
            counts.blank += 1;
            at += 1;
            continue;
        }
        match record(bytes, &lines[at..], dialect) {
            Ok(Found { taken, bare_quote }) => {
                let content = bytes[start..lines[at + taken - 1].end].to_vec();
                events.push(Event { place, what: What::Record { content, bare_quote } });
                counts.records += 1;
                counts.record_lines += taken as u64;
                at += taken;
            }
            Err((fault, column)) => {
                events.push(Event { place, what: What::Rejected { fault, column } });
                counts.rejected += 1;
                counts.rejected_lines += 1;
                at += 1;
            }
        }
    }
    (events, counts)
}

fn lines(bytes: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < bytes.len() {
        let terminator = match bytes[at] {
            b'\r' if at + 1 < bytes.len() && bytes[at + 1] == b'\n' => 2,
            b'\n' | b'\r' => 1,
            _ => 0,
        };
        if terminator > 0 {
            lines.push(Line { start, end: at, next: at + terminator });
            start = at + terminator;
        }
        at += terminator.max(1);
    }
    if start < bytes.len() {
        lines.push(Line { start, end: bytes.len(), next: bytes.len() });
    }
    lines
}

/// An accepted record: of how many lines, and whether a quote stands in an unquoted field.
struct Found {
    taken: usize,
    bare_quote: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Nothing of the field has been read.
    Begin,
    Unquoted,
    Quoted,
    /// In a quoted field, just after a quote: the closing one, or the first of a doubled one.
    AfterQuote,
}

/// Reads the record that begins with the first of `lines`.
fn record(bytes: &[u8], lines: &[Line], dialect: &Dialect) -> Result<Found, (Fault, Option<usize>)> {
    let start = lines[0].start;
    let mut state = State::Begin;
    let mut column = 0;
    let mut bare_quote = false;
    for (nth, line) in lines.iter().enumerate() {
        let in_quote = (nth > 0).then_some(column);
        if line.end - start > RECORD_LIMIT {
            return Err((Fault::RecordTooLong, in_quote));
        }
        if nth == 0 && is_control(bytes, *line, dialect) {
            return Err((Fault::ControlRecord, None));
        }
        if nth > 0 && is_whole(bytes, *line, dialect) {
            return Err((Fault::SwallowedRecord, in_quote));
        }
        for &byte in &bytes[line.start..line.end] {
            let quotes = Some(byte) == dialect.quote;
            let delimits = byte == dialect.delimiter;
            state = match state {
                State::Quoted if quotes => State::AfterQuote,
                State::Quoted => State::Quoted,
                State::AfterQuote | State::Begin if quotes => State::Quoted,
                _ if delimits => {
                    column += 1;
                    State::Begin
                }
                State::AfterQuote => return Err((Fault::MalformedQuote, Some(column))),
                State::Begin | State::Unquoted => {
                    bare_quote |= quotes;
                    State::Unquoted
                }
            };
        }
        if state != State::Quoted {
            let found = column + 1;
            let trailing = state == State::Begin && column > 0;
            let lacks = found < dialect.fields && dialect.fields - found <= dialect.allow_missing_fields;
            return if found == dialect.fields
                || lacks
                || (dialect.allow_trailing_delimiter && trailing && found == dialect.fields + 1)
            {
                Ok(Found { taken: nth + 1, bare_quote })
            } else {
                Err((Fault::FieldCount { found }, None))
            };
        }
        if line.end == line.next {
            return Err((Fault::UnterminatedQuote, Some(column)));
        }
        if column >= dialect.fields || dialect.spans.get(column) != Some(&true) {
            return Err((Fault::QuoteSpansLines, Some(column)));
        }
        if line.next - start > RECORD_LIMIT {
            return Err((Fault::RecordTooLong, Some(column)));
        }
    }
    Err((Fault::UnterminatedQuote, Some(column)))
}

/// Whether a line, cut out and put alone, is a record.
fn is_whole(bytes: &[u8], line: Line, dialect: &Dialect) -> bool {
    let alone = &bytes[line.start..line.end];
    let only = Line { start: 0, end: alone.len(), next: alone.len() };
    !alone.is_empty() && (is_control(bytes, line, dialect) || record(alone, &[only], dialect).is_ok())
}

/// Whether the first field of a line, without spaces, then quotes, then spaces again, is one of the words.
fn is_control(bytes: &[u8], line: Line, dialect: &Dialect) -> bool {
    let mut field = Vec::new();
    for &byte in &bytes[line.start..line.end] {
        if byte == dialect.delimiter {
            break;
        }
        field.push(byte);
    }
    let mut word = field.trim_ascii();
    if let (Some(quote), [first, inner @ .., last]) = (dialect.quote, word)
        && (*first, *last) == (quote, quote)
    {
        word = inner.trim_ascii();
    }
    dialect.control.iter().any(|own| own.as_bytes() == word)
}
