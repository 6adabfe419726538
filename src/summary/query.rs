//! The answers, put together from one reading of the table.
//!
//! The table is read by parts, and of each part only what adds up is kept: see [`cells`](super::cells). Memory follows
//! the different answers of the rules and a part's rows, never the number of orders; where it would follow the number
//! of patients, it is the number of readings that grows instead.

use std::cmp::Reverse;
use std::path::Path;

use polars::prelude::{DataFrame, PolarsResult};

use super::cells::{Cells, Cut, KEYS, Kind};
use super::check::{SummaryError, adds_up};
use super::duplicates::duplicates;
use super::figures::figures;
use super::measure::Measures;
use super::patients::{Patient, Patients};
use super::top::{RANKING, Top};
use super::warnings::Warnings;
use super::{
    CERTAINTIES, Crossing, DEFINITE, DETERMINATIONS, FLAGS, Group, LINE_STATUSES, Limits, OpenGroup, ROW_BASED,
    RowGroup, Summary, answer,
};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// Answers every question about the table at `path`.
///
/// Call from the coordinating thread only (polars has a thread pool of its own).
///
/// # Errors
/// [`SummaryError::Table`] if the file cannot be read as an assessments table,
/// [`SummaryError::DoesNotAddUp`] if two ways of counting the orders disagree.
pub fn summarise(path: &Path) -> Result<Summary, SummaryError> {
    summarise_within(path, &Limits::default())
}

/// As [`summarise`], with other limits. The answer is the same.
///
/// # Errors
/// As [`summarise`].
pub fn summarise_within(path: &Path, limits: &Limits) -> Result<Summary, SummaryError> {
    summarise_all(&[path], limits)
}

/// As [`summarise_within`], of a table that is stored in several files; its orders are in the order given.
///
/// # Errors
/// As [`summarise`].
pub fn summarise_all(paths: &[impl AsRef<Path>], limits: &Limits) -> Result<Summary, SummaryError> {
    let limits = &Limits { part: limits.part.max(1), ..*limits };
    let table = Parts::open_all(paths)?;
    let figures = figures(&table, limits.part)?;
    let money = figures.money();
    let mut reading = Reading::default();
    let mut next = Some(reading.first(&table, limits, money)?);
    let mut cuts = Cuts::of(&reading.cells);
    while let Some(patients) = next {
        let (of_range, after) = patients.finish();
        cuts.count(&of_range);
        drop(of_range);
        next = after.map(|patients| reading.again(&table, limits, patients)).transpose()?;
    }
    let orders_without_patient = reading.cells.without_patient;
    let mut summary = Summary {
        money_column: money,
        period: figures.period,
        sums: figures.sums(),
        orders_without_patient,
        orders_without_date: figures.without_date,
        partitions: vec![reading.cells.partition()],
        warnings: reading.warnings.finish(),
        top_findings: reading.top.finish(&table)?,
        ..cuts.finish()
    };
    summary.duplicates = duplicates(&table, limits)?;
    adds_up(&summary)?;
    Ok(summary)
}

/// What one reading of the table finds.
#[derive(Default)]
struct Reading {
    cells: Cells,
    warnings: Warnings,
    top: Top,
}

impl Reading {
    /// Reads the table once. Returns the patients of the first range.
    fn first(&mut self, table: &Parts, limits: &Limits, money: Option<&str>) -> Result<Patients, TableError> {
        let columns: Vec<&str> = KEYS.into_iter().chain(["patient_id", "warnings", "grams"]).chain(money).collect();
        let ranking = RANKING.into_iter().filter(|column| !KEYS.contains(column));
        let columns: Vec<&str> = columns.into_iter().chain(ranking).collect();
        let mut patients = Patients::new(limits.patients());
        for part in table.each(&columns, limits.part) {
            let (from, part) = part?;
            self.add(from, part, money, &mut patients).map_err(TableError::engine("summarised"))?;
        }
        Ok(patients)
    }

    fn add(&mut self, from: usize, part: DataFrame, money: Option<&str>, patients: &mut Patients) -> PolarsResult<()> {
        self.warnings.add(&part)?;
        self.top.add(&part, from, money)?;
        self.cells.add(part, money, patients)
    }

