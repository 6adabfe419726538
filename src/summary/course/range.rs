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

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(orders: &[Order], room: usize) -> (Vec<Order>, u64, usize) {
        let (mut all, mut crowded, mut passes, mut next) = (Vec::new(), 0, 0, Some(Range::new(room)));
        while let Some(mut range) = next {
            for order in orders {
                range.push(*order);
            }
            let held = range.finish();
            all.extend(held.orders);
            crowded += held.crowded;
            (passes, next) = (passes + 1, held.after);
        }
        (all, crowded, passes)
    }

    /// Orders of so many patients, one after the other in turn.
    fn orders(number: u32, patients: u64) -> Vec<Order> {
        let lead = |at: u32| (u64::from(at) % patients + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (0..number).map(|at| Order::test(lead(at), i32::try_from(at / 7).expect("small"), at)).collect()
    }

    #[test]
    fn every_order_comes_once_and_a_patient_is_never_torn_apart() {
        let orders = orders(50_000, 900);
        let (expected, none, one) = passes(&orders, 1 << 20);
        assert_eq!((none, one, expected.len()), (0, 1, 50_000));
        assert!(expected.is_sorted());
        let (found, none, several) = passes(&orders, 1);
        assert!(found == expected && none == 0 && several > 5, "{several} passes");
    }

    #[test]
    fn an_id_with_too_many_orders_is_left_out_whatever_the_room() {
        let mut all = orders(30_000, 700);
        let crowd = all[5].patient;
        let most = u32::try_from(ORDERS_OF_ONE_PATIENT).expect("small");
        all.extend((0..3 * most).map(|at| Order::test(crowd.lead, 3, 30_000 + at)));
        let own = all.iter().filter(|order| order.patient == crowd).count();
        let expected: usize = all.len() - own;
        for room in [1, 20_000, 1 << 20] {
            let (found, crowded, _) = passes(&all, room);
            assert_eq!((found.len(), crowded), (expected, own as u64), "room for {room}");
        }
    }
}
