//! Code systems as types: what a diagnosis, procedure or drug code *is*, before anyone asks what it means.
//!
//! Each type is a small `Copy` value in one canonical spelling, made by one normaliser. A cell that is no
//! code of the system is a value too ([`Malformed`]), never a panic and never a guess: a letter typed for a
//! digit is not repaired.

mod cell;
mod diagnosis;
mod hcpcs;
mod icd10;
mod icd9;
mod ndc;
mod procedure;
mod product;

pub(crate) use cell::in_lower_case;
pub use cell::{NULL_TOKENS, is_null_token, trim_cell};
pub use diagnosis::{CodeVersion, DiagnosisCode, ICD10_START, read_diagnosis};
pub use hcpcs::{Hcpcs, Modifier, ProcedureCell};
pub use icd9::Icd9;
pub use icd10::Icd10;
pub use ndc::{Ndc, NdcProduct};
pub use procedure::{Atc, Icd9Procedure, Icd10Pcs, RxNorm};
pub use product::{CodeCell, ProcedureCode, ProductCode, ProductSystem};

/// Why a cell is not a code of the system it was read as. Carries no part of the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Nothing is left after spaces and quotes are taken off.
    #[error("the cell is empty")]
    Empty,
    /// A character that no code of the system holds, by its code point (which is no value of a record).
    #[error("character U+{0:04X} cannot stand in a code")]
    Character(u32),
    /// The characters are allowed, their number or order is not.
    #[error("the cell has not the shape of a code")]
    Shape,
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::cells;
