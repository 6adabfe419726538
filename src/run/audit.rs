//! The main job, step by step.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};

use super::account::{Account, Written};
use super::error::RunError;
use super::inputs::{self, Input, open_input, resolve};
use super::lock::Lock;
use super::settings::{FailOn, Settings};
use super::staging::{self, Mode, Staging};
use super::{appendix, publish};
use crate::intake::Layout;
use crate::manifest::{self, Manifest, Program};
use crate::report::csv::{FindingsWriter, Rejected, RejectedWriter};
use crate::report::facts::Results;
use crate::report::{html, json, metrics};
use crate::rules::Ruleset;
use crate::scan::{Batch, Export};
use crate::summary::{Summary, summarise};
use crate::table::parquet::ParquetAppender;

const TABLE: &str = "assessments.parquet";
const FINDINGS: &str = "findings.csv";
const REJECTED: &str = "rejected.csv";
const SUMMARY: &str = "summary.json";
const REPORT: &str = "report.html";
const METRICS: &str = "metrics.prom";
const MANIFEST: &str = "manifest.json";

/// How few rejected records never hold a run.
const REJECTED_ALWAYS_FINE: u64 = 9;

/// How a run ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Published.
    Published {
        /// The run directory.
        dir: PathBuf,
        /// What was counted.
        counts: manifest::Counts,
        /// Whether `--fail-on` asks for its exit code.
        tripped: bool,
    },
    /// The same inputs, rules and program as the newest published run.
    Unchanged {
        /// That run's directory.
        dir: PathBuf,
    },
}

/// What the reader of progress is told: bytes read so far and, where known, bytes in all.
pub type Progress<'a> = &'a mut (dyn FnMut(u64, Option<u64>) + Send);

/// Everything that is opened before the first record is read.
struct Plan {
    ruleset: Ruleset,
    layouts: Vec<Layout>,
    inputs: Vec<Input>,
    as_of: NaiveDate,
    started: DateTime<Utc>,
    clock: Instant,
}

/// Runs the audit.
///
/// # Errors
/// [`RunError`] says why nothing was published, or that the run is held.
pub fn audit(settings: &Settings, progress: Progress<'_>) -> Result<Outcome, RunError> {
    let started = DateTime::<Utc>::from(std::time::SystemTime::now());
    let plan = Plan {
        ruleset: Ruleset::open(&settings.rules)?,
        layouts: match &settings.layout {
            Some(layout) => vec![Layout::open(layout)?],
            None => Layout::builtin()?,
        },
        inputs: resolve(&settings.inputs)?,
        as_of: settings.as_of.unwrap_or_else(|| started.date_naive()),
        started,
        clock: Instant::now(),
    };
    let mode = Mode { group: settings.group.as_deref().map(group_id).transpose()? };
    staging::create_out(&settings.out, mode)?;
    let lock = Lock::take(&settings.out)?;
    staging::sweep(&settings.out)?;
    let stamp = started.format("%Y%m%dT%H%M%SZ").to_string();
    let staging = Staging::create(&settings.out, &stamp, mode)?;
    let outcome = scan_and_publish(settings, &plan, &staging, &stamp, progress);
    if !matches!(outcome, Ok(Outcome::Published { .. }) | Err(RunError::Held { .. })) {
        staging.discard()?;
    }
    drop(lock);
    outcome
}

fn group_id(name: &str) -> Result<u32, RunError> {
    match nix::unistd::Group::from_name(name) {
        Ok(Some(group)) => Ok(group.gid.as_raw()),
        Ok(None) => Err(RunError::Usage(format!("--group {name}: there is no such group"))),
        Err(error) => Err(RunError::Usage(format!("--group {name}: {error}"))),
    }
}

/// The writers that rows go through as they are made.
struct Writers<'a> {
    table: ParquetAppender<BufWriter<File>>,
    findings: FindingsWriter<BufWriter<File>>,
    rejected: RejectedWriter<BufWriter<File>>,
    rejected_lines: u64,
    account: &'a mut Account,
}

