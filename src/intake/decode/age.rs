//! The age on the day of service: from the birth date if there is one, else from as much of one as is given and from the
//! age column, which between them leave the ages that both allow.

use chrono::NaiveDate;

use super::{Column, Decoder, FieldAt, Notice, Order, add_notice, date};
use crate::intake::Birth;
use crate::order::Age;

pub(super) fn read<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>, service: Option<NaiveDate>, order: &mut Order) {
    let masked_over = decoder.layout.ages.masked_over;
    if let Some(birth) = birth(decoder, field, service, order)
        && let Some(service) = service
    {
        match birth.age_at(service, masked_over) {
            Some(age) => order.age = age,
            None => order.notices.push(Notice::BirthDateImplausible),
        }
    }
    if order.age.years().is_none()
        && let Some(cell) = decoder.text(field, Column::Age)
    {
        match Age::from_cell(&cell, masked_over) {
            Some(age) => {
                let age = in_year(decoder, field, service, age);
                order.age = Age::of_both(order.age, age).unwrap_or_else(|| {
                    order.notices.push(Notice::AgeDisagrees);
                    Age::Unknown
                });
            }
            None => order.notices.push(Notice::AgeUnreadable),
        }
    }
    if order.age.is_masked() {
        order.notices.push(Notice::AgeMasked);
    }
}

/// The birth date, or the year and as much more as the export gives.
fn birth<'f>(
    decoder: &Decoder<'_>,
    field: &impl FieldAt<'f>,
    service: Option<NaiveDate>,
    order: &mut Order,
) -> Option<Birth> {
    let forms = &decoder.layout.dates.forms;
    match decoder.date(field, Column::BirthDate, |cell| date::read_birth(cell, forms, service)) {
        Some(Ok(birth)) => return Some(Birth::on(birth)),
        Some(Err(())) => add_notice(order, Notice::BirthDateUnreadable),
        None => {}
    }
    let year = decoder.text(field, Column::BirthYear)?;
    let part = |column| decoder.text(field, column).and_then(|cell| whole(&cell)?.try_into().ok());
    let parts = || Birth::of_parts(whole(&year)?, part(Column::BirthMonth), part(Column::BirthDay));
    let birth = parts();
    if birth.is_none() {
        add_notice(order, Notice::BirthDateUnreadable);
    }
    birth
}

/// An age that was that of another year, in the year of service. Without a day of service it tells nothing.
fn in_year<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>, service: Option<NaiveDate>, age: Age) -> Age {
    if decoder.places.fields(Column::AgeYear).is_empty() && decoder.joined.cell(Column::AgeYear).is_none() {
        return age;
    }
    let year = decoder.text(field, Column::AgeYear).and_then(|cell| whole(&cell));
    year.zip(service).map_or(Age::Unknown, |(year, service)| Age::in_another_year(age, year, service))
}

fn whole(cell: &str) -> Option<i32> {
    super::AmountForm::Plain.read(cell, 0).and_then(|number| number.try_into().ok())
}
