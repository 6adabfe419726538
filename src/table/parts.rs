//! Reading the table by parts, so that memory does not follow the number of orders.
//!
//! What a part costs follows its rows and the columns asked for, wherever in the table it is. The file's own list of row
//! groups is read once, and of it a reader is given only the row groups that hold its rows: given all of them, polars
//! unpacks every one from the first on, and what it throws away of them stays allocated until the part is dropped.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::{DataFrame, Schema, SchemaExt};
use polars_io::SerReader;
use polars_io::parquet::metadata::FileMetadata;
use polars_io::parquet::read::{ParallelStrategy, ParquetReader};

use super::parquet::{TableError, data_type};
use super::schema::COLUMNS;

/// A table that is read by parts, stored in one file or in several, one behind the other.
#[derive(Debug)]
pub struct Parts {
    files: Vec<Stored>,
    rows: usize,
}

/// One file of a table.
#[derive(Debug)]
struct Stored {
    path: PathBuf,
    metadata: FileMetadata,
    /// The rows of each row group, counted from 0.
    groups: Vec<Range<usize>>,
    /// How many rows of the table stand in files before it.
    before: usize,
}

impl Parts {
    /// Opens the table at `path`.
    ///
    /// # Errors
    /// [`TableError`] if the file cannot be opened or is no Parquet file.
    pub fn open(path: &Path) -> Result<Self, TableError> {
        Self::open_all(&[path])
    }

    /// Opens several files as one table; its rows are those of the files, in the order given.
    ///
    /// # Errors
    /// [`TableError`] if a file cannot be opened or is no Parquet file.
    pub fn open_all(paths: &[impl AsRef<Path>]) -> Result<Self, TableError> {
        let mut table = Self { files: Vec::with_capacity(paths.len()), rows: 0 };
        for path in paths {
            let stored = Stored::open(path.as_ref(), table.rows)?;
            table.rows += stored.metadata.num_rows;
            table.files.push(stored);
        }
        Ok(table)
    }

    /// Holds that every file has these columns of the schema, each with its type.
    ///
    /// # Errors
    /// [`TableError::Column`] names the first file and column that do not fit.
    pub fn require(&self, names: &[&str]) -> Result<(), TableError> {
        self.files.iter().try_for_each(|stored| stored.require(names))
    }

