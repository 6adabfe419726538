//! HCPCS Level II and CPT procedure codes, and their modifiers.

use std::fmt;

use super::{Malformed, is_null_token, trim_cell};

/// A five-character HCPCS or CPT code (`J1234`, `12345`, `1234F`), upper case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hcpcs([u8; 5]);

/// A two-character modifier, upper case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Modifier([u8; 2]);

/// What a procedure cell held: a code, and modifiers written behind it (`J1234-JA`, `J1234JA`). A description behind
/// them (`J1234 - a product 500 mg`) is passed over; a second code makes the cell unreadable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcedureCell {
    /// The code.
    pub code: Hcpcs,
    /// Modifiers in the order written, at most four.
    pub modifiers: Vec<Modifier>,
}

impl Hcpcs {
    /// Reads a cell that holds one code and nothing else.
    ///
    /// # Errors
    /// [`Malformed`] if it does not.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        let trimmed = trim_cell(cell);
        if is_null_token(trimmed) {
            return Err(Malformed::Empty);
        }
        Self::from_bytes(trimmed.as_bytes()).ok_or(Malformed::Shape)
    }

    /// Five characters that are a code and nothing else.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let code: [u8; 5] = bytes.try_into().ok()?;
        let code = code.map(|b| b.to_ascii_uppercase());
        let middle = code[1..4].iter().all(u8::is_ascii_digit);
        let ends = (code[0].is_ascii_alphanumeric() && code[4].is_ascii_digit())
            || (code[0].is_ascii_digit() && code[4].is_ascii_uppercase());
        // Zeros only stand for no code: were they one, they would hide the NDC beside them.
        (middle && ends && code != *b"00000").then_some(Self(code))
    }

    /// The five characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Modifier {
    /// Reads a modifier cell.
    ///
    /// # Errors
    /// [`Malformed`] if it is not two letters or digits.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        let trimmed = trim_cell(cell);
        if is_null_token(trimmed) {
            return Err(Malformed::Empty);
        }
        Self::from_bytes(trimmed.as_bytes()).ok_or(Malformed::Shape)
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let pair: [u8; 2] = bytes.try_into().ok()?;
        pair.iter().all(u8::is_ascii_alphanumeric).then_some(Self(pair.map(|b| b.to_ascii_uppercase())))
    }

    /// The two characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl ProcedureCell {
    /// Reads a procedure cell: a code, alone or with modifiers behind it, so that a modifier that moves a
    /// product to another route is not lost with the cell.
    ///
    /// # Errors
    /// [`Malformed`] if the cell does not begin with a code, or something else than modifiers follows.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        let trimmed = trim_cell(cell);
        if is_null_token(trimmed) {
            return Err(Malformed::Empty);
        }
        let head = trimmed.get(..5).ok_or(Malformed::Shape)?;
        let code = Hcpcs::from_bytes(head.as_bytes()).ok_or(Malformed::Shape)?;
        let rest = &trimmed[5..];
        if rest.len().is_multiple_of(2) && rest.len() <= 8 && rest.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let modifiers =
                rest.as_bytes().chunks(2).map(Modifier::from_bytes).collect::<Option<_>>().ok_or(Malformed::Shape)?;
            return Ok(Self { code, modifiers });
        }
        if rest.starts_with(|c: char| c.is_alphanumeric()) {
            return Err(Malformed::Shape);
        }
        let parts: Vec<&str> = rest.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
        if parts.iter().any(|part| Hcpcs::from_bytes(part.as_bytes()).is_some())
            || matches!(parts[..], [one] if one.len() == 1)
        {
            return Err(Malformed::Shape);
        }
        let modifiers = parts.iter().map_while(|part| Modifier::from_bytes(part.as_bytes())).take(4).collect();
        Ok(Self { code, modifiers })
    }
}

impl fmt::Debug for Hcpcs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Hcpcs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Modifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_and_quotes_do_not_matter() {
        assert_eq!(Hcpcs::parse(" a1234\u{a0}"), Hcpcs::parse("A1234"));
        assert_eq!(Hcpcs::parse("\"12345\"").unwrap().as_str(), "12345");
        assert_eq!(Hcpcs::parse("1234f").unwrap().as_str(), "1234F");
    }

    #[test]
    fn other_shapes_are_malformed() {
        for cell in ["", "A123", "A12345", "AB123", "A12B4", "é1234", "00000"] {
            assert!(Hcpcs::parse(cell).is_err(), "{cell}");
        }
    }

    #[test]
    fn modifiers_behind_a_code_are_kept() {
        for cell in ["A1234-XY", "a1234xy", "A1234 XY", "A1234:XY"] {
            let read = ProcedureCell::parse(cell).unwrap();
            assert_eq!(read.code.as_str(), "A1234");
            assert_eq!(read.modifiers, [Modifier::parse("XY").unwrap()], "{cell}");
        }
        assert!(ProcedureCell::parse("A1234-X").is_err());
        assert!(ProcedureCell::parse("A1234é").is_err());
        assert!(ProcedureCell::parse("A12345").is_err());
    }

    #[test]
    fn a_description_behind_a_code_is_passed_over_and_a_second_code_is_not() {
        for cell in ["A1234 - Some Product 500mg", "A1234, some product", "A1234 (some product)"] {
            let read = ProcedureCell::parse(cell).unwrap();
            assert_eq!((read.code.as_str(), read.modifiers.len()), ("A1234", 0), "{cell}");
        }
        assert_eq!(ProcedureCell::parse("A1234 XY Some Product").unwrap().modifiers.len(), 1);
        for cell in ["A1234;B1234", "A1234 B1234", "HCPCS A1234", "0A1234"] {
            assert!(ProcedureCell::parse(cell).is_err(), "{cell}");
        }
    }
}
