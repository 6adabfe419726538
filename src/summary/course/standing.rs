//! Which of a patient's lines stand: those that tell of a treatment, each once.
//!
//! Exports take lines back in several ways: by a line of a status of its own, by one with negative amounts, by a
//! replacement beside the line that it stands for. Nothing here is left out of any figure; it is only not taken for
//! another treatment.

use std::collections::HashSet;

use super::order::{Kind, NO_DAY, Order};

/// The statuses of lines that do not stand.
const FALLEN: [&str; 3] = ["void", "reversed", "duplicate"];

/// Of these, those that take another line back. A line that is called a duplicate leaves the other as it is.
const TAKES_BACK: [&str; 2] = ["void", "reversed"];

/// The status of a line that stands in the place of another.
const REPLACES: &str = "replacement";

/// For each of a patient's orders, sorted by day, whether it stands.
pub(super) fn standing(orders: &[Order], kinds: &[Kind], refused: &[bool]) -> Vec<bool> {
    let mut stands = Vec::with_capacity(orders.len());
    for day in orders.chunk_by(|one, other| one.day == other.day) {
        let refused = &refused[stands.len()..];
        stands.extend(of_day(day, kinds, refused));
    }
    stands
}

fn of_day(day: &[Order], kinds: &[Kind], refused: &[bool]) -> Vec<bool> {
    let kind = |order: &Order| &kinds[order.kind as usize];
    let status = |order: &Order| kind(order).line_status.as_str();
    let is_negative = |order: &Order| order.grams().is_some_and(|grams| grams < 0);
    let mut met = HashSet::new();
    let mut stands: Vec<bool> = day
        .iter()
        .zip(refused)
        .map(|(order, is_refused)| {
            order.day != NO_DAY
                && !FALLEN.contains(&status(order))
                && !is_negative(order)
                && !is_refused
                && met.insert((order.key, &kind(order).product, order.grams()))
        })
        .collect();
    for order in day {
        let takes_back = is_negative(order) || TAKES_BACK.contains(&status(order));
        let replaces = status(order) == REPLACES;
        if !takes_back && !replaces {
            continue;
        }
        let is_its_own = |other: &Order| {
            let same_grams = other.grams().map(i64::unsigned_abs) == order.grams().map(i64::unsigned_abs);
            kind(other).product == kind(order).product && status(other) != REPLACES && (replaces || same_grams)
        };
        if let Some(at) = (0..day.len()).find(|at| stands[*at] && is_its_own(&day[*at])) {
            stands[at] = false;
        }
    }
    stands
}
