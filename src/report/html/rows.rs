//! The orders by guideline row.

use super::LIST_LIMIT;
use crate::report::catalogue::{listed, row_approved_id, row_flag_id, row_id, shown_first, start_id};
use crate::report::disclosure::{ALL, Disclosure, SMALL, Texts, WITHHELD};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::{FLAGS, RowGroup};

/// The section by guideline row.
pub(super) struct Rows {
    pub(super) money: &'static str,
    pub(super) money_known: bool,
    pub(super) lines: Vec<Line>,
    /// Whether the export holds the payer's decisions.
    pub(super) decisions_known: bool,
    /// Whether the export ends before anybody could be new in it.
    pub(super) starts_known: bool,
    /// Lines that are not listed.
    pub(super) beyond: Option<String>,
    pub(super) total: Total,
}

/// The orders of one row, or of one determination without a certain row.
pub(super) struct Line {
    pub(super) label: String,
    /// The edition whose row it is, where there are several.
    pub(super) edition: String,
    pub(super) ids: String,
    pub(super) says: String,
    pub(super) class: String,
    pub(super) figure: Texts,
    /// Clear, for review, flagged.
    pub(super) flags: Vec<Part>,
    /// The patients who are new, and those who may have been treated before.
    pub(super) starts: [Texts; 2],
    /// Grams a patient-year: the median, and the quartiles beside it.
    pub(super) grams_a_year: [String; 2],
    /// The share of the orders that the payer approved.
    pub(super) approved: Approved,
    /// The orders in all, if they are shown.
    pub(super) orders: Option<u64>,
}

/// The orders of a line that the payer approved.
pub(super) struct Approved {
    pub(super) figure: String,
    pub(super) orders: String,
    pub(super) share: String,
}

/// The orders of a line with one flag.
pub(super) struct Part {
    pub(super) figure: String,
    pub(super) flag: &'static str,
    pub(super) text: String,
    /// Nothing if it is withheld.
    pub(super) orders: Option<u64>,
}

/// The last line.
pub(super) struct Total {
    pub(super) figure: Texts,
    pub(super) flags: Vec<Part>,
}

impl Rows {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let summary = results.summary;
        let beyond = summary.by_row.len().saturating_sub(LIST_LIMIT);
        let lines = listed(&summary.by_row, LIST_LIMIT, |group| &group.measures, row_id);
        Self {
            money: words::money(summary.money_column),
            money_known: summary.money_column.is_some(),
            decisions_known: summary.decisions.known,
            starts_known: summary.course.new_from.is_some(),
            lines: shown_first(lines, told, row_id).into_iter().map(|row| line(row, results, told)).collect(),
            beyond: (beyond > 0).then(|| figure::count(beyond as u64)),
            total: Total { figure: told.texts(ALL), flags: parts(told, |flag| format!("by_flag/{flag}")) },
        }
    }
}

/// The flags in the order of the table, least pressing first.
fn parts(told: &Disclosure, id: impl Fn(&str) -> String) -> Vec<Part> {
    let part = |flag: &'static str| {
        let figure = id(flag);
        let orders = told.measures(&figure).map(|measures| measures.orders);
        Part { text: told.orders(&figure), orders, flag, figure }
    };
    FLAGS.into_iter().rev().map(part).collect()
}

fn line(group: &RowGroup, results: &Results<'_>, told: &Disclosure) -> Line {
    let edition = results.editions.of_or_newest(&group.ruleset);
    let known: Vec<_> = group.key.split('|').filter_map(|id| edition.row(id)).collect();
    let says = words::determination(&group.determination);
    let label = match known.as_slice() {
        [] => words::determination(&group.key),
        rows => rows.iter().map(|row| row.label.as_str()).collect::<Vec<_>>().join(" + "),
    };
    let mut classes: Vec<&str> = known.iter().filter_map(|row| row.evidence.as_deref()).collect();
    classes.dedup();
    let is_told = results.editions.are_several() && !group.ruleset.is_empty();
    Line {
        label,
        edition: if is_told { edition.short_title.clone() } else { String::new() },
        ids: if known.is_empty() { String::new() } else { group.key.replace('|', " + ") },
        says: if known.is_empty() { "–".to_owned() } else { says },
        class: match (known.is_empty(), classes.is_empty()) {
            (true, _) => "–".to_owned(),
            (false, true) => "not stated".to_owned(),
            (false, false) => classes.join(", "),
        },
        figure: told.texts(&row_id(group)),
        flags: parts(told, |flag| row_flag_id(group, flag)),
        starts: starts(group, results, told),
        grams_a_year: grams_a_year(group, results, told),
        approved: approved(group, told),
        orders: told.measures(&row_id(group)).map(|measures| measures.orders),
    }
}

fn starts(group: &RowGroup, results: &Results<'_>, told: &Disclosure) -> [Texts; 2] {
    let row = results.summary.course.of_row(group);
    ["new", "continuing"].map(|start| told.texts(&row.map(|row| start_id(row, start)).unwrap_or_default()))
}

/// The quartiles are values of patients, so they are shown of more than a few who were measured, and only where the line
/// itself is shown. How many were measured is not said: less all patients of the line it could be few.
fn grams_a_year(group: &RowGroup, results: &Results<'_>, told: &Disclosure) -> [String; 2] {
    let measured = results.summary.course.of_row(group).and_then(|row| row.grams_a_year);
    match measured {
        _ if told.measures(&row_id(group)).is_none() => [WITHHELD, WITHHELD].map(str::to_owned),
        None => ["–", "–"].map(str::to_owned),
        Some(rate) if rate.patients <= SMALL => [WITHHELD, WITHHELD].map(str::to_owned),
        Some(rate) => {
            let [lower, median, upper] = [rate.lower_quartile, rate.median, rate.upper_quartile].map(figure::count);
            [median, format!("{lower} to {upper}")]
        }
    }
}

fn approved(group: &RowGroup, told: &Disclosure) -> Approved {
    let figure = row_approved_id(group);
    let share = told.share_of_orders(&figure, &row_id(group));
    Approved { orders: told.orders(&figure), share, figure }
}

/// Guideline rows joined by `|` as people read them, with their edition where there are several.
pub(super) fn label_of(rows: &str, ruleset: &str, results: &Results<'_>) -> String {
    let edition = results.editions.of_or_newest(ruleset);
    let name = |id: &str| edition.row(id).map_or_else(|| id.to_owned(), |row| row.label.clone());
    let label = rows.split('|').map(name).collect::<Vec<_>>().join(" + ");
    if results.editions.are_several() { format!("{label} · {}", edition.short_title) } else { label }
}
