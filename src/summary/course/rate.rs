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