    /// How many rows the table has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Reads the named columns of at most `number` rows from the row `from` on, counted from 0. Only the row groups
    /// that hold them are read.
    ///
    /// # Errors
    /// [`TableError`] if a file cannot be read or lacks a column.
    pub fn read(&self, names: &[&str], from: usize, number: usize) -> Result<DataFrame, TableError> {
        let until = self.rows.min(from.saturating_add(number));
        let from = from.min(until);
        let mut found: Option<DataFrame> = None;
        for stored in self.files.iter().filter(|stored| stored.before < until && from < stored.end()) {
            let rows = from.max(stored.before) - stored.before..until.min(stored.end()) - stored.before;
            let part = stored.read(names, rows)?;
            match &mut found {
                None => found = Some(part),
                Some(found) => {
                    // Files made elsewhere may have the columns in another order.
                    let part = part.select(found.get_column_names_owned()).map_err(TableError::engine("read"))?;
                    found.vstack_mut(&part).map_err(TableError::engine("read"))?;
                }
            }
        }
        match (found, self.files.first()) {
            (Some(found), _) => Ok(found),
            // No row is asked for, but a caller may look at the columns.
            (None, Some(stored)) => stored.read(names, 0..0),
            (None, None) => Ok(DataFrame::empty()),
        }
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

impl Stored {
    fn open(path: &Path, before: usize) -> Result<Self, TableError> {
        let file = File::open(path).map_err(TableError::Open)?;
        let metadata = ParquetReader::new(file).get_metadata().map_err(TableError::engine("read"))?.clone();
        let metadata = Arc::unwrap_or_clone(metadata);
        let mut end = 0;
        let rows = metadata.row_groups.iter().map(|group| {
            let from = end;
            end += group.num_rows();
            from..end
        });
        let groups = rows.collect();
        Ok(Self { path: path.to_owned(), metadata, groups, before })
    }

    /// The first row of the table behind this file.
    fn end(&self) -> usize {
        self.before + self.metadata.num_rows
    }

    fn require(&self, names: &[&str]) -> Result<(), TableError> {
        let file = File::open(&self.path).map_err(TableError::Open)?;
        let schema = ParquetReader::new(file).schema().map_err(TableError::engine("read"))?;
        let schema = Schema::from_arrow_schema(&schema);
        for column in COLUMNS.iter().filter(|column| names.contains(&column.name)) {
            let found = schema.get(column.name);
            if found != Some(&data_type(column.kind)) {
                return Err(TableError::Column {
                    file: self.path.clone(),
                    column: column.name,
                    wanted: column.kind.name(),
                    found: found.map_or_else(|| "is not there".to_owned(), |kind| format!("holds {kind}")),
                });
            }
        }
        Ok(())
    }

    /// Reads columns of some rows of this file, counted from its own first row.
    fn read(&self, names: &[&str], rows: Range<usize>) -> Result<DataFrame, TableError> {
        let file = File::open(&self.path).map_err(TableError::Open)?;
        let (metadata, before) = self.around(rows.clone());
        let mut reader = ParquetReader::new(file);
        reader.set_metadata(Arc::new(metadata));
        reader
            .with_columns(Some(names.iter().map(|name| (*name).to_owned()).collect()))
            .with_slice(Some((rows.start - before, rows.len())))
            .read_parallel(ParallelStrategy::Columns)
            .finish()
            .map_err(TableError::engine("read"))
    }

    /// The file as if it had only the row groups that hold these rows, and how many rows stand before them.
    fn around(&self, rows: Range<usize>) -> (FileMetadata, usize) {
        let first = self.groups.partition_point(|group| group.end <= rows.start);
        let until = self.groups.partition_point(|group| group.start < rows.end).max(first);
        let all = &self.metadata;
        let around = FileMetadata {
            version: all.version,
            num_rows: self.groups[first..until].iter().map(ExactSizeIterator::len).sum(),
            max_row_group_height: all.max_row_group_height,
            created_by: all.created_by.clone(),
            row_groups: all.row_groups[first..until].to_vec(),
            key_value_metadata: all.key_value_metadata.clone(),
            schema_descr: all.schema_descr.clone(),
            column_orders: all.column_orders.clone(),
            footer_buf: all.footer_buf.clone(),
        };
        (around, self.groups.get(first).map_or(rows.start, |group| group.start))
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::table::Row;
    use crate::table::parquet::{ParquetAppender, ROW_GROUP};

    const ROWS: usize = ROW_GROUP * 2 + 17;

    fn table(folder: &Path) -> Result<Parts, Box<dyn Error>> {
        let path = folder.join("t.parquet");
        let mut table = ParquetAppender::new(File::create(&path)?)?;
        let rows: Vec<Row> = (0..ROWS as u64).map(|record| Row { record, ..Row::default() }).collect();
        table.push(&rows)?;
        table.finish()?;
        Ok(Parts::open(&path)?)
    }

    #[test]
    fn any_range_of_rows_comes_as_it_was_written() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let table = table(folder.path())?;
        assert_eq!(table.rows(), ROWS);
        let (second, third) = (ROW_GROUP, ROW_GROUP * 2);
        for from in [0, 1, second - 1, second, second + 1, third - 1, third, ROWS - 1, ROWS, ROWS + 9] {
            for number in [0, 1, 2, 17, ROW_GROUP, ROW_GROUP + 2, ROWS, usize::MAX] {
                let part = table.read(&["flag", "record"], from, number)?;
                let expected = (from..ROWS.min(from.saturating_add(number))).map(|record| Some(record as u64));
                let found = part.column("record")?.u64()?.iter().collect::<Vec<_>>();
                assert!(found == expected.collect::<Vec<_>>(), "{number} rows from {from}");
            }
        }
        Ok(())
    }

    #[test]
    fn several_files_are_one_table_in_the_order_given() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let sizes: [u64; 4] = [3, 0, ROW_GROUP as u64 + 1, 5];
        let mut paths = Vec::new();
        let mut next = 0;
        for (number, size) in sizes.into_iter().enumerate() {
            paths.push(folder.path().join(format!("{number}.parquet")));
            let mut table = ParquetAppender::new(File::create(&paths[number])?)?;
            let rows: Vec<Row> = (next..next + size).map(|record| Row { record, ..Row::default() }).collect();
            table.push(&rows)?;
            table.finish()?;
            next += size;
        }
        let table = Parts::open_all(&paths)?;
        assert_eq!(table.rows() as u64, next);
        table.require(&["record", "flag"])?;
        let end = table.rows();
        for (from, number) in [(0, end), (0, 2), (2, 1), (2, 2), (3, 9), (end - 6, 3), (end - 1, 9), (end, 1)] {
            let part = table.read(&["flag", "record"], from, number)?;
            let expected = (from..end.min(from + number)).map(|record| Some(record as u64));
            let found = part.column("record")?.u64()?.iter().collect::<Vec<_>>();
            assert!(found == expected.collect::<Vec<_>>(), "{number} rows from {from}");
        }
        Ok(())
    }

    #[test]
    fn a_file_of_another_kind_is_told_with_its_column() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("other.parquet");
        let columns = vec![polars::prelude::Column::new("record".into(), [1_i32])];
        let mut frame = DataFrame::new(1, columns)?;
        polars_io::parquet::write::ParquetWriter::new(File::create(&path)?).finish(&mut frame)?;
        let table = Parts::open(&path)?;
        let wrong = table.require(&["record"]).expect_err("the type is another").to_string();
        assert!(wrong.contains("other.parquet") && wrong.contains("`record` holds i32"), "{wrong}");
        let missing = table.require(&["flag"]).expect_err("the column is missing").to_string();
        assert!(missing.contains("`flag` is not there"), "{missing}");
        Ok(())
    }

    #[test]
    fn a_reader_is_given_no_row_group_that_holds_none_of_its_rows() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let table = table(folder.path())?;
        for (rows, groups) in [
            (0..1, 0..1),
            (ROW_GROUP - 1..ROW_GROUP, 0..1),
            (ROW_GROUP - 1..ROW_GROUP + 1, 0..2),
            (ROW_GROUP..ROW_GROUP * 2, 1..2),
            (ROW_GROUP * 2..ROWS, 2..3),
            (0..ROWS, 0..3),
            (ROWS..ROWS, 3..3),
        ] {
            let (around, before) = table.files[0].around(rows.clone());
            assert_eq!(around.row_groups.len(), groups.len(), "{rows:?}");
            assert_eq!(before, if groups.is_empty() { rows.start } else { groups.start * ROW_GROUP }, "{rows:?}");
        }
        Ok(())
    }
}
