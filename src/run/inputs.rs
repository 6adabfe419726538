//! Inputs: paths, globs and standard input, each with its role in the export, opened once and watched for change.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;

use super::error::RunError;
use crate::intake::{Layout, Role};
use crate::source::{Access, Plain, Receipt, Source};

/// One input, not yet opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// As outputs name it: the path without the role.
    pub name: String,
    /// Which part of the export it is; a plain path is the lines.
    pub role: Role,
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
    /// The size in bytes as stored, if it is a file.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.file.as_ref().map(|(_, metadata)| metadata.size())
    }

    /// The ways to its bytes besides the stream. A pipe or a device has none, whatever path it is given by.
    #[must_use]
    pub fn access(&self) -> Access {
        let file = self
            .file
            .as_ref()
            .and_then(|(file, metadata)| Some(Plain { file: Arc::new(file.try_clone().ok()?), len: metadata.size() }));
        Access::new(self.source.receipt(), file)
    }

    /// A handle that stays behind when the input goes to the one who reads it.
    #[must_use]
    pub fn watch(&self) -> Watch {
        let file = self.file.as_ref().and_then(|(file, metadata)| Some((file.try_clone().ok()?, metadata.clone())));
        Watch { file, receipt: self.source.receipt() }
    }
}

/// What is known of an input while another reads it: the bytes that were read, and whether the file changes meanwhile.
#[derive(Debug)]
pub struct Watch {
    file: Option<(File, Metadata)>,
    /// What was read of the stored bytes.
    pub receipt: Receipt,
}

impl Watch {
    /// Whether it is a file, which can be read a second time.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// Whether the file is as it was when it was opened. What is no file cannot be asked.
    #[must_use]
    pub fn unchanged(&self) -> bool {
        let as_it_was =
            |(file, metadata): &(File, Metadata)| file.metadata().is_ok_and(|now| state(&now) == state(metadata));
        self.file.as_ref().is_none_or(as_it_was)
    }
}

/// Reads roles, expands globs, in sorted order, and refuses a file that is given twice in one role.
///
/// # Errors
/// [`RunError`] if a role is unknown, or if a path or glob names nothing, or names a file again.
pub fn resolve(given: &[String]) -> Result<Vec<Input>, RunError> {
    let inputs = expand(given)?;
    if inputs.iter().all(|input| input.role != Role::Lines) {
        return Err(RunError::Usage(
            "only companion files are given; give the lines too, as PATH or lines=PATH".to_owned(),
        ));
    }
    Ok(inputs)
}

fn expand(given: &[String]) -> Result<Vec<Input>, RunError> {
    let mut inputs: Vec<Input> = Vec::new();
    for argument in given {
        let (role, name) = role_and_name(argument)?;
        if name == "-" {
            inputs.push(Input { name: name.to_owned(), role, path: None });
            continue;
        }
        if !is_glob(name) {
            inputs.push(Input { name: name.to_owned(), role, path: Some(PathBuf::from(name)) });
            continue;
        }
        let before = inputs.len();
        for path in files_of(name)? {
            inputs.push(Input { name: path.display().to_string(), role, path: Some(path) });
        }
        if inputs.len() == before {
            return Err(RunError::Input { file: name.to_owned(), message: "no file matches".to_owned() });
        }
    }
    if inputs.is_empty() {
        return Err(RunError::Usage("give at least one export: a path, a glob, or - for standard input".to_owned()));
    }
    refuse_repeats(&inputs)?;
    Ok(inputs)
}

/// The role and what it is given for. A known role in front of `=` is always one: a file whose own name begins so is
/// given as `./lines=...`. Any other word there is a misspelt role, unless the whole names a file that is there, as
/// partitioned tables do (`year=2024/part.csv`).
fn role_and_name(argument: &str) -> Result<(Role, &str), RunError> {
    let Some((word, name)) = argument.split_once('=') else { return Ok((Role::default(), argument)) };
    match word.parse::<Role>() {
        Ok(role) if name.is_empty() => Err(RunError::Usage(format!("{argument}: no path stands behind `{role}=`"))),
        Ok(role) => Ok((role, name)),
        Err(_) if !could_be_a_role(word) || is_there(argument) => Ok((Role::default(), argument)),
        Err(unknown) => Err(RunError::Usage(format!("{argument}: {unknown}"))),
    }
}

/// Whether somebody could have meant a role, and not the beginning of a path.
fn could_be_a_role(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|character| character.is_alphanumeric() || matches!(character, '-' | '_'))
}

fn is_glob(name: &str) -> bool {
    name.contains(['*', '?', '[']) && !PathBuf::from(name).exists()
}

fn is_there(name: &str) -> bool {
    PathBuf::from(name).exists() || (is_glob(name) && files_of(name).is_ok_and(|mut files| files.next().is_some()))
}

/// The files that a glob names, in sorted order.
fn files_of(name: &str) -> Result<impl Iterator<Item = PathBuf>, RunError> {
    let found = glob::glob(name).map_err(|error| RunError::Usage(format!("{name}: not a glob: {error}")))?;
    let found: Result<Vec<PathBuf>, _> = found.collect();
    let found = found.map_err(|error| RunError::Input { file: name.to_owned(), message: error.to_string() })?;
    // What is no folder is opened, and an error says what it is: a link into nothing is a part of the export that is gone.
    Ok(found.into_iter().filter(|path| !path.is_dir()))
}

