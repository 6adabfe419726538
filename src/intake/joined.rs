//! What companion files give to one line. Made by joining, read by decoding.

use super::binding::Column;
use crate::order::Notice;

/// What the companions of one line hold. Empty for an export of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Joined {
    /// Cells that stand in where the line leaves a column empty; the first of a column counts.
    pub cells: Vec<(Column, Box<[u8]>)>,
    /// Diagnoses in their order.
    pub diagnoses: Vec<LongDiagnosis>,
    /// What joining noticed.
    pub notices: Vec<Notice>,
}

/// One diagnosis of a companion file, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LongDiagnosis {
    /// The code.
    pub code: Box<[u8]>,
    /// The word for its system, empty where there is none.
    pub version: Box<[u8]>,
    /// What it is called, empty where it is not said.
    pub name: Box<[u8]>,
}

impl Joined {
    /// What a line without companions has.
    pub const NONE: &'static Self = &Self { cells: Vec::new(), diagnoses: Vec::new(), notices: Vec::new() };

    /// The cell that stands in for a column.
    #[must_use]
    pub fn cell(&self, column: Column) -> Option<&[u8]> {
        self.cells.iter().find(|(own, _)| *own == column).map(|(_, cell)| &**cell)
    }
}
