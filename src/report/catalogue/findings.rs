//! The figures of flagged orders, and of those for review, by what they rest on.

use super::{FINDINGS, Figure, finding_id, kinds, listed};
use crate::summary::Summary;

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let groups = listed(&summary.finding_groups, FINDINGS, |group| &group.measures, finding_id);
    let figure = |group: &crate::summary::FindingGroup| {
        let rows = group.rows.join("|");
        let wanted = [
            ("flag", group.flag.as_str()),
            ("ruleset", &group.ruleset),
            ("determination", &group.determination),
            ("guideline_rows", &rows),
        ];
        kinds(summary, finding_id(group), &wanted, group.measures)
    };
    groups.into_iter().map(figure).collect()
}
