//! Orders that repeat another one. They are shown, never dropped: every figure counts them.
//!
//! Exports overlap. A quarterly refresh repeats the lines of the quarter before, and a claim may stand in both parts
//! of a split. Whether a repeated line is one service or two, only the owner of the data can say.
//!
//! **Two orders are duplicates** when they have the same claim and order ids, of which at least one is present, and
//! the same patient id, product and product code, service date, units, billed, allowed and paid amount, and the same
//! diagnoses at the same positions, and both or none of them are said to be reversed or void: a line that takes back
//! repeats none that it takes back. Two lines of one record are two orders, whatever they have in common, so the
//! number of the line in its record ([`slot`](crate::table::Row::slot)) is compared too; the record's own number is
//! not, since a refresh moves it. What is missing in both is equal; what is missing in one of them is not. The first
//! of such orders, as the table lists them, is the one that the others repeat. Each of the others is counted once: *in
//! one file* if its own file holds an earlier one, *across files* if only files before it do.

use std::collections::BTreeMap;

use super::Limits;
use super::measure::{Amounts, Measures};
use super::partition::Partition;
use super::patients::{Distinct, Patients};
use super::repeats::{Repeats, repeats};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// How many pairs of files are named.
pub const FILE_PAIRS: usize = 20;

/// The name of the partition by whether an order repeats another one. It holds no other column: no figure tells
/// repeated orders apart by anything else.
pub const REPEATS: &str = "repeats";

/// The numbers of the two kinds of repeated orders, as patients are counted of them.
pub(super) const IN_ONE_FILE: u32 = 0;
pub(super) const ACROSS_FILES: u32 = 1;

/// Their names in partitions, and that of the orders that repeat none.
pub(super) const REPEAT_NAMES: [&str; 2] = ["in-one-file", "across-files"];
pub(super) const REPEATS_NONE: &str = "no";

/// Orders that repeat another one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Duplicates {
    /// Groups of two or more equal orders.
    pub groups: u64,
    /// Orders that repeat an earlier one of the same file. Money is the paid amount, whatever it is elsewhere.
    pub in_one_file: Measures,
    /// Orders that repeat one of an earlier file and none of their own. Money is the paid amount.
    pub across_files: Measures,
    /// The pairs of files that share the most groups, at most [`FILE_PAIRS`].
    pub file_pairs: Vec<FilePair>,
    /// How many pairs of files share any group.
    pub file_pairs_in_all: u64,
}

/// Two files that hold equal orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePair {
    /// The file that was read first.
    pub first: String,
    /// The other one.
    pub second: String,
    /// Groups with an order in both.
    pub groups: u64,
}

impl Duplicates {
    /// All orders by whether they repeat another one.
    #[must_use]
    pub fn partition(&self, orders: u64) -> Partition {
        let each = [
            (REPEATS_NONE, orders.saturating_sub(self.orders())),
            (REPEAT_NAMES[0], self.in_one_file.orders),
            (REPEAT_NAMES[1], self.across_files.orders),
        ];
        let cells = each.into_iter().filter(|(_, orders)| *orders > 0).map(|(name, _)| vec![name.to_owned()]);
        Partition { name: REPEATS, columns: vec!["repeat"], cells: cells.collect() }
    }

    /// Orders that repeat another one.
    #[must_use]
    pub fn orders(&self) -> u64 {
        self.in_one_file.orders + self.across_files.orders
    }
}

/// All orders that repeat another one, as the ledger takes them out.
#[derive(Default)]
pub(super) struct Repeated {
    /// What they amount to. Money is the paid amount.
    pub amounts: Amounts,
    /// Their patients.
    pub patients: u64,
    /// How many of each kind have each determination and flag.
    pub answers: BTreeMap<(u32, [String; 2]), u64>,
}

/// Finds the duplicates in the table.
pub(super) fn duplicates(table: &Parts, limits: &Limits) -> Result<(Duplicates, Repeated), TableError> {
    let (mut found, mut distinct, mut of_both) = (None, Distinct::new(2), Distinct::new(1));
    let mut next = Some(Patients::new(limits.patients()));
    while let Some(mut patients) = next {
        let pass = repeats(table, limits, &mut patients)?;
        let (of_range, after) = patients.finish();
        distinct.add(&of_range, &[Some(0), Some(1)]);
        of_both.add(&of_range, &[Some(0), Some(0)]);
        // Another pass counts the same orders again; only its patients are new.
        found.get_or_insert(pass);
        next = after;
    }
    let Repeats { groups, in_one_file, across_files, answers, shared } = found.unwrap_or_default();
    let mut amounts = in_one_file;
    amounts += across_files;
    let repeated = Repeated { amounts, patients: of_both.of(0), answers };
    let (file_pairs, file_pairs_in_all) = pairs(&shared);
    let measured = |amounts: Amounts, group: u32| amounts.of_patients(distinct.of(group as usize));
    let duplicates = Duplicates {
        groups,
        in_one_file: measured(in_one_file, IN_ONE_FILE),
        across_files: measured(across_files, ACROSS_FILES),
        file_pairs,
        file_pairs_in_all,
    };
    Ok((duplicates, repeated))
}

/// The pairs of files with the most groups in common, on a tie by name; and how many pairs there are.
fn pairs(shared: &BTreeMap<Vec<String>, u64>) -> (Vec<FilePair>, u64) {
    let mut pairs: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for (files, groups) in shared {
        for (at, first) in files.iter().enumerate() {
            for second in &files[at + 1..] {
                *pairs.entry((first, second)).or_default() += groups;
            }
        }
    }
    let in_all = pairs.len() as u64;
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    // The sort is stable and the map is sorted by name, so equal counts keep that order.
    pairs.sort_by_key(|(_, groups)| std::cmp::Reverse(*groups));
    let named = pairs.into_iter().take(FILE_PAIRS).map(|((first, second), groups)| FilePair {
        first: first.to_owned(),
        second: second.to_owned(),
        groups,
    });
    (named.collect(), in_all)
}
