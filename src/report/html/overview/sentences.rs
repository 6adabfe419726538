//! The sentences of the summary. What is withheld is said to be.

use crate::report::catalogue::wanting_id;
use crate::report::disclosure::{ALL, Disclosure, SMALL};
use crate::report::facts::Results;
use crate::report::figure;

pub(super) fn sentences(results: &Results<'_>, told: &Disclosure) -> Vec<String> {
    let records = records(results);
    if results.summary.totals.orders == 0 {
        return std::iter::once("The export holds no order in scope.".to_owned()).chain(records).collect();
    }
    if told.shows_nothing() {
        let nothing = format!(
            "The orders, or their patients, are so few that no figure of them is shown on this page: every one is of 1 to \
             {SMALL} patients or orders, or would tell one that is. The auditor’s files hold them."
        );
        return std::iter::once(nothing).chain(records).collect();
    }
    [answers(told), flags(told)].into_iter().chain(records).chain(wanting(results, told)).collect()
}

/// For how many of all orders an amount is known.
pub(super) fn money_coverage(told: &Disclosure) -> String {
    let orders = |id: &str| told.measures(id).map(|measures| measures.orders);
    match (orders("has_money/yes"), orders("has_money/no"), orders(ALL)) {
        (_, Some(0), Some(_)) => "amount known for all orders".to_owned(),
        (Some(known), _, Some(all)) => {
            format!("amount known for {} of {} orders", figure::count(known), figure::count(all))
        }
        _ => "for how many orders the amount is known is withheld".to_owned(),
    }
}

/// Orders of a figure with their share in all.
fn part(told: &Disclosure, id: &str) -> String {
    match told.measures(id) {
        Some(measures) => format!("{} ({})", figure::count(measures.orders), told.share_of_orders(id, ALL)),
        None => "some (how many is withheld)".to_owned(),
    }
}

fn answers(told: &Disclosure) -> String {
    format!(
        "Of {} orders, {} were for a use that the statement recommends or says should be considered, {} for a use \
         that it does not recommend or for which it finds the evidence insufficient, {} for a use of which it does \
         not speak, and {} could not be settled from what the export holds.",
        told.orders(ALL),
        part(told, "by_answer/supported"),
        part(told, "by_answer/unsupported"),
        part(told, "by_answer/outside"),
        part(told, "by_answer/open"),
    )
}

fn flags(told: &Disclosure) -> String {
    let share = told.share_of_grams("by_flag/flagged", ALL);
    let of_grams = if share.is_empty() { String::new() } else { format!(", with {share} of the grams") };
    format!(
        "Flagged: {}{of_grams}. For review: {}. A clinician is asked to look at these orders, and none of them is a \
         decision about anyone's care or coverage.",
        part(told, "by_flag/flagged"),
        part(told, "by_flag/review"),
    )
}

/// Records that could not be read, where records are known.
fn records(results: &Results<'_>) -> Option<String> {
    let records = &results.counts.records;
    let text = match records.rejected_total() {
        _ if !results.records_known => return None,
        0 if records.read == 0 => "No record was read.".to_owned(),
        0 => "Every record could be read.".to_owned(),
        rejected => format!(
            "{} of {} records ({}) could not be read and are in none of these figures.",
            figure::count(rejected),
            figure::count(records.read),
            figure::percent(rejected, records.read)
        ),
    };
    Some(text)
}

/// The fact that is most often wanting, unless it is withheld for how many.
fn wanting(results: &Results<'_>, told: &Disclosure) -> Option<String> {
    let most = results.summary.by_wanting.iter().find(|group| !group.key.is_empty())?;
    let orders = told.measures(&wanting_id(most))?.orders;
    let fact = results.editions.fact(&most.key);
    Some(format!("The fact most often wanting, for {} orders, is {fact}.", figure::count(orders)))
}
