//! What is new, gone or changed between two tables of assessments, and what made it so.
//!
//! **An order is the same order** in both tables if it has the same claim and order ids, of which at least one is
//! present, the same number in its record, patient id, product code and service date. Where it came from does not count:
//! an export of tonight has another name than that of last night, and its records stand at other places. An order without
//! any id is the same if it stands at the same place: file, record, and number in it. Where several orders of one table
//! are the same in this sense, those that are equal in all else are paired first, the others in the order of their files;
//! what is left over is new or gone.
//!
//! **An order is changed** if its determination, its flag, its guideline rows or its certainty are. A change is laid to
//! the first of these that holds:
//!
//! 1. *data*: a column that is carried from the export differs;
//! 2. *rules*: another ruleset or version decided, or one whose files differ, where both manifests say which they were;
//! 3. *program*: neither. Where both manifests name one and the same program, it is laid to the data too: what differs
//!    is then something that is read and not stored, as free text is.
//!
//! **A finding is new** if the other table has no finding for the order: it has no such order, or had it as clear. An
//! order that is for review in one and flagged in the other is a finding that changed.
//!
//! Orders are compared as digests, a range of them at a time, so memory does not follow their number; what they hold is
//! not kept. Two different orders count as the same with a probability below 10^-20 among 10^8.

mod orders;
mod pairs;

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use self::orders::{Met, Order};
use self::pairs::pairs;
use super::check::SummaryError;
use super::sieve::Sieve;
use super::{FLAGS, Limits, answer};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

pub use self::orders::COLUMNS;

/// Patients of a [`Tally`] are counted up to this number: one more than are few.
pub const PATIENTS_COUNTED: u64 = 11;

/// One of the two tables.
#[derive(Debug, Clone, Copy)]
pub struct Side<'run> {
    /// The table.
    pub table: &'run Parts,
    /// The digests of its rulesets, by `id@version`, as far as they are known.
    pub rulesets: &'run BTreeMap<String, String>,
}

/// What an order's being new, gone or changed is laid to, in order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The order itself is in one of the tables only.
    Order,
    /// What was read differs.
    Data,
    /// The rules differ.
    Rules,
    /// Neither differs.
    Program,
}

impl Reason {
    /// All of them, in order of precedence.
    pub const ALL: [Self; 4] = [Self::Order, Self::Data, Self::Rules, Self::Program];

    /// Its word in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Data => "data",
            Self::Rules => "rules",
            Self::Program => "program",
        }
    }
}

/// Some orders, and whether they are of few patients.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Orders.
    pub orders: u64,
    /// Distinct patients, counted up to [`PATIENTS_COUNTED`].
    pub patients: u64,
}

/// Some orders by [`Reason`].
pub type ByReason = [Tally; 4];

/// How many orders and findings a table has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Orders.
    pub orders: u64,
    /// Those that are for review or flagged.
    pub findings: u64,
}

/// What is new, gone or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The first table.
    pub old: Size,
    /// The second table.
    pub new: Size,
    /// Orders of the first table only.
    pub gone: u64,
    /// Orders of the second table only.
    pub added: u64,
    /// Orders of both.
    pub matched: u64,
    /// Those of them that are as they were.
    pub unchanged: u64,
    /// The others, by reason; none of them by [`Reason::Order`].
    pub changed: ByReason,
    /// Orders of both whose flag, determination, rows or certainty changed: flag before, flag now and reason.
    pub moves: BTreeMap<(String, String, Reason), u64>,
    /// Findings of the second table that the first has not.
    pub new_findings: ByReason,
    /// Findings of the first table that the second has not.
    pub gone_findings: ByReason,
    /// Findings of both that changed; none of them by [`Reason::Order`].
    pub changed_findings: ByReason,
    /// Findings of both that are as they were.
    pub unchanged_findings: Tally,
    /// New findings by flag, determination and guideline rows (joined by `|`), the most pressing flag first.
    pub new_by_row: Vec<NewFindings>,
}

/// New findings of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFindings {
    /// The flag.
    pub flag: String,
    /// The determination.
    pub determination: String,
    /// The guideline rows, joined by `|`.
    pub rows: String,
    /// How many, by reason.
    pub by_reason: [u64; 4],
}

/// Which rows of the second table are new findings, and why.
#[derive(Debug, Clone, Default)]
pub struct Marks(Vec<u8>);

/// A new finding by its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file name as given.
    pub source_file: String,
    /// The record number in it.
    pub record: u64,
    /// The number of the line in its record, where a record holds several.
    pub slot: Option<u64>,
    /// The flag.
    pub flag: String,
    /// The determination.
    pub determination: String,
    /// The guideline rows.
    pub rows: Vec<String>,
    /// How certain it is.
    pub certainty: String,
    /// The ruleset that decided.
    pub ruleset: String,
    /// What it is laid to.
    pub reason: Reason,
}

/// The sum over all reasons.
#[must_use]
pub fn orders(tallies: &ByReason) -> u64 {
    tallies.iter().map(|tally| tally.orders).sum()
}

impl Changes {
    /// Findings of the second table that the first has not.
    #[must_use]
    pub fn new_findings(&self) -> u64 {
        orders(&self.new_findings)
    }

