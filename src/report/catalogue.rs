//! Every figure of orders that the page prints, by its id.
//!
//! The page asks [`Disclosure`] for figures by these ids, and `summary.json` lists them
//! all under `figures` with their exact values: so a number on the page can be traced, and none is printed that was not
//! looked at together with all others. An id is the cut, a slash, and the values of its columns: `by_flag/review`.

mod companions;
pub(super) mod decisions;
mod findings;
pub(super) mod ledger;
mod lines;
pub(super) mod months;
mod open;
mod overview;
mod patterns;
mod prescribers;
pub(super) mod products;
mod quality;
mod rows;
pub(super) mod sensitivity;

pub(super) use self::companions::found_id;
pub(super) use self::open::{open_code_id, wanting_id};
pub use self::patterns::{pattern_id, start_id};
pub(super) use self::prescribers::{PRESCRIBERS, PeerIds, SITES};
use super::disclosure::{Audience, Disclosure, Figure, is_small};
use super::facts::Results;
use crate::summary::{FindingGroup, KINDS, Measures, OpenGroup, Partition, RowGroup, Summary};

/// Groups of one list that the page prints; what is beyond is in `summary.json`.
pub(super) const LIST_LIMIT: usize = 60;

/// Groups of findings that the page prints.
pub(super) const FINDINGS: usize = 25;

/// All that the table gives, in the order of the page.
#[must_use]
pub fn figures(summary: &Summary) -> Vec<Figure> {
    let mut all = overview::figures(summary);
    all.extend(quality::figures(summary));
    all.extend(lines::figures(summary));
    all.extend(rows::figures(summary));
    all.extend(findings::figures(summary));
    all.extend(open::figures(summary));
    all.extend(prescribers::figures(summary));
    all.extend(patterns::figures(summary));
    all.extend(sensitivity::figures(summary));
    all.extend(products::figures(summary));
    all.extend(ledger::figures(summary));
    all.extend(decisions::figures(summary));
    all.extend(months::figures(summary));
    all
}

/// The same, and what the scan counted of orders.
#[must_use]
pub fn all(results: &Results<'_>) -> Vec<Figure> {
    let mut all = figures(results.summary);
    all.extend(companions::figures(results));
    all
}

/// What a reader sees of them all.
#[must_use]
pub fn disclosed(audience: Audience, results: &Results<'_>) -> Disclosure {
    let mut partitions = results.summary.partitions.clone();
    partitions.extend(companions::partitions(results));
    Disclosure::new(audience, &partitions, &all(results))
}

/// The id of a line of the table by guideline row.
pub(super) fn row_id(group: &RowGroup) -> String {
    format!("by_row/{}/{}/{}", group.ruleset, group.determination, group.key)
}

/// The id of such a line's orders with one flag.
pub(super) fn row_flag_id(group: &RowGroup, flag: &str) -> String {
    format!("by_row_and_flag/{}/{}/{}/{flag}", group.ruleset, group.determination, group.key)
}

/// The id of such a line's orders that the payer approved, also in part.
pub(super) fn row_approved_id(group: &RowGroup) -> String {
    format!("by_row_and_approval/{}/{}/{}", group.ruleset, group.determination, group.key)
}

/// The id of a group of findings.
pub(super) fn finding_id(group: &FindingGroup) -> String {
    format!("findings/{}/{}/{}/{}", group.flag, group.ruleset, group.determination, group.rows.join("|"))
}

/// The id of a group of orders that are open in the same way.
pub(super) fn open_id(group: &OpenGroup) -> String {
    format!("not_settled/{}/{}/{}", group.wanting, group.open.join("|"), group.indication)
}

/// The groups that a list of the page is made of: those that are not small in their order, then the small ones by id. So
/// neither their place nor their being listed tells how large withheld groups are.
pub(super) fn listed<Group>(
    groups: &[Group],
    limit: usize,
    measures: fn(&Group) -> &Measures,
    id: fn(&Group) -> String,
) -> Vec<&Group> {
    let (mut small, large): (Vec<&Group>, Vec<&Group>) = groups.iter().partition(|group| is_small(measures(group)));
    small.sort_by_key(|group| id(group));
    large.into_iter().chain(small).take(limit).collect()
}

/// What of a list is shown, in its order, then what is withheld, by id.
pub(super) fn shown_first<'it, Group>(
    groups: Vec<&'it Group>,
    told: &Disclosure,
    id: fn(&Group) -> String,
) -> Vec<&'it Group> {
    let (shown, mut withheld): (Vec<&Group>, Vec<&Group>) =
        groups.into_iter().partition(|group| told.measures(&id(group)).is_some());
    withheld.sort_by_key(|group| id(group));
    shown.into_iter().chain(withheld).collect()
}

/// The orders of the first partition that have these values.
fn kinds(summary: &Summary, id: String, wanted: &[(&str, &str)], measures: Measures) -> Figure {
    of(summary, KINDS, id, wanted, measures)
}

/// The orders of a partition that have these values.
fn of(summary: &Summary, name: &'static str, id: String, wanted: &[(&str, &str)], measures: Measures) -> Figure {
    Figure {
        id,
        partition: name,
        cells: named(summary, name).map(|each| each.with(wanted)).unwrap_or_default(),
        measures,
    }
}

/// The orders of a partition whose cells are as asked for.
fn such(
    summary: &Summary,
    name: &'static str,
    id: String,
    is_asked: impl Fn(&Partition, usize) -> bool,
    measures: Measures,
) -> Figure {
    let cells = named(summary, name).map(|each| (0..each.cells.len()).filter(|cell| is_asked(each, *cell)).collect());
    Figure { id, partition: name, cells: cells.unwrap_or_default(), measures }
}

fn named<'it>(summary: &'it Summary, name: &str) -> Option<&'it Partition> {
    summary.partitions.iter().find(|each| each.name == name)
}
