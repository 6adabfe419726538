//! Which order of one table is which of the other, and what became of it.

use std::collections::{BTreeMap, BTreeSet};

use super::orders::{Met, Order, Outcome};
use super::{ByReason, Changes, Marks, NewFindings, PATIENTS_COUNTED, Reason, Size, Tally, pressing};

/// Orders while they are counted. Of their patients no more are kept than tell whether there are few.
#[derive(Default)]
struct Counted {
    orders: u64,
    patients: BTreeSet<u64>,
}

impl Counted {
    fn add(&mut self, order: &Order) {
        self.orders += 1;
        if order.patient != 0 && (self.patients.len() as u64) < PATIENTS_COUNTED {
            self.patients.insert(order.patient);
        }
    }

    fn tally(&self) -> Tally {
        Tally { orders: self.orders, patients: self.patients.len() as u64 }
    }
}

/// What is counted while the orders of one range after another are paired.
pub(super) struct Count {
    marks: Marks,
    gone: u64,
    added: u64,
    matched: u64,
    unchanged: u64,
    changed: [Counted; 4],
    new_findings: [Counted; 4],
    gone_findings: [Counted; 4],
    changed_findings: [Counted; 4],
    unchanged_findings: Counted,
    /// By the numbers of the outcomes before and now.
    moves: BTreeMap<(u32, u32, Reason), u64>,
    /// By the number of the outcome now.
    new_by_outcome: BTreeMap<u32, [u64; 4]>,
}

/// Pairs the orders of both tables that are the same order, those of the first table first, and counts them.
pub(super) fn pairs(same: &[Order], met: &Met<'_>, count: &mut Count) {
    let (old, new) = same.split_at(same.partition_point(|order| !order.is_new()));
    if let ([old], [new]) = (old, new) {
        return count.pair(old, new, met);
    }
    let (old, new) = unequal(old, new, |old, new| count.pair(old, new, met));
    for (old, new) in old.iter().zip(&new) {
        count.pair(old, new, met);
    }
    let paired = old.len().min(new.len());
    old[paired..].iter().for_each(|order| count.gone(order, met));
    new[paired..].iter().for_each(|order| count.added(order, met));
}

/// Gives each pair that is equal in all that is compared; returns the others, in the order of their tables.
fn unequal(old: &[Order], new: &[Order], mut equal: impl FnMut(&Order, &Order)) -> (Vec<Order>, Vec<Order>) {
    let looks = |order: &Order| (order.carried, order.outcome, order.ruleset);
    let sorted = |orders: &[Order]| {
        let mut orders = orders.to_vec();
        orders.sort_by_key(|order| (looks(order), order.row));
        orders
    };
    let (sorted_old, sorted_new) = (sorted(old), sorted(new));
    let (mut rest_old, mut rest_new) = (Vec::new(), Vec::new());
    let mut candidates = sorted_new.iter().peekable();
    for order in &sorted_old {
        while let Some(other) = candidates.next_if(|other| looks(other) < looks(order)) {
            rest_new.push(*other);
        }
        match candidates.next_if(|other| looks(other) == looks(order)) {
            Some(other) => equal(order, other),
            None => rest_old.push(*order),
        }
    }
    rest_new.extend(candidates);
    rest_old.sort_by_key(|order| order.row);
    rest_new.sort_by_key(|order| order.row);
    (rest_old, rest_new)
}

impl Count {
    /// Nothing yet; the second table has so many rows.
    pub(super) fn new(rows: usize) -> Self {
        Self {
            marks: Marks(vec![0; rows]),
            gone: 0,
            added: 0,
            matched: 0,
            unchanged: 0,
            changed: Default::default(),
            new_findings: Default::default(),
            gone_findings: Default::default(),
            changed_findings: Default::default(),
            unchanged_findings: Counted::default(),
            moves: BTreeMap::new(),
            new_by_outcome: BTreeMap::new(),
        }
    }

    fn gone(&mut self, order: &Order, met: &Met<'_>) {
        self.gone += 1;
        if met.outcome(order).is_finding() {
            self.gone_findings[Reason::Order as usize].add(order);
        }
    }

    fn added(&mut self, order: &Order, met: &Met<'_>) {
        self.added += 1;
        if met.outcome(order).is_finding() {
            self.new_finding(order, Reason::Order);
        }
    }

    fn new_finding(&mut self, order: &Order, reason: Reason) {
        let at = reason as usize;
        self.new_findings[at].add(order);
        self.new_by_outcome.entry(order.outcome).or_default()[at] += 1;
        if let Some(mark) = usize::try_from(order.row).ok().and_then(|row| self.marks.0.get_mut(row)) {
            *mark = reason as u8 + 1;
        }
    }

    fn pair(&mut self, old: &Order, new: &Order, met: &Met<'_>) {
        self.matched += 1;
        let (was, is) = (met.outcome(old).is_finding(), met.outcome(new).is_finding());
        if old.outcome == new.outcome {
            self.unchanged += 1;
            if is {
                self.unchanged_findings.add(new);
            }
            return;
        }
        let reason = met.reason(old, new);
        self.changed[reason as usize].add(new);
        *self.moves.entry((old.outcome, new.outcome, reason)).or_default() += 1;
        match (was, is) {
            (true, true) => self.changed_findings[reason as usize].add(new),
            (true, false) => self.gone_findings[reason as usize].add(old),
            (false, true) => self.new_finding(new, reason),
            (false, false) => {}
        }
    }

    /// What was counted, in words, and which rows are new findings.
    pub(super) fn finish(self, met: &Met<'_>, old: Size, new: Size) -> (Changes, Marks) {
        let tallies = |counted: &[Counted; 4]| -> ByReason { counted.each_ref().map(Counted::tally) };
        let mut moves: BTreeMap<(String, String, Reason), u64> = BTreeMap::new();
        for ((from, to, reason), orders) in &self.moves {
            let flag = |number: &u32| met.outcome_of(*number).flag.clone();
            *moves.entry((flag(from), flag(to), *reason)).or_default() += orders;
        }
        let changes = Changes {
            old,
            new,
            gone: self.gone,
            added: self.added,
            matched: self.matched,
            unchanged: self.unchanged,
            changed: tallies(&self.changed),
            moves,
            new_findings: tallies(&self.new_findings),
            gone_findings: tallies(&self.gone_findings),
            changed_findings: tallies(&self.changed_findings),
            unchanged_findings: self.unchanged_findings.tally(),
            new_by_row: by_row(&self.new_by_outcome, met),
        };
        (changes, self.marks)
    }
}

/// New findings without their certainty, the most pressing flag first.
fn by_row(by_outcome: &BTreeMap<u32, [u64; 4]>, met: &Met<'_>) -> Vec<NewFindings> {
    let mut merged: BTreeMap<(usize, &str, &str, &str), [u64; 4]> = BTreeMap::new();
    for (number, found) in by_outcome {
        let Outcome { flag, determination, rows, .. } = met.outcome_of(*number);
        let all = merged.entry((pressing(flag), flag, determination, rows)).or_default();
        all.iter_mut().zip(found).for_each(|(all, found)| *all += found);
    }
    let named = merged.into_iter().map(|((_, flag, determination, rows), by_reason)| NewFindings {
        flag: flag.to_owned(),
        determination: determination.to_owned(),
        rows: rows.to_owned(),
        by_reason,
    });
    named.collect()
}
