//! One chunk of a wave: where it is guessed to begin, how it is read, and the check that the guess was right.

use std::ops::Range;

use rayon::prelude::*;

use super::lines::{LineCounts, Place};
use crate::framing::{Accepted, Cells, Dialect, Fault, Frame, line_end, next_frame, next_frame_at};

/// What is done with the records of a chunk. One visitor sees one chunk, in order, on one thread.
///
/// A visitor may be shown records that are none, when the chunk began at a wrong guess; it is then dropped and
/// never handed over. So a visitor keeps what it learns to itself, and neither fails nor writes before it is taken.
pub trait Visitor: Send {
    /// The fields that [`Visitor::record`] is to be pointed at; none unless a visitor asks. Asked once, before the first
    /// record.
    fn cells(&self) -> Cells {
        Cells::default()
    }

    /// An accepted record. `place` is relative to the chunk until [`Visitor::rebase`] is called.
    fn record(&mut self, place: Place, record: Accepted<'_>);

    /// A rejected record: one physical line. `column` is that of the quote at fault, counted from 0; it may lie
    /// beyond the header. `place` is relative as above.
    fn rejected(&mut self, place: Place, fault: Fault, column: Option<usize>);

    /// Called once, after the last record, on the thread that read it, whether or not the visitor is then handed over.
    fn finished(&mut self) {}

    /// Called once, after the last record and before the visitor is handed over: every place that the visitor
    /// kept becomes a place in the export when `base` is added to it.
    fn rebase(&mut self, base: Place);
}

/// The bytes that are in memory: a part of the input that begins where a record or a blank line begins.
#[derive(Clone, Copy)]
pub(super) struct Wave<'a> {
    pub bytes: &'a [u8],
    /// Whether the input ends with these bytes.
    pub last: bool,
    pub dialect: &'a Dialect,
}

/// What a wave's chunks gave, in input order and each proven to have begun at the right place.
pub(super) struct Reading<V> {
    pub chunks: Vec<Chunk<V>>,
    /// How many bytes of the wave were read; the rest needs more bytes.
    pub read: usize,
    /// Whether the wave ends inside a line that is longer than the limit.
    pub overrun: bool,
}

/// A part of a wave that was read by one visitor.
pub(super) struct Chunk<V> {
    pub visitor: V,
    pub counts: LineCounts,
    /// Where reading began and where it truly stopped, in the wave's bytes.
    pub span: Range<usize>,
    stop: Stop,
    /// Where the next chunk was guessed to begin.
    border: usize,
}

/// Why reading of a chunk stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// At the first record at or after its border.
    Border,
    /// At a record that goes on beyond the wave.
    Unfinished,
    /// In a line that is longer than the limit and goes on beyond the wave.
    Overrun,
}

impl Wave<'_> {
    /// Reads the wave in chunks, in parallel on the current pool, and joins them.
    pub fn read<V: Visitor>(self, chunk_size: usize, make: impl Fn() -> V + Sync) -> Reading<V> {
        let borders = self.borders(chunk_size);
        let chunks = borders.par_windows(2).map(|pair| self.read_chunk(pair[0]..pair[1], make())).collect();
        join(chunks, |range| self.read_chunk(range, make()))
    }

    /// The guessed beginnings of chunks, from 0 to the wave's length.
    fn borders(self, chunk_size: usize) -> Vec<usize> {
        let len = self.bytes.len();
        let guesses = (1..len.div_ceil(chunk_size))
            .into_par_iter()
            .filter_map(|chunk| self.guess(chunk * chunk_size, len.min((chunk + 1) * chunk_size)));
        let mut borders = vec![0];
        borders.par_extend(guesses);
        borders.push(len);
        borders
    }

    /// A likely beginning of a record from `begin` to before `end`: the first line that reads as a record, or
    /// else the first line. When the record is of one line, the guess is not only likely but right, since the
    /// framing rule never lets such a line be swallowed.
    fn guess(self, begin: usize, end: usize) -> Option<usize> {
        let first = begin - 1 + line_end(&self.bytes[begin - 1..end], false)?.len;
        let mut at = first;
        while at < end {
            match next_frame(&self.bytes[at..], self.last, self.dialect) {
                Frame::Record { .. } => return Some(at),
                Frame::Blank { len } | Frame::Rejected { len, .. } => at += len,
                Frame::Overrun { .. } | Frame::Incomplete => break,
            }
        }
        (first < end).then_some(first)
    }

    /// Reads the records that begin in `range`; the last of them may end after it.
    fn read_chunk<V: Visitor>(self, range: Range<usize>, mut visitor: V) -> Chunk<V> {
        let mut cells = visitor.cells();
        let mut counts = LineCounts::default();
        let mut at = range.start;
        let mut stop = Stop::Border;
        while at < range.end && stop == Stop::Border {
            let place =
                Place { record: counts.all_records() + 1, line: counts.physical(), offset: (at - range.start) as u64 };
            match next_frame_at(&self.bytes[at..], self.last, self.dialect, &mut cells) {
                Frame::Blank { len } => {
                    counts.blank += 1;
                    at += len;
                }
                Frame::Record { content, len, lines, bare_quote, is_ascii, .. } => {
                    counts.records += 1;
                    counts.record_lines += lines as u64;
                    visitor.record(place, Accepted { content, bare_quote, is_ascii, cells: &cells });
                    at += len;
                }
                Frame::Rejected { len, fault, column } => {
                    counts.rejected += 1;
                    counts.rejected_lines += 1;
                    visitor.rejected(place, fault, column);
                    at += len;
                }
                Frame::Overrun { len } => {
                    counts.rejected += 1;
                    counts.rejected_lines += 1;
                    visitor.rejected(place, Fault::RecordTooLong, None);
                    at += len;
                    stop = Stop::Overrun;
                }
                Frame::Incomplete => stop = Stop::Unfinished,
            }
        }
        visitor.finished();
        Chunk { visitor, counts, span: range.start..at, stop, border: range.end }
    }
}

