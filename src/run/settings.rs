//! What a run is asked to do, after flags, environment and configuration have been weighed.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::report::pseudonym::PseudonymKey;
use crate::scan::{Pace, Tally};

/// When a published run shall still end with an exit code that a gate can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// An order is flagged.
    Flagged,
    /// An order is flagged or to be reviewed.
    Review,
    /// An order is flagged or to be reviewed for which the run before has no finding.
    New,
}

/// The settings of one run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Paths, globs or `-`, as given.
    pub inputs: Vec<String>,
    /// Layout id or file; recognised from the header if not given.
    pub layout: Option<String>,
    /// Ruleset id or directory, or `in-force` for the edition in force on each service date.
    pub rules: String,
    /// Where run directories go.
    pub out: PathBuf,
    /// Threads and chunk size.
    pub pace: Pace,
    /// Share of rejected records, in percent, above which a run is held.
    pub max_rejected: f64,
    /// The day against which "in the future" is judged; the run's day if not given.
    pub as_of: Option<NaiveDate>,
    /// An earlier run, or its table, against which the reports tell what changed.
    pub previous: Option<String>,
    /// Ends with its own exit code if there are findings.
    pub fail_on: Option<FailOn>,
    /// Audits again although nothing changed.
    pub force: bool,
    /// Group that may read the run directory.
    pub group: Option<String>,
    /// Where the metrics are also written.
    pub metrics_file: Option<PathBuf>,
    /// The site's key: with it, prescribers, sites and patients that a shared page speaks of have pseudonyms.
    pub pseudonyms: Option<PseudonymKey>,
    /// For tests: miscounts on purpose, to show that a run which does not reconcile publishes nothing.
    #[doc(hidden)]
    pub miscount: Option<fn(&mut Tally)>,
}

impl Settings {
    /// The defaults of the contract, for one or more inputs.
    #[must_use]
    pub fn new(inputs: Vec<String>) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            inputs,
            layout: None,
            rules: "aanem-2023".to_owned(),
            out: PathBuf::from("ivig-audit-out"),
            pace: Pace::of(threads),
            max_rejected: 1.0,
            as_of: None,
            previous: None,
            fail_on: None,
            force: false,
            group: None,
            metrics_file: None,
            pseudonyms: None,
            miscount: None,
        }
    }
}
