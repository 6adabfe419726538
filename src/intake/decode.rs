//! Decoding: from the fields of one record to an order and what the outputs carry beside it.

mod diagnoses;

use chrono::NaiveDate;

use super::binding::{Binding, Column};
use super::layout::Layout;
use super::rejection::Rejection;
use super::{amount, date};
use crate::codes::{Malformed, Modifier, is_null_token, trim_cell};
use crate::order::{Age, Notice, Order, ProductCodes};
use crate::source::text_cell;

/// What the outputs carry as the export has it; no decision reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the contract")]
pub struct Carried {
    pub order_id: Option<String>,
    pub claim_id: Option<String>,
    pub patient_id: Option<String>,
    pub sex: Option<String>,
    /// Thousandths.
    pub units: Option<i64>,
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

/// Reads the fields of records under one binding. Immutable, so that every worker may use it.
#[derive(Debug, Clone, Copy)]
pub struct Decoder<'a> {
    layout: &'a Layout,
    binding: &'a Binding,
    as_of: NaiveDate,
}

/// Reads a field of the record at hand by its index.
pub trait FieldAt<'f>: Fn(usize) -> &'f [u8] {}
impl<'f, F: Fn(usize) -> &'f [u8]> FieldAt<'f> for F {}

impl<'a> Decoder<'a> {
    /// A decoder; `as_of` is the day against which a service date is "in the future".
    #[must_use]
    pub fn new(layout: &'a Layout, binding: &'a Binding, as_of: NaiveDate) -> Self {
        Self { layout, binding, as_of }
    }

