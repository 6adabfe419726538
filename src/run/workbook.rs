//! `findings.xlsx`, written beside the page: it takes longest of all reports.

use std::any::Any;
use std::fs::File;
use std::io::{Error, Write};
use std::path::{Path, PathBuf};
use std::thread::Builder;

use chrono::NaiveDate;

use super::error::RunError;
use super::staging::Staging;
use crate::manifest::Manifest;
use crate::report::facts::Results;
use crate::report::workbook::{self, Contents, Limits, Written};
use crate::summary::Summary;
use crate::summary::worklist::Worklist;

pub(super) const WORKBOOK: &str = "findings.xlsx";

/// What stands in the message of a panic that is an error of the system: the writer of sheets has no other way to say
/// that its folder is full.
const SYSTEM_ERROR: &str = "Os { code:";

/// What the workbook is made from, besides the results.
pub(super) struct Listed<'run> {
    /// The table, in one file or several.
    pub tables: &'run [PathBuf],
    /// `rejected.csv`, where it is known which records were rejected.
    pub rejected: Option<&'run Path>,
    /// The day against which days left are counted.
    pub as_of: NaiveDate,
}

/// Writes the workbook in a thread of its own, while `others` writes the rest.
pub(super) fn write_beside(
    staging: &Staging,
    results: &Results<'_>,
    source: &Listed<'_>,
    others: impl FnOnce() -> Result<(), RunError>,
) -> Result<Written, RunError> {
    std::thread::scope(|scope| {
        let beside = Builder::new().spawn_scoped(scope, || write(staging, results, source));
        let others = others();
        let written = match beside {
            Ok(beside) => beside.join().unwrap_or_else(|panic| Err(told(staging, panic))),
            Err(error) => Err(RunError::write(staging.dir.join(WORKBOOK))(error)),
        };
        others.and(written)
    })
}

fn write(staging: &Staging, results: &Results<'_>, source: &Listed<'_>) -> Result<Written, RunError> {
    let path = staging.dir.join(WORKBOOK);
    let rejected = source.rejected.map(|rejected| File::open(rejected).map_err(RunError::write(rejected)));
    let worklist = Worklist::open(source.tables, source.as_of).map_err(RunError::report("workbook"))?;
    let mut file = staging.file(WORKBOOK)?;
    let contents = Contents {
        worklist: &worklist,
        rejected: rejected.transpose()?,
        folder: &staging.dir,
        limits: Limits::default(),
    };
    let written = workbook::write(results, contents, &mut file).map_err(|error| match error.into_io() {
        Ok(error) => RunError::write(&path)(error),
        Err(error) => RunError::report("workbook")(error),
    })?;
    file.flush().map_err(RunError::write(&path))?;
    Ok(written)
}

/// What a panic says if it is an error of the system.
fn system_error(panic: &(dyn Any + Send)) -> Option<&str> {
    let text = panic.downcast_ref::<String>()?;
    text.contains(SYSTEM_ERROR).then_some(text)
}

/// Whether a panic only says that the system would not write. The run tells it as any other such error.
#[must_use]
pub fn is_write_failure(panic: &(dyn Any + Send)) -> bool {
    system_error(panic).is_some()
}

/// The panic as the error that it is; a bug goes on as a panic.
fn told(staging: &Staging, panic: Box<dyn Any + Send>) -> RunError {
    match system_error(panic.as_ref()) {
        Some(text) => RunError::write(staging.dir.join(WORKBOOK))(Error::other(text.to_owned())),
        None => std::panic::resume_unwind(panic),
    }
}

/// Holds the workbook against the table, from which everything else was made.
pub(super) fn reconcile(manifest: &mut Manifest, summary: &Summary, written: Written) -> Result<(), RunError> {
    let findings = summary.orders_flagged("flagged") + summary.orders_flagged("review");
    let sums = &mut manifest.reconciliation;
    sums.require("every finding is in the worklist", ("table", findings), (WORKBOOK, written.findings));
    let rejected = manifest.counts.rejections_listed();
    sums.require("every rejection is in the workbook", ("scan", rejected), (WORKBOOK, written.rejected));
    match sums.broken().next() {
        Some(equation) => Err(RunError::Unreconciled(equation.name.clone())),
        None => Ok(()),
    }
}
