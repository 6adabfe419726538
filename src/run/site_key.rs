//! The site's key for pseudonyms, read from its file.
//!
//! Messages name neither the file nor what is in it: who mistakes the option gives the key itself for a path.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::error::RunError;
use crate::report::pseudonym::{MAX_KEY, PseudonymKey};

/// How a key is made.
const HOW: &str = "Make one with: (umask 077; openssl rand -out FILE 32)";

/// What others, who are neither the owner nor in the file's group, may do with it.
const OTHERS: u32 = 0o007;

/// Reads a key. All bytes of the file count.
///
/// # Errors
/// [`RunError::SiteKey`] if it cannot be read, may be read by everybody, or is no key.
pub fn read_site_key(path: &Path) -> Result<PseudonymKey, RunError> {
    let unreadable = |error: std::io::Error| RunError::SiteKey(format!("the file cannot be read: {error}. {HOW}"));
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_file() && metadata.permissions().mode() & OTHERS != 0 {
        let message = "everybody on this machine may use the file; close it with: chmod o-rwx FILE";
        return Err(RunError::SiteKey(message.to_owned()));
    }
    let mut bytes = Vec::new();
    // One byte more than a key may have, so that a longer file is seen to be none.
    file.take(MAX_KEY as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    PseudonymKey::new(&bytes).map_err(|error| RunError::SiteKey(format!("{error}. {HOW}")))
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, set_permissions, write};

    use super::*;

    fn told(path: &Path) -> String {
        read_site_key(path).map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn a_key_is_refused_if_it_is_short_or_open_to_everybody_and_no_message_shows_it() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("Secret-File-Name");
        assert!(told(&path).contains("openssl rand"), "a missing file: {}", told(&path));
        write(&path, "Sk3".repeat(10))?;
        set_permissions(&path, Permissions::from_mode(0o600))?;
        assert!(told(&path).contains("at least 32 bytes") && told(&path).contains("openssl rand"));
        let key: String = ('A'..='Z').chain('a'..='z').collect();
        write(&path, &key)?;
        assert_eq!(told(&path), "");
        for open in [0o604, 0o644, 0o666] {
            set_permissions(&path, Permissions::from_mode(open))?;
            assert!(told(&path).contains("chmod o-rwx"), "{open:o}");
        }
        for shown in ["Sk3", "Secret", "ABC"] {
            assert!(!told(&path).contains(shown));
        }
        set_permissions(&path, Permissions::from_mode(0o640))?;
        let (one, other) = (read_site_key(&path), read_site_key(&path));
        assert_eq!(one.map(|key| key.id()).ok(), other.map(|key| key.id()).ok());
        Ok(())
    }
}
