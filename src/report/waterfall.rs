//! From every record read to every order flagged, losing none on the way.

use std::collections::BTreeMap;

use super::facts::{Results, ScopeStep};
use super::words;
use crate::summary::FLAGS;

/// Determinations that leave the guideline's answer open.
const OPEN: [&str; 2] = ["indeterminate", "no_diagnosis"];

/// One step: what leaves, and what remains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// A stable name for programs.
    pub id: &'static str,
    /// What remains, in words.
    pub label: &'static str,
    /// `records` or `orders`.
    pub unit: &'static str,
    /// What leaves at this step, in words, with its number.
    pub leaves: Vec<(String, u64)>,
    /// What remains after it.
    pub remains: u64,
}

/// The steps. In each unit, what remains is what remained before less what leaves.
#[must_use]
pub fn steps(results: &Results<'_>) -> Vec<Step> {
    let (counts, summary) = (results.counts, results.summary);
    let mut flow = Flow { unit: "records", remains: counts.records.read, steps: Vec::new() };
    if results.records_known {
        of_records(results, &mut flow);
    }

    flow.unit = "orders";
    flow.remains = summary.totals.orders;
    flow.step("orders", "Orders in those records", Vec::new());
    let open = OPEN.map(|name| (words::determination(name), summary.orders_determined(name)));
    flow.step("settled", "Settled by what the export holds", open.into());
    let settled = |flag: &str| -> u64 {
        let crossings = summary.by_determination_and_flag.iter();
        let crossings = crossings.filter(|each| each.flag == flag && !OPEN.contains(&each.determination.as_str()));
        crossings.map(|each| each.measures.orders).sum()
    };
    let unflagged = FLAGS[1..].iter().rev().map(|flag| (words::flag(flag), settled(flag))).collect();
    flow.step("flagged", "Flagged among the settled", unflagged);
    flow.steps
}

fn of_records(results: &Results<'_>, flow: &mut Flow) {
    flow.step("read", "Records read", Vec::new());
    let rejected = results.counts.records.rejected_total();
    flow.step("readable", "Read as records", vec![("Could not be read (rejected)".to_owned(), rejected)]);
    let scope = [
        ("immune-globulin", "Immune globulin", ScopeStep::NotImmuneGlobulin),
        ("by-vein", "Given by vein", ScopeStep::NotByVein),
        ("in-scope", "In scope", ScopeStep::Other),
    ];
    for (id, label, step) in scope {
        flow.step(id, label, excluded(results, step));
    }
}

struct Flow {
    unit: &'static str,
    remains: u64,
    steps: Vec<Step>,
}

impl Flow {
    fn step(&mut self, id: &'static str, label: &'static str, leaves: Vec<(String, u64)>) {
        let gone: u64 = leaves.iter().map(|(_, number)| number).sum();
        self.remains = self.remains.saturating_sub(gone);
        self.steps.push(Step { id, label, unit: self.unit, leaves, remains: self.remains });
    }
}

/// The out-of-scope records of one step. A reason that nobody explained leaves
/// at the last step, under its own name, so the numbers always add up.
fn excluded(results: &Results<'_>, step: ScopeStep) -> Vec<(String, u64)> {
    let mut leaves: BTreeMap<String, u64> = BTreeMap::new();
    for (reason, number) in &results.counts.records.out_of_scope {
        let known = results.exclusions.iter().find(|each| each.reason == *reason);
        if known.map_or(ScopeStep::Other, |each| each.step) == step {
            let label = known.map_or_else(|| words::spaced(reason), |each| each.label.clone());
            *leaves.entry(label).or_default() += number;
        }
    }
    leaves.into_iter().collect()
}
