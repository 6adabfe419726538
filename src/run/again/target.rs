//! The directory of a report from stored assessments.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::run::error::RunError;
use crate::run::staging::{Mode, Staging};
use crate::run::writing::{FINDINGS, REPORT, SUMMARY};

/// The directory that is made, whole or not at all.
pub(super) struct Target<'run> {
    out: &'run Path,
    parent: PathBuf,
    name: String,
}

impl<'run> Target<'run> {
    /// Refuses what is there, unless it may be replaced and is a report.
    pub(super) fn open(out: &'run Path, force: bool) -> Result<Self, RunError> {
        let name = out.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.ok_or_else(|| RunError::Usage(format!("{}: not a name for a directory", out.display())))?;
        let parent = match out.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        if out.symlink_metadata().is_ok() {
            if !force {
                let message = format!("{} is there already; --force replaces a report", out.display());
                return Err(RunError::Usage(message));
            }
            if !is_a_report(out) {
                let message = format!("{} holds something else than a report and is not replaced", out.display());
                return Err(RunError::Usage(message));
            }
        }
        Ok(Self { out, parent, name })
    }

    pub(super) fn staging(&self, mode: Mode) -> Result<Staging, RunError> {
        std::fs::create_dir_all(&self.parent).map_err(RunError::write(&self.parent))?;
        Staging::create(&self.parent, &format!("{}.{}", self.name, std::process::id()), mode)
    }

    /// Puts the report in place; the one that it replaces is removed when it is.
    pub(super) fn publish(&self, staging: &Staging) -> Result<(), RunError> {
        let old = self.parent.join(format!(".{}.{}.old.partial", self.name, std::process::id()));
        let replaces = self.out.symlink_metadata().is_ok();
        let swap = || -> std::io::Result<()> {
            File::open(&staging.dir)?.sync_all()?;
            if replaces {
                std::fs::rename(self.out, &old)?;
            }
            std::fs::rename(&staging.dir, self.out)?;
            File::open(&self.parent)?.sync_all()?;
            if replaces { std::fs::remove_dir_all(&old) } else { Ok(()) }
        };
        swap().map_err(RunError::write(self.out))
    }
}

/// Whether a directory holds a report's files and nothing else.
fn is_a_report(dir: &Path) -> bool {
    let ours = |name: &str| name == REPORT || name == SUMMARY || name == FINDINGS || name.starts_with("findings.");
    !dir.is_symlink()
        && std::fs::read_dir(dir).is_ok_and(|entries| {
            entries.flatten().all(|entry| entry.file_name().to_str().is_some_and(ours) && !entry.path().is_dir())
        })
}
