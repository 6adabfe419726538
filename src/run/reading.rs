//! Reading inputs: from a path to assessed rows in the writers, counted.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;

use super::account::{Account, Written};
use super::audit::Plan;
use super::error::RunError;
use super::inputs::{Input, OpenInput, Watch, open_input};
use super::ready::Ready;
use super::settings::Settings;
use super::staging::Staging;
use super::writing::{FINDINGS, REJECTED, TABLE};
use crate::intake::Role;
use crate::intake::join::choose::{how_to_give, needed};
use crate::manifest;
use crate::report::csv::{FindingsWriter, Rejected, RejectedWriter};
use crate::scan::wave::WaveError;
use crate::scan::{Export, Gathered, RejectedRecord, Tally};
use crate::table::parquet::ParquetAppender;

/// The writers that rows go through as they are made.
pub(super) struct Writers<'a> {
    table: ParquetAppender<BufWriter<File>>,
    findings: FindingsWriter<BufWriter<File>>,
    rejected: RejectedWriter<BufWriter<File>>,
    rejected_lines: u64,
    account: &'a mut Account,
}

impl<'a> Writers<'a> {
    pub fn open(staging: &Staging, account: &'a mut Account) -> Result<Self, RunError> {
        Ok(Self {
            table: ParquetAppender::new(staging.file(TABLE)?).map_err(RunError::report("table"))?,
            findings: FindingsWriter::new(staging.file(FINDINGS)?).map_err(RunError::report("list of findings"))?,
            rejected: RejectedWriter::new(staging.file(REJECTED)?).map_err(RunError::report("list of rejections"))?,
            rejected_lines: 0,
            account,
        })
    }

    /// What has been counted.
    pub fn account(&mut self) -> &mut Account {
        self.account
    }

    /// Takes what a chunk gave.
    pub fn take(&mut self, file: &str, chunk: Gathered<Ready>) -> Result<(), RunError> {
        let Gathered { rows: Ready { columns, findings }, rejected, tally, .. } = chunk;
        self.table.append(&columns).map_err(RunError::report("table"))?;
        self.findings.append(&findings).map_err(RunError::report("list of findings"))?;
        self.count(file, &rejected, &tally)
    }

    /// Takes what is known of records without an order.
    pub fn count(&mut self, file: &str, rejected: &[RejectedRecord], tally: &Tally) -> Result<(), RunError> {
        self.reject(file, rejected)?;
        self.account.tally += tally;
        Ok(())
    }

    /// Lists rejected records; whoever counted them knows of what file.
    pub fn reject(&mut self, file: &str, rejected: &[RejectedRecord]) -> Result<(), RunError> {
        for each in rejected {
            let rejected = Rejected {
                file,
                record: each.place.record,
                line: each.place.line,
                offset: each.place.offset,
                reason: each.reason,
                column: each.column.as_deref(),
            };
            self.rejected_lines += each.lines;
            self.rejected.push(&rejected).map_err(RunError::report("list of rejections"))?;
        }
        Ok(())
    }

    pub fn finish(self) -> Result<Written, RunError> {
        Ok(Written {
            table_rows: self.table.finish().map_err(RunError::report("table"))?,
            findings: self.findings.finish().map_err(RunError::report("list of findings"))?,
            rejected: self.rejected.finish().map_err(RunError::report("list of rejections"))?,
            rejected_lines: self.rejected_lines,
        })
    }
}

/// What the manifest says of a file that was read to its end.
pub(super) struct ReadFile<'a> {
    pub name: &'a str,
    pub role: Role,
    /// Delimiter and quoting, in words.
    pub dialect: &'a str,
    pub layout: &'a str,
    pub records: u64,
    pub lines: u64,
}

impl ReadFile<'_> {
    /// # Errors
    /// [`RunError::InputChanged`] if the file is not what it was when it was opened.
    pub fn entry(self, watch: &Watch) -> Result<manifest::Input, RunError> {
        if !watch.unchanged() {
            return Err(RunError::InputChanged(self.name.to_owned()));
        }
        let receipt = &watch.receipt;
        Ok(manifest::Input {
            file: self.name.to_owned(),
            role: (self.role != Role::default()).then(|| self.role.as_str().to_owned()),
            bytes: receipt.bytes(),
            blake3: receipt.blake3(),
            content_blake3: receipt.content_blake3(),
            undecodable: receipt.undecodable(),
            dialect: format!("{}, {}", self.dialect, receipt.in_words()),
            layout: self.layout.to_owned(),
            records: self.records,
            lines: self.lines,
        })
    }
}

/// Why reading of a file ended early.
pub(super) fn read_error(file: &str, error: WaveError<RunError>) -> RunError {
    match error {
        WaveError::Take(error) => error,
        WaveError::Changed => RunError::InputChanged(file.to_owned()),
        WaveError::Read(error) => RunError::Input { file: file.to_owned(), message: error.to_string() },
        WaveError::Threads(error) => RunError::Usage(format!("threads: {error}")),
        WaveError::Unreconciled(..) => RunError::Unreconciled(format!("{file}: {error}")),
    }
}

/// The bytes of all inputs together, if each is a file.
pub(super) fn total_size(inputs: &[Input]) -> Option<u64> {
    inputs
        .iter()
        .map(|input| input.path.as_ref().and_then(|path| std::fs::metadata(path).ok()).map(|metadata| metadata.len()))
        .sum()
}

/// Reads one input to its end and says what it was. The `first` of all is open already.
pub(super) fn scan_input(
    settings: &Settings,
    plan: &Plan,
    input: &Input,
    first: Option<(Export<OpenInput>, Watch)>,
    writers: &mut Writers<'_>,
    layouts: &mut BTreeMap<String, String>,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<manifest::Input, RunError> {
    let unusable = |message: String| RunError::Input { file: input.name.clone(), message };
    let (export, watch) = if let Some(first) = first {
        first
    } else {
        let opened = open_input(input, &plan.layouts)?;
        let (watch, access) = (opened.watch(), opened.access());
        let export = Export::open(opened, &plan.layouts).map_err(|error| unusable(error.to_string()))?;
        (export.with_access(access), watch)
    };
    if let Some(companion) = needed(&export.layout, &[]) {
        return Err(unusable(how_to_give(&export.layout, companion)));
    }
    if export.layout.companions.iter().any(|companion| companion.again) {
        let id = &export.layout.id;
        return Err(unusable(format!(
            "layout `{id}` reads all lines together; audit files of other layouts in another run"
        )));
    }
    layouts.insert(export.layout.id.clone(), export.layout.digest.clone());
    let (layout, dialect) = (export.layout.id.clone(), export.dialect_in_words());
    let receipt = watch.receipt.clone();
    let before = writers.account.tally.records();
    let extent = export
        .scan(
            &plan.rulebook,
            plan.as_of,
            &input.name,
            settings.pace,
            |_| progress(receipt.bytes()),
            |chunk| writers.take(&input.name, chunk),
        )
        .map_err(|error| read_error(&input.name, error))?;
    writers.account.lines = writers.account.lines + extent.lines;
    writers.account.lines_seen += extent.seen;
    let records = writers.account.tally.records() - before;
    ReadFile { name: &input.name, role: input.role, dialect: &dialect, layout: &layout, records, lines: extent.seen }
        .entry(&watch)
}
