//! Procedure and drug codes other than HCPCS: ICD-10-PCS, ICD-9-CM procedures, ATC classes and `RxNorm` concepts.

use std::fmt;

use super::{Malformed, cell::Spelling, is_null_token, trim_cell};

/// An ICD-10-PCS code: seven letters and digits. `I` and `O` are never used, so that they are not taken for 1 and 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Icd10Pcs([u8; 7]);

/// An ICD-9-CM procedure code: two digits and one or two more, kept without its dot.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Icd9Procedure {
    bytes: [u8; 4],
    len: u8,
}

/// An ATC class of any level: `A`, `A01`, `A01B`, `A01BC` or `A01BC02`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Atc {
    bytes: [u8; 7],
    len: u8,
}

/// An `RxNorm` concept number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RxNorm(u32);

/// The largest concept number that is believed: eight digits.
const RXNORM_MAX: u32 = 99_999_999;

impl Icd10Pcs {
    /// Reads a cell that holds one code and nothing else.
    ///
    /// # Errors
    /// [`Malformed`] if it does not.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        let spelling = Spelling::<7>::read(cell)?;
        let allowed = |byte: &u8| !matches!(byte, b'I' | b'O');
        let whole = spelling.dot.is_none() && spelling.len == 7;
        if whole && spelling.bytes.iter().all(allowed) { Ok(Self(spelling.bytes)) } else { Err(Malformed::Shape) }
    }
}

impl Icd9Procedure {
    /// Reads a cell, with the dot behind the second digit or without one. A lost leading zero is not restored.
    ///
    /// # Errors
    /// [`Malformed`] if the cell is empty, holds another character, or has another shape.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        let spelling = Spelling::<4>::read(cell)?;
        let dotted = spelling.dot.is_none_or(|at| at == 2);
        if !dotted || spelling.len < 3 || !spelling.as_slice().iter().all(u8::is_ascii_digit) {
            return Err(Malformed::Shape);
        }
        Ok(Self { bytes: spelling.bytes, len: spelling.len as u8 })
    }
}

impl Atc {
    /// Lengths of the levels, from the whole code to the main group.
    const LEVELS: [usize; 5] = [7, 5, 4, 3, 1];

    /// Reads a cell.
    ///
    /// # Errors
    /// [`Malformed`] if the cell is empty, holds another character, or has another shape.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        let spelling = Spelling::<7>::read(cell)?;
        let letter = |at: usize| matches!(at, 0 | 3 | 4);
        let fits =
            |(at, byte): (usize, &u8)| if letter(at) { byte.is_ascii_uppercase() } else { byte.is_ascii_digit() };
        let whole = spelling.dot.is_none() && Self::LEVELS.contains(&spelling.len);
        if !whole || !spelling.as_slice().iter().enumerate().all(fits) {
            return Err(Malformed::Shape);
        }
        Ok(Self { bytes: spelling.bytes, len: spelling.len as u8 })
    }

    /// The class itself and the classes above it, the narrowest first.
    pub fn lineage(self) -> impl Iterator<Item = Self> {
        Self::LEVELS.into_iter().filter(move |len| *len <= usize::from(self.len)).map(move |len| {
            let mut bytes = self.bytes;
            bytes[len..].fill(0);
            Self { bytes, len: len as u8 }
        })
    }
}

impl RxNorm {
    /// Reads a cell of digits that does not begin with a zero.
    ///
    /// # Errors
    /// [`Malformed`] if it is something else, or longer than a concept number.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        let trimmed = trim_cell(cell);
        if is_null_token(trimmed) {
            return Err(Malformed::Empty);
        }
        if trimmed.starts_with('0') || !trimmed.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Malformed::Shape);
        }
        trimmed.parse().ok().filter(|number| *number <= RXNORM_MAX).map(Self).ok_or(Malformed::Shape)
    }
}

fn plain(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    f.write_str(std::str::from_utf8(bytes).map_err(|_| fmt::Error)?)
}

impl fmt::Display for Icd10Pcs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        plain(f, &self.0)
    }
}

impl fmt::Display for Icd9Procedure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        plain(f, &self.bytes[..2])?;
        f.write_str(".")?;
        plain(f, &self.bytes[2..usize::from(self.len)])
    }
}

impl fmt::Display for Atc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        plain(f, &self.bytes[..usize::from(self.len)])
    }
}

impl fmt::Display for RxNorm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

macro_rules! debug_as_display {
    ($($code:ty),*) => {$(
        impl fmt::Debug for $code {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}
debug_as_display!(Icd10Pcs, Icd9Procedure, Atc, RxNorm);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pcs_code_has_seven_characters_and_no_letter_that_looks_like_a_digit() {
        assert_eq!(Icd10Pcs::parse(" 0ab12z3 ").unwrap().to_string(), "0AB12Z3");
        for cell in ["0AB12Z", "0AB12Z34", "OAB12Z3", "IAB12Z3", "0AB.2Z3", "0AB 2Z3", ""] {
            assert!(Icd10Pcs::parse(cell).is_err(), "{cell}");
        }
    }

    #[test]
    fn an_icd9_procedure_is_read_by_position() {
        assert_eq!(Icd9Procedure::parse("1234").unwrap().to_string(), "12.34");
        assert_eq!(Icd9Procedure::parse("12.34"), Icd9Procedure::parse("1234"));
        assert_eq!(Icd9Procedure::parse("12.3").unwrap().to_string(), "12.3");
        for cell in ["12", "1.234", "123.4", "12345", "12.3A", "~"] {
            assert!(Icd9Procedure::parse(cell).is_err(), "{cell}");
        }
    }

    #[test]
    fn a_class_knows_the_classes_above_it() {
        let lineage: Vec<String> = Atc::parse("a01bc02").unwrap().lineage().map(|class| class.to_string()).collect();
        assert_eq!(lineage, ["A01BC02", "A01BC", "A01B", "A01", "A"]);
        assert_eq!(Atc::parse("A01BC").unwrap().lineage().next(), Atc::parse("A01BC").ok());
        for cell in ["A1", "A01BC2", "A01B202", "101BC02", "A01BC023"] {
            assert!(Atc::parse(cell).is_err(), "{cell}");
        }
    }

    #[test]
    fn a_concept_number_is_digits_without_a_leading_zero() {
        assert_eq!(RxNorm::parse("1234567").unwrap().to_string(), "1234567");
        for cell in ["0123456", "123456789", "12A", "", "-1"] {
            assert!(RxNorm::parse(cell).is_err(), "{cell}");
        }
    }
}
