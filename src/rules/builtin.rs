//! The rulesets that ship with the program.

use super::error::{Problem, RulesError, accepted};
use super::files::RuleFiles;
use super::named::Named;
use super::ruleset::Ruleset;

impl Ruleset {
    /// Loads a shipped ruleset by id.
    ///
    /// # Errors
    /// [`RulesError`] if there is none with this id; it names those that there are.
    pub fn builtin(id: &str) -> Result<Self, RulesError> {
        let files = RuleFiles::builtin();
        let known = files.ruleset_ids();
        if !known.iter().any(|other| other == id) {
            let message = format!(
                "no such ruleset; accepted are {}, or a directory that holds a ruleset.toml",
                accepted(known.iter().map(String::as_str))
            );
            return Err(RulesError::one(Problem::new(id, None, message)));
        }
        Self::load(&files, id)
    }

    /// Loads a shipped ruleset by id, or a site's own by its directory. An id that ships wins over a folder that is
    /// called the same.
    ///
    /// # Errors
    /// [`RulesError`] if it is neither, names several (`in-force`), or is not valid.
    pub fn open(id_or_dir: &str) -> Result<Self, RulesError> {
        let Some(named) = Named::read(id_or_dir) else { return Self::builtin(id_or_dir) };
        let (files, name) = named.one()?;
        Self::load(&files, &name)
    }
}
