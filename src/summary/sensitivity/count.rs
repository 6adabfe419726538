//! The orders counted by their determination and what they come to in other readings.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::kinds::Kinds;
use super::{Move, Reading, Sensitivity, Variant};
use crate::summary::measure::{Amounts, Measures};
use crate::summary::partition::Partition;
use crate::summary::patients::{Distinct, Patient, Patients};
use crate::summary::{DETERMINATIONS, Group, Limits};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// Counts the orders in their other readings, and gives the partition that the counts are sums over.
pub(in crate::summary) fn sensitivity(
    table: &Parts,
    limits: &Limits,
    money: Option<&str>,
) -> Result<(Sensitivity, Partition), TableError> {
    let mut kinds = Kinds::default();
    let mut patients = Patients::new(limits.patients());
    let sums: Vec<&str> = ["grams"].into_iter().chain(money).collect();
    kinds.read(table, limits, &sums, &mut patients)?;
    let mut counts: Vec<Count> = kinds.readings().into_iter().map(|reading| Count::of(reading, &kinds)).collect();
    let mut next = Some(patients);
    while let Some(patients) = next {
        let (of_range, after) = patients.finish();
        for count in &mut counts {
            count.count(&of_range);
        }
        drop(of_range);
        next = match after {
            Some(mut patients) => {
                // Their orders are counted already.
                kinds.read(table, limits, &[], &mut patients)?;
                Some(patients)
            }
            None => None,
        };
    }
    let variants = counts.into_iter().map(Count::finish).collect();
    Ok((Sensitivity { variants }, kinds.partition()))
}

/// One way of cutting the orders, while patients are counted in its groups.
struct Cut<Key> {
    /// The number of each group and what it amounts to.
    groups: BTreeMap<Key, (usize, Amounts)>,
    /// The group of each kind.
    group_of: Vec<Option<usize>>,
    patients: Distinct,
}

impl<Key: Ord> Cut<Key> {
    /// The groups of kinds, by the numbers of these.
    fn of(keyed: Vec<Option<Key>>, amounts: &[Amounts]) -> Self {
        let mut groups: BTreeMap<Key, (usize, Amounts)> = BTreeMap::new();
        let mut group_of = Vec::with_capacity(keyed.len());
        for (key, amounts) in keyed.into_iter().zip(amounts) {
            group_of.push(key.map(|key| {
                let next = groups.len();
                let group = groups.entry(key).or_insert((next, Amounts::default()));
                group.1 += *amounts;
                group.0
            }));
        }
        Self { patients: Distinct::new(groups.len()), groups, group_of }
    }

    fn count(&mut self, patients: &[Patient]) {
        self.patients.add(patients, &self.group_of);
    }

    /// The groups, sorted by their keys.
    fn finish(self) -> impl Iterator<Item = (Key, Measures)> {
        let patients = self.patients;
        self.groups.into_iter().map(move |(key, (group, amounts))| (key, amounts.of_patients(patients.of(group))))
    }
}

/// All determinations in their order, those without orders too; then what is none of them.
fn by_determination(cut: Cut<String>) -> Vec<Group> {
    let mut found: BTreeMap<String, Measures> = cut.finish().collect();
    let mut take = |word: &str| Group { key: word.to_owned(), measures: found.remove(word).unwrap_or_default() };
    let known: Vec<Group> = DETERMINATIONS.iter().map(|word| take(word)).collect();
    known.into_iter().chain(found.into_iter().map(|(key, measures)| Group { key, measures })).collect()
}

/// One reading while patients are counted.
struct Count {
    reading: Reading,
    compared: Cut<()>,
    same: Cut<()>,
    as_audited: Cut<String>,
    read_so: Cut<String>,
    moves: Cut<[String; 2]>,
}

impl Count {
    fn of(reading: Reading, kinds: &Kinds) -> Self {
        let same = |[from, to]: [&str; 2]| (from == to).then_some(());
        let moved = |[from, to]: [&str; 2]| (from != to).then(|| [from, to].map(str::to_owned));
        Self {
            compared: Cut::of(kinds.keyed(&reading, |_| Some(())), &kinds.amounts),
            same: Cut::of(kinds.keyed(&reading, same), &kinds.amounts),
            as_audited: Cut::of(kinds.keyed(&reading, |[from, _]| Some(from.to_owned())), &kinds.amounts),
            read_so: Cut::of(kinds.keyed(&reading, |[_, to]| Some(to.to_owned())), &kinds.amounts),
            moves: Cut::of(kinds.keyed(&reading, moved), &kinds.amounts),
            reading,
        }
    }

    /// Counts the patients of one range, sorted.
    fn count(&mut self, patients: &[Patient]) {
        self.compared.count(patients);
        self.same.count(patients);
        self.as_audited.count(patients);
        self.read_so.count(patients);
        self.moves.count(patients);
    }

    fn finish(self) -> Variant {
        let only = |cut: Cut<()>| cut.finish().next().map(|((), measures)| measures).unwrap_or_default();
        let moves = self.moves.finish().map(|([from, to], measures)| Move { from, to, measures });
        let mut moves: Vec<Move> = moves.collect();
        let place = |word: &str| DETERMINATIONS.iter().position(|known| *known == word);
        moves.sort_by_key(|each| (Reverse(each.measures.orders), place(&each.from), place(&each.to)));
        Variant {
            reading: self.reading,
            compared: only(self.compared),
            same: only(self.same),
            as_audited: by_determination(self.as_audited),
            read_so: by_determination(self.read_so),
            moves,
        }
    }
}
