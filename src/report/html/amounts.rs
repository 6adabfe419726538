//! Units and the three amounts beside figures: shown where the figure is, and nowhere if few orders have them.

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
    /// would tell it.
    pub(super) fn of<'all>(told: &Disclosure, all: impl IntoIterator<Item = (String, &'all Charges)>) -> Self {
        let mut shown = [true; 4];
        for (_, charges) in all.into_iter().filter(|(id, _)| told.measures(id).is_some()) {
            for (shown, (_, orders)) in shown.iter_mut().zip(values(charges)) {
                *shown &= !(1..=SMALL).contains(&orders);
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

fn values(charges: &Charges) -> [(Option<i128>, u64); 4] {
    [
        (charges.units, charges.orders_with_units),
        (charges.billed, charges.orders_with_billed),
        (charges.allowed, charges.orders_with_allowed),
        (charges.paid, charges.orders_with_paid),
    ]
}
