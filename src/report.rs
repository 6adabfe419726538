//! The published files, as pure functions of the same results.
//!
//! Every format is made from [`facts::Results`]: no format counts anything for
//! itself, so the page, the JSON and the metrics cannot disagree. Nothing here
//! opens a file, reads a clock or decides anything about an order; publishing
//! is another module's work.
//!
//! What the page never holds: patient ids, order ids, free text, a single
//! order's amount. What is not in the export is printed as that, never as 0.

pub mod catalogue;
pub mod changes;
pub mod csv;
pub mod disclosure;
pub mod facts;
mod figure;
pub mod html;
pub mod json;
pub mod metrics;
pub mod new_findings;
pub mod pseudonym;
pub mod waterfall;
mod words;
pub mod workbook;
