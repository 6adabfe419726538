//! What changed between two runs, as text for people and as JSON for programs. Figures are exact: both are for those who
//! hold the runs themselves.

use serde::Serialize;

use super::figure::count;
use crate::summary::changes::{ByReason, Changes, NewFindings, Reason};

/// How many kinds of new findings the text lists.
const LISTED: usize = 60;

/// The name of each run as given, and the digest of its content.
type Names<'run> = [(&'run str, &'run str); 2];

/// The text that `ivig-audit changes` prints, without a newline at its end.
#[must_use]
pub fn text(changes: &Changes, names: Names<'_>) -> String {
    let mut lines = Vec::new();
    for (word, (name, _), size) in [("old", names[0], changes.old), ("new", names[1], changes.new)] {
        lines.push(format!("{word}: {name}: {} orders, {} findings", count(size.orders), count(size.findings)));
    }
    lines.push(format!(
        "orders: {} new, {} gone, {} in both; of these {} unchanged and {} changed ({})",
        count(changes.added),
        count(changes.gone),
        count(changes.matched),
        count(changes.unchanged),
        count(sum(&changes.changed)),
        in_words(&changes.changed, &Reason::ALL[1..]),
    ));
    let findings = [
        ("new", &changes.new_findings, "order new"),
        ("gone", &changes.gone_findings, "order gone"),
        ("changed", &changes.changed_findings, ""),
    ];
    for (word, tallies, order) in findings {
        let order = if order.is_empty() { String::new() } else { format!("{} {order}, ", count(tallies[0].orders)) };
        let others = in_words(tallies, &Reason::ALL[1..]);
        lines.push(format!("findings {word}: {} ({order}{others})", count(sum(tallies))));
    }
    lines.push(format!("findings unchanged: {}", count(changes.unchanged_findings.orders)));
    if !changes.moves.is_empty() {
        lines.push("changed orders by flag:".to_owned());
        let moves = changes.moves.iter();
        lines.extend(
            moves.map(|((from, to, reason), orders)| {
                format!("  {from} -> {to}, {}: {}", reason.as_str(), count(*orders))
            }),
        );
    }
    if !changes.new_by_row.is_empty() {
        lines.push("new findings by flag and guideline row:".to_owned());
        lines.extend(changes.new_by_row.iter().take(LISTED).map(|each| format!("  {}", new_in_words(each))));
        let beyond: u64 = changes.new_by_row.iter().skip(LISTED).flat_map(|each| each.by_reason).sum();
        lines.extend((beyond > 0).then(|| format!("  others: {}", count(beyond))));
    }
    lines.join("\n")
}

fn sum(tallies: &ByReason) -> u64 {
    crate::summary::changes::orders(tallies)
}

fn in_words(tallies: &ByReason, reasons: &[Reason]) -> String {
    let each = reasons.iter().map(|reason| format!("{} {}", count(tallies[*reason as usize].orders), reason.as_str()));
    each.collect::<Vec<_>>().join(", ")
}

fn new_in_words(found: &NewFindings) -> String {
    let rows = if found.rows.is_empty() { String::new() } else { format!(", {}", found.rows) };
    let by = Reason::ALL.iter().zip(found.by_reason).filter(|(_, orders)| *orders > 0);
    let by: Vec<String> = by.map(|(reason, orders)| format!("{} {}", count(orders), reason.as_str())).collect();
    let all: u64 = found.by_reason.iter().sum();
    format!("{}, {}{rows}: {} ({})", found.flag, found.determination, count(all), by.join(", "))
}

/// The same as JSON, indented, without a newline at its end.
///
/// # Errors
/// Only if serialisation itself fails, which plain data does not.
pub fn json(changes: &Changes, names: Names<'_>) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Run<'run> {
        run: &'run str,
        content_digest: &'run str,
    }
    #[derive(Serialize)]
    struct Document<'run> {
        schema_version: u32,
        old: Run<'run>,
        new: Run<'run>,
        #[serde(flatten)]
        changes: ChangeFigures<'run>,
    }
    let [old, new] = names.map(|(run, content_digest)| Run { run, content_digest });
    serde_json::to_string_pretty(&Document { schema_version: 1, old, new, changes: ChangeFigures::of(changes) })
}

/// The figures of a comparison, as `changes --json` and `summary.json` hold them.
#[derive(Serialize)]
pub(super) struct ChangeFigures<'run> {
    orders: Orders,
    findings: Findings,
    moves: Vec<Move<'run>>,
    new_findings_by_row: Vec<NewRow<'run>>,
}

#[derive(Serialize)]
struct Orders {
    before: u64,
    now: u64,
    new: u64,
    gone: u64,
    matched: u64,
    unchanged: u64,
    changed: Split,
}

#[derive(Serialize)]
struct Findings {
    before: u64,
    now: u64,
    new: Split,
    gone: Split,
    changed: Split,
    unchanged: u64,
}

/// A number and what it is laid to. `order`: the order itself is new or gone.
#[derive(Serialize)]
struct Split {
    total: u64,
    order: u64,
    data: u64,
    rules: u64,
    program: u64,
}

#[derive(Serialize)]
struct Move<'run> {
    flag_before: &'run str,
    flag: &'run str,
    reason: &'static str,
    orders: u64,
}

#[derive(Serialize)]
struct NewRow<'run> {
    flag: &'run str,
    determination: &'run str,
    guideline_rows: &'run str,
    #[serde(flatten)]
    split: Split,
}

impl<'run> ChangeFigures<'run> {
    pub(super) fn of(changes: &'run Changes) -> Self {
        let moves = changes.moves.iter().map(|((from, to, reason), orders)| Move {
            flag_before: from,
            flag: to,
            reason: reason.as_str(),
            orders: *orders,
        });
        let rows = changes.new_by_row.iter().map(|each| NewRow {
            flag: &each.flag,
            determination: &each.determination,
            guideline_rows: &each.rows,
            split: split(each.by_reason),
        });
        Self {
            orders: Orders {
                before: changes.old.orders,
                now: changes.new.orders,
                new: changes.added,
                gone: changes.gone,
                matched: changes.matched,
                unchanged: changes.unchanged,
                changed: of(&changes.changed),
            },
            findings: Findings {
                before: changes.old.findings,
                now: changes.new.findings,
                new: of(&changes.new_findings),
                gone: of(&changes.gone_findings),
                changed: of(&changes.changed_findings),
                unchanged: changes.unchanged_findings.orders,
            },
            moves: moves.collect(),
            new_findings_by_row: rows.collect(),
        }
    }
}

fn of(tallies: &ByReason) -> Split {
    split(tallies.map(|tally| tally.orders))
}

fn split([order, data, rules, program]: [u64; 4]) -> Split {
    Split { total: order + data + rules + program, order, data, rules, program }
}
