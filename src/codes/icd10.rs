//! ICD-10-CM diagnosis codes.

use std::fmt;

use super::Malformed;
use super::cell::{Spelling, write_dotted};

/// An ICD-10-CM code in canonical form: three to seven characters, upper case, kept without its dot and
/// printed with it. Being well formed does not mean that the code exists: that is for the code lists.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Icd10 {
    bytes: [u8; 7],
    len: u8,
}

impl Icd10 {
    /// How many characters stand before the dot.
    pub(super) const HEAD: usize = 3;

    /// Reads a cell. A dot may stand after the third character or be left out.
    ///
    /// # Errors
    /// [`Malformed`] if the cell is empty, holds another character, or has another shape.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        Self::spelt(&Spelling::read(cell)?).ok_or(Malformed::Shape)
    }

    /// The code that is spelt so, if it is one.
    pub(super) fn spelt(spelling: &Spelling<7>) -> Option<Self> {
        let shaped = match spelling.as_slice() {
            [first, second, third, ..] => first.is_ascii_alphabetic() && is_second(*second, *third),
            _ => false,
        };
        let dotted = spelling.dot.is_none_or(|at| at == Self::HEAD);
        (shaped && dotted).then_some(Self { bytes: spelling.bytes, len: spelling.len as u8 })
    }

    /// The characters without the dot.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// The three-character category.
    #[must_use]
    pub fn category(&self) -> Self {
        self.prefix(3)
    }

    /// The first `len` characters, at least three.
    #[must_use]
    pub fn prefix(&self, len: usize) -> Self {
        let len = len.clamp(3, usize::from(self.len));
        let mut bytes = [0; 7];
        bytes[..len].copy_from_slice(&self.bytes[..len]);
        Self { bytes, len: len as u8 }
    }

    /// How many characters, without the dot.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a code is never empty")]
    pub fn len(&self) -> usize {
        usize::from(self.len)
    }
}

/// Whether a code may go on so after its letter: with a digit, or, since the categories that came in October 2025,
/// with an A and a digit. Any other letter is a word and no code.
fn is_second(second: u8, third: u8) -> bool {
    second.is_ascii_digit() || second == b'A' && third.is_ascii_digit()
}

impl fmt::Display for Icd10 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_dotted(f, self.as_bytes(), Self::HEAD)
    }
}

impl fmt::Debug for Icd10 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_one_code_are_one_value() {
        let code = Icd10::parse("A12.34").unwrap();
        for spelling in ["A1234", "a12.34", " A12.34 ", "\"A12.34\"", "\u{a0}a1234\t"] {
            assert_eq!(Icd10::parse(spelling), Ok(code), "{spelling}");
        }
        assert_eq!(code.to_string(), "A12.34");
        assert_eq!(
            Icd10::parse("za0.1").unwrap().to_string(),
            "ZA0.1",
            "the newest categories have an A in second place"
        );
        assert_eq!(Icd10::parse("a12.").unwrap().to_string(), "A12");
    }

    #[test]
    fn what_is_no_code_is_a_value_not_a_guess() {
        assert_eq!(Icd10::parse("  "), Err(Malformed::Empty));
        assert_eq!(Icd10::parse("ZZZ"), Err(Malformed::Shape));
        assert_eq!(Icd10::parse("ZAZ"), Err(Malformed::Shape));
        assert_eq!(Icd10::parse("A1"), Err(Malformed::Shape));
        assert_eq!(Icd10::parse("A123.4"), Err(Malformed::Shape));
        assert_eq!(Icd10::parse("A12.3.4"), Err(Malformed::Shape));
        assert_eq!(Icd10::parse("A12345678"), Err(Malformed::Shape));
        assert_eq!(Icd10::parse("А12.3"), Err(Malformed::Character(0x410)), "a Cyrillic letter is not repaired");
        assert_eq!(Icd10::parse("A12-3"), Err(Malformed::Character(u32::from(b'-'))));
    }

    #[test]
    fn the_category_is_the_first_three_characters() {
        assert_eq!(Icd10::parse("A12.34").unwrap().category().to_string(), "A12");
        assert_eq!(Icd10::parse("A12").unwrap().category().to_string(), "A12");
    }
}
