//! The equations that must hold before anything is published.

use serde::{Deserialize, Serialize};

use super::Counts;

/// A list of named equations. A run publishes only if all of them hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Whether every equation holds.
    pub holds: bool,
    /// The equations, in the order they were made.
    pub equations: Vec<Equation>,
}

/// One equation with both of its sides, so that a reader can check it by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equation {
    /// What must be equal, in words.
    pub name: String,
    /// The left side.
    pub left: Side,
    /// The right side.
    pub right: Side,
    /// Whether the sides are equal.
    pub holds: bool,
}

/// One side of an equation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Where the figure comes from.
    pub from: String,
    /// The figure.
    pub value: Quantity,
}

/// A count, a decimal as text, or nothing in the export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Quantity {
    /// A whole number.
    Count(u64),
    /// A plain decimal with a fixed number of places, or null where no order had a value.
    Decimal(Option<String>),
}

impl From<u64> for Quantity {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<Option<String>> for Quantity {
    fn from(decimal: Option<String>) -> Self {
        Self::Decimal(decimal)
    }
}

impl Reconciliation {
    /// The equations that follow from the counts alone: lines, records, orders.
    #[must_use]
    pub fn of(counts: &Counts) -> Self {
        let (lines, records, orders) = (&counts.lines, &counts.records, &counts.orders);
        let mut sums = Self { holds: true, equations: Vec::new() };
        sums.require(
            "every physical line is accounted for",
            ("lines read", lines.read),
            ("header + blank + records + rejected", lines.header + lines.blank + lines.records + lines.rejected),
        );
        sums.require(
            "every record ends as exactly one of in scope, out of scope, rejected",
            ("records read", records.read),
            (
                "in scope + out of scope + rejected",
                records.in_scope + records.out_of_scope_total() + records.rejected_total(),
            ),
        );
        sums.require(
            "every order has one determination",
            ("orders", orders.total),
            ("sum by determination", orders.by_determination.values().sum::<u64>()),
        );
        sums.require(
            "every order has one flag",
            ("orders", orders.total),
            ("sum by flag", orders.by_flag.values().sum::<u64>()),
        );
        for (role, companion) in &counts.companions {
            let lines = &companion.lines;
            sums.require(
                &format!("every physical line of {role} is accounted for"),
                ("lines read", lines.read),
                ("header + blank + records + rejected", lines.header + lines.blank + lines.records + lines.rejected),
            );
            sums.require(
                &format!("every record of {role} is exactly one of kept, of other lines, not counted, rejected"),
                ("records read", companion.records),
                (
                    "kept + other + not counted + rejected",
                    companion.kept + companion.other + companion.not_counted + companion.rejected_total(),
                ),
            );
            sums.require(
                &format!("every order was looked up in {role}"),
                ("orders", orders.total),
                ("found + missing + without key + disagree + not sought", companion.orders.orders()),
            );
        }
        sums
    }

    /// Adds an equation between two figures that were made independently.
    /// Each side says where its figure comes from.
    pub fn require<Value: Into<Quantity>>(&mut self, name: &str, left: (&str, Value), right: (&str, Value)) {
        let side = |(from, value): (&str, Value)| Side { from: from.to_owned(), value: value.into() };
        let (left, right) = (side(left), side(right));
        let holds = left.value == right.value;
        self.holds &= holds;
        self.equations.push(Equation { name: name.to_owned(), left, right, holds });
    }

    /// The equations that do not hold.
    pub fn broken(&self) -> impl Iterator<Item = &Equation> {
        self.equations.iter().filter(|equation| !equation.holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Lines, Orders, Records};

    fn sound() -> Counts {
        Counts {
            lines: Lines { read: 6, header: 1, blank: 1, records: 3, rejected: 1 },
            records: Records {
                read: 4,
                in_scope: 2,
                out_of_scope: [("a".to_owned(), 1)].into(),
                rejected: [("b".to_owned(), 1)].into(),
            },
            orders: Orders {
                total: 3,
                by_determination: [("c".to_owned(), 3)].into(),
                by_flag: [("d".to_owned(), 1), ("e".to_owned(), 2)].into(),
            },
            ..Counts::default()
        }
    }

    #[test]
    fn sound_counts_hold() {
        assert!(Reconciliation::of(&sound()).holds);
    }

    #[test]
    fn each_single_miscount_is_caught_by_name() {
        let broken: [fn(&mut Counts); 6] = [
            |counts| counts.lines.read += 1,
            |counts| counts.lines.rejected -= 1,
            |counts| counts.records.read += 1,
            |counts| counts.records.in_scope += 1,
            |counts| counts.orders.total += 1,
            |counts| counts.orders.by_flag.clear(),
        ];
        for break_it in broken {
            let mut counts = sound();
            break_it(&mut counts);
            let sums = Reconciliation::of(&counts);
            assert!(!sums.holds);
            assert!(sums.broken().count() >= 1);
        }
    }

    #[test]
    fn decimals_compare_as_written_and_absence_is_not_zero() {
        let mut sums = Reconciliation { holds: true, ..Reconciliation::default() };
        sums.require("grams", ("scan", Some("1.000".to_owned())), ("table", Some("1.000".to_owned())));
        assert!(sums.holds);
        sums.require("paid", ("scan", None), ("table", Some("0.00".to_owned())));
        assert!(!sums.holds);
    }
}
