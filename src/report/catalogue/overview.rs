//! The figures of the one-page summary, the cover and the waterfall.

use super::{Figure, kinds, such};
use crate::summary::{ANSWERS, KINDS, Partition, ROW_BASED, Summary};

/// The determinations of each of [`ANSWERS`].
const MEANING: [&[&str]; 4] = [
    &["recommended", "consider"],
    &["insufficient_evidence", "not_recommended"],
    &["other_use", "not_addressed"],
    &["indeterminate", "no_diagnosis"],
];

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let cut = |name: &str, key: &str, column: &str, measures| {
        kinds(summary, format!("{name}/{key}"), &[(column, key)], measures)
    };
    let mut all = vec![kinds(summary, "all".to_owned(), &[], summary.totals)];
    let determinations = summary.by_determination.iter();
    all.extend(determinations.map(|group| cut("by_determination", &group.key, "determination", group.measures)));
    all.extend(summary.by_flag.iter().map(|group| cut("by_flag", &group.key, "flag", group.measures)));
    all.extend(summary.decided_by.iter().map(|group| cut("by_ruleset", &group.key, "ruleset", group.measures)));
    for (group, (_, meant)) in summary.by_answer.iter().zip(ANSWERS.iter().zip(MEANING)) {
        let id = format!("by_answer/{}", group.key);
        all.push(such(summary, KINDS, id, |kinds, cell| has(kinds, cell, meant), group.measures));
    }
    all.push(such(summary, KINDS, "of_rows".to_owned(), |kinds, cell| has(kinds, cell, &ROW_BASED), summary.of_rows));
    for group in &summary.by_certainty_of_rows {
        let is_asked = |kinds: &Partition, cell: usize| {
            has(kinds, cell, &ROW_BASED) && kinds.value(cell, "certainty") == Some(&group.key)
        };
        all.push(such(summary, KINDS, format!("by_certainty_of_rows/{}", group.key), is_asked, group.measures));
    }
    all.extend(settled(summary));
    all
}

/// The orders that the waterfall follows.
fn settled(summary: &Summary) -> Vec<Figure> {
    let is_settled = |kinds: &Partition, cell: usize| !has(kinds, cell, MEANING[3]);
    let whole = such(summary, KINDS, "settled".to_owned(), is_settled, summary.settled);
    let flags = summary.settled_by_flag.iter().map(|group| {
        let is_asked =
            |kinds: &Partition, cell: usize| is_settled(kinds, cell) && kinds.value(cell, "flag") == Some(&group.key);
        such(summary, KINDS, format!("settled_by_flag/{}", group.key), is_asked, group.measures)
    });
    std::iter::once(whole).chain(flags).collect()
}

fn has(kinds: &Partition, cell: usize, determinations: &[&str]) -> bool {
    kinds.value(cell, "determination").is_some_and(|each| determinations.contains(&each))
}
