//! What a word names where rulesets are asked for: one that ships, a site's own by its directory, or those in force.

use std::path::{Path, PathBuf};

use super::error::{Problem, RulesError, accepted};
use super::files::RuleFiles;

/// The word that asks for the edition in force on each service date.
pub(super) const IN_FORCE: &str = "in-force";

/// What a word names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// A ruleset that ships, by id.
    Shipped(String),
    /// A site's own, by its directory.
    Site(PathBuf),
    /// Every shipped edition, each in its time.
    InForce,
    /// The same, with the site's own in the place of the one that it is laid over.
    InForceWith(PathBuf),
}

impl Named {
    /// Reads a word. A word with a meaning of its own has it whatever stands in the working directory: a folder that is
    /// called like a shipped ruleset is meant only where it is written as a path, `./aanem-2023`.
    /// None if it is neither this, nor a shipped ruleset, nor a directory.
    pub fn read(word: &str) -> Option<Self> {
        match word.strip_prefix(IN_FORCE) {
            Some("") => Some(Self::InForce),
            Some(rest) if rest.starts_with(':') => Some(Self::InForceWith(PathBuf::from(&rest[1..]))),
            _ if RuleFiles::builtin().ruleset_ids().iter().any(|id| id == word) => Some(Self::Shipped(word.to_owned())),
            _ => Path::new(word).is_dir().then(|| Self::Site(PathBuf::from(word))),
        }
    }

    /// The files of the one ruleset that is named, and the name under which it is found in them.
    ///
    /// # Errors
    /// [`RulesError`] if editions are named, which are several, or the directory cannot be read.
    pub fn one(self) -> Result<(RuleFiles, String), RulesError> {
        match self {
            Self::Shipped(id) => Ok((RuleFiles::builtin(), id)),
            Self::Site(dir) => RuleFiles::with_site_ruleset(&dir),
            Self::InForce | Self::InForceWith(_) => {
                let shipped = RuleFiles::builtin().ruleset_ids();
                let message = format!(
                    "these are several rulesets, each for its time; accepted here is one: {}, or a directory that holds a \
                     ruleset.toml",
                    accepted(shipped.iter().map(String::as_str))
                );
                Err(RulesError::one(Problem::new(IN_FORCE, None, message)))
            }
        }
    }
}
