//! The staging directory: where a run is written before anybody can read it.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, BufWriter};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::error::RunError;
use crate::manifest::Output;

/// What the names of staging directories end with; a run that was killed leaves one, the next run sweeps it.
const PARTIAL: &str = ".partial";

/// A run directory in the making.
#[derive(Debug)]
pub(super) struct Staging {
    pub dir: PathBuf,
    mode: Mode,
}

/// Who may read what is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    /// The group that may read, if any.
    pub group: Option<u32>,
}

impl Mode {
    fn file(self) -> u32 {
        if self.group.is_some() { 0o640 } else { 0o600 }
    }

    fn dir(self) -> u32 {
        if self.group.is_some() { 0o750 } else { 0o700 }
    }

    /// Sets mode and group on a path, whatever the umask was.
    fn apply(self, path: &Path, bits: u32) -> io::Result<()> {
        std::fs::set_permissions(path, Permissions::from_mode(bits))?;
        if let Some(group) = self.group {
            std::os::unix::fs::chown(path, None, Some(group))?;
        }
        Ok(())
    }
}

/// Creates the output directory if it is not there.
pub(super) fn create_out(out: &Path, mode: Mode) -> Result<(), RunError> {
    if out.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(mode.dir()).create(out).map_err(RunError::write(out))?;
    mode.apply(out, mode.dir()).map_err(RunError::write(out))
}

/// Removes what killed runs left. Called under the lock.
pub(super) fn sweep(out: &Path) -> Result<(), RunError> {
    for entry in std::fs::read_dir(out).map_err(RunError::write(out))? {
        let entry = entry.map_err(RunError::write(out))?;
        let name = entry.file_name();
        let partial = name.to_str().is_some_and(|name| name.starts_with('.') && name.ends_with(PARTIAL));
        let kind = entry.file_type().map_err(RunError::write(entry.path()))?;
        if partial && kind.is_dir() {
            std::fs::remove_dir_all(entry.path()).map_err(RunError::write(entry.path()))?;
        } else if partial {
            std::fs::remove_file(entry.path()).map_err(RunError::write(entry.path()))?;
        }
    }
    Ok(())
}

impl Staging {
    /// Makes a fresh staging directory; refuses one that is there.
    pub fn create(out: &Path, stamp: &str, mode: Mode) -> Result<Self, RunError> {
        let dir = out.join(format!(".{stamp}{PARTIAL}"));
        DirBuilder::new().mode(mode.dir()).create(&dir).map_err(RunError::write(&dir))?;
        mode.apply(&dir, mode.dir()).map_err(RunError::write(&dir))?;
        Ok(Self { dir, mode })
    }

    /// A new file of the run.
    pub fn file(&self, name: &str) -> Result<BufWriter<File>, RunError> {
        let path = self.dir.join(name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(self.mode.file())
            .open(&path)
            .map_err(RunError::write(&path))?;
        self.mode.apply(&path, self.mode.file()).map_err(RunError::write(&path))?;
        Ok(BufWriter::with_capacity(256 << 10, file))
    }

    /// Writes a whole file.
    pub fn write(&self, name: &str, text: &str) -> Result<(), RunError> {
        use io::Write;
        let mut file = self.file(name)?;
        file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(RunError::write(self.dir.join(name)))
    }

    /// Syncs a file and says what it holds, by reading it again.
    pub fn seal(&self, name: &str) -> Result<Output, RunError> {
        let path = self.dir.join(name);
        let sealed = || -> io::Result<Output> {
            let file = File::open(&path)?;
            file.sync_all()?;
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(&file)?;
            let bytes = hasher.count();
            Ok(Output { file: name.to_owned(), bytes, blake3: hasher.finalize().to_hex().to_string() })
        };
        sealed().map_err(RunError::write(&path))
    }

    /// Gives up: removes everything.
    pub fn discard(self) -> Result<(), RunError> {
        std::fs::remove_dir_all(&self.dir).map_err(RunError::write(&self.dir))
    }
}
