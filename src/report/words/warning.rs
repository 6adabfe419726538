//! What was odd about a record, and what the audit did about it.

/// Warning, its words, and its effect on the assessment.
const WARNINGS: [(&str, &str, &str); 39] = [
    ("code-not-valid-on-date", "Diagnosis code not valid on the service date", "The code kept its meaning."),
    (
        "header-code",
        "Diagnosis code is a header, not billable",
        "Used only where the rules name it; otherwise the code was not used.",
    ),
    ("malformed-diagnosis", "Diagnosis code not readable", "That code was not used; others on the order were."),
    ("unknown-diagnosis", "Diagnosis code that never existed", "That code was not used; others on the order were."),
    (
        "code-system-not-covered",
        "Diagnosis in a code system that the rules do not read",
        "That code was not used; others on the order were.",
    ),
    (
        "diagnosis-version-conflict",
        "Diagnosis code contradicts the code version that the record declares",
        "The code was read by its shape.",
    ),
    (
        "diagnosis-zero-may-be-lost",
        "Diagnosis that is a number which may have lost zeros or its dot",
        "That code was not used, since it could be several; others on the order were.",
    ),
    ("diagnoses-truncated", "More diagnoses than are read", "The first ones were used; the rest were not."),
    ("pointer-unreadable", "Diagnosis pointer that points at no diagnosis", "Every diagnosis of the record was used."),
    (
        "product-not-valid-on-date",
        "Product code not valid on the service date",
        "In scope all the same; the code kept its meaning.",
    ),
    (
        "product-unverified",
        "Product known from a row that no official source has confirmed",
        "In scope all the same; the product is to be confirmed.",
    ),
    (
        "product-evidence-differs",
        "NDC or product name tells another product or route than the code",
        "In scope as the code says; the line is to be looked at.",
    ),
    (
        "product-route-unstated",
        "Product name that does not tell how it is given",
        "Taken as given by vein; the route is to be confirmed.",
    ),
    ("modifier-unreadable", "Modifier not readable", "Assessed without that modifier."),
    ("service-date-missing", "No service date", "Assessed without a date; in no period."),
    ("service-date-unreadable", "Service date not readable", "Assessed without a date; in no period."),
    ("service-before-statement", "Service before the statement was in force", "Assessed by this edition all the same."),
    ("service-in-future", "Service date after the day of the run", "Assessed with that date all the same."),
    ("birth-date-unreadable", "Birth date not readable", "The age column was used; without one, no age."),
    (
        "birth-date-implausible",
        "Birth date after the service date, or too long before it",
        "The birth date gave no age; the age column was used if there is one.",
    ),
    ("age-unreadable", "Age not readable, or not believable", "Assessed without an age."),
    (
        "age-masked",
        "Age masked: at least so many years, and not known closer",
        "Used where all such ages give one answer; the age itself stays empty.",
    ),
    ("age-disagrees", "Age and birth contradict each other", "Neither is taken: assessed without an age."),
    ("amount-unreadable", "Amount not readable", "That amount is not known and in no sum."),
    ("units-unreadable", "Units not readable", "Counted as an order without grams."),
    ("negative-units", "Units below zero, as on a reversal", "Assessed as an order; its grams lower the sums."),
    ("uncertain-mention", "The text speaks of a possibility", "What is only possible was not taken as said."),
    (
        "negated-in-text",
        "The text negates the indication that governs",
        "The negated mention was not used; the order was assessed by what else it holds.",
    ),
    ("text-truncated", "Indication text longer than is read", "Its beginning was used; the rest was not read."),
    (
        "text-encoding",
        "Text or an identifier that is not UTF-8",
        "What is not was read as Windows-1252, or replaced where that knows no character.",
    ),
    (
        "review-note",
        "The rules ask a reader to look at something else on the order",
        "The answer stands; the note is in the explanation of the order.",
    ),
    (
        "several-rows",
        "Other guideline rows match as well",
        "The best supported governs; the others are listed beside it.",
    ),
    (
        "diagnosis-system-not-read",
        "Diagnosis in a code system that is not read, as the export declares it",
        "That code was not used; others on the order were, and so was its name.",
    ),
    ("short-record", "Record without some of its last fields", "What it lacks is not known; the rest was read."),
    ("companion-missing", "No record for the line in a companion file", "Assessed with what the line holds."),
    (
        "companion-disagrees",
        "Records of a companion file that disagree about the line",
        "What they disagree about is not known; the rest was read.",
    ),
    (
        "provider-id-unreadable",
        "Provider or facility id in scientific notation",
        "Its digits are lost; the order is counted under no provider or facility.",
    ),
    (
        "auth-decision-unreadable",
        "Payer's decision in a word that the layout does not know",
        "The decision is not known.",
    ),
    ("bare-quote", "Quotation mark inside a field", "Read as part of the text."),
];

/// The words for a warning and its effect. One without words here is printed as words, and says so.
pub(in crate::report) fn warning(code: &str) -> (String, &'static str) {
    match WARNINGS.iter().find(|(known, ..)| *known == code) {
        Some((_, label, effect)) => ((*label).to_owned(), effect),
        None => (super::spaced(code), "Its effect is not described in this edition."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_warning_is_still_readable_and_promises_nothing() {
        assert_eq!(warning("odd-thing"), ("Odd thing".to_owned(), "Its effect is not described in this edition."));
        assert_eq!(warning("unknown-diagnosis").1, "That code was not used; others on the order were.");
    }
}
