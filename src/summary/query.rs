//! The answers, put together from one reading of the table.
//!
//! The table is read by parts, and of each part only what adds up is kept: see [`cells`](super::cells). Memory follows
//! the different answers of the rules and a part's rows, never the number of orders; where it would follow the number
//! of patients, it is the number of readings that grows instead.

use std::cmp::Reverse;
use std::path::Path;

use super::asks::Asks;
use super::cells::{self, Kind};
use super::check::{SummaryError, adds_up};
use super::course::{CourseRules, course};
use super::cube::Cut;
use super::decisions::DecisionCuts;
use super::driving::{CodeCuts, ListedCodes};
use super::duplicates::duplicates;
use super::figures::figures;
use super::measure::Measures;
use super::months::MonthCuts;
use super::netting::ledger;
use super::patients::Patient;
use super::prescribers::{PRESCRIBERS, SITES, compare};
use super::products::ProductCuts;
use super::quality::quality;
use super::reading::Reading;
use super::sensitivity::sensitivity;
use super::{
    ANSWERS, CERTAINTIES, Charged, Crossing, DEFINITE, DETERMINATIONS, FLAGS, FindingGroup, Group, LINE_STATUSES,
    Limits, OpenGroup, ROW_BASED, RowGroup, Summary, answer,
};
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
    summarise_all(&[path], limits, &CourseRules::default(), &|_, _| None)
}

/// As [`summarise_within`], of a table that is stored in several files, whose orders are in the order given, and with
/// what is looked for in the orders of one patient over time, and the codes that the rules list.
///
/// # Errors
/// As [`summarise`].
pub fn summarise_all(
    paths: &[impl AsRef<Path>],
    limits: &Limits,
    rules: &CourseRules,
    listed: &ListedCodes<'_>,
) -> Result<Summary, SummaryError> {
    let limits = &Limits { part: limits.part.max(1), ..*limits };
    let table = Parts::open_all(paths)?;
    let figures = figures(&table, limits.part)?;
    let money = figures.money();
    let mut reading = Reading::default();
    let mut next = Some(reading.first(&table, limits, money, listed)?);
    let mut cuts = Cuts::of(&reading);
    while let Some(patients) = next {
        let (of_range, after) = patients.finish();
        cuts.count(&of_range);
        drop(of_range);
        next = after.map(|patients| reading.again(&table, limits, listed, patients)).transpose()?;
    }
    let orders_without_patient = reading.cells.without_patient;
    let mut summary = Summary {
        money_column: money,
        period: figures.period,
        sums: figures.sums(),
        orders_without_patient,
        orders_without_date: figures.without_date,
        top_findings: reading.top.finish(&table)?,
        ..cuts.finish(&reading.asks, listed, reading.with_modifier)
    };
    summary.partitions.insert(0, cells::partition(&reading.cells));
    let (quality, by_quality) = quality(&table, limits, money)?;
    summary.warnings = quality.warnings.iter().map(|each| (each.key.clone(), each.with.orders)).collect();
    summary.quality = quality;
    summary.partitions.push(by_quality);
    let (prescribers, by_prescriber) = compare(&table, limits, money, &PRESCRIBERS)?;
    let (sites, by_site) = compare(&table, limits, money, &SITES)?;
    (summary.prescribers, summary.sites) = (prescribers, sites);
    summary.partitions.extend([by_prescriber, by_site]);
    let (sensitivity, readings) = sensitivity(&table, limits, money)?;
    summary.sensitivity = sensitivity;
    summary.partitions.push(readings);
    let (over_time, partitions) = course(&table, limits, money, rules, &summary.by_row)?;
    summary.course = over_time;
    summary.partitions.extend(partitions);
    let (duplicates, repeated) = duplicates(&table, limits)?;
    summary.duplicates = duplicates;
    summary.partitions.push(summary.duplicates.partition(summary.totals.orders));
    let (ledger, by_step) = ledger(&table, limits, money, &reading.cells, &repeated)?;
    summary.ledger = ledger.of(summary.totals);
    summary.partitions.push(by_step);
    adds_up(&summary)?;
    Ok(summary)
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
    months: MonthCuts,
    decisions: DecisionCuts,
    products: ProductCuts,
    codes: CodeCuts,
    answer: Cut<&'static str>,
    settled: Cut<()>,
    settled_flag: Cut<String>,
    of_rows: Cut<()>,
    /// Flag, ruleset, determination and guideline rows of findings.
    finding: Cut<[String; 4]>,
}

