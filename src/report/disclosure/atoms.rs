//! Figures of all partitions as sums over common unknowns.
//!
//! An *atom* is a group of cells of one partition that no figure and no relation tells apart: thousands of cells are few
//! atoms. What ties partitions together is that they take the same orders apart: for the columns that two of them share,
//! the orders with the same values are as many in both.

use std::collections::{BTreeMap, BTreeSet};

use super::Figure;
use super::span::{Sum, difference, sum};
use crate::summary::Partition;

/// The figures over atoms, and what every reader knows besides.
pub(super) struct Atoms {
    /// The atoms of each figure, sorted; nothing for a figure of a partition that is not known.
    pub of_figures: Vec<Vec<usize>>,
    /// The partition of each figure.
    pub homes: Vec<Option<usize>>,
    /// Sums that are zero.
    pub relations: Vec<Sum>,
    /// How many atoms there are.
    pub count: usize,
    ties: Vec<Tie>,
}

/// Columns that several partitions share.
struct Tie {
    /// For each partition that has them: the number of the values that an atom has in them, by atom.
    values: BTreeMap<usize, BTreeMap<usize, usize>>,
    columns: BTreeSet<&'static str>,
}

impl Atoms {
    pub(super) fn of(partitions: &[Partition], figures: &[Figure]) -> Self {
        let home = |figure: &Figure| partitions.iter().position(|each| each.name == figure.partition);
        let homes: Vec<Option<usize>> = figures.iter().map(home).collect();
        let numbered: Vec<_> = shared(partitions).into_iter().map(|columns| numbers(partitions, columns)).collect();
        let mut of_figures = vec![Vec::new(); figures.len()];
        let mut ties: Vec<Tie> =
            numbered.iter().map(|(columns, _)| Tie { values: BTreeMap::new(), columns: columns.clone() }).collect();
        let mut next = 0;
        for (place, partition) in partitions.iter().enumerate() {
            let mut holders = vec![Vec::new(); partition.cells.len()];
            for (number, figure) in figures.iter().enumerate().filter(|(number, _)| homes[*number] == Some(place)) {
                for cell in figure.cells.iter().filter(|cell| **cell < holders.len()).collect::<BTreeSet<_>>() {
                    holders[*cell].push(number);
                }
            }
            let mut atoms = BTreeSet::new();
            for (cell, held_by) in holders.into_iter().enumerate() {
                let values: Vec<_> = numbered.iter().map(|(_, cells)| cells.get(&place).map(|of| of[cell])).collect();
                atoms.insert((held_by, values));
            }
            for (held_by, values) in atoms {
                for figure in held_by {
                    of_figures[figure].push(next);
                }
                for (tie, value) in ties.iter_mut().zip(values) {
                    if let Some(value) = value {
                        tie.values.entry(place).or_default().insert(next, value);
                    }
                }
                next += 1;
            }
        }
        let relations = ties.iter().flat_map(Tie::relations).collect();
        Self { of_figures, homes, relations, count: next, ties }
    }

    /// The atoms of another partition that are the same orders as these atoms of one; nothing if it cannot say so.
    pub(super) fn image(&self, atoms: &[usize], home: usize, other: usize) -> Option<Vec<usize>> {
        if home == other {
            return Some(atoms.to_vec());
        }
        let both = |tie: &&Tie| tie.values.contains_key(&home) && tie.values.contains_key(&other);
        // The finest of the columns that both have: what they all share.
        let tie = self.ties.iter().filter(both).max_by_key(|tie| tie.columns.len())?;
        let (here, there) = (&tie.values[&home], &tie.values[&other]);
        let meant: BTreeSet<usize> = atoms.iter().map(|atom| here[atom]).collect();
        let all = here.values().filter(|value| meant.contains(value)).count();
        let image = there.iter().filter(|(_, value)| meant.contains(value)).map(|(atom, _)| *atom);
        (all == atoms.len()).then(|| image.collect())
    }
}

impl Tie {
    /// What partitions say of the same values is equal: each of them against the first.
    fn relations(&self) -> Vec<Sum> {
        let sums = |of: &BTreeMap<usize, usize>| {
            let mut atoms: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for (atom, value) in of {
                atoms.entry(*value).or_default().push(*atom);
            }
            atoms
        };
        let mut each = self.values.values().map(sums);
        let Some(first) = each.next() else { return Vec::new() };
        let empty = Vec::new();
        let mut found = Vec::new();
        for other in each {
            let values: BTreeSet<usize> = first.keys().chain(other.keys()).copied().collect();
            found.extend(values.into_iter().map(|value| {
                let of = |sums: &BTreeMap<usize, Vec<usize>>| sum(sums.get(&value).unwrap_or(&empty));
                difference(&of(&first), &of(&other))
            }));
        }
        found
    }
}

/// The sets of columns that any two partitions share, none of them twice; perhaps no column at all.
fn shared(partitions: &[Partition]) -> BTreeSet<BTreeSet<&'static str>> {
    let columns = |partition: &Partition| partition.columns.iter().copied().collect::<BTreeSet<_>>();
    let all: Vec<BTreeSet<&str>> = partitions.iter().map(columns).collect();
    let pairs = all.iter().enumerate().flat_map(|(at, one)| all[at + 1..].iter().map(move |other| one & other));
    pairs.collect()
}

/// For each partition with these columns, the number of the values of each of its cells.
fn numbers(
    partitions: &[Partition],
    columns: BTreeSet<&'static str>,
) -> (BTreeSet<&'static str>, BTreeMap<usize, Vec<usize>>) {
    let mut known: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for (place, partition) in partitions.iter().enumerate() {
        let at = |column: &&str| partition.columns.iter().position(|each| each == column);
        let Some(places) = columns.iter().map(at).collect::<Option<Vec<usize>>>() else { continue };
        let of_cells = partition.cells.iter().map(|cell| {
            let values = places.iter().map(|at| cell.get(*at).map_or("", String::as_str)).collect();
            let next = known.len();
            *known.entry(values).or_insert(next)
        });
        found.insert(place, of_cells.collect());
    }
    (columns, found)
}
