//! What the bytes of an input are: how they are compressed and in which encoding their text is written.
//!
//! [`Source`] turns any reader of stored bytes into a stream of UTF-8. Compression is recognised by the first
//! bytes, never by a name, so that standard input and a file without its ending are read alike; nothing is ever
//! unpacked to disk. Below the decompressor every stored byte is counted and hashed, which is what the manifest
//! prints and `b3sum` repeats; [`Receipt`] tells of it while the stream is read and afterwards. Who reads a text to its
//! end with several threads takes the hashing of it over through [`Access`], and reads a plain file by position.
//!
//! # What holds
//!
//! - **Never a silent short read.** A stream that was cut, does not match its own check sum or has something behind
//!   it that is not part of it ends with a [`SourceError`], and the whole run publishes nothing.
//! - **All stored bytes are read.** The decoded stream ends only when the stored one does.
//! - **Bounded.** Memory is a few buffers and the window of the decompressor (128 MiB at most), and what comes out
//!   is at most [`EXPANSION_RATIO`] times what went in, once it is more than [`EXPANSION_FREE`] bytes.
//! - **Nothing is made up.** Bytes that no character stands for in UTF-16 or Windows-1252 reach the fields as a byte
//!   that is not valid UTF-8 and are counted. So one rule judges every encoding, and it stands in `intake`: where
//!   the field decides, the record is rejected; where it is text, the reader is warned.
//!
//! What is undeclared and has no byte-order mark passes through as it is. Nothing is guessed from the frequency of
//! bytes; [`text_cell`] reads single cells of text that are no UTF-8.

mod access;
mod cell;
mod digest;
mod encoding;
mod error;
mod expansion;
mod format;
#[cfg(feature = "decompression")]
mod gzip;
mod receipt;
#[cfg(feature = "decompression")]
mod zip;
#[cfg(feature = "decompression")]
mod zstandard;

use std::io::{self, Cursor, Read};

pub use access::{Access, Plain, ReadAt};
pub use cell::{text_cell, windows_1252};
pub use digest::{Block, SMALLEST_BLOCK, Tree};
pub use encoding::Encoding;
pub use error::{SourceError, ZipFault};
pub use expansion::{EXPANSION_FREE, EXPANSION_RATIO};
pub use format::Compression;
pub use receipt::Receipt;

use encoding::Transcoded;
use expansion::Bounded;
use receipt::{Content, Stored};

/// A reader whose layers were chosen by looking at its first bytes.
type Stream = Box<dyn Read + Send>;

/// The decoded text of an input, to be read to its end.
pub struct Source {
    text: Stream,
    receipt: Receipt,
}

impl Source {
    /// Looks at the first stored bytes and sets up what is needed to read them as UTF-8.
    ///
    /// `declared` is the encoding that the layout names. A byte-order mark tells more than a declaration and wins.
    ///
    /// # Errors
    /// The errors of `stored`, and [`SourceError`] inside an [`io::Error`] if the bytes are of a kind that is not
    /// read. What is found to be wrong further on is an error of [`Read::read`].
    pub fn open(stored: impl Read + Send + 'static, declared: Option<Encoding>) -> io::Result<Self> {
        let receipt = Receipt::default();
        let stored = Stored::new(Box::new(stored), receipt.clone());
        let (first, stored) = look(Box::new(stored))?;
        let compression = format::recognise(&first)?;
        let (first, plain) = match compression {
            None => (first, stored),
            Some(compression) => {
                let plain = Bounded::new(decompressed(compression, stored)?, compression, receipt.clone());
                let (first, plain) = look(Box::new(plain))?;
                match format::recognise(&first) {
                    Ok(None) => (first, plain),
                    Ok(Some(inner)) => return Err(SourceError::Nested { outer: compression, inner }.into()),
                    Err(error) => return Err(error.into()),
                }
            }
        };
        let (encoding, mark) = Encoding::of_mark(&first).map_or((declared.unwrap_or_default(), 0), |of| of);
        receipt.recognised(compression, encoding, mark > 0);
        let text: Stream = match encoding {
            Encoding::Utf8 => plain,
            _ => Box::new(Transcoded::new(without(plain, mark)?, encoding, receipt.clone())),
        };
        // The content of a plain file without a mark is what is stored, which is hashed already.
        let same = compression.is_none() && encoding == Encoding::Utf8 && mark == 0;
        let skip = if encoding == Encoding::Utf8 { mark } else { 0 };
        let text = if same { text } else { Box::new(Content::new(text, skip, receipt.clone())) };
        Ok(Self { text, receipt })
    }

    /// What can be told of the input, now and while it is read.
    #[must_use]
    pub fn receipt(&self) -> Receipt {
        self.receipt.clone()
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.text.read(buffer)
    }
}

/// The first bytes of a stream, and the stream with them still in it.
fn look(mut stream: Stream) -> io::Result<(Vec<u8>, Stream)> {
    let mut first = Vec::with_capacity(format::TELLING);
    stream.by_ref().take(format::TELLING as u64).read_to_end(&mut first)?;
    let whole = Cursor::new(first.clone()).chain(stream);
    Ok((first, Box::new(whole)))
}

/// The stream behind its first `mark` bytes.
fn without(mut stream: Stream, mark: usize) -> io::Result<Stream> {
    io::copy(&mut stream.by_ref().take(mark as u64), &mut io::sink())?;
    Ok(stream)
}

#[cfg(feature = "decompression")]
fn decompressed(compression: Compression, stored: Stream) -> io::Result<Stream> {
    let stored = io::BufReader::with_capacity(128 << 10, stored);
    Ok(match compression {
        Compression::Gzip => Box::new(gzip::Gzip::new(stored)),
        Compression::Zstd => Box::new(zstandard::Zstandard::new(stored)?),
        Compression::Zip => Box::new(zip::Zip::new(stored)?),
    })
}

#[cfg(not(feature = "decompression"))]
fn decompressed(compression: Compression, _stored: Stream) -> io::Result<Stream> {
    Err(SourceError::NotBuilt(compression).into())
}
