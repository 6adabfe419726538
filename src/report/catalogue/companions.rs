//! The figures of what orders found in the files beside the lines, as the scan counted them.
//!
//! Of these only the orders are counted, not their patients.

use super::Figure;
use crate::manifest::Sought;
use crate::report::facts::Results;
use crate::summary::{Measures, Partition};

/// What became of the search of an order.
const FOUND: [&str; 5] = ["found", "missing", "without-key", "disagree", "not-sought"];

/// The roles of files, and the names of the partitions of what is sought in them.
const ROLES: [(&str, &str); 6] = [
    ("lines", "in-lines"),
    ("claims", "in-claims"),
    ("diagnoses", "in-diagnoses"),
    ("names", "in-names"),
    ("patients", "in-patients"),
    ("authorizations", "in-authorizations"),
];

pub(super) fn partitions(results: &Results<'_>) -> Vec<Partition> {
    let partition = |(name, sought): (&'static str, &Sought)| {
        let cells = found(sought).into_iter().filter(|(_, orders)| *orders > 0);
        Partition { name, columns: vec![name], cells: cells.map(|(what, _)| vec![what.to_owned()]).collect() }
    };
    companions(results).map(partition).collect()
}

pub(super) fn figures(results: &Results<'_>) -> Vec<Figure> {
    let mut all = Vec::new();
    for (partition, sought) in companions(results) {
        let mut cell = 0..;
        all.extend(found(sought).map(|(what, orders)| Figure {
            id: format!("{partition}/{what}"),
            partition,
            cells: if orders > 0 { cell.by_ref().take(1).collect() } else { Vec::new() },
            measures: Measures { orders, ..Measures::default() },
        }));
    }
    all
}

/// The id of what became of the search of orders in the files of a role.
pub(in crate::report) fn found_id(role: &str, what: &str) -> String {
    format!("{}/{what}", named(role).unwrap_or(role))
}

fn companions<'run>(results: &Results<'run>) -> impl Iterator<Item = (&'static str, &'run Sought)> {
    results.counts.companions.iter().filter_map(|(role, each)| Some((named(role)?, &each.orders)))
}

fn named(role: &str) -> Option<&'static str> {
    ROLES.iter().find(|(known, _)| *known == role).map(|(_, name)| *name)
}

fn found(sought: &Sought) -> [(&'static str, u64); 5] {
    let Sought { found, missing, without_key, disagree, not_sought } = *sought;
    let [of_found, of_missing, of_without, of_disagree, of_not_sought] = FOUND;
    [
        (of_found, found),
        (of_missing, missing),
        (of_without, without_key),
        (of_disagree, disagree),
        (of_not_sought, not_sought),
    ]
}
