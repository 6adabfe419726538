//! The patterns over time as the summary takes them: plain values.

use crate::rules::{Ruleset, course};
use crate::summary::{CourseRules, Pattern, Shape};

/// What the newest edition's patterns are; a row of any edition may be named in them.
pub(super) fn course_rules(ruleset: &Ruleset) -> CourseRules {
    let course = &ruleset.course;
    CourseRules {
        new_after_days: course.new_after_days,
        observed_days: course.observed_days,
        refusals: course.refusals.clone(),
        patterns: course.patterns.iter().map(pattern).collect(),
    }
}

fn pattern(pattern: &course::Pattern) -> Pattern {
    Pattern {
        id: pattern.id.clone(),
        label: pattern.label.clone(),
        why: pattern.why.clone(),
        look_at: pattern.look_at.clone(),
        basis: pattern.basis.as_str().to_owned(),
        source: pattern.source.clone(),
        confidence: pattern.confidence.as_str().to_owned(),
        shape: shape(&pattern.shape),
    }
}

fn shape(shape: &course::Shape) -> Shape {
    let words = |determinations: &[crate::guideline::Determination]| {
        determinations.iter().map(|each| each.as_str().to_owned()).collect()
    };
    match shape {
        course::Shape::RepeatedMonths { rows, in_a_row, months, within_months } => Shape::RepeatedMonths {
            rows: rows.clone(),
            in_a_row: *in_a_row,
            months: *months,
            within_months: *within_months,
        },
        course::Shape::LongCourse { rows, days, gap_days } => {
            Shape::LongCourse { rows: rows.clone(), days: *days, gap_days: *gap_days }
        }
        course::Shape::MovedAfterRefusal { from, to, days } => {
            Shape::MovedAfterRefusal { from: words(from), to: words(to), days: *days }
        }
        course::Shape::LinesOfOneDay { different_products } => {
            Shape::LinesOfOneDay { different_products: *different_products }
        }
        course::Shape::GramsAYear { thresholds } => Shape::GramsAYear { thresholds: thresholds.clone() },
    }
}
