//! Parallel reading that equals sequential reading.
//!
//! A thread of its own reads the input in *waves*: bounded runs of bytes. While it unpacks the next ones, the
//! workers cut the present one into chunks and read these in parallel, each from a guessed record start. The
//! seam check (in `chunk`) holds every guess against where the chunk before it truly stopped, so what comes out
//! is what one thread would have read, for any number of threads and any chunk size. The unfinished record at a
//! wave's end is carried into the next one. Finished chunks are handed over in input order, on the calling thread.
//!
//! Memory is three waves, three records of the limit, and the visitors of two waves, however large the input is and
//! however long its lines are.

use std::io::{self, Read};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use thiserror::Error;

pub use super::chunk::Visitor;
use super::chunk::{Chunk, Reading, Wave};
use super::feed::{Ahead, Buffer, Feed};
use super::lines::Census;
pub use super::lines::{LineCounts, Place};
use crate::framing::{Dialect, line_end};

/// The most bytes that one wave reads.
const WAVE_LIMIT: usize = 32 << 20;

/// How many chunks a wave has for each thread: enough that one slow chunk does not leave the others waiting.
const CHUNKS_PER_THREAD: usize = 4;

/// The most threads that are started.
const THREAD_LIMIT: usize = 256;

/// Where the input stands when reading begins: after the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// The physical line number, from 1, of the first line that is read here.
    pub line: u64,
    /// How many bytes of the decoded stream stand before it.
    pub offset: u64,
}

/// How the work is divided. It changes how fast reading is, never what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Threads that read records, at least 1. Of a file that is read by position the calling thread is one of them; a
    /// stream is read by another one beside them.
    pub threads: usize,
    /// Bytes in a chunk, at least 1. Chunks are smaller when a wave of them would be too large.
    pub chunk_size: usize,
}

impl Pace {
    /// Chunks of a size that measured well, for `threads` threads.
    #[must_use]
    pub fn of(threads: usize) -> Self {
        Self { threads, chunk_size: 256 << 10 }
    }

    pub(super) fn threads(self) -> usize {
        self.threads.clamp(1, THREAD_LIMIT)
    }

    pub(super) fn chunk_size(self) -> usize {
        self.chunk_size.clamp(1, WAVE_LIMIT / self.threads() / CHUNKS_PER_THREAD)
    }

    fn wave_size(self) -> usize {
        self.chunk_size() * self.threads() * CHUNKS_PER_THREAD
    }
}

/// Why reading did not come to its end. `E` is the error of the one who takes the visitors.
#[derive(Debug, Error)]
pub enum WaveError<E> {
    /// The input could not be read.
    #[error("{0}")]
    Read(#[source] io::Error),
    /// The input is not what it was when reading began.
    #[error("the file changed while it was read")]
    Changed,
    /// The threads could not be started.
    #[error("the reading threads could not be started")]
    Threads(#[source] ThreadPoolBuildError),
    /// The one who takes the visitors refused one.
    #[error("what was read could not be taken")]
    Take(#[source] E),
    /// Reading accounts for other lines or bytes than the input has. This is a bug, and nothing may be published.
    #[error("reading accounts for {0}, but the input has {1}")]
    Unreconciled(Extent, Extent),
}

/// So many physical lines and bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Physical lines, header included.
    pub lines: u64,
    /// Bytes of the decoded stream, header included.
    pub bytes: u64,
}

impl std::fmt::Display for Extent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} lines and {} bytes", self.lines, self.bytes)
    }
}

/// Reads `input` to its end and hands visitors over in input order.
///
/// `make` gives a new visitor for a chunk; a chunk that was read twice uses two and only the right one is handed
/// over. `seen` gets every byte of the input once, in order, on some thread, so that hashing does not hold up reading.
/// `take` gets each visitor after [`Visitor::rebase`], on the calling thread, while workers read; together they saw every
/// record exactly once. The threads are this call's own; `make` and the visitors may not wait for another pool.
///
/// # Errors
///
/// [`WaveError`]; visitors that were already taken stay taken.
pub fn read_waves<R: Read + Send + 'static, V: Visitor, E>(
    input: R,
    start: Start,
    dialect: &Dialect,
    pace: Pace,
    make: impl Fn() -> V + Sync,
    mut seen: impl FnMut(&[u8]) + Send,
    mut take: impl FnMut(V) -> Result<(), E>,
) -> Result<(LineCounts, Extent), WaveError<E>> {
    let pool = threads(pace.threads()).map_err(WaveError::Threads)?;
    let mut census = Census::default();
    let mut account = Account::new(start);
    // One thread does nothing but read the input, so that nothing holds up a decompressor.
    let ahead = Ahead::of(Feed::new(input), pace.wave_size()).map_err(WaveError::Read)?;
    let mut present = ahead.next().map_err(WaveError::Read)?;
    let mut ready: Vec<V> = Vec::new();
    loop {
        account.skip_overrun(&mut present);
        let wave = Wave { bytes: present.bytes(), base: 0, last: present.last, dialect };
        let mut reading = Reading { chunks: Vec::new(), read: 0, overrun: false };
        pool.in_place_scope(|scope| {
            scope.spawn(|_| reading = wave.read(pace.chunk_size(), &make));
            scope.spawn(|_| {
                census.see(present.fresh());
                seen(present.fresh());
            });
            ready.drain(..).try_for_each(&mut take).map_err(WaveError::Take)
        })?;
        ready.extend(reading.chunks.into_iter().map(|chunk| account.admit(chunk)));
        account.overrun |= reading.overrun;
        if present.last {
            break;
        }
        let mut coming = ahead.next().map_err(WaveError::Read)?;
        coming.carry(&present.bytes()[reading.read..]);
        // As many new bytes as were carried over, so that a long record is not read again for each small wave.
        let size = pace.wave_size().max(coming.carried());
        ahead.fill(std::mem::replace(&mut present, coming), size);
    }
    ready.into_iter().try_for_each(take).map_err(WaveError::Take)?;
    let lines = start.line.saturating_sub(1) + census.lines();
    let seen = Extent { lines, bytes: start.offset + census.bytes };
    account.reconcile(seen).map(|counts| (counts, seen))
}

