//! Identifiers: what an id cell says after a spreadsheet or a program that thought it was a number had it.

use crate::codes::{is_null_token, trim_cell};

/// What an id cell holds. The same reading makes the keys of joins, so that `1437702123.0` in one file finds `1437702123`
/// in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identifier<'c> {
    /// Nothing.
    Empty,
    /// An id, as it is written but for spaces and a `.0` behind digits. One that begins like a formula stays as it is; the
    /// writer of CSV files disarms it.
    Is(&'c str),
    /// A number in scientific notation, `6.93217E+12`: the digits that told one id from another are gone.
    Scientific,
}

/// Reads an id cell.
pub(crate) fn read(cell: &str) -> Identifier<'_> {
    let trimmed = trim_cell(cell);
    if is_null_token(trimmed) {
        return Identifier::Empty;
    }
    if is_scientific(trimmed) {
        return Identifier::Scientific;
    }
    Identifier::Is(match trimmed.strip_suffix(".0") {
        Some(digits) if all_digits(digits.strip_prefix('-').unwrap_or(digits)) => digits,
        _ => trimmed,
    })
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// One digit, perhaps a point and more, and `E+` with an exponent, as Excel writes long numbers.
fn is_scientific(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    // Most ids are told from such a number by their first two characters.
    matches!(text.as_bytes(), [b'0'..=b'9', b'.' | b'E' | b'e', ..]) && has_exponent(text)
}

fn has_exponent(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    whole.len() == 1 && all_digits(whole) && all_digits(fraction) && exponent.strip_prefix('+').is_some_and(all_digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::cells;

    #[test]
    fn spaces_and_the_tail_of_a_float_come_off() {
        for (cell, id) in [
            ("1437702123.0", "1437702123"),
            ("  A-17  ", "A-17"),
            ("0012", "0012"),
            ("-10000930037831", "-10000930037831"),
            ("-10000930037831.0", "-10000930037831"),
            ("540216036325700", "540216036325700"),
            ("1.0", "1"),
        ] {
            assert_eq!(read(cell), Identifier::Is(id), "{cell}");
        }
        for cell in ["", "  ", "~", "NULL"] {
            assert_eq!(read(cell), Identifier::Empty, "{cell}");
        }
    }

    #[test]
    fn an_id_that_begins_like_a_formula_stays_as_it_is() {
        for cell in ["-D2AB3", "=1+2", "+1", "@x", "A.0", "1.0.0", "12.50", ".0", "-.0"] {
            assert_eq!(read(cell), Identifier::Is(cell), "{cell}");
        }
    }

    #[test]
    fn scientific_notation_is_no_id() {
        for cell in ["6.93217E+12", "5.402160363257E+14", "5E+14", " 6.9e+12 ", "-1.00009E+13", "6.93217E+012"] {
            assert_eq!(read(cell), Identifier::Scientific, "{cell}");
        }
        for cell in
            ["12E+4", "E+12", "6.E+12", "6.93217E12", "6.93217E+", "6.93217E+1x", "1E-5", "A1E+12", "6.93217e1.5"]
        {
            assert_eq!(read(cell), Identifier::Is(cell), "{cell}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn an_id_is_told_from_a_number_by_its_first_characters_alone(cell in prop_oneof![cells(), "-?[0-9]\\.?[0-9]?[Ee]\\+?[0-9.]{0,3}"]) {
            prop_assert_eq!(is_scientific(&cell), has_exponent(cell.strip_prefix('-').unwrap_or(&cell)));
        }
    }
}
