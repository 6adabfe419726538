//! National Drug Codes.

use std::fmt;

use super::{Malformed, is_null_token, trim_cell};

/// An NDC in its eleven-digit billing form (labeler 5, product 4, package 2), or labeler and product alone, as some exports
/// carry it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ndc {
    product: NdcProduct,
    package: Option<u8>,
}

/// Labeler and product of an NDC: what is in the package, whatever its size.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NdcProduct(u32);

/// The fewest digits that may be an NDC without its leading zeros; a labeler has at most four of them.
const FEWEST_DIGITS: usize = 7;

impl Ndc {
    /// Reads a cell whose form leaves no doubt: eleven digits, or a hyphenated 5-4-2, 4-4-2, 5-3-2 or 5-4-1 form,
    /// which is padded segment by segment. Ten digits without hyphens could be three codes, so they are malformed.
    ///
    /// # Errors
    /// [`Malformed`] if the cell is none of these, or all zeros.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        Self::plain(cell).map_or_else(|| Self::parse_any(cell), Ok)
    }

    fn parse_any(cell: &str) -> Result<Self, Malformed> {
        let trimmed = written(cell)?;
        let parts: Vec<&str> = trimmed.split('-').collect();
        match parts.iter().map(|part| part.len()).collect::<Vec<_>>()[..] {
            [11] => Self::from_digits(&trimmed),
            [5, 4, 1 | 2] | [4, 4, 2] | [5, 3, 2] => Self::from_segments(&parts),
            _ => Err(Malformed::Shape),
        }
    }

    /// Every code that a cell may mean, each once. One for a form that leaves no doubt. Where leading zeros are lost, or ten
    /// digits stand without hyphens, each place where a zero may be missing gives a reading, and nine digits may be labeler
    /// and product without a package; only a list of products can pick among them. A number that begins with a zero has
    /// lost none, so nine such digits are labeler and product.
    ///
    /// # Errors
    /// [`Malformed`] if the cell is no NDC in any form. `0` and other cells of zeros only are empty.
    pub fn candidates(cell: &str) -> Result<Vec<Self>, Malformed> {
        Self::plain(cell).map_or_else(|| Self::candidates_any(cell), |plain| Ok(vec![plain]))
    }

    fn candidates_any(cell: &str) -> Result<Vec<Self>, Malformed> {
        let trimmed = written(cell)?;
        if let Ok(certain) = Self::parse_any(&trimmed) {
            return Ok(vec![certain]);
        }
        let parts: Vec<&str> = trimmed.split('-').collect();
        let mut readings = match parts[..] {
            [digits] if digits.len() == 9 && digits.starts_with('0') => without_package(digits).into_iter().collect(),
            [digits] if (FEWEST_DIGITS..=10).contains(&digits.len()) => {
                let ten = format!("{digits:0>10}");
                let with_zero_at = |at: usize| Self::from_digits(&format!("{}0{}", &ten[..at], &ten[at..]));
                let padded = [0, 5, 9].into_iter().filter_map(|at| with_zero_at(at).ok());
                padded.chain(without_package(digits)).collect()
            }
            [labeler, product] if labeler.len() == 5 && product.len() == 4 => {
                without_package(&format!("{labeler}{product}")).into_iter().collect()
            }
            [labeler, product, package] if labeler.len() <= 5 && product.len() <= 4 && package.len() <= 2 => {
                Self::from_segments(&parts).map(|code| vec![code]).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        readings.sort_unstable();
        readings.dedup();
        if readings.is_empty() { Err(Malformed::Shape) } else { Ok(readings) }
    }

    /// A code written as most are, as eleven digits or in the hyphenated form of eleven, and nothing else.
    fn plain(cell: &str) -> Option<Self> {
        let bytes = cell.as_bytes();
        let is_hyphen = |at: usize| bytes.len() == 13 && matches!(at, 5 | 10);
        if !matches!(bytes.len(), 11 | 13) {
            return None;
        }
        let mut number = 0;
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'-' if is_hyphen(at) => {}
                b'0'..=b'9' if !is_hyphen(at) => number = number * 10 + u64::from(byte - b'0'),
                _ => return None,
            }
        }
        Self::of_number(number)
    }

    /// The code of eleven digits, unless they are all zeros.
    fn of_number(number: u64) -> Option<Self> {
        let product = NdcProduct((number / 100) as u32);
        (number > 0).then_some(Self { product, package: Some((number % 100) as u8) })
    }

    fn from_segments(parts: &[&str]) -> Result<Self, Malformed> {
        if parts.iter().any(|part| part.is_empty()) {
            return Err(Malformed::Shape);
        }
        Self::from_digits(&format!("{:0>5}{:0>4}{:0>2}", parts[0], parts[1], parts[2]))
    }

    fn from_digits(digits: &str) -> Result<Self, Malformed> {
        digits.parse().ok().and_then(Self::of_number).ok_or(Malformed::Shape)
    }

    /// Labeler and product, without the package.
    #[must_use]
    pub fn product(self) -> NdcProduct {
        self.product
    }
}

