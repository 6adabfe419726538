//! The orders that the export does not settle, and what would settle them.

use super::LIST_LIMIT;
use crate::report::facts::Results;
use crate::report::{figure, words};

/// The section on what is not settled.
pub(super) struct Open {
    pub(super) indeterminate: String,
    pub(super) no_diagnosis: String,
    pub(super) wanting: Vec<Line>,
    pub(super) groups: Vec<Line>,
    pub(super) beyond: Option<(String, String)>,
}

/// A group of orders that are open in the same way.
pub(super) struct Line {
    pub(super) wanting: String,
    pub(super) indication: String,
    pub(super) answers: String,
    pub(super) patients: String,
    pub(super) orders: String,
    pub(super) grams: String,
}

impl Open {
    pub(super) fn of(results: &Results<'_>) -> Self {
        let (summary, editions) = (results.summary, results.editions);
        let wanting = |id: &str| match id {
            "" => "more than one fact".to_owned(),
            id => editions.fact(id).to_owned(),
        };
        let facts = summary.by_wanting.iter().take(LIST_LIMIT).map(|group| Line {
            wanting: wanting(&group.key),
            indication: String::new(),
            answers: String::new(),
            patients: figure::patients(&group.measures),
            orders: figure::count(group.measures.orders),
            grams: figure::grams(&group.measures),
        });
        let groups = summary.not_settled.iter().take(LIST_LIMIT).map(|group| Line {
            wanting: wanting(&group.wanting),
            indication: match group.indication.as_str() {
                "" => "several".to_owned(),
                id => editions.indication(id).to_owned(),
            },
            answers: group.open.iter().map(|answer| words::determination(answer)).collect::<Vec<_>>().join(" or "),
            patients: figure::patients(&group.measures),
            orders: figure::count(group.measures.orders),
            grams: figure::grams(&group.measures),
        });
        let unlisted = summary.not_settled.get(LIST_LIMIT..).unwrap_or_default();
        let orders: u64 = unlisted.iter().map(|group| group.measures.orders).sum();
        Self {
            indeterminate: figure::count(summary.orders_determined("indeterminate")),
            no_diagnosis: figure::count(summary.orders_determined("no_diagnosis")),
            wanting: facts.collect(),
            groups: groups.collect(),
            beyond: (!unlisted.is_empty()).then(|| (figure::count(unlisted.len() as u64), figure::count(orders))),
        }
    }
}
