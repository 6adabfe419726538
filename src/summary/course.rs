//! How the orders of one patient follow each other: new and continuing, grams a patient-year, patterns over time.
//!
//! A pattern is a prompt beside the determinations; it changes none. It shows what one order alone cannot: that an acute
//! row is ordered month after month, or that a diagnosis moved after a payer's refusal.
//!
//! To see a patient's orders in their order, all of them must be at hand at once. So the table is read in ranges of the
//! digests of patient ids, as in [`patients`](super::patients): of each range the orders are kept, 48 bytes each, sorted
//! by patient and day, looked at patient by patient, and forgotten. Ids are never kept.
//!
//! **What counts as treatment.** Every figure counts every order, here as everywhere. But whether a pattern shows, and
//! how many grams a patient has in a year, is judged on lines that stand: not on those that the payer refused, not on
//! lines that are void, reversed or called a duplicate, not on the line that such a one takes back or that a replacement
//! stands for, and not twice on equal lines. Lines without a date have no place in time.

mod found;
mod order;
mod pattern;
mod range;
mod rate;
mod shown;
mod standing;
mod tally;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use self::found::Found;
use self::order::{COLUMNS, Kinds, NO_DAY};
use self::range::{Held, Range};
use self::tally::Tally;

pub use self::pattern::{CourseRules, PATTERNS_MAX, Pattern, Shape};
use super::measure::Amounts;
use super::{Limits, Measures, Partition, RowGroup, answer};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// The name of the partition by where a patient's course begins.
pub const STARTS: &str = "starts";

/// The name of the partition by the patterns that orders show.
pub const PATTERNS: &str = "patterns";

/// How many instances of each pattern are named.
pub const INSTANCES: usize = 500;

/// Orders under one patient id above which the id is taken to stand for no one patient: a placeholder, such as zeros.
pub const ORDERS_OF_ONE_PATIENT: usize = 4_096;

/// What the orders of patients say over time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// The day on which the export's orders begin: at most one order in 200 is earlier. A mistyped year is no beginning.
    pub begins: Option<NaiveDate>,
    /// The day from which on a first order tells that a patient is new.
    pub new_from: Option<NaiveDate>,
    /// Days that must lie between the first and the last order of a patient whose grams a year are worked out.
    pub observed_days: u32,
    /// One for each of [`by_row`](super::Summary::by_row), in their order.
    pub rows: Vec<RowCourse>,
    /// One for each pattern, in the order of the rules.
    pub patterns: Vec<PatternFound>,
    /// Orders under ids with more than [`ORDERS_OF_ONE_PATIENT`] orders; they are in no course.
    pub orders_of_crowds: u64,
}

/// The patients of a guideline row over time.
///
/// An order is *new* if the first order of its patient that rests on the same rows is dated
/// [`new_from`](Course::new_from) or later, and *continuing* if it is earlier: such a patient may have been treated
/// before the export begins. Orders without a patient id, and of patients without any dated order of the row, are
/// neither.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowCourse {
    /// As in [`RowGroup`](super::RowGroup).
    pub key: String,
    /// As in [`RowGroup`](super::RowGroup).
    pub ruleset: String,
    /// As in [`RowGroup`](super::RowGroup).
    pub determination: String,
    /// The orders of patients who are new.
    pub new: Measures,
    /// The orders of patients who are continuing.
    pub continuing: Measures,
    /// Grams a patient-year; none if no patient was observed for long enough.
    pub grams_a_year: Option<GramsAYear>,
}

/// Grams a patient-year over patients, in whole grams.
///
/// Of one patient: the grams of the row from its first order up to, and without, those of its last day, by the days
/// between the two, times 365. What is given on the last day is for a time that was not observed. Patients with an order
/// of unknown grams are not measured. Quartiles are values of patients (nearest rank).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GramsAYear {
    /// Patients who were measured.
    pub patients: u64,
    /// A quarter of them have this or less.
    pub lower_quartile: u32,
    /// Half of them have this or less.
    pub median: u32,
    /// Three quarters of them have this or less.
    pub upper_quartile: u32,
}

/// A pattern, and what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternFound {
    /// The pattern as the rules have it.
    pub pattern: Pattern,
    /// The orders that show it.
    pub measures: Measures,
    /// Instances by their place, most grams first, at most [`INSTANCES`]. Not for a page that is passed on.
    pub instances: Vec<Instance>,
    /// How many instances there are.
    pub instances_in_all: u64,
}

/// One instance of a pattern in the orders of one patient, by places only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The first order.
    pub first: Place,
    /// The last order.
    pub last: Place,
    /// The rows of the first order, joined by `|`, or its determination where no row is certain.
    pub first_rows: String,
    /// The same of the last order.
    pub last_rows: String,
    /// Orders that show it.
    pub orders: u64,
    /// Days from the first to the last.
    pub days: u32,
    /// Thousandths of a gram; `None` if none is known.
    pub grams: Option<i128>,
}

/// Where an order stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The file name as given.
    pub source_file: String,
    /// The record number in it.
    pub record: u64,
}

