//! Which patterns the orders of one patient show.

use std::collections::BTreeSet;

use chrono::Datelike;

use super::order::{Kind, Order, date};
use super::pattern::{Pattern, Shape};

/// Days of a year, in which grams are added up.
const YEAR: i64 = 365;

/// The orders of one patient with a date, sorted by day, that may show a pattern.
pub(super) struct Dated<'it> {
    pub orders: &'it [Order],
    /// Whether each of them stands.
    pub stands: &'it [bool],
    /// Whether each of them was refused by the payer.
    pub refused: &'it [bool],
    pub kinds: &'it [Kind],
}

/// The orders that show a pattern, an instance each: places in the patient's orders, rising.
pub(super) fn shown(pattern: &Pattern, dated: &Dated<'_>) -> Vec<Vec<usize>> {
    match &pattern.shape {
        Shape::RepeatedMonths { rows, in_a_row, months, within_months } => {
            repeated_months(dated, &dated.of_rows(rows), *in_a_row, *months, *within_months)
        }
        Shape::LongCourse { rows, days, gap_days } => long_courses(dated, &dated.of_rows(rows), *days, *gap_days),
        Shape::MovedAfterRefusal { from, to, days } => moved(dated, from, to, *days),
        Shape::LinesOfOneDay { different_products } => lines_of_one_day(dated, *different_products),
        Shape::GramsAYear { thresholds } => grams_a_year(dated, thresholds),
    }
}

impl Dated<'_> {
    fn kind(&self, at: usize) -> &Kind {
        &self.kinds[self.orders[at].kind as usize]
    }

    fn day(&self, at: usize) -> i64 {
        i64::from(self.orders[at].day)
    }

    /// The orders that stand and rest on these rows only.
    fn of_rows(&self, rows: &[String]) -> Vec<usize> {
        self.standing().filter(|at| is_of(self.kind(*at), rows)).collect()
    }

    fn standing(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.orders.len()).filter(|at| self.stands[*at])
    }

    /// The month of an order, counted from a fixed one.
    fn month(&self, at: usize) -> i64 {
        date(self.orders[at].day).map_or(0, |day| i64::from(day.year()) * 12 + i64::from(day.month0()))
    }
}

fn is_of(kind: &Kind, rows: &[String]) -> bool {
    !kind.cell.rows.is_empty() && kind.cell.rows.split('|').all(|row| rows.iter().any(|named| named == row))
}

/// All orders in months that belong to a long enough run of months, or to a close enough set of them.
fn repeated_months(dated: &Dated<'_>, orders: &[usize], in_a_row: u32, months: u32, within: u32) -> Vec<Vec<usize>> {
    let held: BTreeSet<i64> = orders.iter().map(|at| dated.month(*at)).collect();
    let held: Vec<i64> = held.into_iter().collect();
    let mut marked = BTreeSet::new();
    for (needed, within) in [(in_a_row, in_a_row), (months, within)] {
        let needed = (needed as usize).max(1);
        let close = held.windows(needed).filter(|held| held[needed - 1] - held[0] < i64::from(within));
        close.for_each(|held| marked.extend(held.iter().copied()));
    }
    let shown: Vec<usize> = orders.iter().copied().filter(|at| marked.contains(&dated.month(*at))).collect();
    if shown.is_empty() { Vec::new() } else { vec![shown] }
}

/// Orders that follow each other without a long gap, where the last is too long after the first.
fn long_courses(dated: &Dated<'_>, orders: &[usize], days: u32, gap_days: u32) -> Vec<Vec<usize>> {
    let near = |one: &usize, next: &usize| dated.day(*next) - dated.day(*one) <= i64::from(gap_days);
    let courses = orders.chunk_by(near);
    let is_long = |course: &&[usize]| {
        course
            .last()
            .zip(course.first())
            .is_some_and(|(last, first)| dated.day(*last) - dated.day(*first) > i64::from(days))
    };
    courses.filter(is_long).map(<[usize]>::to_vec).collect()
}

/// Refused orders with the next better supported one on the same day or soon after; each is of one instance at most.
fn moved(dated: &Dated<'_>, from: &[String], to: &[String], days: u32) -> Vec<Vec<usize>> {
    let is = |at: usize, determinations: &[String]| determinations.contains(&dated.kind(at).cell.determination);
    let refused = |at: &usize| dated.refused[*at] && is(*at, from);
    let after = |at: &usize| dated.stands[*at] && is(*at, to);
    let all: Vec<usize> = (0..dated.orders.len()).collect();
    let (mut waiting, mut found): (Vec<usize>, _) = (Vec::new(), Vec::new());
    for day in all.chunk_by(|one, other| dated.day(*one) == dated.day(*other)) {
        waiting.extend(day.iter().copied().filter(refused));
        for order in day.iter().copied().filter(after) {
            let is_its_own = |at: &usize| {
                dated.day(order) - dated.day(*at) <= i64::from(days)
                    && dated.kind(*at).cell.rows != dated.kind(order).cell.rows
            };
            let (mut instance, left): (Vec<usize>, Vec<usize>) = waiting.into_iter().partition(is_its_own);
            waiting = left;
            if !instance.is_empty() {
                instance.push(order);
                instance.sort_unstable();
                found.push(instance);
            }
        }
    }
    found
}

/// The lines of each day with several of one product, or with several products.
fn lines_of_one_day(dated: &Dated<'_>, different_products: bool) -> Vec<Vec<usize>> {
    let standing: Vec<usize> = dated.standing().collect();
    let mut found = Vec::new();
    for day in standing.chunk_by(|one, other| dated.day(*one) == dated.day(*other)) {
        let product = |at: usize| dated.kind(at).product.as_str();
        if different_products {
            if day.iter().any(|at| product(*at) != product(day[0])) {
                found.push(day.to_vec());
            }
            continue;
        }
        for name in day.iter().map(|at| product(*at)).collect::<BTreeSet<_>>() {
            let lines: Vec<usize> = day.iter().copied().filter(|at| product(*at) == name).collect();
            if lines.len() > 1 {
                found.push(lines);
            }
        }
    }
    found
}

/// The orders of all spans of a year in which the grams of some rows are above their threshold, an instance for each
/// threshold.
fn grams_a_year(dated: &Dated<'_>, thresholds: &[(Vec<String>, u32)]) -> Vec<Vec<usize>> {
    let group = |at: usize| thresholds.iter().position(|(rows, _)| is_of(dated.kind(at), rows));
    let mut found = Vec::new();
    for (number, (_, grams)) in thresholds.iter().enumerate() {
        let orders: Vec<usize> = dated.standing().filter(|at| group(*at) == Some(number)).collect();
        let minor = |at: usize| i128::from(dated.orders[at].grams().unwrap_or(0));
        let (mut sum, mut start, mut marked_to) = (0, 0, 0);
        let mut shown = Vec::new();
        for (end, at) in orders.iter().enumerate() {
            sum += minor(*at);
            while dated.day(*at) - dated.day(orders[start]) >= YEAR {
                sum -= minor(orders[start]);
                start += 1;
            }
            if sum > i128::from(*grams) * 1_000 {
                shown.extend(&orders[start.max(marked_to)..=end]);
                marked_to = end + 1;
            }
        }
        if !shown.is_empty() {
            found.push(shown);
        }
    }
    found
}
