//! The words that people read for the codes that programs read.
//!
//! A code without a word here is printed with spaces for its hyphens, so a new
//! reason is readable on the day it is added.

mod decision;
mod line_status;
mod pattern;
mod rejection;
mod warning;

pub(super) use decision::{corner, decision};
pub(super) use line_status::line_status;
pub(super) use pattern::{pattern_basis, threshold};
pub(super) use rejection::rejection;
pub(super) use warning::warning;

/// What the audit says of an order.
pub(super) fn determination(code: &str) -> String {
    match code {
        "recommended" => "Recommended",
        "consider" => "Should be considered",
        "insufficient_evidence" => "Insufficient evidence",
        "not_recommended" => "Not recommended",
        "indeterminate" => "Indeterminate",
        "other_use" => "Other use, outside the statement",
        "not_addressed" => "Not addressed by the statement",
        "no_diagnosis" => "No usable diagnosis",
        other => return spaced(other),
    }
    .to_owned()
}

/// What a person should do.
pub(super) fn flag(code: &str) -> String {
    match code {
        "clear" => "Clear",
        "review" => "For review",
        "flagged" => "Flagged",
        other => return spaced(other),
    }
    .to_owned()
}

/// How firmly a determination stands.
pub(super) fn certainty(code: &str) -> String {
    match code {
        "stated" => "Stated by an exact code or field",
        "presumed" => "Presumed (broad or proxy code, combination, or a declared default)",
        "text" => "Read from the indication text",
        other => return spaced(other),
    }
    .to_owned()
}

/// The column that stands for money.
pub(super) fn money(column: Option<&str>) -> &'static str {
    match column {
        Some("allowed") => "Allowed amount",
        Some("paid") => "Paid amount",
        Some("billed") => "Billed amount",
        _ => "Amount",
    }
}

/// A code as words: hyphens and underscores become spaces, the first letter a capital.
pub(super) fn spaced(code: &str) -> String {
    let words = code.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::{CERTAINTIES, DETERMINATIONS, FLAGS, LINE_STATUSES};

    #[test]
    fn every_code_of_the_contract_reads_as_words() {
        let words =
            DETERMINATIONS.map(determination).into_iter().chain(FLAGS.map(flag)).chain(CERTAINTIES.map(certainty));
        let words: Vec<String> = words.chain(LINE_STATUSES.map(|status| line_status(status).0)).collect();
        assert!(words.iter().all(|word| word.starts_with(char::is_uppercase) && !word.contains('_')));
        assert_eq!(determination("no_diagnosis"), "No usable diagnosis");
        assert_eq!(flag("review"), "For review");
    }

    #[test]
    fn a_new_code_is_still_readable() {
        assert_eq!(spaced("field-count_differs"), "Field count differs");
        assert_eq!(spaced(""), "");
    }
}
