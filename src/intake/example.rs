//! Executed examples of layouts: a header, a record, and what must be read from it.

mod expectation;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use expectation::LayoutExpectation;

use super::decode::{Decoder, Framed, ProductCell};
use super::join::join_small;
use super::joined::Joined;
use super::layout::Layout;
use super::recognise::{recognise_beside, split_line};
use super::{Recognised, Role};
use crate::order::ProductCodes;

/// One example of a layout file: what the only line of its record is, or each of its lines, or that it is none.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutExample {
    /// A sentence that says what it shows.
    pub name: String,
    /// A header line; absent where the layout gives the names of the columns.
    #[serde(default)]
    pub header: String,
    /// A record.
    pub record: String,
    /// Companion files: each a header and records.
    #[serde(default)]
    pub files: BTreeMap<Role, Vec<String>>,
    /// What must be read from its only line.
    pub expect: Option<LayoutExpectation>,
    /// What must be read from each of its lines.
    #[serde(default)]
    pub lines: Vec<LayoutExpectation>,
    /// Why it is no line.
    pub outside: Option<String>,
}

impl LayoutExample {
    /// Whether it says one thing of its record.
    pub(super) fn expects_one_thing(&self) -> bool {
        let said = [self.expect.is_some(), !self.lines.is_empty(), self.outside.is_some()];
        said.into_iter().filter(|said| *said).count() == 1
    }
}

/// The word for a record that is of another kind.
const NOT_A_LINE: &str = "not-a-line";

/// Runs a layout's examples and says where they differ, one line a difference.
#[must_use]
pub fn differences(layout: &Layout) -> Vec<String> {
    layout
        .examples
        .iter()
        .flat_map(|example| {
            run(layout, example)
                .unwrap_or_else(|difference| vec![difference])
                .into_iter()
                .map(move |difference| format!("the example `{}`: {difference}", example.name))
        })
        .collect()
}

fn run(layout: &Layout, example: &LayoutExample) -> Result<Vec<String>, String> {
    let recognised = recognised(layout, example)?;
    let binding = &recognised.binding;
    let quote = layout.dialect.quote.map(|quote| quote as u8);
    let fields = split_line(example.record.as_bytes(), recognised.delimiter, quote);
    let (found, expected) = (fields.len(), binding.header.len());
    let trailing = layout.dialect.allow_trailing_delimiter && found == expected + 1 && fields[expected].is_empty();
    if !trailing && (found > expected || found + layout.dialect.allow_missing_fields < expected) {
        return Err(format!("the record has {found} fields, the header {expected}"));
    }
    let field = |at: usize| fields.get(at).map_or(&b""[..], String::as_bytes);
    if !binding.is_line(&field) {
        let outside = example.outside.as_deref() == Some(NOT_A_LINE);
        return if outside { Ok(Vec::new()) } else { Err(format!("expected a line, found it is {NOT_A_LINE}")) };
    }
    if let Some(outside) = &example.outside {
        return Err(format!("expected {outside}, found a line"));
    }
    let joined = joined(layout, example, &binding.header, &fields)?;
    let decoder = Decoder::new(layout, binding, chrono::NaiveDate::MAX).beside(&joined);
    let framed = Framed { short: found < expected, ..Framed::default() };
    let read = |decoder: &Decoder<'_>, slot: Option<u32>, expected: &LayoutExpectation| {
        expected
            .differences(decoder, &field, framed, slot)
            .unwrap_or_else(|rejection| vec![format!("rejected: {rejection}")])
    };
    if binding.slots().is_empty() {
        let Some(expected) = &example.expect else { return Err("the record holds one line: say expect".to_owned()) };
        return Ok(read(&decoder, None, expected));
    }
    let expected: Vec<&LayoutExpectation> = example.expect.iter().chain(&example.lines).collect();
    let slots: Vec<_> = binding.slots().iter().filter(|slot| slot.is_filled(binding, &field)).collect();
    if slots.len() != expected.len() {
        let numbers: Vec<String> = slots.iter().map(|slot| slot.number.to_string()).collect();
        return Err(format!("expected {} lines, found those of the slots {}", expected.len(), numbers.join(", ")));
    }
    let lines = slots.into_iter().zip(expected);
    Ok(lines.flat_map(|(slot, expected)| read(&decoder.in_slot(slot), Some(slot.number), expected)).collect())
}

/// The layout tied to the example's header. What tells the layout must fit too.
fn recognised(layout: &Layout, example: &LayoutExample) -> Result<Recognised, String> {
    let roles: Vec<Role> = example.files.keys().copied().collect();
    let first = if example.header.is_empty() { &example.record } else { &example.header };
    let recognised = recognise_beside(first.as_bytes(), std::slice::from_ref(layout), &roles);
    let recognised = recognised.map_err(|error| error.to_string())?;
    if recognised.has_header == example.header.is_empty() {
        return Err("the header and the names of columns that the layout gives do not go together".to_owned());
    }
    if let Some(fits) = layout.recognise.as_ref().filter(|_| recognised.has_header) {
        let (_, absent) = fits.compared(&recognised.binding.header);
        if !absent.is_empty() {
            return Err(format!("the header is not one that [recognise] tells: it lacks {}", absent.join("; ")));
        }
    }
    Ok(recognised)
}

fn joined(layout: &Layout, example: &LayoutExample, header: &[String], record: &[String]) -> Result<Joined, String> {
    if example.files.is_empty() && !layout.companions.iter().any(|companion| companion.again) {
        return Ok(Joined::default());
    }
    let files: Vec<(Role, Vec<String>)> = example.files.iter().map(|(role, file)| (*role, file.clone())).collect();
    let binding = layout.bind(header);
    let field = |at: usize| record.get(at).map_or(&b""[..], String::as_bytes);
    let decoder = Decoder::new(layout, &binding, chrono::NaiveDate::MAX);
    let mut product = match decoder.product(&field) {
        ProductCell::Codes(codes) => codes,
        ProductCell::NotText => ProductCodes::default(),
    };
    decoder.product_evidence(&field, &mut product).map_err(|rejection| format!("rejected: {rejection}"))?;
    Ok(join_small(layout, header, record, &product, &files)?.joined)
}
