//! `ivig-audit audit`: from what was typed, the environment and the configuration to the settings of a run.

use std::io::IsTerminal;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::styling::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use serde::Deserialize;

use super::Failure;
use super::config::{self, Config};
use super::output::{Output, remark};
use crate::console::{Progress, grouped};
use crate::exit_code::ExitCode;
use crate::manifest::{Companion, Counts};
use crate::run::{self, FailOn, Outcome, Settings};
use crate::scan::Pace;

/// Reads one export or many and publishes one run directory.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  ivig-audit audit orders.csv\n  ivig-audit audit lines.csv diagnoses='dx_*.csv' patients=patients.csv\n  ivig-audit audit 'claims/*.csv' --out /srv/audit --max-rejected 0.5\n  ivig-audit audit orders.csv.gz --out nightly"
)]
pub(super) struct AuditArgs {
    /// A path, a glob, or - for standard input; several make one run. Files beside the lines are given as ROLE=PATH
    ///
    /// ROLE is claims, diagnoses, names, patients or authorizations; `layouts list` says which a layout joins.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// Layout id or file [default: recognised from the header]
    #[arg(long, env = "IVIG_AUDIT_LAYOUT", value_name = "ID|FILE")]
    layout: Option<String>,
    /// Ruleset id or directory, or in-force: the edition in force on each service date [default: aanem-2023]
    ///
    /// `in-force:DIR` puts your ruleset in the place of the shipped edition that it is laid over.
    #[arg(long, env = "IVIG_AUDIT_RULES", value_name = "ID|DIR|in-force")]
    rules: Option<String>,
    /// Where run directories go [default: ivig-audit-out]
    #[arg(long, env = "IVIG_AUDIT_OUT", value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads that read records [default: one a processor]
    #[arg(long, env = "IVIG_AUDIT_THREADS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Share of rejected records, in percent, above which the run is held; fewer than 10 never hold it [default: 1]
    #[arg(long, env = "IVIG_AUDIT_MAX_REJECTED", value_name = "PCT")]
    max_rejected: Option<f64>,
    /// The day against which a service date is in the future [default: today, UTC]
    #[arg(long, env = "IVIG_AUDIT_AS_OF", value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    /// Tells in the reports what changed against this earlier run directory or table
    #[arg(long, env = "IVIG_AUDIT_PREVIOUS", value_name = "RUN")]
    previous: Option<String>,
    /// Ends with exit code 8 if any order has this flag or a more pressing one; new: if there are findings that the
    /// previous run (the latest, if none is named) has not
    #[arg(long, env = "IVIG_AUDIT_FAIL_ON", value_name = "WHAT")]
    fail_on: Option<FailOnFlag>,
    /// Audits again although neither inputs, rules nor program changed
    #[arg(long)]
    force: bool,
    /// Lets this group read the run directory
    #[arg(long, env = "IVIG_AUDIT_GROUP", value_name = "NAME")]
    group: Option<String>,
    /// Also writes the metrics here, where a collector reads them
    #[arg(long, env = "IVIG_AUDIT_METRICS_FILE", value_name = "PATH")]
    metrics_file: Option<PathBuf>,
    /// File with the site's key: prescribers and sites have pseudonyms on the page, the same in every run with that key
    ///
    /// At least 32 bytes made at random, closed to others: (umask 077; openssl rand -out FILE 32)
    #[arg(long, env = "IVIG_AUDIT_PSEUDONYM_KEY", hide_env_values = true, value_name = "FILE")]
    pseudonym_key: Option<PathBuf>,
    /// Configuration file [default: ivig-audit.toml in the working directory, if it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How the closing line is written [default: text]
    #[arg(long, value_enum, env = "IVIG_AUDIT_LOG_FORMAT")]
    log_format: Option<LogFormat>,
    /// Says nothing when all is well
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Also says what each input was: dialect, layout, records
    #[arg(short, long)]
    verbose: bool,
    /// When the closing line marks flagged orders in colour [default: auto]
    #[arg(long, value_enum, env = "IVIG_AUDIT_COLOR", value_name = "WHEN")]
    color: Option<Color>,
    /// For tests: bytes in a chunk
    #[arg(long, hide = true, value_name = "BYTES")]
    chunk_size: Option<usize>,
}

