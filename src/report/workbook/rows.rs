//! The orders by guideline row.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::page::{Page, count, denominators, measures, text_of};
use super::sheet::Value;
use super::style::Style;
use crate::report::facts::Results;
use crate::report::words;
use crate::summary::{FLAGS, RowGroup};

const MORE: [&str; 7] = [
    "New patients",
    "Continuing patients",
    "Patients measured over time",
    "Grams a patient-year: lower quartile",
    "Grams a patient-year: median",
    "Grams a patient-year: upper quartile",
    "Orders approved by the payer",
];

const OVER_TIME: &str = "What a patient-year is, and who is new, is said in sections 5 and 11 of report.html.";

const HEADS: [&str; 5] = ["Guideline row", "Ids", "Ruleset", "Recommendation", "Evidence class"];

pub(super) fn page(book: &mut Book, results: &Results<'_>) -> Result<Worksheet, XlsxError> {
    let widths = [
        44.0, 26.0, 20.0, 28.0, 12.0, 12.0, 12.0, 14.0, 18.0, 10.0, 10.0, 10.0, 12.0, 18.0, 18.0, 18.0, 18.0, 18.0,
        16.0,
    ];
    let mut page = Page::new(book, "By row", &widths)?;
    page.title("By guideline row")?;
    page.sentence("Orders without a row that is certain stand under their determination. Most grams first.")?;
    page.sentence(OVER_TIME)?;
    let heads = HEADS.into_iter().chain(denominators(results.summary));
    let flags = FLAGS.map(words::flag);
    page.heads(heads.chain(flags.iter().map(String::as_str)).chain(MORE))?;
    for group in &results.summary.by_row {
        let by_flag = group.by_flag.iter().map(|flag| count(flag.measures.orders));
        let line = names(group, results).into_iter().chain(measures(&group.measures)).chain(by_flag);
        page.line(line.chain(more(group, results)))?;
    }
    Ok(page.finish())
}

/// Patients over time, and what the payer approved.
fn more<'it>(group: &RowGroup, results: &Results<'_>) -> [(Style, Value<'it>); MORE.len()] {
    let (course, decisions) = (results.summary.course.of_row(group), &results.summary.decisions);
    let rate = course.and_then(|row| row.grams_a_year);
    let counted = |number: Option<u64>| number.map_or((Style::Text, Value::Empty), count);
    [
        counted(course.map(|row| row.new.patients)),
        counted(course.map(|row| row.continuing.patients)),
        counted(rate.map(|rate| rate.patients)),
        counted(rate.map(|rate| rate.lower_quartile.into())),
        counted(rate.map(|rate| rate.median.into())),
        counted(rate.map(|rate| rate.upper_quartile.into())),
        counted(decisions.known.then(|| decisions.approved_of(group).orders)),
    ]
}

/// What the rows are called, and what they say.
fn names<'it>(group: &'it RowGroup, results: &Results<'_>) -> [(Style, Value<'it>); HEADS.len()] {
    let edition = results.editions.of_or_newest(&group.ruleset);
    let known: Vec<_> = group.key.split('|').filter_map(|id| edition.row(id)).collect();
    if known.is_empty() {
        let label = words::determination(&group.key);
        return [text_of(label), text_of(""), text_of(group.ruleset.as_str()), text_of(""), text_of("")];
    }
    let labels: Vec<&str> = known.iter().map(|row| row.label.as_str()).collect();
    let mut classes: Vec<&str> = known.iter().filter_map(|row| row.evidence.as_deref()).collect();
    classes.dedup();
    [
        text_of(labels.join(" + ")),
        text_of(group.key.replace('|', "; ")),
        text_of(group.ruleset.as_str()),
        text_of(words::determination(&group.determination)),
        text_of(if classes.is_empty() { "not stated".to_owned() } else { classes.join(", ") }),
    ]
}
