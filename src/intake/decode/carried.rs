//! What the outputs carry: identifiers, amounts, the payer's own words.

use chrono::NaiveDate;

use super::{AmountForm, Carried, Column, Decoder, FieldAt, Notice, Order, Rejection, add_notice};
use crate::codes::{in_lower_case, trim_cell};
use crate::intake::identifier::{self, Identifier};

/// Reads what is carried, into the texts of an earlier record, whatever these say.
///
/// # Errors
/// [`Rejection`] if an id that tells one order from another is gone.
pub(super) fn read<'f>(
    decoder: &Decoder<'_>,
    field: &impl FieldAt<'f>,
    service: Option<NaiveDate>,
    order: &mut Order,
    spare: Carried,
) -> Result<Carried, Rejection> {
    let amounts = &decoder.layout.amounts;
    let units = decoder.number(field, Column::Units, (amounts.units, 3), Notice::UnitsUnreadable, order);
    let dose = decoder.number(field, Column::Dose, (AmountForm::Plain, 3), Notice::UnitsUnreadable, order);
    if units.or(dose).is_some_and(|number| number < 0) {
        order.notices.push(Notice::NegativeUnits);
    }
    let unit = decoder.text(field, Column::DoseUnit);
    let grams = dose.zip(unit).and_then(|(dose, unit)| decoder.layout.dose_words.grams_of_dose(dose, &unit));
    let text = |column, spare| Some(over(spare, &decoder.text(field, column)?));
    let mut money = |column| decoder.number(field, column, (amounts.money, 2), Notice::AmountUnreadable, order);
    let (billed, allowed, paid) = (money(Column::Billed), money(Column::Allowed), money(Column::Paid));
    Ok(Carried {
        order_id: id(decoder, field, Column::OrderId, spare.order_id)?,
        claim_id: id(decoder, field, Column::ClaimId, spare.claim_id)?,
        patient_id: id(decoder, field, Column::PatientId, spare.patient_id)?,
        service_date: service,
        sex: text(Column::Sex, spare.sex),
        units,
        grams,
        provider_id: provider(decoder, field, Column::ProviderId, spare.provider_id, order),
        facility_id: provider(decoder, field, Column::FacilityId, spare.facility_id, order),
        payer: text(Column::Payer, spare.payer),
        place_of_service: text(Column::PlaceOfService, spare.place_of_service),
        billed,
        allowed,
        paid,
        auth_number: id(decoder, field, Column::AuthNumber, spare.auth_number)?,
        auth_decision: decision(decoder, field, order).map(|word| over(spare.auth_decision, word)),
        line_status: status(decoder, field).map(|word| over(spare.line_status, word)),
    })
}

/// A text where another one stood, which needs no memory of its own then.
fn over(spare: Option<String>, text: &str) -> String {
    let mut own = spare.unwrap_or_default();
    own.clear();
    own.push_str(text);
    own
}

/// An id as it is carried, and as it finds its like in other files.
///
/// # Errors
/// [`Rejection`] if a spreadsheet turned it into scientific notation: its digits are gone, and orders of several patients or
/// claims would be taken for one.
fn id<'f>(
    decoder: &Decoder<'_>,
    field: &impl FieldAt<'f>,
    column: Column,
    spare: Option<String>,
) -> Result<Option<String>, Rejection> {
    let Some(cell) = decoder.text(field, column) else { return Ok(None) };
    match identifier::read(&cell) {
        Identifier::Empty => Ok(None),
        Identifier::Is(id) => Ok(Some(over(spare, id))),
        Identifier::Scientific => Err(Rejection::IdInScientificNotation),
    }
}

/// An id that no order hangs on: in scientific notation it is empty, with a notice.
fn provider<'f>(
    decoder: &Decoder<'_>,
    field: &impl FieldAt<'f>,
    column: Column,
    spare: Option<String>,
    order: &mut Order,
) -> Option<String> {
    id(decoder, field, column, spare).unwrap_or_else(|_| {
        add_notice(order, Notice::ProviderIdUnreadable);
        None
    })
}

/// The payer's own decision in the contract's words; an unknown word stays unknown.
fn decision<'a, 'f>(decoder: &Decoder<'a>, field: &impl FieldAt<'f>, order: &mut Order) -> Option<&'a str> {
    let cell = decoder.text(field, Column::AuthDecision)?;
    let word = in_lower_case(&cell);
    let decision = decoder.layout.decision_words.iter().find(|(_, words)| words.iter().any(|own| *own == *word));
    if decision.is_none() {
        order.notices.push(Notice::AuthDecisionUnreadable);
    }
    decision.map(|(decision, _)| decision.as_str())
}

/// What the export says became of the line: that its bill takes an earlier one back or replaces it, else the line's own
/// word. An unknown word stays unknown.
fn status<'a, 'f>(decoder: &Decoder<'a>, field: &impl FieldAt<'f>) -> Option<&'a str> {
    let frequency = &decoder.layout.bill_frequency;
    let last = decoder.text(field, Column::BillType).and_then(|cell| trim_cell(&cell).chars().last());
    let last = last.map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    if frequency.void.contains(&last) {
        return Some("void");
    }
    if frequency.replacement.contains(&last) {
        return Some("replacement");
    }
    decoder.layout.status_words.read(&decoder.text(field, Column::LineStatus)?)
}
