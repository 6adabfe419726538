//! Runs the examples of a ruleset: each is assessed by the same code as any order.

use chrono::NaiveDate;

use super::{OutOfScope, Screen, assess, product_code, screen};
use crate::codes::{Modifier, read_diagnosis};
use crate::order::{Age, Diagnosis, Notice, Order, ProductCodes};
use crate::rules::{Example, ExampleOrder, Expectation, Problem, ProductId, ProductKind, Products, Ruleset};

/// The service date of an example that gives none.
const DEFAULT_DATE: NaiveDate = NaiveDate::from_ymd_opt(2024, 7, 1).unwrap();

/// How many examples ran, and which did not hold.
#[derive(Debug, Default)]
pub struct CheckOutcome {
    /// Examples run.
    pub examples: usize,
    /// Of these, near misses.
    pub near_misses: usize,
    /// One problem for each example that did not hold, with file and line.
    pub failures: Vec<Problem>,
    /// Examples of the rulesets below that were run.
    pub inherited: usize,
    /// Of these, those that get another answer here: what the overlay moves, which is no failure.
    pub moved: Vec<Problem>,
}

/// Runs every example of every indication, and those of the products, once for each of their wordings.
#[must_use]
pub fn run_examples(ruleset: &Ruleset) -> CheckOutcome {
    let mut outcome = CheckOutcome::default();
    let of_indications = ruleset.indications.iter().map(|each| (each.file.as_str(), each.examples.as_slice()));
    for (file, examples) in of_indications.chain([(Products::EXAMPLES, ruleset.products.examples())]) {
        for (line, example) in examples {
            let wordings = example.order.wordings().count();
            outcome.examples += wordings;
            outcome.near_misses += if example.near_miss { wordings } else { 0 };
            let differences = example_differences(ruleset, example);
            if !differences.is_empty() {
                let message = format!("the example `{}` does not hold: {}", example.name, differences.join("; "));
                outcome.failures.push(Problem { file: file.to_owned(), line: Some(*line), message });
            }
        }
    }
    for (file, line, example) in ruleset.indications.iter().flat_map(|indication| &indication.inherited) {
        outcome.inherited += example.order.wordings().count();
        let differences = example_differences(ruleset, example);
        if !differences.is_empty() {
            let message = format!("the example `{}` gets another answer: {}", example.name, differences.join("; "));
            outcome.moved.push(Problem { file: file.clone(), line: Some(*line), message });
        }
    }
    outcome
}

/// Assesses one example and says where it differs from what it expects. Of several wordings each that differs is
/// named with its number and its words, which are the rules' own.
#[must_use]
pub fn example_differences(ruleset: &Ruleset, example: &Example) -> Vec<String> {
    if !example.order.text.is_empty() && !example.order.texts.is_empty() {
        return vec!["an order has `text` or `texts`, not both".to_owned()];
    }
    let mut all = Vec::new();
    for (at, wording) in example.order.wordings().enumerate() {
        let found = match order_of(ruleset, &example.order, wording) {
            Ok(order) => differences(ruleset, &order, &example.expect),
            Err(message) => vec![message],
        };
        if example.order.texts.is_empty() {
            all.extend(found);
        } else if !found.is_empty() {
            all.push(format!("text {} (`{wording}`): {}", at + 1, found.join("; ")));
        }
    }
    all
}

/// The orders that an example describes, one for each of its wordings; none if it cannot be read.
pub(super) fn orders_of(ruleset: &Ruleset, example: &Example) -> Vec<Order> {
    example.order.wordings().filter_map(|wording| order_of(ruleset, &example.order, wording).ok()).collect()
}

/// Builds the order that an example describes, in one of its wordings.
fn order_of(ruleset: &Ruleset, written: &ExampleOrder, wording: &str) -> Result<Order, String> {
    let mut notices = Vec::new();
    let service_date = match written.date.as_deref() {
        None => Some(DEFAULT_DATE),
        Some("") => None,
        Some(text) => Some(text.parse().map_err(|_| format!("`{text}` is not a date YYYY-MM-DD"))?),
    };
    let birth: Option<NaiveDate> = written
        .birth_date
        .as_deref()
        .map(|text| text.parse().map_err(|_| format!("`{text}` is not a date YYYY-MM-DD")))
        .transpose()?;
    let age = match (written.age, birth, service_date) {
        (Some(years), _, _) => Age::from_years(years),
        (None, Some(birth), Some(service)) => Age::between(birth, service),
        _ => Age::Unknown,
    };
    if birth.is_some() && age == Age::Unknown {
        notices.push(Notice::BirthDateImplausible);
    }
    let product = product_of(ruleset, written)?;
    let diagnoses = written
        .dx
        .iter()
        .enumerate()
        .map(|(at, cell)| Diagnosis {
            position: at as u8 + 1,
            code: read_diagnosis(cell, None, service_date),
            pointed: false,
        })
        .collect();
    Ok(Order { product, service_date, age, diagnoses, text: wording.to_owned(), notices, ..Order::default() })
}

