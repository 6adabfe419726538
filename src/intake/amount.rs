//! Numbers in cells: money in cents, units in thousandths, ages in years. Never a float.

use rust_decimal::Decimal;
use serde::Deserialize;

/// How a layout's amounts or quantities are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub enum AmountForm {
    /// As people write them: `1,000.50`, `$12.30`, `(5.00)`.
    #[default]
    Plain,
    /// Signed overpunch as pharmacies send money: the last character holds the last digit and the sign, and two places are
    /// implied. `500{` is 50.00, `500}` is -50.00.
    Overpunch,
    /// Digits of which the last so many are places: with three, `30000` is 30.000.
    Implied(u32),
}

impl TryFrom<String> for AmountForm {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let places = || word.strip_prefix("implied-")?.parse().ok().filter(|places| *places <= IMPLIED_PLACES_MAX);
        match (word.as_str(), places()) {
            ("plain", _) => Ok(Self::Plain),
            ("overpunch", _) => Ok(Self::Overpunch),
            (_, Some(places)) => Ok(Self::Implied(places)),
            _ => Err(format!("an amount is `plain`, `overpunch` or `implied-N` with N from 0 to {IMPLIED_PLACES_MAX}")),
        }
    }
}

/// Places that signed overpunch implies: cents.
const OVERPUNCH_PLACES: u32 = 2;

/// The most places that an amount may imply.
const IMPLIED_PLACES_MAX: u32 = 9;

impl AmountForm {
    /// As [`AmountForm::read`], of bytes that nobody has looked at yet, where they are a plain number and nothing else.
    pub(super) fn read_plain(self, cell: &[u8], scale: u32) -> Option<i64> {
        if self == Self::Plain { plain(cell, scale) } else { None }
    }

    /// Reads a cell into the smallest unit of a scale (2: cents, 3: thousandths). `None` if it has another form than the one
    /// declared, so that a decimal point where places are implied is not guessed at, or does not fit the scale exactly.
    #[must_use]
    pub fn read(self, cell: &str, scale: u32) -> Option<i64> {
        match self {
            Self::Plain => read(cell, scale),
            Self::Overpunch => {
                let (digits, negative) = punched(crate::codes::trim_cell(cell))?;
                implied(&digits, negative, OVERPUNCH_PLACES, scale)
            }
            Self::Implied(places) => {
                let text = crate::codes::trim_cell(cell);
                let digits = text.strip_prefix('-').unwrap_or(text);
                implied(digits, digits.len() < text.len(), places, scale)
            }
        }
    }
}

/// The digits and the sign of an overpunched number. A last digit without a punch is positive.
fn punched(text: &str) -> Option<(String, bool)> {
    let last = text.chars().last()?;
    let (digit, negative) = match last {
        '0'..='9' => (last, false),
        '{' => ('0', false),
        '}' => ('0', true),
        'A'..='I' => (char::from(b'1' + (last as u8 - b'A')), false),
        'J'..='R' => (char::from(b'1' + (last as u8 - b'J')), true),
        _ => return None,
    };
    Some((format!("{}{digit}", &text[..text.len() - last.len_utf8()]), negative))
}

/// Digits alone, of which the last are places, in the smallest unit of a scale.
fn implied(digits: &str, negative: bool, places: u32, scale: u32) -> Option<i64> {
    let all = !digits.is_empty() && digits.len() <= 18 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !all || places > IMPLIED_PLACES_MAX {
        return None;
    }
    let mut value = Decimal::from_i128_with_scale(digits.parse().ok()?, places).normalize();
    if value.scale() > scale {
        return None;
    }
    value.rescale(scale);
    let minor = i64::try_from(value.mantissa()).ok().filter(|minor| minor.unsigned_abs() < 10u64.pow(18))?;
    Some(if negative { -minor } else { minor })
}

/// Reads a decimal with at most `scale` places into its smallest unit. A currency sign, thousands separators
/// and accounting brackets are accepted; exponents, further places other than zeros, and amounts beyond
/// eighteen digits are not.
pub(super) fn read(cell: &str, scale: u32) -> Option<i64> {
    plain(cell.as_bytes(), scale).or_else(|| read_any(cell, scale))
}

