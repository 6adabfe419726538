//! What follows the header of an export or companion file: the records, read in the way the input allows.

use std::io::{Cursor, Read};

use super::chunk::Visitor;
use super::export::Extent;
use super::position::{self, Text, read_positions};
use super::wave::{Pace, Start, WaveError, read_waves};
use crate::framing::Dialect;
use crate::source::{Access, Plain, ReadAt};

/// The records of a file whose header has been read.
#[derive(Debug)]
pub(super) struct Body<R> {
    /// What was read ahead of the records: everything up to the end of the header line.
    pub head: Vec<u8>,
    /// Read, and part of the records.
    pub ahead: Vec<u8>,
    pub rest: R,
    pub start: Start,
    /// Blank lines before the header.
    pub blank: u64,
    /// The ways to the bytes besides `rest`.
    pub access: Option<Access>,
}

impl<R: Read + Send + 'static> Body<R> {
    /// Reads all records: a plain file by position, anything else as a stream. `seen` is told how many bytes of the text
    /// are read, on some thread.
    pub fn read<V: Visitor, E>(
        self,
        dialect: &Dialect,
        pace: Pace,
        make: impl Fn() -> V + Sync,
        seen: impl FnMut(u64) + Send,
        take: impl FnMut(V) -> Result<(), E>,
    ) -> Result<Extent, WaveError<E>> {
        let blank = self.blank;
        let access = self.access.clone();
        let (mut lines, seen) = match access.as_ref().and_then(|access| Some((access, access.plain()?))) {
            Some((access, plain)) => self.by_position(access, plain, dialect, pace, make, seen, take)?,
            None => self.streamed(dialect, pace, make, seen, take)?,
        };
        lines.header -= blank;
        lines.blank += blank;
        Ok(Extent { lines, seen: seen.lines })
    }

    #[expect(clippy::too_many_arguments, reason = "those of reading, and the two ways to the bytes")]
    fn by_position<V: Visitor, E>(
        self,
        access: &Access,
        plain: &Plain,
        dialect: &Dialect,
        pace: Pace,
        make: impl Fn() -> V + Sync,
        mut seen: impl FnMut(u64),
        take: impl FnMut(V) -> Result<(), E>,
    ) -> Result<(super::LineCounts, super::wave::Extent), WaveError<E>> {
        // The header is part of what is read by position, and must be the one by which the layout was found.
        let mut again = vec![0; self.head.len() + self.ahead.len()];
        plain.file.fill_at(&mut again, 0).map_err(WaveError::read)?;
        if again[..self.head.len()] != self.head || again[self.head.len()..] != self.ahead {
            return Err(WaveError::Changed);
        }
        drop(again);
        access.take_over();
        let skips = access.skips();
        let text = Text { bytes: &*plain.file, len: plain.len, skips: &skips };
        let told = |bytes| {
            access.advance(bytes);
            seen(bytes);
        };
        let position::Found { lines, seen, digests } =
            read_positions(&text, self.start, dialect, pace, make, told, take)?;
        access.digested(&digests);
        Ok((lines, seen))
    }

    fn streamed<V: Visitor, E>(
        self,
        dialect: &Dialect,
        pace: Pace,
        make: impl Fn() -> V + Sync,
        mut seen: impl FnMut(u64) + Send,
        take: impl FnMut(V) -> Result<(), E>,
    ) -> Result<(super::LineCounts, super::wave::Extent), WaveError<E>> {
        if let Some(access) = &self.access {
            access.take_over();
        }
        // What was read ahead went through the stream before its hashing was taken over.
        let mut hashed = self.ahead.len();
        let mut offset = self.start.offset;
        let told = |bytes: &[u8]| {
            let known = hashed.min(bytes.len());
            hashed -= known;
            if let Some(access) = &self.access {
                access.see(&bytes[known..]);
            }
            offset += bytes.len() as u64;
            seen(offset);
        };
        let records = Cursor::new(self.ahead).chain(self.rest);
        read_waves(records, self.start, dialect, pace, make, told, take)
    }
}