    /// Reads the table again, for the patients of another range only.
    fn again(&mut self, table: &Parts, limits: &Limits, mut patients: Patients) -> Result<Patients, TableError> {
        let columns: Vec<&str> = KEYS.into_iter().chain(["patient_id"]).collect();
        for part in table.each(&columns, limits.part) {
            self.cells.add_patients(part?.1, &mut patients).map_err(TableError::engine("summarised"))?;
        }
        Ok(patients)
    }
}

/// The ways of cutting the orders that the report asks for. Each holds its groups while patients are counted in them.
struct Cuts {
    all: Cut<()>,
    determination: Cut<String>,
    flag: Cut<String>,
    certainty: Cut<String>,
    certainty_of_rows: Cut<String>,
    line_status: Cut<String>,
    crossing: Cut<[String; 2]>,
    /// Ruleset, determination and guideline rows of definite orders.
    row: Cut<[String; 3]>,
    /// The same and the flag.
    row_flag: Cut<[String; 4]>,
    wanting: Cut<String>,
    /// What is wanting, the open answers and the indication of indeterminate orders.
    open: Cut<[String; 3]>,
    ruleset: Cut<String>,
}

impl Cuts {
    fn of(cells: &Cells) -> Self {
        let definite = |kind: &Kind| DEFINITE.contains(&kind.determination.as_str());
        let open = |kind: &Kind| kind.determination == "indeterminate";
        let row = |kind: &Kind| [kind.ruleset.clone(), kind.determination.clone(), kind.rows.clone()];
        Self {
            all: cells.cut(|_| Some(())),
            determination: cells.cut(|kind| Some(kind.determination.clone())),
            flag: cells.cut(|kind| Some(kind.flag.clone())),
            certainty: cells.cut(|kind| Some(kind.certainty.clone())),
            certainty_of_rows: cells
                .cut(|kind| ROW_BASED.contains(&kind.determination.as_str()).then(|| kind.certainty.clone())),
            line_status: cells.cut(|kind| Some(kind.line_status.clone())),
            crossing: cells.cut(|kind| Some([kind.determination.clone(), kind.flag.clone()])),
            row: cells.cut(|kind| definite(kind).then(|| row(kind))),
            row_flag: cells.cut(|kind| {
                let [ruleset, determination, rows] = row(kind);
                definite(kind).then(|| [ruleset, determination, rows, kind.flag.clone()])
            }),
            wanting: cells.cut(|kind| open(kind).then(|| kind.wanting.clone())),
            open: cells
                .cut(|kind| open(kind).then(|| [kind.wanting.clone(), kind.open.clone(), kind.indication.clone()])),
            ruleset: cells.cut(|kind| Some(kind.ruleset.clone())),
        }
    }

    /// Counts the patients of one range, sorted.
    fn count(&mut self, patients: &[Patient]) {
        self.all.count(patients);
        for cut in [
            &mut self.determination,
            &mut self.flag,
            &mut self.certainty,
            &mut self.certainty_of_rows,
            &mut self.line_status,
            &mut self.wanting,
        ] {
            cut.count(patients);
        }
        self.crossing.count(patients);
        self.row.count(patients);
        self.row_flag.count(patients);
        self.open.count(patients);
    }

    /// What is known by sums over kinds alone.
    fn finish(self) -> Summary {
        let by_determination = in_order(groups(self.determination), &DETERMINATIONS);
        let by_determination_and_flag = crossings(self.crossing);
        Summary {
            totals: self.all.finish().pop().map(|((), all)| all).unwrap_or_default(),
            by_row: by_row(self.row, self.row_flag, &by_determination, &by_determination_and_flag),
            by_determination,
            by_determination_and_flag,
            by_flag: in_order(groups(self.flag), &FLAGS),
            by_certainty: in_order(groups(self.certainty), &CERTAINTIES),
            by_certainty_of_rows: in_order(groups(self.certainty_of_rows), &CERTAINTIES),
            by_line_status: in_order(groups(self.line_status), &LINE_STATUSES),
            by_ruleset: self.ruleset.finish().into_iter().map(|(name, measures)| (name, measures.orders)).collect(),
            by_wanting: by_wanting(self.wanting),
            not_settled: not_settled(self.open),
            ..Summary::default()
        }
    }
}

