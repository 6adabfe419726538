//! Numbers of which only the different ones count, kept in bounded memory.
//!
//! To count what is distinct, all of it must be compared with all of it, and there may be more of it than memory holds.
//! So what is compared are numbers that begin with a digest, and of all digests a [`Sieve`] keeps those of one *range*:
//! the first range is everything, and ends earlier as soon as there is no room for more. What lies behind its end is
//! for another pass over the table. Ranges share no digest, so what is counted in each of them adds up.

/// A number that begins with a digest.
pub(super) trait Kept: Copy + Ord {
    /// The leading bits of the digest, by which ranges are cut.
    fn lead(self) -> u64;

    /// Of two numbers that stand beside each other when sorted: the one that stands for both, if they are of one kind.
    fn both(self, next: Self) -> Option<Self>;
}

/// The numbers of one range of digests.
pub(super) struct Sieve<T> {
    kept: Vec<T>,
    /// How many there may be before equal ones are merged.
    limit: usize,
    room: usize,
    from: u64,
    /// The first lead behind the range.
    until: Option<u64>,
}

/// How many numbers are kept before the first time that equal ones are merged.
const FIRST_LIMIT: usize = 1 << 14;

impl<T: Kept> Sieve<T> {
    /// Keeps all digests, as long as there is room for `room` numbers.
    pub(super) fn new(room: usize) -> Self {
        let room = room.max(2);
        // All of it at once: memory that is not written to costs nothing, and it never has to be moved to grow.
        Self { kept: Vec::with_capacity(room), limit: room.min(FIRST_LIMIT), room, from: 0, until: None }
    }

    /// Whether a digest with this lead is in the range, for those who have work with the rest of the number.
    pub(super) fn takes(&self, lead: u64) -> bool {
        lead >= self.from && self.until.is_none_or(|until| lead < until)
    }

    /// Keeps a number if its digest is in the range.
    pub(super) fn push(&mut self, number: T) {
        if !self.takes(number.lead()) {
            return;
        }
        self.kept.push(number);
        if self.kept.len() >= self.limit {
            self.make_room();
        }
    }

    /// The range: its first lead, and the first behind it. While numbers are still pushed it may become shorter.
    pub(super) fn range(&self) -> (u64, Option<u64>) {
        (self.from, self.until)
    }

    /// The numbers of the range, sorted, each once; and whether there is another range, for which the next pass is.
    pub(super) fn finish(mut self) -> (Vec<T>, Option<Self>) {
        self.merge();
        let after = self.until.map(|until| Self { from: until, ..Self::new(self.room) });
        (self.kept, after)
    }

    fn merge(&mut self) {
        self.kept.sort_unstable();
        self.kept.dedup_by(|next, kept| match kept.both(*next) {
            Some(both) => {
                *kept = both;
                true
            }
            None => false,
        });
    }

    /// Merges what is equal. If that leaves more than half, there may be twice as many, and where there may not, the
    /// upper half of the range is left to another pass. Numbers that all have one lead cannot be divided; there are
    /// never more of them than there are kinds of orders, so they are let in.
    fn make_room(&mut self) {
        self.merge();
        let half = self.limit / 2;
        if self.kept.len() <= half {
            return;
        }
        if self.limit < self.room {
            self.limit = self.room.min(self.limit * 2);
            return;
        }
        let middle = self.kept[half].lead();
        let behind = if self.kept[0].lead() < middle { Some(middle) } else { middle.checked_add(1) };
        match behind.filter(|behind| self.until.is_none_or(|until| *behind < until)) {
            Some(behind) => {
                self.kept.truncate(self.kept.partition_point(|number| number.lead() < behind));
                self.until = Some(behind);
            }
            None => self.limit *= 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    impl Kept for (u64, u8) {
        fn lead(self) -> u64 {
            self.0
        }

        fn both(self, next: Self) -> Option<Self> {
            (self == next).then_some(self)
        }
    }

    fn in_passes(numbers: &[(u64, u8)], room: usize) -> (Vec<(u64, u8)>, usize) {
        let (mut all, mut passes, mut next) = (Vec::new(), 0, Some(Sieve::new(room)));
        while let Some(mut sieve) = next {
            for number in numbers {
                sieve.push(*number);
            }
            let (kept, after) = sieve.finish();
            all.extend(kept);
            (passes, next) = (passes + 1, after);
        }
        (all, passes)
    }

    #[test]
    fn every_number_comes_once_whatever_the_room() {
        let spread = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1;
        let numbers: Vec<(u64, u8)> = (0..5_000_u64).map(|at| (spread(at % 700), (at % 3) as u8)).collect();
        let expected: Vec<_> = numbers.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        for room in [1, 2, 3, 7, 64, 1_000, 1 << 20] {
            let (found, passes) = in_passes(&numbers, room);
            assert!(found == expected, "room for {room}");
            assert_eq!(passes > 1, room < expected.len(), "room for {room}");
        }
    }

    #[test]
    fn one_lead_with_more_numbers_than_there_is_room_is_not_divided() {
        for lead in [0, 5, u64::MAX] {
            let numbers: Vec<(u64, u8)> = (0..=255).map(|tail| (lead, tail)).collect();
            assert_eq!(in_passes(&numbers, 16), (numbers.clone(), if lead == u64::MAX { 1 } else { 2 }), "{lead}");
        }
    }
}
