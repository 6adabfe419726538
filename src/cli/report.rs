//! `ivig-audit report`: the reports from assessments that were made elsewhere or earlier.

use std::path::PathBuf;

use clap::Args;

use super::output::remark;
use super::{Failure, config};
use crate::console::grouped;
use crate::exit_code::ExitCode;
use crate::run::{self, ReportSettings};

/// Makes the reports from stored assessments: tables, or run directories.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  ivig-audit report nightly/latest --out report\n  ivig-audit report 'parts/*.parquet' --out report\n  ivig-audit report q1 q2 q3 q4 --out year --previous last-year"
)]
pub(super) struct ReportArgs {
    /// A Parquet file of assessments, a run directory, or a glob of them; several make one report
    #[arg(required = true, value_name = "PART")]
    parts: Vec<String>,
    /// The directory that is made [default: ivig-audit-report]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Ruleset id or directory whose statements are printed [default: told from the parts]
    #[arg(long, env = "IVIG_AUDIT_RULES", value_name = "ID|DIR|in-force")]
    rules: Option<String>,
    /// Tells what changed against this earlier run directory or table
    #[arg(long, value_name = "RUN")]
    previous: Option<String>,
    /// Replaces the report that is there
    #[arg(long)]
    force: bool,
    /// Lets this group read the report
    #[arg(long, env = "IVIG_AUDIT_GROUP", value_name = "NAME")]
    group: Option<String>,
    /// Configuration file [default: ivig-audit.toml in the working directory, if it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Says nothing when all is well
    #[arg(short, long)]
    quiet: bool,
}

pub(super) fn run(args: ReportArgs) -> Result<ExitCode, Failure> {
    let config = config::read(args.config.as_deref())?;
    let reported = run::report(&ReportSettings {
        parts: args.parts,
        rules: args.rules.or(config.rules),
        out: args.out.unwrap_or_else(|| PathBuf::from("ivig-audit-report")),
        force: args.force,
        group: args.group.or(config.group),
        previous: args.previous,
    })?;
    if !args.quiet {
        reported.notes.iter().for_each(|note| remark(note));
        remark(&format!(
            "{} orders of {} parts: {} flagged, {} to review\nreport: {}",
            grouped(reported.orders),
            grouped(reported.parts),
            grouped(reported.flagged),
            grouped(reported.review),
            reported.dir.join("report.html").display()
        ));
    }
    Ok(ExitCode::Done)
}