    /// The binding it reads by.
    #[must_use]
    pub fn binding(&self) -> &'a Binding {
        self.binding
    }

    /// Reads the product code and its modifiers. This is all that screening needs of most records; it is done for every one.
    pub fn product<'f>(&self, field: &impl FieldAt<'f>) -> ProductCell {
        let mut codes = ProductCodes::default();
        if let Some(at) = self.binding.field(Column::ProductCode) {
            let Ok(cell) = std::str::from_utf8(field(at)) else { return ProductCell::NotText };
            codes.read_code(cell);
        }
        for at in self.binding.fields(Column::Modifier) {
            let cell = String::from_utf8_lossy(field(*at));
            codes.modifiers.extend(
                trim_cell(&cell).split([' ', ',', ':', ';', '|']).filter_map(|each| Modifier::parse(each).ok()),
            );
        }
        ProductCell::Codes(codes)
    }

    /// Reads NDC and product name of a record whose code does not decide alone.
    ///
    /// # Errors
    /// [`Rejection`] if one of them is not valid UTF-8: here it decides.
    pub fn product_evidence<'f>(&self, field: &impl FieldAt<'f>, codes: &mut ProductCodes) -> Result<(), Rejection> {
        let cell = |column: Column| match self.binding.field(column) {
            Some(at) => std::str::from_utf8(field(at)).map_err(|_| Rejection::InvalidEncoding),
            None => Ok(""),
        };
        codes.read_ndc(cell(Column::Ndc)?);
        codes.name = named(cell(Column::ProductName)?);
        Ok(())
    }

    /// What screening asks of an order: its product, and beside a code that does not decide alone the text, what is
    /// no UTF-8 in it read as Windows-1252, and the day against which years in it are read.
    pub fn to_screen<'f>(&self, field: &impl FieldAt<'f>, product: ProductCodes) -> Order {
        let mut order = Order { product, ..Order::default() };
        if order.product.procedure.is_some() {
            self.indication_text(field, &mut order);
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
        bare_quote: bool,
    ) -> Result<Decoded, Rejection> {
        self.check_encoding(field)?;
        let mut order = Order::default();
        if let ProductCell::Codes(codes) = product {
            order.product = codes.clone();
        }
        if order.product.name.is_empty() {
            order.product.read_ndc(&self.text(field, Column::Ndc).unwrap_or_default());
            order.product.name = self.text(field, Column::ProductName).unwrap_or_default();
        }
        if bare_quote {
            order.notices.push(Notice::BareQuote);
        }
        self.service_date(field, &mut order);
        self.age(field, &mut order);
        diagnoses::read(self, field, &mut order);
        self.indication_text(field, &mut order);
        self.encoding_notice(field, &mut order);
        self.modifier_notice(field, &mut order);
        let carried = self.carried(field, &mut order);
        Ok(Decoded { order, carried })
    }

    fn check_encoding<'f>(&self, field: &impl FieldAt<'f>) -> Result<(), Rejection> {
        let deciding = [
            Column::ProductCode,
            Column::Modifier,
            Column::ServiceDate,
            Column::BirthDate,
            Column::Age,
            Column::Dx,
            Column::Diagnoses,
            Column::DxVersion,
            Column::DxPointer,
        ];
        let valid = deciding
            .iter()
            .flat_map(|column| self.binding.fields(*column))
            .all(|at| std::str::from_utf8(field(*at)).is_ok());
        if valid { Ok(()) } else { Err(Rejection::InvalidEncoding) }
    }

    /// A cell as trimmed text, `None` if it is absent, empty or says that there is no value.
    fn text<'f>(&self, field: &impl FieldAt<'f>, column: Column) -> Option<String> {
        let cell = text_cell(field(self.binding.field(column)?));
        let trimmed = trim_cell(&cell);
        (!is_null_token(trimmed)).then(|| trimmed.to_owned())
    }

    fn date<'f>(&self, field: &impl FieldAt<'f>, column: Column) -> Option<Result<NaiveDate, ()>> {
        let cell = self.text(field, column)?;
        match date::read(&cell, &self.layout.dates.forms) {
            Some(day) if self.layout.dates.sentinels.iter().any(|sentinel| sentinel.0 == day) => None,
            Some(day) => Some(Ok(day)),
            None => Some(Err(())),
        }
    }

    fn service_date<'f>(&self, field: &impl FieldAt<'f>, order: &mut Order) {
        match self.date(field, Column::ServiceDate) {
            Some(Ok(day)) => {
                order.service_date = Some(day);
                if day > self.as_of {
                    order.notices.push(Notice::ServiceInFuture);
                }
            }
            Some(Err(())) => order.notices.push(Notice::ServiceDateUnreadable),
            None => {}
        }
    }

    /// The age at the service date: from the birth date if there is one, else from the age column.
    fn age<'f>(&self, field: &impl FieldAt<'f>, order: &mut Order) {
        match (self.date(field, Column::BirthDate), order.service_date) {
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
        let Some(cell) = self.text(field, Column::Age) else { return };
        let years = amount::read(&cell, 0).and_then(|years| i32::try_from(years).ok());
        order.age = years.map_or(Age::Unknown, Age::from_years);
        if order.age == Age::Unknown {
            order.notices.push(Notice::AgeUnreadable);
        }
    }

    fn indication_text<'f>(&self, field: &impl FieldAt<'f>, order: &mut Order) {
        let Some(at) = self.binding.field(Column::IndicationText) else { return };
        let text = text_cell(field(at));
        if !is_null_token(trim_cell(&text)) {
            order.text = text.into_owned();
        }
    }

    /// Text and ids that are not UTF-8 are read as Windows-1252, which a reader should know.
    fn encoding_notice<'f>(&self, field: &impl FieldAt<'f>, order: &mut Order) {
        let text = [
            Column::IndicationText,
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
        let mut cells = text.iter().filter_map(|column| self.binding.field(*column)).map(field);
        if cells.any(|cell| std::str::from_utf8(cell).is_err()) {
            order.notices.push(Notice::TextEncoding);
        }
    }

    fn modifier_notice<'f>(&self, field: &impl FieldAt<'f>, order: &mut Order) {
        let unreadable = |cell: &str| matches!(Modifier::parse(cell), Err(Malformed::Shape | Malformed::Character(_)));
        let cells = self.binding.fields(Column::Modifier).iter().map(|at| String::from_utf8_lossy(field(*at)));
        if cells.into_iter().any(|cell| trim_cell(&cell).split([' ', ',', ':', ';', '|']).any(unreadable)) {
            order.notices.push(Notice::ModifierUnreadable);
        }
    }

    fn number<'f>(
        &self,
        field: &impl FieldAt<'f>,
        column: Column,
        scale: u32,
        unreadable: Notice,
        order: &mut Order,
    ) -> Option<i64> {
        let cell = self.text(field, column)?;
        let value = amount::read(&cell, scale);
        if value.is_none() && !order.notices.contains(&unreadable) {
            order.notices.push(unreadable);
        }
        value
    }

    fn carried<'f>(&self, field: &impl FieldAt<'f>, order: &mut Order) -> Carried {
        let units = self.number(field, Column::Units, 3, Notice::UnitsUnreadable, order);
        if units.is_some_and(|units| units < 0) {
            order.notices.push(Notice::NegativeUnits);
        }
        Carried {
            order_id: self.text(field, Column::OrderId),
            claim_id: self.text(field, Column::ClaimId),
            patient_id: self.text(field, Column::PatientId),
            sex: self.text(field, Column::Sex),
            units,
            provider_id: self.text(field, Column::ProviderId),
            facility_id: self.text(field, Column::FacilityId),
            payer: self.text(field, Column::Payer),
            place_of_service: self.text(field, Column::PlaceOfService),
            billed: self.number(field, Column::Billed, 2, Notice::AmountUnreadable, order),
            allowed: self.number(field, Column::Allowed, 2, Notice::AmountUnreadable, order),
            paid: self.number(field, Column::Paid, 2, Notice::AmountUnreadable, order),
            auth_number: self.text(field, Column::AuthNumber),
            auth_decision: self.decision(field),
        }
    }

    /// The payer's own decision in the contract's words; an unknown word stays unknown.
    fn decision<'f>(&self, field: &impl FieldAt<'f>) -> Option<String> {
        let cell = self.text(field, Column::AuthDecision)?.to_lowercase();
        self.layout.decision_words.iter().find(|(_, words)| words.contains(&cell)).map(|(decision, _)| decision.clone())
    }
}

/// A product name; a null token is none.
fn named(cell: &str) -> String {
    let trimmed = trim_cell(cell);
    if is_null_token(trimmed) { String::new() } else { trimmed.to_owned() }
}
