//! The header in front of a member, and the fields for archives beyond 4 GiB.

use std::io::{self, Read};

use super::{Measured, exactly, u16_at, u32_at, u64_at};
use crate::source::error::{SourceError, ZipFault};
use crate::source::format::Compression;

/// The method of a member that is not compressed.
pub(super) const STORED: u16 = 0;
/// The method of nearly every member.
pub(super) const DEFLATE: u16 = 8;

/// Bits of the flags: a password, with the way of it, or a hidden header.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
/// Bit of the flags: check sum and lengths stand behind the member.
const LENGTH_BEHIND: u16 = 1 << 3;
/// What a 32-bit length says where the true one is in the zip64 field.
pub(super) const SEE_ZIP64: u32 = u32::MAX;
/// Names that only the parts of an Office document have.
const PARTS_OF_OFFICE: [&[u8]; 4] = [b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/"];

/// Where the length of a member stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Length {
    /// In the header.
    InFront(Measured),
    /// Behind the member.
    Behind,
}

/// What the header in front of a member says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub method: u16,
    pub length: Length,
}

impl Header {
    /// Reads the header; the stream stands at the start of the archive, which is known to begin with one.
    pub fn read(stored: &mut impl Read) -> io::Result<Self> {
        let fixed: [u8; 30] = exactly(stored)?;
        let (flags, method) = (u16_at(&fixed, 6), u16_at(&fixed, 8));
        let name = variable(stored, u16_at(&fixed, 26))?;
        let extra = variable(stored, u16_at(&fixed, 28))?;
        if PARTS_OF_OFFICE.iter().any(|part| name.starts_with(part)) {
            return Err(ZipFault::Workbook.into());
        }
        if flags & ENCRYPTED != 0 {
            return Err(ZipFault::Encrypted.into());
        }
        if name.ends_with(b"/") {
            return Err(ZipFault::Folder.into());
        }
        if !matches!(method, STORED | DEFLATE) {
            return Err(ZipFault::Method(method).into());
        }
        let length = match (flags & LENGTH_BEHIND != 0, method) {
            (true, DEFLATE) => Length::Behind,
            (true, _) => return Err(ZipFault::LengthBehind.into()),
            (false, _) => Length::InFront(measured(&fixed, 14, &extra)?),
        };
        Ok(Self { method, length })
    }
}

/// Check sum and both lengths, which stand one behind another from `at`, or the lengths in the zip64 field.
pub(super) fn measured(fixed: &[u8], at: usize, extra: &[u8]) -> io::Result<Measured> {
    let (packed, unpacked) = (u32_at(fixed, at + 4), u32_at(fixed, at + 8));
    let mut large = zip64(extra).chunks_exact(8).map(|length| u64_at(length, 0));
    let mut length = |short: u32| match short {
        SEE_ZIP64 => large.next().ok_or(SourceError::Damaged(Compression::Zip)),
        short => Ok(u64::from(short)),
    };
    // In the field the unpacked length comes first.
    let unpacked = length(unpacked)?;
    let packed = length(packed)?;
    Ok(Measured { crc: u32_at(fixed, at), packed, unpacked })
}

/// The zip64 field among the extra fields; empty if there is none.
fn zip64(mut extra: &[u8]) -> &[u8] {
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let length = usize::from(u16_at(head, 2)).min(rest.len());
        if u16_at(head, 0) == 1 {
            return &rest[..length];
        }
        extra = &rest[length..];
    }
    &[]
}

/// A part whose length the header says, 64 KiB at most.
pub(super) fn variable(stored: &mut impl Read, length: u16) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stored.by_ref().take(u64::from(length)).read_to_end(&mut bytes)?;
    if bytes.len() == usize::from(length) { Ok(bytes) } else { Err(SourceError::Cut(Compression::Zip).into()) }
}
