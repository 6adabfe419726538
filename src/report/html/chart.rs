//! The stacked bars by guideline row, as coordinates for a small SVG.
//!
//! The table beside the chart holds the same numbers; fills differ in pattern
//! as well as in colour.

use super::rows::{Line, Rows};
use crate::report::words;

/// Bars that fit on one printed page.
const BARS: usize = 32;

/// Width of the drawing, in its own units.
const WIDTH: u64 = 900;

/// Where the bars begin; labels stand to the left.
const BAR_LEFT: u64 = 350;

/// The longest bar.
const BAR_LENGTH: u64 = 480;

/// Distance from one bar to the next.
const PITCH: u64 = 24;

/// Letters of a label that fit beside a bar.
const LABEL_LETTERS: usize = 44;

/// The chart.
pub(super) struct Chart {
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) left: u64,
    pub(super) description: String,
    pub(super) bars: Vec<Bar>,
    pub(super) not_drawn: usize,
}

/// One bar.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) top: u64,
    pub(super) middle: u64,
    pub(super) end: u64,
    pub(super) total: String,
    pub(super) parts: Vec<Part>,
}

/// One part of a bar.
pub(super) struct Part {
    pub(super) flag: &'static str,
    pub(super) left: u64,
    pub(super) width: u64,
}

impl Chart {
    pub(super) fn of(rows: &Rows) -> Self {
        let longest = rows.lines.iter().filter_map(|line| line.orders).max().unwrap_or(0).max(1);
        let bars: Vec<Bar> =
            rows.lines.iter().take(BARS).zip(0..).map(|(line, place)| bar(line, place, longest)).collect();
        let flags =
            rows.total.flags.iter().map(|part| format!("{} {}", part.text, words::flag(part.flag).to_lowercase()));
        Self {
            width: WIDTH,
            height: bars.len() as u64 * PITCH + PITCH / 2,
            left: BAR_LEFT,
            description: format!(
                "Orders by guideline row, split by flag: {} in all. Nothing is drawn of what is withheld. The table below \
                 holds every number.",
                flags.collect::<Vec<_>>().join(", ")
            ),
            not_drawn: rows.lines.len().saturating_sub(BARS),
            bars,
        }
    }
}

/// The bar of a line: split by flag if all of its parts are shown, whole if only the orders in all are.
fn bar(line: &Line, place: u64, longest: u64) -> Bar {
    let top = place * PITCH + PITCH / 4;
    let split: Option<Vec<(&'static str, u64)>> =
        line.flags.iter().map(|part| part.orders.map(|orders| (part.flag, orders))).collect();
    let whole = || line.orders.map(|orders| vec![("whole", orders)]);
    let mut left = BAR_LEFT;
    let mut parts = Vec::new();
    for (flag, orders) in split.filter(|_| line.orders.is_some()).or_else(whole).unwrap_or_default() {
        if orders > 0 {
            let width = scaled(orders, longest);
            parts.push(Part { flag, left, width });
            left += width;
        }
    }
    Bar {
        label: match line.edition.as_str() {
            "" => shortened(&line.label, LABEL_LETTERS),
            edition => {
                let edition = format!(" · {edition}");
                shortened(&line.label, LABEL_LETTERS.saturating_sub(edition.chars().count())) + &edition
            }
        },
        top,
        middle: top + PITCH / 2,
        end: left + PITCH / 4,
        total: line.figure.orders.clone(),
        parts,
    }
}

/// A length that is never nothing for something.
fn scaled(orders: u64, longest: u64) -> u64 {
    let length = u128::from(orders) * u128::from(BAR_LENGTH) / u128::from(longest);
    u64::try_from(length).unwrap_or(BAR_LENGTH).clamp(1, BAR_LENGTH)
}

fn shortened(label: &str, letters: usize) -> String {
    if label.chars().count() <= letters {
        return label.to_owned();
    }
    let kept: String = label.chars().take(letters.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_parts_and_small_parts_stay_visible() {
        assert_eq!(scaled(1, 1_000_000), 1);
        assert_eq!(scaled(7, 7), BAR_LENGTH);
        assert_eq!(scaled(u64::MAX, u64::MAX), BAR_LENGTH);
    }

    #[test]
    fn long_labels_end_in_an_ellipsis() {
        let label = shortened(&"é".repeat(200), LABEL_LETTERS);
        assert_eq!(label.chars().count(), LABEL_LETTERS);
        assert!(label.ends_with('…'));
    }
}
