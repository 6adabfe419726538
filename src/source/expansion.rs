//! A bound on what compressed bytes may become.

use std::io::{self, Read};

use super::Stream;
use super::error::SourceError;
use super::format::Compression;
use super::receipt::Receipt;

/// How many bytes may come out whatever went in: a small file of one repeated line is no attack.
pub const EXPANSION_FREE: u64 = 64 << 20;

/// How many times the stored bytes that were read so far may come out beyond that. Exports shrink to a tenth, very
/// sparse ones to a hundredth; only what was made to be a bomb comes near a thousandth.
pub const EXPANSION_RATIO: u64 = 1000;

/// A decompressor whose output is held against its input.
pub(super) struct Bounded {
    plain: Stream,
    compression: Compression,
    out: u64,
    receipt: Receipt,
}

impl Bounded {
    pub fn new(plain: Stream, compression: Compression, receipt: Receipt) -> Self {
        Self { plain, compression, out: 0, receipt }
    }
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.plain.read(buffer)?;
        self.out += read as u64;
        if self.out > EXPANSION_FREE && self.out > self.receipt.bytes().saturating_mul(EXPANSION_RATIO) {
            return Err(SourceError::Expansion(self.compression).into());
        }
        Ok(read)
    }
}
