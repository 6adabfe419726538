//! Decoding: from the fields of one record to an order and what the outputs carry beside it.

mod age;
mod carried;
mod cell;
mod diagnoses;
mod modifiers;
mod texts;

use std::borrow::Cow;

use chrono::NaiveDate;

pub use self::cell::FieldTexts;
use super::binding::{Binding, Column, Places, Slot};
use super::joined::Joined;
use super::layout::Layout;
use super::rejection::Rejection;
use super::{AmountForm, date};
use crate::codes::ProductSystem;
use crate::order::{Notice, Order, ProductCodes};

/// What the outputs carry as the export has it; no decision reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the contract")]
pub struct Carried {
    pub order_id: Option<String>,
    pub claim_id: Option<String>,
    pub patient_id: Option<String>,
    /// The day of service, where its date is not one to hold codes against too.
    pub service_date: Option<NaiveDate>,
    pub sex: Option<String>,
    /// Thousandths.
    pub units: Option<i64>,
    /// Thousandths, from a dose; without one they come from the units and the code.
    pub grams: Option<i64>,
    pub provider_id: Option<String>,
    pub facility_id: Option<String>,
    pub payer: Option<String>,
    pub place_of_service: Option<String>,
    /// Cents.
    pub billed: Option<i64>,
    /// Cents.
    pub allowed: Option<i64>,
    /// Cents.
    pub paid: Option<i64>,
    pub auth_number: Option<String>,
    /// One of the contract's words.
    pub auth_decision: Option<String>,
    /// One of the contract's words.
    pub line_status: Option<String>,
}

/// A record as an order.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// What is assessed.
    pub order: Order,
    /// What is carried beside it.
    pub carried: Carried,
}

/// What a record's product cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProductCell {
    /// Codes, or none, or something that is no code.
    Codes(ProductCodes),
    /// Bytes that are no text.
    NotText,
}

/// What framing saw of a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Framed {
    /// A quote stands in an unquoted field.
    pub bare_quote: bool,
    /// The record lacks some of its last fields.
    pub short: bool,
    /// All of the record is valid UTF-8, so that no field of it has to be asked; `false` where nobody looked.
    pub utf8: bool,
}

/// Reads the fields of records under one binding. Immutable, so that every worker may use it.
#[derive(Debug, Clone, Copy)]
pub struct Decoder<'a> {
    layout: &'a Layout,
    binding: &'a Binding,
    /// Where the columns of the line at hand stand: those of the record, or of a slot.
    places: &'a Places,
    /// What its product codes are; empty for all systems by shape.
    systems: &'a [ProductSystem],
    /// What companion files hold for the line.
    joined: &'a Joined,
    /// The fields of the record at hand as texts, where somebody has looked at them already.
    texts: Option<FieldTexts<'a>>,
    as_of: NaiveDate,
}

/// Reads a field of the record at hand by its index.
pub trait FieldAt<'f>: Fn(usize) -> &'f [u8] {}
impl<'f, F: Fn(usize) -> &'f [u8]> FieldAt<'f> for F {}

impl<'a> Decoder<'a> {
    /// A decoder; `as_of` is the day against which a service date is "in the future".
    #[must_use]
    pub fn new(layout: &'a Layout, binding: &'a Binding, as_of: NaiveDate) -> Self {
        let systems = &layout.systems.product;
        Self { layout, binding, places: binding.places(), systems, joined: Joined::NONE, texts: None, as_of }
    }

    /// The same for a line that has companions.
    #[must_use]
    pub fn beside(self, joined: &'a Joined) -> Self {
        Self { joined, ..self }
    }

    /// The same for the record whose fields these are, so that no field of it is looked at again for whether it is a text.
    #[must_use]
    pub fn within(self, texts: Option<FieldTexts<'a>>) -> Self {
        Self { texts, ..self }
    }

    /// The same for one of the lines that a record holds.
    #[must_use]
    pub fn in_slot(self, slot: &'a Slot) -> Self {
        Self { places: &slot.places, systems: &slot.systems, ..self }
    }

