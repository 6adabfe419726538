//! Why a record could not be read, in words, and what follows from it.

/// Effect of nearly every rejection.
const IN_NO_FIGURE: &str = "In no figure of this page.";

/// Reasons as `rejected.csv` has them, and what they are called here.
const REJECTIONS: &[(&str, &str)] = &[
    ("field-count", "Another number of fields than the header has"),
    ("quote-spans-lines", "Quote left open at the end of its line"),
    ("swallowed-record", "Open quote that would swallow the next record"),
    ("unterminated-quote", "Quote still open at the end of the file"),
    ("malformed-quote", "Text behind a closing quote"),
    ("record-too-long", "Record longer than the limit"),
    ("repeated-header", "Header line repeated among the records"),
    ("invalid-encoding", "Code or date cell with a character that cannot be read"),
    ("id-in-scientific-notation", "Id in scientific notation: its last digits are gone"),
];

/// What a rejection is called, and its effect. A header or trailer record is no damage, and the effect says so.
pub(in crate::report) fn rejection(reason: &str) -> (String, &'static str) {
    if reason == "control-record" {
        return (
            "Header or trailer record of the export".to_owned(),
            "It holds no order, and does not count as damage.",
        );
    }
    let known = REJECTIONS.iter().find(|(known, _)| *known == reason);
    (known.map_or_else(|| super::spaced(reason), |(_, words)| (*words).to_owned()), IN_NO_FIGURE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framing::Fault;
    use crate::intake::Rejection;

    #[test]
    fn every_reason_for_a_rejection_has_its_words() {
        let faults = [
            Fault::FieldCount { found: 1 },
            Fault::QuoteSpansLines,
            Fault::SwallowedRecord,
            Fault::UnterminatedQuote,
            Fault::MalformedQuote,
            Fault::RecordTooLong,
            Fault::ControlRecord,
        ];
        let intake = [Rejection::RepeatedHeader, Rejection::InvalidEncoding, Rejection::IdInScientificNotation];
        for reason in faults.map(Fault::id).into_iter().chain(intake.map(Rejection::as_str)) {
            assert_ne!(rejection(reason).0, super::super::spaced(reason), "{reason}");
        }
        assert_eq!(rejection("a-new-reason").0, "A new reason");
        assert_ne!(rejection("control-record").1, IN_NO_FIGURE);
    }
}
