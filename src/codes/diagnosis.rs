//! Which code system a diagnosis cell is written in.

use std::fmt;

use chrono::NaiveDate;

use super::cell::{Spelling, write_dotted};
use super::{Icd9, Icd10, Malformed};

/// The first service day on which US claims are coded in ICD-10-CM.
pub const ICD10_START: NaiveDate = NaiveDate::from_ymd_opt(2015, 10, 1).unwrap();

/// What a version column or a column's name says of the code system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeVersion {
    /// ICD-9-CM.
    Icd9,
    /// ICD-10-CM.
    Icd10,
}

/// A well-formed diagnosis code of one of the two systems.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DiagnosisCode {
    /// ICD-10-CM.
    Icd10(Icd10),
    /// ICD-9-CM.
    Icd9(Icd9),
}

impl DiagnosisCode {
    /// The characters without the dot.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Icd10(code) => code.as_bytes(),
            Self::Icd9(code) => code.as_bytes(),
        }
    }

    /// The code's system.
    #[must_use]
    pub fn version(&self) -> CodeVersion {
        match self {
            Self::Icd10(_) => CodeVersion::Icd10,
            Self::Icd9(_) => CodeVersion::Icd9,
        }
    }

    /// Adds the code as it is written, with its dot, to a text.
    pub fn push_to(&self, out: &mut String) {
        let head = match self {
            Self::Icd10(_) => Icd10::HEAD,
            Self::Icd9(code) => Icd9::head(code.as_bytes()).unwrap_or_default(),
        };
        // Writing to a text does not fail, and a code is of ASCII letters and digits.
        let _ = write_dotted(out, self.as_bytes(), head);
    }

    /// The category that the code belongs to.
    #[must_use]
    pub fn category(&self) -> Self {
        match self {
            Self::Icd10(code) => Self::Icd10(code.category()),
            Self::Icd9(code) => Self::Icd9(code.category()),
        }
    }

    /// The code and everything that it falls under, the category first.
    pub fn ancestry(&self) -> impl Iterator<Item = Self> {
        let shortest = self.category().as_bytes().len();
        (shortest..=self.as_bytes().len()).map(|len| match self {
            Self::Icd10(code) => Self::Icd10(code.prefix(len)),
            Self::Icd9(code) => Self::Icd9(code.prefix(len)),
        })
    }

    /// Whether US claims were coded in the code's system on a day.
    #[must_use]
    pub fn is_of_the_system_in_force(&self, service: NaiveDate) -> bool {
        (self.version() == CodeVersion::Icd10) == (service >= ICD10_START)
    }
}

impl fmt::Display for DiagnosisCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Icd10(code) => code.fmt(f),
            Self::Icd9(code) => code.fmt(f),
        }
    }
}

impl fmt::Debug for DiagnosisCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads one diagnosis cell. The code's shape decides, since version columns contradict codes in real
/// exports; where both systems have the shape (`V42.0`, `E819.0` without dots), the declared version
/// decides, and the service date after that.
///
/// # Errors
/// [`Malformed`] if the cell is a code of neither system.
pub fn read_diagnosis(
    cell: &str,
    declared: Option<CodeVersion>,
    service: Option<NaiveDate>,
) -> Result<DiagnosisCode, Malformed> {
    // One spelling serves both systems: what is too long for an ICD-9-CM code is none.
    let spelling = Spelling::read(cell)?;
    match (Icd10::spelt(&spelling), Icd9::spelt(&spelling)) {
        (Some(code), None) => Ok(DiagnosisCode::Icd10(code)),
        (None, Some(code)) => Ok(DiagnosisCode::Icd9(code)),
        (None, None) => Err(Malformed::Shape),
        (Some(ten), Some(nine)) => {
            let by_date =
                if service.is_some_and(|day| day < ICD10_START) { CodeVersion::Icd9 } else { CodeVersion::Icd10 };
            Ok(match declared.unwrap_or(by_date) {
                CodeVersion::Icd9 => DiagnosisCode::Icd9(nine),
                CodeVersion::Icd10 => DiagnosisCode::Icd10(ten),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::cells;

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().map(Some).unwrap()
    }

    #[test]
    fn shape_comes_first_then_the_declared_version_then_the_date() {
        let kind = |cell, declared, service| match read_diagnosis(cell, declared, service).unwrap() {
            DiagnosisCode::Icd10(_) => 10,
            DiagnosisCode::Icd9(_) => 9,
        };
        assert_eq!(kind("123.4", Some(CodeVersion::Icd10), day("2024-01-01")), 9);
        assert_eq!(kind("A12.3", Some(CodeVersion::Icd9), day("2010-01-01")), 10);
        assert_eq!(kind("V420", Some(CodeVersion::Icd9), day("2024-01-01")), 9);
        assert_eq!(kind("V420", None, day("2015-09-30")), 9);
        assert_eq!(kind("V420", None, day("2015-10-01")), 10);
        assert_eq!(kind("E11.42", None, day("2010-01-01")), 10, "the dot tells");
    }

    #[test]
    fn a_code_is_added_to_a_text_as_it_is_shown() {
        for cell in ["A12", "A12.3", "A12.3456", "123", "123.4", "123.45", "V12", "V12.34", "E819", "E819.0"] {
            let code = read_diagnosis(cell, None, day("2010-01-01")).unwrap();
            let mut text = "before ".to_owned();
            code.push_to(&mut text);
            assert_eq!((text, code.to_string()), (format!("before {cell}"), cell.to_owned()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_cell_is_read_once_as_it_is_read_for_each_system(cell in cells(), declared in 0_usize..3, before in any::<bool>()) {
            let declared = [None, Some(CodeVersion::Icd9), Some(CodeVersion::Icd10)][declared];
            let service = if before { day("2015-09-30") } else { None };
            let by_date = if before { CodeVersion::Icd9 } else { CodeVersion::Icd10 };
            let expected = match (Icd10::parse(&cell), Icd9::parse(&cell)) {
                (Ok(_), Ok(nine)) if declared.unwrap_or(by_date) == CodeVersion::Icd9 => Ok(DiagnosisCode::Icd9(nine)),
                (Err(_), Ok(nine)) => Ok(DiagnosisCode::Icd9(nine)),
                (ten, _) => ten.map(DiagnosisCode::Icd10),
            };
            prop_assert_eq!(read_diagnosis(&cell, declared, service), expected);
        }
    }
}
