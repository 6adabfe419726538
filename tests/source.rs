//! What an input's bytes are: every way to pack and encode a text gives that text, and nothing is ever read short.

#[path = "source/reading.rs"]
mod reading;

/// A file read as a stream and by position, and who makes its digests.
#[path = "source/access.rs"]
mod access;

/// UTF-16 and Windows-1252, cut at every place and read in pieces of every size.
#[path = "source/encodings.rs"]
mod encodings;

/// gzip, zstd and zip, as programs write them: read whole, cut, damaged, with something behind them.
#[cfg(feature = "decompression")]
#[path = "source/archives.rs"]
mod archives;

/// Archives made here: every form of a zip member, compression in compression, and what expands without end.
#[cfg(feature = "decompression")]
#[path = "source/made.rs"]
mod made;

/// Without the feature, compressed input is told from text all the same.
#[cfg(not(feature = "decompression"))]
#[test]
fn a_build_without_decompression_says_what_the_file_is() {
    use ivig_audit::source::{Compression, SourceError};
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0";
    assert_eq!(reading::fault(gzip), Some(SourceError::NotBuilt(Compression::Gzip)));
}
