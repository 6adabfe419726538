//! The payer's own decisions on requests, beside what the audit says of the same orders.
//!
//! A decision came in with the export and was taken by the payer; the audit takes none. Where the two disagree, each
//! corner is listed with the same weight: what was approved although the statement does not recommend it, and what was
//! refused although it does.

use std::cmp::Reverse;

use polars::prelude::{DataFrame, PolarsResult};

use super::cube::{Cube, Cut, Key};
use super::measure::Measures;
use super::partition::Partition;
use super::patients::Patient;
use super::{DEFINITE, DETERMINATIONS, Group, RowGroup, answer, query};
pub use crate::table::schema::AUTH_DECISIONS;

/// The name of the partition by decision.
pub const BY_DECISION: &str = "decisions";

/// Approvals, as the payer words them, and refusals.
pub const APPROVED: &[&str] = &["approved", "partial"];
const REFUSED: &[&str] = &["denied"];

/// Every corner: its id, the payer's decisions and the audit's determination.
pub const CORNERS: [Corner; 4] = [
    Corner { id: "approved-not-recommended", decisions: APPROVED, determination: "not_recommended" },
    Corner { id: "approved-insufficient-evidence", decisions: APPROVED, determination: "insufficient_evidence" },
    Corner { id: "refused-recommended", decisions: REFUSED, determination: "recommended" },
    Corner { id: "refused-consider", decisions: REFUSED, determination: "consider" },
];

/// The determinations with which an approval agrees. With the other definite ones a refusal does.
const SUPPORTED: [&str; 2] = ["recommended", "consider"];

/// A way in which decision and determination disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corner {
    /// A stable name for programs.
    pub id: &'static str,
    /// The payer's decisions.
    pub decisions: &'static [&'static str],
    /// The audit's determination.
    pub determination: &'static str,
}

/// Decisions beside determinations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Whether the export carries any decision at all.
    pub known: bool,
    /// In the order of [`AUTH_DECISIONS`]; all are listed, and last under an empty key the orders of which the export
    /// holds none.
    pub by_decision: Vec<Group>,
    /// Each decision with each determination that occurs with it, in the order of both.
    pub crossings: Vec<Decided>,
    /// The orders that were approved, also in part, by their line of [`by_row`](super::Summary::by_row); most grams first.
    pub approved: Vec<Approved>,
    /// In the order of [`CORNERS`].
    pub corners: Vec<CornerOrders>,
    /// The orders that can be compared: approved, approved in part or refused, and with a definite determination.
    pub compared: Measures,
    /// Of these, the orders on which both agree: approved, also in part, and recommended or to be considered; refused,
    /// and not recommended or with insufficient evidence.
    pub agreeing: Measures,
}

/// The orders with one decision and one determination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The payer's decision; empty where the export holds none.
    pub decision: String,
    /// The determination.
    pub determination: String,
    /// What they amount to.
    pub measures: Measures,
}

/// The orders of a guideline row, or of a determination without a certain row, that the payer approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// As in [`RowGroup`].
    pub key: String,
    /// As in [`RowGroup`].
    pub ruleset: String,
    /// As in [`RowGroup`].
    pub determination: String,
    /// What they amount to.
    pub measures: Measures,
}

impl Decisions {
    /// What was approved of a group of [`by_row`](super::Summary::by_row).
    #[must_use]
    pub fn approved_of(&self, group: &RowGroup) -> Measures {
        let is_it = |each: &&Approved| {
            each.key == group.key && each.ruleset == group.ruleset && each.determination == group.determination
        };
        self.approved.iter().find(is_it).map(|each| each.measures).unwrap_or_default()
    }
}

/// The orders of a corner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CornerOrders {
    /// Which one.
    pub corner: Corner,
    /// What they amount to.
    pub measures: Measures,
    /// The same by guideline rows; most grams first.
    pub rows: Vec<CornerRow>,
}

/// The orders of a corner that rest on the same guideline rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CornerRow {
    /// The ruleset whose rows they are, as `id@version`.
    pub ruleset: String,
    /// Row ids joined by `|`.
    pub rows: String,
    /// What they amount to.
    pub measures: Measures,
}

/// Orders with one decision and one answer of the rules.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct WithDecision {
    decision: String,
    ruleset: String,
    determination: String,
    flag: String,
    rows: String,
}

impl Key for WithDecision {
    const COLUMNS: &'static [&'static str] = &["auth_decision", "ruleset", "determination", "flag", "guideline_rows"];
    const LISTS: &'static [&'static str] = &["guideline_rows"];

    fn new(frame: &DataFrame, row: usize) -> PolarsResult<Self> {
        let text = |key: &str| answer::text(frame, key, row);
        Ok(Self {
            decision: text("auth_decision")?,
            ruleset: text("ruleset")?,
            determination: text("determination")?,
            flag: text("flag")?,
            rows: text("guideline_rows")?,
        })
    }
}

impl WithDecision {
    fn corner(&self) -> Option<usize> {
        let is_of = |corner: &Corner| {
            corner.determination == self.determination && corner.decisions.contains(&self.decision.as_str())
        };
        CORNERS.iter().position(is_of)
    }

