//! Reading by position: every thread reads its own chunks of a file.
//!
//! What comes out is what `wave` gives of the same bytes. A worker reads the bytes of one chunk and some that follow, so
//! that the last record of most chunks is in sight; where it is not, it reads on. With the bytes in its cache it counts
//! line ends, hashes, guesses where the first record begins and frames. The calling thread joins the chunks in order by
//! the seam check and hands them over; while nothing is to be taken it works like the others.
//!
//! Memory is one buffer for each thread, of a chunk and twice a record of the limit at most, and the visitors of a few
//! chunks, however large the file is.

use std::io::{self, ErrorKind};
use std::ops::Range;

use super::chunk::{Chunk, Seam, Stop, Visitor};
use super::lines::{Census, LineCounts};
use super::turns::in_turn;
use super::wave::{Account, Extent, Pace, Start, WaveError};
use super::window::Window;
use crate::framing::{Dialect, line_end};
use crate::source::{Block, ReadAt, SMALLEST_BLOCK, Tree};

/// How many bytes behind a chunk are read with it: more than nearly all records have.
const MARGIN: u64 = 4 << 10;

/// A text that can be read from any place.
#[derive(Debug)]
pub struct Text<'a, T: ?Sized> {
    /// Its bytes.
    pub bytes: &'a T,
    /// How many there are.
    pub len: u64,
    /// From where on its digests are wanted.
    pub skips: &'a [usize],
}

/// What a text was found to be.
#[derive(Debug)]
pub struct Found {
    /// What became of every line.
    pub lines: LineCounts,
    /// What the bytes alone say.
    pub seen: Extent,
    /// The digests that were wanted.
    pub digests: Vec<Tree>,
}

/// Reads a text to its end, as [`read_waves`](super::wave::read_waves) does, and makes its digests. `seen` is told on the
/// calling thread how many bytes are read. Of `pace.threads` the calling thread is one.
///
/// # Errors
/// [`WaveError`], [`WaveError::Changed`] if the text is shorter than it was said to be; visitors that were already taken
/// stay taken.
pub fn read_positions<T: ReadAt + ?Sized, V: Visitor, E>(
    text: &Text<'_, T>,
    start: Start,
    dialect: &Dialect,
    pace: Pace,
    make: impl Fn() -> V + Sync,
    mut seen: impl FnMut(u64),
    mut take: impl FnMut(V) -> Result<(), E>,
) -> Result<Found, WaveError<E>> {
    let chunk = pace.chunk_size() as u64;
    let is_block = chunk.is_power_of_two() && chunk >= SMALLEST_BLOCK as u64;
    let block = if is_block { chunk } else { SMALLEST_BLOCK as u64 };
    let work = Work { text, start, dialect, chunk, block, margin: MARGIN.min(chunk), make };
    let mut account = Account::new(start);
    let mut census = Census::default();
    let mut digests = vec![Tree::default(); text.skips.len()];
    let mut seam = Seam { read: start.offset };
    let mut joined = Vec::new();
    let join = |part: io::Result<Part<V>>, window: &mut Window| {
        let Part { chunk, census: counted, blocks, end } = part.map_err(WaveError::read)?;
        census.add(&counted);
        for (which, block) in blocks {
            digests[which].push(block);
        }
        let read = |range| work.read(range, &mut *window);
        if let Some(chunk) = chunk {
            seam.join(chunk, read, |chunk| joined.push(chunk)).map_err(WaveError::read)?;
        } else if end == text.len && seam.read < end {
            joined.push(work.read(seam.read..end, window).map_err(WaveError::read)?);
        }
        seen(end);
        joined.drain(..).try_for_each(|chunk| take(account.admit(chunk))).map_err(WaveError::Take)
    };
    let part = |number, window: &mut Window| work.part(number, window);
    in_turn(pace.threads(), text.len.div_ceil(chunk), part, join).map_err(WaveError::Threads)??;
    let seen = Extent { lines: start.line.saturating_sub(1) + census.lines(), bytes: start.offset + census.bytes };
    Ok(Found { lines: account.reconcile(seen)?, seen, digests })
}

/// What one chunk gave.
struct Part<V> {
    /// Its records, from the guessed beginning on; `None` if no line begins in it.
    chunk: Option<Chunk<V>>,
    /// The line ends of exactly its own bytes.
    census: Census,
    /// The blocks that begin in it, and which digest each belongs to.
    blocks: Vec<(usize, Block)>,
    /// Where its own bytes end.
    end: u64,
}

