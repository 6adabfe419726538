//! Patterns over time: what the orders of one patient show together.

use crate::report::catalogue::pattern_id;
use crate::report::disclosure::{Disclosure, Texts};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::{ORDERS_OF_ONE_PATIENT, PatternFound};

/// The section of patterns.
pub(super) struct Patterns {
    pub(super) money: &'static str,
    pub(super) lines: Vec<Line>,
    /// How new and continuing patients are told apart.
    pub(super) starts: Option<Starts>,
    /// Whether some orders stand under ids of no one patient. How many says how often one id occurs, so it is not printed.
    pub(super) has_crowds: bool,
    pub(super) too_many: String,
    pub(super) observed_days: String,
}

/// One pattern.
pub(super) struct Line {
    pub(super) label: String,
    pub(super) figure: Texts,
    pub(super) threshold: String,
    pub(super) why: String,
    pub(super) look_at: String,
    pub(super) basis: String,
    pub(super) source: String,
}

/// Days that tell new patients from continuing ones.
pub(super) struct Starts {
    pub(super) begins: String,
    pub(super) new_from: String,
    pub(super) observed_days: String,
    /// Whether the export ends before anybody could be new in it.
    pub(super) is_too_short: bool,
}

impl Patterns {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let course = &results.summary.course;
        let starts = course.begins.zip(course.new_from).map(|(begins, new_from)| Starts {
            begins: begins.format("%Y-%m").to_string(),
            new_from: new_from.format("%Y-%m").to_string(),
            observed_days: figure::count(course.observed_days),
            is_too_short: results.summary.period.is_none_or(|(_, last)| last < new_from),
        });
        Self {
            money: words::money(results.summary.money_column),
            lines: course.patterns.iter().map(|found| line(found, results, told)).collect(),
            starts,
            has_crowds: course.orders_of_crowds > 0,
            too_many: figure::count(ORDERS_OF_ONE_PATIENT as u64),
            observed_days: figure::count(course.observed_days),
        }
    }
}

fn line(found: &PatternFound, results: &Results<'_>, told: &Disclosure) -> Line {
    let pattern = &found.pattern;
    Line {
        label: pattern.label.clone(),
        figure: told.texts(&pattern_id(found)),
        threshold: words::threshold(&pattern.shape, results.editions),
        why: pattern.why.clone(),
        look_at: pattern.look_at.clone(),
        basis: words::pattern_basis(&pattern.basis, &pattern.confidence),
        source: pattern.source.clone(),
    }
}
