//! Reading a source to its end, as a file and drop by drop.

use std::io::{self, Cursor, Read};

use ivig_audit::source::{Encoding, Receipt, Source, SourceError};

/// Gives few bytes at a time, and is interrupted before each of them.
pub struct Drops {
    bytes: Cursor<Vec<u8>>,
    size: usize,
    interrupted: bool,
}

impl Drops {
    pub fn new(bytes: &[u8], size: usize) -> Self {
        Self { bytes: Cursor::new(bytes.to_vec()), size, interrupted: false }
    }
}

impl Read for Drops {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let size = self.size.min(buffer.len());
        self.bytes.read(&mut buffer[..size])
    }
}

/// Reads to the end; the receipt is what a run would print.
pub fn read_declared(bytes: &[u8], declared: Option<Encoding>) -> io::Result<(Vec<u8>, Receipt)> {
    read_from(Cursor::new(bytes.to_vec()), declared)
}

/// Reads to the end what is not declared.
pub fn read(bytes: &[u8]) -> io::Result<(Vec<u8>, Receipt)> {
    read_declared(bytes, None)
}

pub fn read_from(stored: impl Read + Send + 'static, declared: Option<Encoding>) -> io::Result<(Vec<u8>, Receipt)> {
    let mut source = Source::open(stored, declared)?;
    let mut text = Vec::new();
    source.read_to_end(&mut text)?;
    Ok((text, source.receipt()))
}

/// What is wrong with bytes, in the program's own words; any other error fails the test.
pub fn fault(bytes: &[u8]) -> Option<SourceError> {
    let error = read(bytes).err()?;
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<SourceError>());
    Some(*inner.unwrap_or_else(|| panic!("an error that nobody put into words: {error}")))
}
