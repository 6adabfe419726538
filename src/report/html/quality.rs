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
    pub(super) gaps: Vec<Entry>,
    pub(super) warnings: Vec<Entry>,
    /// Line statuses and repeated orders.
    pub(super) lines: Lines,
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
        let rejections = rejections.into_iter().take(LIST_LIMIT).map(|(reason, number)| Entry {
            what: words::spaced(reason),
            code: reason.clone(),
            number: figure::count(*number),
            share: figure::percent(*number, records.read),
            effect: "In no figure of this page.",
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
            gaps,
            warnings: warnings.collect(),
            lines: Lines::of(results),
        }
    }
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
