//! The bytes of a text that a thread has in memory when it reads by position.

use std::io;
use std::ops::Range;

use super::chunk::Wave;
use crate::framing::Dialect;
use crate::source::ReadAt;

/// One buffer of a thread, used again for every chunk.
#[derive(Debug, Default)]
pub(super) struct Window {
    data: Vec<u8>,
    base: u64,
    len: usize,
}

impl Window {
    /// Where the bytes in memory end in the text.
    pub fn end(&self) -> u64 {
        self.base + self.len as u64
    }

    /// Whether these bytes are in memory.
    pub fn holds(&self, range: &Range<u64>) -> bool {
        self.base <= range.start && range.end <= self.end()
    }

    /// Reads `range` into memory, unless it is there.
    pub fn cover<T: ReadAt + ?Sized>(&mut self, text: &T, range: Range<u64>) -> io::Result<()> {
        if self.holds(&range) { Ok(()) } else { self.load(text, range) }
    }

    /// Reads `range` into memory, in place of what is there.
    pub fn load<T: ReadAt + ?Sized>(&mut self, text: &T, range: Range<u64>) -> io::Result<()> {
        let len = (range.end - range.start) as usize;
        self.len = 0;
        if self.data.len() < len {
            self.data.resize(len, 0);
        }
        text.fill_at(&mut self.data[..len], range.start)?;
        self.base = range.start;
        self.len = len;
        Ok(())
    }

    /// Bytes that are in memory.
    pub fn bytes(&self, range: Range<u64>) -> &[u8] {
        &self.data[(range.start - self.base) as usize..(range.end - self.base) as usize]
    }

    /// All that is in memory of a text of `len` bytes.
    pub fn wave<'a>(&'a self, len: u64, dialect: &'a Dialect) -> Wave<'a> {
        Wave { bytes: &self.data[..self.len], base: self.base, last: self.end() == len, dialect }
    }
}