impl<'a> Writers<'a> {
    fn open(staging: &Staging, account: &'a mut Account) -> Result<Self, RunError> {
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

    fn finish(self) -> Result<Written, RunError> {
        Ok(Written {
            table_rows: self.table.finish().map_err(RunError::report("table"))?,
            findings: self.findings.finish().map_err(RunError::report("list of findings"))?,
            rejected: self.rejected.finish().map_err(RunError::report("list of rejections"))?,
            rejected_lines: self.rejected_lines,
        })
    }
}

fn scan_and_publish(
    settings: &Settings,
    plan: &Plan,
    staging: &Staging,
    stamp: &str,
    progress: Progress<'_>,
) -> Result<Outcome, RunError> {
    let mut account = Account::default();
    let mut writers = Writers::open(staging, &mut account)?;
    let mut read = Vec::new();
    let mut layouts = BTreeMap::new();
    let total = total_size(&plan.inputs);
    let mut done = 0;
    for input in &plan.inputs {
        read.push(scan_input(settings, plan, input, &mut writers, &mut layouts, &mut |bytes| {
            progress(done + bytes, total)
        })?);
        done += read.last().map_or(0, |input| input.bytes);
    }
    let written = writers.finish()?;
    if let Some(miscount) = settings.miscount {
        miscount(&mut account.tally);
    }
    let digest = content_digest(settings, &plan.ruleset, &layouts, &read);
    if let Some((dir, _)) =
        publish::latest_digest(&settings.out).filter(|(_, latest)| !settings.force && *latest == digest)
    {
        return Ok(Outcome::Unchanged { dir });
    }
    let counts = account.counts();
    let summary = summarise(&staging.dir.join(TABLE)).map_err(|error| RunError::Unreconciled(error.to_string()))?;
    let reconciliation = account.reconcile(&counts, &summary, written);
    if !reconciliation.holds {
        let broken: Vec<String> = reconciliation.broken().map(|equation| equation.name.clone()).collect();
        return Err(RunError::Unreconciled(broken.join("; ")));
    }
    let manifest = Manifest {
        schema_version: manifest::SCHEMA_VERSION,
        run_id: format!("{stamp}-{}", &digest[..8]),
        content_digest: digest,
        started: plan.started.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        finished: String::new(),
        program: Program { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        inputs: read,
        ruleset: manifest::Ruleset {
            id: plan.ruleset.info.id.clone(),
            version: plan.ruleset.info.version.clone(),
            digest: plan.ruleset.info.digest.clone(),
        },
        layouts: layouts.into_iter().map(|(id, digest)| manifest::Layout { id, digest }).collect(),
        options: options(settings),
        counts,
        outputs: Vec::new(),
        reconciliation,
    };
    write_and_publish(settings, plan, staging, &summary, manifest)
}

fn total_size(inputs: &[Input]) -> Option<u64> {
    inputs
        .iter()
        .map(|input| input.path.as_ref().and_then(|path| std::fs::metadata(path).ok()).map(|metadata| metadata.len()))
        .sum()
}

/// Reads one input to its end and says what it was.
fn scan_input(
    settings: &Settings,
    plan: &Plan,
    input: &Input,
    writers: &mut Writers<'_>,
    layouts: &mut BTreeMap<String, String>,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<manifest::Input, RunError> {
    use crate::scan::wave::WaveError;
    let unusable = |message: String| RunError::Input { file: input.name.clone(), message };
    let opened = open_input(input)?;
    let watch = opened.watch();
    let export = Export::open(opened, &plan.layouts).map_err(|error| unusable(error.to_string()))?;
    layouts.insert(export.layout.id.clone(), export.layout.digest.clone());
    let (layout, dialect) = (export.layout.id.clone(), export.dialect_in_words());
    let mut hasher = blake3::Hasher::new();
    let mut bytes = 0;
    let seen = |part: &[u8]| {
        hasher.update(part);
        bytes += part.len() as u64;
        progress(bytes);
    };
    let before = writers.account.tally.records();
    let extent = export
        .scan(&plan.ruleset, plan.as_of, &input.name, settings.pace, seen, |batch| writers.take(&input.name, &batch))
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
        role: None,
        bytes,
        blake3: hasher.finalize().to_hex().to_string(),
        dialect,
        layout,
        records: writers.account.tally.records() - before,
        lines: extent.seen,
    })
}

/// What decides the content of a run, and nothing else: no clock, no path of the output, no thread count.
fn content_digest(
    settings: &Settings,
    ruleset: &Ruleset,
    layouts: &BTreeMap<String, String>,
    inputs: &[manifest::Input],
) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    part(env!("CARGO_PKG_VERSION"));
    part(&ruleset.info.name());
    part(&ruleset.info.digest);
    for (id, digest) in layouts {
        part(id);
        part(digest);
    }
    for (name, value) in options(settings) {
        part(&name);
        part(&value);
    }
    for input in inputs {
        part(&input.file);
        part(&input.blake3);
    }
    hasher.finalize().to_hex().to_string()
}

