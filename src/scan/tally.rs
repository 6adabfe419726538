//! The tally: what became of every record, counted where it happens.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use crate::assess::OutOfScope;
use crate::guideline::{Determination, Flag};
use crate::table::Sums;

/// Counts of records and orders. Tallies add up, so that each chunk may keep its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records that gave an order.
    pub in_scope: u64,
    /// Records out of scope, by reason.
    pub out_of_scope: BTreeMap<OutOfScope, u64>,
    /// Rejected records, by reason.
    pub rejected: BTreeMap<&'static str, u64>,
    /// Physical lines of the records that intake rejected; framing took them for lines of records.
    pub lines_rejected_by_intake: u64,
    /// Orders whose service date lies after the day of the run: all that this day decides.
    pub in_future: u64,
    /// Orders by determination.
    pub by_determination: BTreeMap<Determination, u64>,
    /// Orders by flag.
    pub by_flag: BTreeMap<Flag, u64>,
    /// Sums over all orders.
    pub sums: Sums,
}

impl Tally {
    /// All records counted.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.in_scope + self.out_of_scope.values().sum::<u64>() + self.rejected.values().sum::<u64>()
    }

    /// All orders, counted by determination.
    #[must_use]
    pub fn orders(&self) -> u64 {
        self.by_determination.values().sum()
    }

    /// All rejected records.
    #[must_use]
    pub fn rejections(&self) -> u64 {
        self.rejected.values().sum()
    }
}

impl AddAssign<&Self> for Tally {
    fn add_assign(&mut self, other: &Self) {
        fn merge<K: Ord + Copy>(into: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
            for (key, count) in from {
                *into.entry(*key).or_default() += count;
            }
        }
        self.in_scope += other.in_scope;
        merge(&mut self.out_of_scope, &other.out_of_scope);
        merge(&mut self.rejected, &other.rejected);
        self.lines_rejected_by_intake += other.lines_rejected_by_intake;
        self.in_future += other.in_future;
        merge(&mut self.by_determination, &other.by_determination);
        merge(&mut self.by_flag, &other.by_flag);
        self.sums += other.sums;
    }
}