    /// The line of the table by guideline row that it stands in, if it was approved: ruleset, determination and key.
    fn approved_line(&self) -> Option<[String; 3]> {
        let is_definite = DEFINITE.contains(&self.determination.as_str());
        let ruleset = if is_definite { self.ruleset.as_str() } else { "" };
        let key = if is_definite && !self.rows.is_empty() { &self.rows } else { &self.determination };
        let line = [ruleset, &self.determination, key].map(str::to_owned);
        APPROVED.contains(&self.decision.as_str()).then_some(line)
    }

    /// Whether decision and determination agree, if they can be compared.
    fn agrees(&self) -> Option<bool> {
        let (decision, determination) = (self.decision.as_str(), self.determination.as_str());
        let approved = APPROVED.contains(&decision);
        let can_be_compared = (approved || REFUSED.contains(&decision)) && DEFINITE.contains(&determination);
        can_be_compared.then(|| approved == SUPPORTED.contains(&determination))
    }
}

/// The cuts by decision.
pub(super) struct DecisionCuts {
    pub partition: Partition,
    decision: Cut<String>,
    crossing: Cut<[String; 2]>,
    approved: Cut<[String; 3]>,
    corner: Cut<usize>,
    row: Cut<(usize, [String; 2])>,
    compared: Cut<()>,
    agreeing: Cut<()>,
}

impl DecisionCuts {
    pub(super) fn of(cube: &Cube<WithDecision>) -> Self {
        let columns = ["auth_decision", "ruleset", "determination", "flag", "guideline_rows"];
        Self {
            partition: cube.partition(BY_DECISION, &columns, |kind| {
                let WithDecision { decision, ruleset, determination, flag, rows } = kind;
                [decision, ruleset, determination, flag, rows].map(Clone::clone).into()
            }),
            decision: cube.cut(|kind| Some(kind.decision.clone())),
            crossing: cube.cut(|kind| Some([kind.decision.clone(), kind.determination.clone()])),
            approved: cube.cut(WithDecision::approved_line),
            corner: cube.cut(WithDecision::corner),
            row: cube.cut(|kind| Some((kind.corner()?, [kind.ruleset.clone(), kind.rows.clone()]))),
            compared: cube.cut(|kind| kind.agrees().map(|_| ())),
            agreeing: cube.cut(|kind| kind.agrees().filter(|agrees| *agrees).map(|_| ())),
        }
    }

    /// Counts the patients of one range, sorted.
    pub(super) fn count(&mut self, patients: &[Patient]) {
        self.decision.count(patients);
        self.crossing.count(patients);
        self.approved.count(patients);
        self.corner.count(patients);
        self.row.count(patients);
        self.compared.count(patients);
        self.agreeing.count(patients);
    }

    pub(super) fn finish(self) -> Decisions {
        let only = |cut: Cut<()>| cut.finish().pop().map(|((), measures)| measures).unwrap_or_default();
        let crossing =
            |([decision, determination], measures): ([String; 2], _)| Decided { decision, determination, measures };
        let mut crossings: Vec<Decided> = self.crossing.finish().into_iter().map(crossing).collect();
        let place = |known: &[&str], value: &str| known.iter().position(|each| *each == value).unwrap_or(known.len());
        crossings
            .sort_by_key(|each| (place(&AUTH_DECISIONS, &each.decision), place(&DETERMINATIONS, &each.determination)));
        let by_decision = query::in_order(query::groups(self.decision), &AUTH_DECISIONS);
        let (corners, rows) = (self.corner.finish(), self.row.finish());
        let corners = CORNERS.into_iter().enumerate().map(|(at, corner)| CornerOrders {
            corner,
            measures: corners.iter().find(|(each, _)| *each == at).map(|(_, all)| *all).unwrap_or_default(),
            rows: corner_rows(&rows, at),
        });
        Decisions {
            known: by_decision.iter().any(|group| !group.key.is_empty() && group.measures.orders > 0),
            by_decision,
            crossings,
            approved: approved(self.approved),
            corners: corners.collect(),
            compared: only(self.compared),
            agreeing: only(self.agreeing),
        }
    }
}

fn approved(cut: Cut<[String; 3]>) -> Vec<Approved> {
    let line = |([ruleset, determination, key], measures): ([String; 3], _)| Approved {
        key,
        ruleset,
        determination,
        measures,
    };
    let mut lines: Vec<Approved> = cut.finish().into_iter().map(line).collect();
    // The sort is stable and the lines come sorted by their names.
    lines.sort_by_key(|line| (Reverse(line.measures.grams), Reverse(line.measures.orders)));
    lines
}

fn corner_rows(all: &[((usize, [String; 2]), Measures)], corner: usize) -> Vec<CornerRow> {
    let of_corner = all.iter().filter(|((each, _), _)| *each == corner);
    let row = |((_, [ruleset, rows]), measures): &((usize, [String; 2]), Measures)| CornerRow {
        ruleset: ruleset.clone(),
        rows: rows.clone(),
        measures: *measures,
    };
    let mut rows: Vec<CornerRow> = of_corner.map(row).collect();
    // The sort is stable and the rows come sorted by their names.
    rows.sort_by_key(|row| (Reverse(row.measures.grams), Reverse(row.measures.orders)));
    rows
}
