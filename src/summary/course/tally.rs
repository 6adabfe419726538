//! What the courses of all patients come to, added up patient by patient.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::found::Found;
use super::order::{Cell, Kind, NO_DAY, Order, date};
use super::pattern::{CourseRules, PATTERNS_MAX};
use super::rate::{Rates, rate};
use super::shown::{Dated, shown};
use super::standing::standing;
use super::{Course, PATTERNS, RowCourse, STARTS};
use crate::summary::measure::Amounts;
use crate::summary::{Measures, Partition, RowGroup};

/// Of how many orders one may be dated before the export's orders are taken to begin.
const ONE_IN: u64 = 200;

/// Where the course of a patient begins, seen from the export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Start {
    Unknown,
    Continuing,
    New,
}

impl Start {
    fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Continuing => "continuing",
            Self::New => "new",
        }
    }
}

/// Row groups as [`RowGroup`] names them: ruleset, determination, key.
type Group = [String; 3];

/// What was counted so far.
pub(super) struct Tally<'rules> {
    rules: &'rules CourseRules,
    /// The day on which the orders begin, and the one from which a first order is a new patient's.
    begins: Option<(i32, i32)>,
    /// All orders by the number of their kind, whoever's they are.
    all: Vec<Amounts>,
    by_start: HashMap<(u32, Start), Amounts>,
    /// By kind and the set of patterns that the orders show, a bit each.
    by_patterns: HashMap<(u32, u32), Amounts>,
    groups: BTreeMap<(Group, Start), (Amounts, u64)>,
    rates: BTreeMap<Group, Rates>,
    found: Vec<Found>,
}

impl<'rules> Tally<'rules> {
    /// `all` has the orders of each kind, `days` how many orders each day has.
    pub fn new(rules: &'rules CourseRules, all: Vec<Amounts>, days: &BTreeMap<i32, u64>) -> Self {
        let begins = begins(days).map(|day| (day, day.saturating_add_unsigned(rules.new_after_days)));
        let found = rules.patterns.iter().take(PATTERNS_MAX).map(|_| Found::default()).collect();
        Self {
            rules,
            begins,
            all,
            by_start: HashMap::new(),
            by_patterns: HashMap::new(),
            groups: BTreeMap::new(),
            rates: BTreeMap::new(),
            found,
        }
    }

    /// Adds all orders of one patient, sorted by day.
    pub fn add(&mut self, orders: &[Order], kinds: &[Kind]) {
        self.add_starts(orders, kinds);
        let refused: Vec<bool> = orders.iter().map(|order| self.is_refused(&kinds[order.kind as usize])).collect();
        let stands = standing(orders, kinds, &refused);
        self.add_rates(orders, &stands, kinds);
        let dated = orders.partition_point(|order| order.day == NO_DAY);
        let (undated, orders) = orders.split_at(dated);
        self.add_patterns(&Dated { orders, stands: &stands[dated..], refused: &refused[dated..], kinds });
        for order in undated {
            *self.by_patterns.entry((order.kind, 0)).or_default() += order.amounts();
        }
    }

    fn is_refused(&self, kind: &Kind) -> bool {
        self.rules.refusals.iter().any(|word| *word == kind.auth_decision || *word == kind.line_status)
    }

    fn add_starts(&mut self, orders: &[Order], kinds: &[Kind]) {
        let cell = |order: &Order| &kinds[order.kind as usize].cell;
        let mut firsts: HashMap<&str, i32> = HashMap::new();
        for order in orders.iter().filter(|order| order.day != NO_DAY) {
            firsts.entry(cell(order).line()).or_insert(order.day);
        }
        let mut counted = BTreeSet::new();
        for order in orders {
            let start = match (firsts.get(cell(order).line()), self.begins) {
                (Some(first), Some((_, new_from))) if *first >= new_from => Start::New,
                (Some(_), Some(_)) => Start::Continuing,
                _ => Start::Unknown,
            };
            *self.by_start.entry((order.kind, start)).or_default() += order.amounts();
            let key = (group(cell(order)), start);
            let sums = self.groups.entry(key.clone()).or_default();
            sums.0 += order.amounts();
            sums.1 += u64::from(counted.insert(key));
        }
    }

    fn add_rates(&mut self, orders: &[Order], stands: &[bool], kinds: &[Kind]) {
        let mut courses: BTreeMap<Group, Vec<Order>> = BTreeMap::new();
        for (order, _) in orders.iter().zip(stands).filter(|(_, stands)| **stands) {
            courses.entry(group(&kinds[order.kind as usize].cell)).or_default().push(*order);
        }
        for (group, orders) in courses {
            if let Some(rate) = rate(&orders, self.rules.observed_days) {
                self.rates.entry(group).or_default().add(rate);
            }
        }
    }

