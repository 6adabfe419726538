//! What a reading saw, in order, and the ways to read.

use std::convert::Infallible;
use std::io::Read;

use ivig_audit::framing::{Accepted, Dialect, Fault};
use ivig_audit::scan::position::{Text, read_positions};
use ivig_audit::scan::wave::{LineCounts, Pace, Place, Start, Visitor, read_waves};

/// One record or rejection with its place in the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub place: Place,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Record { content: Vec<u8>, bare_quote: bool },
    Rejected { fault: Fault, column: Option<usize> },
}

/// A visitor that keeps everything.
#[derive(Debug, Default)]
pub struct Transcript {
    pub events: Vec<Event>,
}

impl Visitor for Transcript {
    fn record(&mut self, place: Place, Accepted { content, bare_quote, .. }: Accepted<'_>) {
        self.events.push(Event { place, what: What::Record { content: content.to_vec(), bare_quote } });
    }

    fn rejected(&mut self, place: Place, fault: Fault, column: Option<usize>) {
        self.events.push(Event { place, what: What::Rejected { fault, column } });
    }

    fn rebase(&mut self, base: Place) {
        for event in &mut self.events {
            event.place = event.place + base;
        }
    }
}

/// A dialect with commas and double quotes, whose columns `spans` may span lines.
pub fn commas(fields: usize, spans: &[usize]) -> Dialect {
    Dialect {
        delimiter: b',',
        quote: Some(b'"'),
        fields,
        spans: (0..fields).map(|column| spans.contains(&column)).collect(),
        ..Dialect::default()
    }
}

/// Reads everything after a header of one line and 10 bytes, and checks that `seen` got the input as it is.
pub fn read(input: &[u8], dialect: &Dialect, pace: Pace) -> (Vec<Event>, LineCounts) {
    let mut seen = Vec::new();
    let read = read_from(std::io::Cursor::new(input.to_vec()), dialect, pace, |bytes| seen.extend_from_slice(bytes));
    assert!(seen == input, "the digest would not be that of the input");
    read
}

pub const START: Start = Start { line: 2, offset: 10 };

pub fn read_from(
    input: impl Read + Send + 'static,
    dialect: &Dialect,
    pace: Pace,
    seen: impl FnMut(&[u8]) + Send,
) -> (Vec<Event>, LineCounts) {
    let mut events = Vec::new();
    let take = |transcript: Transcript| {
        events.extend(transcript.events);
        Ok::<(), Infallible>(())
    };
    let (counts, extent) = read_waves(input, START, dialect, pace, Transcript::default, seen, take)
        .expect("reading reconciles with the input");
    assert_eq!(counts.physical(), extent.lines, "lines accounted for, and lines counted from the bytes alone");
    (events, counts)
}

/// As [`read`], by position: behind ten bytes of a header, or three more of a mark before them. Checks the digests too.
pub fn read_by_position(input: &[u8], dialect: &Dialect, pace: Pace, mark: usize) -> (Vec<Event>, LineCounts) {
    let header = [&b"\xef\xbb\xbf"[..mark], b"header...\n"].concat();
    let start = Start { offset: header.len() as u64, ..START };
    let bytes = [&header, input].concat();
    let mut events = Vec::new();
    let take = |transcript: Transcript| {
        events.extend(transcript.events);
        Ok::<(), Infallible>(())
    };
    let mut seen = 0;
    let text = Text { bytes: bytes.as_slice(), len: bytes.len() as u64, skips: &[0, mark] };
    let found = read_positions(&text, start, dialect, pace, Transcript::default, |bytes| seen = bytes, take)
        .expect("reading reconciles with the input");
    assert_eq!(found.lines.physical(), found.seen.lines, "lines accounted for, and lines counted from the bytes alone");
    assert_eq!(seen, bytes.len() as u64, "all is read");
    let digests: Vec<_> = found.digests.iter().map(ivig_audit::source::Tree::digest).collect();
    assert_eq!(digests, [blake3::hash(&bytes), blake3::hash(&bytes[mark..])]);
    for event in &mut events {
        event.place.offset -= mark as u64;
    }
    (events, found.lines)
}
