//! The ways to a text besides reading it as one stream.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::digest::Tree;
use super::receipt::Receipt;

/// Bytes that can be read from any place, by several threads at once.
pub trait ReadAt: Sync {
    /// Reads some bytes from `offset` on; none only at the end.
    ///
    /// # Errors
    /// Those of the file.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// # Errors
    /// [`ErrorKind::UnexpectedEof`] if there are fewer, which is never passed over: the bytes were there when their
    /// number was asked for.
    fn fill_at(&self, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
        while !buffer.is_empty() {
            match self.read_at(buffer, offset) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    buffer = &mut buffer[read..];
                    offset += read as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl ReadAt for File {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        FileExt::read_at(self, buffer, offset)
    }
}

impl ReadAt for [u8] {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or_default();
        let read = rest.len().min(buffer.len());
        buffer[..read].copy_from_slice(&rest[..read]);
        Ok(read)
    }
}

/// A file whose stored bytes are its text.
#[derive(Debug, Clone)]
pub struct Plain {
    /// The file, open.
    pub file: Arc<File>,
    /// How many bytes it had when it was opened.
    pub len: u64,
}

/// What the one who reads a text to its end has besides the stream. Whoever has it owes the receipt the digests.
#[derive(Debug, Clone)]
pub struct Access {
    receipt: Receipt,
    plain: Option<Plain>,
}

impl Access {
    /// `file` is what the stream reads, if that is a file of so many bytes; it is read by position only if it is plain
    /// text in UTF-8.
    #[must_use]
    pub fn new(receipt: Receipt, file: Option<Plain>) -> Self {
        let plain = file.filter(|file| file.len > 0 && receipt.is_plain());
        Self { receipt, plain }
    }

    /// The file, if it can be read by position.
    #[must_use]
    pub fn plain(&self) -> Option<&Plain> {
        self.plain.as_ref()
    }

    /// Where the texts begin in the stored bytes of a plain file whose digests are wanted, the stored bytes first.
    #[must_use]
    pub fn skips(&self) -> Vec<usize> {
        if self.receipt.has_mark() { vec![0, super::format::MARK.len()] } else { vec![0] }
    }

    /// From now on the stream is not hashed as it is read: [`Access::see`] or [`Access::digested`] will tell.
    pub fn take_over(&self) {
        self.receipt.leave_text_unhashed();
    }

    /// Hashes the next bytes of the stream, all of them behind what was read before [`Access::take_over`].
    pub fn see(&self, bytes: &[u8]) {
        self.receipt.see_text(bytes);
    }

    /// Takes note that so many stored bytes of a plain file are read.
    pub fn advance(&self, bytes: u64) {
        self.receipt.advance(bytes);
    }

    /// Takes the digests of a plain file, as [`Access::skips`] lists them.
    pub fn digested(&self, digests: &[Tree]) {
        let mut digests = digests.iter().map(Tree::digest);
        self.receipt.digested(digests.next(), digests.next());
    }
}
