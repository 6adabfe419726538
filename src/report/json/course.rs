//! Patterns over time in `summary.json`. Instances stand by their place only: no id of anybody.

use serde::Serialize;

use super::{Figures, figures};
use crate::summary::{Course as Found, GramsAYear, Instance, PatternFound, Place, RowCourse};
use crate::table::decimal::{UNIT_PLACES, plain};

/// How many instances of a pattern are listed here.
const INSTANCES_LISTED: usize = 25;

/// What the orders of patients say over time.
#[derive(Serialize)]
pub(super) struct Course<'run> {
    begins: Option<String>,
    new_from: Option<String>,
    observed_days: u32,
    orders_of_crowded_ids: u64,
    by_guideline_row: Vec<Row<'run>>,
    patterns: Vec<Pattern<'run>>,
}

#[derive(Serialize)]
struct Row<'run> {
    guideline_rows: &'run str,
    ruleset: Option<&'run str>,
    determination: &'run str,
    new: Figures,
    continuing: Figures,
    grams_a_patient_year: Option<Rate>,
}

/// Whole grams.
#[derive(Serialize)]
struct Rate {
    patients: u64,
    lower_quartile: u32,
    median: u32,
    upper_quartile: u32,
}

#[derive(Serialize)]
struct Pattern<'run> {
    id: &'run str,
    basis: &'run str,
    confidence: &'run str,
    source: &'run str,
    #[serde(flatten)]
    figures: Figures,
    instances: u64,
    /// Those with the most grams.
    first_instances: Vec<Shown<'run>>,
}

#[derive(Serialize)]
struct Shown<'run> {
    first: Stands<'run>,
    last: Stands<'run>,
    first_rows: &'run str,
    last_rows: &'run str,
    orders: u64,
    days: u32,
    grams: Option<String>,
}

#[derive(Serialize)]
struct Stands<'run> {
    source_file: &'run str,
    record: u64,
}

impl<'run> Course<'run> {
    pub(super) fn of(found: &'run Found) -> Self {
        Self {
            begins: found.begins.map(|day| day.to_string()),
            new_from: found.new_from.map(|day| day.to_string()),
            observed_days: found.observed_days,
            orders_of_crowded_ids: found.orders_of_crowds,
            by_guideline_row: found.rows.iter().map(row).collect(),
            patterns: found.patterns.iter().map(pattern).collect(),
        }
    }
}

fn row(row: &RowCourse) -> Row<'_> {
    let rate = |GramsAYear { patients, lower_quartile, median, upper_quartile }| Rate {
        patients,
        lower_quartile,
        median,
        upper_quartile,
    };
    Row {
        guideline_rows: &row.key,
        ruleset: (!row.ruleset.is_empty()).then_some(row.ruleset.as_str()),
        determination: &row.determination,
        new: figures(&row.new),
        continuing: figures(&row.continuing),
        grams_a_patient_year: row.grams_a_year.map(rate),
    }
}

fn pattern(found: &PatternFound) -> Pattern<'_> {
    Pattern {
        id: &found.pattern.id,
        basis: &found.pattern.basis,
        confidence: &found.pattern.confidence,
        source: &found.pattern.source,
        figures: figures(&found.measures),
        instances: found.instances_in_all,
        first_instances: found.instances.iter().take(INSTANCES_LISTED).map(instance).collect(),
    }
}

fn instance(instance: &Instance) -> Shown<'_> {
    Shown {
        first: stands(&instance.first),
        last: stands(&instance.last),
        first_rows: &instance.first_rows,
        last_rows: &instance.last_rows,
        orders: instance.orders,
        days: instance.days,
        grams: instance.grams.map(|minor| plain(minor, UNIT_PLACES)),
    }
}

fn stands(place: &Place) -> Stands<'_> {
    Stands { source_file: &place.source_file, record: place.record }
}
