//! Patterns over time, each with its instances by the place of their orders.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::page::{Page, count, denominators, measures, text_of};
use super::sheet::Value;
use super::style::Style;
use crate::report::facts::Results;
use crate::summary::{Instance, PatternFound};
use crate::table::decimal::UNIT_PLACES;

const INSTANCE: [&str; 10] = [
    "Pattern",
    "First order: file",
    "Record",
    "Its rows",
    "Last order: file",
    "Record",
    "Its rows",
    "Orders",
    "Days between",
    "Grams",
];

pub(super) fn page(book: &mut Book, results: &Results<'_>) -> Result<Worksheet, XlsxError> {
    let course = &results.summary.course;
    let mut page = Page::new(book, "Patterns", &[44.0, 26.0, 12.0, 26.0, 26.0, 12.0, 26.0, 12.0, 14.0, 14.0])?;
    page.title("Patterns over time")?;
    page.sentence(
        "A pattern is a prompt beside the determinations; it changes none. Patients are named by their orders.",
    )?;
    page.section("What was looked for")?;
    page.heads(["Pattern", "Basis", "Instances"].into_iter().chain(denominators(results.summary)))?;
    for found in &course.patterns {
        let names = [
            text_of(found.pattern.label.as_str()),
            text_of(found.pattern.basis.as_str()),
            count(found.instances_in_all),
        ];
        page.line(names.into_iter().chain(measures(&found.measures)))?;
        page.said("Why", &found.pattern.why)?;
        page.said("What to look at", &found.pattern.look_at)?;
        page.said("Source of its thresholds", &found.pattern.source)?;
    }
    page.section("Instances, most grams first")?;
    page.heads(INSTANCE)?;
    for found in &course.patterns {
        for instance in &found.instances {
            line(&mut page, found, instance)?;
        }
        let beyond = found.instances_in_all.saturating_sub(found.instances.len() as u64);
        if beyond > 0 {
            page.line([text_of(format!("{}: more, not listed", found.pattern.label)), count(beyond)])?;
        }
    }
    Ok(page.finish())
}

fn line(page: &mut Page<'_>, found: &PatternFound, instance: &Instance) -> Result<(), XlsxError> {
    let record = |number: u64| (Style::Number, Value::Count(number));
    page.line([
        text_of(found.pattern.label.as_str()),
        text_of(instance.first.source_file.as_str()),
        record(instance.first.record),
        text_of(instance.first_rows.replace('|', "; ")),
        text_of(instance.last.source_file.as_str()),
        record(instance.last.record),
        text_of(instance.last_rows.replace('|', "; ")),
        count(instance.orders),
        count(instance.days.into()),
        (Style::Grams, instance.grams.map_or(Value::Empty, |minor| Value::Decimal(minor, UNIT_PLACES))),
    ])
}