/// The options that shape what a run says.
fn options(settings: &Settings) -> BTreeMap<String, String> {
    let mut options = BTreeMap::from([("max-rejected".to_owned(), settings.max_rejected.to_string())]);
    if let Some(as_of) = settings.as_of {
        options.insert("as-of".to_owned(), as_of.to_string());
    }
    options
}

fn write_and_publish(
    settings: &Settings,
    plan: &Plan,
    staging: &Staging,
    summary: &Summary,
    mut manifest: Manifest,
) -> Result<Outcome, RunError> {
    let appendix = appendix::appendix(&plan.ruleset);
    let exclusions = appendix::exclusions();
    let results = Results {
        summary,
        counts: &manifest.counts,
        inputs: &manifest.inputs,
        ruleset: &manifest.ruleset,
        program: &manifest.program,
        content_digest: &manifest.content_digest,
        exclusions: &exclusions,
        appendix: &appendix,
    };
    staging.write(REPORT, &html::render(&results).map_err(RunError::report("page"))?)?;
    staging.write(SUMMARY, &json::render(&results).map_err(RunError::report("summary"))?)?;
    let finished = DateTime::<Utc>::from(std::time::SystemTime::now());
    let metrics = metrics::render(&metrics::Metrics {
        counts: &manifest.counts,
        ruleset: &manifest.ruleset,
        program: &manifest.program,
        finished: finished.timestamp().unsigned_abs(),
        milliseconds: u64::try_from(plan.clock.elapsed().as_millis()).unwrap_or(u64::MAX),
    });
    staging.write(METRICS, &metrics)?;
    manifest.finished = finished.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    for name in [TABLE, FINDINGS, REJECTED, SUMMARY, REPORT, METRICS] {
        manifest.outputs.push(staging.seal(name)?);
    }
    staging.write(MANIFEST, &manifest.to_json().map_err(RunError::report("manifest"))?)?;
    staging.seal(MANIFEST)?;

    let (rejected, read) = (manifest.counts.records.rejected_total(), manifest.counts.records.read);
    let held = rejected > REJECTED_ALWAYS_FINE && rejected as f64 > settings.max_rejected / 100.0 * read as f64;
    let name = if held { format!("{}.held", manifest.run_id) } else { manifest.run_id.clone() };
    let dir = publish::publish(staging, &settings.out, &name, held)?;
    if held {
        return Err(RunError::Held { rejected, read, limit: settings.max_rejected, held: dir });
    }
    if let Some(path) = &settings.metrics_file {
        write_beside(path, &metrics)?;
    }
    let tripped = match settings.fail_on {
        None => false,
        Some(FailOn::Flagged) => summary.orders_flagged("flagged") > 0,
        Some(FailOn::Review) => summary.orders_flagged("flagged") + summary.orders_flagged("review") > 0,
    };
    Ok(Outcome::Published { dir, counts: manifest.counts, tripped })
}

/// Writes the metrics where a collector reads them, whole or not at all.
fn write_beside(path: &Path, text: &str) -> Result<(), RunError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    let partial = path.with_file_name(name);
    let write = || {
        let mut file = File::create(&partial)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&partial, path)
    };
    write().map_err(RunError::write(path))
}
