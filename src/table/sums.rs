//! Sums of the decimal columns, in their smallest units.

use std::ops::AddAssign;

use super::Row;

/// Sums of units, grams and money over orders; `None` where no order has a value, which is not zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Billed units, in thousandths.
    pub units: Option<i128>,
    /// Grams, in thousandths.
    pub grams: Option<i128>,
    /// Billed amounts, in cents.
    pub billed: Option<i128>,
    /// Allowed amounts, in cents.
    pub allowed: Option<i128>,
    /// Paid amounts, in cents.
    pub paid: Option<i128>,
}

fn add(sum: &mut Option<i128>, value: Option<i128>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0) + value);
    }
}

impl Sums {
    /// Adds an order's figures.
    pub fn order(&mut self, row: &Row) {
        add(&mut self.units, row.units.map(i128::from));
        add(&mut self.grams, row.grams.map(i128::from));
        add(&mut self.billed, row.billed.map(i128::from));
        add(&mut self.allowed, row.allowed.map(i128::from));
        add(&mut self.paid, row.paid.map(i128::from));
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        add(&mut self.units, other.units);
        add(&mut self.grams, other.grams);
        add(&mut self.billed, other.billed);
        add(&mut self.allowed, other.allowed);
        add(&mut self.paid, other.paid);
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, Sums};

    #[test]
    fn nothing_stays_nothing_and_is_not_zero() {
        let mut sums = Sums::default();
        sums.order(&Row::default());
        assert_eq!(sums, Sums::default());
        sums.order(&Row { grams: Some(-5), ..Row::default() });
        sums += Sums { grams: Some(7), paid: Some(0), ..Sums::default() };
        assert_eq!(sums, Sums { grams: Some(2), paid: Some(0), ..Sums::default() });
    }
}
