//! The main job, step by step.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};

use super::account::Account;
use super::appendix::editions;
use super::content;
use super::course::course_rules;
use super::error::RunError;
use super::inputs::{Input, resolve};
use super::joining::scan_joined;
use super::listed::listed_codes;
use super::lock::Lock;
use super::open::open_export;
use super::publish;
use super::reading::{Writers, scan_input, total_size};
use super::settings::{FailOn, Settings};
use super::staging::{self, Mode, Staging};
use super::stored::Stored;
use super::workbook::{Begun, Listed, begin_beside};
use super::writing::{self, REJECTED, TABLE, write_and_publish};
use crate::intake::Layout;
use crate::manifest::{self, Manifest, Program};
use crate::report::facts::Editions;
use crate::rules::{Rulebook, Ruleset};
use crate::summary::{Duplicates, Limits, Summary, summarise_all};

/// How a run ended.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one of it in a run")]
pub enum Outcome {
    /// Published.
    Published {
        /// The run directory.
        dir: PathBuf,
        /// What was counted.
        counts: manifest::Counts,
        /// What was read.
        inputs: Vec<manifest::Input>,
        /// The orders that repeat another one.
        duplicates: Duplicates,
        /// How many findings an earlier run has not, and which run that is, if one was looked at.
        new_findings: Option<(u64, String)>,
        /// Whether `--fail-on` asks for its exit code.
        tripped: bool,
    },
    /// The same inputs, rules and program as the newest published run.
    Unchanged {
        /// That run's directory.
        dir: PathBuf,
        /// Whether `--fail-on` asks for its exit code.
        tripped: bool,
    },
}

/// What the reader of progress is told: bytes read so far and, where known, bytes in all.
pub type Progress<'a> = &'a mut (dyn FnMut(u64, Option<u64>) + Send);

/// Everything that is opened before the first record is read.
pub(super) struct Plan {
    pub rulebook: Rulebook,
    pub layouts: Vec<Layout>,
    pub inputs: Vec<Input>,
    /// The run that the reports are compared with.
    pub previous: Option<Stored>,
    /// The run against which `--fail-on new` looks for findings.
    pub before: Option<Stored>,
    pub as_of: NaiveDate,
    pub started: DateTime<Utc>,
    pub clock: Instant,
}

/// Runs the audit.
///
/// # Errors
/// [`RunError`] says why nothing was published, or that the run is held.
pub fn audit(settings: &Settings, progress: Progress<'_>) -> Result<Outcome, RunError> {
    let clock = Instant::now();
    let program = Builder::new().spawn(own_digest).ok();
    let (rulebook, layouts) = rules_and_layouts(settings)?;
    let inputs = resolve(&settings.inputs)?;
    let mode = Mode { group: settings.group.as_deref().map(group_id).transpose()? };
    staging::create_out(&settings.out, mode)?;
    let lock = Lock::take(&settings.out)?;
    staging::sweep(&settings.out)?;
    let previous = settings.previous.as_deref().map(Stored::open).transpose()?;
    let before = run_before(settings)?;
    let started = unused_second(&settings.out)?;
    let as_of = settings.as_of.unwrap_or_else(|| started.date_naive());
    let plan = Plan { rulebook, layouts, inputs, previous, before, as_of, started, clock };
    let stamp = stamp(started);
    let staging = Staging::create(&settings.out, &stamp, mode)?;
    let outcome = scan_and_publish(settings, &plan, &staging, &stamp, program, progress);
    // What cannot be removed now is swept by the next run; it must not hide why this one ended.
    let _ = staging.discard();
    drop(lock);
    outcome
}

/// The newest published run, where new findings are asked for and no other run is named. It is the one before the lock is
/// given back, and a held run never is: what it found is new again when it is published.
fn run_before(settings: &Settings) -> Result<Option<Stored>, RunError> {
    if settings.fail_on != Some(FailOn::New) || settings.previous.is_some() {
        return Ok(None);
    }
    publish::latest(&settings.out).map(|(dir, _)| Stored::open(&dir.display().to_string())).transpose()
}

