//! What the committee is asked to decide, as the figures put it.

use crate::report::catalogue::{FINDINGS, finding_id, listed, wanting_id};
use crate::report::disclosure::{ALL, Disclosure};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::FindingGroup;
use crate::table::decimal::UNIT_PLACES;

/// Groups of flagged orders, and facts, that are named.
const NAMED: usize = 3;

pub(super) fn decisions(results: &Results<'_>, told: &Disclosure) -> Vec<String> {
    [most_flagged(results, told), to_ask_for(results, told), not_settled(told)].into_iter().flatten().collect()
}

/// The flagged groups with the most grams, among those that are shown.
fn most_flagged(results: &Results<'_>, told: &Disclosure) -> Option<String> {
    let groups = listed(&results.summary.finding_groups, FINDINGS, |group| &group.measures, finding_id);
    let grams = |group: &FindingGroup| told.measures(&finding_id(group)).and_then(|measures| measures.grams);
    let flagged = groups.into_iter().filter(|group| group.flag == "flagged");
    let mut known: Vec<(&FindingGroup, i128)> = flagged.filter_map(|group| Some((group, grams(group)?))).collect();
    known.sort_by_key(|(_, grams)| std::cmp::Reverse(*grams));
    known.truncate(NAMED);
    let sum: i128 = known.iter().map(|(_, grams)| grams).sum();
    let all = told.measures("by_flag/flagged").and_then(|measures| measures.grams);
    let of_all = all.map(|all| format!(", {} of the flagged grams", figure::percent(sum, all))).unwrap_or_default();
    let names: Vec<String> = known.iter().map(|(group, _)| name(group, results)).collect();
    (!names.is_empty()).then(|| {
        format!(
            "Which flagged orders a clinician looks at first. The most grams are under {} ({} g{of_all}).",
            figure::joined(&names),
            figure::rounded(sum, UNIT_PLACES)
        )
    })
}

fn name(group: &FindingGroup, results: &Results<'_>) -> String {
    let edition = results.editions.of_or_newest(&group.ruleset);
    let labels: Vec<&str> = group.rows.iter().filter_map(|id| edition.row(id)).map(|row| row.label.as_str()).collect();
    if labels.is_empty() { words::determination(&group.determination) } else { format!("“{}”", labels.join(" + ")) }
}

/// The facts that would settle the most orders, among those that are shown.
fn to_ask_for(results: &Results<'_>, told: &Disclosure) -> Option<String> {
    let wanting = results.summary.by_wanting.iter().filter(|group| !group.key.is_empty());
    let shown = wanting.filter_map(|group| {
        let orders = told.measures(&wanting_id(group))?.orders;
        Some(format!("{} ({} orders)", results.editions.newest.ask(&group.key), figure::count(orders)))
    });
    let shown: Vec<String> = shown.take(NAMED).collect();
    (!shown.is_empty()).then(|| {
        format!(
            "Which facts prescribers are asked for with an order. These would settle the most: {}.",
            shown.join("; ")
        )
    })
}

fn not_settled(told: &Disclosure) -> Option<String> {
    let open = told.measures("by_answer/open").filter(|open| open.orders > 0)?;
    let share = told.share_of_orders("by_answer/open", ALL);
    (!share.is_empty()).then(|| {
        format!(
            "Whether it is enough that {share} of the orders ({}) cannot be settled from what the export holds, or the \
             export should hold more.",
            figure::count(open.orders)
        )
    })
}
