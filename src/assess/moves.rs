//! Which orders two rulesets answer differently: what a change of rules means in practice.

use std::collections::BTreeMap;
use std::fmt;

use super::check::orders_of;
use super::{Assessment, Screen, assess, screen};
use crate::order::Order;
use crate::rules::Ruleset;

/// What is said of an order, as far as a committee would call it another answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// The determination's word.
    pub determination: String,
    /// Governing rows.
    pub rows: Vec<String>,
    /// Evidence classes.
    pub evidence: Vec<String>,
    /// The flag's word.
    pub flag: String,
}

impl Said {
    fn of(ruleset: &Ruleset, assessment: &Assessment) -> Self {
        Self {
            determination: assessment.determination.as_str().to_owned(),
            rows: assessment.rows.ids(ruleset),
            evidence: assessment.evidence(ruleset).iter().map(|class| class.as_str().to_owned()).collect(),
            flag: assessment.flag.as_str().to_owned(),
        }
    }

    /// Whether two answers differ in more than the name of the row.
    #[must_use]
    pub fn differs(&self, other: &Self) -> bool {
        (&self.determination, &self.evidence, &self.flag) != (&other.determination, &other.evidence, &other.flag)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.determination)?;
        if !self.rows.is_empty() {
            write!(f, " ({})", self.rows.join(", "))?;
        }
        if !self.evidence.is_empty() {
            write!(f, ", Class {}", self.evidence.join(" or "))?;
        }
        write!(f, ", {}", self.flag)
    }
}

/// Orders that move from one answer to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves {
    /// Orders that were compared.
    pub compared: u64,
    /// Orders whose product is in scope of the old ruleset only.
    pub lost: u64,
    /// Orders whose product is in scope of the new ruleset only.
    pub gained: u64,
    /// Old and new answer, how many orders, and the names of the first of them.
    pub moved: BTreeMap<(Said, Said), (u64, Vec<String>)>,
}

/// How many orders of a move are named.
const NAMED: usize = 3;

impl Moves {
    /// Takes one order into account. `name` says which one it is, without any of its values.
    pub fn add(&mut self, old: Said, new: Said, name: impl FnOnce() -> String) {
        self.compared += 1;
        if old.differs(&new) {
            let (orders, named) = self.moved.entry((old, new)).or_default();
            *orders += 1;
            if named.len() < NAMED {
                let name = name();
                if !named.contains(&name) {
                    named.push(name);
                }
            }
        }
    }

    /// How many orders moved.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.moved.values().map(|(orders, _)| orders).sum()
    }
}

/// The worked examples of both rulesets, answered by both. Orders that name no date are judged on the day of the
/// examples, and so by both editions as if they were in force.
#[must_use]
pub fn of_examples(old: &Ruleset, new: &Ruleset) -> Moves {
    let mut moves = Moves::default();
    let mut seen: Vec<String> = Vec::new();
    for ruleset in [old, new] {
        for indication in &ruleset.indications {
            let own = indication.examples.iter().map(|(_, example)| (&indication.file, example));
            let below = indication.inherited.iter().map(|(file, _, example)| (file, example));
            for (file, example) in own.chain(below) {
                let name = format!("{file}: {}", example.name);
                if seen.contains(&name) {
                    continue;
                }
                for order in orders_of(ruleset, example) {
                    match (said(old, &order), said(new, &order)) {
                        (Some(before), Some(after)) => moves.add(before, after, || name.clone()),
                        (before, after) => {
                            moves.lost += u64::from(before.is_some());
                            moves.gained += u64::from(after.is_some());
                        }
                    }
                }
                seen.push(name);
            }
        }
    }
    moves
}

/// What a ruleset says of an order; nothing if the product is out of scope.
fn said(ruleset: &Ruleset, order: &Order) -> Option<Said> {
    match screen(ruleset, order) {
        Screen::InScope(product) => Some(Said::of(ruleset, &assess(ruleset, order, product))),
        Screen::OutOfScope(_) => None,
    }
}
