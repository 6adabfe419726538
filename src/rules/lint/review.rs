//! Who signed, when the rules must be looked at again, and what nobody could verify.

use chrono::NaiveDate;

use super::Subject;
use crate::rules::error::Problem;

/// The status of rules that no clinician has signed.
const DRAFT: &str = "draft";

/// The word that marks a fact which could not be verified.
const UNVERIFIED: &str = "unverified";

/// The day by which the rules must be looked at again is over, or is none.
pub(super) fn overdue(subject: &Subject<'_>) -> Vec<Problem> {
    let by = &subject.ruleset.info.review.review_by;
    let message = match by.parse::<NaiveDate>() {
        Ok(day) if subject.as_of <= day => return Vec::new(),
        Ok(day) => format!("the review was due by {day}, and it is {}", subject.as_of),
        Err(_) => "review-by: accepted is a date YYYY-MM-DD".to_owned(),
    };
    vec![subject.at_key(&subject.home(), "review-by", message)]
}

fn is_signed(subject: &Subject<'_>) -> bool {
    let review = &subject.ruleset.info.review;
    !review.checker.is_empty() && review.reviewed_on.parse::<NaiveDate>().is_ok()
}

/// A status that only a signature gives.
pub(super) fn status_without_signature(subject: &Subject<'_>) -> Vec<Problem> {
    let status = &subject.ruleset.info.status;
    if status == DRAFT || is_signed(subject) {
        return Vec::new();
    }
    let message = format!(
        "the status is `{status}` and nobody has signed; accepted is `{DRAFT}`, or a checker with the day reviewed-on"
    );
    vec![subject.at_key(&subject.home(), "status", message)]
}

/// No clinician has signed.
pub(super) fn unsigned(subject: &Subject<'_>) -> Vec<Problem> {
    if is_signed(subject) {
        return Vec::new();
    }
    vec![subject.at_key(&subject.home(), "checker", "no clinician has signed these rules yet".to_owned())]
}

/// Rows of code lists and products, and the month in force, that are marked as unverified.
pub(super) fn unverified(subject: &Subject<'_>) -> Vec<Problem> {
    let marked = |cell: &str| cell.to_lowercase().contains(UNVERIFIED);
    let mut problems = Vec::new();
    if marked(&subject.ruleset.info.in_force_note) {
        let message =
            format!("in force from {}: {}", subject.ruleset.info.in_force_from.0, subject.ruleset.info.in_force_note);
        problems.push(subject.at_key(&subject.home(), "in-force-from", message));
    }
    let mut folders = subject.list_folders();
    folders.push("products".to_owned());
    for sheet in folders.iter().flat_map(|folder| subject.sheets(folder)) {
        for (line, row) in sheet.rows.iter().filter(|(_, row)| row.iter().any(|cell| marked(cell))) {
            let what: Vec<&str> = ["code", "ndc", "modifier", "label", "product", "source"]
                .into_iter()
                .map(|column| sheet.cell(row, column))
                .filter(|cell| !cell.is_empty())
                .collect();
            problems.push(Problem::new(sheet.path, Some(*line), format!("marked as unverified: {}", what.join(", "))));
        }
    }
    problems
}
