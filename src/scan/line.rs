//! From an assessed order to a row of the table.

use crate::assess::explanation::Explanation;
use crate::assess::{Assessment, OutOfScope, Screen, assess, excluded_by_code, product_code, screen, screen_code};
use crate::intake::{Carried, Decoded, Decoder, Framed, Joined, ProductCell, Rejection};
use crate::order::{Order, ProductCodes};
use crate::rules::{Rulebook, Ruleset};
use crate::table::Row;

/// What one line is.
#[derive(Debug, Clone)]
pub enum Line {
    /// An order in scope, assessed.
    Assessed(Box<Decoded>, Box<Assessment>),
    /// Out of scope.
    OutOfScope(OutOfScope),
    /// Rejected by intake.
    Rejected(Rejection),
}

/// What one record holds.
#[derive(Debug, Clone)]
pub enum Record {
    /// One line, or none.
    Line(Line),
    /// The lines of its filled slots, by their numbers.
    Slots(Vec<(u32, Line)>),
}

impl Record {
    /// Why it is out of scope or rejected as a whole; `None` if any line of it is in scope. A line that intake rejects
    /// rejects its record: what decides in it cannot be read.
    #[must_use]
    pub fn outside(&self) -> Option<Result<OutOfScope, Rejection>> {
        match self {
            Self::Line(line) => line.outside(),
            Self::Slots(lines) => {
                let outside: Vec<_> = lines.iter().map(|(_, line)| line.outside()).collect();
                if let Some(rejected) = outside.iter().flatten().find(|each| each.is_err()) {
                    return Some(*rejected);
                }
                let reasons = outside.iter().map(|each| each.and_then(Result::ok));
                let reason = reasons.reduce(|one, other| one.zip(other).map(|(one, other)| one.nearest(other)));
                reason.unwrap_or(Some(OutOfScope::NoProduct)).map(Ok)
            }
        }
    }
}

impl Line {
    fn part(&self) -> Part {
        match self {
            Self::OutOfScope(reason) => Part::Outside(*reason),
            Self::Assessed(..) | Self::Rejected(_) => Part::Other,
        }
    }

    fn outside(&self) -> Option<Result<OutOfScope, Rejection>> {
        match self {
            Self::Assessed(..) => None,
            Self::OutOfScope(reason) => Some(Ok(*reason)),
            Self::Rejected(rejection) => Some(Err(*rejection)),
        }
    }
}

/// A part of a record that is decided for itself: from the fields that it asks for, and from nothing of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The layout's conditions leave the record out.
    NotALine,
    /// The layout's conditions hold.
    IsALine,
    /// A slot without a product, or one that is not looked at in this record.
    NotFilled,
    /// A line out of scope.
    Outside(OutOfScope),
    /// A line in scope, rejected, or not looked at because of lines before it.
    Other,
}

/// Screens, decodes and assesses the lines of one record. The same for every way into the program.
///
/// `beside` says what companion files hold for a line of this product. It is asked after screening, so that a record is
/// in scope by its own cells, before and after companions are read.
pub fn record<'f>(
    rulebook: &Rulebook,
    decoder: &Decoder<'_>,
    field: &impl Fn(usize) -> &'f [u8],
    framed: Framed,
    beside: &dyn Fn(&ProductCodes) -> Joined,
) -> Record {
    record_in_parts(rulebook, decoder, field, framed, beside, &mut |_| {})
}

/// The same, telling `decided` of each part as soon as it is decided: first of the conditions, then of the line, or of
/// every slot in its turn.
pub(super) fn record_in_parts<'f>(
    rulebook: &Rulebook,
    decoder: &Decoder<'_>,
    field: &impl Fn(usize) -> &'f [u8],
    framed: Framed,
    beside: &dyn Fn(&ProductCodes) -> Joined,
    decided: &mut impl FnMut(Part),
) -> Record {
    let binding = decoder.binding();
    if !binding.is_line(field) {
        decided(Part::NotALine);
        return Record::Line(Line::OutOfScope(OutOfScope::NotALine));
    }
    decided(Part::IsALine);
    if binding.slots().is_empty() {
        let line = line(rulebook, decoder, field, framed, beside);
        decided(line.part());
        return Record::Line(line);
    }
    let mut lines: Vec<(u32, Line)> = Vec::new();
    let mut group_in_scope = None;
    for slot in binding.slots() {
        if slot.only_if_none && group_in_scope.is_some_and(|group| group < slot.group) {
            decided(Part::Other);
            continue;
        }
        if !slot.is_filled(binding, field) {
            decided(Part::NotFilled);
            continue;
        }
        let line = line(rulebook, &decoder.in_slot(slot), field, framed, beside);
        decided(line.part());
        if matches!(line, Line::Assessed(..)) {
            group_in_scope = group_in_scope.or(Some(slot.group));
        }
        lines.push((slot.number, line));
    }
    Record::Slots(lines)
}

