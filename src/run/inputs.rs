//! Inputs: paths, globs and standard input, opened once and watched for change.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use super::error::RunError;
use crate::source::{Encoding, Receipt, Source};

/// One input, not yet opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// As outputs name it.
    pub name: String,
    /// Where it is; `None` for standard input.
    pub path: Option<PathBuf>,
}

/// An opened input, read as text in UTF-8 whatever is stored.
pub struct OpenInput {
    source: Source,
    file: Option<(File, Metadata)>,
}

impl Read for OpenInput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source.read(buffer)
    }
}

/// What tells whether a file changed.
fn state(metadata: &Metadata) -> (u64, u64, u64, i64, i64) {
    (metadata.dev(), metadata.ino(), metadata.size(), metadata.mtime(), metadata.mtime_nsec())
}

impl OpenInput {
    /// What can be told of the stored bytes, now and while they are read.
    #[must_use]
    pub fn receipt(&self) -> Receipt {
        self.source.receipt()
    }

    /// The size in bytes as stored, if it is a file.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.file.as_ref().map(|(_, metadata)| metadata.size())
    }

    /// A handle with which to ask later whether the file changed while it was read.
    #[must_use]
    pub fn watch(&self) -> Option<(File, Metadata)> {
        self.file.as_ref().and_then(|(file, metadata)| Some((file.try_clone().ok()?, metadata.clone())))
    }
}

/// Whether a watched file is as it was when it was opened.
pub(super) fn unchanged(watch: &(File, Metadata)) -> bool {
    watch.0.metadata().is_ok_and(|now| state(&now) == state(&watch.1))
}

/// Expands globs, in sorted order, and refuses a file that is given twice.
///
/// # Errors
/// [`RunError`] if a path or glob names nothing, or names a file again.
pub fn resolve(given: &[String]) -> Result<Vec<Input>, RunError> {
    let mut inputs: Vec<Input> = Vec::new();
    for name in given {
        if name == "-" {
            inputs.push(Input { name: name.clone(), path: None });
            continue;
        }
        let is_glob = name.contains(['*', '?', '[']) && !PathBuf::from(name).exists();
        if !is_glob {
            inputs.push(Input { name: name.clone(), path: Some(PathBuf::from(name)) });
            continue;
        }
        let found = glob::glob(name).map_err(|error| RunError::Usage(format!("{name}: not a glob: {error}")))?;
        let before = inputs.len();
        for path in found.filter_map(Result::ok).filter(|path| path.is_file()) {
            inputs.push(Input { name: path.display().to_string(), path: Some(path) });
        }
        if inputs.len() == before {
            return Err(RunError::Input { file: name.clone(), message: "no file matches".to_owned() });
        }
    }
    if inputs.is_empty() {
        return Err(RunError::Usage("give at least one export: a path, a glob, or - for standard input".to_owned()));
    }
    refuse_repeats(&inputs)?;
    Ok(inputs)
}

/// The same file twice would count every order twice.
fn refuse_repeats(inputs: &[Input]) -> Result<(), RunError> {
    let identity = |input: &Input| match &input.path {
        None => Some((0, 0)),
        Some(path) => std::fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino())),
    };
    for (at, input) in inputs.iter().enumerate() {
        let own = identity(input);
        if own.is_some() && inputs[..at].iter().any(|earlier| identity(earlier) == own) {
            return Err(RunError::Usage(format!(
                "{}: the file is given twice; its orders would count twice",
                input.name
            )));
        }
    }
    Ok(())
}

/// Opens an input, compressed or not, in UTF-8, UTF-16 or the encoding that is `declared`.
///
/// # Errors
/// [`RunError::Input`] if it is missing, a directory, not readable, or of a kind that is not read.
pub fn open_input(input: &Input, declared: Option<Encoding>) -> Result<OpenInput, RunError> {
    let unreadable = |error: io::Error| {
        let message = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "the file may not be read by this user".to_owned(),
            _ => error.to_string(),
        };
        RunError::Input { file: input.name.clone(), message }
    };
    let Some(path) = &input.path else {
        return Ok(OpenInput { source: Source::open(io::stdin(), declared).map_err(unreadable)?, file: None });
    };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(RunError::Input {
            file: input.name.clone(),
            message: "it is a directory; give a file or a glob such as DIR/*.csv".to_owned(),
        });
    }
    let source = Source::open(file.try_clone().map_err(unreadable)?, declared).map_err(unreadable)?;
    Ok(OpenInput { source, file: metadata.is_file().then_some((file, metadata)) })
}
