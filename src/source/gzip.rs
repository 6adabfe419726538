//! gzip: members one behind another, and nothing else to the end.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::error::{SourceError, explained};
use super::format::Compression;

/// Reads member by member. flate2's decoder of several members would do the same, but cannot tell a damaged first
/// member from foreign bytes behind a good one.
pub(super) struct Gzip<R> {
    /// `None` once the input is at its end.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Gzip<R> {
    pub fn new(stored: R) -> Self {
        Self { member: Some(GzDecoder::new(stored)) }
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let (Some(member), false) = (&mut self.member, buffer.is_empty()) {
            let read = member.read(buffer).map_err(|error| explained(Compression::Gzip, error))?;
            if read > 0 {
                return Ok(read);
            }
            match member.get_mut().fill_buf()? {
                [] => self.member = None,
                [0x1f] | [0x1f, 0x8b, ..] => {
                    self.member = self.member.take().map(|ended| GzDecoder::new(ended.into_inner()));
                }
                _ => return Err(SourceError::Behind(Compression::Gzip).into()),
            }
        }
        Ok(0)
    }
}
