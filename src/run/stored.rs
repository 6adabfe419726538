//! Tables of assessments that were stored earlier or elsewhere: a file, or a run directory with what its manifest says.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::error::RunError;
use super::writing::{MANIFEST, TABLE};
use crate::manifest::{self, Manifest};

/// How every Parquet file begins.
const PARQUET: &[u8] = b"PAR1";

/// A stored table.
#[derive(Debug)]
pub(super) struct Stored {
    /// As given.
    pub name: String,
    /// The file of the table.
    pub table: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// BLAKE3 of the file.
    pub blake3: String,
    /// What the run was, where the table stands in its run directory.
    pub manifest: Option<Manifest>,
}

impl Stored {
    /// Opens a run directory or the file of a table.
    ///
    /// # Errors
    /// [`RunError::Input`] if there is none, or if a run directory's table is not the one that its manifest names.
    pub fn open(name: &str) -> Result<Self, RunError> {
        let refused = |message: String| RunError::Input { file: name.to_owned(), message };
        let path = Path::new(name);
        let is_run = path.is_dir();
        let table = if is_run { path.join(TABLE) } else { path.to_owned() };
        let unreadable = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound if is_run => refused(format!("the directory holds no {TABLE}")),
            std::io::ErrorKind::NotFound => refused("there is no such file or run directory".to_owned()),
            _ => refused(error.to_string()),
        };
        let mut file = File::open(&table).map_err(unreadable)?;
        let mut begins = Vec::new();
        (&mut file).take(PARQUET.len() as u64).read_to_end(&mut begins).map_err(unreadable)?;
        if begins != PARQUET {
            return Err(refused(format!(
                "not a Parquet file; accepted are a run directory, its {TABLE}, or a table like it"
            )));
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(&begins);
        hasher.update_reader(file).map_err(unreadable)?;
        let (bytes, blake3) = (hasher.count(), hasher.finalize().to_hex().to_string());
        let manifest = if is_run { manifest_of(path).map_err(&refused)? } else { None };
        let sealed = manifest.iter().flat_map(|manifest| &manifest.outputs).find(|output| output.file == TABLE);
        if manifest.is_some() && sealed.is_none_or(|sealed| sealed.blake3 != blake3) {
            return Err(refused(format!(
                "{TABLE} is not the file that {MANIFEST} names; give the file itself to read it as a table alone"
            )));
        }
        Ok(Self { name: name.to_owned(), table, bytes, blake3, manifest })
    }

    /// What stands for its content: the content digest of the run, or the digest of the file.
    pub fn content(&self) -> &str {
        self.manifest.as_ref().map_or(&self.blake3, |manifest| &manifest.content_digest)
    }

    /// The digests of its rulesets by `id@version`, as far as they are known.
    pub fn rulesets(&self) -> BTreeMap<String, String> {
        let known = self.manifest.iter().flat_map(|manifest| manifest.rulesets.iter().chain([&manifest.ruleset]));
        known.map(|ruleset| (ruleset.label(), ruleset.digest.clone())).collect()
    }

    /// Whether it is known to be the work of this very program.
    pub fn is_by(&self, program: &manifest::Program) -> bool {
        self.manifest.as_ref().is_some_and(|manifest| {
            manifest.program.digest.is_some()
                && (&manifest.program.version, &manifest.program.digest) == (&program.version, &program.digest)
        })
    }
}

fn manifest_of(run: &Path) -> Result<Option<Manifest>, String> {
    match std::fs::read_to_string(run.join(MANIFEST)) {
        Ok(text) => serde_json::from_str(&text).map(Some).map_err(|error| format!("{MANIFEST}: {error}")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{MANIFEST}: {error}")),
    }
}

/// Expands globs, in sorted order, and refuses a table that is given twice.
pub(super) fn resolve(given: &[String]) -> Result<Vec<Stored>, RunError> {
    let mut parts: Vec<Stored> = Vec::new();
    for name in given {
        let names = if Path::new(name).exists() || !name.contains(['*', '?', '[']) {
            vec![name.clone()]
        } else {
            matches(name)?
        };
        for name in names {
            parts.push(Stored::open(&name)?);
        }
    }
    let identity = |part: &Stored| std::fs::metadata(&part.table).ok().map(|file| (file.dev(), file.ino()));
    for (at, part) in parts.iter().enumerate() {
        if parts[..at].iter().any(|earlier| identity(earlier) == identity(part)) {
            return Err(RunError::Usage(format!(
                "{}: the table is given twice; its orders would count twice",
                part.name
            )));
        }
    }
    Ok(parts)
}

fn matches(name: &str) -> Result<Vec<String>, RunError> {
    let found = glob::glob(name).map_err(|error| RunError::Usage(format!("{name}: not a glob: {error}")))?;
    let found: Vec<String> = found.flatten().map(|path| path.display().to_string()).collect();
    if found.is_empty() {
        return Err(RunError::Input { file: name.to_owned(), message: "no file matches".to_owned() });
    }
    Ok(found)
}
