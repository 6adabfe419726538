//! The bytes of the input, one bounded wave after another.

use std::io::{self, ErrorKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::framing::RECORD_LIMIT;

/// Room in front of a wave for what the wave before it left unread, which framing keeps to this size.
const HEADROOM: usize = RECORD_LIMIT + 2;

/// A buffer that holds one wave: what is carried over from the wave before, then what was read for it.
#[derive(Default)]
pub(super) struct Buffer {
    data: Vec<u8>,
    start: usize,
    end: usize,
    /// Whether the input ends with this wave.
    pub last: bool,
}

impl Buffer {
    pub fn bytes(&self) -> &[u8] {
        &self.data[self.start..self.end]
    }

    /// Puts the unread end of the wave before in front.
    pub fn carry(&mut self, unread: &[u8]) {
        let start = self.start - unread.len();
        self.data[start..self.start].copy_from_slice(unread);
        self.start = start;
    }

    /// Takes away the first `len` bytes.
    pub fn skip(&mut self, len: usize) {
        self.start += len;
    }

    /// The bytes that were read for this wave.
    pub fn fresh(&self) -> &[u8] {
        &self.data[self.end.min(HEADROOM)..self.end]
    }

    /// How many bytes stand before those that were read for this wave.
    pub fn carried(&self) -> usize {
        HEADROOM.saturating_sub(self.start)
    }

    fn clear(&mut self, size: usize) {
        if self.data.len() < HEADROOM + size {
            self.data = vec![0; HEADROOM + size];
        }
        self.start = HEADROOM;
        self.end = HEADROOM;
        self.last = false;
    }
}

/// Reads the input and does nothing else, so that nothing holds it up.
pub(super) struct Feed<R> {
    input: R,
}

impl<R: Read> Feed<R> {
    pub fn new(input: R) -> Self {
        Self { input }
    }

    /// Fills `buffer` with the next `size` bytes, fewer only when the input ends.
    pub fn fill(&mut self, buffer: &mut Buffer, size: usize) -> io::Result<()> {
        buffer.clear(size);
        let room = &mut buffer.data[HEADROOM..HEADROOM + size];
        let mut filled = 0;
        while filled < size && !buffer.last {
            match self.input.read(&mut room[filled..]) {
                Ok(0) => buffer.last = true,
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        buffer.end = HEADROOM + filled;
        Ok(())
    }
}

/// How many waves are being filled or wait to be read: one that is ready while the next one is unpacked.
const AHEAD: usize = 2;

/// What the filling thread gives: a wave, why it could not be read, or the panic that ended it.
type Filled = std::thread::Result<io::Result<Buffer>>;

/// Waves that another thread fills while this one reads those before.
pub(super) struct Ahead {
    empty: Sender<(Buffer, usize)>,
    filled: Receiver<Filled>,
}

impl Ahead {
    /// Fills waves of this size on a thread of its own. It ends with the input, with an error, or when nobody waits any
    /// more; and nobody waits for it, since an input that stalls must not hold up the one who gives up reading.
    pub fn of<R: Read + Send + 'static>(mut feed: Feed<R>, size: usize) -> io::Result<Self> {
        let (empty, to_fill) = channel::<(Buffer, usize)>();
        let (done, filled) = channel::<Filled>();
        std::thread::Builder::new().spawn(move || {
            for (mut buffer, size) in to_fill {
                let read = catch_unwind(AssertUnwindSafe(|| feed.fill(&mut buffer, size)));
                let is_last = buffer.last || !matches!(read, Ok(Ok(())));
                if done.send(read.map(|read| read.map(|()| buffer))).is_err() || is_last {
                    break;
                }
            }
        })?;
        let ahead = Self { empty, filled };
        (0..AHEAD).for_each(|_| ahead.fill(Buffer::default(), size));
        Ok(ahead)
    }

    /// The next wave.
    pub fn next(&self) -> io::Result<Buffer> {
        match self.filled.recv() {
            Ok(Ok(filled)) => filled,
            Ok(Err(panic)) => resume_unwind(panic),
            // The last wave was taken already.
            Err(_) => Err(ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Has a buffer filled again with `size` bytes, behind those that wait; when the input is at its end, nobody does.
    pub fn fill(&self, buffer: Buffer, size: usize) {
        let _ = self.empty.send((buffer, size));
    }
}
