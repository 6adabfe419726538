//! Executed examples of layouts: a header, a record, and what must be read from it.

use serde::Deserialize;

use super::decode::{Decoder, ProductCell};
use super::layout::Layout;

/// One example of a layout file. Only the expectations that are given are compared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutExample {
    /// A sentence that says what it shows.
    pub name: String,
    /// A header line.
    pub header: String,
    /// A record.
    pub record: String,
    /// What must be read.
    pub expect: LayoutExpectation,
}

/// What a layout example expects.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LayoutExpectation {
    /// Product code.
    pub product: Option<String>,
    /// NDC, in eleven digits; every reading if the cell leaves several.
    pub ndc: Option<String>,
    /// Product name.
    pub product_name: Option<String>,
    /// Modifiers.
    pub modifiers: Option<Vec<String>>,
    /// Diagnoses, normalised.
    pub diagnoses: Option<Vec<String>>,
    /// Service date.
    pub service_date: Option<String>,
    /// Age.
    pub age: Option<i32>,
    /// Notices.
    pub notices: Option<Vec<String>>,
}

/// Runs a layout's examples and says where they differ, one line a difference.
#[must_use]
pub fn differences(layout: &Layout) -> Vec<String> {
    layout
        .examples
        .iter()
        .flat_map(|example| {
            run(layout, example)
                .into_iter()
                .map(move |difference| format!("the example `{}`: {difference}", example.name))
        })
        .collect()
}

fn run(layout: &Layout, example: &LayoutExample) -> Vec<String> {
    let recognised = match super::recognise(example.header.as_bytes(), std::slice::from_ref(layout)) {
        Ok(recognised) => recognised,
        Err(error) => return vec![error.to_string()],
    };
    let binding = &recognised.binding;
    let as_of = chrono::NaiveDate::MAX;
    let decoder = Decoder::new(layout, binding, as_of);
    let fields = super::recognise::split_line(
        example.record.as_bytes(),
        recognised.delimiter,
        layout.dialect.quote.map(|quote| quote as u8),
    );
    if fields.len() != binding.header.len() {
        return vec![format!("the record has {} fields, the header {}", fields.len(), binding.header.len())];
    }
    let field = |at: usize| fields[at].as_bytes();
    let product = decoder.product(&field);
    let decoded = match decoder.decode(&field, &product, super::decode::Framed::default()) {
        Ok(decoded) => decoded,
        Err(rejection) => return vec![format!("rejected: {rejection}")],
    };
    let expect = &example.expect;
    let code = match &product {
        ProductCell::Codes(codes) => {
            codes.procedure.and_then(|code| code.readings().next()).map(|code| code.to_string())
        }
        ProductCell::NotText => None,
    };
    let mut differences = Vec::new();
    let mut compare = |what: &str, expected: Option<String>, found: String| {
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            differences.push(format!("{what}: expected {expected}, found {found}"));
        }
    };
    let list = |words: &[String]| words.join(" ");
    let order = &decoded.order;
    compare("product", expect.product.clone(), code.unwrap_or_default());
    compare("ndc", expect.ndc.clone(), list(&order.product.ndc.iter().map(ToString::to_string).collect::<Vec<_>>()));
    compare("product-name", expect.product_name.clone(), order.product.name.clone());
    compare(
        "modifiers",
        expect.modifiers.as_deref().map(list),
        list(&order.product.modifiers.iter().map(|m| m.as_str().to_owned()).collect::<Vec<_>>()),
    );
    compare(
        "diagnoses",
        expect.diagnoses.as_deref().map(list),
        list(&order.diagnoses.iter().filter_map(|d| d.code.ok().map(|c| c.to_string())).collect::<Vec<_>>()),
    );
    compare(
        "service-date",
        expect.service_date.clone(),
        order.service_date.map(|day| day.to_string()).unwrap_or_default(),
    );
    compare(
        "age",
        expect.age.map(|age| age.to_string()),
        order.age.years().map(|age| age.to_string()).unwrap_or_default(),
    );
    compare(
        "notices",
        expect.notices.as_deref().map(list),
        list(&order.notices.iter().map(|n| n.as_str().to_owned()).collect::<Vec<_>>()),
    );
    differences
}
