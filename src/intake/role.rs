//! Which part of an export a file is.
//!
//! Many systems send one export as several files: claim lines in one, diagnoses or birth dates in others. A layout
//! says how such files belong together; the command line says which file is which, as `ROLE=PATH`. The roles are a
//! fixed list, so that a misspelt one is an error and never a file that silently goes unread.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// The part that a file has in an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The order or claim lines: what is audited. A file that is given without a role is this.
    #[default]
    Lines,
    /// One record a claim: what its lines share.
    Claims,
    /// Diagnoses in long form, one a record.
    Diagnoses,
    /// Names of diagnoses or products by their keys.
    Names,
    /// One record a patient: birth date and sex.
    Patients,
    /// The payer's authorizations and their decisions.
    Authorizations,
}

impl Role {
    /// Every role, in the order in which messages list them.
    pub const ALL: [Self; 6] =
        [Self::Lines, Self::Claims, Self::Diagnoses, Self::Names, Self::Patients, Self::Authorizations];

    /// The word on the command line, in layouts and in the manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Claims => "claims",
            Self::Diagnoses => "diagnoses",
            Self::Names => "names",
            Self::Patients => "patients",
            Self::Authorizations => "authorizations",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no role. The message lists those that are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is no role of a file; the roles are {}", Role::ALL.map(Role::as_str).join(", "))]
pub struct UnknownRole {
    /// The word as given.
    pub word: String,
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        let known = Self::ALL.into_iter().find(|role| role.as_str() == word);
        known.ok_or_else(|| UnknownRole { word: word.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_back_from_its_word_and_no_other_word_is_one() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        for word in ["", "line", "Lines", "lines ", "patient"] {
            let error = word.parse::<Role>().unwrap_err().to_string();
            assert!(Role::ALL.iter().all(|role| error.contains(role.as_str())), "{error}");
        }
        assert_eq!(Role::default(), Role::Lines);
    }
}
