//! Units and the three amounts beside figures: shown where the figure is, and nowhere if few orders have them.

use std::collections::BTreeMap;

use crate::report::disclosure::{Disclosure, SMALL, WITHHELD};
use crate::report::figure;
use crate::summary::Charges;
use crate::table::decimal::{MONEY_PLACES, UNIT_PLACES};

/// Units, billed, allowed and paid amount of a figure.
pub(super) struct Amounts {
    pub(super) units: String,
    pub(super) billed: String,
    pub(super) allowed: String,
    pub(super) paid: String,
}

/// The columns of amounts that are shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns([bool; 4]);

impl Columns {
    /// A column is withheld throughout if some figure that is shown has its value from few orders: what is left of a total
    /// would tell it. So it is if what a cut leaves of all orders, when those of its figures that are shown are taken away,
    /// has its value from few.
    pub(super) fn of(told: &Disclosure, whole: &Charges, all: &[(String, Charges)]) -> Self {
        let mut shown = values(whole).map(|(_, orders)| !is_few(orders));
        let mut left: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
        for (id, charges) in all.iter().filter(|(id, _)| told.measures(id).is_some()) {
            let cut = id.split('/').next().unwrap_or_default();
            let left = left.entry(cut).or_insert_with(|| values(whole).map(|(_, orders)| orders));
            for ((shown, left), (_, orders)) in shown.iter_mut().zip(left).zip(values(charges)) {
                *shown &= !is_few(orders);
                *left = left.saturating_sub(orders);
            }
        }
        for left in left.into_values() {
            for (shown, left) in shown.iter_mut().zip(left) {
                *shown &= !is_few(left);
            }
        }
        Self(shown)
    }

    pub(super) fn amounts(self, told: &Disclosure, id: &str, charges: &Charges) -> Amounts {
        let mut texts =
            self.0.into_iter().zip(values(charges)).zip([UNIT_PLACES, MONEY_PLACES, MONEY_PLACES, MONEY_PLACES]);
        let mut next = || match (told.measures(id), texts.next()) {
            (Some(measures), _) if measures.orders == 0 => "0".to_owned(),
            (Some(_), Some(((true, (minor, _)), places))) => {
                minor.map_or_else(|| figure::MISSING.to_owned(), |minor| figure::rounded(minor, places))
            }
            _ => WITHHELD.to_owned(),
        };
        Amounts { units: next(), billed: next(), allowed: next(), paid: next() }
    }
}

fn is_few(orders: u64) -> bool {
    (1..=SMALL).contains(&orders)
}

fn values(charges: &Charges) -> [(Option<i128>, u64); 4] {
    [
        (charges.units, charges.orders_with_units),
        (charges.billed, charges.orders_with_billed),
        (charges.allowed, charges.orders_with_allowed),
        (charges.paid, charges.orders_with_paid),
    ]
}
