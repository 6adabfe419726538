//! Numbers as they are printed for people.

use crate::summary::Measures;
use crate::table::decimal::{MONEY_PLACES, UNIT_PLACES};

/// What is printed for a figure that the export does not hold.
pub(super) const MISSING: &str = "not in the export";

/// What is printed for a group without any amount when other orders have one.
pub(super) const NO_AMOUNT: &str = "no amount";

/// What is printed where there is no order to count.
const NOTHING: &str = "–";

/// What is printed for the amount of a single patient or order.
pub(super) const WITHHELD: &str = "withheld";

/// The largest number of patients that is not printed as it is.
pub(super) const SMALL_CELL: u64 = 10;

/// What is printed for a small number of patients.
pub(super) const SMALL_CELL_TEXT: &str = "1–10";

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

/// Patients of a group, small cells masked. Orders without any patient id are
/// not orders of no patient.
pub(super) fn patients(measures: &Measures) -> String {
    match measures.patients {
        0 if measures.orders > 0 => MISSING.to_owned(),
        1..=SMALL_CELL => SMALL_CELL_TEXT.to_owned(),
        many => count(many),
    }
}

/// Grams of a group in whole grams.
pub(super) fn grams(measures: &Measures) -> String {
    amount(measures, measures.grams, UNIT_PLACES).unwrap_or_else(|| match measures.orders {
        0 => "0".to_owned(),
        _ => MISSING.to_owned(),
    })
}

/// Money of a group among all orders, in whole units of the export's currency.
pub(super) fn money(measures: &Measures, all: &Measures) -> String {
    let missing = match (measures.orders, all.orders_with_money) {
        (0, 0) => NOTHING,
        (0, _) => "0",
        (_, 0) => MISSING,
        _ => NO_AMOUNT,
    };
    amount(measures, measures.money, MONEY_PLACES).unwrap_or_else(|| missing.to_owned())
}

/// For how many of all orders an amount is known.
pub(super) fn money_coverage(all: &Measures) -> String {
    format!("amount known for {} of {} orders", count(all.orders_with_money), count(all.orders))
}

fn amount(measures: &Measures, minor: Option<i128>, places: u32) -> Option<String> {
    minor.map(|minor| {
        let single = measures.orders == 1 || measures.patients == 1;
        if single { WITHHELD.to_owned() } else { rounded(minor, places) }
    })
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
    fn shares_never_round_to_none_or_all() {
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!(percent(1, 100_000), "<0.1 %");
        assert_eq!(percent(99_999, 100_000), ">99.9 %");
        assert_eq!(percent(0, 0), "–");
        assert_eq!(percent(5, 5), "100.0 %");
    }

    #[test]
    fn a_missing_figure_is_never_zero_and_a_single_order_keeps_its_amount() {
        let none = Measures { orders: 12, ..Measures::default() };
        assert_eq!(grams(&none), MISSING);
        assert_eq!(patients(&none), MISSING);
        let one = Measures { orders: 1, patients: 1, grams: Some(30_000), ..Measures::default() };
        assert_eq!((grams(&one).as_str(), patients(&one).as_str()), (WITHHELD, "1–10"));
        let empty = Measures::default();
        assert_eq!((money(&empty, &empty).as_str(), patients(&empty).as_str()), (NOTHING, "0"));
        let known = Measures { orders: 40, orders_with_money: 12, ..Measures::default() };
        assert_eq!(money(&empty, &known), "0");
        assert_eq!((money(&none, &none).as_str(), money(&none, &known).as_str()), (MISSING, NO_AMOUNT));
        assert_eq!(money_coverage(&known), "amount known for 12 of 40 orders");
        let many = Measures { orders: 40, patients: 11, grams: Some(1_234_567_500), ..Measures::default() };
        assert_eq!((grams(&many).as_str(), patients(&many).as_str()), ("1,234,568", "11"));
    }
}
