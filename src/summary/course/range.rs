//! All orders of the patients of one range of digests, in bounded memory.
//!
//! As in [`sieve`](crate::summary::sieve): the first range is everything, and ends earlier as soon as there is no room
//! for more; what lies behind its end is for another reading of the table. Here nothing can be merged, and a patient's
//! orders must not be torn apart. An id with more orders than one patient has would not fit however narrow the range:
//! its orders are left out, and counted.

use std::collections::HashMap;
use std::ops::Range as Span;

use super::ORDERS_OF_ONE_PATIENT;
use super::order::{Order, Patient};

/// The least room: what one patient may have, twice, so that of a full range something can always go.
const LEAST: usize = 2 * ORDERS_OF_ONE_PATIENT + 2;

/// The orders of one range of digests.
pub(super) struct Range {
    kept: Vec<Order>,
    room: usize,
    from: u64,
    /// The first lead behind the range.
    until: Option<u64>,
    /// Ids with too many orders, and how many of them were let go or turned away.
    crowds: HashMap<Patient, u64>,
}

/// What a range held.
pub(super) struct Held {
    /// Sorted by patient and day.
    pub orders: Vec<Order>,
    /// Orders of ids with too many of them.
    pub crowded: u64,
    /// The next range, for which another reading is.
    pub after: Option<Range>,
}

impl Range {
    /// Keeps all digests, as long as there is room for `room` orders.
    pub fn new(room: usize) -> Self {
        let room = room.max(LEAST);
        // All of it at once: memory that is not written to costs nothing, and it never has to be moved to grow.
        Self { kept: Vec::with_capacity(room), room, from: 0, until: None, crowds: HashMap::new() }
    }

    /// Whether the range is of this patient.
    pub fn holds(&self, patient: Patient) -> bool {
        patient.lead >= self.from && self.until.is_none_or(|until| patient.lead < until)
    }

    /// Keeps an order if its patient is in the range.
    pub fn push(&mut self, order: Order) {
        if !self.holds(order.patient) {
            return;
        }
        if let Some(crowd) = self.crowds.get_mut(&order.patient) {
            *crowd += 1;
            return;
        }
        self.kept.push(order);
        if self.kept.len() >= self.room {
            self.make_room();
        }
    }

    /// The orders of the range.
    pub fn finish(mut self) -> Held {
        self.let_crowds_go();
        self.kept.sort_unstable();
        let until = self.until;
        let of_range = |patient: &Patient| until.is_none_or(|until| patient.lead < until);
        let crowded = self.crowds.iter().filter(|(patient, _)| of_range(patient)).map(|(_, orders)| orders).sum();
        let after = until.map(|from| Self { from, ..Self::new(self.room) });
        Held { orders: self.kept, crowded, after }
    }

    fn let_crowds_go(&mut self) {
        self.kept.sort_unstable();
        let mut crowds: Vec<Span<usize>> = Vec::new();
        let mut start = 0;
        for orders in self.kept.chunk_by(|one, other| one.patient == other.patient) {
            if orders.len() > ORDERS_OF_ONE_PATIENT {
                *self.crowds.entry(orders[0].patient).or_default() += orders.len() as u64;
                crowds.push(start..start + orders.len());
            }
            start += orders.len();
        }
        for crowd in crowds.into_iter().rev() {
            self.kept.drain(crowd);
        }
    }

    /// Lets crowds go; if that leaves more than half, the upper half of the range is left to another reading.
    fn make_room(&mut self) {
        self.let_crowds_go();
        let half = self.room / 2;
        if self.kept.len() <= half {
            return;
        }
        // The first patient has less than half of the orders, so the middle is behind it, or patients share a lead.
        let middle = self.kept[half].patient.lead;
        let behind = if self.kept[0].patient.lead < middle { Some(middle) } else { middle.checked_add(1) };
        match behind.filter(|behind| self.until.is_none_or(|until| *behind < until)) {
            Some(behind) => {
                self.kept.truncate(self.kept.partition_point(|order| order.patient.lead < behind));
                self.until = Some(behind);
            }
            None => self.room *= 2,
        }
    }
}
