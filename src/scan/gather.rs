//! Where the rows of a chunk go as they are made.

use crate::table::Row;

/// Takes the rows of one chunk, in order, on the worker's thread.
///
/// What can be made of a row is made there, where there are as many threads as the machine has; the one thread that
/// puts chunks together only appends. A row is lent and filled again for the next order, so that no text of it is
/// allocated twice.
pub trait Gather: Default + Send {
    /// Takes a row. Its record number is relative to the chunk until [`Gather::rebase`] is called.
    fn row(&mut self, row: &Row);

    /// Called once, after the last row: every record number grows by `records`.
    fn rebase(&mut self, records: u64);
}

/// For who reads rows.
impl Gather for Vec<Row> {
    fn row(&mut self, row: &Row) {
        self.push(row.clone());
    }

    fn rebase(&mut self, records: u64) {
        for row in self {
            row.record += records;
        }
    }
}

/// For who only counts.
impl Gather for () {
    fn row(&mut self, _: &Row) {}

    fn rebase(&mut self, _: u64) {}
}
