//! The figures of what is not settled.

use super::{Figure, LIST_LIMIT, kinds, listed, open_id};
use crate::summary::{Group, OpenGroup, Summary};

const OPEN: (&str, &str) = ("determination", "indeterminate");

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let wanting = |group: &Group| kinds(summary, wanting_id(group), &[OPEN, ("wanting", &group.key)], group.measures);
    let open = |group: &OpenGroup| {
        let answers = group.open.join("|");
        let wanted = [OPEN, ("wanting", &group.wanting), ("open", &answers), ("indication", &group.indication)];
        kinds(summary, open_id(group), &wanted, group.measures)
    };
    let facts = listed(&summary.by_wanting, LIST_LIMIT, |group| &group.measures, wanting_id);
    let groups = listed(&summary.not_settled, LIST_LIMIT, |group| &group.measures, open_id);
    facts.into_iter().map(wanting).chain(groups.into_iter().map(open)).collect()
}

/// The id of what is wanting.
pub(in crate::report) fn wanting_id(group: &Group) -> String {
    format!("by_wanting/{}", group.key)
}
