//! The assessments table on disk: Parquet, written by waves and read by column.
//!
//! Rows arrive as columns, in waves of any size, and leave in row groups of exactly
//! [`ROW_GROUP`] rows, so the bytes of the file do not depend on how the scan
//! was cut. They are copied into column builders as they arrive: what waits in
//! memory is at most one row group.
//!
//! Call this from the coordinating thread only. polars has its own thread pool
//! and must not be entered from a rayon task.

mod builder;

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use polars::polars_utils::compression::ZstdLevel;
use polars::prelude::{Column, DataFrame, DataType, PolarsError, Schema};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::{BatchedWriter, ParquetCompression, ParquetWriter, StatisticsOptions};

use self::builder::ColumnBuilder;
use super::columns::Columns;
use super::row::Row;
use super::schema::{COLUMNS, Kind};

/// Rows in a row group; only the last group of a file may be smaller.
pub const ROW_GROUP: usize = 32_768;

/// How hard zstd tries: as hard as costs least.
const COMPRESSION: i32 = 1;

/// Digits of every decimal column.
const DECIMAL_DIGITS: usize = 18;

/// Why the table could not be written or read. Carries no value of any row.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A decimal of a column does not fit its 18 digits.
    #[error("a value of column `{column}` has more than 18 digits")]
    DecimalOverflow {
        /// The column's name.
        column: &'static str,
    },
    /// The file could not be opened.
    #[error("the assessments table could not be opened: {0}")]
    Open(#[source] std::io::Error),
    /// A file is not a table of assessments, or one of another version.
    #[error("{}: the column `{column}` {found}; a table of assessments has {wanted} there", file.display())]
    Column {
        /// The file.
        file: PathBuf,
        /// The column's name.
        column: &'static str,
        /// The type that it should have.
        wanted: &'static str,
        /// What stands there instead.
        found: String,
    },
    /// Parquet or the query engine failed.
    #[error("the assessments table could not be {doing}: {source}")]
    Engine {
        /// What was being done: `written`, `read` or `summarised`.
        doing: &'static str,
        /// The engine's error.
        #[source]
        source: PolarsError,
    },
}

impl TableError {
    /// Names what was being done when the engine failed; for `map_err`.
    pub fn engine(doing: &'static str) -> impl Fn(PolarsError) -> Self {
        move |source| Self::Engine { doing, source }
    }
}

/// Writes the assessments table by waves.
pub struct ParquetAppender<W: Write> {
    file: BatchedWriter<W>,
    builders: Vec<ColumnBuilder>,
    waiting: usize,
    rows: u64,
}

impl<W: Write> ParquetAppender<W> {
    /// Starts a table in `writer`.
    ///
    /// # Errors
    /// [`TableError::Engine`] if the file's head cannot be written.
    pub fn new(writer: W) -> Result<Self, TableError> {
        let schema: Schema = COLUMNS.iter().map(|column| (column.name.into(), data_type(column.kind))).collect();
        let level = ZstdLevel::try_new(COMPRESSION).map_err(TableError::engine("written"))?;
        // Nobody asks a row group for its least and greatest values.
        let file = ParquetWriter::new(writer)
            .with_compression(ParquetCompression::Zstd(Some(level)))
            .with_statistics(StatisticsOptions::empty())
            .batched(&schema)
            .map_err(TableError::engine("written"))?;
        Ok(Self { file, builders: builders(), waiting: 0, rows: 0 })
    }

    /// Appends rows in their order.
    ///
    /// # Errors
    /// [`TableError`] if a full row group cannot be written.
    pub fn push(&mut self, rows: &[Row]) -> Result<(), TableError> {
        let mut columns = Columns::default();
        for row in rows {
            columns.push(row);
        }
        self.append(&columns)
    }

    /// Appends rows that are columns already, in their order.
    ///
    /// # Errors
    /// [`TableError`] if a full row group cannot be written.
    pub fn append(&mut self, columns: &Columns) -> Result<(), TableError> {
        let mut from = 0;
        while from < columns.rows() {
            let to = columns.rows().min(from + ROW_GROUP - self.waiting);
            for (builder, values) in self.builders.iter_mut().zip(columns.values()) {
                builder.extend(values, from..to);
            }
            self.waiting += to - from;
            from = to;
            if self.waiting == ROW_GROUP {
                self.flush()?;
            }
        }
        self.rows += columns.rows() as u64;
        Ok(())
    }

    /// Writes what waits and the footer. Returns the number of rows in the file.
    ///
    /// # Errors
    /// [`TableError`] if the last row group or the footer cannot be written.
    pub fn finish(mut self) -> Result<u64, TableError> {
        if self.waiting > 0 {
            self.flush()?;
        }
        self.file.finish().map_err(TableError::engine("written"))?;
        Ok(self.rows)
    }

