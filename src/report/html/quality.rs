//! What was wrong with the data, before any result is read.

use super::LIST_LIMIT;
use super::lines::Lines;
use crate::report::catalogue::found_id;
use crate::report::disclosure::{ALL, Disclosure};
use crate::report::facts::Results;
use crate::report::{figure, words};

/// The data-quality section.
pub(super) struct Quality {
    /// Whether anything is known of the records.
    pub(super) records_known: bool,
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
    pub(super) without_key: String,
    pub(super) disagree: String,
}

/// One kind of trouble.
pub(super) struct Entry {
    /// The figure that it is; none for records.
    pub(super) figure: String,
    pub(super) what: String,
    pub(super) code: String,
    pub(super) number: String,
    pub(super) share: String,
    pub(super) effect: &'static str,
}

impl Quality {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let records = &results.counts.records;
        Self {
            records_known: results.records_known,
            records_read: figure::count(records.read),
            orders: told.orders(ALL),
            rejected_total: figure::count(records.rejected_total()),
            rejections: rejections(results),
            no_rejection: if records.read == 0 { "No record was read." } else { "None: every record could be read." },
            unidentified: unidentified(results),
            undecodable: undecodable(results),
            joined: joined(results, told),
            gaps: gaps(told),
            warnings: warnings(results, told),
            lines: Lines::of(results, told),
        }
    }
}

fn rejections(results: &Results<'_>) -> Vec<Entry> {
    let records = &results.counts.records;
    let mut rejections: Vec<(&String, &u64)> = records.rejected.iter().collect();
    rejections.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
    let rejections = rejections.into_iter().take(LIST_LIMIT).map(|(reason, number)| {
        let (what, effect) = words::rejection(reason);
        let share = figure::percent(*number, records.read);
        Entry { figure: String::new(), what, code: reason.clone(), number: figure::count(*number), share, effect }
    });
    rejections.collect()
}

/// A figure with its share in all orders.
pub(super) fn entry(told: &Disclosure, id: String, what: String, code: &str, effect: &'static str) -> Entry {
    let (number, share) = (told.orders(&id), told.share_of_orders(&id, ALL));
    Entry { what, code: code.to_owned(), number, share, effect, figure: id }
}

fn gaps(told: &Disclosure) -> Vec<Entry> {
    let gap = |id: &str, what: &str, effect| entry(told, id.to_owned(), what.to_owned(), "", effect);
    vec![
        gap(
            "by_determination/no_diagnosis",
            "No usable diagnosis",
            "For review; counts among the orders that are not settled.",
        ),
        gap("has_date/no", "No service date that could be read", "Assessed; in no period, and age may be unknown."),
        gap("has_patient/no", "No patient id", "Counts as an order and as no patient."),
        gap("has_grams/no", "No grams", "In no sum of grams."),
        gap("has_money/no", "No amount", "In no sum of money."),
    ]
}

fn joined(results: &Results<'_>, told: &Disclosure) -> Vec<Joined> {
    let joined = results.counts.companions.iter().map(|(role, companion)| {
        let orders = |what: &str| told.orders(&found_id(role, what));
        let measured = |what: &str| told.measures(&found_id(role, what)).map(|measures| measures.orders);
        let looked = told.measures(ALL).zip(measured("not-sought")).map(|(all, not)| all.orders.saturating_sub(not));
        let share = measured("found").zip(looked).map(|(found, looked)| figure::percent(found, looked));
        Joined {
            role: words::spaced(role),
            records: figure::count(companion.records),
            rejected: figure::count(companion.rejected_total()),
            found: orders("found"),
            share: share.unwrap_or_default(),
            missing: orders("missing"),
            without_key: orders("without-key"),
            disagree: orders("disagree"),
        }
    });
    joined.collect()
}

/// The warnings that are shown, most orders first, then those that are withheld, by code.
fn warnings(results: &Results<'_>, told: &Disclosure) -> Vec<Entry> {
    let id = |code: &str| format!("warning/{code}");
    let codes = results.summary.warnings.iter().take(LIST_LIMIT).map(|(code, _)| code);
    let (shown, mut withheld): (Vec<&String>, Vec<&String>) =
        codes.partition(|code| told.measures(&id(code)).is_some());
    withheld.sort();
    let entries = shown.into_iter().chain(withheld).map(|code| {
        let (what, effect) = words::warning(code);
        entry(told, id(code), what, code, effect)
    });
    entries.collect()
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
