//! Publishing: the rename that makes a run visible, the ledger, and the link that points at the newest.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::error::RunError;
use super::ledger::{self, Entry};
use super::staging::Staging;
use crate::manifest::Manifest;

/// The link to the newest published run.
const LATEST: &str = "latest";

fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Renames a sealed staging directory to the name of its run, enters it in the ledger, and moves `latest`.
/// A held run gets another name, and `latest` stays.
pub(super) fn publish(staging: &Staging, out: &Path, manifest: &Manifest, held: bool) -> Result<PathBuf, RunError> {
    let name = if held { format!("{}.held", manifest.run_id) } else { manifest.run_id.clone() };
    let target = out.join(&name);
    let entry = Entry {
        run: &name,
        outcome: if held { "held" } else { "published" },
        content_digest: &manifest.content_digest,
        ruleset: manifest.ruleset.label(),
        started: &manifest.started,
        records: manifest.counts.records.read,
        orders: manifest.counts.orders.total,
        rejected: manifest.counts.records.rejected_total(),
    };
    let link = out.join(LATEST);
    let swap = || -> io::Result<()> {
        sync_dir(&staging.dir)?;
        if target.symlink_metadata().is_ok() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "a run of this name is there already"));
        }
        if link.symlink_metadata().is_ok_and(|there| !there.is_symlink()) {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                "`latest` is there and is not a link; move it away",
            ));
        }
        std::fs::rename(&staging.dir, &target)?;
        sync_dir(out)
    };
    swap().map_err(RunError::write(&target))?;
    let announce = || -> io::Result<()> {
        ledger::append(out, &entry)?;
        if !held {
            let partial = out.join(format!(".{LATEST}.partial"));
            std::os::unix::fs::symlink(&name, &partial)?;
            std::fs::rename(&partial, &link)?;
            sync_dir(out)?;
        }
        Ok(())
    };
    announce().map_err(|error| RunError::Announce { run: target.clone(), error })?;
    Ok(target)
}

/// The newest published run and its manifest, if there is one that can be read.
pub(super) fn latest(out: &Path) -> Option<(PathBuf, Manifest)> {
    let dir = out.join(std::fs::read_link(out.join(LATEST)).ok()?);
    let manifest = serde_json::from_str(&std::fs::read_to_string(dir.join("manifest.json")).ok()?).ok()?;
    Some((dir, manifest))
}
