//! The orders counted by their determination and what they come to in other readings, in readings of the table of their
//! own: these columns are no part of any other question.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use polars::prelude::{DataFrame, Expr, IntoLazy, PolarsError, PolarsResult, col, len};

use super::{Move, READINGS, Reading, Sensitivity, Variant};
use crate::summary::cells::{Cut, amounts, keep, sums_of};
use crate::summary::measure::Amounts;
use crate::summary::partition::Partition;
use crate::summary::patients::{Patient, Patients};
use crate::summary::query::{groups, in_order, position};
use crate::summary::{DETERMINATIONS, Limits, answer};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// The columns that tell kinds of orders apart.
const KEYS: [&str; 7] =
    ["ruleset", "determination", "flag", "first_listed", "pointed", "other_edition", "other_edition_determination"];

/// What an order has in each of them; empty where the table has nothing.
type Kind = [String; KEYS.len()];

/// The kinds that were met, and what the orders of each amount to.
#[derive(Default)]
struct Kinds {
    numbers: HashMap<Kind, u32>,
    amounts: Vec<Amounts>,
}

/// Counts the orders in their other readings, and gives the partition that the counts are sums over.
pub(in crate::summary) fn sensitivity(
    table: &Parts,
    limits: &Limits,
    money: Option<&str>,
) -> Result<(Sensitivity, Partition), TableError> {
    let mut kinds = Kinds::default();
    let mut patients = Patients::new(limits.patients());
    kinds.read(table, limits, Some(money), &mut patients)?;
    let mut counts: Vec<Count> = kinds.readings().into_iter().map(|reading| Count::of(reading, &kinds)).collect();
    let mut next = Some(patients);
    while let Some(patients) = next {
        let (of_range, after) = patients.finish();
        counts.iter_mut().for_each(|count| count.count(&of_range));
        drop(of_range);
        next = match after {
            Some(mut patients) => {
                // Their orders are counted already.
                kinds.read(table, limits, None, &mut patients)?;
                Some(patients)
            }
            None => None,
        };
    }
    let variants = counts.into_iter().map(Count::finish).collect();
    Ok((Sensitivity { variants }, kinds.partition()))
}

impl Kinds {
    /// Reads the table once for the patients of a range, and for the amounts if it is said which column is money.
    fn read(
        &mut self,
        table: &Parts,
        limits: &Limits,
        amounts: Option<Option<&str>>,
        patients: &mut Patients,
    ) -> Result<(), TableError> {
        let sums = amounts.map(|money| ["grams"].into_iter().chain(money)).into_iter().flatten();
        let columns: Vec<&str> = KEYS.into_iter().chain(["patient_id"]).chain(sums).collect();
        for part in table.each(&columns, limits.part) {
            self.add(part?.1, amounts, patients).map_err(TableError::engine("summarised"))?;
        }
        Ok(())
    }

    fn add(&mut self, part: DataFrame, sums: Option<Option<&str>>, patients: &mut Patients) -> PolarsResult<()> {
        let mut all = vec![len().alias("orders"), col("patient_id")];
        all.extend(sums.into_iter().flat_map(sums_of));
        let keys: Vec<Expr> = KEYS.map(col).into();
        let groups = part.lazy().group_by(keys).agg(all).collect()?;
        let ids = groups.column("patient_id")?.list()?;
        for row in 0..groups.height() {
            let mut kind = Kind::default();
            for (cell, key) in kind.iter_mut().zip(KEYS) {
                *cell = answer::text(&groups, key, row)?;
            }
            let number = self.number(kind)?;
            if let Some(money) = sums {
                self.amounts[number as usize] += amounts(&groups, row, money.is_some())?;
            }
            if let Some(ids) = ids.get_as_series(row) {
                keep(patients, ids.str()?, number);
            }
        }
        Ok(())
    }

    fn number(&mut self, kind: Kind) -> PolarsResult<u32> {
        if let Some(number) = self.numbers.get(&kind) {
            return Ok(*number);
        }
        let next = u32::try_from(self.amounts.len());
        let number = next.map_err(|_| PolarsError::ComputeError("there are too many kinds of orders".into()))?;
        self.amounts.push(Amounts::default());
        self.numbers.insert(kind, number);
        Ok(number)
    }

    /// The readings that any order has an answer in.
    fn readings(&self) -> BTreeSet<Reading> {
        let all = self.numbers.keys().flat_map(|kind| {
            let [.., first_listed, pointed, other_edition, by_other] = kind;
            let editions = Some(Reading::OtherEdition(other_edition.clone())).filter(|_| !by_other.is_empty());
            let first = Some(Reading::FirstListed).filter(|_| !first_listed.is_empty());
            let pointed = Some(Reading::Pointed).filter(|_| !pointed.is_empty());
            [first, pointed, editions]
        });
        all.flatten().collect()
    }

    fn cut<Key: Ord>(&self, reading: &Reading, key: impl Fn([&str; 2]) -> Option<Key>) -> Cut<Key> {
        let mut keyed: Vec<Option<Key>> = self.amounts.iter().map(|_| None).collect();
        for (kind, number) in &self.numbers {
            keyed[*number as usize] = answers(kind, reading).and_then(&key);
        }
        Cut::of(keyed, &self.amounts)
    }

    fn partition(&self) -> Partition {
        let mut cells: Vec<Vec<String>> = self.numbers.keys().map(|kind| kind.to_vec()).collect();
        cells.sort_unstable();
        Partition { name: READINGS, columns: KEYS.into(), cells }
    }
}

/// The determination of a kind and what it comes to in a reading, if it can be read so.
fn answers<'k>(kind: &'k Kind, reading: &Reading) -> Option<[&'k str; 2]> {
    let [_, determination, _, first_listed, pointed, other_edition, by_other] = kind;
    let read_so = match reading {
        Reading::FirstListed => first_listed,
        Reading::Pointed => pointed,
        Reading::OtherEdition(name) if name == other_edition => by_other,
        Reading::OtherEdition(_) => return None,
    };
    (!read_so.is_empty()).then_some([determination.as_str(), read_so.as_str()])
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
        Self {
            compared: kinds.cut(&reading, |_| Some(())),
            same: kinds.cut(&reading, |[from, to]| (from == to).then_some(())),
            as_audited: kinds.cut(&reading, |[from, _]| Some(from.to_owned())),
            read_so: kinds.cut(&reading, |[_, to]| Some(to.to_owned())),
            moves: kinds.cut(&reading, |[from, to]| (from != to).then(|| [from, to].map(str::to_owned))),
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
        let only = |cut: Cut<()>| cut.finish().pop().map(|((), measures)| measures).unwrap_or_default();
        let by = |cut: Cut<String>| in_order(groups(cut), &DETERMINATIONS);
        let moves = self.moves.finish().into_iter().map(|([from, to], measures)| Move { from, to, measures });
        let mut moves: Vec<Move> = moves.collect();
        let place = |word: &str| position(&DETERMINATIONS, word);
        moves.sort_by_key(|each| (Reverse(each.measures.orders), place(&each.from), place(&each.to)));
        Variant {
            reading: self.reading,
            compared: only(self.compared),
            same: only(self.same),
            as_audited: by(self.as_audited),
            read_so: by(self.read_so),
            moves,
        }
    }
}
