//! The one-page summary: sentences, the four denominators, and what the committee is asked to decide.

mod decisions;
mod sentences;

use super::Flag;
use crate::report::disclosure::{ALL, Disclosure, Texts};
use crate::report::facts::Results;
use crate::report::words;
use crate::summary::Group;

/// The summary section.
pub(super) struct Overview {
    pub(super) sentences: Vec<String>,
    pub(super) decisions: Vec<String>,
    pub(super) money: &'static str,
    pub(super) money_known: bool,
    pub(super) money_coverage: String,
    pub(super) determinations: Vec<Line>,
    pub(super) flags: Vec<FlagLine>,
    /// Over the orders for which a guideline row speaks.
    pub(super) certainties: Vec<Line>,
    pub(super) row_orders: String,
    pub(super) total: Line,
}

/// One line of a table of denominators.
pub(super) struct Line {
    pub(super) label: String,
    pub(super) figure: Texts,
    pub(super) orders_share: String,
    /// Length of the share's bar in a hundred; nothing is drawn of what is withheld.
    pub(super) bar: Option<u32>,
    pub(super) grams_share: String,
    pub(super) money_share: String,
}

/// A line with its flag.
pub(super) struct FlagLine {
    pub(super) flag: Flag,
    pub(super) line: Line,
}

impl Overview {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let summary = results.summary;
        let lines = |groups: &[Group], cut: &str, whole: &str, name: fn(&str) -> String| {
            let line = |group: &Group| line(told, name(&group.key), &format!("{cut}/{}", group.key), whole);
            groups.iter().map(line).collect()
        };
        let flags = summary.by_flag.iter().map(|group| FlagLine {
            flag: Flag::of(&group.key),
            line: line(told, words::flag(&group.key), &format!("by_flag/{}", group.key), ALL),
        });
        Self {
            sentences: sentences::sentences(results, told),
            decisions: decisions::decisions(results, told),
            money: words::money(summary.money_column),
            money_known: summary.money_column.is_some(),
            money_coverage: sentences::money_coverage(told),
            determinations: lines(&summary.by_determination, "by_determination", ALL, words::determination),
            flags: flags.collect(),
            // Where no row speaks, nothing was stated and nothing presumed.
            certainties: lines(&summary.by_certainty_of_rows, "by_certainty_of_rows", "of_rows", words::certainty),
            row_orders: told.orders("of_rows"),
            total: line(told, "All orders".to_owned(), ALL, ALL),
        }
    }
}

/// One line: a figure, and the one that its shares are taken of.
fn line(told: &Disclosure, label: String, id: &str, whole: &str) -> Line {
    let orders = |id: &str| told.measures(id).map(|measures| u128::from(measures.orders));
    let bar =
        orders(id).zip(orders(whole)).map(|(part, whole)| u32::try_from(part * 100 / whole.max(1)).unwrap_or(100));
    Line {
        label,
        orders_share: told.share_of_orders(id, whole),
        bar,
        grams_share: told.share_of_grams(id, whole),
        money_share: told.share_of_money(id, whole),
        figure: told.texts(id),
    }
}
