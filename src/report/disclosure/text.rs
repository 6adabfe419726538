//! Figures as the page prints them: what is shown of them, or that it is withheld.

use super::{Disclosure, SMALL, Shown, WITHHELD};
use crate::report::figure;
use crate::summary::Measures;

/// The four measures of a figure as texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// Its id, by which a number on the page is found in `summary.json`.
    pub id: String,
    /// Patients.
    pub patients: String,
    /// Orders.
    pub orders: String,
    /// Grams, in whole grams.
    pub grams: String,
    /// Money, in whole units of the export's currency.
    pub money: String,
}

impl Disclosure {
    /// The four measures of a figure as texts.
    #[must_use]
    pub fn texts(&self, id: &str) -> Texts {
        Texts {
            id: id.to_owned(),
            patients: self.text(id, figure::patients),
            orders: self.orders(id),
            grams: self.grams(id),
            money: self.money(id),
        }
    }

    /// The orders of a figure.
    #[must_use]
    pub fn orders(&self, id: &str) -> String {
        self.text(id, |measures| figure::count(measures.orders))
    }

    /// The grams of a figure.
    #[must_use]
    pub fn grams(&self, id: &str) -> String {
        self.text(id, |measures| match measures.orders {
            0 => "0".to_owned(),
            _ if self.few_grams => WITHHELD.to_owned(),
            _ => figure::grams(measures),
        })
    }

    /// The money of a figure.
    #[must_use]
    pub fn money(&self, id: &str) -> String {
        let known = self.shown.get(super::ALL).is_none_or(|all| match all {
            Shown::Whole(all) => all.orders_with_money > 0,
            Shown::Withheld => true,
        });
        self.text(id, |measures| match measures.orders {
            0 if known => "0".to_owned(),
            _ if self.few_money => WITHHELD.to_owned(),
            _ => figure::money(measures, known),
        })
    }

    /// The share that one figure's orders have in another's; nothing if either is withheld.
    #[must_use]
    pub fn share_of_orders(&self, part: &str, whole: &str) -> String {
        self.share(part, whole, |measures| Some(i128::from(measures.orders)))
    }

    /// The share in grams.
    #[must_use]
    pub fn share_of_grams(&self, part: &str, whole: &str) -> String {
        self.share(part, whole, |measures| measures.grams)
    }

    /// The share in money.
    #[must_use]
    pub fn share_of_money(&self, part: &str, whole: &str) -> String {
        self.share(part, whole, |measures| measures.money)
    }

    /// The rule, as the page states it.
    #[must_use]
    pub fn rule() -> String {
        format!(
            "A figure of 1 to {SMALL} patients or orders is withheld, and so is every other figure from which such a one \
             could be worked out, by sums over any tables of this page. Both are printed as “{WITHHELD}”, which is never \
             zero; a zero is printed as it is. Shares, bars and sentences made from a withheld figure are withheld too. \
             Withheld lines stand last in their lists."
        )
    }

    fn text(&self, id: &str, of: impl Fn(&Measures) -> String) -> String {
        self.measures(id).as_ref().map_or_else(|| WITHHELD.to_owned(), of)
    }

    fn share(&self, part: &str, whole: &str, of: fn(&Measures) -> Option<i128>) -> String {
        let of = |id: &str| self.measures(id).as_ref().and_then(of);
        of(part).zip(of(whole)).map_or_else(String::new, |(part, whole)| figure::percent(part, whole))
    }
}