/// Compiles the rules and reads the layouts, one beside the other: most runs are small, and these are most of their time.
fn rules_and_layouts(settings: &Settings) -> Result<(Rulebook, Vec<Layout>), RunError> {
    let layouts = || match &settings.layout {
        Some(layout) => Ok(vec![Layout::open(layout)?]),
        None => Layout::builtin(),
    };
    let (rulebook, layouts) = std::thread::scope(|scope| {
        // Where no thread can be had, one after the other does as well.
        let beside = Builder::new().spawn_scoped(scope, layouts);
        let rulebook = Rulebook::open_to_compare(&settings.rules);
        let layouts = match beside {
            Ok(beside) => beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => layouts(),
        };
        (rulebook, layouts)
    });
    Ok((rulebook?, layouts?))
}

fn stamp(time: DateTime<Utc>) -> String {
    time.format("%Y%m%dT%H%M%SZ").to_string()
}

/// The present time, once no run of this second is there: run ids sort by time, so two runs share no second.
fn unused_second(out: &Path) -> Result<DateTime<Utc>, RunError> {
    loop {
        let now = DateTime::<Utc>::from(std::time::SystemTime::now());
        let stamp = stamp(now);
        let taken = std::fs::read_dir(out)
            .map_err(RunError::write(out))?
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with(&stamp));
        if !taken {
            return Ok(now);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub(super) fn group_id(name: &str) -> Result<u32, RunError> {
    match nix::unistd::Group::from_name(name) {
        Ok(Some(group)) => Ok(group.gid.as_raw()),
        Ok(None) => Err(RunError::Usage(format!("--group {name}: there is no such group"))),
        Err(error) => Err(RunError::Usage(format!("--group {name}: {error}"))),
    }
}

fn scan_and_publish(
    settings: &Settings,
    plan: &Plan,
    staging: &Staging,
    stamp: &str,
    program: Option<JoinHandle<Option<String>>>,
    progress: Progress<'_>,
) -> Result<Outcome, RunError> {
    let mut account = Account::default();
    let mut writers = Writers::open(staging, &mut account)?;
    let mut layouts = BTreeMap::new();
    let read = read_all(settings, plan, &mut writers, &mut layouts, progress)?;
    let written = writers.finish()?;
    if let Some(miscount) = settings.miscount {
        miscount(&mut account.tally);
    }
    let content_with = |previous: Option<&str>| {
        content::digest(settings, previous, &plan.rulebook, &layouts, &read, account.tally.in_future)
    };
    let previous = plan.previous.as_ref().map(Stored::content);
    let digest = content_with(previous);
    refuse_copies(&read)?;
    let stands = |latest: &Manifest| {
        // Compared with itself, a run has nothing new to say: it stands as it was compared with the run before it.
        let of_itself = previous == Some(&latest.content_digest);
        latest.content_digest == digest
            || of_itself
                && content_with(latest.options.get(content::PREVIOUS).map(String::as_str)) == latest.content_digest
    };
    if let Some((dir, standing)) =
        publish::latest(&settings.out).filter(|(_, latest)| !settings.force && stands(latest))
    {
        writing::metrics_again(settings, plan, &standing)?;
        return Ok(Outcome::Unchanged { dir, tripped: writing::trips(settings, &standing.counts, Some(0)) });
    }
    let counts = account.counts();
    let editions = editions(&plan.rulebook);
    let (begun, mut summary) = summarised(plan, staging, &editions)?;
    if let Some(key) = &settings.pseudonyms {
        key.name(&mut summary);
    }
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
        program: own_program(program.map_or_else(own_digest, |reading| reading.join().ok().flatten())),
        inputs: read,
        ruleset: manifest::Ruleset {
            id: plan.rulebook.id().to_owned(),
            version: plan.rulebook.version(),
            digest: plan.rulebook.digest(),
        },
        rulesets: plan.rulebook.editions().map(edition).collect(),
        layouts: layouts.into_iter().map(|(id, digest)| manifest::Layout { id, digest }).collect(),
        options: options(settings, plan),
        counts,
        outputs: Vec::new(),
        reconciliation,
    };
    write_and_publish(settings, plan, staging, &editions, begun, &summary, manifest)
}

/// The summary of the finished table, and the lists of the workbook, which are made from it at the same time.
fn summarised(plan: &Plan, staging: &Staging, editions: &Editions) -> Result<(Begun, Summary), RunError> {
    let (tables, rejected) = ([staging.dir.join(TABLE)], staging.dir.join(REJECTED));
    let source = Listed { tables: &tables, rejected: Some(&rejected), as_of: plan.as_of };
    begin_beside(staging, editions, &source, || {
        let (rules, listed) = (course_rules(plan.rulebook.newest()), listed_codes(&plan.rulebook));
        summarise_all(&tables, &Limits::default(), &rules, &listed)
            .map_err(|error| RunError::Unreconciled(error.to_string()))
    })
}

/// Reads all inputs: together if they join, else one after the other, each by its own layout.
fn read_all(
    settings: &Settings,
    plan: &Plan,
    writers: &mut Writers<'_>,
    layouts: &mut BTreeMap<String, String>,
    progress: Progress<'_>,
) -> Result<Vec<manifest::Input>, RunError> {
    let total = total_size(&plan.inputs);
    let opened = open_export(&plan.inputs, &plan.layouts)?;
    if opened.joins() {
        return scan_joined(settings, plan, opened, writers, layouts, &mut |bytes| progress(bytes, total));
    }
    let mut first = Some((opened.first, opened.watch));
    let mut read: Vec<manifest::Input> = Vec::new();
    let mut done = 0;
    for input in &plan.inputs {
        let first = first.take();
        read.push(scan_input(settings, plan, input, first, writers, layouts, &mut |bytes| {
            progress(done + bytes, total);
        })?);
        done += read.last().map_or(0, |input| input.bytes);
    }
    Ok(read)
}

/// This program.
pub(super) fn own_program(digest: Option<String>) -> Program {
    Program { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), digest }
}