/// The most digits of an amount that is read without a decimal number: in any scale below it stays within eighteen.
const PLAIN_DIGITS_MAX: usize = 12;

/// Reads an amount of digits, perhaps with a sign, and a point with digits behind it. `None` for all else, unreadable or not.
fn plain(cell: &[u8], scale: u32) -> Option<i64> {
    let (digits, negative) = cell.strip_prefix(b"-").map_or((cell, false), |rest| (rest, true));
    if digits.len() > PLAIN_DIGITS_MAX || scale > 6 {
        return None;
    }
    let (mut value, mut point) = (0, None);
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => value = value * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() && at > 0 => point = Some(at + 1),
            _ => return None,
        }
    }
    let places = point.map(|at| digits.len() - at);
    if digits.is_empty() || places == Some(0) {
        return None;
    }
    let missing = scale.checked_sub(u32::try_from(places.unwrap_or(0)).ok()?)?;
    let minor = value * 10_i64.pow(missing);
    Some(if negative { -minor } else { minor })
}

fn read_any(cell: &str, scale: u32) -> Option<i64> {
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
    use proptest::prelude::*;

    use super::*;
    use crate::codes::cells;

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

    #[test]
    fn signed_overpunch_holds_the_last_digit_and_the_sign() {
        let cents = |cell: &str| AmountForm::Overpunch.read(cell, 2);
        for (cell, expected) in [
            ("500{", 5000),
            ("500}", -5000),
            ("1234A", 12_341),
            ("1234I", 12_349),
            ("1234J", -12_341),
            ("1234R", -12_349),
            ("{", 0),
            ("}", 0),
            ("5000", 5000),
            (" 0000500{ ", 5000),
        ] {
            assert_eq!(cents(cell), Some(expected), "{cell}");
        }
        for cell in
            ["", "50.0{", "-500{", "500{}", "500S", "500a", "$50{", "5,00{", "1{0", "999999999999999999{", "50é"]
        {
            assert_eq!(cents(cell), None, "{cell}");
        }
    }

    #[test]
    fn implied_places_are_the_last_digits() {
        let thousandths = |places, cell: &str| AmountForm::Implied(places).read(cell, 3);
        assert_eq!(thousandths(3, "30000"), Some(30_000));
        assert_eq!(thousandths(3, "5"), Some(5));
        assert_eq!(thousandths(3, "-30000"), Some(-30_000));
        assert_eq!(thousandths(0, "30"), Some(30_000));
        assert_eq!(thousandths(2, "12345"), Some(123_450));
        assert_eq!(thousandths(4, "12340"), Some(1234));
        assert_eq!(thousandths(4, "12345"), None, "not exact");
        for cell in ["30.000", "30,000", "", "-", "3E4", "--3", "$3", "9999999999999999999", "٣"] {
            assert_eq!(thousandths(3, cell), None, "{cell}");
        }
        assert_eq!(thousandths(99, "30000"), None);
        assert_eq!(AmountForm::Implied(0).read("999999999999999999", 2), None, "beyond eighteen digits");
    }

    #[test]
    fn a_form_is_declared_in_a_word_or_with_its_places() {
        #[derive(Deserialize)]
        struct Declared {
            form: AmountForm,
        }
        let form = |text: &str| toml::from_str::<Declared>(text).map(|declared| declared.form).ok();
        assert_eq!(form("form = \"plain\""), Some(AmountForm::Plain));
        assert_eq!(form("form = \"overpunch\""), Some(AmountForm::Overpunch));
        assert_eq!(form("form = \"implied-3\""), Some(AmountForm::Implied(3)));
        assert_eq!(form("form = \"packed\""), None);
        assert_eq!(form("form = \"implied-10\""), None);
        assert_eq!(AmountForm::default().read("10,000", 3), Some(10_000_000));
        assert_eq!(AmountForm::Plain.read("500{", 2), None, "never guessed from the cell");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn plain_amounts_are_what_decimal_numbers_make_of_them(
            cell in prop_oneof![cells(), "-?[0-9]{0,14}", "-?[0-9]{0,9}\\.[0-9]{0,7}", "-?0{0,4}[0-9.]{0,6}"],
            scale in 0_u32..8,
        ) {
            prop_assert_eq!(read(&cell, scale), read_any(&cell, scale));
        }
    }
}
