//! What a product code cell may mean: the same characters can be codes of several systems.

mod declared;

use std::fmt;

pub use declared::ProductSystem;

use super::{Atc, Hcpcs, Icd9Procedure, Icd10Pcs, Malformed, Modifier, Ndc, NdcProduct, ProcedureCell, RxNorm};
use super::{is_null_token, trim_cell};

/// A code that names a product, in one of the systems that exports use.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProductCode {
    /// HCPCS Level II or CPT.
    Hcpcs(Hcpcs),
    /// ICD-10-PCS.
    Icd10Pcs(Icd10Pcs),
    /// ICD-9-CM procedure.
    Icd9Procedure(Icd9Procedure),
    /// ATC class.
    Atc(Atc),
    /// `RxNorm` concept.
    RxNorm(RxNorm),
    /// National Drug Code, of any package.
    Ndc(NdcProduct),
}

/// The codes that a procedure cell may be, at most one of each system. Seven characters can be an ICD-10-PCS code, an
/// ATC class, or a HCPCS code with a modifier; which of them it is, only a list of products can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcedureCode {
    readings: [Option<ProductCode>; 3],
    certain: bool,
    glued: u8,
}

/// What a product code cell held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeCell {
    /// The procedure or drug code.
    pub code: Option<ProcedureCode>,
    /// Modifiers behind a HCPCS code, in the order written.
    pub modifiers: Vec<Modifier>,
    /// Readings of an NDC that stands in the cell instead.
    pub ndc: Vec<Ndc>,
}

impl ProcedureCode {
    /// Reads a cell as [`CodeCell::parse`] does, for its code alone.
    ///
    /// # Errors
    /// [`Malformed`] if the cell holds none.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        CodeCell::parse(cell)?.code.ok_or(Malformed::Shape)
    }

    /// The codes that it may be.
    pub fn readings(&self) -> impl Iterator<Item = ProductCode> {
        self.readings.into_iter().flatten()
    }

    /// Whether its shape is that of a code and of nothing else. Digits alone, but for the five of a CPT code, may as well be
    /// an item number of the site's own.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.certain
    }

    /// How many of the modifiers were written right behind the code, and are none if it is no HCPCS code after all.
    #[must_use]
    pub fn glued_modifiers(&self) -> usize {
        usize::from(self.glued)
    }
}

impl From<Hcpcs> for ProcedureCode {
    fn from(code: Hcpcs) -> Self {
        Self { readings: [Some(ProductCode::Hcpcs(code)), None, None], certain: true, glued: 0 }
    }
}

impl CodeCell {
    /// Reads a product code cell: a code of any system, a HCPCS code with modifiers or a description behind it, or an NDC.
    ///
    /// # Errors
    /// [`Malformed`] if the cell is empty or holds no code of any system.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        // Nearly every cell of a claims export is a billing code and nothing else.
        if let Some(code) = Hcpcs::from_bytes(cell.as_bytes()) {
            return Ok(Self { code: Some(code.into()), modifiers: Vec::new(), ndc: Vec::new() });
        }
        let trimmed = trim_cell(cell);
        if is_null_token(trimmed) {
            return Err(Malformed::Empty);
        }
        let rejoined = rejoined(trimmed);
        let trimmed = without_float_tail(rejoined.as_deref().unwrap_or(trimmed));
        let digits = trimmed.bytes().all(|byte| byte.is_ascii_digit());
        if trimmed.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
            return Err(Malformed::Empty);
        }
        if trimmed.len() > 5
            && (trimmed.contains('-') || digits && trimmed.len() >= 10)
            && let Some(ndc) = hyphenated_or_long(trimmed)
        {
            return Ok(Self { code: None, modifiers: Vec::new(), ndc });
        }
        let hcpcs = ProcedureCell::parse(trimmed).ok();
        if trimmed.len() == 5
            && let Some(cell) = &hcpcs
        {
            return Ok(Self { code: Some(cell.code.into()), modifiers: Vec::new(), ndc: Vec::new() });
        }
        let ndc = if digits && trimmed.len() == 9 { Ndc::candidates(trimmed).unwrap_or_default() } else { Vec::new() };
        let class = Atc::parse(trimmed).ok().map(ProductCode::Atc);
        let concept = RxNorm::parse(trimmed).ok().map(ProductCode::RxNorm);
        let procedure = Icd10Pcs::parse(trimmed)
            .map(ProductCode::Icd10Pcs)
            .or_else(|_| Icd9Procedure::parse(trimmed).map(ProductCode::Icd9Procedure))
            .ok();
        let modifiers = hcpcs.as_ref().map(|cell| cell.modifiers.clone()).unwrap_or_default();
        let readings = [hcpcs.map(|cell| ProductCode::Hcpcs(cell.code)), procedure, class.or(concept)];
        let glued = if trimmed.bytes().all(|byte| byte.is_ascii_alphanumeric()) { modifiers.len() as u8 } else { 0 };
        let code = readings.iter().any(Option::is_some).then_some(ProcedureCode { readings, certain: !digits, glued });
        if code.is_none() && ndc.is_empty() { Err(Malformed::Shape) } else { Ok(Self { code, modifiers, ndc }) }
    }
}

/// A code without the `.0` that a spreadsheet writes behind what it takes for a number. Two digits and `.0` are a code of their
/// own and stay.
fn without_float_tail(trimmed: &str) -> &str {
    match trimmed.split_once('.') {
        Some((code, tail))
            if code.len() > 3
                && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && !tail.is_empty()
                && tail.bytes().all(|byte| byte == b'0') =>
        {
            code
        }
        _ => trimmed,
    }
}

