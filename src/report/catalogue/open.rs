//! The figures of what is not settled.

use super::{Figure, LIST_LIMIT, kinds, listed, of, open_id};
use crate::summary::{BY_CODE, Group, OpenCode, OpenGroup, Summary};

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
    let codes = listed(&summary.open_by_code, LIST_LIMIT, |each| &each.measures, open_code_id);
    let code = |each: &OpenCode| {
        let wanted = [OPEN, ("indication", each.indication.as_str()), ("code", &each.code)];
        of(summary, BY_CODE, open_code_id(each), &wanted, each.measures)
    };
    let groups = facts.into_iter().map(wanting).chain(groups.into_iter().map(open));
    groups.chain(codes.into_iter().map(code)).collect()
}

/// The id of what is wanting.
pub(in crate::report) fn wanting_id(group: &Group) -> String {
    format!("by_wanting/{}", group.key)
}

/// The id of the code that brings up the indication of open orders.
pub(in crate::report) fn open_code_id(each: &OpenCode) -> String {
    format!("not_settled_by_code/{}/{}", each.indication, each.code)
}
