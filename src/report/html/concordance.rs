//! The payer's decisions beside the determinations: the matrix, and the corners in which they disagree.

use super::rows::label_of;
use crate::report::catalogue::decisions::{
    AGREEING, COMPARED, corner_id, corner_row_id, corner_rows, crossing_id, decision_id,
};
use crate::report::disclosure::{Disclosure, Texts, WITHHELD};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::{CORNERS, CornerOrders, DEFINITE, DETERMINATIONS, Group};

const WIDTH: u64 = 900;
/// Where the matrix begins, and the size of a cell.
const LEFT: u64 = 140;
const TOP: u64 = 40;
const CELL: (u64, u64) = (94, 40);
/// The side of the square of the most orders.
const SIDE: u64 = 30;

/// The section.
pub(super) struct Concordance {
    pub(super) known: bool,
    pub(super) money: &'static str,
    pub(super) determinations: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) sentences: Vec<String>,
    pub(super) agreement: String,
    pub(super) corners: Vec<Corner>,
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) heads: Vec<(u64, String)>,
}

/// The orders with one decision.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) figure: Texts,
    pub(super) cells: Vec<Cell>,
    pub(super) middle: u64,
}

/// The orders with one decision and one determination.
pub(super) struct Cell {
    pub(super) id: String,
    pub(super) orders: String,
    /// `corner`, `agrees` or `other`.
    pub(super) kind: &'static str,
    pub(super) x: u64,
    pub(super) y: u64,
    /// Nothing is drawn of what is withheld or of no orders.
    pub(super) side: u64,
}

/// A corner with its guideline rows.
pub(super) struct Corner {
    pub(super) title: &'static str,
    pub(super) figure: Texts,
    pub(super) rows: Vec<(String, Texts)>,
    pub(super) beyond: Option<String>,
}

impl Concordance {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let decisions = &results.summary.decisions;
        let shown: Vec<&Group> = decisions.by_decision.iter().filter(|group| group.measures.orders > 0).collect();
        let rows: Vec<Row> = if decisions.known {
            shown.into_iter().zip(0..).map(|(group, at)| row(group, at, told)).collect()
        } else {
            Vec::new()
        };
        let heads = DETERMINATIONS.iter().zip(0..).map(|(name, at)| (LEFT + CELL.0 * at + CELL.0 / 2, short(name)));
        Self {
            known: decisions.known,
            money: words::money(results.summary.money_column),
            determinations: DETERMINATIONS.map(words::determination).into(),
            height: TOP + CELL.1 * rows.len() as u64 + 10,
            rows: largest(rows),
            sentences: decisions.corners.iter().map(|corner| sentence(corner, told)).collect(),
            agreement: agreement(told),
            corners: decisions.corners.iter().map(|found| corner(found, results, told)).collect(),
            width: WIDTH,
            heads: heads.collect(),
        }
    }
}

/// A determination in a word that fits over a column.
fn short(name: &str) -> String {
    match name {
        "consider" => "Consider",
        "insufficient_evidence" => "Insufficient",
        "other_use" => "Other use",
        "not_addressed" => "Not addressed",
        "no_diagnosis" => "No diagnosis",
        other => return words::determination(other),
    }
    .to_owned()
}

fn row(group: &Group, at: u64, told: &Disclosure) -> Row {
    let y = TOP + CELL.1 * at;
    let cells = DETERMINATIONS.iter().zip(0..).map(|(determination, place)| {
        let id = crossing_id(&group.key, determination);
        Cell {
            orders: told.orders(&id),
            kind: kind(&group.key, determination),
            x: LEFT + CELL.0 * place + CELL.0 / 2,
            y: y + CELL.1 / 2,
            // The number of orders until the largest is known.
            side: told.measures(&id).map_or(0, |measures| measures.orders),
            id,
        }
    });
    Row {
        label: words::decision(&group.key),
        figure: told.texts(&decision_id(&group.key)),
        cells: cells.collect(),
        middle: y + CELL.1 / 2,
    }
}

fn kind(decision: &str, determination: &str) -> &'static str {
    let is_corner =
        |each: &crate::summary::Corner| each.decisions.contains(&decision) && each.determination == determination;
    let decided = CORNERS.iter().any(|each| each.decisions.contains(&decision));
    match () {
        () if CORNERS.iter().any(is_corner) => "corner",
        () if decided && DEFINITE.contains(&determination) => "agrees",
        () => "other",
    }
}

/// Squares whose area is as large as their orders are many.
fn largest(mut rows: Vec<Row>) -> Vec<Row> {
    let most = rows.iter().flat_map(|row| &row.cells).map(|cell| cell.side).max().unwrap_or(0).max(1);
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells).filter(|cell| cell.side > 0) {
        let area = u128::from(cell.side) * u128::from(SIDE * SIDE) / u128::from(most);
        cell.side = u64::try_from(area.isqrt()).unwrap_or(SIDE).clamp(2, SIDE);
    }
    rows
}

fn sentence(found: &CornerOrders, told: &Disclosure) -> String {
    let (title, end) = words::corner(&found.corner);
    let id = corner_id(&found.corner);
    if told.measures(&id).is_none() {
        return format!("{title}: {WITHHELD}.");
    }
    let share = told.share_of_orders(&id, COMPARED);
    let share = if share.is_empty() { String::new() } else { format!(" ({share} of those compared)") };
    format!("{} orders{share} {end}.", told.orders(&id))
}

fn agreement(told: &Disclosure) -> String {
    let share = told.share_of_orders(AGREEING, COMPARED);
    let share = if share.is_empty() { WITHHELD.to_owned() } else { share };
    format!(
        "Agreement: {share} ({} of {} orders). Compared are orders that the payer approved, approved in part or refused, and \
         of which a guideline row is certain. Both agree where an approval, also in part, meets a use that is recommended or \
         should be considered, and where a refusal meets one that is not recommended or has insufficient evidence.",
        told.orders(AGREEING),
        told.orders(COMPARED)
    )
}

fn corner(found: &CornerOrders, results: &Results<'_>, told: &Disclosure) -> Corner {
    let listed = corner_rows(found);
    let beyond = found.rows.len().saturating_sub(listed.len());
    let id = |row: &crate::summary::CornerRow| corner_row_id(&found.corner, row);
    let (shown, mut withheld): (Vec<_>, Vec<_>) = listed.into_iter().partition(|row| told.measures(&id(row)).is_some());
    withheld.sort_by_key(|row| id(row));
    let row = |row: &crate::summary::CornerRow| (label_of(&row.rows, &row.ruleset, results), told.texts(&id(row)));
    Corner {
        title: words::corner(&found.corner).0,
        figure: told.texts(&corner_id(&found.corner)),
        rows: shown.into_iter().chain(withheld).map(row).collect(),
        beyond: (beyond > 0).then(|| figure::count(beyond as u64)),
    }
}