    fn flush(&mut self) -> Result<(), TableError> {
        let full = std::mem::replace(&mut self.builders, builders());
        let columns = full.into_iter().map(ColumnBuilder::finish).collect::<Result<Vec<Column>, _>>()?;
        let frame = DataFrame::new(self.waiting, columns).map_err(TableError::engine("written"))?;
        self.waiting = 0;
        self.file.write_batch(&frame).map_err(TableError::engine("written"))
    }
}

/// Reads the named columns of a table file, in the order of the file.
///
/// # Errors
/// [`TableError`] if the file cannot be opened, is no Parquet file or lacks a column.
pub fn read_columns(path: &Path, names: &[&str]) -> Result<DataFrame, TableError> {
    let file = File::open(path).map_err(TableError::Open)?;
    ParquetReader::new(file)
        .with_columns(Some(names.iter().map(|name| (*name).to_owned()).collect()))
        .finish()
        .map_err(TableError::engine("read"))
}

fn builders() -> Vec<ColumnBuilder> {
    COLUMNS.iter().map(|column| ColumnBuilder::new(column.name, column.kind)).collect()
}

/// The type under which a kind of column is stored.
pub(super) fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::String,
        Kind::Count => DataType::UInt64,
        Kind::Number => DataType::UInt32,
        Kind::Whole => DataType::Int32,
        Kind::Date => DataType::Date,
        Kind::Decimal { places } => DataType::Decimal(DECIMAL_DIGITS, places as usize),
        Kind::TextList => DataType::List(Box::new(DataType::String)),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn row(number: u64) -> Row {
        Row {
            source_file: "export.csv".to_owned(),
            record: number,
            patient_id: (!number.is_multiple_of(3)).then(|| format!("p{}", number % 100)),
            service_date: NaiveDate::from_ymd_opt(2024, 2, 29),
            age_years: Some(41),
            units: Some(80_500),
            diagnoses: vec!["A00".to_owned(), "B00".to_owned()],
            paid: number.is_multiple_of(2).then_some(-12_345),
            flag: "=raw".to_owned(),
            ..Row::default()
        }
    }

    fn written_in_waves_of(size: usize, rows: &[Row]) -> Result<Vec<u8>, TableError> {
        let mut bytes = Vec::new();
        let mut table = ParquetAppender::new(&mut bytes)?;
        for wave in rows.chunks(size) {
            table.push(wave)?;
        }
        assert_eq!(table.finish()?, rows.len() as u64);
        Ok(bytes)
    }

    #[test]
    fn the_bytes_do_not_depend_on_the_waves() -> Result<(), TableError> {
        let rows: Vec<Row> = (1..=(ROW_GROUP as u64 * 2 + 17)).map(row).collect();
        let whole = written_in_waves_of(rows.len(), &rows)?;
        for size in [997, ROW_GROUP - 1, ROW_GROUP, ROW_GROUP + 1] {
            assert!(whole == written_in_waves_of(size, &rows)?, "waves of {size}");
        }
        Ok(())
    }

    #[test]
    fn values_come_back_typed_raw_and_null_where_unknown() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("t.parquet");
        std::fs::write(&path, written_in_waves_of(2, &[row(1), row(2), row(3)])?)?;
        let frame =
            read_columns(&path, &["record", "patient_id", "service_date", "units", "paid", "diagnoses", "flag"])?;
        assert_eq!(frame.height(), 3);
        assert_eq!(frame.column("patient_id")?.null_count(), 1);
        assert_eq!(frame.column("paid")?.null_count(), 2);
        assert_eq!(frame.column("service_date")?.dtype(), &DataType::Date);
        assert_eq!(frame.column("units")?.dtype(), &DataType::Decimal(18, 3));
        assert_eq!(frame.column("diagnoses")?.dtype(), &DataType::List(Box::new(DataType::String)));
        assert_eq!(frame.column("flag")?.str()?.get(0), Some("=raw"));
        assert_eq!(frame.column("record")?.u64()?.iter().collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
        Ok(())
    }

    #[test]
    fn an_empty_table_is_a_readable_file() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("t.parquet");
        std::fs::write(&path, written_in_waves_of(1, &[])?)?;
        assert_eq!(read_columns(&path, &["record", "diagnoses"])?.height(), 0);
        Ok(())
    }

    #[test]
    fn a_decimal_beyond_its_digits_names_the_column_and_not_the_value() {
        let rows = [Row { paid: Some(i64::MAX), ..Row::default() }];
        let error = written_in_waves_of(1, &rows).expect_err("19 digits do not fit");
        assert_eq!(error.to_string(), "a value of column `paid` has more than 18 digits");
    }

    #[test]
    fn a_column_that_is_not_there_is_an_error() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("t.parquet");
        std::fs::write(&path, written_in_waves_of(1, &[row(1)])?)?;
        assert!(read_columns(&path, &["no_such_column"]).is_err());
        Ok(())
    }
}
