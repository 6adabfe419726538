//! The four denominators: patients, orders, grams, money.

use std::ops::AddAssign;

use super::charges::Sums;

/// What a group of orders amounts to.
///
/// A patient counts once in each group it appears in, so patients do not add
/// up over groups; orders, grams and money do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measures {
    /// Distinct patient ids, orders without one not counted.
    pub patients: u64,
    /// Orders.
    pub orders: u64,
    /// Thousandths of a gram; `None` if no order of the group has grams.
    pub grams: Option<i128>,
    /// Orders with grams.
    pub orders_with_grams: u64,
    /// Cents; `None` if no order of the group has an amount.
    pub money: Option<i128>,
    /// Orders with an amount.
    pub orders_with_money: u64,
}

/// What adds up over orders: all of [`Measures`] but the patients.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amounts {
    pub orders: u64,
    pub grams: Known,
    pub money: Known,
    /// Units and all three amounts, where they are asked for.
    pub charges: Sums,
}

/// A sum, and over how many orders: a sum over no value at all is "not in the export" and not zero.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    pub sum: i128,
    pub orders: u64,
}

impl Known {
    /// The value of one order.
    pub(super) fn one(value: Option<i128>) -> Self {
        Self { sum: value.unwrap_or(0), orders: u64::from(value.is_some()) }
    }

    /// What remains of it. There may remain a sum below zero, but never less than no order.
    pub(super) fn without(self, part: Self) -> Self {
        Self { sum: self.sum - part.sum, orders: self.orders.saturating_sub(part.orders) }
    }

    /// The sum, if any order has a value.
    pub(super) fn total(self) -> Option<i128> {
        (self.orders > 0).then_some(self.sum)
    }
}

impl Amounts {
    /// With the patients, that are counted elsewhere.
    pub(super) fn of_patients(self, patients: u64) -> Measures {
        Measures {
            patients,
            orders: self.orders,
            grams: self.grams.total(),
            orders_with_grams: self.grams.orders,
            money: self.money.total(),
            orders_with_money: self.money.orders,
        }
    }
}

impl AddAssign for Known {
    fn add_assign(&mut self, other: Self) {
        self.sum += other.sum;
        self.orders += other.orders;
    }
}

impl AddAssign for Amounts {
    fn add_assign(&mut self, other: Self) {
        self.orders += other.orders;
        self.grams += other.grams;
        self.money += other.money;
        self.charges += other.charges;
    }
}
