//! Why a run ended without publishing.

use std::path::PathBuf;

use crate::intake::LayoutError;
use crate::rules::RulesError;
use crate::table::parquet::TableError;

/// Why a run ended without publishing. Messages name files, lines and columns, never a record's value.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The ruleset is not valid.
    #[error("the ruleset cannot be used\n{0}")]
    Rules(#[from] RulesError),
    /// The layout is not valid.
    #[error("the layout cannot be used\n{0}")]
    Layout(#[from] LayoutError),
    /// The key for pseudonyms is not valid.
    #[error("--pseudonym-key: {0}")]
    SiteKey(String),
    /// The arguments contradict each other.
    #[error("{0}")]
    Usage(String),
    /// An input is missing, unreadable or fits no layout.
    #[error("{file}: {message}")]
    Input {
        /// The file as given.
        file: String,
        /// What is wrong and what would be accepted.
        message: String,
    },
    /// An input changed while it was read.
    #[error("{0}: the file changed while it was read; nothing is published. Run again when it is complete")]
    InputChanged(String),
    /// Too many records could not be read.
    #[error(
        "{rejected} of {read} {what} were rejected, which is more than --max-rejected {limit} %; the run is held in {held} and `latest` has not moved. \
         Its rejected.csv says which records and why"
    )]
    Held {
        /// Records of what.
        what: String,
        /// Rejected records.
        rejected: u64,
        /// Records read.
        read: u64,
        /// The limit in percent.
        limit: f64,
        /// The held run directory.
        held: PathBuf,
    },
    /// The sums do not hold.
    #[error("the run does not reconcile; nothing is published: {0}")]
    Unreconciled(String),
    /// Something could not be written.
    #[error("{path}: {error}; nothing is published")]
    Write {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The run is in place, but the ledger or `latest` does not say so.
    #[error("the run is whole in {run}, but the ledger or `latest` could not be brought up to date: {error}")]
    Announce {
        /// The run directory.
        run: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The run is published, its metrics are not where the collector reads them.
    #[error("{path}: {error}; the run is published, the metrics are only in its directory")]
    MetricsFile {
        /// Where they should have been written.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A stored table is no table of assessments, or of another version.
    #[error("{0}")]
    Part(#[from] TableError),
    /// A report could not be made.
    #[error("the {what} could not be made: {message}; nothing is published")]
    Report {
        /// Which one.
        what: &'static str,
        /// What went wrong.
        message: String,
    },
    /// Another run is under way.
    #[error("another run holds the lock {0}; nothing is done")]
    Locked(PathBuf),
}

impl RunError {
    pub(super) fn write(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |error| Self::Write { path, error }
    }

    pub(super) fn report<E: std::fmt::Display>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Report { what, message: error.to_string() }
    }
}
