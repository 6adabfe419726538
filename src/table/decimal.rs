//! Exact decimals as whole numbers of their smallest unit.
//!
//! Money, units and grams never pass through a floating-point number: a sum
//! that is a cent off would make an auditor distrust every other figure.

/// Digits after the point of units and grams (thousandths).
pub const UNIT_PLACES: u32 = 3;

/// Digits after the point of money (cents).
pub const MONEY_PLACES: u32 = 2;

/// Writes `minor` smallest units as a plain decimal with exactly `places`
/// digits after the point: no grouping, no exponent, `-` only in front.
#[must_use]
pub fn plain(minor: i128, places: u32) -> String {
    let unit = 10_u128.pow(places.min(30));
    let sign = if minor < 0 { "-" } else { "" };
    let size = minor.unsigned_abs();
    if places == 0 {
        return format!("{sign}{size}");
    }
    let width = places as usize;
    format!("{sign}{}.{:0width$}", size / unit, size % unit)
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
