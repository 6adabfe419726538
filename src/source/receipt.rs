//! What was read: stored bytes and their digest, the digest of the text, and what was recognised.

use std::io::{self, ErrorKind, Read};
use std::sync::atomic::{AtomicU64, Ordering};
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
    digests: Mutex<Digests>,
}

#[derive(Debug, Default)]
struct Digests {
    stored: blake3::Hasher,
    /// Of the text without its byte-order mark; `None` where that is what is stored.
    content: Option<blake3::Hasher>,
    compression: Option<Compression>,
    encoding: Option<(Encoding, bool)>,
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
        self.digests().stored.finalize().to_hex().to_string()
    }

    /// BLAKE3 of the text, in UTF-8 and without a byte-order mark, where it is not what is stored: two inputs of
    /// one content are the same orders, however they are packed.
    #[must_use]
    pub fn content_blake3(&self) -> Option<String> {
        self.digests().content.as_ref().map(|hasher| hasher.finalize().to_hex().to_string())
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
        self.digests().compression
    }

    /// Encoding and compression in words, such as `UTF-16 (LE), gzip`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let digests = self.digests();
        let (encoding, mark) = digests.encoding.unwrap_or_default();
        let mark = if mark && encoding == Encoding::Utf8 { ", byte-order mark" } else { "" };
        let packed = digests.compression.map(|packed| format!(", {packed}")).unwrap_or_default();
        format!("{}{mark}{packed}", encoding.as_str())
    }

    pub(super) fn recognised(&self, compression: Option<Compression>, encoding: Encoding, mark: bool) {
        let mut digests = self.digests();
        digests.compression = compression;
        digests.encoding = Some((encoding, mark));
    }

    pub(super) fn count_undecodable(&self) {
        self.0.undecodable.fetch_add(1, Ordering::Relaxed);
    }

    /// A panic elsewhere does not make a digest wrong: each update is whole or has not begun.
    fn digests(&self) -> MutexGuard<'_, Digests> {
        self.0.digests.lock().unwrap_or_else(PoisonError::into_inner)
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
        self.receipt.digests().stored.update(&buffer[..read]);
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
        receipt.digests().content = Some(blake3::Hasher::new());
        Self { text, mark, receipt }
    }
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(buffer)?;
        let skipped = self.mark.min(read);
        self.mark -= skipped;
        if let Some(hasher) = &mut self.receipt.digests().content {
            hasher.update(&buffer[skipped..read]);
        }
        Ok(read)
    }
}
