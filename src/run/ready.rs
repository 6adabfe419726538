//! What a worker makes of the rows of its chunk, so that the outputs only append it.

use crate::report::csv::Findings;
use crate::scan::Gather;
use crate::table::{Columns, Row};

/// The rows of a chunk, ready for the table and for the list of findings.
#[derive(Default)]
pub(super) struct Ready {
    pub columns: Columns,
    pub findings: Findings,
}

impl Gather for Ready {
    fn row(&mut self, row: &Row) {
        self.columns.push(row);
        self.findings.push(row);
    }

    fn rebase(&mut self, records: u64) {
        self.columns.rebase(records);
        self.findings.rebase(records);
    }
}
