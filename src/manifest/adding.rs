//! Counts of several runs added up.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use super::{Companion, Counts, Lines, Sought};

fn add(all: &mut BTreeMap<String, u64>, more: &BTreeMap<String, u64>) {
    for (key, number) in more {
        *all.entry(key.clone()).or_default() += number;
    }
}

impl AddAssign<&Counts> for Counts {
    /// Adds all but the sums, which are decimals as texts: whoever adds runs has the sums from their tables.
    fn add_assign(&mut self, other: &Counts) {
        self.lines += &other.lines;
        self.records.read += other.records.read;
        self.records.in_scope += other.records.in_scope;
        add(&mut self.records.out_of_scope, &other.records.out_of_scope);
        add(&mut self.records.rejected, &other.records.rejected);
        self.orders.total += other.orders.total;
        add(&mut self.orders.by_determination, &other.orders.by_determination);
        add(&mut self.orders.by_flag, &other.orders.by_flag);
        for (role, companion) in &other.companions {
            *self.companions.entry(role.clone()).or_default() += companion;
        }
    }
}

impl AddAssign<&Lines> for Lines {
    fn add_assign(&mut self, other: &Lines) {
        self.read += other.read;
        self.header += other.header;
        self.blank += other.blank;
        self.records += other.records;
        self.rejected += other.rejected;
    }
}

impl AddAssign<&Companion> for Companion {
    fn add_assign(&mut self, other: &Companion) {
        self.files += other.files;
        self.again |= other.again;
        self.records += other.records;
        self.kept += other.kept;
        self.other += other.other;
        self.not_counted += other.not_counted;
        add(&mut self.rejected, &other.rejected);
        self.lines += &other.lines;
        self.orders += &other.orders;
    }
}

impl AddAssign<&Sought> for Sought {
    fn add_assign(&mut self, other: &Sought) {
        self.found += other.found;
        self.missing += other.missing;
        self.without_key += other.without_key;
        self.disagree += other.disagree;
        self.not_sought += other.not_sought;
    }
}
