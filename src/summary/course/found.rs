//! What shows one pattern: the orders of all patients who show it, and the first instances of it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::order::Order;
use super::{INSTANCES, Instance};
use crate::summary::measure::{Amounts, Known};

/// What shows a pattern so far.
#[derive(Default)]
pub(super) struct Found {
    pub amounts: Amounts,
    pub patients: u64,
    pub instances: u64,
    /// The first so far, the last of them on top.
    named: BinaryHeap<Named>,
}

/// An instance, ordered as it is named: most grams first, then most orders, then by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    grams: Reverse<Option<i128>>,
    orders: Reverse<u64>,
    /// The rows of the table that hold the first and the last order.
    pub places: [u32; 2],
    /// Their kinds.
    pub kinds: [u32; 2],
    days: u32,
}

impl Found {
    /// Adds one instance: the orders of it, sorted by day.
    pub fn instance(&mut self, orders: &[Order]) {
        let (Some(first), Some(last)) = (orders.first(), orders.last()) else { return };
        let mut grams = Known::default();
        for order in orders {
            grams += order.amounts().grams;
        }
        self.instances += 1;
        self.named.push(Named {
            grams: Reverse(grams.total()),
            orders: Reverse(orders.len() as u64),
            places: [first.at, last.at],
            kinds: [first.kind, last.kind],
            days: last.day.abs_diff(first.day),
        });
        if self.named.len() > INSTANCES {
            self.named.pop();
        }
    }

    /// Adds what the marked orders of one patient amount to.
    pub fn patient(&mut self, marked: impl Iterator<Item = Amounts>) {
        let before = self.amounts.orders;
        marked.for_each(|amounts| self.amounts += amounts);
        self.patients += u64::from(self.amounts.orders > before);
    }

    /// The named instances in their order.
    pub fn named(&self) -> Vec<Named> {
        self.named.clone().into_sorted_vec()
    }
}

impl Named {
    /// The instance with its places and rows.
    pub fn told(&self, place: impl Fn(u32) -> super::Place, rows: impl Fn(u32) -> String) -> Instance {
        let [first, last] = self.places.map(place);
        let [first_rows, last_rows] = self.kinds.map(rows);
        Instance { first, last, first_rows, last_rows, orders: self.orders.0, days: self.days, grams: self.grams.0 }
    }
}