/// Nine digits as labeler and product, all of whose zeros are there.
fn without_package(digits: &str) -> Option<Ndc> {
    let number: u32 = digits.parse().ok().filter(|number| *number > 0)?;
    (digits.len() == 9).then_some(Ndc { product: NdcProduct(number), package: None })
}

impl NdcProduct {
    /// Reads labeler and product as the rules write them: five digits, a hyphen, four digits.
    ///
    /// # Errors
    /// [`Malformed`] if the cell has another form. A labeler alone is none.
    pub fn parse(cell: &str) -> Result<Self, Malformed> {
        let trimmed = written(cell)?;
        match trimmed.split_once('-') {
            Some((labeler, product)) if labeler.len() == 5 && product.len() == 4 => {
                format!("{labeler}{product}").parse().map(Self).map_err(|_| Malformed::Shape)
            }
            _ => Err(Malformed::Shape),
        }
    }
}

/// Units of the quantity that claims write behind a qualified code (`N4...ML50`).
const QUANTITY_UNITS: [&str; 5] = ["UN", "ML", "GR", "F2", "ME"];

/// The digits and hyphens of a cell: without the qualifier `N4` of claims and the quantity behind it, the letters
/// `NDC` and the `.0` of a spreadsheet; segments that spaces separate are hyphenated.
fn written(cell: &str) -> Result<String, Malformed> {
    let trimmed = trim_cell(cell);
    if is_null_token(trimmed) || trimmed.bytes().all(|byte| matches!(byte, b'0' | b'-' | b'.')) {
        return Err(Malformed::Empty);
    }
    let upper = trimmed.to_ascii_uppercase();
    let bare = upper.strip_prefix("NDC").map_or(upper.as_str(), |rest| rest.trim_start_matches([':', '#', ' ']));
    let bare = match bare.strip_prefix("N4") {
        Some(qualified) => without_quantity(qualified.trim_start()),
        None => bare,
    };
    let bare = bare.strip_suffix(".0").unwrap_or(bare);
    let segments: Vec<&str> = bare.split_ascii_whitespace().collect();
    let joined = segments.join("-");
    match joined.chars().find(|c| !c.is_ascii_digit() && *c != '-') {
        Some(odd) => Err(Malformed::Character(odd as u32)),
        None => Ok(joined),
    }
}

/// What stands before a unit of quantity, if one follows.
fn without_quantity(qualified: &str) -> &str {
    let end = qualified.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(qualified.len());
    let (code, rest) = qualified.split_at(end);
    if QUANTITY_UNITS.iter().any(|unit| rest.trim_start().starts_with(unit)) { code } else { qualified }
}

impl fmt::Display for Ndc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.package {
            Some(package) => write!(f, "{:09}{package:02}", self.product.0),
            None => fmt::Display::fmt(&self.product, f),
        }
    }
}

impl fmt::Debug for Ndc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for NdcProduct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}-{:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

impl fmt::Debug for NdcProduct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::cells;

    fn readings(cell: &str) -> Vec<String> {
        Ndc::candidates(cell).unwrap_or_default().iter().map(Ndc::to_string).collect()
    }

    #[test]
    fn words_and_quantities_round_a_code_come_off() {
        let code = Ndc::parse("01234-5678-90");
        for form in ["NDC 01234-5678-90", "ndc:01234567890", "01234 5678 90", "N401234567890ML50", "N4 01234567890 UN1"]
        {
            assert_eq!(Ndc::parse(form), code, "{form}");
        }
        assert!(Ndc::parse("N401234567890XX50").is_err());
    }

