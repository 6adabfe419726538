//! What the outputs carry: identifiers, amounts, the payer's own words.

use chrono::NaiveDate;

use super::{Carried, Column, Decoder, FieldAt, Notice, Order};
use crate::codes::trim_cell;

pub(super) fn read<'f>(
    decoder: &Decoder<'_>,
    field: &impl FieldAt<'f>,
    service: Option<NaiveDate>,
    order: &mut Order,
) -> Carried {
    let units = decoder.number(field, Column::Units, 3, Notice::UnitsUnreadable, order);
    if units.is_some_and(|units| units < 0) {
        order.notices.push(Notice::NegativeUnits);
    }
    let text = |column| decoder.text(field, column);
    Carried {
        order_id: text(Column::OrderId),
        claim_id: text(Column::ClaimId),
        patient_id: text(Column::PatientId),
        service_date: service,
        sex: text(Column::Sex),
        units,
        grams: None,
        provider_id: text(Column::ProviderId),
        facility_id: text(Column::FacilityId),
        payer: text(Column::Payer),
        place_of_service: text(Column::PlaceOfService),
        billed: decoder.number(field, Column::Billed, 2, Notice::AmountUnreadable, order),
        allowed: decoder.number(field, Column::Allowed, 2, Notice::AmountUnreadable, order),
        paid: decoder.number(field, Column::Paid, 2, Notice::AmountUnreadable, order),
        auth_number: text(Column::AuthNumber),
        auth_decision: decision(decoder, field),
        line_status: status(decoder, field),
    }
}

/// The payer's own decision in the contract's words; an unknown word stays unknown.
fn decision<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>) -> Option<String> {
    let cell = decoder.text(field, Column::AuthDecision)?.to_lowercase();
    decoder.layout.decision_words.iter().find(|(_, words)| words.contains(&cell)).map(|(decision, _)| decision.clone())
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
