//! `ivig-audit layouts`: the shipped export shapes, and a site's own.

use clap::Subcommand;

use super::Failure;
use super::output::{Output, complain};
use crate::exit_code::ExitCode;
use crate::intake::{Layout, LayoutError, builtin_text, example};

/// Lists, shows and checks layouts.
#[derive(Debug, Subcommand)]
pub(super) enum LayoutsCommand {
    /// Lists the shipped layouts
    List,
    /// Prints a layout file, to read or to start an own one from
    Show {
        /// Layout id
        id: String,
    },
    /// Checks shipped layouts, or an own one, and runs their examples
    Check {
        /// Layout id or file [default: all shipped layouts]
        layouts: Vec<String>,
    },
}

fn invalid(error: &LayoutError) -> Failure {
    Failure::Message(ExitCode::Invalid, error.to_string())
}

pub(super) fn run(command: &LayoutsCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        LayoutsCommand::List => {
            for layout in Layout::builtin().map_err(|error| invalid(&error))? {
                output.line(format!("{:<12} {}", layout.id, layout.label))?;
                if !layout.basis.is_empty() {
                    output.line(format!("{:<12} {}", "", layout.basis))?;
                }
            }
            Ok(ExitCode::Done)
        }
        LayoutsCommand::Show { id } => {
            let layout = Layout::open(id).map_err(|error| invalid(&error))?;
            output.bytes(builtin_text(&layout.id).unwrap_or_default().as_bytes())?;
            Ok(ExitCode::Done)
        }
        LayoutsCommand::Check { layouts } => check(layouts, output),
    }
}

fn check(named: &[String], output: &mut Output) -> Result<ExitCode, Failure> {
    let layouts = match named {
        [] => Layout::builtin().map_err(|error| invalid(&error))?,
        some => {
            some.iter().map(|name| Layout::open(name)).collect::<Result<_, _>>().map_err(|error| invalid(&error))?
        }
    };
    let mut code = ExitCode::Done;
    for layout in &layouts {
        let differences = example::differences(layout);
        for difference in &differences {
            complain(&format!("layout {}: {difference}", layout.id));
            code = ExitCode::Invalid;
        }
        if differences.is_empty() {
            output.line(format!("layout {} {}: {} examples hold", layout.id, layout.version, layout.examples.len()))?;
            if !layout.basis.is_empty() {
                output.line(format!("  {}", layout.basis))?;
            }
        }
    }
    Ok(code)
}
