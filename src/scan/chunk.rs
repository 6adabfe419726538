//! One chunk of the text: where it is guessed to begin, how it is read, and the check that the guess was right.

use std::convert::Infallible;
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

/// The bytes that are in memory: a part of the text.
#[derive(Clone, Copy)]
pub(super) struct Wave<'a> {
    pub bytes: &'a [u8],
    /// Where they stand: all places below are counted as this one is.
    pub base: u64,
    /// Whether the text ends with these bytes.
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

/// A part of the text that is read by one visitor.
pub(super) struct Chunk<V> {
    pub visitor: V,
    cells: Cells,
    pub counts: LineCounts,
    /// Where reading began, and where it stands or truly stopped.
    pub span: Range<u64>,
    pub stop: Stop,
    /// Records that begin before it are read.
    border: u64,
}

/// Why reading of a chunk stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// At the first record at or after its border.
    Border,
    /// At a record that goes on beyond the bytes in memory.
    Unfinished,
    /// In a line that is longer than the limit and goes on beyond the bytes in memory.
    Overrun,
}

impl<V: Visitor> Chunk<V> {
    /// The records that begin in `range`, yet to be read.
    pub fn new(range: Range<u64>, visitor: V) -> Self {
        let cells = visitor.cells();
        let counts = LineCounts::default();
        Self { visitor, cells, counts, span: range.start..range.start, stop: Stop::Border, border: range.end }
    }
}

impl Wave<'_> {
    /// Reads the wave, which begins where a record or a blank line does, in chunks, in parallel on the current pool, and
    /// joins them.
    pub fn read<V: Visitor>(self, chunk_size: usize, make: impl Fn() -> V + Sync) -> Reading<V> {
        let borders = self.borders(chunk_size);
        let read = |range: Range<u64>| {
            let mut chunk = Chunk::new(range, make());
            self.read_on(&mut chunk);
            chunk.visitor.finished();
            chunk
        };
        let chunks: Vec<_> = borders.par_windows(2).map(|pair| read(pair[0]..pair[1])).collect();
        let mut seam = Seam { read: self.base };
        let mut joined = Vec::with_capacity(chunks.len());
        let mut stop = Stop::Border;
        for guessed in chunks {
            let Ok(stopped) = seam.join(guessed, |range| Ok::<_, Infallible>(read(range)), |chunk| joined.push(chunk));
            stop = stopped;
            if stop != Stop::Border {
                break;
            }
        }
        Reading { chunks: joined, read: (seam.read - self.base) as usize, overrun: stop == Stop::Overrun }
    }

    /// The guessed beginnings of chunks, from the wave's beginning to its end.
    fn borders(self, chunk_size: usize) -> Vec<u64> {
        let len = self.bytes.len();
        let guesses = (1..len.div_ceil(chunk_size))
            .into_par_iter()
            .filter_map(|chunk| self.guess(chunk * chunk_size, len.min((chunk + 1) * chunk_size)));
        let mut borders = vec![self.base];
        borders.par_extend(guesses);
        borders.push(self.base + len as u64);
        borders
    }

    /// A likely beginning of a record from the byte `begin` to before `end`: the first line that reads as a record, or
    /// else the first line. When the record is of one line, the guess is not only likely but right, since the
    /// framing rule never lets such a line be swallowed.
    fn guess(self, begin: usize, end: usize) -> Option<u64> {
        let first = begin - 1 + line_end(&self.bytes[begin - 1..end], false)?.len;
        let mut at = first;
        while at < end {
            match next_frame(&self.bytes[at..], self.last, self.dialect) {
                Frame::Record { .. } => return Some(self.base + at as u64),
                Frame::Blank { len } | Frame::Rejected { len, .. } => at += len,
                Frame::Overrun { .. } | Frame::Incomplete => break,
            }
        }
        (first < end).then_some(self.base + first as u64)
    }

    /// The same for bytes counted as the wave's base is.
    pub fn guess_between(self, range: Range<u64>) -> Option<u64> {
        self.guess((range.start - self.base) as usize, (range.end - self.base) as usize)
    }

    /// Reads the records that begin from where the chunk stands to before its border; the last of them may end after
    /// it. Where the bytes in memory do not suffice, the chunk says why it stopped, and reads on in another wave.
    pub fn read_on<V: Visitor>(self, chunk: &mut Chunk<V>) {
        let Chunk { visitor, cells, counts, span, stop, border } = chunk;
        let start = span.start;
        let mut at = (span.end - self.base) as usize;
        // A line longer than the limit may have led beyond the border, and all that is in memory too.
        let end = border.saturating_sub(self.base) as usize;
        *stop = Stop::Border;
        while at < end && *stop == Stop::Border {
            let offset = self.base + at as u64 - start;
            let place = Place { record: counts.all_records() + 1, line: counts.physical(), offset };
            match next_frame_at(&self.bytes[at..], self.last, self.dialect, cells) {
                Frame::Blank { len } => {
                    counts.blank += 1;
                    at += len;
                }
                Frame::Record { content, len, lines, bare_quote, is_ascii, .. } => {
                    counts.records += 1;
                    counts.record_lines += lines as u64;
                    visitor.record(place, Accepted { content, bare_quote, is_ascii, cells });
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
                    *stop = Stop::Overrun;
                }
                Frame::Incomplete => *stop = Stop::Unfinished,
            }
        }
        span.end = self.base + at as u64;
    }
}

/// The seam check. A chunk that began where the one before it truly stopped was read as one thread would have
/// read it; any other is read again from there, or dropped when the one before it read through it. What lies between
/// the stop and a chunk that began later is read for itself. The first chunk begins where it should, so by induction
/// all are right.
pub(super) struct Seam {
    /// Up to where the text is read.
    pub read: u64,
}

impl Seam {
    /// Joins the next chunk to what is read: `hand` gets what is proven right. Says why reading stopped; where it is not
    /// at the border, nothing can follow.
    pub fn join<V, E>(
        &mut self,
        guessed: Chunk<V>,
        mut reread: impl FnMut(Range<u64>) -> Result<Chunk<V>, E>,
        mut hand: impl FnMut(Chunk<V>),
    ) -> Result<Stop, E> {
        let (start, border) = (guessed.span.start, guessed.border);
        if self.read < start {
            let between = reread(self.read..start)?;
            let stop = self.accept(between, &mut hand);
            if stop != Stop::Border {
                return Ok(stop);
            }
        }
        if self.read == start {
            return Ok(self.accept(guessed, hand));
        }
        if self.read < border {
            let again = reread(self.read..border)?;
            return Ok(self.accept(again, hand));
        }
        Ok(Stop::Border)
    }

    fn accept<V>(&mut self, right: Chunk<V>, mut hand: impl FnMut(Chunk<V>)) -> Stop {
        self.read = right.span.end;
        let stop = right.stop;
        hand(right);
        stop
    }
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
    fn starts(chunk_size: usize, dialect: &Dialect) -> (Vec<u64>, Vec<u64>) {
        let wave = Wave { bytes: NOTES, base: 0, last: true, dialect };
        let reading = wave.read(chunk_size, Offsets::default);
        assert_eq!((reading.read, reading.overrun), (NOTES.len(), false));
        let borders = wave.borders(chunk_size);
        let absolute = |chunk: &super::Chunk<Offsets>| {
            chunk.visitor.0.iter().map(|offset| chunk.span.start + offset).collect::<Vec<_>>()
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
        let reading = Wave { bytes, base: 0, last: false, dialect: &dialect }.read(4, Offsets::default);
        assert_eq!(reading.read, 25);
    }
}
