//! What the outputs carry: identifiers, amounts, the payer's own words.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{AmountForm, Carried, Column, Decoder, FieldAt, Notice, Order, Rejection, add_notice};
use crate::codes::{in_lower_case, trim_cell};
use crate::intake::identifier::{self, Identifier};

/// Reads what is carried.
///
/// # Errors
/// [`Rejection`] if an id that tells one order from another is gone.
pub(super) fn read<'f>(
    decoder: &Decoder<'_>,
    field: &impl FieldAt<'f>,
    service: Option<NaiveDate>,
    order: &mut Order,
) -> Result<Carried, Rejection> {
    let amounts = &decoder.layout.amounts;
    let units = decoder.number(field, Column::Units, (amounts.units, 3), Notice::UnitsUnreadable, order);
    let dose = decoder.number(field, Column::Dose, (AmountForm::Plain, 3), Notice::UnitsUnreadable, order);
    if units.or(dose).is_some_and(|number| number < 0) {
        order.notices.push(Notice::NegativeUnits);
    }
    let unit = decoder.text(field, Column::DoseUnit);
    let grams = dose.zip(unit).and_then(|(dose, unit)| decoder.layout.dose_words.grams_of_dose(dose, &unit));
    let text = |column| decoder.text(field, column).map(Cow::into_owned);
    let mut money = |column| decoder.number(field, column, (amounts.money, 2), Notice::AmountUnreadable, order);
    let (billed, allowed, paid) = (money(Column::Billed), money(Column::Allowed), money(Column::Paid));
    Ok(Carried {
        order_id: id(decoder, field, Column::OrderId)?,
        claim_id: id(decoder, field, Column::ClaimId)?,
        patient_id: id(decoder, field, Column::PatientId)?,
        service_date: service,
        sex: text(Column::Sex),
        units,
        grams,
        provider_id: provider(decoder, field, Column::ProviderId, order),
        facility_id: provider(decoder, field, Column::FacilityId, order),
        payer: text(Column::Payer),
        place_of_service: text(Column::PlaceOfService),
        billed,
        allowed,
        paid,
        auth_number: id(decoder, field, Column::AuthNumber)?,
        auth_decision: decision(decoder, field, order),
        line_status: status(decoder, field),
    })
}

/// An id as it is carried, and as it finds its like in other files.
///
/// # Errors
/// [`Rejection`] if a spreadsheet turned it into scientific notation: its digits are gone, and orders of several patients or
/// claims would be taken for one.
fn id<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>, column: Column) -> Result<Option<String>, Rejection> {
    let Some(cell) = decoder.text(field, column) else { return Ok(None) };
    match identifier::read(&cell) {
        Identifier::Empty => Ok(None),
        Identifier::Is(id) => Ok(Some(id.to_owned())),
        Identifier::Scientific => Err(Rejection::IdInScientificNotation),
    }
}

/// An id that no order hangs on: in scientific notation it is empty, with a notice.
fn provider<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>, column: Column, order: &mut Order) -> Option<String> {
    id(decoder, field, column).unwrap_or_else(|_| {
        add_notice(order, Notice::ProviderIdUnreadable);
        None
    })
}

/// The payer's own decision in the contract's words; an unknown word stays unknown.
fn decision<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>, order: &mut Order) -> Option<String> {
    let cell = decoder.text(field, Column::AuthDecision)?;
    let word = in_lower_case(&cell);
    let decision = decoder.layout.decision_words.iter().find(|(_, words)| words.iter().any(|own| *own == *word));
    if decision.is_none() {
        order.notices.push(Notice::AuthDecisionUnreadable);
    }
    decision.map(|(decision, _)| decision.clone())
}

/// What the export says became of the line: that its bill takes an earlier one back or replaces it, else the line's own
/// word. An unknown word stays unknown.
fn status<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>) -> Option<String> {
    let frequency = &decoder.layout.bill_frequency;
    let last = decoder.text(field, Column::BillType).and_then(|cell| trim_cell(&cell).chars().last());
    let last = last.map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    if frequency.void.contains(&last) {
        return Some("void".to_owned());
    }
    if frequency.replacement.contains(&last) {
        return Some("replacement".to_owned());
    }
    decoder.layout.status_words.read(&decoder.text(field, Column::LineStatus)?).map(str::to_owned)
}
