//! What a worker makes of the rows of its chunk, so that the outputs only append it.

use crate::report::csv::Findings;
use crate::scan::Gather;
use crate::table::{Columns, Row};

/// The rows of a chunk, ready for the table and for the list of findings.
pub(super) struct Ready {
    pub columns: Columns,
    /// What could not be written as text is told where the list is written.
    pub findings: Result<Findings, csv::Error>,
}

impl Default for Ready {
    fn default() -> Self {
        Self { columns: Columns::default(), findings: Ok(Findings::default()) }
    }
}

impl Gather for Ready {
    fn row(&mut self, row: &Row) {
        self.columns.push(row);
        if let Ok(findings) = &mut self.findings
            && let Err(error) = findings.push(row)
        {
            self.findings = Err(error);
        }
    }

    fn rebase(&mut self, records: u64) {
        self.columns.rebase(records);
        if let Ok(findings) = &mut self.findings {
            findings.rebase(records);
        }
    }
}
