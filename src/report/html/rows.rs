//! The orders by guideline row.

use super::{Count, LIST_LIMIT};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::RowGroup;

/// The section by guideline row.
pub(super) struct Rows {
    pub(super) money: &'static str,
    pub(super) money_known: bool,
    pub(super) lines: Vec<Line>,
    pub(super) beyond: Option<Beyond>,
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
    pub(super) patients: String,
    pub(super) grams: String,
    pub(super) money: String,
    pub(super) orders: Count,
    pub(super) clear: Count,
    pub(super) review: Count,
    pub(super) flagged: Count,
}

/// What the page does not list.
pub(super) struct Beyond {
    pub(super) groups: String,
    pub(super) orders: String,
}

/// The last line.
pub(super) struct Total {
    pub(super) patients: String,
    pub(super) orders: Count,
    pub(super) clear: Count,
    pub(super) review: Count,
    pub(super) flagged: Count,
    pub(super) grams: String,
    pub(super) money: String,
}

impl Rows {
    pub(super) fn of(results: &Results<'_>) -> Self {
        let summary = results.summary;
        let unlisted = summary.by_row.get(LIST_LIMIT..).unwrap_or_default();
        let beyond = (!unlisted.is_empty()).then(|| Beyond {
            groups: figure::count(unlisted.len() as u64),
            orders: figure::count(unlisted.iter().map(|row| row.measures.orders).sum::<u64>()),
        });
        Self {
            money: words::money(summary.money_column),
            money_known: summary.money_column.is_some(),
            lines: summary.by_row.iter().take(LIST_LIMIT).map(|row| line(row, results)).collect(),
            beyond,
            total: Total {
                patients: figure::patients(&summary.totals),
                orders: Count(summary.totals.orders),
                clear: Count(summary.orders_flagged("clear")),
                review: Count(summary.orders_flagged("review")),
                flagged: Count(summary.orders_flagged("flagged")),
                grams: figure::grams(&summary.totals),
                money: figure::money(&summary.totals, &summary.totals),
            },
        }
    }
}

fn line(group: &RowGroup, results: &Results<'_>) -> Line {
    let edition = results.editions.of_or_newest(&group.ruleset);
    let known: Vec<_> = group.key.split('|').filter_map(|id| edition.row(id)).collect();
    let says = words::determination(&group.determination);
    let label = match known.as_slice() {
        [] => words::determination(&group.key),
        rows => rows.iter().map(|row| row.label.as_str()).collect::<Vec<_>>().join(" + "),
    };
    let mut classes: Vec<&str> = known.iter().filter_map(|row| row.evidence.as_deref()).collect();
    classes.dedup();
    let flag =
        |name: &str| Count(group.by_flag.iter().filter(|flag| flag.key == name).map(|flag| flag.measures.orders).sum());
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
        patients: figure::patients(&group.measures),
        grams: figure::grams(&group.measures),
        money: figure::money(&group.measures, &results.summary.totals),
        orders: Count(group.measures.orders),
        clear: flag("clear"),
        review: flag("review"),
        flagged: flag("flagged"),
    }
}
