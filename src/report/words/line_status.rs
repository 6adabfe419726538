//! What became of a line, as the export says it. The words are the payer's; the audit decides nothing by them.

/// A line status for people, and what it means for the figures.
pub(in crate::report) fn line_status(code: &str) -> (String, &'static str) {
    let (what, effect) = match code {
        "paid" => ("Paid", "In every figure."),
        "denied" => ("Denied by the payer", "The payer’s own decision, already taken. In every figure."),
        "duplicate" => ("Called a duplicate", "In every figure, beside the line that it repeats."),
        "reversed" => ("Reversed", "In every figure with its own amounts; netted in the ledger only."),
        "void" => ("Void", "In every figure, as the line that it takes back may be."),
        "replacement" => ("Replacement", "In every figure, as the line that it replaces may be."),
        "pended" => ("Pended", "Not decided by the payer. In every figure."),
        "other" => ("Another status", "In every figure."),
        other => return (super::spaced(other), "In every figure."),
    };
    (what.to_owned(), effect)
}