fn groups(cut: Cut<String>) -> Vec<Group> {
    cut.finish().into_iter().map(|(key, measures)| Group { key, measures }).collect()
}

fn crossings(cut: Cut<[String; 2]>) -> Vec<Crossing> {
    let crossing = |([determination, flag], measures): ([String; 2], _)| Crossing { determination, flag, measures };
    let mut crossings: Vec<Crossing> = cut.finish().into_iter().map(crossing).collect();
    crossings
        .sort_by_key(|crossing| (position(&DETERMINATIONS, &crossing.determination), position(&FLAGS, &crossing.flag)));
    crossings
}

/// Definite orders by their rows; the other determinations as they are, so
/// that the groups add up to all orders.
fn by_row(whole: Cut<[String; 3]>, flagged: Cut<[String; 4]>, all: &[Group], crossings: &[Crossing]) -> Vec<RowGroup> {
    let flagged = flagged.finish();
    let definite = whole.finish().into_iter().map(|(parts, measures)| {
        let flags = flagged.iter().filter(|(each, _)| each[..3] == parts);
        let flags = flags.map(|(each, measures)| Group { key: each[3].clone(), measures: *measures }).collect();
        let [ruleset, determination, rows] = parts;
        let key = if rows.is_empty() { determination.clone() } else { rows };
        RowGroup { key, ruleset, determination, measures, by_flag: in_order(flags, &FLAGS) }
    });
    let other = all.iter().filter(|group| !DEFINITE.contains(&group.key.as_str()) && group.measures.orders > 0);
    let other = other.map(|group| {
        let flags = crossings.iter().filter(|crossing| crossing.determination == group.key);
        let flags = flags.map(|crossing| Group { key: crossing.flag.clone(), measures: crossing.measures });
        RowGroup {
            key: group.key.clone(),
            ruleset: String::new(),
            determination: group.key.clone(),
            measures: group.measures,
            by_flag: in_order(flags.collect(), &FLAGS),
        }
    });
    let mut rows: Vec<RowGroup> = definite.chain(other).collect();
    rows.sort_by(|one, other| most_first(one).cmp(&most_first(other)));
    rows
}

fn by_wanting(cut: Cut<String>) -> Vec<Group> {
    let mut groups = groups(cut);
    // The sort is stable and the groups come sorted by their keys, so equal counts keep that order.
    groups.sort_by_key(|group| Reverse(group.measures.orders));
    groups
}

fn not_settled(cut: Cut<[String; 3]>) -> Vec<OpenGroup> {
    let group = |([wanting, open, indication], measures): ([String; 3], _)| OpenGroup {
        wanting,
        open: answer::split(&open),
        indication,
        measures,
    };
    let mut groups: Vec<OpenGroup> = cut.finish().into_iter().map(group).collect();
    // As above.
    groups.sort_by_key(|group| Reverse(group.measures.orders));
    groups
}

/// Sort key: most grams, then most orders, then the name and its ruleset.
fn most_first(row: &RowGroup) -> (Reverse<Option<i128>>, Reverse<u64>, &str, &str) {
    (Reverse(row.measures.grams), Reverse(row.measures.orders), &row.key, &row.ruleset)
}

fn position(known: &[&str], value: &str) -> (usize, String) {
    (known.iter().position(|name| *name == value).unwrap_or(known.len()), value.to_owned())
}

fn in_order(found: Vec<Group>, known: &[&str]) -> Vec<Group> {
    let absent = known.iter().filter(|name| !found.iter().any(|group| group.key == **name));
    let absent: Vec<Group> =
        absent.map(|name| Group { key: (*name).to_owned(), measures: Measures::default() }).collect();
    let mut all: Vec<Group> = found.into_iter().chain(absent).collect();
    all.sort_by_key(|group| position(known, &group.key));
    all
}