    /// The binding it reads by.
    #[must_use]
    pub fn binding(&self) -> &'a Binding {
        self.binding
    }

    /// Reads the product code, its modifiers and the route.
    pub fn product<'f>(&self, field: &impl FieldAt<'f>) -> ProductCell {
        let mut product = self.product_code(field);
        if let ProductCell::Codes(codes) = &mut product {
            self.product_use(field, codes);
        }
        product
    }

    /// Reads the product code alone. This is all that screening needs of most records; it asks for no other field.
    pub fn product_code<'f>(&self, field: &impl FieldAt<'f>) -> ProductCell {
        let mut codes = ProductCodes::default();
        for at in self.places.fields(Column::ProductCode) {
            let Cow::Borrowed(cell) = self.cell(field, *at) else { return ProductCell::NotText };
            if !self.binding.has_nulls(Column::ProductCode) || !self.is_null(Column::ProductCode, cell) {
                codes.read_code_of(cell, self.systems);
            }
            if codes.procedure.is_some() || !codes.ndc.is_empty() || codes.unreadable {
                break;
            }
        }
        if codes.is_without_code()
            && let Some(cell) = self.companion(Column::ProductCode)
        {
            codes.read_code_of(&cell, self.systems);
        }
        ProductCell::Codes(codes)
    }

    /// Reads how the product of this code was given: its modifiers and the route.
    pub fn product_use<'f>(&self, field: &impl FieldAt<'f>, codes: &mut ProductCodes) {
        if let Some(route) = self.text(field, Column::Route) {
            codes.route = route.into_owned();
        }
        for at in self.places.fields(Column::Modifier) {
            modifiers::read(field(*at), &mut codes.modifiers);
        }
    }

    /// Reads NDC and product name of a record whose code does not decide alone.
    ///
    /// # Errors
    /// [`Rejection`] if one of them is not valid UTF-8: here it decides.
    pub fn product_evidence<'f>(&self, field: &impl FieldAt<'f>, codes: &mut ProductCodes) -> Result<(), Rejection> {
        let fields = [Column::Ndc, Column::ProductName].into_iter().flat_map(|column| self.places.fields(column));
        if fields.into_iter().any(|at| matches!(self.cell(field, *at), Cow::Owned(_))) {
            return Err(Rejection::InvalidEncoding);
        }
        self.ndc_and_name(field, codes);
        Ok(())
    }

    fn ndc_and_name<'f>(&self, field: &impl FieldAt<'f>, codes: &mut ProductCodes) {
        codes.read_ndc(&self.text(field, Column::Ndc).unwrap_or_default());
        codes.name = self.joined_text(field, Column::ProductName, texts::NEXT_NAME).unwrap_or_default();
    }

    /// What screening asks of an order: its product, and beside a code that does not decide alone the text, what is no
    /// UTF-8 in it read as Windows-1252, and the day against which years in it are read.
    pub fn to_screen<'f>(&self, field: &impl FieldAt<'f>, product: ProductCodes) -> Order {
        let mut order = Order { product, ..Order::default() };
        if order.product.procedure.is_some() {
            texts::read(self, field, &mut order);
            self.service_date(field, &mut order);
        }
        order
    }

    /// Reads the rest of a record whose product is in scope.
    ///
    /// # Errors
    /// [`Rejection`] if a field that decides is not valid UTF-8.
    pub fn decode<'f>(
        &self,
        field: &impl FieldAt<'f>,
        product: &ProductCell,
        framed: Framed,
    ) -> Result<Decoded, Rejection> {
        self.decode_over(field, product, framed, Carried::default())
    }

    /// The same, where the texts that were carried of an earlier record stood. Nothing of them is left.
    pub(crate) fn decode_over<'f>(
        &self,
        field: &impl FieldAt<'f>,
        product: &ProductCell,
        framed: Framed,
        spare: Carried,
    ) -> Result<Decoded, Rejection> {
        if !framed.utf8 {
            self.check_encoding(field)?;
        }
        let mut order = Order { dates_shifted: self.layout.dates.shifted, ..Order::default() };
        if let ProductCell::Codes(codes) = product {
            order.product = codes.clone();
        }
        if order.product.name.is_empty() {
            self.ndc_and_name(field, &mut order.product);
        }
        order.notices.extend(framed.bare_quote.then_some(Notice::BareQuote));
        order.notices.extend(framed.short.then_some(Notice::ShortRecord));
        let service = self.service_date(field, &mut order);
        age::read(self, field, service, &mut order);
        diagnoses::read(self, field, &mut order);
        texts::read(self, field, &mut order);
        self.encoding_notice(field, framed.utf8, &mut order);
        modifiers::notice(self, field, &mut order);
        let carried = carried::read(self, field, service, &mut order, spare)?;
        for notice in &self.joined.notices {
            add_notice(&mut order, *notice);
        }
        Ok(Decoded { order, carried })
    }

    fn check_encoding<'f>(&self, field: &impl FieldAt<'f>) -> Result<(), Rejection> {
        let deciding = [
            Column::ProductCode,
            Column::Modifier,
            Column::ServiceDate,
            Column::BirthDate,
            Column::BirthYear,
            Column::BirthMonth,
            Column::BirthDay,
            Column::Age,
            Column::AgeYear,
            Column::Dx,
            Column::LineDx,
            Column::LineDxVersion,
            Column::Diagnoses,
            Column::DxVersion,
            Column::DxPointer,
        ];
        let valid = deciding
            .iter()
            .flat_map(|column| self.places.fields(*column))
            .all(|at| std::str::from_utf8(field(*at)).is_ok());
        if valid { Ok(()) } else { Err(Rejection::InvalidEncoding) }
    }

    /// A day of the first cell that is filled and does not mean "no date", the companion's last; an error if nothing reads
    /// that cell or nobody believes it.
    fn date<'f>(
        &self,
        field: &impl FieldAt<'f>,
        column: Column,
        read: impl Fn(&str) -> Option<NaiveDate>,
    ) -> Option<Result<NaiveDate, ()>> {
        let own = self.places.fields(column).iter().filter_map(|at| self.filled_at(column, field, *at));
        let is_sentinel = |day: NaiveDate| self.layout.dates.sentinels.iter().any(|sentinel| sentinel.0 == day);
        let mut days = own.chain(self.companion(column)).map(|cell| read(&cell));
        let day = days.find(|day| !day.is_some_and(is_sentinel))?;
        Some(day.filter(|day| date::is_believed(*day)).ok_or(()))
    }

    /// The day of service, which is the order's date unless the export's dates were moved.
    fn service_date<'f>(&self, field: &impl FieldAt<'f>, order: &mut Order) -> Option<NaiveDate> {
        let Ok(day) = self.date(field, Column::ServiceDate, |cell| date::read(cell, &self.layout.dates.forms))? else {
            order.notices.push(Notice::ServiceDateUnreadable);
            return None;
        };
        if !self.layout.dates.shifted {
            order.service_date = Some(day);
            order.notices.extend((day > self.as_of).then_some(Notice::ServiceInFuture));
        }
        Some(day)
    }

    /// Names and ids that are not UTF-8 are read as Windows-1252, which a reader should know.
    fn encoding_notice<'f>(&self, field: &impl FieldAt<'f>, utf8: bool, order: &mut Order) {
        if utf8 && self.joined.cells.is_empty() {
            return;
        }
        let text = [
            Column::ProductName,
            Column::OrderId,
            Column::ClaimId,
            Column::PatientId,
            Column::Sex,
            Column::ProviderId,
            Column::FacilityId,
            Column::Payer,
            Column::PlaceOfService,
            Column::AuthNumber,
            Column::AuthDecision,
        ];
        let is_text = |cell: &[u8]| std::str::from_utf8(cell).is_ok();
        let own = utf8 || text.iter().flat_map(|column| self.places.fields(*column)).all(|at| is_text(field(*at)));
        let companions = text.iter().filter_map(|column| self.joined.cell(*column)).all(is_text);
        if !own || !companions {
            add_notice(order, Notice::TextEncoding);
        }
    }
}

/// Adds a notice that is not there yet.
fn add_notice(order: &mut Order, notice: Notice) {
    if !order.notices.contains(&notice) {
        order.notices.push(notice);
    }
}