/// A billing code whose letter and digits a hyphen or a space parts, `A-1234` or `A 1234`, in one piece.
fn rejoined(trimmed: &str) -> Option<String> {
    let bytes = trimmed.as_bytes();
    let parted = bytes.len() >= 6
        && bytes[0].is_ascii_alphabetic()
        && matches!(bytes[1], b'-' | b' ')
        && bytes[2..6].iter().all(u8::is_ascii_digit)
        && bytes.get(6).is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric());
    parted.then(|| format!("{}{}", &trimmed[..1], &trimmed[2..]))
}

/// An NDC with hyphens in a form that leaves no doubt, or ten and eleven bare digits.
fn hyphenated_or_long(trimmed: &str) -> Option<Vec<Ndc>> {
    if trimmed.contains('-') {
        return Ndc::parse(trimmed).ok().map(|code| vec![code]);
    }
    Ndc::candidates(trimmed).ok()
}

impl fmt::Display for ProductCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hcpcs(code) => code.fmt(f),
            Self::Icd10Pcs(code) => fmt::Display::fmt(code, f),
            Self::Icd9Procedure(code) => fmt::Display::fmt(code, f),
            Self::Atc(code) => fmt::Display::fmt(code, f),
            Self::RxNorm(code) => fmt::Display::fmt(code, f),
            Self::Ndc(code) => fmt::Display::fmt(code, f),
        }
    }
}

impl fmt::Debug for ProductCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(cell: &str) -> Vec<String> {
        ProcedureCode::parse(cell)
            .map(|code| code.readings().map(|each| each.to_string()).collect())
            .unwrap_or_default()
    }

    #[test]
    fn a_cell_is_read_as_every_system_that_it_has_the_shape_of() {
        assert_eq!(readings("A1234"), ["A1234"]);
        assert_eq!(readings("12345"), ["12345"], "five digits are a CPT code");
        assert_eq!(readings("1234"), ["12.34", "1234"], "procedure or concept");
        assert_eq!(readings("12.34"), ["12.34"]);
        assert_eq!(readings("A12BC03"), ["A12BC03", "A12BC03"], "ICD-10-PCS and ATC");
        assert_eq!(readings("A1234BC"), ["A1234", "A1234BC"], "a modifier, or two characters more of ICD-10-PCS");
        assert_eq!(readings("1234567"), ["12345", "1234567", "1234567"]);
        assert_eq!(readings("A12BC"), ["A12BC"]);
        for cell in ["A12345", "see note", "AB", "~", "12345678901", "1234-5678-90"] {
            assert_eq!(readings(cell), Vec::<String>::new(), "{cell}");
        }
    }

    #[test]
    fn what_spreadsheets_and_fixed_widths_put_round_a_code_comes_off() {
        for cell in ["A1234.0", "a-1234", "A 1234", "  A1234   ", "A1234.00", "a1234", "A-1234.0", "\tA1234\u{a0}"] {
            assert_eq!(readings(cell), ["A1234"], "{cell}");
        }
        assert_eq!(readings("12345.0"), ["12345"], "a CPT code that turned float");
        assert_eq!(readings("1234.0"), ["12.34", "1234"], "an ICD-9 procedure or a concept that turned float");
        assert_eq!(readings("12.0"), ["12.0"], "a procedure with its dot");
        assert_eq!(CodeCell::parse("44206043705.0").unwrap().ndc, [Ndc::parse("44206043705").unwrap()]);
        assert_eq!(CodeCell::parse("A-1234 XY").unwrap().modifiers.len(), 1);
        for cell in ["A-123", "AB-1234", "A--1234", "A-12345", "A-1234é", "A.1234", "A12345.0", "A1234.5", "1.2345E+4"]
        {
            assert!(ProcedureCode::parse(cell).is_err(), "{cell}");
        }
    }

    #[test]
    fn nine_digits_may_be_an_ndc_without_its_package_and_zeros_are_nothing() {
        let cell = CodeCell::parse("009442700").unwrap();
        assert_eq!(cell.ndc.iter().map(ToString::to_string).collect::<Vec<_>>(), ["00944-2700"]);
        for zeros in ["0", "00000", "00000000000", "0.0", "0000000"] {
            assert_eq!(CodeCell::parse(zeros), Err(Malformed::Empty), "{zeros}");
        }
    }

    #[test]
    fn digits_alone_may_be_an_item_number_of_the_sites_own() {
        for cell in ["A1234", "12345", "12.34", "A12BC03", "A1234-XY", "A1234 some product"] {
            assert!(ProcedureCode::parse(cell).unwrap().is_certain(), "{cell}");
        }
        for cell in ["1234", "123456", "1234567"] {
            assert!(!ProcedureCode::parse(cell).unwrap().is_certain(), "{cell}");
        }
    }

    #[test]
    fn an_ndc_in_the_cell_is_told_from_a_code_with_modifiers() {
        assert_eq!(CodeCell::parse("01234-5678-90").unwrap().ndc, [Ndc::parse("01234567890").unwrap()]);
        assert_eq!(CodeCell::parse("01234567890").unwrap().code, None);
        assert_eq!(CodeCell::parse("1234567890").unwrap().ndc.len(), 3);
        let modified = CodeCell::parse("12345-25-59").unwrap();
        assert_eq!((modified.modifiers.len(), modified.ndc.len()), (2, 0));
    }

    #[test]
    fn modifiers_written_right_behind_a_code_are_counted() {
        let glued = |cell: &str| CodeCell::parse(cell).unwrap().code.unwrap().glued_modifiers();
        assert_eq!((glued("A1234BC"), glued("A1234-BC"), glued("A1234")), (1, 0, 0));
    }
}
