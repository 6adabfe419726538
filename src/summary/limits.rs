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

    /// Ids of orders, at 8 bytes each.
    pub(super) fn ids(&self) -> usize {
        self.memory / 8
    }

    /// Repeated orders in a map. An entry is 25 bytes, and with the places that a map keeps empty, which may be more than
    /// half of them, no more than 64.
    pub(super) fn keys(&self) -> usize {
        self.memory / 64
    }

    /// Orders of two tables that are compared, at 56 bytes each.
    pub(super) fn changes(&self) -> usize {
        self.memory / 56
    }
}
