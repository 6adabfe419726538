//! `ivig-audit changes`: what is new, gone or changed between two runs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Failure;
use super::output::Output;
use crate::exit_code::ExitCode;
use crate::run;

/// Says what is new, gone or changed between two runs, and whether data, rules or program made it so.
#[derive(Debug, Args)]
#[command(
    after_help = "Each change is laid to the first of these that holds: the data (a column carried from the export differs), the rules (another ruleset, version or digest decided), the program.\n\nExamples:\n  ivig-audit changes out/20261121T230501Z-1f0a9c3e out/latest\n  ivig-audit changes before/latest after/latest --findings new.csv --fail-on new"
)]
pub(super) struct ChangesArgs {
    /// The earlier run directory, or its table
    #[arg(value_name = "OLD")]
    old: String,
    /// The later run directory, or its table
    #[arg(value_name = "NEW")]
    new: String,
    /// Prints JSON
    #[arg(long)]
    json: bool,
    /// Writes the findings that OLD has not, by file and record
    #[arg(long, value_name = "FILE.csv")]
    findings: Option<PathBuf>,
    /// Ends with exit code 8 if NEW has findings that OLD has not
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOnChange>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOnChange {
    New,
}

pub(super) fn run(args: &ChangesArgs, output: &mut Output) -> Result<ExitCode, Failure> {
    let compared = run::compare(&args.old, &args.new, args.findings.as_deref())?;
    output.line(if args.json { &compared.json } else { &compared.text })?;
    let tripped = matches!(args.fail_on, Some(FailOnChange::New)) && compared.new_findings > 0;
    Ok(if tripped { ExitCode::Findings } else { ExitCode::Done })
}
