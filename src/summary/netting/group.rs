//! The lines of one claim, patient and product code: which of them takes back or replaces which.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;

use super::super::charges::Sums;
use super::super::measure::{Amounts, Known};

/// What becomes of a line in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::summary) enum Class {
    /// It takes back a line.
    TakingBack = 0,
    /// It is taken back.
    TakenBack = 1,
    /// It is replaced.
    Superseded = 2,
    /// It repeats another line.
    Repeated = 3,
    /// It stands.
    Kept = 4,
}

/// All of them, in their order.
pub(super) const ALL: [Class; 5] =
    [Class::TakingBack, Class::TakenBack, Class::Superseded, Class::Repeated, Class::Kept];

impl Class {
    /// Its name in the partition by the steps of the ledger.
    pub(super) fn step(self) -> &'static str {
        super::LEDGER_STEPS.get(self as usize).copied().unwrap_or(super::NET)
    }
}

/// What a line does to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing.
    Plain,
    /// It takes one back.
    TakesBack,
    /// It replaces one.
    Replaces,
}

/// A line, by what is compared and summed of it.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub role: Role,
    /// The service date, in days.
    pub date: Option<i32>,
    /// The place of its determination and flag in a list of them.
    pub answer: usize,
    pub grams: Option<i64>,
    pub values: Values,
    /// The digest of all columns in which repeated orders are equal, if they may repeat one.
    pub whole: Option<u128>,
}

/// Units, billed, allowed and paid amount.
pub(super) type Values = [Option<i64>; 4];

/// Whether a line has something below zero and nothing above it.
pub(super) fn is_below_zero(values: &Values) -> bool {
    let mut known = values.iter().flatten();
    known.clone().any(|value| *value < 0) && !known.any(|value| *value > 0)
}

/// What lines of one group do to each other.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    /// What becomes of each line, and whether what it has below zero stays in the sums.
    pub classes: Vec<(Class, bool)>,
    pub unmatched_reversals: u64,
    pub replacements: u64,
    pub unmatched_replacements: u64,
}

/// Decides about the lines of a group, which are in the order of the table.
pub(super) fn resolve(lines: &[Line]) -> Resolved {
    let mut group = Group { lines, decided: vec![None; lines.len()] };
    let mut seen = HashSet::new();
    for (line, decided) in lines.iter().zip(&mut group.decided) {
        if line.whole.is_some_and(|whole| !seen.insert(whole)) {
            *decided = Some(Class::Repeated);
        }
    }
    let takes_back = |line: &Line| line.role == Role::TakesBack;
    let below = |line: &Line| takes_back(line) && is_below_zero(&line.values);
    let above = |line: &Line| takes_back(line) && !is_below_zero(&line.values);
    let other = |line: &Line| !takes_back(line);
    let dated = |line: &Line| (sizes(line), line.date);
    for (taker, taken) in [(&below as &dyn Fn(&Line) -> bool, &above as &dyn Fn(&Line) -> bool), (&takes_back, &other)]
    {
        let class = |line: &Line| if takes_back(line) { Class::TakingBack } else { Class::TakenBack };
        group.pair(taker, taken, dated, class);
        group.pair(taker, taken, sizes, class);
    }
    let mut resolved = Resolved::default();
    let mut alone = vec![false; lines.len()];
    for ((line, decided), alone) in lines.iter().zip(&mut group.decided).zip(&mut alone) {
        if decided.is_none() && takes_back(line) {
            (*decided, *alone) = (Some(Class::TakingBack), true);
            resolved.unmatched_reversals += 1;
        }
    }
    let replaces = |line: &Line| line.role == Role::Replaces;
    let plain = |line: &Line| line.role == Role::Plain;
    resolved.replacements = group.undecided(replaces);
    // A replacement stays in any case, so those that found their original are decided about for the time being.
    let class = |line: &Line| if replaces(line) { Class::Kept } else { Class::Superseded };
    group.pair(&replaces, &plain, |line| (line.date, line.values[0].map(i64::unsigned_abs)), class);
    group.pair(&replaces, &plain, |line| line.date, class);
    resolved.unmatched_replacements = group.undecided(replaces);
    // An original that is superseded leaves once: a line of its day that takes back, with whatever amounts, is its.
    let mut superseded: HashMap<Option<i32>, u64> = HashMap::new();
    for (line, _) in lines.iter().zip(&group.decided).filter(|(_, decided)| **decided == Some(Class::Superseded)) {
        *superseded.entry(line.date).or_default() += 1;
    }
    for (line, alone) in lines.iter().zip(&mut alone).filter(|(_, alone)| **alone) {
        if let Some(left) = superseded.get_mut(&line.date).filter(|left| **left > 0) {
            (*left, *alone) = (*left - 1, false);
            resolved.unmatched_reversals -= 1;
        }
    }
    let classes = group.decided.into_iter().map(|decided| decided.unwrap_or(Class::Kept));
    resolved.classes = classes.zip(alone).collect();
    resolved
}

/// Units and amounts without their signs.
fn sizes(line: &Line) -> [Option<u64>; 4] {
    line.values.map(|value| value.map(i64::unsigned_abs))
}

struct Group<'lines> {
    lines: &'lines [Line],
    decided: Vec<Option<Class>>,
}

