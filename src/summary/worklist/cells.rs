//! Rows of the table as the schema's cells, borrowed from a part or kept beyond it.

use std::ops::Range;

use chrono::{Days, NaiveDate};
use polars::prelude::{
    DataFrame, Expr, Int32Chunked, Int128Chunked, IntoLazy, PolarsResult, StringChunked, UInt32Chunked, UInt64Chunked,
    col, lit,
};

use super::{Finding, Urgency};
use crate::table::parquet::TableError;
use crate::table::schema::{COLUMNS, Cell, Kind};

/// Separates the items of a list.
const SEPARATOR: &str = "|";

/// The columns of some rows, in the order of the schema.
pub(super) struct Part<'frame>(Vec<Values<'frame>>);

/// One column.
enum Values<'frame> {
    Text(&'frame StringChunked),
    Count(&'frame UInt64Chunked),
    Number(&'frame UInt32Chunked),
    Whole(&'frame Int32Chunked),
    Date(&'frame Int32Chunked),
    Decimal(&'frame Int128Chunked),
}

/// A part with its lists as texts.
pub(super) fn joined(part: DataFrame) -> PolarsResult<DataFrame> {
    let lists = COLUMNS.iter().filter(|column| column.kind == Kind::TextList);
    let texts: Vec<Expr> = lists.map(|list| col(list.name).list().join(lit(SEPARATOR), true)).collect();
    part.lazy().with_columns(texts).collect()
}

impl<'frame> Part<'frame> {
    /// Looks at a part whose lists are texts.
    pub(super) fn of(part: &'frame DataFrame) -> PolarsResult<Self> {
        let values = |column: &crate::table::schema::Column| {
            let values = part.column(column.name)?;
            Ok(match column.kind {
                Kind::Text | Kind::TextList => Values::Text(values.str()?),
                Kind::Count => Values::Count(values.u64()?),
                Kind::Number => Values::Number(values.u32()?),
                Kind::Whole => Values::Whole(values.i32()?),
                Kind::Date => Values::Date(values.date()?.physical()),
                Kind::Decimal { .. } => Values::Decimal(values.decimal()?.physical()),
            })
        };
        Ok(Self(COLUMNS.iter().map(values).collect::<PolarsResult<_>>()?))
    }

    /// The cells of a row.
    pub(super) fn cells(&self, row: usize, into: &mut Vec<Cell<'frame>>) {
        into.clear();
        into.extend(self.0.iter().map(|values| match values {
            Values::Text(texts) => Cell::Text(texts.get(row)),
            Values::Count(counts) => Cell::Count(counts.get(row).unwrap_or_default()),
            Values::Number(numbers) => Cell::Number(numbers.get(row)),
            Values::Whole(numbers) => Cell::Whole(numbers.get(row)),
            Values::Date(days) => Cell::Date(days.get(row).and_then(date)),
            // The table was written from numbers of this size.
            Values::Decimal(numbers) => Cell::Decimal(numbers.get(row).and_then(|minor| minor.try_into().ok())),
        }));
    }
}

fn date(days: i32) -> Option<NaiveDate> {
    let (epoch, size) = (NaiveDate::default(), Days::new(u64::from(days.unsigned_abs())));
    if days < 0 { epoch.checked_sub_days(size) } else { epoch.checked_add_days(size) }
}

/// A finding that waits for its place in the list: its texts in one piece of memory.
pub(super) struct Kept {
    texts: String,
    cells: Vec<KeptCell>,
    urgency: Option<Urgency>,
}

enum KeptCell {
    Text(Option<Range<u32>>),
    Other(Cell<'static>),
}

impl Kept {
    pub(super) fn of(finding: &Finding<'_>) -> Self {
        let mut texts = String::with_capacity(finding.cells.iter().map(|cell| text(*cell).len()).sum());
        let cells = finding.cells.iter().map(|cell| match *cell {
            Cell::Text(known) => {
                let from = texts.len() as u32;
                texts.push_str(known.unwrap_or_default());
                KeptCell::Text(known.map(|_| from..texts.len() as u32))
            }
            Cell::TextList(_) => KeptCell::Text(None),
            Cell::Count(number) => KeptCell::Other(Cell::Count(number)),
            Cell::Number(number) => KeptCell::Other(Cell::Number(number)),
            Cell::Whole(number) => KeptCell::Other(Cell::Whole(number)),
            Cell::Date(date) => KeptCell::Other(Cell::Date(date)),
            Cell::Decimal(minor) => KeptCell::Other(Cell::Decimal(minor)),
        });
        let cells = cells.collect();
        Self { texts, cells, urgency: finding.urgency }
    }

    /// Hands it on as it came.
    pub(super) fn hand<E: From<TableError>>(
        &self,
        visit: &mut impl FnMut(&Finding<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let cells = self.cells.iter().map(|cell| match cell {
            KeptCell::Text(range) => {
                Cell::Text(range.as_ref().and_then(|range| self.texts.get(range.start as usize..range.end as usize)))
            }
            KeptCell::Other(cell) => *cell,
        });
        let cells: Vec<Cell<'_>> = cells.collect();
        visit(&Finding { cells: &cells, urgency: self.urgency })
    }
}

fn text(cell: Cell<'_>) -> &str {
    match cell {
        Cell::Text(text) => text.unwrap_or_default(),
        _ => "",
    }
}
