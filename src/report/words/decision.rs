//! The payer's own decisions, in words. They came in with the data; the audit takes none.

use crate::summary::Corner;

/// A decision for people.
pub(in crate::report) fn decision(code: &str) -> String {
    match code {
        "approved" => "Approved",
        "partial" => "Approved in part",
        "denied" => "Denied by the payer",
        "pended" => "Pended",
        "none" => "No decision",
        "" => "Not in the export",
        other => return super::spaced(other),
    }
    .to_owned()
}

/// What stands in a corner, as a heading, and as the end of a sentence about so many orders.
pub(in crate::report) fn corner(corner: &Corner) -> (&'static str, &'static str) {
    match corner.id {
        "approved-not-recommended" => (
            "Approved though not recommended",
            "were approved by the payer, in full or in part, for a use that the statement does not recommend",
        ),
        "approved-insufficient-evidence" => (
            "Approved with insufficient evidence",
            "were approved by the payer, in full or in part, for a use for which the statement finds the evidence insufficient",
        ),
        "refused-recommended" => (
            "Denied by the payer though recommended",
            "were denied by the payer for a use that the statement recommends",
        ),
        _ => (
            "Denied by the payer though it should be considered",
            "were denied by the payer for a use that the statement says should be considered",
        ),
    }
}
