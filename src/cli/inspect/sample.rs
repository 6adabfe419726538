//! The first part of an input, kept, so that it can be looked at more than once; also from standard input.

use std::io::{Chain, Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Failure, unusable};
use crate::intake::Layout;
use crate::run::{Input, open_input};
use crate::source::{Receipt, windows_1252};

/// Bytes that are kept: the first records of any export that is looked at.
const KEPT: u64 = 16 << 20;

/// The beginning of an input, and the rest, not yet read.
pub(super) struct Sample {
    /// The beginning.
    pub bytes: Arc<[u8]>,
    /// Whether that is all.
    pub whole: bool,
    /// What was recognised of its bytes.
    pub receipt: Receipt,
    /// Whether it is a file, which can be opened again.
    pub of_file: bool,
    rest: Rest,
}

/// What stands behind the part that is kept: one stream, that several readers go on with.
#[derive(Clone)]
pub(super) struct Rest(Arc<Mutex<Box<dyn Read + Send>>>);

impl Rest {
    fn of(stream: impl Read + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Box::new(stream))))
    }
}

impl Read for Rest {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read(buffer)
    }
}

impl Sample {
    pub fn read(input: &Input, layouts: &[Layout]) -> Result<Self, Failure> {
        let opened = open_input(input, layouts)?;
        let of_file = input.path.is_some();
        let receipt = opened.watch().receipt;
        let mut rest = Rest::of(opened);
        let mut bytes = Vec::new();
        rest.by_ref().take(KEPT).read_to_end(&mut bytes).map_err(|error| unusable(input, error))?;
        Ok(Self { whole: (bytes.len() as u64) < KEPT, bytes: bytes.into(), receipt, of_file, rest })
    }

    /// The same as a layout reads it, which may declare another encoding. Of standard input the part that is kept.
    pub fn decoded(self, input: &Input, layout: &Layout) -> Result<Self, Failure> {
        if layout.dialect.encoding.is_none() {
            return Ok(self);
        }
        if self.of_file {
            return Self::read(input, std::slice::from_ref(layout));
        }
        let mut bytes = self.bytes.to_vec();
        if !self.whole {
            bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1));
        }
        Ok(Self { bytes: windows_1252(&bytes).into_bytes().into(), rest: Rest::of(std::io::empty()), ..self })
    }

    /// The input from its beginning. The rest can be read through one stream only.
    pub fn stream(&self) -> Chain<Cursor<Arc<[u8]>>, Rest> {
        Cursor::new(self.bytes.clone()).chain(self.rest.clone())
    }

    /// What is kept, as often as it is wanted.
    pub fn kept(&self) -> Cursor<Arc<[u8]>> {
        Cursor::new(self.bytes.clone())
    }
}
