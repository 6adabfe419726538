//! Encodings of text, and the way from each of them to UTF-8, in one pass and with a bounded buffer.
//!
//! The standard library knows UTF-16, and Windows-1252 is a table of 27 characters, so no crate is needed here.
//! (`encoding_rs` would do it too, but asks a crate of polars' tree for other features and so has polars built twice.)

use std::io::{self, Read};

use super::Stream;
use super::cell;
use super::error::SourceError;
use super::receipt::Receipt;

/// How the text of an input is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8, passed through as it is, what is no UTF-8 too: the fields judge that.
    #[default]
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// Windows-1252, which the printable part of Latin-1 is contained in.
    Windows1252,
}

impl Encoding {
    /// As people and the manifest call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 (LE)",
            Self::Utf16Be => "UTF-16 (BE)",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// What the byte-order mark at the start of a text says, and how long the mark is.
    pub(super) fn of_mark(first: &[u8]) -> Option<(Self, usize)> {
        match first {
            [0xef, 0xbb, 0xbf, ..] => Some((Self::Utf8, 3)),
            [0xff, 0xfe, ..] => Some((Self::Utf16Le, 2)),
            [0xfe, 0xff, ..] => Some((Self::Utf16Be, 2)),
            _ => None,
        }
    }
}

/// Stands for a unit that no character is meant by: a byte that is not valid UTF-8 wherever it stands, so that a
/// field which holds it is judged by the rule for such fields. Windows-1252 leaves it undefined, so [`cell`] shows
/// it as U+FFFD.
const NO_CHARACTER: u8 = 0x81;

/// How many bytes are read at once.
const PIECE: usize = 64 << 10;

/// A text in another encoding, as UTF-8.
pub(super) struct Transcoded {
    input: Stream,
    encoding: Encoding,
    raw: Vec<u8>,
    /// Of `raw`: what is read and not yet decoded, at most three bytes between two pieces.
    unread: usize,
    text: Vec<u8>,
    handed_over: usize,
    ended: bool,
    receipt: Receipt,
}

impl Transcoded {
    pub fn new(input: Stream, encoding: Encoding, receipt: Receipt) -> Self {
        let raw = vec![0; PIECE];
        Self { input, encoding, raw, unread: 0, text: Vec::new(), handed_over: 0, ended: false, receipt }
    }

    /// Reads one piece more and decodes it as far as it is whole.
    fn advance(&mut self) -> io::Result<()> {
        let read = self.input.read(&mut self.raw[self.unread..])?;
        self.ended = read == 0;
        self.text.clear();
        self.handed_over = 0;
        let whole = self.unread + read;
        let decoded = match self.encoding {
            Encoding::Utf8 => {
                self.text.extend_from_slice(&self.raw[..whole]);
                whole
            }
            Encoding::Windows1252 => {
                self.windows_1252(whole);
                whole
            }
            Encoding::Utf16Le => self.utf16(whole, u16::from_le_bytes),
            Encoding::Utf16Be => self.utf16(whole, u16::from_be_bytes),
        };
        if self.ended && decoded < whole {
            return Err(SourceError::HalfUnit.into());
        }
        self.raw.copy_within(decoded..whole, 0);
        self.unread = whole - decoded;
        Ok(())
    }

    fn windows_1252(&mut self, whole: usize) {
        for byte in &self.raw[..whole] {
            if let Some(character) = cell::character(*byte) {
                push(&mut self.text, character);
            } else {
                self.text.push(*byte);
                self.receipt.count_undecodable();
            }
        }
    }

    /// Decodes what is whole of the first bytes and says how many these were. A pair of which only the first half is
    /// there waits for the next piece, if there is one.
    fn utf16(&mut self, whole: usize, unit: fn([u8; 2]) -> u16) -> usize {
        let is_first_half = |unit: u16| (0xd800..0xdc00).contains(&unit);
        let (mut pairs, _) = self.raw[..whole].as_chunks::<2>();
        if let (false, Some((last, before))) = (self.ended, pairs.split_last())
            && is_first_half(unit(*last))
        {
            pairs = before;
        }
        for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
            if let Ok(character) = character {
                push(&mut self.text, character);
            } else {
                self.text.push(NO_CHARACTER);
                self.receipt.count_undecodable();
            }
        }
        pairs.len() * 2
    }
}

fn push(text: &mut Vec<u8>, character: char) {
    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

impl Read for Transcoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.handed_over == self.text.len() && !self.ended {
            self.advance()?;
        }
        let rest = &self.text[self.handed_over..];
        let read = rest.len().min(buffer.len());
        buffer[..read].copy_from_slice(&rest[..read]);
        self.handed_over += read;
        Ok(read)
    }
}
