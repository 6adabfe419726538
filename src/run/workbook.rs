//! `findings.xlsx`, written beside all else: it takes longest of all reports. Its long lists are begun while the summary is
//! made, which they do not need.

use std::any::Any;
use std::fs::File;
use std::io::{Error, Write};
use std::path::{Path, PathBuf};
use std::thread::Builder;

use chrono::NaiveDate;

use super::error::RunError;
use super::staging::Staging;
use crate::manifest::Manifest;
use crate::report::facts::{Editions, Results};
use crate::report::workbook::{self, Contents, Limits, WorkbookError, Written};
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

/// A workbook whose long lists are written, and what they were made from.
pub(super) struct Begun {
    lists: workbook::Begun,
    worklist: Worklist,
}

/// Writes the long lists in a thread of its own, while `others` is done.
pub(super) fn begin_beside<Others>(
    staging: &Staging,
    editions: &Editions,
    source: &Listed<'_>,
    others: impl FnOnce() -> Result<Others, RunError>,
) -> Result<(Begun, Others), RunError> {
    beside(staging, || begin(staging, editions, source), others)
}

/// Writes the rest of the workbook in a thread of its own, while `others` writes what else there is.
pub(super) fn finish_beside(
    staging: &Staging,
    begun: Begun,
    results: &Results<'_>,
    others: impl FnOnce() -> Result<(), RunError>,
) -> Result<Written, RunError> {
    beside(staging, || finish(staging, begun, results), others).map(|(written, ())| written)
}

/// What `workbook` makes in a thread of its own, and what `others` makes meanwhile. If both fail, the latter's error is told.
fn beside<Made: Send, Others>(
    staging: &Staging,
    workbook: impl FnOnce() -> Result<Made, RunError> + Send,
    others: impl FnOnce() -> Result<Others, RunError>,
) -> Result<(Made, Others), RunError> {
    std::thread::scope(|scope| {
        let beside = Builder::new().spawn_scoped(scope, workbook);
        let others = others();
        let made = match beside {
            Ok(beside) => beside.join().unwrap_or_else(|panic| Err(told(staging, panic))),
            Err(error) => Err(RunError::write(staging.dir.join(WORKBOOK))(error)),
        };
        let others = others?;
        Ok((made?, others))
    })
}

fn begin(staging: &Staging, editions: &Editions, source: &Listed<'_>) -> Result<Begun, RunError> {
    let rejected = source.rejected.map(|rejected| File::open(rejected).map_err(RunError::write(rejected)));
    let worklist = Worklist::open(source.tables, source.as_of).map_err(RunError::report("workbook"))?;
    let contents = Contents {
        worklist: &worklist,
        rejected: rejected.transpose()?,
        folder: &staging.dir,
        limits: Limits::default(),
    };
    let lists = workbook::Begun::of(editions, contents).map_err(failed(staging))?;
    Ok(Begun { lists, worklist })
}

fn finish(staging: &Staging, begun: Begun, results: &Results<'_>) -> Result<Written, RunError> {
    let Begun { lists, worklist } = begun;
    let mut file = staging.file(WORKBOOK)?;
    let written = lists.finish(results, &worklist, &mut file).map_err(failed(staging))?;
    file.flush().map_err(RunError::write(staging.dir.join(WORKBOOK)))?;
    Ok(written)
}

/// The error of the workbook as the run tells it.
fn failed(staging: &Staging) -> impl FnOnce(WorkbookError) -> RunError {
    let path = staging.dir.join(WORKBOOK);
    |error| match error.into_io() {
        Ok(error) => RunError::write(path)(error),
        Err(error) => RunError::report("workbook")(error),
    }
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
