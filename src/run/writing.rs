//! Writing the reports of a run, sealing its files, and publishing it.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::appendix::exclusions;
use super::audit::{Outcome, Plan};
use super::comparison::since;
use super::error::RunError;
use super::publish;
use super::settings::{FailOn, Settings};
use super::staging::Staging;
use super::stored::Stored;
use super::workbook::{self, Begun, WORKBOOK};
use crate::manifest::{Counts, Manifest};
use crate::report::disclosure::Audience;
use crate::report::facts::{Editions, Previous, Results};
use crate::report::{catalogue, html, json, metrics};
use crate::scan::CONTROL_RECORD;
use crate::summary::Summary;

pub(super) const TABLE: &str = "assessments.parquet";
pub(super) const FINDINGS: &str = "findings.csv";
pub(super) const REJECTED: &str = "rejected.csv";
pub(super) const SUMMARY: &str = "summary.json";
pub(super) const REPORT: &str = "report.html";
const METRICS: &str = "metrics.prom";
pub(super) const MANIFEST: &str = "manifest.json";

/// How few rejected records never hold a run.
const REJECTED_ALWAYS_FINE: u64 = 9;

/// Makes every report from the same results, seals the files and publishes the run.
pub(super) fn write_and_publish(
    settings: &Settings,
    plan: &Plan,
    staging: &Staging,
    editions: &Editions,
    begun: Begun,
    summary: &Summary,
    mut manifest: Manifest,
) -> Result<Outcome, RunError> {
    let exclusions = exclusions();
    let changed = |earlier: &Option<Stored>| {
        let earlier = earlier.as_ref()?;
        Some(since(earlier, &[staging.dir.join(TABLE)], &manifest.rulesets, &manifest.program))
    };
    let changes = changed(&plan.previous).transpose()?;
    let before = changed(&plan.before).transpose()?;
    let previous = plan.previous.as_ref().map(Stored::content).zip(changes.as_ref());
    let previous = previous.map(|(digest, changes)| Previous { digest, changes });
    let results = Results {
        summary,
        counts: &manifest.counts,
        records_known: true,
        inputs: &manifest.inputs,
        ruleset: &manifest.ruleset,
        program: &manifest.program,
        content_digest: &manifest.content_digest,
        exclusions: &exclusions,
        editions,
        previous,
        notes: &[],
    };
    let written = workbook::finish_beside(staging, begun, &results, || {
        let told = catalogue::disclosed(Audience::Committee, &results);
        staging.write(REPORT, &html::render(&results, &told).map_err(RunError::report("page"))?)?;
        staging.write(SUMMARY, &json::render(&results, &told).map_err(RunError::report("summary"))?)
    })?;
    workbook::reconcile(&mut manifest, summary, written)?;
    let finished = DateTime::<Utc>::from(std::time::SystemTime::now());
    let metrics = metrics_text(plan, &manifest, finished);
    staging.write(METRICS, &metrics)?;
    manifest.finished = finished.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    for name in [TABLE, FINDINGS, WORKBOOK, REJECTED, SUMMARY, REPORT, METRICS] {
        manifest.outputs.push(staging.seal(name)?);
    }
    staging.write(MANIFEST, &manifest.to_json().map_err(RunError::report("manifest"))?)?;
    staging.seal(MANIFEST)?;

    let over = over_limit(settings, &manifest.counts);
    let dir = publish::publish(staging, &settings.out, &manifest, over.is_some())?;
    if let Some((what, rejected, read)) = over {
        return Err(RunError::Held { what, rejected, read, limit: settings.max_rejected, held: dir });
    }
    write_metrics_file(settings, &metrics)?;
    let compared = [(&plan.previous, &changes), (&plan.before, &before)];
    let new_findings = compared
        .into_iter()
        .find_map(|(earlier, changes)| Some((changes.as_ref()?.new_findings(), earlier.as_ref()?.name.clone())));
    let tripped = trips(settings, &manifest.counts, new_findings.as_ref().map(|(new, _)| *new));
    let duplicates = summary.duplicates.clone();
    Ok(Outcome::Published { dir, counts: manifest.counts, inputs: manifest.inputs, duplicates, new_findings, tripped })
}

/// The lines, or the companion, of which too many records were rejected. Each is judged by itself: a thousand good
/// diagnoses do not make up for a damaged file of patients.
fn over_limit(settings: &Settings, counts: &Counts) -> Option<(String, u64, u64)> {
    #[expect(clippy::cast_precision_loss, reason = "a share is compared with a limit in percent")]
    let is_over = |(_, rejected, read): &(String, u64, u64)| {
        *rejected > REJECTED_ALWAYS_FINE && *rejected as f64 > settings.max_rejected / 100.0 * *read as f64
    };
    let companions = counts.companions.iter().filter(|(_, companion)| !companion.again);
    let companions = companions
        .map(|(role, companion)| (format!("records of {role}"), damaged(&companion.rejected), companion.records));
    let lines = ("records".to_owned(), damaged(&counts.records.rejected), counts.records.read);
    std::iter::once(lines).chain(companions).find(is_over)
}

/// Rejected records without header and trailer records, which are rejected by the layout's own word: they say nothing of
/// the export's quality.
fn damaged(rejected: &BTreeMap<String, u64>) -> u64 {
    rejected.iter().filter(|(reason, _)| *reason != CONTROL_RECORD).map(|(_, records)| records).sum()
}

/// Whether `--fail-on` finds what it looks for. With no earlier run, every finding is new.
pub(super) fn trips(settings: &Settings, counts: &Counts, new_findings: Option<u64>) -> bool {
    let orders = |flag: &str| counts.orders.by_flag.get(flag).copied().unwrap_or(0);
    match settings.fail_on {
        None => false,
        Some(FailOn::Flagged) => orders("flagged") > 0,
        Some(FailOn::Review) => orders("flagged") + orders("review") > 0,
        Some(FailOn::New) => new_findings.unwrap_or(orders("flagged") + orders("review")) > 0,
    }
}

fn metrics_text(plan: &Plan, manifest: &Manifest, finished: DateTime<Utc>) -> String {
    metrics::render(&metrics::Metrics {
        counts: &manifest.counts,
        ruleset: &manifest.ruleset,
        program: &manifest.program,
        finished: finished.timestamp().unsigned_abs(),
        milliseconds: u64::try_from(plan.clock.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

/// When nothing is new, the collector is still told that the job ran: with the counts of the run that stands.
pub(super) fn metrics_again(settings: &Settings, plan: &Plan, manifest: &Manifest) -> Result<(), RunError> {
    write_metrics_file(settings, &metrics_text(plan, manifest, DateTime::<Utc>::from(std::time::SystemTime::now())))
}

fn write_metrics_file(settings: &Settings, text: &str) -> Result<(), RunError> {
    let Some(path) = &settings.metrics_file else { return Ok(()) };
    write_beside(path, text.as_bytes(), 0o666).map_err(|error| RunError::MetricsFile { path: path.clone(), error })
}

/// Writes a file that somebody may read at any time, whole or not at all. The mode is what the umask leaves of it.
pub(super) fn write_beside(path: &Path, text: &[u8], mode: u32) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    let partial = path.with_file_name(name);
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&partial)?;
    file.write_all(text)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)
}
