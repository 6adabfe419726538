//! Rejections: records that cannot be read as an order. The word is that of EDI, never a determination.

use std::fmt;

/// Why intake rejects a record whose lines framed well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rejection {
    /// The record repeats the header, as concatenated files do.
    RepeatedHeader,
    /// A field that decides is not valid in the export's encoding.
    InvalidEncoding,
    /// An id of an order in scope is a number in scientific notation, so that its digits are gone.
    IdInScientificNotation,
}

impl Rejection {
    /// The word that stands in `rejected.csv`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RepeatedHeader => "repeated-header",
            Self::InvalidEncoding => "invalid-encoding",
            Self::IdInScientificNotation => "id-in-scientific-notation",
        }
    }
}

impl Rejection {
    /// A sentence for the person who mends the export.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::RepeatedHeader => "The record repeats the header, as files do that were joined.",
            Self::InvalidEncoding => "A code or date cell is not valid UTF-8.",
            Self::IdInScientificNotation => {
                "An order, claim, patient or authorization id is in scientific notation: export the column as text."
            }
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