/// Screens, decodes and assesses one line, by the edition that its service date picks.
fn line<'f>(
    rulebook: &Rulebook,
    decoder: &Decoder<'_>,
    field: &impl Fn(usize) -> &'f [u8],
    framed: Framed,
    beside: &dyn Fn(&ProductCodes) -> Joined,
) -> Line {
    let products = rulebook.newest();
    let mut product = decoder.product_code(field);
    let ProductCell::Codes(codes) = &mut product else { return Line::Rejected(Rejection::InvalidEncoding) };
    if let Some(reason) = excluded_by_code(products, codes) {
        return Line::OutOfScope(reason);
    }
    decoder.product_use(field, codes);
    let screened = match screen_code(products, codes) {
        Some(screened) => screened,
        None if decoder.product_evidence(field, codes).is_err() => return Line::Rejected(Rejection::InvalidEncoding),
        None => {
            let order = decoder.to_screen(field, std::mem::take(codes));
            let screened = screen(products, &order);
            *codes = order.product;
            screened
        }
    };
    let in_scope = match screened {
        Screen::InScope(in_scope) => in_scope,
        Screen::OutOfScope(reason) => return Line::OutOfScope(reason),
    };
    let joined = match &product {
        ProductCell::Codes(codes) => beside(codes),
        ProductCell::NotText => Joined::default(),
    };
    match decoder.beside(&joined).decode(field, &product, framed) {
        Ok(decoded) => {
            let ruleset = rulebook.on(decoded.order.service_date);
            let assessment = assess(ruleset, &decoded.order, in_scope);
            Line::Assessed(Box::new(decoded), Box::new(assessment))
        }
        Err(rejection) => Line::Rejected(rejection),
    }
}

/// The row of an assessed order; its place is still to be filled in.
pub(super) fn row(ruleset: &Ruleset, ruleset_name: String, decoded: Decoded, assessment: &Assessment) -> Row {
    let Decoded { order, carried } = decoded;
    let product = ruleset.products.get(assessment.product);
    let indication = assessment.indication.map(|index| ruleset.indications[usize::from(index)].id.clone());
    let words = |all: &[crate::guideline::Determination]| all.iter().map(|each| each.as_str().to_owned()).collect();
    let modifiers = modifiers(&order, &product.system);
    Row {
        age_years: order.age.years(),
        product_system: Some(product.system.clone()),
        product_code: product_code(ruleset, &order.product, assessment.product),
        modifier: (!modifiers.is_empty()).then(|| modifiers.join(" ")),
        product: Some(product.name.clone()),
        grams: carried.grams.or_else(|| grams(carried.units, product.mg_per_unit)),
        diagnoses: diagnoses(&order),
        indication,
        guideline_rows: assessment.rows.ids(ruleset),
        determination: assessment.determination.as_str().to_owned(),
        open: words(&assessment.open),
        wanting: assessment.wanting.map(|wanting| wanting.id(ruleset)),
        evidence_class: assessment.evidence(ruleset).iter().map(|class| class.as_str().to_owned()).collect(),
        certainty: assessment.certainty.as_str().to_owned(),
        flag: assessment.flag.as_str().to_owned(),
        would_change: assessment.would_change.iter().map(|wanting| wanting.id(ruleset)).collect(),
        also_matched: assessment.also_matched.ids(ruleset),
        reason: Explanation::new(ruleset, &order, assessment).reason(),
        warnings: assessment.warnings.iter().map(|warning| warning.as_str().to_owned()).collect(),
        ruleset: ruleset_name,
        ..carry(carried)
    }
}

fn carry(carried: Carried) -> Row {
    Row {
        order_id: carried.order_id,
        claim_id: carried.claim_id,
        patient_id: carried.patient_id,
        service_date: carried.service_date,
        sex: carried.sex,
        units: carried.units,
        provider_id: carried.provider_id,
        facility_id: carried.facility_id,
        payer: carried.payer,
        place_of_service: carried.place_of_service,
        billed: carried.billed,
        allowed: carried.allowed,
        paid: carried.paid,
        auth_number: carried.auth_number,
        auth_decision: carried.auth_decision,
        line_status: carried.line_status,
        ..Row::default()
    }
}

/// The modifiers; what was written right behind a code is part of it, if it is no billing code.
fn modifiers<'o>(order: &'o Order, system: &str) -> Vec<&'o str> {
    let glued = order.product.procedure.map_or(0, |code| code.glued_modifiers());
    let part_of_code = if matches!(system, "hcpcs" | "cpt") { 0 } else { glued };
    order.product.modifiers.iter().skip(part_of_code).map(crate::codes::Modifier::as_str).collect()
}

fn diagnoses(order: &Order) -> Vec<String> {
    order.diagnoses.iter().filter_map(|diagnosis| diagnosis.code.ok().map(|code| code.to_string())).collect()
}

/// Grams in thousandths, rounded to the nearest, from units in thousandths.
fn grams(units: Option<i64>, mg_per_unit: Option<u32>) -> Option<i64> {
    let micrograms = i128::from(units?) * i128::from(mg_per_unit?);
    let rounded = (micrograms.abs() + 500) / 1000 * micrograms.signum();
    i64::try_from(rounded).ok()
}

#[cfg(test)]
mod tests {
    use super::grams;

    #[test]
    fn grams_come_from_the_codes_own_billing_unit() {
        assert_eq!(grams(Some(80_000), Some(500)), Some(40_000));
        assert_eq!(grams(Some(80_000), Some(100)), Some(8_000));
        assert_eq!(grams(Some(-1_000), Some(500)), Some(-500));
        assert_eq!(grams(Some(1), Some(100)), Some(0));
        assert_eq!(grams(None, Some(500)), None);
        assert_eq!(grams(Some(80_000), None), None);
    }
}
