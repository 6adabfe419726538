//! The age on the day of service: from the birth date if there is one, else from the age column.

use chrono::NaiveDate;

use super::{Column, Decoder, FieldAt, Notice, Order, amount};
use crate::order::Age;

pub(super) fn read<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>, service: Option<NaiveDate>, order: &mut Order) {
    match (decoder.date(field, Column::BirthDate), service) {
        (Some(Ok(birth)), Some(service)) => {
            order.age = Age::between(birth, service);
            if order.age == Age::Unknown {
                order.notices.push(Notice::BirthDateImplausible);
            }
        }
        (Some(Err(())), _) => order.notices.push(Notice::BirthDateUnreadable),
        _ => {}
    }
    if order.age != Age::Unknown {
        return;
    }
    let Some(cell) = decoder.text(field, Column::Age) else { return };
    let years = amount::read(&cell, 0).and_then(|years| i32::try_from(years).ok());
    order.age = years.map_or(Age::Unknown, Age::from_years);
    if order.age == Age::Unknown {
        order.notices.push(Notice::AgeUnreadable);
    }
}
