//! What every code cell goes through first: spaces, quotes and null tokens.

/// Spellings of "nothing" that exports write into code cells. They are never read as codes.
pub const NULL_TOKENS: [&str; 8] = ["~", "NULL", "NA", "N/A", "NAN", "NONE", "UNKNOWN", "-"];

/// Takes white space (the no-break space and the byte-order mark too) and quotes off both ends of a cell.
#[must_use]
pub fn trim_cell(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '"' | '\'' | '`'))
}

/// Whether a trimmed cell says that there is no value.
#[must_use]
pub fn is_null_token(trimmed: &str) -> bool {
    trimmed.is_empty() || NULL_TOKENS.iter().any(|token| trimmed.eq_ignore_ascii_case(token))
}

/// A code's characters while it is being read: upper case, without its dot, and where the dot stood.
pub(super) struct Spelling<const N: usize> {
    pub bytes: [u8; N],
    pub len: usize,
    /// How many characters stood before the dot, if one was written.
    pub dot: Option<usize>,
}

impl<const N: usize> Spelling<N> {
    /// Reads a cell of letters, digits and at most one dot; a dot at the very end is dropped.
    pub fn read(cell: &str) -> Result<Self, super::Malformed> {
        use super::Malformed;
        let trimmed = trim_cell(cell);
        if is_null_token(trimmed) {
            return Err(Malformed::Empty);
        }
        let mut spelling = Self { bytes: [0; N], len: 0, dot: None };
        for c in trimmed.chars() {
            match c {
                '.' if spelling.dot.is_none() => spelling.dot = Some(spelling.len),
                '.' => return Err(Malformed::Shape),
                c if c.is_ascii_alphanumeric() => {
                    if spelling.len == N {
                        return Err(Malformed::Shape);
                    }
                    spelling.bytes[spelling.len] = c.to_ascii_uppercase() as u8;
                    spelling.len += 1;
                }
                c => return Err(Malformed::Character(c as u32)),
            }
        }
        if spelling.dot == Some(spelling.len) {
            spelling.dot = None;
        }
        Ok(spelling)
    }

    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_quotes_and_invisible_marks_come_off() {
        assert_eq!(trim_cell("\u{a0} \"A12.3\" \u{feff}"), "A12.3");
    }

    #[test]
    fn null_tokens_are_known_in_any_case() {
        for token in ["", "~", "null", "Na", "n/a"] {
            assert!(is_null_token(token), "{token}");
        }
        assert!(!is_null_token("A01"));
    }
}
