//! The exit codes that cron sees, and the one match from an error to its code.

use std::process::ExitCode as ProcessExitCode;

use crate::run::RunError;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Done. Findings are the product, not a failure; also when there is nothing new since the last run.
    Done = 0,
    /// Wrong usage.
    Usage = 2,
    /// Ruleset, layout or configuration invalid.
    Invalid = 3,
    /// An input is missing, unreadable, changed while it was read, or fits no layout.
    Input = 4,
    /// The rejected share is above `--max-rejected`; the run is held.
    Held = 5,
    /// The run does not reconcile, or could not be written.
    NotPublished = 6,
    /// Another run holds the lock.
    Locked = 7,
    /// `--fail-on` tripped; the run is published.
    Findings = 8,
    /// A bug.
    Bug = 70,
}

impl From<ExitCode> for ProcessExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}

impl From<&RunError> for ExitCode {
    fn from(error: &RunError) -> Self {
        match error {
            RunError::Usage(_) => Self::Usage,
            RunError::Rules(_) | RunError::Layout(_) | RunError::SiteKey(_) => Self::Invalid,
            RunError::Input { .. } | RunError::InputChanged(_) | RunError::Part(_) => Self::Input,
            RunError::Held { .. } => Self::Held,
            RunError::Unreconciled(_)
            | RunError::Write { .. }
            | RunError::Announce { .. }
            | RunError::MetricsFile { .. }
            | RunError::Report { .. } => Self::NotPublished,
            RunError::Locked(_) => Self::Locked,
        }
    }
}
