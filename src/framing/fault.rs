//! What can be wrong with a record before anything in it is understood.

use std::fmt;

/// Why a record was rejected by framing. Ids are stable: they stand in `rejected.csv` and in the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The record has `found` fields, which is not what the header has and not what the layout allows.
    FieldCount {
        /// How many fields the record has.
        found: usize,
    },
    /// A quote is open at the end of the line, in a column that holds no line breaks.
    QuoteSpansLines,
    /// A quote that is open across lines takes in a line that is by itself a whole record.
    SwallowedRecord,
    /// The input ends inside a quoted field.
    UnterminatedQuote,
    /// A quoted field goes on after its closing quote.
    MalformedQuote,
    /// The line, or the record that a quote carries over several lines, is longer than the limit.
    RecordTooLong,
    /// The line is a header or trailer record of the export, which its first field tells; no order is in it.
    ControlRecord,
}

impl Fault {
    /// The stable id, as it is written to files: `field-count`, `quote-spans-lines`, and so on.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::FieldCount { .. } => "field-count",
            Self::QuoteSpansLines => "quote-spans-lines",
            Self::SwallowedRecord => "swallowed-record",
            Self::UnterminatedQuote => "unterminated-quote",
            Self::MalformedQuote => "malformed-quote",
            Self::RecordTooLong => "record-too-long",
            Self::ControlRecord => "control-record",
        }
    }
}

/// One sentence for the person who mends the export. It never holds anything of the record but a count.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldCount { found: 1 } => write!(f, "The record has 1 field, not as many as the header."),
            Self::FieldCount { found } => write!(f, "The record has {found} fields, not as many as the header."),
            Self::QuoteSpansLines => f.write_str(
                "A quote is opened and not closed on the same line, in a column that may not hold line breaks.",
            ),
            Self::SwallowedRecord => {
                f.write_str("A quote is opened and not closed before a line that is by itself a whole record.")
            }
            Self::UnterminatedQuote => f.write_str("A quote is opened and the input ends before it is closed."),
            Self::MalformedQuote => f.write_str("A quoted field goes on after its closing quote."),
            Self::RecordTooLong => {
                write!(f, "The record is longer than the limit of {} bytes.", super::RECORD_LIMIT)
            }
            Self::ControlRecord => f.write_str("The line is a header or trailer record of the export, not an order."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn ids_are_for_ever() {
        let ids = [
            Fault::FieldCount { found: 3 },
            Fault::QuoteSpansLines,
            Fault::SwallowedRecord,
            Fault::UnterminatedQuote,
            Fault::MalformedQuote,
            Fault::RecordTooLong,
            Fault::ControlRecord,
        ]
        .map(Fault::id);
        let expected = [
            "field-count",
            "quote-spans-lines",
            "swallowed-record",
            "unterminated-quote",
            "malformed-quote",
            "record-too-long",
            "control-record",
        ];
        assert_eq!(ids, expected);
    }

    #[test]
    fn the_sentence_tells_the_count() {
        let sentence = Fault::FieldCount { found: 7 }.to_string();
        assert_eq!(sentence, "The record has 7 fields, not as many as the header.");
    }
}