impl Cuts {
    fn of(reading: &Reading) -> Self {
        let cells = &reading.cells;
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
            months: MonthCuts::of(&reading.months),
            decisions: DecisionCuts::of(&reading.decisions),
            products: ProductCuts::of(&reading.products),
            codes: CodeCuts::of(&reading.codes),
            answer: cells.cut(|kind| Some(answer_of(&kind.determination))),
            settled: cells.cut(|kind| is_settled(&kind.determination).then_some(())),
            settled_flag: cells.cut(|kind| is_settled(&kind.determination).then(|| kind.flag.clone())),
            of_rows: cells.cut(|kind| ROW_BASED.contains(&kind.determination.as_str()).then_some(())),
            finding: cells.cut(|kind| {
                let [ruleset, determination, rows] = row(kind);
                (kind.flag != "clear").then(|| [kind.flag.clone(), ruleset, determination, rows])
            }),
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
            &mut self.ruleset,
            &mut self.settled_flag,
        ] {
            cut.count(patients);
        }
        self.crossing.count(patients);
        self.row.count(patients);
        self.row_flag.count(patients);
        self.open.count(patients);
        self.months.count(patients);
        self.decisions.count(patients);
        self.products.count(patients);
        self.codes.count(patients);
        self.answer.count(patients);
        self.settled.count(patients);
        self.of_rows.count(patients);
        self.finding.count(patients);
    }

    /// What is known by sums over kinds alone.
    fn finish(self, asks: &Asks, listed: &ListedCodes<'_>, orders_with_modifier: u64) -> Summary {
        let (by_determination, charges_by_determination) = priced(self.determination, &DETERMINATIONS);
        let (by_flag, charges_by_flag) = priced(self.flag, &FLAGS);
        let by_determination_and_flag = crossings(self.crossing);
        let decided_by = groups(self.ruleset);
        let (totals, charges) =
            self.all.finish_with_charges().pop().map(|((), all, charges)| (all, charges)).unwrap_or_default();
        Summary {
            totals,
            charges,
            charges_by_determination,
            charges_by_flag,
            partitions: vec![
                self.months.partition.clone(),
                self.decisions.partition.clone(),
                self.products.partition.clone(),
                self.codes.partition.clone(),
            ],
            months: self.months.finish(),
            decisions: self.decisions.finish(),
            products: self.products.finish(orders_with_modifier),
            by_row: by_row(self.row, self.row_flag, &by_determination, &by_determination_and_flag),
            by_determination,
            by_determination_and_flag,
            by_flag,
            by_certainty: in_order(groups(self.certainty), &CERTAINTIES),
            by_certainty_of_rows: in_order(groups(self.certainty_of_rows), &CERTAINTIES),
            by_line_status: in_order(groups(self.line_status), &LINE_STATUSES),
            by_ruleset: decided_by.iter().map(|group| (group.key.clone(), group.measures.orders)).collect(),
            decided_by,
            by_answer: answers(self.answer),
            settled: whole(self.settled),
            settled_by_flag: in_order(groups(self.settled_flag), &FLAGS),
            of_rows: whole(self.of_rows),
            finding_groups: findings(self.finding, asks),
            by_wanting: by_wanting(self.wanting),
            not_settled: not_settled(self.open),
            open_by_code: self.codes.finish(listed),
            ..Summary::default()
        }
    }
}

/// The groups of a cut in an order, and their units and amounts.
fn priced(cut: Cut<String>, known: &[&str]) -> (Vec<Group>, Vec<Charged>) {
    let (mut groups, mut charged) = (Vec::new(), Vec::new());
    for (key, measures, charges) in cut.finish_with_charges() {
        charged.push(Charged { key: key.clone(), charges });
        groups.push(Group { key, measures });
    }
    charged.sort_by_key(|group| position(known, &group.key));
    (in_order(groups, known), charged)
}

/// What the guideline says of an order, by the names of [`ANSWERS`].
fn answer_of(determination: &str) -> &'static str {
    match determination {
        "recommended" | "consider" => ANSWERS[0],
        "insufficient_evidence" | "not_recommended" => ANSWERS[1],
        "other_use" | "not_addressed" => ANSWERS[2],
        _ => ANSWERS[3],
    }
}

fn is_settled(determination: &str) -> bool {
    answer_of(determination) != ANSWERS[3]
}

fn whole(cut: Cut<()>) -> Measures {
    cut.finish().pop().map(|((), all)| all).unwrap_or_default()
}

fn answers(cut: Cut<&'static str>) -> Vec<Group> {
    let group = |(key, measures): (&str, _)| Group { key: key.to_owned(), measures };
    in_order(cut.finish().into_iter().map(group).collect(), &ANSWERS)
}

/// Findings by flag and what they rest on; most money first, then most grams, then most orders.
fn findings(cut: Cut<[String; 4]>, asks: &Asks) -> Vec<FindingGroup> {
    let group = |(key, measures): ([String; 4], _)| {
        let would_change = asks.most(&key);
        let [flag, ruleset, determination, rows] = key;
        FindingGroup { flag, ruleset, determination, rows: answer::split(&rows), would_change, measures }
    };
    let mut groups: Vec<FindingGroup> = cut.finish().into_iter().map(group).collect();
    // The sort is stable and they come sorted by their keys.
    groups.sort_by_key(|group| Reverse((group.measures.money, group.measures.grams, group.measures.orders)));
    groups
}

pub(super) fn groups(cut: Cut<String>) -> Vec<Group> {
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

pub(super) fn in_order(found: Vec<Group>, known: &[&str]) -> Vec<Group> {
    let absent = known.iter().filter(|name| !found.iter().any(|group| group.key == **name));
    let absent: Vec<Group> =
        absent.map(|name| Group { key: (*name).to_owned(), measures: Measures::default() }).collect();
    let mut all: Vec<Group> = found.into_iter().chain(absent).collect();
    all.sort_by_key(|group| position(known, &group.key));
    all
}
