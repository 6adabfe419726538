//! What a reader can work out, the plain way: every cell an unknown, dense elimination, another prime.

use std::collections::{BTreeMap, BTreeSet};

use ivig_audit::report::disclosure::Figure;
use ivig_audit::summary::Partition;

const PRIME: i64 = 2_147_483_647;

/// Known sums in row echelon form.
pub struct System<'it> {
    partitions: &'it [Partition],
    rows: Vec<(usize, Vec<i64>)>,
}

impl<'it> System<'it> {
    /// What the known figures and the tables' common columns say.
    pub fn of(partitions: &'it [Partition], known: &[&Figure]) -> Self {
        let mut system = Self { partitions, rows: Vec::new() };
        for (at, one) in partitions.iter().enumerate() {
            for other in &partitions[at + 1..] {
                for row in system.equal(one, other) {
                    system.learn(row);
                }
            }
        }
        for figure in known {
            let row = system.row(figure);
            system.learn(row);
        }
        system
    }

    /// Whether a figure follows.
    pub fn gives(&self, figure: &Figure) -> bool {
        self.reduced(self.row(figure)).iter().all(|value| *value == 0)
    }

    fn place(&self, name: &str, cell: usize) -> usize {
        let before = self.partitions.iter().take_while(|each| each.name != name);
        before.map(|each| each.cells.len()).sum::<usize>() + cell
    }

    fn unknowns(&self) -> usize {
        self.partitions.iter().map(|each| each.cells.len()).sum()
    }

    fn row(&self, figure: &Figure) -> Vec<i64> {
        let mut row = vec![0; self.unknowns()];
        figure.cells.iter().for_each(|cell| row[self.place(figure.partition, *cell)] = 1);
        row
    }

    /// The sums of two partitions over equal values of the columns they share.
    fn equal(&self, one: &Partition, other: &Partition) -> Vec<Vec<i64>> {
        let columns: BTreeSet<&str> =
            one.columns.iter().copied().filter(|column| other.columns.contains(column)).collect();
        let mut rows: BTreeMap<Vec<&str>, Vec<i64>> = BTreeMap::new();
        for (partition, sign) in [(one, 1), (other, PRIME - 1)] {
            for cell in 0..partition.cells.len() {
                let values = columns.iter().filter_map(|column| partition.value(cell, column)).collect();
                let row = rows.entry(values).or_insert_with(|| vec![0; self.unknowns()]);
                row[self.place(partition.name, cell)] = sign;
            }
        }
        rows.into_values().collect()
    }

    fn learn(&mut self, row: Vec<i64>) {
        let mut row = self.reduced(row);
        let Some(pivot) = row.iter().position(|value| *value != 0) else { return };
        let inverse = power(row[pivot], PRIME - 2);
        for value in &mut row {
            *value = *value * inverse % PRIME;
        }
        self.rows.push((pivot, row));
        self.rows.sort_by_key(|(pivot, _)| *pivot);
    }

    fn reduced(&self, mut row: Vec<i64>) -> Vec<i64> {
        for (pivot, known) in &self.rows {
            let times = row[*pivot];
            if times != 0 {
                row.iter_mut()
                    .zip(known)
                    .for_each(|(value, known)| *value = (*value + (PRIME - times) * known) % PRIME);
            }
        }
        row
    }
}

fn power(base: i64, exponent: i64) -> i64 {
    if exponent == 0 {
        return 1;
    }
    let half = power(base * base % PRIME, exponent / 2);
    if exponent % 2 == 1 { half * base % PRIME } else { half }
}