pub(super) fn edition(ruleset: &Ruleset) -> manifest::Ruleset {
    let info = &ruleset.info;
    manifest::Ruleset { id: info.id.clone(), version: info.version.clone(), digest: info.digest.clone() }
}

/// The same lines under two names would count every order twice, and so would the same text packed differently. A companion
/// may be given twice, as unchanged files of two years are: equal records of it are one.
fn refuse_copies(inputs: &[manifest::Input]) -> Result<(), RunError> {
    for (at, input) in inputs.iter().enumerate() {
        let is_copy = |earlier: &&manifest::Input| {
            earlier.content() == input.content()
                && earlier.role.is_none()
                && input.role.is_none()
                && earlier.records > 0
        };
        let copy = inputs[..at].iter().find(is_copy);
        if let Some(copy) = copy {
            let what = if copy.blake3 == input.blake3 { "bytes" } else { "text, packed or encoded differently" };
            return Err(RunError::Usage(format!(
                "{} and {} hold the same {what}; their orders would count twice",
                copy.file, input.file
            )));
        }
    }
    Ok(())
}

/// BLAKE3 of the program's own file, if the system says where it is. Read beside the run, which does not need it before
/// its end.
pub(super) fn own_digest() -> Option<String> {
    let file = std::fs::File::open(std::env::current_exe().ok()?).ok()?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file).ok()?;
    Some(hasher.finalize().to_hex().to_string())
}

/// The options of the run, with the day that was used.
fn options(settings: &Settings, plan: &Plan) -> BTreeMap<String, String> {
    let mut options = content::options(settings, plan.previous.as_ref().map(Stored::content));
    options.insert("as-of".to_owned(), plan.as_of.to_string());
    options
}
