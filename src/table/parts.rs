//! Reading the table by parts, so that memory does not follow the number of orders.
//!
//! What a part costs follows its rows and the columns asked for. The file's own list of row groups is read once and
//! shared by all parts: read again for each, it would make a table of many row groups cost their square.

use std::fs::File;
use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;
use polars_io::SerReader;
use polars_io::parquet::metadata::FileMetadataRef;
use polars_io::parquet::read::{ParallelStrategy, ParquetReader};

use super::parquet::TableError;

/// A table file that is read by parts.
#[derive(Debug)]
pub struct Parts {
    path: PathBuf,
    metadata: FileMetadataRef,
}

impl Parts {
    /// Opens the table at `path`.
    ///
    /// # Errors
    /// [`TableError`] if the file cannot be opened or is no Parquet file.
    pub fn open(path: &Path) -> Result<Self, TableError> {
        let file = File::open(path).map_err(TableError::Open)?;
        let metadata = ParquetReader::new(file).get_metadata().map_err(TableError::engine("read"))?.clone();
        Ok(Self { path: path.to_owned(), metadata })
    }

    /// How many rows the table has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.metadata.num_rows
    }

    /// Reads the named columns of at most `number` rows from the row `from` on, counted from 0. Only the row groups
    /// that hold them are read.
    ///
    /// # Errors
    /// [`TableError`] if the file cannot be read or lacks a column.
    pub fn read(&self, names: &[&str], from: usize, number: usize) -> Result<DataFrame, TableError> {
        let file = File::open(&self.path).map_err(TableError::Open)?;
        let mut reader = ParquetReader::new(file);
        reader.set_metadata(self.metadata.clone());
        reader
            .with_columns(Some(names.iter().map(|name| (*name).to_owned()).collect()))
            .with_slice(Some((from, number)))
            .read_parallel(ParallelStrategy::Columns)
            .finish()
            .map_err(TableError::engine("read"))
    }

    /// Reads the named columns of all rows, `size` of them at a time and in their order, with the number of the first
    /// row of each part.
    pub fn each<'names>(
        &'names self,
        names: &'names [&str],
        size: usize,
    ) -> impl Iterator<Item = Result<(usize, DataFrame), TableError>> + 'names {
        let size = size.max(1);
        let starts = (0..self.rows()).step_by(size);
        starts.map(move |from| Ok((from, self.read(names, from, size)?)))
    }
}