/// What `--fail-on` looks for.
#[derive(Debug, Clone, Copy, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FailOnFlag {
    Flagged,
    Review,
    New,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether to colour: on a terminal, unless the user or `NO_COLOR` says otherwise.
    fn on(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        }
    }
}

/// How the closing line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum LogFormat {
    Text,
    Json,
}

fn settings(args: AuditArgs, config: Config) -> Result<Settings, Failure> {
    let mut settings = Settings::new(args.inputs);
    settings.as_of = args.as_of.map_or_else(|| config.as_of(), |day| Ok(Some(day)))?;
    settings.layout = args.layout.or(config.layout);
    settings.rules = args.rules.or(config.rules).unwrap_or(settings.rules);
    settings.out = args.out.or(config.out).unwrap_or(settings.out);
    if let Some(threads) = args.threads.map(usize::from).or(config.threads) {
        settings.pace = Pace::of(threads);
    }
    settings.pace.chunk_size = args.chunk_size.unwrap_or(settings.pace.chunk_size);
    settings.max_rejected = args.max_rejected.or(config.max_rejected).unwrap_or(settings.max_rejected);
    if !(0.0..=100.0).contains(&settings.max_rejected) {
        return Err(Failure::Message(
            ExitCode::Usage,
            "--max-rejected is a share in percent, from 0 to 100".to_owned(),
        ));
    }
    settings.previous = args.previous.or(config.previous);
    settings.fail_on = args.fail_on.or(config.fail_on).map(|flag| match flag {
        FailOnFlag::Flagged => FailOn::Flagged,
        FailOnFlag::Review => FailOn::Review,
        FailOnFlag::New => FailOn::New,
    });
    settings.force = args.force;
    settings.group = args.group.or(config.group);
    settings.metrics_file = args.metrics_file.or(config.metrics_file);
    let key = args.pseudonym_key.or(config.pseudonym_key);
    settings.pseudonyms = key.map(|file| run::read_site_key(&file)).transpose()?;
    Ok(settings)
}

pub(super) fn run(args: AuditArgs, _output: &mut Output) -> Result<ExitCode, Failure> {
    let config = config::read(args.config.as_deref())?;
    let format = args.log_format.or(config.log_format).unwrap_or(LogFormat::Text);
    let color = args.color.or(config.color).unwrap_or(Color::Auto).on();
    let (quiet, verbose) = (args.quiet, args.verbose);
    let settings = settings(args, config)?;
    let progress = Progress::new(quiet || format == LogFormat::Json);
    let outcome = run::audit(&settings, &mut |bytes, total| progress.at(bytes, total));
    progress.finish();
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) if format == LogFormat::Json => {
            let code = ExitCode::from(&error);
            let told = serde_json::json!({ "event": "failed", "exit_code": code as u8, "message": error.to_string() });
            remark(&told.to_string());
            return Ok(code);
        }
        Err(error) => return Err(error.into()),
    };
    if let (true, LogFormat::Text, Outcome::Published { inputs, .. }) = (verbose, format, &outcome) {
        for input in inputs {
            let (records, lines) = (grouped(input.records), grouped(input.lines));
            remark(&format!(
                "{}: {records} records on {lines} lines; {}; layout {}",
                input.file, input.dialect, input.layout
            ));
        }
    }
    if !quiet {
        remark(&match format {
            LogFormat::Text => closing_line(&outcome, color),
            LogFormat::Json => closing_json(&outcome),
        });
    }
    Ok(match outcome {
        Outcome::Published { tripped: true, .. } | Outcome::Unchanged { tripped: true, .. } => ExitCode::Findings,
        Outcome::Published { .. } | Outcome::Unchanged { .. } => ExitCode::Done,
    })
}

