//! The conditions of a join beyond equal keys: same product, in the period, days apart.

use chrono::NaiveDate;

use super::record::{Tag, View};
use crate::codes::{is_null_token, trim_cell};
use crate::intake::binding::Column;
use crate::intake::date;
use crate::intake::identifier::{self, Identifier};
use crate::intake::layout::{Join, Layout};
use crate::order::ProductCodes;

/// What of a line these conditions look at.
#[derive(Debug, Clone, Default)]
pub(super) struct LineFacts {
    pub product: ProductCodes,
    pub service_date: Option<NaiveDate>,
    /// Ids of the patient and of the claim.
    pub whose: [Option<String>; 2],
}

/// The columns that say whose a record is.
pub(super) const WHOSE: [Column; 2] = [Column::PatientId, Column::ClaimId];

/// The id that a cell holds.
pub(super) fn id_of(cell: &[u8]) -> Option<String> {
    match identifier::read(&String::from_utf8_lossy(cell)) {
        Identifier::Is(id) => Some(id.to_owned()),
        Identifier::Empty | Identifier::Scientific => None,
    }
}

/// A day, no day, or a cell that is no day.
enum Day {
    Is(NaiveDate),
    Open,
    Unreadable,
}

fn day(layout: &Layout, cell: Option<&[u8]>) -> Day {
    let Some(cell) = cell else { return Day::Open };
    let text = String::from_utf8_lossy(cell);
    let trimmed = trim_cell(&text);
    if is_null_token(trimmed) {
        return Day::Open;
    }
    match date::read(trimmed, &layout.dates.forms) {
        Some(day) if layout.dates.sentinels.iter().any(|sentinel| sentinel.0 == day) => Day::Open,
        Some(day) => Day::Is(day),
        None => Day::Unreadable,
    }
}

/// The day of the first cell that does not say that there is none, as decoding takes it; none if that cell is no day.
pub(super) fn first_day<'c>(layout: &Layout, mut cells: impl Iterator<Item = &'c [u8]>) -> Option<NaiveDate> {
    cells.find_map(|cell| match day(layout, Some(cell)) {
        Day::Is(day) => Some(Some(day)),
        Day::Unreadable => Some(None),
        Day::Open => None,
    })?
}

/// The product that cells name.
fn product_of(code: Option<&[u8]>, ndc: Option<&[u8]>) -> ProductCodes {
    let mut product = ProductCodes::default();
    product.read_code(&String::from_utf8_lossy(code.unwrap_or_default()));
    product.read_ndc(&String::from_utf8_lossy(ndc.unwrap_or_default()));
    product
}

/// Whether a record whose key is the line's belongs to the line. A record of another patient or another claim never does,
/// whatever its key. What is not known holds nothing together: a line without a day is in no period.
pub(super) fn belongs(layout: &Layout, join: &Join, record: View<'_>, line: &LineFacts) -> bool {
    let cell = |column: Column| record.get(Tag::Column(column));
    let same_product = || same(&line.product, &product_of(cell(Column::ProductCode), cell(Column::Ndc)));
    let in_period = || {
        let Some(service) = line.service_date else { return false };
        let from = match day(layout, cell(Column::PeriodFrom)) {
            Day::Is(from) => from <= service,
            Day::Open => true,
            Day::Unreadable => false,
        };
        let to = match day(layout, cell(Column::PeriodTo)) {
            Day::Is(to) => service <= to,
            Day::Open => true,
            Day::Unreadable => false,
        };
        from && to
    };
    let near = |days: u32| match (line.service_date, day(layout, cell(Column::ServiceDate))) {
        (Some(service), Day::Is(other)) => {
            service.signed_duration_since(other).num_days().unsigned_abs() <= u64::from(days)
        }
        _ => false,
    };
    let is_anothers = WHOSE.iter().zip(&line.whose).any(|(column, own)| {
        let other = cell(*column).and_then(id_of);
        own.as_ref().zip(other).is_some_and(|(own, other)| *own != other)
    });
    !is_anothers
        && (!join.same_product || same_product())
        && (!join.in_period || in_period())
        && join.within_days.is_none_or(near)
}

fn same(one: &ProductCodes, other: &ProductCodes) -> bool {
    let code = match (one.procedure, other.procedure) {
        (Some(one), Some(other)) => one.readings().any(|code| other.readings().any(|each| each == code)),
        _ => false,
    };
    code || one.ndc.iter().any(|ndc| other.ndc.contains(ndc))
}
