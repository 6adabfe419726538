//! Numbers as they are printed for people.

use crate::summary::Measures;
use crate::table::decimal::{MONEY_PLACES, UNIT_PLACES};

/// What is printed for a figure that the export does not hold.
pub(super) const MISSING: &str = "not in the export";

/// What is printed for a group without any amount when other orders have one.
pub(super) const NO_AMOUNT: &str = "no amount";

/// What is printed where there is no order to count.
const NOTHING: &str = "–";

/// A whole number with thousands separated by commas.
pub(super) fn count(value: impl Into<i128>) -> String {
    let value: i128 = value.into();
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    if value < 0 {
        text.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Names as a list in a sentence.
pub(super) fn joined(names: &[String]) -> String {
    match names {
        [rest @ .., before, last] => {
            let all = [rest, &[format!("{before} and {last}")]].concat();
            all.join(", ")
        }
        _ => names.concat(),
    }
}

/// A decimal rounded half up (away from zero) to whole numbers, for reading.
pub(super) fn rounded(minor: i128, places: u32) -> String {
    let unit = 10_i128.pow(places.min(30));
    let half = if minor < 0 { -(unit / 2) } else { unit / 2 };
    count(minor.saturating_add(half) / unit)
}

/// A share in percent with one decimal; nothing if there is no whole.
pub(super) fn percent(part: impl Into<i128>, whole: impl Into<i128>) -> String {
    let (part, whole): (i128, i128) = (part.into(), whole.into());
    if whole <= 0 || part < 0 {
        return "–".to_owned();
    }
    let tenths = part.saturating_mul(1000).saturating_add(whole / 2) / whole;
    match tenths {
        0 if part > 0 => "<0.1 %".to_owned(),
        1000 if part < whole => ">99.9 %".to_owned(),
        _ => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

/// Patients of a group. Orders without any patient id are not orders of no patient.
pub(super) fn patients(measures: &Measures) -> String {
    match measures.patients {
        0 if measures.orders > 0 => MISSING.to_owned(),
        patients => count(patients),
    }
}

/// Grams of a group in whole grams.
pub(super) fn grams(measures: &Measures) -> String {
    let missing = if measures.orders == 0 { "0" } else { MISSING };
    measures.grams.map_or_else(|| missing.to_owned(), |minor| rounded(minor, UNIT_PLACES))
}

/// Money of a group in whole units of the export's currency; `known` if any order has an amount.
pub(super) fn money(measures: &Measures, known: bool) -> String {
    let missing = match (measures.orders, known) {
        (0, false) => NOTHING,
        (0, true) => "0",
        (_, false) => MISSING,
        (_, true) => NO_AMOUNT,
    };
    measures.money.map_or_else(|| missing.to_owned(), |minor| rounded(minor, MONEY_PLACES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(count(1_234_567_u64), "1,234,567");
        assert_eq!(count(999_u64), "999");
        assert_eq!(count(-1000), "−1,000");
        assert_eq!(rounded(1_500, 3), "2");
        assert_eq!(rounded(-149, 2), "−1");
    }

    #[test]
    fn names_read_as_a_list() {
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!([&names[..1], &names[..2], &names[..]].map(joined), ["a", "a and b", "a, b and c"]);
    }

    #[test]
    fn shares_never_round_to_none_or_all() {
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!(percent(1, 100_000), "<0.1 %");
        assert_eq!(percent(99_999, 100_000), ">99.9 %");
        assert_eq!(percent(0, 0), "–");
        assert_eq!(percent(5, 5), "100.0 %");
    }

    #[test]
    fn a_missing_figure_is_never_zero() {
        let none = Measures { orders: 12, ..Measures::default() };
        assert_eq!((grams(&none).as_str(), patients(&none).as_str()), (MISSING, MISSING));
        let empty = Measures::default();
        assert_eq!((money(&empty, false).as_str(), patients(&empty).as_str()), (NOTHING, "0"));
        assert_eq!(money(&empty, true), "0");
        assert_eq!((money(&none, false).as_str(), money(&none, true).as_str()), (MISSING, NO_AMOUNT));
        let many = Measures { orders: 40, patients: 11, grams: Some(1_234_567_500), ..Measures::default() };
        assert_eq!((grams(&many).as_str(), patients(&many).as_str()), ("1,234,568", "11"));
    }
}
