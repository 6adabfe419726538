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
        /// Layout id or file
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
            let layouts = Layout::builtin().map_err(|error| invalid(&error))?;
            let width = layouts.iter().map(|layout| layout.id.len()).max().unwrap_or_default();
            for layout in &layouts {
                output.line(format!("{:<width$}  {}", layout.id, layout.label))?;
                for line in about(layout) {
                    output.line(format!("{:<width$}  {line}", ""))?;
                }
            }
            Ok(ExitCode::Done)
        }
        LayoutsCommand::Show { id } => {
            let layout = Layout::open(id).map_err(|error| invalid(&error))?;
            let own = std::path::Path::new(id).is_file().then(|| std::fs::read(id)).transpose()?;
            output.bytes(own.as_deref().or(builtin_text(&layout.id).map(str::as_bytes)).unwrap_or_default())?;
            Ok(ExitCode::Done)
        }
        LayoutsCommand::Check { layouts } => check(layouts, output),
    }
}

/// Where a layout's names are known from, and what is given beside its lines.
fn about(layout: &Layout) -> Vec<String> {
    let basis = Some(layout.basis.clone()).filter(|basis| !basis.is_empty());
    let roles = layout.companions.iter().map(|companion| {
        let (again, needed) = (companion.again, companion.needed);
        let how = if again {
            " (the lines again)"
        } else if needed {
            " (needed)"
        } else {
            ""
        };
        format!("{}{how}", companion.role)
    });
    let roles = roles.collect::<Vec<_>>().join(", ");
    let roles = (!roles.is_empty()).then(|| format!("beside the lines: {roles}"));
    basis.into_iter().chain(roles).collect()
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
            for line in about(layout) {
                output.line(format!("  {line}"))?;
            }
        }
    }
    Ok(code)
}
