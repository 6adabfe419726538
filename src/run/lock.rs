//! One run at a time: a lock that the kernel releases however the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::error::RunError;

/// The lock's file name in the output directory, outside everything that is swapped.
const LOCK_FILE: &str = ".lock";

/// Holds the lock of an output directory until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, without waiting.
    pub fn take(out: &Path) -> Result<Self, RunError> {
        let path = out.join(LOCK_FILE);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(RunError::write(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(RunError::Locked(path)),
            Err(TryLockError::Error(error)) => Err(RunError::Write { path, error }),
        }
    }
}
