//! The content digest: what makes two runs the same run.
//!
//! The day of the run decides one thing, which orders lie in the future. For the same inputs that set only
//! shrinks from day to day, so its size stands for the day: a rerun on another day is the same run exactly when
//! it says the same.

use std::collections::BTreeMap;

use super::settings::Settings;
use crate::manifest;
use crate::rules::Rulebook;

/// The option under which a manifest names the content of the run that the run was compared with.
pub(super) const PREVIOUS: &str = "previous";

/// What decides the content of a run, and nothing else: no clock, no path of the output, no thread count.
pub(super) fn digest(
    settings: &Settings,
    previous: Option<&str>,
    rulebook: &Rulebook,
    layouts: &BTreeMap<String, String>,
    inputs: &[manifest::Input],
    in_future: u64,
) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    part(env!("CARGO_PKG_VERSION"));
    part(&rulebook.name());
    part(&rulebook.digest());
    if let Some(beside) = rulebook.beside() {
        part(&beside.info.name());
        part(&beside.info.digest);
    }
    part(&rulebook.newest().course.digest);
    for (id, digest) in layouts {
        part(id);
        part(digest);
    }
    for (name, value) in options(settings, previous) {
        part(&name);
        part(&value);
    }
    part(&in_future.to_string());
    for input in inputs {
        part(&input.file);
        part(&input.blake3);
        if let Some(role) = &input.role {
            part(role);
        }
    }
    hasher.finalize().to_hex().to_string()
}

/// The options that shape what a run says. `previous` is the content of the run that it is compared with.
pub(super) fn options(settings: &Settings, previous: Option<&str>) -> BTreeMap<String, String> {
    let mut options = BTreeMap::from([("max-rejected".to_owned(), settings.max_rejected.to_string())]);
    if let Some(as_of) = settings.as_of {
        options.insert("as-of".to_owned(), as_of.to_string());
    }
    // The key's own id, which does not tell the key: another one gives other labels, and is another run.
    if let Some(key) = &settings.pseudonyms {
        options.insert("pseudonym-key".to_owned(), key.id());
    }
    if let Some(previous) = previous {
        options.insert(PREVIOUS.to_owned(), previous.to_owned());
    }
    options
}
