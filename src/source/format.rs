//! The kinds of files that are told by their first bytes: those that are unpacked, and those that are refused.

use std::fmt;

use super::error::SourceError;

/// How many first bytes tell the kind of a stream.
pub(super) const TELLING: usize = 8;

/// The byte-order mark of UTF-8.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

/// How an input is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// gzip, one member or several.
    Gzip,
    /// Zstandard, one frame or several.
    Zstd,
    /// A zip archive, of which one member is read.
    Zip,
}

impl Compression {
    /// As people and the manifest call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Zip => "zip",
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// First bytes of files that people do give and that are not read, with what they are.
const REFUSED: &[(&[u8], &str)] = &[
    (b"PK\x05\x06", "a zip archive without a file in it"),
    (b"PK\x07\x08", "a part of a split zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook or another Office document; save the sheet as CSV"),
    (b"\xfd7zXZ\x00", "compressed with xz"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x04\x22\x4d\x18", "compressed with lz4"),
    (b"\x1f\x9d", "compressed with compress (.Z)"),
    (b"PAR1\x15", "a Parquet file"),
    (b"%PDF-", "a PDF document"),
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
];

/// How a stream that begins with `first` is compressed; `None` if it is not.
pub(super) fn recognise(first: &[u8]) -> Result<Option<Compression>, SourceError> {
    if let Some((_, what)) = REFUSED.iter().find(|(magic, _)| first.starts_with(magic)) {
        return Err(SourceError::Refused(what));
    }
    if first.starts_with(b"BZh") && first.get(4..8) == Some(b"1AY&") {
        return Err(SourceError::Refused("compressed with bzip2"));
    }
    Ok(match first {
        [0x1f, 0x8b, ..] => Some(Compression::Gzip),
        // A frame, or a frame to be skipped as parallel compressors put first.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Compression::Zstd),
        [b'P', b'K', 3, 4, ..] => Some(Compression::Zip),
        _ => None,
    })
}
