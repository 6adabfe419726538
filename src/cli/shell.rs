//! Completions and the manual page, made from the same definitions as the parser.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::output::Output;
use super::{Cli, Failure};
use crate::exit_code::ExitCode;

/// Prints shell completions.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) fn completions(args: &CompletionsArgs, output: &mut Output) -> Result<ExitCode, Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "ivig-audit", &mut bytes);
    output.bytes(&bytes)?;
    Ok(ExitCode::Done)
}

pub(super) fn man(output: &mut Output) -> Result<ExitCode, Failure> {
    let mut bytes = Vec::new();
    let program = Cli::command();
    clap_mangen::Man::new(program.clone()).render(&mut bytes)?;
    for command in program.get_subcommands() {
        let title = format!("ivig-audit-{}", command.get_name());
        clap_mangen::Man::new(command.clone()).title(title).render(&mut bytes)?;
    }
    output.bytes(&bytes)?;
    Ok(ExitCode::Done)
}
