//! zip: one member, read as a stream from its header to the end of the archive.
//!
//! The index of a zip archive stands at its end, so a stream has to go by the header before each member and is held
//! against the index afterwards. The crates that read zip do not do both: `zip` streams only members whose length
//! stands in front of them (`zip -` and most Java programs write it behind), and none holds a streamed member against
//! the index. What is read here is small because it is one member; inflating and the check sum are flate2's.

mod end;
mod header;

use std::io::{self, BufRead, Read, Take};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

use super::error::{SourceError, explained};
use super::format::Compression;
use header::{Header, Length};

/// What was found out about a member by reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Measured {
    crc: u32,
    packed: u64,
    unpacked: u64,
}

enum Member<R> {
    Stored(Take<R>),
    Deflated(Box<DeflateDecoder<Take<R>>>),
}

/// The content of the one member of an archive.
pub(super) struct Zip<R> {
    /// `None` once the archive was read to its end, or is given up.
    member: Option<Member<R>>,
    header: Header,
    crc: Crc,
    unpacked: u64,
}

impl<R: BufRead> Zip<R> {
    pub fn new(mut stored: R) -> io::Result<Self> {
        let header = Header::read(&mut stored)?;
        let packed = match header.length {
            Length::InFront(measured) => measured.packed,
            Length::Behind => u64::MAX,
        };
        let packed = stored.take(packed);
        let member = match header.method {
            header::DEFLATE => Member::Deflated(Box::new(DeflateDecoder::new(packed))),
            _ => Member::Stored(packed),
        };
        Ok(Self { member: Some(member), header, crc: Crc::new(), unpacked: 0 })
    }

    /// Holds the member that was read against what the archive says of it, and reads the archive to its end.
    fn finish(&mut self) -> io::Result<()> {
        let (rest, packed) = match self.member.take() {
            None => return Ok(()),
            Some(Member::Stored(rest)) => (rest, self.unpacked),
            Some(Member::Deflated(decoder)) => {
                let packed = decoder.total_in();
                (decoder.into_inner(), packed)
            }
        };
        let measured = Measured { crc: self.crc.sum(), packed, unpacked: self.unpacked };
        let mut stored = rest.into_inner();
        match self.header.length {
            // A stored member that is shorter than it says is one that was cut.
            Length::InFront(said) if matches!(self.header.method, header::STORED) && packed < said.packed => {
                return Err(SourceError::Cut(Compression::Zip).into());
            }
            Length::InFront(said) if said != measured => return Err(SourceError::Damaged(Compression::Zip).into()),
            Length::InFront(_) => end::check_signature(&mut stored)?,
            Length::Behind => end::descriptor(&mut stored, measured)?,
        }
        end::index(&mut stored, measured)
    }
}

impl<R: BufRead> Read for Zip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = match &mut self.member {
            None => return Ok(0),
            Some(Member::Stored(content)) => content.read(buffer)?,
            Some(Member::Deflated(content)) => {
                content.read(buffer).map_err(|error| explained(Compression::Zip, error))?
            }
        };
        self.crc.update(&buffer[..read]);
        self.unpacked += read as u64;
        if read == 0 {
            self.finish()?;
        }
        Ok(read)
    }
}

/// Reads exactly as much as `N`; an archive that ends before that was cut.
fn exactly<const N: usize>(stored: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stored.read_exact(&mut bytes).map_err(|error| explained(Compression::Zip, error))?;
    Ok(bytes)
}

/// Passes over `count` bytes, names and comments, whose content is of no use.
fn pass(stored: &mut impl Read, count: u64) -> io::Result<()> {
    let passed = io::copy(&mut stored.by_ref().take(count), &mut io::sink())?;
    if passed == count { Ok(()) } else { Err(SourceError::Cut(Compression::Zip).into()) }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