fn of(counts: &std::collections::BTreeMap<String, u64>, key: &str) -> u64 {
    counts.get(key).copied().unwrap_or(0)
}

fn in_words(counts: &Counts, color: bool) -> String {
    let records = &counts.records;
    let style = if color { AnsiColor::Yellow.on_default() } else { Style::new() };
    let flagged = format!("{style}{} flagged{style:#}", grouped(of(&counts.orders.by_flag, "flagged")));
    format!(
        "{} records: {} in scope, {} out of scope, {} rejected; {} orders: {flagged}, {} to review, {} clear",
        grouped(records.read),
        grouped(records.in_scope),
        grouped(records.out_of_scope_total()),
        grouped(records.rejected_total()),
        grouped(counts.orders.total),
        grouped(of(&counts.orders.by_flag, "review")),
        grouped(of(&counts.orders.by_flag, "clear")),
    )
}

/// A line for each companion: how many orders found their record in it.
fn joined_in_words(counts: &Counts) -> String {
    let line = |(role, companion): (&String, &Companion)| {
        let sought = &companion.orders;
        let parts = [
            (sought.missing, "have no record there"),
            (sought.without_key, "have no key"),
            (sought.disagree, "find records that disagree"),
            (sought.not_sought, "need none"),
        ];
        let others = parts.iter().filter(|(count, _)| *count > 0);
        let others: Vec<String> = others.map(|(count, what)| format!(", {} {what}", grouped(*count))).collect();
        let rejected = match companion.rejected_total() {
            0 => String::new(),
            rejected if companion.again => format!("; {} records rejected, as above", grouped(rejected)),
            rejected => format!("; {} records rejected", grouped(rejected)),
        };
        format!(
            "\n{role}: {} of {} orders found{}{rejected}",
            grouped(sought.found),
            grouped(counts.orders.total),
            others.concat()
        )
    };
    counts.companions.iter().map(line).collect()
}

fn closing_line(outcome: &Outcome, color: bool) -> String {
    match outcome {
        Outcome::Published { dir, counts, duplicates, new_findings, .. } => {
            let hidden = of(&counts.records.out_of_scope, "product-unreadable");
            let note = match hidden {
                0 => String::new(),
                _ => format!(
                    "\n{} records have a product cell that holds no code: an order may hide there",
                    grouped(hidden)
                ),
            };
            let joined = joined_in_words(counts);
            let repeated = match duplicates.orders() {
                0 => String::new(),
                orders => format!(
                    "\n{} orders repeat another one ({} in one file, {} across files); each is counted, none is dropped",
                    grouped(orders),
                    grouped(duplicates.in_one_file.orders),
                    grouped(duplicates.across_files.orders),
                ),
            };
            // A run that found nothing new says what it would say without the comparison.
            let new = match new_findings {
                Some((1, earlier)) => format!("\n1 finding is new since {earlier}"),
                Some((new, earlier)) if *new > 0 => format!("\n{} findings are new since {earlier}", grouped(*new)),
                _ => String::new(),
            };
            format!(
                "{}{joined}{note}{repeated}{new}\nreport: {}",
                in_words(counts, color),
                dir.join("report.html").display()
            )
        }
        Outcome::Unchanged { dir, .. } => format!("nothing new since {}; --force audits again", dir.display()),
    }
}

fn closing_json(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Published { dir, counts, duplicates, new_findings, .. } => {
            let report = dir.join("report.html");
            let repeated = serde_json::json!({
                "groups": duplicates.groups,
                "in_one_file": duplicates.in_one_file.orders,
                "across_files": duplicates.across_files.orders,
            });
            let mut told = serde_json::json!({
                "event": "published", "run": dir, "report": report, "counts": counts, "duplicates": repeated
            });
            if let Some((new, earlier)) = new_findings {
                told["new_findings"] = serde_json::json!({ "findings": new, "since": earlier });
            }
            told.to_string()
        }
        Outcome::Unchanged { dir, .. } => serde_json::json!({ "event": "unchanged", "run": dir }).to_string(),
    }
}