pub(super) fn threads(count: usize) -> Result<ThreadPool, ThreadPoolBuildError> {
    ThreadPoolBuilder::new().num_threads(count).thread_name(|index| format!("read-{index}")).build()
}

/// What has been read so far, which is also where the next chunk stands.
pub(super) struct Account {
    counts: LineCounts,
    offset: u64,
    /// Whether the present bytes begin inside a line that is longer than the limit and already rejected.
    overrun: bool,
}

impl Account {
    pub fn new(start: Start) -> Self {
        let counts = LineCounts { header: start.line.saturating_sub(1), ..LineCounts::default() };
        Self { counts, offset: start.offset, overrun: false }
    }

    /// Drops what is left of a line that is too long, as far as it is in sight.
    fn skip_overrun(&mut self, present: &mut Buffer) {
        if !self.overrun {
            return;
        }
        let bytes = present.bytes();
        let skipped = match line_end(bytes, present.last) {
            Some(line) => {
                self.overrun = false;
                line.len
            }
            None => bytes.len() - usize::from(bytes.ends_with(b"\r")),
        };
        present.skip(skipped);
        self.offset += skipped as u64;
    }

    /// Counts a chunk in and tells its visitor where it stands.
    pub fn admit<V: Visitor>(&mut self, chunk: Chunk<V>) -> V {
        let Chunk { mut visitor, counts, span, .. } = chunk;
        let line = self.counts.physical() + 1;
        visitor.rebase(Place { record: self.counts.all_records(), line, offset: self.offset });
        self.counts = self.counts + counts;
        self.offset += span.end - span.start;
        visitor
    }

    /// Holds the account against what the input was seen to have.
    pub fn reconcile<E>(&self, input: Extent) -> Result<LineCounts, WaveError<E>> {
        let accounted = Extent { lines: self.counts.physical(), bytes: self.offset };
        if accounted == input { Ok(self.counts) } else { Err(WaveError::Unreconciled(accounted, input)) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, Buffer, Extent, Feed, LineCounts, Pace, Start, WAVE_LIMIT, WaveError};

    #[test]
    fn a_line_or_a_byte_too_few_is_not_passed_over() {
        let counts = LineCounts { header: 1, blank: 2, record_lines: 5, rejected_lines: 1, records: 4, rejected: 1 };
        let account = Account { counts, offset: 90, overrun: false };
        assert!(account.reconcile::<()>(Extent { lines: 9, bytes: 90 }).is_ok());
        for input in [Extent { lines: 10, bytes: 90 }, Extent { lines: 8, bytes: 90 }, Extent { lines: 9, bytes: 91 }] {
            assert!(matches!(account.reconcile::<()>(input), Err(WaveError::Unreconciled(_, found)) if found == input));
        }
    }

    /// However the waves cut a line that is too long and its terminator, its bytes are dropped and no others.
    #[test]
    fn the_rest_of_a_line_that_is_too_long_ends_with_its_terminator() {
        for (input, rest) in [("xxx\r\n1,2\n", 5), ("xxx\r1,2\n", 4), ("xxx\n1,2\n", 4), ("xxx\r\r\n", 4), ("xxx\r", 4)]
        {
            for size in 1..=input.len() + 1 {
                let mut feed = Feed::new(input.as_bytes());
                let mut account = Account { overrun: true, ..Account::new(Start { line: 1, offset: 0 }) };
                let mut unread = Vec::new();
                while account.overrun {
                    let mut present = Buffer::default();
                    feed.fill(&mut present, size).expect("memory");
                    present.carry(&unread);
                    account.skip_overrun(&mut present);
                    unread = present.bytes().to_vec();
                    assert!(!present.last || !account.overrun || unread.is_empty(), "{input:?} in waves of {size}");
                    if present.last {
                        break;
                    }
                }
                assert_eq!(account.offset, rest, "{input:?} in waves of {size}");
            }
        }
    }

    #[test]
    fn the_header_lines_are_those_before_the_start() {
        let account = Account::new(Start { line: 4, offset: 80 });
        assert_eq!(account.counts.physical(), 3);
    }

    #[test]
    fn a_wave_is_bounded_whatever_is_asked_for() {
        let pace = Pace { threads: usize::MAX, chunk_size: usize::MAX };
        assert!(pace.wave_size() <= WAVE_LIMIT);
        assert!(Pace { threads: 0, chunk_size: 0 }.wave_size() >= 1);
    }
}
