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
    let sign = if minor < 0 { "-" } else { "" };
    let size = minor.unsigned_abs();
    if places == 0 {
        return format!("{sign}{size}");
    }
    let (unit, width) = (10_u128.pow(places.min(30)), places as usize);
    format!("{sign}{}.{:0width$}", size / unit, size % unit)
}

/// Adds the same to the text of a file.
pub fn push_plain(out: &mut Vec<u8>, minor: i64, places: u32) {
    let size = minor.unsigned_abs();
    out.extend_from_slice(if minor < 0 { b"-" } else { b"" });
    let Some(unit) = 10_u64.checked_pow(places) else {
        let unsigned = plain(size.into(), places);
        out.extend_from_slice(unsigned.as_bytes());
        return;
    };
    out.extend_from_slice(itoa::Buffer::new().format(size / unit).as_bytes());
    if places > 0 {
        out.push(b'.');
    }
    for place in (0..places).rev() {
        out.push(b'0' + (size / 10_u64.pow(place) % 10) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::{plain, push_plain};

    #[test]
    fn small_and_negative_amounts_keep_their_zeros() {
        assert_eq!(plain(0, 2), "0.00");
        assert_eq!(plain(5, 2), "0.05");
        assert_eq!(plain(-5, 3), "-0.005");
        assert_eq!(plain(-123_456, 2), "-1234.56");
        assert_eq!(plain(7, 0), "7");
    }

    #[test]
    fn a_file_gets_the_same_digits() {
        for minor in [0, 5, -5, 99, 100, -123_456, i64::MAX, i64::MIN] {
            for places in [0, 2, 3, 18, 19, 20, 25] {
                let mut out = Vec::new();
                push_plain(&mut out, minor, places);
                assert_eq!(String::from_utf8_lossy(&out), plain(minor.into(), places), "{places} places");
            }
        }
    }

    #[test]
    fn the_largest_values_do_not_overflow() {
        assert!(plain(i128::MIN, 3).starts_with("-170141183460469231731687303715884105."));
    }
}
