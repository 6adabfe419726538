//! One column of a row group while it fills.

use std::ops::Range;

use chrono::NaiveDate;
use polars::prelude::{
    ChunkedBuilder, Column, Int32Type, Int128Type, IntoColumn, ListBuilderTrait, ListStringChunkedBuilder,
    PrimitiveChunkedBuilder, StringChunkedBuilder, UInt32Type, UInt64Type,
};

use super::{DECIMAL_DIGITS, ROW_GROUP, TableError};
use crate::table::columns::Values;
use crate::table::schema::Kind;

/// Typical values in a list cell, to size the first allocation only.
const LIST_VALUES: usize = 2;

/// A growing column of one of the schema's types.
pub(super) enum ColumnBuilder {
    Text(StringChunkedBuilder),
    Count(PrimitiveChunkedBuilder<UInt64Type>),
    Number(PrimitiveChunkedBuilder<UInt32Type>),
    Whole(PrimitiveChunkedBuilder<Int32Type>),
    Date(PrimitiveChunkedBuilder<Int32Type>),
    Decimal { name: &'static str, places: usize, values: PrimitiveChunkedBuilder<Int128Type> },
    TextList(Box<ListStringChunkedBuilder>),
}

impl ColumnBuilder {
    pub(super) fn new(name: &'static str, kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringChunkedBuilder::new(name.into(), ROW_GROUP)),
            Kind::Count => Self::Count(PrimitiveChunkedBuilder::new(name.into(), ROW_GROUP)),
            Kind::Number => Self::Number(PrimitiveChunkedBuilder::new(name.into(), ROW_GROUP)),
            Kind::Whole => Self::Whole(PrimitiveChunkedBuilder::new(name.into(), ROW_GROUP)),
            Kind::Date => Self::Date(PrimitiveChunkedBuilder::new(name.into(), ROW_GROUP)),
            Kind::Decimal { places } => Self::Decimal {
                name,
                places: places as usize,
                values: PrimitiveChunkedBuilder::new(name.into(), ROW_GROUP),
            },
            Kind::TextList => {
                Self::TextList(Box::new(ListStringChunkedBuilder::new(name.into(), ROW_GROUP, ROW_GROUP * LIST_VALUES)))
            }
        }
    }

    /// Appends a range of the rows of a chunk's column; both are of the same column of the schema.
    pub(super) fn extend(&mut self, values: &Values, rows: Range<usize>) {
        match (self, values) {
            (Self::Text(builder), Values::Text(texts)) => {
                texts.iter(rows).for_each(|text| builder.append_option(text));
            }
            (Self::Count(builder), Values::Count(counts)) => {
                counts[rows].iter().for_each(|count| builder.append_value(*count));
            }
            (Self::Number(builder), Values::Number(numbers)) => {
                numbers[rows].iter().for_each(|number| builder.append_option(*number));
            }
            (Self::Whole(builder), Values::Whole(numbers)) => {
                numbers[rows].iter().for_each(|number| builder.append_option(*number));
            }
            (Self::Date(builder), Values::Date(dates)) => {
                dates[rows].iter().for_each(|date| builder.append_option(date.map(days_since_1970)));
            }
            (Self::Decimal { values, .. }, Values::Decimal(numbers)) => {
                numbers[rows].iter().for_each(|number| values.append_option(number.map(i128::from)));
            }
            (Self::TextList(builder), Values::TextList { counts, items }) => {
                let items_of = |lists: &[u32]| lists.iter().map(|count| *count as usize).sum::<usize>();
                let from = items_of(&counts[..rows.start]);
                let mut texts = items.iter(from..from + items_of(&counts[rows.clone()]));
                for count in &counts[rows] {
                    builder.append_values_iter(texts.by_ref().take(*count as usize).flatten());
                }
            }
            (builder, _) => rows.for_each(|_| builder.append_unknown()),
        }
    }

    fn append_unknown(&mut self) {
        match self {
            Self::Text(builder) => builder.append_null(),
            Self::Count(builder) => builder.append_null(),
            Self::Number(builder) => builder.append_null(),
            Self::Whole(builder) | Self::Date(builder) => builder.append_null(),
            Self::Decimal { values, .. } => values.append_null(),
            Self::TextList(builder) => builder.append_null(),
        }
    }

    pub(super) fn finish(self) -> Result<Column, TableError> {
        Ok(match self {
            Self::Text(builder) => builder.finish().into_column(),
            Self::Count(builder) => builder.finish().into_column(),
            Self::Number(builder) => builder.finish().into_column(),
            Self::Whole(builder) => builder.finish().into_column(),
            Self::Date(builder) => builder.finish().into_date().into_column(),
            Self::Decimal { name, places, values } => values
                .finish()
                .into_decimal(DECIMAL_DIGITS, places)
                .map_err(|_| TableError::DecimalOverflow { column: name })?
                .into_column(),
            Self::TextList(mut builder) => builder.finish().into_column(),
        })
    }
}

fn days_since_1970(date: NaiveDate) -> i32 {
    date.signed_duration_since(NaiveDate::default()).num_days().try_into().unwrap_or_default()
}
