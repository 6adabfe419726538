//! The run chart, as coordinates for a small SVG, and what it shows by its rule.
//!
//! Months stand side by side in their order; where one between them has no orders, or is withheld, the line is broken.

use crate::report::catalogue::months::month_id;
use crate::report::disclosure::Disclosure;
use crate::report::facts::Results;
use crate::report::figure::percent;
use crate::summary::Month;

/// So many months in a row on one side of the median are pointed out.
pub(in crate::report::html) const RUN: usize = 8;

/// Shares are parts of so many.
const WHOLE: u64 = 1_000_000;

const WIDTH: u64 = 900;
const HEIGHT: u64 = 260;
const LEFT: u64 = 60;
const RIGHT: u64 = 880;
const TOP: u64 = 20;
const BOTTOM: u64 = 210;

/// How many months have their name below the chart.
const LABELS: usize = 12;

/// The chart.
pub(in crate::report::html) struct RunChart {
    pub width: u64,
    pub height: u64,
    pub left: u64,
    pub right: u64,
    pub top: u64,
    pub bottom: u64,
    pub description: String,
    pub points: Vec<Point>,
    /// The line, in pieces without a gap, as the corners of polylines.
    pub pieces: Vec<String>,
    pub median: u64,
    pub median_text: String,
    pub most_text: String,
    /// Where the month of publication begins, and of which edition.
    pub published: Vec<(u64, String)>,
    /// Months by their names below the chart.
    pub labels: Vec<(u64, String)>,
    /// What the rule of runs points out.
    pub runs: Vec<String>,
}

/// A month of which the share is shown.
pub(in crate::report::html) struct Point {
    pub x: u64,
    pub y: u64,
    /// Place among the listed months.
    place: usize,
    share: u64,
}

impl RunChart {
    /// The chart, unless fewer than two months can be drawn.
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Option<Self> {
        let months = &results.summary.months.listed;
        let shares: Vec<(usize, u64)> =
            months.iter().enumerate().filter_map(|(place, month)| Some((place, share(month, told)?))).collect();
        if shares.len() < 2 {
            return None;
        }
        let step = (RIGHT - LEFT) / months.len().max(1) as u64;
        let x = |place: usize| LEFT + step * place as u64 + step / 2;
        let most = shares.iter().map(|(_, share)| *share).max().unwrap_or(0);
        // The next full ten percent above the largest share.
        let most = (most / (WHOLE / 10) + 1).min(10) * (WHOLE / 10);
        let y = |share: u64| BOTTOM - (BOTTOM - TOP) * share / most;
        let median = median(&shares);
        let points: Vec<Point> = shares
            .iter()
            .map(|(place, share)| Point { x: x(*place), y: y(*share), place: *place, share: *share })
            .collect();
        let every = months.len().div_ceil(LABELS);
        let labels = months.iter().enumerate().step_by(every.max(1));
        let text = |share: u64| percent(share, WHOLE);
        Some(Self {
            width: WIDTH,
            height: HEIGHT,
            left: LEFT,
            right: RIGHT,
            top: TOP,
            bottom: BOTTOM,
            description: format!(
                "Share of orders that are flagged or for review, by month of service: {} of {} months are drawn, the median \
                 is {}. The table below holds every number.",
                points.len(),
                months.len(),
                text(median)
            ),
            pieces: pieces(months, &points),
            runs: runs(months, &points, median),
            points,
            median: y(median),
            median_text: text(median),
            most_text: text(most),
            published: published(results, months)
                .into_iter()
                .map(|(place, name)| (x(place) - step / 2, name))
                .collect(),
            labels: labels.map(|(place, month)| (x(place), month.month.clone())).collect(),
        })
    }
}

/// The share of a month's orders that are flagged or for review, if it is shown.
fn share(month: &Month, told: &Disclosure) -> Option<u64> {
    let orders = |part: &str| told.measures(&month_id(month, part)).map(|measures| u128::from(measures.orders));
    let (part, whole) = (orders("findings")?, orders("")?);
    u64::try_from(part * u128::from(WHOLE) / whole.max(1)).ok()
}

