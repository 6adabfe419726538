//! The layout file that `inspect` writes: a draft, or a copy of the layout that fits.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use super::{Desk, InspectArgs};
use crate::cli::Failure;
use crate::cli::output::Output;
use crate::exit_code::ExitCode;
use crate::intake::suggest::layout_id;
use crate::intake::{Layout, Role, builtin_text};
use crate::run::{Input, RunError};

fn usage(message: String) -> Failure {
    Failure::Message(ExitCode::Usage, message)
}

/// Refuses what cannot be written, before anything is read.
pub(super) fn refuse(args: &InspectArgs, inputs: &[Input]) -> Result<(), Failure> {
    let Some(path) = &args.write_layout else { return Ok(()) };
    if path.exists() {
        return Err(there(path));
    }
    match inputs.iter().filter(|input| input.role == Role::Lines).count() {
        1 => Ok(()),
        _ => Err(usage("--write-layout takes one file of lines, and the files beside it as ROLE=PATH".to_owned())),
    }
}

fn there(path: &Path) -> Failure {
    usage(format!("{}: the file is there already and is not overwritten; name another one", path.display()))
}

/// Writes a new file.
pub(super) fn write(path: &Path, text: &str, output: &mut Output) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => there(path),
        _ => Failure::from(RunError::Write { path: path.to_owned(), error }),
    };
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    output.line(format!("  written    {}", path.display()))?;
    Ok(())
}

/// Writes a copy of the layout that fits, under an id of its own.
pub(super) fn copy(
    desk: &Desk<'_>,
    layout: &Layout,
    input: &Input,
    path: &Path,
    output: &mut Output,
) -> Result<(), Failure> {
    let own = desk.args.layout.as_deref().map(Path::new).filter(|path| path.is_file());
    let text = match own {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| RunError::Input { file: path.display().to_string(), message: error.to_string() })?,
        None => builtin_text(&layout.id).unwrap_or_default().to_owned(),
    };
    let id = layout_id(&input.name);
    let mut named = false;
    let lines = text.lines().map(|line| {
        let is_id = !named && line.split('=').next().is_some_and(|key| key.trim() == "id");
        named |= is_id;
        if is_id { format!("id      = \"{id}\"") } else { line.to_owned() }
    });
    let copied: Vec<String> = lines.collect();
    let head = format!("# A copy of the layout `{}`, which fits the file as it is.\n", layout.id);
    write(path, &format!("{head}{}\n", copied.join("\n")), output)
}
