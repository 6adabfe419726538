//! What was read: stored bytes and their digest, the digest of the text, and what was recognised.

use std::io::{self, ErrorKind, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Stream;
use super::encoding::Encoding;
use super::format::Compression;

/// What is known of an input while it is read, and all of it once its [`Source`](super::Source) is at its end.
///
/// It is a handle: the source goes to the one who reads, and the receipt stays with the one who reports.
#[derive(Debug, Clone, Default)]
pub struct Receipt(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    bytes: AtomicU64,
    undecodable: AtomicU64,
    /// Whether somebody else hashes the text, so that it is not done on the way.
    text_is_hashed_elsewhere: AtomicBool,
    stored: Mutex<Digest>,
    /// Of the text without its byte-order mark; `None` where that is what is stored.
    content: Mutex<Option<Digest>>,
    kind: Mutex<Kind>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Kind {
    compression: Option<Compression>,
    encoding: Encoding,
    mark: bool,
}

impl Kind {
    /// Whether what is stored is the text.
    fn is_plain(self) -> bool {
        self.compression.is_none() && self.encoding == Encoding::Utf8
    }
}

/// A digest that is made as bytes come, or was made by others.
#[derive(Debug)]
enum Digest {
    Growing(Box<blake3::Hasher>),
    Made(blake3::Hash),
}

impl Default for Digest {
    fn default() -> Self {
        Self::Growing(Box::default())
    }
}

impl Digest {
    fn update(&mut self, bytes: &[u8]) {
        if let Self::Growing(hasher) = self {
            hasher.update(bytes);
        }
    }

    fn in_hexadecimal(&self) -> String {
        match self {
            Self::Growing(hasher) => hasher.finalize(),
            Self::Made(hash) => *hash,
        }
        .to_hex()
        .to_string()
    }
}

/// A panic elsewhere does not make a digest wrong: each update is whole or has not begun.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Receipt {
    /// Stored bytes that were read so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// BLAKE3 of the stored bytes that were read so far, in hexadecimal.
    #[must_use]
    pub fn blake3(&self) -> String {
        locked(&self.0.stored).in_hexadecimal()
    }

    /// BLAKE3 of the text, in UTF-8 and without a byte-order mark, where it is not what is stored: two inputs of
    /// one content are the same orders, however they are packed.
    #[must_use]
    pub fn content_blake3(&self) -> Option<String> {
        locked(&self.0.content).as_ref().map(Digest::in_hexadecimal)
    }

    /// How many characters could not be read in the input's encoding: unpaired surrogates of UTF-16, and the five
    /// bytes that Windows-1252 leaves undefined.
    #[must_use]
    pub fn undecodable(&self) -> u64 {
        self.0.undecodable.load(Ordering::Relaxed)
    }

    /// The compression that was recognised.
    #[must_use]
    pub fn compression(&self) -> Option<Compression> {
        locked(&self.0.kind).compression
    }

    /// Encoding and compression in words, such as `UTF-16 (LE), gzip`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let Kind { compression, encoding, mark } = *locked(&self.0.kind);
        let mark = if mark && encoding == Encoding::Utf8 { ", byte-order mark" } else { "" };
        let packed = compression.map(|packed| format!(", {packed}")).unwrap_or_default();
        format!("{}{mark}{packed}", encoding.as_str())
    }

    pub(super) fn recognised(&self, compression: Option<Compression>, encoding: Encoding, mark: bool) {
        *locked(&self.0.kind) = Kind { compression, encoding, mark };
    }

    /// Whether what is stored is text in UTF-8, with a byte-order mark or without.
    pub(super) fn is_plain(&self) -> bool {
        locked(&self.0.kind).is_plain()
    }

    /// Whether a plain text begins with a byte-order mark.
    pub(super) fn has_mark(&self) -> bool {
        locked(&self.0.kind).mark
    }

    pub(super) fn leave_text_unhashed(&self) {
        self.0.text_is_hashed_elsewhere.store(true, Ordering::Relaxed);
    }

    /// Whether reading is to hash the text on its way.
    fn hashes_text(&self) -> bool {
        !self.0.text_is_hashed_elsewhere.load(Ordering::Relaxed)
    }

    /// Hashes what comes next of the text, wherever its digest is wanted.
    pub(super) fn see_text(&self, bytes: &[u8]) {
        if self.is_plain() {
            locked(&self.0.stored).update(bytes);
        }
        if let Some(content) = &mut *locked(&self.0.content) {
            content.update(bytes);
        }
    }

    pub(super) fn advance(&self, bytes: u64) {
        self.0.bytes.fetch_max(bytes, Ordering::Relaxed);
    }

    pub(super) fn digested(&self, stored: Option<blake3::Hash>, content: Option<blake3::Hash>) {
        if let Some(stored) = stored {
            *locked(&self.0.stored) = Digest::Made(stored);
        }
        if let Some(content) = content {
            *locked(&self.0.content) = Some(Digest::Made(content));
        }
    }

    pub(super) fn count_undecodable(&self) {
        self.0.undecodable.fetch_add(1, Ordering::Relaxed);
    }
}

/// Counts and hashes every stored byte as it is read. An interrupted read is taken up again here, since not every
/// decompressor above comes through one whole.
pub(super) struct Stored {
    input: Stream,
    receipt: Receipt,
}

impl Stored {
    pub fn new(input: Stream, receipt: Receipt) -> Self {
        Self { input, receipt }
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = loop {
            match self.input.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.receipt.0.bytes.fetch_add(read as u64, Ordering::Relaxed);
        if self.receipt.hashes_text() || !self.receipt.is_plain() {
            locked(&self.receipt.0.stored).update(&buffer[..read]);
        }
        Ok(read)
    }
}

/// Hashes the text as it is handed over, but for the mark at its start.
pub(super) struct Content {
    text: Stream,
    mark: usize,
    receipt: Receipt,
}

impl Content {
    pub fn new(text: Stream, mark: usize, receipt: Receipt) -> Self {
        *locked(&receipt.0.content) = Some(Digest::default());
        Self { text, mark, receipt }
    }
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(buffer)?;
        let skipped = self.mark.min(read);
        self.mark -= skipped;
        if self.receipt.hashes_text()
            && let Some(content) = &mut *locked(&self.receipt.0.content)
        {
            content.update(&buffer[skipped..read]);
        }
        Ok(read)
    }
}
