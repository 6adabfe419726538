//! The ledger: one line a published or held run, appended and never changed.
//!
//! A run directory may be moved or deleted by a retention rule; the ledger still says that it was.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::Serialize;

/// The ledger's file name in the output directory.
const LEDGER: &str = "ledger.jsonl";

/// One line of the ledger. Counts only, no value of any record.
#[derive(Debug, Serialize)]
pub(super) struct Entry<'run> {
    pub run: &'run str,
    /// `published` or `held`.
    pub outcome: &'static str,
    pub content_digest: &'run str,
    pub ruleset: String,
    pub started: &'run str,
    pub records: u64,
    pub orders: u64,
    pub rejected: u64,
}

/// Appends an entry and syncs it.
pub(super) fn append(out: &Path, entry: &Entry<'_>) -> io::Result<()> {
    let mut line = serde_json::to_vec(entry)?;
    line.push(b'\n');
    let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(out.join(LEDGER))?;
    file.write_all(&line)?;
    file.sync_all()
}
