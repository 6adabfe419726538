//! The rows of a part as cells, as they were before they were stored: what is made from rows can be made again.

use chrono::{Days, NaiveDate};
use polars::prelude::{
    BooleanChunked, DataFrame, Int32Chunked, Int128Chunked, ListChunked, PolarsResult, StringChunked, UInt32Chunked,
    UInt64Chunked,
};

use super::parquet::TableError;
use super::parts::Parts;
use super::schema::{COLUMNS, Cell, Kind};

/// Gives the cells of every finding of a table, in the order of its rows; `size` rows are read at a time.
///
/// # Errors
/// Those of `take`, and [`TableError`] if the table cannot be read.
pub fn each_finding<E: From<TableError>>(
    table: &Parts,
    size: usize,
    mut take: impl FnMut(&[Cell<'_>]) -> Result<(), E>,
) -> Result<(), E> {
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    for part in table.each(&names, size) {
        let findings = findings(&part?.1).map_err(TableError::engine("read"))?;
        StoredRows::new(&findings).map_err(TableError::engine("read"))?.each(&mut take)?;
    }
    Ok(())
}

fn findings(part: &DataFrame) -> PolarsResult<DataFrame> {
    let is_finding: BooleanChunked =
        part.column("flag")?.str()?.iter().map(|flag| Some(flag != Some("clear"))).collect();
    part.filter(&is_finding)
}

/// Every column of a part, by its type.
struct StoredRows<'part> {
    columns: Vec<Stored<'part>>,
    rows: usize,
}

enum Stored<'part> {
    Text(&'part StringChunked),
    Count(&'part UInt64Chunked),
    Number(&'part UInt32Chunked),
    Whole(&'part Int32Chunked),
    /// Days since 1970.
    Date(&'part Int32Chunked),
    /// In smallest units.
    Decimal(&'part Int128Chunked),
    TextList(&'part ListChunked),
}

impl<'part> StoredRows<'part> {
    /// The rows of a part that has every column of the schema.
    fn new(part: &'part DataFrame) -> PolarsResult<Self> {
        let columns = COLUMNS.iter().map(|column| {
            let stored = part.column(column.name)?;
            Ok(match column.kind {
                Kind::Text => Stored::Text(stored.str()?),
                Kind::Count => Stored::Count(stored.u64()?),
                Kind::Number => Stored::Number(stored.u32()?),
                Kind::Whole => Stored::Whole(stored.i32()?),
                Kind::Date => Stored::Date(stored.date()?.physical()),
                Kind::Decimal { .. } => Stored::Decimal(stored.decimal()?.physical()),
                Kind::TextList => Stored::TextList(stored.list()?),
            })
        });
        Ok(Self { columns: columns.collect::<PolarsResult<_>>()?, rows: part.height() })
    }

    /// Gives the cells of each row, in the order of [`COLUMNS`].
    fn each<E: From<TableError>>(&self, mut take: impl FnMut(&[Cell<'_>]) -> Result<(), E>) -> Result<(), E> {
        let mut lists: Vec<Vec<String>> = self.columns.iter().map(|_| Vec::new()).collect();
        for row in 0..self.rows {
            for (column, list) in self.columns.iter().zip(&mut lists) {
                column.fill(list, row).map_err(TableError::engine("read"))?;
            }
            let cells: Vec<Cell<'_>> =
                self.columns.iter().zip(&lists).map(|(column, list)| column.cell(list, row)).collect();
            take(&cells)?;
        }
        Ok(())
    }
}

impl Stored<'_> {
    /// Fills in the items if it is a column of lists.
    fn fill(&self, items: &mut Vec<String>, row: usize) -> PolarsResult<()> {
        let Self::TextList(lists) = self else { return Ok(()) };
        items.clear();
        if let Some(found) = lists.get_as_series(row) {
            items.extend(found.str()?.iter().flatten().map(str::to_owned));
        }
        Ok(())
    }

    fn cell<'it>(&'it self, items: &'it [String], row: usize) -> Cell<'it> {
        match self {
            Self::Text(texts) => Cell::Text(texts.get(row)),
            Self::Count(counts) => Cell::Count(counts.get(row).unwrap_or(0)),
            Self::Number(numbers) => Cell::Number(numbers.get(row)),
            Self::Whole(numbers) => Cell::Whole(numbers.get(row)),
            Self::Date(days) => Cell::Date(days.get(row).and_then(date)),
            // What is stored has 18 digits.
            Self::Decimal(minor) => Cell::Decimal(minor.get(row).and_then(|minor| i64::try_from(minor).ok())),
            Self::TextList(_) => Cell::TextList(items),
        }
    }
}

fn date(days: i32) -> Option<NaiveDate> {
    let size = Days::new(u64::from(days.unsigned_abs()));
    let epoch = NaiveDate::default();
    if days < 0 { epoch.checked_sub_days(size) } else { epoch.checked_add_days(size) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Row;
    use crate::table::parquet::ParquetAppender;

    #[test]
    fn what_is_read_back_is_what_was_stored() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("t.parquet");
        let full = Row {
            source_file: "a.csv".to_owned(),
            record: 7,
            slot: Some(2),
            order_id: Some(String::new()),
            service_date: NaiveDate::from_ymd_opt(1969, 12, 31),
            age_years: Some(-1),
            units: Some(-5),
            diagnoses: vec!["A00".to_owned(), String::new()],
            paid: Some(999_999_999_999_999_999),
            ..Row::default()
        };
        let clear = Row { flag: "clear".to_owned(), ..Row::default() };
        let rows = [full, Row::default(), clear];
        let mut table = ParquetAppender::new(std::fs::File::create(&path)?)?;
        table.push(&rows)?;
        table.finish()?;
        let mut at = 0;
        each_finding(&Parts::open(&path)?, 2, |cells| {
            for (column, cell) in COLUMNS.iter().zip(cells) {
                assert_eq!(*cell, (column.cell)(&rows[at]), "{}", column.name);
            }
            at += 1;
            Ok::<(), TableError>(())
        })?;
        assert_eq!(at, 2);
        Ok(())
    }
}
