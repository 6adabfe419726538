//! From one record to what its lines are.

use crate::assess::{
    Assessment, OutOfScope, Screen, Variants, assess_with_variants, excluded_by_code, screen, screen_code,
};
use crate::intake::{Carried, Decoded, Decoder, Framed, Joined, ProductCell, Rejection};
use crate::order::ProductCodes;
use crate::rules::Rulebook;

/// What one line is.
#[derive(Debug, Clone)]
pub enum Line {
    /// An order in scope, assessed, and what it comes to in other readings.
    Assessed(Box<Decoded>, Box<Assessment>, Variants),
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
    record_in_parts(rulebook, decoder, field, framed, beside, &mut Carried::default(), &mut |_| {})
}

/// The same, telling `decided` of each part as soon as it is decided: first of the conditions, then of the line, or of
/// every slot in its turn. What an earlier record carried is taken for the texts of this one.
pub(super) fn record_in_parts<'f>(
    rulebook: &Rulebook,
    decoder: &Decoder<'_>,
    field: &impl Fn(usize) -> &'f [u8],
    framed: Framed,
    beside: &dyn Fn(&ProductCodes) -> Joined,
    spare: &mut Carried,
    decided: &mut impl FnMut(Part),
) -> Record {
    let binding = decoder.binding();
    if !binding.is_line(field) {
        decided(Part::NotALine);
        return Record::Line(Line::OutOfScope(OutOfScope::NotALine));
    }
    decided(Part::IsALine);
    if binding.slots().is_empty() {
        let line = line(rulebook, decoder, field, framed, beside, spare);
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
        let line = line(rulebook, &decoder.in_slot(slot), field, framed, beside, spare);
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
    spare: &mut Carried,
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
    match decoder.beside(&joined).decode_over(field, &product, framed, std::mem::take(spare)) {
        Ok(decoded) => {
            let day = decoded.order.service_date;
            let (ruleset, other) = (rulebook.on(day), rulebook.other_than_on(day));
            let (assessment, variants) = assess_with_variants(ruleset, other, &decoded.order, in_scope);
            Line::Assessed(Box::new(decoded), Box::new(assessment), variants)
        }
        Err(rejection) => Line::Rejected(rejection),
    }
}
