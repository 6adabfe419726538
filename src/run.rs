//! The nightly job: read exports, assess, summarise, reconcile, publish. All or nothing.
//!
//! Everything is written into a staging directory that no reader looks at. Only when the sums hold, on the
//! files as they were written and read again, is the directory renamed to its run id and `latest` moved.
//! The clock is read here and nowhere below.

mod account;
mod again;
mod appendix;
mod audit;
mod comparison;
mod content;
mod course;
mod error;
mod few;
mod inputs;
mod joining;
mod ledger;
mod listed;
mod lock;
mod open;
mod publish;
mod reading;
mod ready;
mod settings;
mod site_key;
mod staging;
mod stored;
mod workbook;
mod writing;

pub use again::{ReportSettings, Reported, report};
pub use appendix::appendix;
pub use audit::{Outcome, audit};
pub use comparison::{Comparison, compare};
pub use error::RunError;
pub use few::{beside, find};
pub use inputs::{Input, Watch, open_input, resolve};
pub use open::{OpenedCompanion, OpenedExport, open_export};
pub use settings::{FailOn, Settings};
pub use site_key::read_site_key;
pub use workbook::is_write_failure;

/// The civil day in UTC: the one reading of the clock that other commands share.
#[must_use]
pub fn today() -> chrono::NaiveDate {
    chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).date_naive()
}
