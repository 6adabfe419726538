//! How much a summary holds at a time.

use crate::table::parquet::ROW_GROUP;

/// How much a summary holds at a time. No answer depends on it, only how often the table is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows that are read at a time; what is not a row group reads row groups more than once.
    pub part: usize,
    /// Bytes for each thing that is compared with all others: the patients, the ids, the repeated orders.
    pub memory: usize,
}

impl Default for Limits {
    /// A row group at a time, and 64 MiB: room for the ids of 8 million orders or for 4 million patients with their
    /// kinds of orders in one reading.
    fn default() -> Self {
        Self { part: ROW_GROUP, memory: 64 << 20 }
    }
}

impl Limits {
    /// Patients, at 16 bytes each.
    pub(super) fn patients(&self) -> usize {
        self.memory / 16
    }

    /// Orders of patients, at 48 bytes each.
    pub(super) fn orders(&self) -> usize {
        self.memory / 48
    }

    /// Ids of orders, at 8 bytes each.
    pub(super) fn ids(&self) -> usize {
        self.memory / 8
    }

    /// Prescribers or sites, with what is counted of each, at 64 bytes each.
    pub(super) fn peers(&self) -> usize {
        self.memory / 64
    }

    /// Repeated orders in a map. An entry is 25 bytes, and with the places that a map keeps empty, which may be more than
    /// half of them, no more than 64.
    pub(super) fn keys(&self) -> usize {
        self.memory / 64
    }

    /// Lines of claims in which one line may take back another. A line is less than 200 bytes, and a map of them keeps
    /// places empty.
    pub(super) fn lines(&self) -> usize {
        self.memory / 512
    }

    /// Orders of two tables that are compared, at 56 bytes each.
    pub(super) fn changes(&self) -> usize {
        self.memory / 56
    }
}