/// What all threads need.
struct Work<'a, T: ?Sized, M> {
    text: &'a Text<'a, T>,
    start: Start,
    dialect: &'a Dialect,
    chunk: u64,
    block: u64,
    margin: u64,
    make: M,
}

impl<T: ReadAt + ?Sized, V: Visitor, M: Fn() -> V> Work<'_, T, M> {
    /// Reads the chunk of this number, from 0.
    fn part(&self, number: u64, window: &mut Window) -> io::Result<Part<V>> {
        let own = number * self.chunk..self.text.len.min((number + 1) * self.chunk);
        let sight = own.start.saturating_sub(1)..self.text.len.min(own.end + self.margin);
        window.cover(self.text.bytes, sight.clone())?;
        let blocks = self.blocks(&own, window)?;
        window.cover(self.text.bytes, sight)?;
        let census = self.census(&own, window);
        let guessed = if own.end <= self.start.offset {
            None
        } else if own.start <= self.start.offset {
            Some(self.start.offset)
        } else {
            window.wave(self.text.len, self.dialect).guess_between(own.clone())
        };
        let chunk = guessed.map(|begin| self.read(begin..own.end, window)).transpose()?;
        Ok(Part { chunk, census, blocks, end: own.end })
    }

    /// Hashes the blocks that begin in a chunk.
    fn blocks(&self, own: &Range<u64>, window: &mut Window) -> io::Result<Vec<(usize, Block)>> {
        let mut blocks = Vec::new();
        for (which, skip) in self.text.skips.iter().map(|skip| *skip as u64).enumerate() {
            let mut offset = own.start.saturating_sub(skip).next_multiple_of(self.block);
            while offset + skip < own.end {
                let range = offset + skip..self.text.len.min(offset + skip + self.block);
                window.cover(self.text.bytes, range.clone())?;
                blocks.push((which, Block::of(offset, window.bytes(range))));
                offset += self.block;
            }
        }
        Ok(blocks)
    }

    /// Counts the line ends of a chunk's own bytes, as far as they are records.
    fn census(&self, own: &Range<u64>, window: &Window) -> Census {
        let from = own.start.max(self.start.offset);
        let before = (from > self.start.offset).then(|| window.bytes(from - 1..from)[0]);
        let mut census = Census::after(before);
        if from < own.end {
            census.see(window.bytes(from..own.end));
        }
        census
    }

    /// Reads the records that begin in `range`, to the end of the last one.
    fn read(&self, range: Range<u64>, window: &mut Window) -> io::Result<Chunk<V>> {
        let mut chunk = Chunk::new(range, (self.make)());
        loop {
            self.sight(chunk.span.end, 1, window)?;
            window.wave(self.text.len, self.dialect).read_on(&mut chunk);
            match chunk.stop {
                Stop::Border => {
                    chunk.visitor.finished();
                    return Ok(chunk);
                }
                Stop::Overrun => self.skip_line(&mut chunk, window)?,
                Stop::Unfinished => {
                    let in_sight = window.end() - chunk.span.end;
                    self.sight(chunk.span.end, 2 * in_sight.max(1), window)?;
                }
            }
        }
    }

    /// Has at least so many bytes from `at` on in memory, fewer only if the text ends.
    fn sight(&self, at: u64, len: u64, window: &mut Window) -> io::Result<()> {
        let end = |len: u64| self.text.len.min(at + len);
        if window.holds(&(at..end(len))) {
            return Ok(());
        }
        window.load(self.text.bytes, at..end(len.max(self.chunk + self.margin)))
    }

    /// Passes over the rest of a line that is longer than the limit.
    fn skip_line(&self, chunk: &mut Chunk<V>, window: &mut Window) -> io::Result<()> {
        while chunk.span.end < self.text.len {
            // Two, so that a CR is never alone.
            self.sight(chunk.span.end, 2, window)?;
            let rest = window.bytes(chunk.span.end..window.end());
            if let Some(line) = line_end(rest, window.end() == self.text.len) {
                chunk.span.end += line.len as u64;
                break;
            }
            chunk.span.end += (rest.len() - usize::from(rest.ends_with(b"\r"))) as u64;
        }
        Ok(())
    }
}

impl<E> WaveError<E> {
    /// A text that ends early was not so short when its length was asked for.
    pub(super) fn read(error: io::Error) -> Self {
        if error.kind() == ErrorKind::UnexpectedEof { Self::Changed } else { Self::Read(error) }
    }
}