    fn add_patterns(&mut self, dated: &Dated<'_>) {
        let mut marks = vec![0_u32; dated.orders.len()];
        for (number, (pattern, found)) in self.rules.patterns.iter().zip(&mut self.found).enumerate() {
            for instance in shown(pattern, dated) {
                found.instance(&instance.iter().map(|at| dated.orders[*at]).collect::<Vec<_>>());
                for at in instance {
                    marks[at] |= 1 << number;
                }
            }
            let marked = marks.iter().zip(dated.orders).filter(|(mark, _)| **mark >> number & 1 == 1);
            found.patient(marked.map(|(_, order)| order.amounts()));
        }
        for (order, mark) in dated.orders.iter().zip(marks) {
            *self.by_patterns.entry((order.kind, mark)).or_default() += order.amounts();
        }
    }

    /// All orders taken apart by where their patient's course begins, and by the patterns that they show.
    pub fn partitions(&self, kinds: &[Kind]) -> Vec<Partition> {
        let cell = |kind: u32| &kinds[kind as usize].cell;
        let starts = cells(&self.all, &self.by_start, Start::Unknown, |kind, start| {
            let Cell { ruleset, determination, flag, rows } = cell(kind);
            [ruleset, determination, flag, rows, start.as_str()].map(str::to_owned).into()
        });
        let patterns = cells(&self.all, &self.by_patterns, 0, |kind, mark| {
            let Cell { determination, flag, .. } = cell(kind);
            vec![determination.clone(), flag.clone(), self.names(mark)]
        });
        let columns = vec!["ruleset", "determination", "flag", "guideline_rows", "start"];
        vec![
            Partition { name: STARTS, columns, cells: starts.into_iter().collect() },
            Partition {
                name: PATTERNS,
                columns: vec!["determination", "flag", "patterns"],
                cells: patterns.into_iter().collect(),
            },
        ]
    }

    /// The ids of a set of patterns, joined by `|`.
    fn names(&self, mark: u32) -> String {
        let patterns = self.rules.patterns.iter().take(PATTERNS_MAX).enumerate();
        let shown = patterns.filter(|(number, _)| mark >> number & 1 == 1);
        shown.map(|(_, pattern)| pattern.id.as_str()).collect::<Vec<_>>().join("|")
    }

    /// The rows, one for each group of `by_row`; and what shows each pattern, without the names of its places.
    pub fn finish(self, by_row: &[RowGroup]) -> (Course, Vec<Found>) {
        let rows = by_row.iter().map(|row| {
            let group = [row.ruleset.clone(), row.determination.clone(), row.key.clone()];
            let of = |start: Start| {
                let sums = self.groups.get(&(group.clone(), start));
                sums.map_or_else(Measures::default, |(amounts, patients)| amounts.of_patients(*patients))
            };
            RowCourse {
                new: of(Start::New),
                continuing: of(Start::Continuing),
                grams_a_year: self.rates.get(&group).and_then(Rates::quartiles),
                key: row.key.clone(),
                ruleset: row.ruleset.clone(),
                determination: row.determination.clone(),
            }
        });
        let course = Course {
            rows: rows.collect(),
            begins: self.begins.and_then(|(begins, _)| date(begins)),
            new_from: self.begins.and_then(|(_, new_from)| date(new_from)),
            observed_days: self.rules.observed_days,
            ..Course::default()
        };
        (course, self.found)
    }
}

/// The values of all cells that have orders. Orders that were in no course are in the cell of `none`.
fn cells<Mark: Copy>(
    all: &[Amounts],
    known: &HashMap<(u32, Mark), Amounts>,
    none: Mark,
    values: impl Fn(u32, Mark) -> Vec<String>,
) -> BTreeSet<Vec<String>> {
    let mut rest: Vec<u64> = all.iter().map(|amounts| amounts.orders).collect();
    let mut cells = BTreeSet::new();
    for ((kind, mark), amounts) in known {
        rest[*kind as usize] -= amounts.orders;
        cells.insert(values(*kind, *mark));
    }
    let others = rest.iter().zip(0..).filter(|(orders, _)| **orders > 0);
    cells.extend(others.map(|(_, kind)| values(kind, none)));
    cells
}

fn group(cell: &Cell) -> Group {
    let ruleset = if cell.is_definite() { cell.ruleset.clone() } else { String::new() };
    [ruleset, cell.determination.clone(), cell.line().to_owned()]
}

/// The latest day before which there are few orders.
fn begins(days: &BTreeMap<i32, u64>) -> Option<i32> {
    let all: u64 = days.values().sum();
    let mut before = 0;
    let mut begins = None;
    for (day, orders) in days {
        if before * ONE_IN > all {
            break;
        }
        begins = Some(*day);
        before += orders;
    }
    begins
}
