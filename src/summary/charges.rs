//! Units and the three amounts of orders, side by side: what was billed, what the payer allowed, what it paid.

use std::ops::AddAssign;

use super::measure::Known;

/// What the export holds of units and amounts, summed. What no order has is `None`, never zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Charges {
    /// Thousandths of a billing unit.
    pub units: Option<i128>,
    /// Cents.
    pub billed: Option<i128>,
    /// Cents.
    pub allowed: Option<i128>,
    /// Cents.
    pub paid: Option<i128>,
    /// Orders with units.
    pub orders_with_units: u64,
    /// Orders with a billed amount.
    pub orders_with_billed: u64,
    /// Orders with an allowed amount.
    pub orders_with_allowed: u64,
    /// Orders with a paid amount.
    pub orders_with_paid: u64,
}

/// The same while it is added up.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub units: Known,
    pub billed: Known,
    pub allowed: Known,
    pub paid: Known,
}

impl Sums {
    /// The amount of the column that stands for money.
    pub(super) fn column(&self, money: Option<&str>) -> Known {
        match money {
            Some("billed") => self.billed,
            Some("allowed") => self.allowed,
            Some("paid") => self.paid,
            _ => Known::default(),
        }
    }

    /// What remains of each.
    pub(super) fn without(self, part: Self) -> Self {
        Self {
            units: self.units.without(part.units),
            billed: self.billed.without(part.billed),
            allowed: self.allowed.without(part.allowed),
            paid: self.paid.without(part.paid),
        }
    }

    pub(super) fn totals(self) -> Charges {
        let Self { units, billed, allowed, paid } = self;
        Charges {
            units: units.total(),
            billed: billed.total(),
            allowed: allowed.total(),
            paid: paid.total(),
            orders_with_units: units.orders,
            orders_with_billed: billed.orders,
            orders_with_allowed: allowed.orders,
            orders_with_paid: paid.orders,
        }
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.units += other.units;
        self.billed += other.billed;
        self.allowed += other.allowed;
        self.paid += other.paid;
    }
}
