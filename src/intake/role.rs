//! The roles under which the files of one export are given.

use std::fmt;

use serde::Deserialize;

/// What a file is to the lines: their own, or a companion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Order or claim lines, with the product.
    Lines,
    /// Headers of claims: what all lines of a claim share.
    Claims,
    /// Diagnoses, one a record.
    Diagnoses,
    /// Names and codes of diagnoses that other files name by an id.
    Names,
    /// Patients: birth date, sex.
    Patients,
    /// Prior authorizations with the payer's decision.
    Authorizations,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] =
        [Self::Lines, Self::Claims, Self::Diagnoses, Self::Names, Self::Patients, Self::Authorizations];

    /// The word of the command line.
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

impl std::str::FromStr for Role {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.as_str() == word).ok_or(())
    }
}
