//! Audits intravenous immune globulin orders and claims against a clinical guideline.
//!
//! The program is a pure function over one order, mapped over many, then a few queries over the table of
//! results. [`rules`] loads a guideline edition as data; [`assess`] says what it says of one
//! [`order`](order::Order); [`intake`] and [`scan`] read exports in parallel and account for every record;
//! [`table`] is the boundary; [`summary`] and [`report`] answer the committee's questions from it; [`run`]
//! publishes all or nothing. A flag is a prompt for a clinician's review, never a decision on coverage.

pub mod assess;
pub mod codes;
pub mod framing;
pub mod guideline;
pub mod intake;
pub mod manifest;
pub mod order;
pub mod rules;
pub mod scan;
pub mod source;
pub mod table;

#[cfg(feature = "table")]
pub mod cli;
#[cfg(feature = "table")]
pub mod console;
#[cfg(feature = "table")]
pub mod exit_code;
#[cfg(feature = "table")]
pub mod report;
#[cfg(feature = "table")]
pub mod run;
#[cfg(feature = "table")]
pub mod summary;
