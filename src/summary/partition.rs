//! The ways in which the report takes all orders apart, each as finely as any of its figures does.
//!
//! A figure that is printed is a sum over cells of one partition. What somebody could work out from printed figures can
//! then be worked out here too: the cells say which figures overlap, and the columns that two partitions share say which
//! of their sums are equal.

/// All orders, each in exactly one cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partition {
    /// Its name.
    pub name: &'static str,
    /// The columns that tell its cells apart. Columns of one name mean the same in every partition.
    pub columns: Vec<&'static str>,
    /// The values of each cell that has orders, in the order of `columns`; lists joined by `|`, empty where there is none.
    pub cells: Vec<Vec<String>>,
}

impl Partition {
    /// The value of a cell in a column; nothing if the partition does not know the column.
    #[must_use]
    pub fn value(&self, cell: usize, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| *name == column)?;
        self.cells.get(cell)?.get(at).map(String::as_str)
    }

    /// The cells that have these values.
    #[must_use]
    pub fn with(&self, wanted: &[(&str, &str)]) -> Vec<usize> {
        let at = |(column, value): &(&str, &'_ str)| {
            let place = self.columns.iter().position(|name| name == column);
            place.map(|place| (place, (*value).to_owned()))
        };
        let Some(places) = wanted.iter().map(at).collect::<Option<Vec<_>>>() else { return Vec::new() };
        let has = |cell: &usize| places.iter().all(|(at, value)| self.cells[*cell].get(*at) == Some(value));
        (0..self.cells.len()).filter(has).collect()
    }
}