    /// Findings of the first table that the second has not.
    #[must_use]
    pub fn gone_findings(&self) -> u64 {
        orders(&self.gone_findings)
    }

    /// Findings of both that changed.
    #[must_use]
    pub fn changed_findings(&self) -> u64 {
        orders(&self.changed_findings)
    }
}

/// Compares two tables. `same_program` says that both are known to be the work of one and the same program.
///
/// Call from the coordinating thread only (polars has a thread pool of its own).
///
/// # Errors
/// [`SummaryError::Table`] if a table cannot be read, [`SummaryError::DoesNotAddUp`] if an order is lost or counted twice.
pub fn changes(old: Side<'_>, new: Side<'_>, same_program: bool) -> Result<(Changes, Marks), SummaryError> {
    changes_within(old, new, same_program, &Limits::default())
}

/// As [`changes`], with other limits. The answer is the same.
///
/// # Errors
/// As [`changes`].
pub fn changes_within(
    old: Side<'_>,
    new: Side<'_>,
    same_program: bool,
    limits: &Limits,
) -> Result<(Changes, Marks), SummaryError> {
    old.table.require(&COLUMNS)?;
    new.table.require(&COLUMNS)?;
    let mut met = Met::new(old.rulesets, new.rulesets, same_program);
    let mut count = pairs::Count::new(new.table.rows());
    let (mut sizes, mut next) = (None, Some(Sieve::new(limits.changes())));
    while let Some(mut sieve) = next {
        let old = met.read(old.table, false, limits.part, &mut sieve)?;
        let new = met.read(new.table, true, limits.part, &mut sieve)?;
        // Another pass reads the same orders again, for another range of them.
        sizes.get_or_insert((old, new));
        let (found, after) = sieve.finish();
        for same in found.chunk_by(Order::is_same) {
            pairs(same, &met, &mut count);
        }
        next = after;
    }
    let (old, new) = sizes.unwrap_or_default();
    let (changes, marks) = count.finish(&met, old, new);
    reconciles(&changes)?;
    Ok((changes, marks))
}

/// The sums that every comparison must hold.
fn reconciles(changes: &Changes) -> Result<(), SummaryError> {
    let equal = |what, cut, whole: u64, part: u64| {
        let (one, other) = (i128::from(whole), i128::from(part));
        if one == other { Ok(()) } else { Err(SummaryError::DoesNotAddUp { what, cut, whole: one, part: other }) }
    };
    let Changes { old, new, gone, added, matched, unchanged, .. } = changes;
    equal("orders of the old run", "gone and matched", old.orders, gone + matched)?;
    equal("orders of the new run", "new and matched", new.orders, added + matched)?;
    equal("matched orders", "unchanged and changed", *matched, unchanged + orders(&changes.changed))?;
    equal("changed orders", "flag before and flag now", orders(&changes.changed), changes.moves.values().sum())?;
    let kept = changes.unchanged_findings.orders + changes.changed_findings();
    equal("findings of the old run", "gone and kept", old.findings, changes.gone_findings() + kept)?;
    equal("findings of the new run", "new and kept", new.findings, changes.new_findings() + kept)?;
    let by_row = changes.new_by_row.iter().flat_map(|each| each.by_reason).sum();
    equal("new findings", "flag and guideline row", changes.new_findings(), by_row)
}

/// Gives the new findings of the second table by their places, in the order of its rows.
///
/// # Errors
/// Those of `take`, and [`TableError`] if the table cannot be read.
pub fn each_new_finding<E: From<TableError>>(
    new: &Parts,
    marks: &Marks,
    mut take: impl FnMut(Place) -> Result<(), E>,
) -> Result<(), E> {
    const PLACE: [&str; 8] =
        ["source_file", "record", "slot", "flag", "determination", "guideline_rows", "certainty", "ruleset"];
    let size = Limits::default().part;
    for (number, marks) in marks.0.chunks(size).enumerate() {
        if marks.iter().all(|mark| *mark == 0) {
            continue;
        }
        let part = new.read(&PLACE, number * size, size)?;
        for (row, mark) in marks.iter().enumerate() {
            let Some(reason) = mark.checked_sub(1).and_then(|at| Reason::ALL.get(usize::from(at))) else { continue };
            take(place(&part, row, *reason).map_err(TableError::engine("read"))?)?;
        }
    }
    Ok(())
}

fn place(part: &DataFrame, row: usize, reason: Reason) -> PolarsResult<Place> {
    let has_slot = part.column("slot")?.u32()?.get(row).is_some();
    Ok(Place {
        source_file: answer::text(part, "source_file", row)?,
        record: answer::count(part, "record", row)?,
        slot: if has_slot { Some(answer::count(part, "slot", row)?) } else { None },
        flag: answer::text(part, "flag", row)?,
        determination: answer::text(part, "determination", row)?,
        rows: answer::list(part, "guideline_rows", row)?,
        certainty: answer::text(part, "certainty", row)?,
        ruleset: answer::text(part, "ruleset", row)?,
        reason,
    })
}

/// The most pressing flag first; one that nobody knows last.
fn pressing(flag: &str) -> usize {
    FLAGS.iter().position(|known| *known == flag).unwrap_or(FLAGS.len())
}

#[cfg(test)]
mod tests;