impl Group<'_> {
    /// Pairs lines that are not decided about yet and have the same key, each with the first that is left.
    fn pair<Key: Eq + Hash>(
        &mut self,
        taker: &dyn Fn(&Line) -> bool,
        taken: &dyn Fn(&Line) -> bool,
        key: impl Fn(&Line) -> Key,
        class: impl Fn(&Line) -> Class,
    ) {
        let mut left: HashMap<Key, VecDeque<usize>> = HashMap::new();
        let open = |decided: &[Option<Class>], at: usize| decided.get(at).is_some_and(Option::is_none);
        for (at, line) in self.lines.iter().enumerate().filter(|(at, line)| open(&self.decided, *at) && taken(line)) {
            left.entry(key(line)).or_default().push_back(at);
        }
        for (at, line) in self.lines.iter().enumerate() {
            if !open(&self.decided, at) || !taker(line) {
                continue;
            }
            let Some(other) = left.get_mut(&key(line)).and_then(VecDeque::pop_front) else { continue };
            self.decided[at] = Some(class(line));
            self.decided[other] = Some(class(&self.lines[other]));
        }
    }

    fn undecided(&self, wanted: impl Fn(&Line) -> bool) -> u64 {
        let open = self.lines.iter().zip(&self.decided).filter(|(line, decided)| decided.is_none() && wanted(line));
        open.count() as u64
    }
}

/// What leaves with a line; `alone`: what it has below zero stays.
pub(super) fn leaving(line: &Line, alone: bool, money: Option<&str>) -> Amounts {
    let known = |value: Option<i64>| Known::one(value.filter(|value| !alone || *value > 0).map(i128::from));
    let [units, billed, allowed, paid] = line.values.map(known);
    let charges = Sums { units, billed, allowed, paid };
    Amounts { orders: 1, grams: known(line.grams), money: charges.column(money), charges }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(role: Role, date: i32, paid: i64) -> Line {
        Line {
            role,
            date: Some(date),
            answer: 0,
            grams: None,
            values: [Some(paid.signum() * 40), None, None, Some(paid)],
            whole: None,
        }
    }

    fn classes(lines: &[Line]) -> Vec<Class> {
        resolve(lines).classes.into_iter().map(|(class, _)| class).collect()
    }

    use Class::{Kept, Repeated, Superseded, TakenBack, TakingBack};
    use Role::{Plain, Replaces, TakesBack};

    #[test]
    fn an_original_that_is_replaced_and_taken_back_at_other_amounts_leaves_once() {
        let lines = [line(Plain, 1, 100), line(TakesBack, 1, -99), line(Replaces, 1, 50)];
        let resolved = resolve(&lines);
        assert_eq!(resolved.classes, [(Superseded, false), (TakingBack, false), (Kept, false)]);
        assert_eq!(resolved.unmatched_reversals, 0);
        let other_day = [line(Plain, 1, 100), line(TakesBack, 2, -99), line(Replaces, 1, 50)];
        assert_eq!(resolve(&other_day).classes, [(Superseded, false), (TakingBack, true), (Kept, false)]);
    }

    #[test]
    fn a_line_that_takes_back_finds_the_original_of_its_day_first_and_whatever_its_sign() {
        for paid in [100, -100] {
            let lines = [line(Plain, 1, 100), line(Plain, 2, 100), line(TakesBack, 2, paid)];
            assert_eq!(classes(&lines), [Kept, TakenBack, TakingBack], "{paid}");
            let moved = [line(Plain, 1, 100), line(Plain, 2, 100), line(TakesBack, 3, paid)];
            assert_eq!(classes(&moved), [TakenBack, Kept, TakingBack], "{paid}");
        }
    }

    #[test]
    fn an_original_that_is_called_reversed_and_its_reversal_take_each_other_back() {
        let lines = [line(TakesBack, 1, 100), line(Plain, 1, 100), line(TakesBack, 1, -100)];
        assert_eq!(classes(&lines), [TakingBack, Kept, TakingBack]);
        assert_eq!(resolve(&lines).unmatched_reversals, 0);
    }

    #[test]
    fn one_that_finds_nothing_leaves_alone_and_keeps_what_it_has_below_zero_in_the_sums() {
        let lines = [line(Plain, 1, 100), line(TakesBack, 1, -40)];
        let resolved = resolve(&lines);
        assert_eq!((resolved.classes, resolved.unmatched_reversals), (vec![(Kept, false), (TakingBack, true)], 1));
        assert_eq!(leaving(&lines[1], true, Some("paid")).money.total(), None);
        assert_eq!(leaving(&lines[1], false, Some("paid")).money.total(), Some(-40));
    }

    #[test]
    fn a_replacement_supersedes_a_line_of_its_day_whatever_was_paid() {
        let lines = [line(Plain, 1, 100), line(Plain, 2, 100), line(Replaces, 2, 120)];
        assert_eq!(classes(&lines), [Kept, Superseded, Kept]);
        let without = [line(Plain, 1, 100), line(TakesBack, 1, -100), line(Replaces, 1, 120)];
        let resolved = resolve(&without);
        assert_eq!((resolved.replacements, resolved.unmatched_replacements), (1, 1));
        assert_eq!(resolved.classes[2].0, Kept);
    }

    #[test]
    fn a_repeated_line_neither_takes_nor_is_taken() {
        let twice = |line: Line, whole: u128| {
            [Line { whole: Some(whole), ..line.clone() }, Line { whole: Some(whole), ..line }]
        };
        let [original, again] = twice(line(Plain, 1, 100), 1);
        let [reversal, reversed_again] = twice(line(TakesBack, 1, -100), 2);
        assert_eq!(classes(&[original, again, reversal, reversed_again]), [TakenBack, Repeated, TakingBack, Repeated]);
    }
}
