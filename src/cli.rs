//! The command line: what may be typed. What it means is decided in the submodules; nothing needs this one.

mod audit;
mod changes;
mod config;
mod explain;
mod inspect;
mod layouts;
mod output;
mod report;
mod rules;
mod shell;

use std::process::ExitCode as ProcessExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::exit_code::ExitCode;
use output::Output;

/// Audits intravenous immune globulin orders and claims against the AANEM consensus statement on
/// neuromuscular disorders. A flag is a prompt for a clinician's review, not a determination of coverage.
#[derive(Debug, Parser)]
#[command(name = "ivig-audit", version, max_term_width = 110, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done or nothing new; 2 usage; 3 ruleset, layout or configuration invalid; 4 input missing, \
unreadable or of no known layout; 5 too many records rejected, run held; 6 does not reconcile or cannot be written; 7 another run holds the lock; \
8 --fail-on tripped; 70 a bug.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads one export or many and publishes one run directory: the main job
    Audit(audit::AuditArgs),
    /// Says what a file is and what would be rejected; writes nothing
    Inspect(inspect::InspectArgs),
    /// Explains one order, from flags or from a record of a file
    Explain(explain::ExplainArgs),
    /// Lists, shows and checks rulesets
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// Lists, shows and checks layouts
    #[command(subcommand)]
    Layouts(layouts::LayoutsCommand),
    /// Makes the reports from assessments that were made elsewhere or earlier
    Report(report::ReportArgs),
    /// Says what is new, gone or changed between two runs, and what made it so
    Changes(changes::ChangesArgs),
    /// Prints shell completions
    Completions(shell::CompletionsArgs),
    /// Prints the manual page
    Man,
}

/// Why a command ended early.
#[derive(Debug)]
enum Failure {
    /// With a message and a code.
    Message(ExitCode, String),
    /// Because nobody reads the output any more.
    ClosedPipe,
}

impl From<crate::run::RunError> for Failure {
    fn from(error: crate::run::RunError) -> Self {
        Self::Message(ExitCode::from(&error), error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Message(ExitCode::NotPublished, format!("standard output: {error}")),
        }
    }
}

/// Parses, runs, and maps the outcome to an exit code. A panic is a bug: it says where, and nothing else.
#[must_use]
pub fn main() -> ProcessExitCode {
    std::panic::set_hook(Box::new(|info| {
        if crate::run::is_write_failure(info.payload()) {
            return;
        }
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        output::complain(&format!(
            "a bug{place}; nothing is published. Please report this place with the version of the program"
        ));
    }));
    let ended = std::panic::catch_unwind(|| {
        let cli = match parse() {
            Ok(cli) => cli,
            Err(error) => {
                let _ = error.print();
                return if error.use_stderr() { ExitCode::Usage } else { ExitCode::Done };
            }
        };
        match run(cli.command) {
            Ok(code) => code,
            Err(Failure::ClosedPipe) => ExitCode::Done,
            Err(Failure::Message(code, message)) => {
                output::complain(&message);
                code
            }
        }
    });
    ended.unwrap_or(ExitCode::Bug).into()
}

/// Parses what was typed. A variable of the environment that is empty counts as not set, as in any shell script.
fn parse() -> Result<Cli, clap::Error> {
    let matches = without_empty(Cli::command()).try_get_matches()?;
    Cli::from_arg_matches(&matches)
}

fn without_empty(command: clap::Command) -> clap::Command {
    let is_empty = |arg: &clap::Arg| arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|arg| if is_empty(&arg) { arg.env(None) } else { arg });
    command.mut_subcommands(without_empty)
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    let mut output = Output::stdout();
    let code = match command {
        Command::Audit(args) => audit::run(args, &mut output)?,
        Command::Inspect(args) => inspect::run(&args, &mut output)?,
        Command::Explain(args) => explain::run(&args, &mut output)?,
        Command::Rules(command) => rules::run(&command, &mut output)?,
        Command::Layouts(command) => layouts::run(&command, &mut output)?,
        Command::Report(args) => report::run(args)?,
        Command::Changes(args) => changes::run(&args, &mut output)?,
        Command::Completions(args) => shell::completions(&args, &mut output)?,
        Command::Man => shell::man(&mut output)?,
    };
    output.finish()?;
    Ok(code)
}
