//! Why the bytes of an input cannot be read as text. Each says what to do instead; none shows a byte of it.

use std::io::{self, ErrorKind};

use super::expansion::{EXPANSION_FREE, EXPANSION_RATIO};
use super::format::Compression;

/// What is wrong with the stored bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// A kind of file that is not read.
    #[error(
        "the file is {0}; accepted is delimited text, as it is or compressed as gzip, zstd or a zip with one file in it"
    )]
    Refused(&'static str),
    /// Compressed twice.
    #[error("the file is compressed twice ({inner} inside {outer}); unpack it once and give what comes out")]
    Nested {
        /// What was found first.
        outer: Compression,
        /// What was found in it.
        inner: Compression,
    },
    /// The stream ends before it says so itself.
    #[error("the {0} data ends in the middle: the file was cut, or is still being written. Fetch it again")]
    Cut(Compression),
    /// The stream is not what it says it is.
    #[error("the {0} data is damaged: it does not unpack, or not to what its check sum says. Fetch it again")]
    Damaged(Compression),
    /// Bytes behind the last member or frame.
    #[error(
        "behind the {0} data stand bytes that are no {0} data, so it is not certain that all records are there; write the file again without them"
    )]
    Behind(Compression),
    /// It unpacks to far more than an export would.
    #[error(
        "the {0} data unpacks to more than {EXPANSION_RATIO} times its size (and more than {EXPANSION_FREE} bytes), which no export does; if it is one, unpack it and give the file itself"
    )]
    Expansion(Compression),
    /// A zip archive that is not read.
    #[error("{0}")]
    Zip(#[from] ZipFault),
    /// UTF-16 that ends in half a unit.
    #[error(
        "the UTF-16 text has an odd number of bytes: the file was cut or a byte is lost, and what follows it cannot be trusted. Fetch it again"
    )]
    HalfUnit,
    /// Built without decompression.
    #[error(
        "the file is compressed ({0}), and this build reads no compressed files; unpack it and give what comes out"
    )]
    NotBuilt(Compression),
}

/// Why a zip archive is not read, although it may be sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ZipFault {
    /// More than one member.
    #[error(
        "the zip archive holds more than one file; accepted is one with a single file. Give one of them with: unzip -p ARCHIVE NAME | ivig-audit audit -"
    )]
    SecondMember,
    /// The only member is a folder.
    #[error(
        "the zip archive begins with a folder; accepted is one with a single file. Give the file with: unzip -p ARCHIVE NAME | ivig-audit audit -"
    )]
    Folder,
    /// Encrypted.
    #[error(
        "the file in the zip archive is encrypted; accepted is one without a password. Unpack it and give what comes out"
    )]
    Encrypted,
    /// A workbook is a zip archive of its own.
    #[error("the file is an Excel workbook or another Office document; save the sheet as CSV")]
    Workbook,
    /// Another way to compress than are read.
    #[error(
        "the file in the zip archive is compressed by method {0}; accepted are 0 (stored) and 8 (deflate). Unpack it and give what comes out"
    )]
    Method(u16),
    /// Stored, with its length only behind it, so that its end cannot be told while it is read.
    #[error(
        "the file in the zip archive is stored with its length behind it, which cannot be read as a stream; unpack it and give what comes out"
    )]
    LengthBehind,
}

impl From<SourceError> for io::Error {
    fn from(error: SourceError) -> Self {
        Self::new(ErrorKind::InvalidData, error)
    }
}

impl From<ZipFault> for io::Error {
    fn from(fault: ZipFault) -> Self {
        SourceError::Zip(fault).into()
    }
}

/// Puts what a decompressor says into our words. What the system says about the file itself stays as it is.
#[cfg(feature = "decompression")]
pub(super) fn explained(compression: Compression, error: io::Error) -> io::Error {
    let ours = error.get_ref().and_then(|inner| inner.downcast_ref::<SourceError>()).is_some();
    if ours || error.raw_os_error().is_some() {
        return error;
    }
    match error.kind() {
        ErrorKind::UnexpectedEof => SourceError::Cut(compression).into(),
        _ => SourceError::Damaged(compression).into(),
    }
}