/// The same file twice in one role would count its records twice. It may have two roles, if it can be read twice.
fn refuse_repeats(inputs: &[Input]) -> Result<(), RunError> {
    let identity = |input: &Input| match &input.path {
        None => Some((0, 0)),
        Some(path) => std::fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino())),
    };
    let mut seen: HashMap<(u64, u64), Vec<&Input>> = HashMap::new();
    for input in inputs {
        let Some(own) = identity(input) else { continue };
        let earlier = seen.entry(own).or_default();
        if let Some(repeat) = earlier.iter().find(|earlier| earlier.role == input.role || input.path.is_none()) {
            return Err(RunError::Usage(if repeat.role == input.role {
                format!("{}: the file is given twice; its records would count twice", input.name)
            } else {
                format!("-: standard input is given as `{}` and as `{}`; it can be read once", repeat.role, input.role)
            }));
        }
        earlier.push(input);
    }
    Ok(())
}

/// Opens an input, compressed or not, in UTF-8, UTF-16 or the encoding that its one layout declares. Where several
/// may fit, none can declare anything, since the header has to be read before it is known which does.
///
/// # Errors
/// [`RunError::Input`] if it is missing, a directory, not readable, or of a kind that is not read.
pub fn open_input(input: &Input, layouts: &[Layout]) -> Result<OpenInput, RunError> {
    let declared = match layouts {
        [layout] => layout.dialect.encoding.map(crate::intake::DeclaredEncoding::encoding),
        _ => None,
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    type Tested = Result<(), Box<dyn std::error::Error>>;

    /// Two files of lines and one of patients in a directory of their own.
    fn export() -> io::Result<(tempfile::TempDir, impl Fn(&str) -> String)> {
        let dir = tempfile::tempdir()?;
        for name in ["part1.csv", "part2.csv", "patients.csv"] {
            std::fs::write(dir.path().join(name), name)?;
        }
        let root = dir.path().display().to_string();
        Ok((dir, move |name: &str| format!("{root}/{name}")))
    }

    fn usage(given: &[String]) -> String {
        match expand(given) {
            Err(RunError::Usage(message)) => message,
            other => panic!("not a usage error: {other:?}"),
        }
    }

    #[test]
    fn a_role_goes_with_each_file_of_its_glob_and_a_plain_path_is_the_lines() -> Tested {
        let (_dir, at) = export()?;
        let lines = format!("lines={}", at("part*.csv"));
        let found = expand(&[lines, format!("patients={}", at("patients.csv")), "claims=-".to_owned()])?;
        let found: Vec<_> = found.iter().map(|input| (input.role, input.name.as_str(), input.path.is_some())).collect();
        let (one, two, patients) = (at("part1.csv"), at("part2.csv"), at("patients.csv"));
        assert_eq!(
            found,
            [
                (Role::Lines, one.as_str(), true),
                (Role::Lines, two.as_str(), true),
                (Role::Patients, patients.as_str(), true),
                (Role::Claims, "-", false)
            ]
        );
        assert_eq!(expand(&[at("part1.csv")])?[0].role, Role::Lines);
        Ok(())
    }

    #[test]
    fn an_unknown_role_lists_the_roles_unless_the_whole_names_a_file() -> Tested {
        let (dir, at) = export()?;
        let message = usage(&[format!("line={}", at("part1.csv"))]);
        assert!(message.contains("`line`") && message.contains("lines, claims, diagnoses"), "{message}");
        assert!(usage(&["lines=".to_owned()]).contains("no path"));
        let folder = dir.path().join("year=2024");
        std::fs::create_dir(&folder)?;
        std::fs::write(folder.join("a=b.csv"), "x")?;
        for name in ["year=2024/a=b.csv", "year=*/*.csv", "nosuch/year=1.csv"] {
            let found = expand(&[at(name)])?;
            assert_eq!(
                (found.len(), found[0].role),
                (1, Role::Lines),
                "{name}: a file that is missing says so when opened"
            );
        }
        Ok(())
    }

    #[test]
    fn only_a_bare_word_could_be_a_role_and_a_name_is_there_as_a_file_or_a_glob() {
        assert!(could_be_a_role("line") && !could_be_a_role("../year") && !could_be_a_role(""));
        // Relative to the package, where tests run.
        assert!(is_there("Cargo.toml") && is_there("Cargo.t?ml") && !is_there("Cargo=toml") && !is_there("C?rgo=toml"));
    }

    #[test]
    fn a_file_may_have_two_roles_but_each_once_and_standard_input_one() -> Tested {
        let (_dir, at) = export()?;
        let part = at("part1.csv");
        let twice = usage(&[part.clone(), format!("lines={part}")]);
        assert!(twice.contains("twice"), "{twice}");
        assert_eq!(expand(&[part.clone(), format!("claims={part}")])?.len(), 2);
        assert!(usage(&["-".to_owned(), "claims=-".to_owned()]).contains("once"));
        Ok(())
    }

    #[test]
    fn companions_without_lines_are_refused() -> Tested {
        let (_dir, at) = export()?;
        let refused = resolve(&[format!("patients={}", at("patients.csv"))]);
        let Err(RunError::Usage(message)) = refused else { panic!("{refused:?}") };
        assert!(message.contains("lines=PATH"), "{message}");
        Ok(())
    }
}
