//! What every code cell goes through first: spaces, quotes and null tokens.

use std::borrow::Cow;
use std::fmt;

/// Spellings of "nothing" that exports write into code cells. They are never read as codes.
pub const NULL_TOKENS: [&str; 8] = ["~", "NULL", "NA", "N/A", "NAN", "NONE", "UNKNOWN", "-"];

/// Takes white space (the no-break space and the byte-order mark too) and quotes off both ends of a cell.
#[must_use]
#[inline]
pub fn trim_cell(cell: &str) -> &str {
    // Nearly every cell begins and ends with a letter or a digit, and then nothing comes off.
    match cell.as_bytes() {
        [] => cell,
        [only] if stays(*only) => cell,
        [first, .., last] if stays(*first) && stays(*last) => cell,
        _ => trim_any(cell),
    }
}

/// Whether a byte at the end of a cell is a character that is surely not taken off.
fn stays(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`')
}

fn trim_any(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '"' | '\'' | '`'))
}

/// Whether a trimmed cell says that there is no value.
#[must_use]
#[inline]
pub fn is_null_token(trimmed: &str) -> bool {
    match trimmed.as_bytes().first() {
        None => true,
        // What the tokens begin with: of other cells none is compared.
        Some(b'~' | b'-' | b'N' | b'n' | b'U' | b'u') => is_among_null_tokens(trimmed),
        Some(_) => false,
    }
}

fn is_among_null_tokens(trimmed: &str) -> bool {
    NULL_TOKENS.iter().any(|token| trimmed.eq_ignore_ascii_case(token))
}

/// A word as words of layouts are compared. Most are in lower case already.
#[must_use]
pub(crate) fn in_lower_case(word: &str) -> Cow<'_, str> {
    let is_lower = word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(word) } else { Cow::Owned(word.to_lowercase()) }
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
        for (at, byte) in trimmed.bytes().enumerate() {
            match byte {
                b'.' if spelling.dot.is_none() => spelling.dot = Some(spelling.len),
                b'.' => return Err(Malformed::Shape),
                byte if byte.is_ascii_alphanumeric() => {
                    let place = spelling.bytes.get_mut(spelling.len).ok_or(Malformed::Shape)?;
                    *place = byte.to_ascii_uppercase();
                    spelling.len += 1;
                }
                _ => {
                    // All before it is ASCII, so a character begins here.
                    let odd = trimmed.get(at..).and_then(|rest| rest.chars().next());
                    return Err(Malformed::Character(odd.map_or(u32::from(byte), u32::from)));
                }
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

/// Writes the characters of a code with a dot behind the first `head` of them, if there are more.
pub(super) fn write_dotted(out: &mut impl fmt::Write, code: &[u8], head: usize) -> fmt::Result {
    let text = std::str::from_utf8(code).map_err(|_| fmt::Error)?;
    let (category, rest) = text.split_at(head);
    out.write_str(category)?;
    if rest.is_empty() {
        return Ok(());
    }
    out.write_str(".")?;
    out.write_str(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::{Malformed, cells};

    /// The characters of a code and its dot, one character after the other.
    fn by_characters(cell: &str, most: usize) -> Result<(Vec<u8>, Option<usize>), Malformed> {
        let trimmed = trim_any(cell);
        if trimmed.is_empty() || is_among_null_tokens(trimmed) {
            return Err(Malformed::Empty);
        }
        let (mut bytes, mut dot) = (Vec::new(), None);
        for c in trimmed.chars() {
            match c {
                '.' if dot.is_none() => dot = Some(bytes.len()),
                '.' => return Err(Malformed::Shape),
                c if c.is_ascii_alphanumeric() && bytes.len() == most => return Err(Malformed::Shape),
                c if c.is_ascii_alphanumeric() => bytes.push(c.to_ascii_uppercase() as u8),
                c => return Err(Malformed::Character(c as u32)),
            }
        }
        let dot = dot.filter(|at| *at < bytes.len());
        Ok((bytes, dot))
    }

    #[test]
    fn spaces_quotes_and_invisible_marks_come_off() {
        assert_eq!(trim_cell("\u{a0} \"A12.3\" \u{feff}"), "A12.3");
    }

    #[test]
    fn a_null_token_begins_with_what_null_tokens_are_told_by() {
        for token in NULL_TOKENS {
            assert!(is_null_token(token) && is_null_token(&token.to_lowercase()), "{token}");
        }
    }

    #[test]
    fn null_tokens_are_known_in_any_case() {
        for token in ["", "~", "null", "Na", "n/a"] {
            assert!(is_null_token(token), "{token}");
        }
        assert!(!is_null_token("A01"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_cell_is_trimmed_and_known_for_empty_as_one_that_is_looked_at_whole(cell in cells()) {
            prop_assert_eq!(trim_cell(&cell), trim_any(&cell));
            for text in [cell.as_str(), trim_cell(&cell)] {
                prop_assert_eq!(is_null_token(text), text.is_empty() || is_among_null_tokens(text));
                prop_assert_eq!(in_lower_case(text), text.to_lowercase());
            }
        }

        #[test]
        fn a_spelling_read_by_bytes_is_the_one_read_by_characters(cell in cells()) {
            let read = Spelling::<7>::read(&cell).map(|spelling| (spelling.as_slice().to_vec(), spelling.dot));
            prop_assert_eq!(read, by_characters(&cell, 7));
        }
    }
}
