//! What a pattern over time looks like, in a sentence.

use crate::report::facts::Editions;
use crate::report::figure::count;
use crate::summary::Shape;

/// The threshold of a pattern for people; rows by their labels.
pub(in crate::report) fn threshold(shape: &Shape, editions: &Editions) -> String {
    match shape {
        Shape::RepeatedMonths { rows, in_a_row, months, within_months: span } => format!(
            "Orders in {in_a_row} months in a row, or in {months} of {span} months. {}",
            of_rows(rows, editions)
        ),
        Shape::LongCourse { rows, days, gap_days } => format!(
            "Orders over more than {} days; after {} days without one another course begins. {}",
            count(*days),
            count(*gap_days),
            of_rows(rows, editions)
        ),
        Shape::MovedAfterRefusal { days, .. } => {
            format!("The supported order is on the day of the refused one or at most {} days after it.", count(*days))
        }
        Shape::LinesOfOneDay { different_products: true } => "Two products on one day of service.".to_owned(),
        Shape::LinesOfOneDay { different_products: false } => {
            "Two lines of one product on one day of service that are not equal.".to_owned()
        }
        Shape::GramsAYear { thresholds } => {
            let each = thresholds
                .iter()
                .map(|(rows, grams)| format!("More than {} g in 365 days. {}", count(*grams), of_rows(rows, editions)));
            each.collect::<Vec<_>>().join(" ")
        }
    }
}

/// What a threshold rests on, for people.
pub(in crate::report) fn pattern_basis(basis: &str, confidence: &str) -> String {
    let what = match basis {
        "local" => "Local: no guideline speaks of it".to_owned(),
        "published" => "Published".to_owned(),
        other => super::spaced(other),
    };
    let how = match confidence {
        "high" => "read in the publication",
        "medium" => "read about it",
        "low" => "a choice to begin with",
        other => other,
    };
    format!("{what}; {how}.")
}

/// The rows that some edition of the run has; ids of other editions tell a reader nothing.
fn of_rows(rows: &[String], editions: &Editions) -> String {
    let label = |id: &String| editions.all().find_map(|edition| edition.row(id)).map(|row| row.label.clone());
    let mut labels: Vec<String> = rows.iter().filter_map(label).collect();
    labels.dedup();
    if labels.is_empty() { "No row of this run.".to_owned() } else { format!("Rows: {}.", labels.join("; ")) }
}
