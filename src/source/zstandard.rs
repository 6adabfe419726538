//! zstd: frames one behind another, and nothing else to the end.

use std::io::{self, BufRead, Read};

use zstd::stream::read::Decoder;

use super::error::{SourceError, explained};
use super::format::Compression;

/// The largest window that a frame may ask for, as a power of two: 128 MiB, which is what `zstd` itself takes
/// without being told otherwise.
const WINDOW_LOG_MAX: u32 = 27;

/// Reads frame by frame, so that foreign bytes behind a good frame can be told from a damaged one.
pub(super) struct Zstandard<R: BufRead> {
    /// `None` once the input is at its end.
    frame: Option<Decoder<'static, R>>,
}

impl<R: BufRead> Zstandard<R> {
    pub fn new(stored: R) -> io::Result<Self> {
        Ok(Self { frame: Some(Self::frame(stored)?) })
    }

    fn frame(stored: R) -> io::Result<Decoder<'static, R>> {
        let mut frame = Decoder::with_buffer(stored)?.single_frame();
        frame.window_log_max(WINDOW_LOG_MAX)?;
        Ok(frame)
    }
}

impl<R: BufRead> Read for Zstandard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let (Some(frame), false) = (&mut self.frame, buffer.is_empty()) {
            let read = frame.read(buffer).map_err(|error| explained(Compression::Zstd, error))?;
            if read > 0 {
                return Ok(read);
            }
            match frame.get_mut().fill_buf()? {
                [] => self.frame = None,
                // The first byte of a frame, or of one to be skipped; what follows it, the decoder judges.
                [0x28 | 0x50..=0x5f] | [0x28, 0xb5, ..] | [0x50..=0x5f, 0x2a, ..] => {
                    self.frame = self.frame.take().map(|ended| Self::frame(ended.finish())).transpose()?;
                }
                _ => return Err(SourceError::Behind(Compression::Zstd).into()),
            }
        }
        Ok(0)
    }
}
