//! Quantities that are no billing units: a dose in grams or milligrams is grams already, and never multiplied.

use serde::Deserialize;

/// What the units column of an export counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitsAre {
    /// Billing units of the product code, each so many milligrams.
    #[default]
    BillingUnits,
    /// Milligrams of a dose.
    Milligrams,
    /// Grams of a dose.
    Grams,
    /// Not said: vials, millilitres, doses. They are carried, and no grams come of them.
    Unknown,
}

/// The words in which a layout's dose unit column says grams and milligrams, in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseWords {
    /// Words for grams.
    #[serde(default)]
    pub gram: Vec<String>,
    /// Words for milligrams.
    #[serde(default)]
    pub milligram: Vec<String>,
}

impl UnitsAre {
    /// The grams that a quantity says by itself, both in thousandths. `None` for billing units, which only the product's
    /// code turns into grams, and where it is not known what is counted.
    #[must_use]
    pub fn grams(self, quantity: i64) -> Option<i64> {
        match self {
            Self::BillingUnits | Self::Unknown => None,
            Self::Milligrams => Some(thousandth(quantity)),
            Self::Grams => Some(quantity),
        }
    }
}

impl DoseWords {
    /// What a cell of the dose unit column says that is counted. A word that the layout does not know, such as one for
    /// millilitres or vials, is [`UnitsAre::Unknown`].
    #[must_use]
    pub fn read(&self, cell: &str) -> UnitsAre {
        let word = crate::codes::in_lower_case(crate::codes::trim_cell(cell));
        let word = word.trim_end_matches('.');
        let says = |words: &[String]| words.iter().any(|known| known == word);
        match (says(&self.gram), says(&self.milligram)) {
            (true, false) => UnitsAre::Grams,
            (false, true) => UnitsAre::Milligrams,
            _ => UnitsAre::Unknown,
        }
    }

    /// The grams of a dose, from its number and the cell of its unit; both numbers in thousandths.
    #[must_use]
    pub fn grams_of_dose(&self, dose: i64, unit_cell: &str) -> Option<i64> {
        self.read(unit_cell).grams(dose)
    }
}

/// A thousandth, rounded to the nearest, half away from zero.
fn thousandth(value: i64) -> i64 {
    let whole = value / 1000;
    if (value % 1000).abs() >= 500 { whole + value.signum() } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> DoseWords {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        DoseWords { gram: list(&["g", "gm", "gram", "grams"]), milligram: list(&["mg"]) }
    }

    #[test]
    fn a_dose_in_grams_or_milligrams_is_grams_and_nothing_else_is() {
        let words = words();
        for (dose, unit, grams) in [
            (40_000, "g", Some(40_000)),
            (40_000, " GM ", Some(40_000)),
            (40_000, "gm.", Some(40_000)),
            (10_000_000, "mg", Some(10_000)),
            (-10_000_000, "mg", Some(-10_000)),
            (1_500, "mg", Some(2)),
            (-1_500, "mg", Some(-2)),
            (1_499, "mg", Some(1)),
            (i64::MIN, "mg", Some(-9_223_372_036_854_776)),
            (100_000, "mL", None),
            (1_000, "VIAL", None),
            (1_000, "", None),
            (1_000, "g/kg", None),
        ] {
            assert_eq!(words.grams_of_dose(dose, unit), grams, "{dose} {unit}");
        }
    }

    #[test]
    fn billing_units_and_unknown_ones_are_no_grams_by_themselves() {
        assert_eq!(UnitsAre::BillingUnits.grams(80_000), None);
        assert_eq!(UnitsAre::Unknown.grams(80_000), None);
        assert_eq!(UnitsAre::Grams.grams(80_000), Some(80_000));
        assert_eq!(UnitsAre::Milligrams.grams(80_000_000), Some(80_000));
    }

    #[test]
    fn a_word_that_stands_for_both_is_neither() {
        let both = DoseWords { gram: vec!["g".to_owned()], milligram: vec!["g".to_owned()] };
        assert_eq!(both.read("g"), UnitsAre::Unknown);
    }
}
