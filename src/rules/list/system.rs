//! The code systems that lists may hold.

use crate::codes::{CodeVersion, DiagnosisCode, Icd9, Icd10, Malformed};
use crate::rules::error::accepted;

/// A code system as the files call it, and as people do.
#[derive(Debug, Clone, Copy)]
pub(super) struct System {
    pub id: &'static str,
    pub title: &'static str,
    pub version: CodeVersion,
}

/// All of them.
const SYSTEMS: [System; 2] = [
    System { id: "icd10cm", title: "ICD-10-CM", version: CodeVersion::Icd10 },
    System { id: "icd9cm", title: "ICD-9-CM", version: CodeVersion::Icd9 },
];

impl System {
    /// The system that the files call so.
    pub fn find(id: &str) -> Option<Self> {
        SYSTEMS.into_iter().find(|system| system.id == id)
    }

    /// Reads a code of this system.
    pub fn read(self, code: &str) -> Result<DiagnosisCode, Malformed> {
        match self.version {
            CodeVersion::Icd10 => Icd10::parse(code).map(DiagnosisCode::Icd10),
            CodeVersion::Icd9 => Icd9::parse(code).map(DiagnosisCode::Icd9),
        }
    }
}

/// What is said of a system that is none of them.
pub(super) fn unknown(id: &str) -> String {
    format!("unknown system `{id}`; accepted are {}", accepted(SYSTEMS.map(|system| system.id)))
}
