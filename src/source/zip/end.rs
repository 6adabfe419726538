//! What stands behind a member: its lengths, if they are not in front of it, the index, and the end of the archive.

use std::io::{self, BufRead, Read};

use super::header::{SEE_ZIP64, measured, variable};
use super::{Measured, exactly, pass, u16_at, u32_at, u64_at};
use crate::source::error::{SourceError, ZipFault};
use crate::source::format::Compression;

const MEMBER: [u8; 4] = *b"PK\x03\x04";
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const END_ZIP64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR_ZIP64: [u8; 4] = *b"PK\x06\x07";

fn damaged<T>() -> io::Result<T> {
    Err(SourceError::Damaged(Compression::Zip).into())
}

/// Reads the signature behind a member: that of the index, or of a second member.
pub(super) fn check_signature(stored: &mut impl Read) -> io::Result<()> {
    signature(exactly(stored)?)
}

fn signature(found: [u8; 4]) -> io::Result<()> {
    match found {
        ENTRY => Ok(()),
        MEMBER => Err(ZipFault::SecondMember.into()),
        _ => damaged(),
    }
}

/// Reads check sum and lengths behind a member, and the signature of the index.
///
/// They come in four forms, with a signature of their own or without, in 32 bits or 64, and nothing says which. What
/// they must say is known, so the form is the one that says it.
pub(super) fn descriptor(stored: &mut impl Read, found: Measured) -> io::Result<()> {
    let mut read = Vec::with_capacity(28);
    let forms = forms(found);
    loop {
        let next: [u8; 4] = exactly(stored)?;
        if forms.contains(&read) && matches!(next, ENTRY | MEMBER) {
            return signature(next);
        }
        read.extend_from_slice(&next);
        if !forms.iter().any(|form| form.starts_with(&read)) {
            return damaged();
        }
    }
}

fn forms(found: Measured) -> Vec<Vec<u8>> {
    let crc = found.crc.to_le_bytes();
    let short = match (u32::try_from(found.packed), u32::try_from(found.unpacked)) {
        (Ok(packed), Ok(unpacked)) => Some([packed.to_le_bytes(), unpacked.to_le_bytes()].concat()),
        _ => None,
    };
    let long = [found.packed.to_le_bytes(), found.unpacked.to_le_bytes()].concat();
    let lengths = short.into_iter().chain([long]);
    lengths.flat_map(|lengths| [[&crc, &lengths[..]].concat(), [&DESCRIPTOR, &crc, &lengths[..]].concat()]).collect()
}

/// Reads the index behind its first signature, holds it against the member, and reads the archive to its end.
pub(super) fn index(stored: &mut impl BufRead, found: Measured) -> io::Result<()> {
    let entry: [u8; 42] = exactly(stored)?;
    pass(stored, u64::from(u16_at(&entry, 24)))?;
    let extra = variable(stored, u16_at(&entry, 26))?;
    pass(stored, u64::from(u16_at(&entry, 28)))?;
    let offset = u32_at(&entry, 38);
    if measured(&entry, 12, &extra)? != found || (offset != 0 && offset != SEE_ZIP64) {
        return damaged();
    }
    loop {
        match exactly(stored)? {
            END => break,
            ENTRY => return Err(ZipFault::SecondMember.into()),
            END_ZIP64 => {
                let length: [u8; 8] = exactly(stored)?;
                pass(stored, u64_at(&length, 0))?;
            }
            LOCATOR_ZIP64 => pass(stored, 16)?,
            _ => return damaged(),
        }
    }
    let end: [u8; 18] = exactly(stored)?;
    if !matches!(u16_at(&end, 6), 1 | u16::MAX) {
        return damaged();
    }
    pass(stored, u64::from(u16_at(&end, 16)))?;
    match stored.fill_buf()? {
        [] => Ok(()),
        _ => Err(SourceError::Behind(Compression::Zip).into()),
    }
}
