//! Exact decimals as whole numbers of their smallest unit.
//!
//! Money, units and grams never pass through a floating-point number: a sum
//! that is a cent off would make an auditor distrust every other figure.

use std::fmt::{self, Write};

/// Digits after the point of units and grams (thousandths).
pub const UNIT_PLACES: u32 = 3;

/// Digits after the point of money (cents).
pub const MONEY_PLACES: u32 = 2;

/// Writes `minor` smallest units as a plain decimal with exactly `places`
/// digits after the point: no grouping, no exponent, `-` only in front.
#[must_use]
pub fn plain(minor: i128, places: u32) -> String {
    let mut text = String::new();
    // Writing to a text does not fail.
    let _ = write_plain(&mut text, minor, places);
    text
}

/// Writes the same to a text.
///
/// # Errors
/// If the text cannot be written.
pub fn write_plain(out: &mut impl Write, minor: i128, places: u32) -> fmt::Result {
    let sign = if minor < 0 { "-" } else { "" };
    let size = minor.unsigned_abs();
    let width = places as usize;
    // Whole numbers of 128 bits are slow to divide, and few amounts need them.
    match (u64::try_from(size), 10_u64.checked_pow(places)) {
        _ if places == 0 => write!(out, "{sign}{size}"),
        (Ok(size), Some(unit)) => write!(out, "{sign}{}.{:0width$}", size / unit, size % unit),
        _ => {
            let unit = 10_u128.pow(places.min(30));
            write!(out, "{sign}{}.{:0width$}", size / unit, size % unit)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn small_and_negative_amounts_keep_their_zeros() {
        assert_eq!(plain(0, 2), "0.00");
        assert_eq!(plain(5, 2), "0.05");
        assert_eq!(plain(-5, 3), "-0.005");
        assert_eq!(plain(-123_456, 2), "-1234.56");
        assert_eq!(plain(7, 0), "7");
    }

    #[test]
    fn the_largest_values_do_not_overflow() {
        assert!(plain(i128::MIN, 3).starts_with("-170141183460469231731687303715884105."));
    }
}