/// The product cells of an example; without any, a product that is always in scope.
fn product_of(ruleset: &Ruleset, written: &ExampleOrder) -> Result<ProductCodes, String> {
    let mut product = ProductCodes { name: written.product_name.clone(), ..ProductCodes::default() };
    for cell in &written.modifiers {
        product.modifiers.push(Modifier::parse(cell).map_err(|reason| format!("modifier: {reason}"))?);
    }
    match written.product.as_deref() {
        Some(cell) => product.read_code(cell),
        None if written.ndc.is_empty() && written.product_name.is_empty() => {
            let any = ruleset.products.all().find(|product| product.kind == ProductKind::Intravenous);
            product.read_code(&any.and_then(|any| any.code).map(|code| code.to_string()).unwrap_or_default());
        }
        None => {}
    }
    product.read_ndc(&written.ndc);
    Ok(product)
}

/// System and code of a product in scope, as an example writes them: `ndc 12345678901`, `name`.
fn product_in_words(ruleset: &Ruleset, order: &Order, product: ProductId) -> String {
    let code = product_code(ruleset, &order.product, product).unwrap_or_default();
    format!("{} {code}", ruleset.products.get(product).system).trim_end().to_owned()
}

fn differences(ruleset: &Ruleset, order: &Order, expect: &Expectation) -> Vec<String> {
    let product = match (screen(ruleset, order), expect.out_of_scope.as_deref()) {
        (Screen::InScope(product), None) => product,
        (Screen::InScope(_), Some(reason)) => return vec![format!("expected out of scope ({reason}), it is in scope")],
        (Screen::OutOfScope(reason), Some(expected)) if reason.as_str() == expected => return Vec::new(),
        (Screen::OutOfScope(reason), Some(expected)) => {
            return vec![format!("expected out of scope ({expected}), found {}{}", reason.as_str(), reasons())];
        }
        (Screen::OutOfScope(reason), None) => return vec![format!("it is out of scope ({})", reason.as_str())],
    };
    let found = assess(ruleset, order, product);
    let mut differences = Vec::new();
    let mut word = |what: &str, expected: Option<&String>, found: &str| {
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            differences.push(format!("{what}: expected {expected}, found {found}"));
        }
    };
    word("product", expect.product.as_ref(), &product_in_words(ruleset, order, product));
    word("determination", expect.determination.as_ref(), found.determination.as_str());
    word("flag", expect.flag.as_ref(), found.flag.as_str());
    word("certainty", expect.certainty.as_ref(), found.certainty.as_str());
    word("wanting", expect.wanting.as_ref(), &found.wanting.map(|wanting| wanting.id(ruleset)).unwrap_or_default());
    let mut set = |what: &str, expected: Option<&Vec<String>>, found: Vec<String>| {
        let (mut wanted, mut got) = (expected.cloned().unwrap_or_default(), found);
        wanted.sort_unstable();
        got.sort_unstable();
        if expected.is_some() && wanted != got {
            differences.push(format!("{what}: expected [{}], found [{}]", wanted.join(", "), got.join(", ")));
        }
    };
    set("rows", expect.rows.as_ref(), found.rows.ids(ruleset));
    set("also", expect.also.as_ref(), found.also_matched.ids(ruleset));
    set("open", expect.open.as_ref(), found.open.iter().map(|answer| answer.as_str().to_owned()).collect());
    set(
        "evidence",
        expect.evidence.as_ref(),
        found.evidence(ruleset).iter().map(|class| class.as_str().to_owned()).collect(),
    );
    for unwanted in expect.no_warnings.iter().flatten() {
        if found.warnings.iter().any(|warning| warning.as_str() == unwanted) {
            differences.push(format!("warnings: {unwanted} is there"));
        }
    }
    for expected in expect.warnings.iter().flatten() {
        if !found.warnings.iter().any(|warning| warning.as_str() == expected) {
            differences.push(format!("warnings: {expected} is missing"));
        }
    }
    differences
}

fn reasons() -> String {
    format!(" (accepted are {})", OutOfScope::ALL.map(OutOfScope::as_str).join(", "))
}