impl Course {
    /// What is known over time of a group of [`by_row`](super::Summary::by_row).
    #[must_use]
    pub fn of_row(&self, group: &RowGroup) -> Option<&RowCourse> {
        let is_it = |row: &&RowCourse| {
            row.key == group.key && row.ruleset == group.ruleset && row.determination == group.determination
        };
        self.rows.iter().find(is_it)
    }
}

/// Looks at the course of every patient; returns what is found and the partitions that its figures are of.
pub(super) fn course(
    table: &Parts,
    limits: &Limits,
    money: Option<&str>,
    rules: &CourseRules,
    by_row: &[RowGroup],
) -> Result<(Course, Vec<Partition>), TableError> {
    let mut kinds = Kinds::default();
    let mut first = First::default();
    let mut range = Range::new(limits.orders());
    for part in table.each(&COLUMNS, limits.part) {
        let (from, part) = part?;
        let read = order::read(
            part,
            from,
            money,
            &mut kinds,
            |_| true,
            |patient, order| {
                first.add(&order);
                if patient.is_some() {
                    range.push(order);
                }
            },
        );
        read.map_err(TableError::engine("summarised"))?;
    }
    let mut tally = Tally::new(rules, first.all, &first.days);
    let mut orders_of_crowds = 0;
    let mut next = Some(range);
    while let Some(range) = next {
        let Held { orders, crowded, after } = range.finish();
        orders_of_crowds += crowded;
        for orders in orders.chunk_by(|one, other| one.patient == other.patient) {
            tally.add(orders, &kinds.all);
        }
        drop(orders);
        next = after.map(|range| again(table, limits, money, &mut kinds, range)).transpose()?;
    }
    let partitions = tally.partitions(&kinds.all);
    let (course, found) = tally.finish(by_row);
    let patterns = told(table, limits, rules, &kinds, found)?;
    Ok((Course { patterns, orders_of_crowds, ..course }, partitions))
}

/// What the first reading counts of all orders.
#[derive(Default)]
struct First {
    /// By kind.
    all: Vec<Amounts>,
    /// How many orders each day has.
    days: BTreeMap<i32, u64>,
}

impl First {
    fn add(&mut self, order: &order::Order) {
        let kind = order.kind as usize;
        if self.all.len() <= kind {
            self.all.resize_with(kind + 1, Amounts::default);
        }
        self.all[kind] += order.amounts();
        if order.day != NO_DAY {
            *self.days.entry(order.day).or_default() += 1;
        }
    }
}

/// Reads the table again, for the patients of another range only.
fn again(
    table: &Parts,
    limits: &Limits,
    money: Option<&str>,
    kinds: &mut Kinds,
    mut range: Range,
) -> Result<Range, TableError> {
    for part in table.each(&COLUMNS, limits.part) {
        let (from, part) = part?;
        let mut orders = Vec::new();
        let is_wanted = |patient| range.holds(patient);
        order::read(part, from, money, kinds, is_wanted, |patient, order| orders.extend(patient.map(|_| order)))
            .map_err(TableError::engine("summarised"))?;
        for order in orders {
            range.push(order);
        }
    }
    Ok(range)
}

/// The patterns with their instances. Where those stand is read last, for the few that are named.
fn told(
    table: &Parts,
    limits: &Limits,
    rules: &CourseRules,
    kinds: &Kinds,
    found: Vec<Found>,
) -> Result<Vec<PatternFound>, TableError> {
    let named: Vec<_> = found.iter().map(Found::named).collect();
    let mut wanted: Vec<u32> = named.iter().flatten().flat_map(|instance| instance.places).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let places = places(table, limits, &wanted)?;
    let place = |at: u32| places.get(&at).cloned().unwrap_or_default();
    let rows = |kind: u32| kinds.all[kind as usize].cell.line().to_owned();
    let patterns = rules.patterns.iter().zip(found).zip(named).map(|((pattern, found), named)| PatternFound {
        pattern: pattern.clone(),
        measures: found.amounts.of_patients(found.patients),
        instances: named.into_iter().map(|instance| instance.told(place, rows)).collect(),
        instances_in_all: found.instances,
    });
    Ok(patterns.collect())
}

/// The places of some rows of the table, which are sorted.
fn places(table: &Parts, limits: &Limits, wanted: &[u32]) -> Result<HashMap<u32, Place>, TableError> {
    let mut places = HashMap::new();
    for rows in wanted.chunk_by(|one, other| *one as usize / limits.part == *other as usize / limits.part) {
        let Some(from) = rows.first().map(|first| *first as usize) else { continue };
        let until = rows.last().map_or(from, |last| *last as usize);
        let part = table.read(&["source_file", "record"], from, until - from + 1)?;
        for at in rows {
            let row = *at as usize - from;
            let text = answer::text(&part, "source_file", row);
            let record = answer::count(&part, "record", row);
            let place = text.and_then(|source_file| Ok(Place { source_file, record: record? }));
            places.insert(*at, place.map_err(TableError::engine("summarised"))?);
        }
    }
    Ok(places)
}
