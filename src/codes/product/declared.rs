//! Product codes whose system is declared: no shape is weighed against another.

use super::{CodeCell, ProcedureCode, ProductCode};
use crate::codes::{
    Atc, Hcpcs, Icd9Procedure, Icd10Pcs, Malformed, Ndc, ProcedureCell, RxNorm, is_null_token, trim_cell,
};

/// The system of product codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductSystem {
    /// HCPCS Level II and CPT.
    Hcpcs,
    /// ICD-10-PCS.
    Icd10Pcs,
    /// ICD-9-CM procedures.
    Icd9Procedure,
    /// ATC.
    Atc,
    /// `RxNorm`.
    Rxnorm,
    /// National Drug Codes.
    Ndc,
}

impl ProductSystem {
    /// Every system, with the word that layouts have for it.
    pub const ALL: [(&'static str, Self); 6] = [
        ("hcpcs", Self::Hcpcs),
        ("icd10-pcs", Self::Icd10Pcs),
        ("icd9-procedure", Self::Icd9Procedure),
        ("atc", Self::Atc),
        ("rxnorm", Self::Rxnorm),
        ("ndc", Self::Ndc),
    ];
}

impl CodeCell {
    /// Reads a product code cell that is known to hold a code of one of `systems`: a code of another is none. The code is
    /// certain, so digits alone are no item number of the site's own.
    ///
    /// # Errors
    /// [`Malformed`] if the cell is empty or holds no code of these systems.
    pub fn declared(cell: &str, systems: &[ProductSystem]) -> Result<Self, Malformed> {
        let is = |system| systems.contains(&system);
        if is(ProductSystem::Hcpcs)
            && let Some(code) = Hcpcs::from_bytes(cell.as_bytes())
        {
            return Ok(Self { code: Some(code.into()), modifiers: Vec::new(), ndc: Vec::new() });
        }
        let trimmed = trim_cell(cell);
        if is_null_token(trimmed) {
            return Err(Malformed::Empty);
        }
        let rejoined = if is(ProductSystem::Hcpcs) { super::rejoined(trimmed) } else { None };
        let trimmed = super::without_float_tail(rejoined.as_deref().unwrap_or(trimmed));
        if trimmed.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
            return Err(Malformed::Empty);
        }
        let hcpcs = if is(ProductSystem::Hcpcs) { ProcedureCell::parse(trimmed).ok() } else { None };
        let read = |system, code: Option<ProductCode>| code.filter(|_| is(system));
        let procedure = read(ProductSystem::Icd10Pcs, Icd10Pcs::parse(trimmed).ok().map(ProductCode::Icd10Pcs))
            .or_else(|| {
                read(ProductSystem::Icd9Procedure, Icd9Procedure::parse(trimmed).ok().map(ProductCode::Icd9Procedure))
            });
        let concept = read(ProductSystem::Atc, Atc::parse(trimmed).ok().map(ProductCode::Atc))
            .or_else(|| read(ProductSystem::Rxnorm, RxNorm::parse(trimmed).ok().map(ProductCode::RxNorm)));
        let ndc = if is(ProductSystem::Ndc) { Ndc::candidates(trimmed).unwrap_or_default() } else { Vec::new() };
        let modifiers = hcpcs.as_ref().map(|cell| cell.modifiers.clone()).unwrap_or_default();
        let readings = [hcpcs.map(|cell| ProductCode::Hcpcs(cell.code)), procedure, concept];
        let bare = trimmed.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let glued = if bare { modifiers.len() as u8 } else { 0 };
        let code = readings.iter().any(Option::is_some).then_some(ProcedureCode { readings, certain: true, glued });
        if code.is_none() && ndc.is_empty() { Err(Malformed::Shape) } else { Ok(Self { code, modifiers, ndc }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(cell: &str, system: ProductSystem) -> Result<Vec<String>, Malformed> {
        let code = CodeCell::declared(cell, &[system])?.code.expect("a code");
        assert!(code.is_certain(), "{cell}");
        Ok(code.readings().map(|each| each.to_string()).collect())
    }

    #[test]
    fn a_declared_system_is_the_only_reading_and_certain() {
        assert_eq!(readings("1234", ProductSystem::Icd9Procedure).unwrap(), ["12.34"]);
        assert_eq!(readings("1234", ProductSystem::Rxnorm).unwrap(), ["1234"]);
        assert_eq!(readings("A12BC03", ProductSystem::Atc).unwrap(), ["A12BC03"]);
        assert_eq!(readings("a1234", ProductSystem::Hcpcs).unwrap(), ["A1234"]);
    }

    #[test]
    fn what_has_not_the_shape_of_the_system_is_no_code() {
        for (cell, system) in [
            ("V4201", ProductSystem::Icd9Procedure),
            ("99999", ProductSystem::Icd9Procedure),
            ("A1234", ProductSystem::Icd10Pcs),
            ("1234", ProductSystem::Hcpcs),
            ("A1234", ProductSystem::Rxnorm),
        ] {
            assert_eq!(readings(cell, system), Err(Malformed::Shape), "{cell}");
        }
        assert_eq!(readings("~", ProductSystem::Hcpcs), Err(Malformed::Empty));
    }

    #[test]
    fn a_declared_ndc_is_an_ndc() {
        let cell = CodeCell::declared("01234567890", &[ProductSystem::Ndc]).unwrap();
        assert_eq!((cell.ndc.len(), cell.code), (1, None));
    }
}