    #[test]
    fn hyphenated_forms_are_padded_segment_by_segment() {
        let code = Ndc::parse("01234567890").unwrap();
        for form in ["01234-5678-90", "1234-5678-90", "N401234567890"] {
            assert_eq!(Ndc::parse(form), Ok(code), "{form}");
            assert_eq!(Ndc::candidates(form), Ok(vec![code]), "{form}");
        }
        assert_eq!(Ndc::parse("12345-678-90").unwrap().to_string(), "12345067890");
        assert_eq!(Ndc::parse("12345-6789-0").unwrap().to_string(), "12345678900");
    }

    #[test]
    fn ten_bare_digits_are_not_guessed() {
        for cell in ["1234567890", "0", "00000000000", "1-2-3", "12345-6789-000"] {
            assert!(Ndc::parse(cell).is_err(), "{cell}");
        }
        assert_eq!(readings("1234567890"), ["01234567890", "12345067890", "12345678900"]);
    }

    #[test]
    fn lost_zeros_give_every_reading_that_a_list_may_pick_from() {
        assert_eq!(readings("944270002"), ["00944270002", "09442070002", "09442700002", "94427-0002"]);
        assert_eq!(readings("94427002"), ["00094427002", "00944027002", "00944270002"], "eight digits");
        assert_eq!(readings("9442702"), ["00009442702", "00094042702", "00094427002"], "seven digits");
        assert_eq!(readings("944270002.0"), readings("944270002"));
        assert_eq!(readings("944-2700-02"), ["00944270002"]);
        assert_eq!(readings("1000000000"), ["01000000000", "10000000000"], "each reading once");
        for cell in ["123456", "123456789012", "1-2", "12345--67", "A1234567890", "-1234567"] {
            assert!(Ndc::candidates(cell).is_err(), "{cell}");
        }
    }

    #[test]
    fn nine_digits_may_be_labeler_and_product_without_a_package() {
        let whole = Ndc::parse("00944270002").unwrap();
        for cell in ["009442700", "00944-2700"] {
            assert_eq!(readings(cell), ["00944-2700"], "{cell}: no zero is lost where one stands in front");
            assert_eq!(Ndc::candidates(cell).unwrap()[0].product(), whole.product());
            assert_ne!(Ndc::candidates(cell).unwrap()[0], whole, "the package is not made up");
        }
        assert_eq!(readings("123456789"), ["00123456789", "01234056789", "01234567809", "12345-6789"]);
        assert_eq!(Ndc::parse("009442700"), Err(Malformed::Shape));
    }

    #[test]
    fn six_digits_and_numbers_in_scientific_notation_are_no_code() {
        for cell in ["651640", "65164.0", "4.4206E+10", "44206043705E0", "651640-"] {
            assert!(matches!(Ndc::candidates(cell), Err(Malformed::Shape | Malformed::Character(_))), "{cell}");
        }
        assert_eq!(readings("44206043705.0"), ["44206043705"]);
        assert_eq!(readings("   44206043705   "), ["44206043705"], "a fixed-width cell");
    }

    #[test]
    fn zeros_are_no_code_and_not_a_malformed_one() {
        for cell in ["0", "00000-0000-00", " 00000000000 ", "~", ""] {
            assert_eq!(Ndc::candidates(cell), Err(Malformed::Empty), "{cell}");
        }
    }

    #[test]
    fn a_product_is_a_labeler_and_a_product_and_never_a_labeler_alone() {
        assert_eq!(Ndc::parse("01234567890").map(Ndc::product), NdcProduct::parse("01234-5678"));
        assert_eq!(NdcProduct::parse("01234-5678").unwrap().to_string(), "01234-5678");
        for cell in ["01234", "01234-", "1234-5678", "01234-5678-90", "012345678"] {
            assert!(NdcProduct::parse(cell).is_err(), "{cell}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_code_of_eleven_digits_is_what_its_digits_say(cell in prop_oneof![cells(), "[0-9]{11}", "[0-9]{5}-[0-9]{4}-[0-9]{2}"]) {
            prop_assert_eq!(Ndc::parse(&cell), Ndc::parse_any(&cell));
            prop_assert_eq!(Ndc::candidates(&cell), Ndc::candidates_any(&cell));
        }
    }
}
