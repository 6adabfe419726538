//! Reading inputs: from a path to assessed rows in the writers, counted.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;

use super::account::{Account, Written};
use super::audit::Plan;
use super::error::RunError;
use super::inputs::{self, Input, open_input};
use super::settings::Settings;
use super::staging::Staging;
use super::writing::{FINDINGS, REJECTED, TABLE};
use crate::intake::Role;
use crate::manifest;
use crate::report::csv::{FindingsWriter, Rejected, RejectedWriter};
use crate::scan::wave::WaveError;
use crate::scan::{Batch, Export};
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

    fn take(&mut self, file: &str, batch: &Batch) -> Result<(), RunError> {
        self.table.push(&batch.rows).map_err(RunError::report("table"))?;
        self.findings.push(&batch.rows).map_err(RunError::report("list of findings"))?;
        for each in &batch.rejected {
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
        self.account.tally += &batch.tally;
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

/// The bytes of all inputs together, if each is a file.
pub(super) fn total_size(inputs: &[Input]) -> Option<u64> {
    inputs
        .iter()
        .map(|input| input.path.as_ref().and_then(|path| std::fs::metadata(path).ok()).map(|metadata| metadata.len()))
        .sum()
}

/// Reads one input to its end and says what it was.
pub(super) fn scan_input(
    settings: &Settings,
    plan: &Plan,
    input: &Input,
    writers: &mut Writers<'_>,
    layouts: &mut BTreeMap<String, String>,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<manifest::Input, RunError> {
    let unusable = |message: String| RunError::Input { file: input.name.clone(), message };
    let opened = open_input(input, &plan.layouts)?;
    let (watch, receipt) = (opened.watch(), opened.receipt());
    let export = Export::open(opened, &plan.layouts).map_err(|error| unusable(error.to_string()))?;
    layouts.insert(export.layout.id.clone(), export.layout.digest.clone());
    let (layout, dialect) =
        (export.layout.id.clone(), format!("{}, {}", export.dialect_in_words(), receipt.in_words()));
    let seen = |_: &[u8]| progress(receipt.bytes());
    let before = writers.account.tally.records();
    let extent = export
        .scan(&plan.rulebook, plan.as_of, &input.name, settings.pace, seen, |batch| writers.take(&input.name, &batch))
        .map_err(|error| match error {
            WaveError::Take(error) => error,
            WaveError::Read(error) => unusable(error.to_string()),
            WaveError::Threads(error) => RunError::Usage(format!("threads: {error}")),
            WaveError::Unreconciled(..) => RunError::Unreconciled(format!("{}: {error}", input.name)),
        })?;
    if watch.is_some_and(|watch| !inputs::unchanged(&watch)) {
        return Err(RunError::InputChanged(input.name.clone()));
    }
    writers.account.lines = writers.account.lines + extent.lines;
    writers.account.lines_seen += extent.seen;
    Ok(manifest::Input {
        file: input.name.clone(),
        role: (input.role != Role::default()).then(|| input.role.as_str().to_owned()),
        bytes: receipt.bytes(),
        blake3: receipt.blake3(),
        content_blake3: receipt.content_blake3(),
        undecodable: receipt.undecodable(),
        dialect,
        layout,
        records: writers.account.tally.records() - before,
        lines: extent.seen,
    })
}
