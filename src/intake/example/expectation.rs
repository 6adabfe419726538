//! What an example expects of one line, and where the line differs.

use serde::Deserialize;

use crate::intake::decode::{Decoded, Decoder, FieldAt, Framed, ProductCell};
use crate::intake::rejection::Rejection;

/// What a layout example expects of one line. Only the expectations that are given are compared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LayoutExpectation {
    /// Product code.
    pub product: Option<String>,
    /// NDC, in eleven digits; every reading if the cell leaves several.
    pub ndc: Option<String>,
    /// Product name.
    pub product_name: Option<String>,
    /// The route, in the export's words.
    pub route: Option<String>,
    /// Modifiers.
    pub modifiers: Option<Vec<String>>,
    /// Diagnoses, normalised.
    pub diagnoses: Option<Vec<String>>,
    /// Those of them that the line points at.
    pub pointed: Option<Vec<String>>,
    /// The text.
    pub text: Option<String>,
    /// Service date.
    pub service_date: Option<String>,
    /// Age.
    pub age: Option<i32>,
    /// All ages that are possible, as `89..130`.
    pub ages: Option<String>,
    /// Notices.
    pub notices: Option<Vec<String>>,
    /// Sex.
    pub sex: Option<String>,
    /// Billed units.
    pub units: Option<Number>,
    /// Grams of a dose.
    pub grams: Option<Number>,
    /// Billed amount.
    pub billed: Option<Number>,
    /// Allowed amount.
    pub allowed: Option<Number>,
    /// Paid amount.
    pub paid: Option<Number>,
    /// Order id.
    pub order: Option<String>,
    /// Claim id.
    pub claim: Option<String>,
    /// Patient id.
    pub patient: Option<String>,
    /// Provider id.
    pub provider: Option<String>,
    /// Line status.
    pub line_status: Option<String>,
    /// Authorization number.
    pub auth_number: Option<String>,
    /// The payer's decision.
    pub auth_decision: Option<String>,
    /// The number of the line in its record.
    pub slot: Option<u32>,
}

/// A number as a layout file writes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// Whole.
    Whole(i64),
    /// With decimals, in quotes or without.
    Decimal(f64),
    /// In quotes.
    Text(String),
}

impl Number {
    fn text(&self) -> String {
        match self {
            Self::Whole(number) => number.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Text(number) => number.clone(),
        }
    }
}

/// A number of smallest units with so many decimals, without zeros at its end.
fn plain(minor: i64, places: u32) -> String {
    rust_decimal::Decimal::from_i128_with_scale(minor.into(), places).normalize().to_string()
}

impl LayoutExpectation {
    /// Reads the line and says where it differs.
    pub(super) fn differences<'f>(
        &self,
        decoder: &Decoder<'_>,
        field: &impl FieldAt<'f>,
        framed: Framed,
        slot: Option<u32>,
    ) -> Result<Vec<String>, Rejection> {
        let product = decoder.product(field);
        let decoded = decoder.decode(field, &product, framed)?;
        let code = match &product {
            ProductCell::Codes(codes) => codes.procedure.and_then(|code| code.readings().next()),
            ProductCell::NotText => None,
        };
        let line = slot.map(|slot| format!("slot {slot}: ")).unwrap_or_default();
        let mut found = self.of_product(code.map(|code| code.to_string()).unwrap_or_default(), &decoded);
        found.extend(self.of_order(&decoded));
        found.extend(self.of_carried(&decoded));
        found.push((
            "slot",
            self.slot.map(|slot| slot.to_string()),
            slot.map(|slot| slot.to_string()).unwrap_or_default(),
        ));
        let differs = |(what, expected, found): (&str, Option<String>, String)| {
            let expected = expected.filter(|expected| *expected != found)?;
            Some(format!("{line}{what}: expected {expected}, found {found}"))
        };
        Ok(found.into_iter().filter_map(differs).collect())
    }

    fn of_product(&self, code: String, decoded: &Decoded) -> Vec<Compared> {
        let product = &decoded.order.product;
        vec![
            ("product", self.product.clone(), code),
            ("ndc", self.ndc.clone(), words(product.ndc.iter())),
            ("product-name", self.product_name.clone(), product.name.clone()),
            ("route", self.route.clone(), product.route.clone()),
            (
                "modifiers",
                list(self.modifiers.as_ref()),
                words(product.modifiers.iter().map(crate::codes::Modifier::as_str)),
            ),
        ]
    }

    fn of_order(&self, decoded: &Decoded) -> Vec<Compared> {
        let order = &decoded.order;
        let codes = order.diagnoses.iter().filter_map(|each| Some((each.pointed, each.code.ok()?)));
        let bounds = order.age.bounds().map(|bounds| format!("{}..{}", bounds.start(), bounds.end()));
        let day = decoded.carried.service_date;
        vec![
            ("diagnoses", list(self.diagnoses.as_ref()), words(codes.clone().map(|(_, code)| code))),
            (
                "pointed",
                list(self.pointed.as_ref()),
                words(codes.filter(|(pointed, _)| *pointed).map(|(_, code)| code)),
            ),
            ("text", self.text.clone(), order.text.clone()),
            ("service-date", self.service_date.clone(), day.map(|day| day.to_string()).unwrap_or_default()),
            (
                "age",
                self.age.map(|age| age.to_string()),
                order.age.years().map(|age| age.to_string()).unwrap_or_default(),
            ),
            ("ages", self.ages.clone(), bounds.unwrap_or_default()),
            ("notices", list(self.notices.as_ref()), words(order.notices.iter().map(|each| each.as_str()))),
        ]
    }

    fn of_carried(&self, decoded: &Decoded) -> Vec<Compared> {
        let carried = &decoded.carried;
        let number = |what, expected: &Option<Number>, found: Option<i64>, places| {
            let found = found.map(|minor| plain(minor, places)).unwrap_or_default();
            (what, expected.as_ref().map(Number::text), found)
        };
        let text = |what, expected: &Option<String>, found: &Option<String>| {
            (what, expected.clone(), found.clone().unwrap_or_default())
        };
        vec![
            text("sex", &self.sex, &carried.sex),
            number("units", &self.units, carried.units, 3),
            number("grams", &self.grams, carried.grams, 3),
            number("billed", &self.billed, carried.billed, 2),
            number("allowed", &self.allowed, carried.allowed, 2),
            number("paid", &self.paid, carried.paid, 2),
            text("order", &self.order, &carried.order_id),
            text("claim", &self.claim, &carried.claim_id),
            text("patient", &self.patient, &carried.patient_id),
            text("provider", &self.provider, &carried.provider_id),
            text("line-status", &self.line_status, &carried.line_status),
            text("auth-number", &self.auth_number, &carried.auth_number),
            text("auth-decision", &self.auth_decision, &carried.auth_decision),
        ]
    }
}

/// What is compared: its word, what is expected of it, if anything, and what was read.
type Compared = (&'static str, Option<String>, String);

fn list(expected: Option<&Vec<String>>) -> Option<String> {
    expected.map(|words| words.join(" "))
}

fn words(found: impl Iterator<Item = impl ToString>) -> String {
    found.map(|word| word.to_string()).collect::<Vec<_>>().join(" ")
}
