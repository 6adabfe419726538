//! ICD-9-CM diagnosis codes, which exports carry for services before October 2015.

use std::fmt;

use super::Malformed;
use super::cell::{Spelling, write_dotted};

/// An ICD-9-CM diagnosis code: three digits and up to two more, `V` with two and up to two more, or `E`
/// with three and up to one more. Kept without its dot and read by position where none is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Icd9 {
    bytes: [u8; 5],
    len: u8,
}

impl Icd9 {
    /// Reads a cell. Lost leading zeros are not restored: `16.72` is malformed, not `016.72`.
    ///
    /// # Errors
    /// [`Malformed`] if the cell is empty, holds another character, or has another shape.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        Self::spelt(&Spelling::<5>::read(cell)?).ok_or(Malformed::Shape)
    }

    /// The code that is spelt so, if it is one; a spelling may have room for longer codes.
    pub(super) fn spelt<const N: usize>(spelling: &Spelling<N>) -> Option<Self> {
        let written = spelling.as_slice();
        let head = Self::head(written)?;
        let digits = written[1..].iter().all(u8::is_ascii_digit);
        let dotted = spelling.dot.is_none_or(|at| at == head);
        if !digits || !dotted || written.len() < head {
            return None;
        }
        let mut bytes = [0; 5];
        bytes.get_mut(..written.len())?.copy_from_slice(written);
        Some(Self { bytes, len: spelling.len as u8 })
    }

    /// How many characters stand before the dot.
    pub(super) fn head(bytes: &[u8]) -> Option<usize> {
        match bytes.first()? {
            b'E' => Some(4),
            b'V' => Some(3),
            first if first.is_ascii_digit() => Some(3),
            _ => None,
        }
    }

    /// The characters without the dot.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// The category: what stands before the dot.
    #[must_use]
    pub fn category(&self) -> Self {
        self.prefix(0)
    }

    /// The first `len` characters, at least the category.
    #[must_use]
    pub fn prefix(&self, len: usize) -> Self {
        let shortest = Self::head(self.as_bytes()).unwrap_or_default();
        let len = len.max(shortest).min(usize::from(self.len));
        let mut bytes = [0; 5];
        bytes[..len].copy_from_slice(&self.bytes[..len]);
        Self { bytes, len: len as u8 }
    }
}

impl fmt::Display for Icd9 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_dotted(f, self.as_bytes(), Self::head(self.as_bytes()).ok_or(fmt::Error)?)
    }
}

impl fmt::Debug for Icd9 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_without_a_dot_are_read_by_position() {
        assert_eq!(Icd9::parse("12345").unwrap().to_string(), "123.45");
        assert_eq!(Icd9::parse("1234").unwrap().to_string(), "123.4");
        assert_eq!(Icd9::parse("v1234").unwrap().to_string(), "V12.34");
        assert_eq!(Icd9::parse("E8190").unwrap().to_string(), "E819.0");
        assert_eq!(Icd9::parse("123.45"), Icd9::parse("12345"));
    }

    #[test]
    fn the_category_is_what_stands_before_the_dot() {
        let category = |cell| Icd9::parse(cell).unwrap().category().to_string();
        assert_eq!(category("123.45"), "123");
        assert_eq!(category("V12.3"), "V12");
        assert_eq!(category("E819.0"), "E819");
        assert_eq!(category("123"), "123");
        assert_eq!(Icd9::parse("123.45").unwrap().prefix(4).to_string(), "123.4");
        assert_eq!(Icd9::parse("123.4").unwrap().prefix(9).to_string(), "123.4");
    }

    #[test]
    fn lost_zeros_and_letters_are_malformed() {
        for cell in ["16.72", "12", "E11.42", "1A3", "123.456", "12.3"] {
            assert_eq!(Icd9::parse(cell), Err(Malformed::Shape), "{cell}");
        }
    }
}
