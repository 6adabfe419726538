//! What was wrong with the data.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::page::{Page, count, denominators, measures, text_of};
use crate::report::facts::Results;
use crate::report::words;

/// The heads of a table of troubles.
const HEADS: [&str; 4] = ["What", "Code", "Number", "Effect"];

pub(super) fn page(book: &mut Book, results: &Results<'_>) -> Result<Worksheet, XlsxError> {
    let mut page = Page::new(book, "Data quality", &[56.0, 36.0, 14.0, 16.0, 16.0, 18.0])?;
    page.title("Data quality")?;
    if results.records_known {
        records(&mut page, results)?;
    }
    gaps(&mut page, results)?;
    lines(&mut page, results)?;
    Ok(page.finish())
}

/// Records that are in none of the figures, and what files beside the lines hold.
fn records(page: &mut Page<'_>, results: &Results<'_>) -> Result<(), XlsxError> {
    let counts = results.counts;
    page.section("Records that could not be read")?;
    page.heads(HEADS)?;
    for (reason, number) in &counts.records.rejected {
        let (what, effect) = words::rejection(reason);
        page.line([text_of(what), text_of(reason.as_str()), count(*number), text_of(effect)])?;
    }
    page.line([text_of("All"), text_of(""), count(counts.records.rejected_total())])?;
    page.section("Records out of scope")?;
    page.heads(HEADS)?;
    for (reason, number) in &counts.records.out_of_scope {
        let known = results.exclusions.iter().find(|each| each.reason == *reason);
        let what = known.map_or_else(|| words::spaced(reason), |each| each.label.clone());
        let hides = known.is_some_and(|each| each.is_unidentified);
        let effect = if hides { "In no figure; an order may hide among them." } else { "In no figure." };
        page.line([text_of(what), text_of(reason.as_str()), count(*number), text_of(effect)])?;
    }
    if counts.companions.is_empty() {
        return Ok(());
    }
    page.section("Files beside the lines")?;
    page.heads([
        "File",
        "Records",
        "Orders that found one",
        "Orders that found none",
        "Records that disagree",
        "Rejected",
    ])?;
    for (role, companion) in &counts.companions {
        let sought = &companion.orders;
        page.line([
            text_of(words::spaced(role)),
            count(companion.records),
            count(sought.found),
            count(sought.missing + sought.without_key),
            count(sought.disagree),
            count(companion.rejected_total()),
        ])?;
    }
    Ok(())
}

/// Orders that lack something, and orders with a warning.
fn gaps(page: &mut Page<'_>, results: &Results<'_>) -> Result<(), XlsxError> {
    let (summary, all) = (results.summary, results.summary.totals.orders);
    page.section("Orders that lack something")?;
    page.heads(HEADS)?;
    let no_diagnosis = summary.orders_determined("no_diagnosis");
    for (what, number, effect) in [
        ("No usable diagnosis", no_diagnosis, "For review; counts among the orders that are not settled."),
        ("No service date that could be read", summary.orders_without_date, "Assessed; in no period."),
        ("No patient id", summary.orders_without_patient, "Counts as an order and as no patient."),
        ("No grams", all.saturating_sub(summary.totals.orders_with_grams), "In no sum of grams."),
        ("No amount", all.saturating_sub(summary.totals.orders_with_money), "In no sum of money."),
    ] {
        page.line([text_of(what), text_of(""), count(number), text_of(effect)])?;
    }
    page.section("Warnings")?;
    page.heads(HEADS)?;
    for (code, number) in &summary.warnings {
        let (what, effect) = words::warning(code);
        page.line([text_of(what), text_of(code.as_str()), count(*number), text_of(effect)])?;
    }
    Ok(())
}

/// What became of the lines, and which repeat others.
fn lines(page: &mut Page<'_>, results: &Results<'_>) -> Result<(), XlsxError> {
    let summary = results.summary;
    page.section("What became of the lines, as the export says")?;
    page.heads(["Line status", "Code"].into_iter().chain(denominators(summary)))?;
    for group in summary.by_line_status.iter().filter(|group| group.measures.orders > 0) {
        let what = match group.key.as_str() {
            "" => "The export does not say".to_owned(),
            status => words::line_status(status).0,
        };
        page.line([text_of(what), text_of(group.key.as_str())].into_iter().chain(measures(&group.measures)))?;
    }
    let repeated = &summary.duplicates;
    page.section("Orders that repeat another one; each is counted, none is dropped")?;
    page.heads(["What", "", "Patients", "Orders", "Grams", "Paid amount"])?;
    for (what, found) in [
        ("Of an order in the same file", &repeated.in_one_file),
        ("Of an order in an earlier file only", &repeated.across_files),
    ] {
        page.line([text_of(what), text_of("")].into_iter().chain(measures(found)))?;
    }
    Ok(())
}