/// The seam check. A chunk that began where the one before it truly stopped was read as one thread would have
/// read it; any other is read again from there, or dropped when the one before it read through it. The first
/// chunk begins where the wave does, so by induction all are right.
fn join<V>(chunks: Vec<Chunk<V>>, reread: impl Fn(Range<usize>) -> Chunk<V>) -> Reading<V> {
    let mut joined: Vec<Chunk<V>> = Vec::with_capacity(chunks.len());
    let mut read = 0;
    let mut stop = Stop::Border;
    for guessed in chunks {
        let chunk = if guessed.span.start == read {
            guessed
        } else if read < guessed.border {
            reread(read..guessed.border)
        } else {
            continue;
        };
        read = chunk.span.end;
        stop = chunk.stop;
        joined.push(chunk);
        if stop != Stop::Border {
            break;
        }
    }
    Reading { chunks: joined, read, overrun: stop == Stop::Overrun }
}

#[cfg(test)]
mod tests {
    use super::{Visitor, Wave};
    use crate::framing::{Accepted, Dialect, Fault};
    use crate::scan::lines::Place;

    /// Keeps where records were seen.
    #[derive(Default)]
    struct Offsets(Vec<u64>);

    impl Visitor for Offsets {
        fn record(&mut self, place: Place, _: Accepted<'_>) {
            self.0.push(place.offset);
        }

        fn rejected(&mut self, place: Place, _: Fault, _: Option<usize>) {
            self.0.push(place.offset);
        }

        fn rebase(&mut self, _: Place) {}
    }

    const NOTES: &[u8] = b"1,\"one\ntwo\nthree\nfour\",x\n2,\"one\ntwo\n\nthree\",x\n3,short,x\n";

    fn dialect() -> Dialect {
        let spans = vec![false, true, false];
        Dialect { delimiter: b',', quote: Some(b'"'), fields: 3, spans, ..Dialect::default() }
    }

    /// The guessed borders, and where records truly begin.
    fn starts(chunk_size: usize, dialect: &Dialect) -> (Vec<usize>, Vec<u64>) {
        let wave = Wave { bytes: NOTES, last: true, dialect };
        let reading = wave.read(chunk_size, Offsets::default);
        assert_eq!((reading.read, reading.overrun), (NOTES.len(), false));
        let borders = wave.borders(chunk_size);
        let absolute = |chunk: &super::Chunk<Offsets>| {
            chunk.visitor.0.iter().map(|offset| chunk.span.start as u64 + offset).collect::<Vec<_>>()
        };
        (borders, reading.chunks.iter().flat_map(absolute).collect())
    }

    #[test]
    fn a_wrong_guess_inside_a_note_is_read_again_from_where_the_note_ends() {
        let dialect = dialect();
        for chunk_size in 1..NOTES.len() {
            let (_, records) = starts(chunk_size, &dialect);
            assert_eq!(records, [0, 25, 46], "chunk size {chunk_size}");
        }
        let (borders, _) = starts(8, &dialect);
        assert!(borders.contains(&11), "a chunk without a record begins at its first line: {borders:?}");
    }

    #[test]
    fn a_guess_takes_the_first_line_that_reads_as_a_record() {
        let (borders, _) = starts(20, &dialect());
        assert_eq!(borders, [0, 25, 46, 56], "not the line ends inside the notes");
    }

    #[test]
    fn what_goes_on_beyond_the_wave_is_left_to_the_next_one() {
        let dialect = dialect();
        let bytes = &NOTES[..NOTES.len() - 14];
        let reading = Wave { bytes, last: false, dialect: &dialect }.read(4, Offsets::default);
        assert_eq!(reading.read, 25);
    }
}
