//! Grams a patient-year, and its quartiles over patients.

use std::collections::BTreeMap;

use super::GramsAYear;
use super::order::Order;

/// What is more than any patient has is counted as this, so that there are never more different values.
const MOST: u32 = 100_000;

/// Days of a year.
const YEAR: i128 = 365;

/// How many patients have each number of grams a year. In whole grams: of whole numbers there are few, however many
/// patients there are, and their order does not depend on how sums are rounded.
#[derive(Default)]
pub(super) struct Rates(BTreeMap<u32, u64>);

/// The grams a year of a patient with these orders, sorted by day, if it was observed for so many days.
pub(super) fn rate(orders: &[Order], observed_days: u32) -> Option<u32> {
    let (first, last) = (orders.first()?.day, orders.last()?.day);
    let days = i128::from(last) - i128::from(first);
    if days < i128::from(observed_days.max(1)) {
        return None;
    }
    let mut minor = 0;
    for order in orders {
        let grams = i128::from(order.grams()?);
        minor += if order.day < last { grams } else { 0 };
    }
    // Thousandths of a gram over days, to whole grams, halves up.
    let whole = (2 * minor * YEAR + days * 1_000) / (2 * days * 1_000);
    Some(u32::try_from(whole.max(0)).unwrap_or(MOST).min(MOST))
}

impl Rates {
    /// Adds a patient.
    pub fn add(&mut self, rate: u32) {
        *self.0.entry(rate).or_default() += 1;
    }

    /// The quartiles, each the value of a patient.
    pub fn quartiles(&self) -> Option<GramsAYear> {
        let patients: u64 = self.0.values().sum();
        let nearest = |quarters: u64| {
            let rank = (quarters * patients).div_ceil(4).max(1);
            let mut before = 0;
            self.0.iter().find(|(_, patients)| {
                before += **patients;
                before >= rank
            })
        };
        Some(GramsAYear {
            patients,
            lower_quartile: *nearest(1)?.0,
            median: *nearest(2)?.0,
            upper_quartile: *nearest(3)?.0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_what_was_given_before_the_last_day_by_the_days_between() {
        // 10 g on each of the days 0, 30, 60 and 100: 30 g in 100 days are 109.5 g a year.
        let orders: Vec<Order> = [0, 30, 60, 100].map(|day| Order::test(1, day, 0)).into();
        assert_eq!(rate(&orders, 90), Some(110));
        assert_eq!(rate(&orders, 100), Some(110));
        assert_eq!(rate(&orders, 101), None, "observed for too short a time");
        let mut unknown = orders.clone();
        unknown[1] = unknown[1].with_grams(None);
        assert_eq!(rate(&unknown, 90), None, "missing is never zero");
        assert_eq!(rate(&orders[..1], 0), None);
    }

    #[test]
    fn quartiles_are_values_of_patients() {
        let mut rates = Rates::default();
        assert_eq!(rates.quartiles(), None);
        for value in [7, 1, 5, 3, 9] {
            rates.add(value);
        }
        let expected = GramsAYear { patients: 5, lower_quartile: 3, median: 5, upper_quartile: 7 };
        assert_eq!(rates.quartiles(), Some(expected));
    }
}
