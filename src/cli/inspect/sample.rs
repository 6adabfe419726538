//! The first part of an input, kept, so that it can be looked at more than once; also from standard input.

use std::io::{Chain, Cursor, Read};

use super::{Failure, unusable};
use crate::intake::Layout;
use crate::run::{Input, open_input};
use crate::source::Receipt;

/// Bytes that are kept: the first records of any export that is looked at.
const KEPT: u64 = 16 << 20;

/// The beginning of an input, and the rest, not yet read.
pub(super) struct Sample {
    /// The beginning.
    pub bytes: Vec<u8>,
    /// Whether that is all.
    pub whole: bool,
    /// What was recognised of its bytes.
    pub receipt: Receipt,
    rest: Box<dyn Read + Send>,
}

impl Sample {
    pub fn read(input: &Input, layouts: &[Layout]) -> Result<Self, Failure> {
        let opened = open_input(input, layouts)?;
        let receipt = opened.watch().receipt;
        let mut rest: Box<dyn Read + Send> = Box::new(opened);
        let mut bytes = Vec::new();
        rest.by_ref().take(KEPT).read_to_end(&mut bytes).map_err(|error| unusable(input, error))?;
        Ok(Self { whole: (bytes.len() as u64) < KEPT, bytes, receipt, rest })
    }

    /// The input from its beginning. The rest can be read through one stream only.
    pub fn stream(&mut self) -> Chain<Cursor<Vec<u8>>, &mut Box<dyn Read + Send>> {
        Cursor::new(self.bytes.clone()).chain(&mut self.rest)
    }

    /// What is kept, as often as it is wanted.
    pub fn kept(&self) -> Cursor<&[u8]> {
        Cursor::new(&self.bytes)
    }
}