/// The middle share, or the mean of the two in the middle.
fn median(shares: &[(usize, u64)]) -> u64 {
    let mut sorted: Vec<u64> = shares.iter().map(|(_, share)| *share).collect();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    let at = |place: usize| sorted.get(place).copied().unwrap_or(0);
    if sorted.len().is_multiple_of(2) { u64::midpoint(at(middle.saturating_sub(1)), at(middle)) } else { at(middle) }
}

/// Whether one listed month comes right after another.
fn follows(months: &[Month], one: usize, other: usize) -> bool {
    let number = |place: usize| -> Option<i64> {
        let (year, month) = months.get(place)?.month.split_once('-')?;
        Some(year.parse::<i64>().ok()? * 12 + month.parse::<i64>().ok()?)
    };
    number(one).zip(number(other)).is_some_and(|(one, other)| other - one == 1)
}

fn pieces(months: &[Month], points: &[Point]) -> Vec<String> {
    let together = points.chunk_by(|one, other| follows(months, one.place, other.place));
    let corners =
        |piece: &[Point]| piece.iter().map(|point| format!("{},{}", point.x, point.y)).collect::<Vec<_>>().join(" ");
    together.filter(|piece| piece.len() > 1).map(corners).collect()
}

/// Sentences on runs: months on the median neither belong to a run nor break it; a month that is not drawn breaks it.
fn runs(months: &[Month], points: &[Point], median: u64) -> Vec<String> {
    let mut found = Vec::new();
    for piece in points.chunk_by(|one, other| follows(months, one.place, other.place)) {
        let off: Vec<&Point> = piece.iter().filter(|point| point.share != median).collect();
        for run in off.chunk_by(|one, other| (one.share > median) == (other.share > median)) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            if run.len() >= RUN {
                let side = if first.share > median { "above" } else { "below" };
                let name = |point: &Point| months.get(point.place).map_or("", |month| month.month.as_str());
                found.push(format!(
                    "From {} to {}, {} months in a row lie {side} the median.",
                    name(first),
                    name(last),
                    run.len()
                ));
            }
        }
    }
    found
}

/// The place of the first listed month from which each edition is in force, where some stand before it and some after.
fn published(results: &Results<'_>, months: &[Month]) -> Vec<(usize, String)> {
    let place = |from: &str| months.iter().position(|month| month.month.as_str() >= from).filter(|place| *place > 0);
    let editions = results.editions.all().filter(|edition| !edition.in_force_from.is_empty());
    editions.filter_map(|edition| Some((place(&edition.in_force_from)?, edition.short_title.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(number: usize) -> Vec<Month> {
        let month =
            |at: usize| Month { month: format!("{:04}-{:02}", 2023 + at / 12, at % 12 + 1), ..Month::default() };
        (0..number).map(month).collect()
    }

    fn points(shares: &[u64]) -> Vec<Point> {
        shares.iter().enumerate().map(|(place, share)| Point { x: 0, y: 0, place, share: *share }).collect()
    }

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_two_in_the_middle() {
        let of = |shares: &[u64]| median(&shares.iter().map(|share| (0, *share)).collect::<Vec<_>>());
        assert_eq!((of(&[3, 1, 2]), of(&[4, 1, 2, 3]), of(&[])), (2, 2, 0));
    }

    #[test]
    fn eight_months_on_one_side_are_a_run_and_one_on_the_median_does_not_count() {
        let seven = [9, 9, 9, 9, 5, 9, 9, 9, 1, 1];
        assert!(runs(&months(10), &points(&seven), 5).is_empty());
        let eight = [9, 9, 9, 9, 5, 9, 9, 9, 9, 1];
        assert_eq!(
            runs(&months(10), &points(&eight), 5),
            ["From 2023-01 to 2023-09, 8 months in a row lie above the median."]
        );
    }

    #[test]
    fn a_month_that_is_not_drawn_breaks_the_line_and_the_run() {
        let mut with_gap = points(&[9; 10]);
        with_gap.remove(4);
        assert!(runs(&months(10), &with_gap, 5).is_empty());
        assert_eq!(pieces(&months(10), &with_gap).len(), 2);
        assert!(follows(&months(14), 11, 12), "over the turn of the year");
    }
}
