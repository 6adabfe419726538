//! National Drug Codes.

use std::fmt;

use super::{Malformed, is_null_token, trim_cell};

/// An NDC in its eleven-digit billing form (labeler 5, product 4, package 2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ndc(u64);

impl Ndc {
    /// Reads a cell: eleven digits, or a hyphenated 5-4-2, 4-4-2, 5-3-2 or 5-4-1 form, which is padded
    /// segment by segment. Ten digits without hyphens could be three codes, so they are malformed.
    ///
    /// # Errors
    /// [`Malformed`] if the cell is none of these, or all zeros.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        let trimmed = trim_cell(cell);
        if is_null_token(trimmed) {
            return Err(Malformed::Empty);
        }
        if let Some(odd) = trimmed.chars().find(|c| !c.is_ascii_digit() && *c != '-') {
            return Err(Malformed::Character(odd as u32));
        }
        let parts: Vec<&str> = trimmed.split('-').collect();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let digits = match lengths[..] {
            [11] => trimmed.to_owned(),
            [5, 4, 1 | 2] | [4, 4, 2] | [5, 3, 2] => {
                format!("{:0>5}{:0>4}{:0>2}", parts[0], parts[1], parts[2])
            }
            _ => return Err(Malformed::Shape),
        };
        match digits.parse() {
            Ok(0) | Err(_) => Err(Malformed::Shape),
            Ok(number) => Ok(Self(number)),
        }
    }
}

impl fmt::Display for Ndc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:011}", self.0)
    }
}

impl fmt::Debug for Ndc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphenated_forms_are_padded_segment_by_segment() {
        let code = Ndc::parse("01234567890").unwrap();
        for form in ["01234-5678-90", "1234-5678-90"] {
            assert_eq!(Ndc::parse(form), Ok(code), "{form}");
        }
        assert_eq!(Ndc::parse("12345-678-90").unwrap().to_string(), "12345067890");
        assert_eq!(Ndc::parse("12345-6789-0").unwrap().to_string(), "12345678900");
    }

    #[test]
    fn ten_bare_digits_are_not_guessed() {
        for cell in ["1234567890", "0", "00000000000", "1-2-3", "12345-6789-000"] {
            assert!(Ndc::parse(cell).is_err(), "{cell}");
        }
    }
}
