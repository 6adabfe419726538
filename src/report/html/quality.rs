//! What was wrong with the data, before any result is read.

use super::LIST_LIMIT;
use super::lines::Lines;
use crate::report::facts::Results;
use crate::report::{figure, words};

/// The data-quality section.
pub(super) struct Quality {
    pub(super) records_read: String,
    pub(super) orders: String,
    pub(super) rejections: Vec<Entry>,
    pub(super) rejected_total: String,
    /// What stands in place of the rejections if there are none.
    pub(super) no_rejection: &'static str,
    /// Records of which the product could not be told.
    pub(super) unidentified: Option<String>,
    /// Characters that the encoding of a file does not know, by file.
    pub(super) undecodable: Option<String>,
    /// What the orders found in the files beside the lines.
    pub(super) joined: Vec<Joined>,
    pub(super) gaps: Vec<Entry>,
    pub(super) warnings: Vec<Entry>,
    /// Line statuses and repeated orders.
    pub(super) lines: Lines,
}

/// What the orders found in the files of one role.
pub(super) struct Joined {
    pub(super) role: String,
    pub(super) records: String,
    pub(super) rejected: String,
    pub(super) found: String,
    pub(super) share: String,
    pub(super) missing: String,
    pub(super) disagree: String,
}

/// One kind of trouble.
pub(super) struct Entry {
    pub(super) what: String,
    pub(super) code: String,
    pub(super) number: String,
    pub(super) share: String,
    pub(super) effect: &'static str,
}

impl Quality {
    pub(super) fn of(results: &Results<'_>) -> Self {
        let (summary, records) = (results.summary, &results.counts.records);
        let all = summary.totals.orders;
        let mut rejections: Vec<(&String, &u64)> = records.rejected.iter().collect();
        rejections.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
        let rejections = rejections.into_iter().take(LIST_LIMIT).map(|(reason, number)| {
            let (what, effect) = words::rejection(reason);
            let share = figure::percent(*number, records.read);
            Entry { what, code: reason.clone(), number: figure::count(*number), share, effect }
        });
        let gap = |what: &str, number: u64, effect| Entry {
            what: what.to_owned(),
            code: String::new(),
            number: figure::count(number),
            share: figure::percent(number, all),
            effect,
        };
        let gaps = vec![
            gap(
                "No usable diagnosis",
                summary.orders_determined("no_diagnosis"),
                "For review; counts among the orders that are not settled.",
            ),
            gap(
                "No service date that could be read",
                summary.orders_without_date,
                "Assessed; in no period, and age may be unknown.",
            ),
            gap("No patient id", summary.orders_without_patient, "Counts as an order and as no patient."),
            gap("No grams", all.saturating_sub(summary.totals.orders_with_grams), "In no sum of grams."),
            gap("No amount", all.saturating_sub(summary.totals.orders_with_money), "In no sum of money."),
        ];
        let joined = results.counts.companions.iter().map(|(role, companion)| {
            let sought = &companion.orders;
            Joined {
                role: words::spaced(role),
                records: figure::count(companion.records),
                rejected: figure::count(companion.rejected_total()),
                found: figure::count(sought.found),
                share: figure::percent(sought.found, all.saturating_sub(sought.not_sought)),
                missing: figure::count(sought.missing + sought.without_key),
                disagree: figure::count(sought.disagree),
            }
        });
        let warnings = summary.warnings.iter().take(LIST_LIMIT).map(|(code, number)| {
            let (what, effect) = words::warning(code);
            let share = figure::percent(*number, all);
            Entry { what, code: code.clone(), number: figure::count(*number), share, effect }
        });
        Self {
            records_read: figure::count(records.read),
            orders: figure::count(all),
            rejected_total: figure::count(records.rejected_total()),
            rejections: rejections.collect(),
            no_rejection: if records.read == 0 { "No record was read." } else { "None: every record could be read." },
            unidentified: unidentified(results),
            undecodable: undecodable(results),
            joined: joined.collect(),
            gaps,
            warnings: warnings.collect(),
            lines: Lines::of(results),
        }
    }
}

/// The files that hold characters which their encoding does not know.
fn undecodable(results: &Results<'_>) -> Option<String> {
    let files: Vec<_> = results.inputs.iter().filter(|input| input.undecodable > 0).collect();
    let all: u64 = files.iter().map(|input| input.undecodable).sum();
    let named =
        files.iter().take(LIST_LIMIT).map(|input| format!("{} {}", input.file, figure::count(input.undecodable)));
    let mut named: Vec<String> = named.collect();
    let beyond = files.len().saturating_sub(LIST_LIMIT) as u64;
    named.extend((beyond > 0).then(|| format!("and {} more files, listed in manifest.json", figure::count(beyond))));
    (all > 0).then(|| {
        format!(
            "Characters that the encoding of their file does not know: {} ({}). A record with one in a code or date cell \
             is among those that could not be read; in a text or an id it is replaced.",
            figure::count(all),
            named.join("; ")
        )
    })
}

/// The records that are out of scope only because nothing tells their product, by reason.
fn unidentified(results: &Results<'_>) -> Option<String> {
    let records = &results.counts.records;
    let counted = results.exclusions.iter().filter(|each| each.is_unidentified).filter_map(|each| {
        let number = records.out_of_scope.get(&each.reason).copied().filter(|number| *number > 0)?;
        Some((words::spaced(&each.reason).to_lowercase(), number))
    });
    let counted: Vec<(String, u64)> = counted.collect();
    let total: u64 = counted.iter().map(|(_, number)| number).sum();
    let reasons: Vec<String> =
        counted.iter().map(|(reason, number)| format!("{reason} {}", figure::count(*number))).collect();
    (total > 0).then(|| {
        format!(
            "Lines whose product could not be identified: {} of {} records ({}; {}). They were left out of scope, and \
             an order may hide among them.",
            figure::count(total),
            figure::count(records.read),
            figure::percent(total, records.read),
            reasons.join(", ")
        )
    })
}
