//! The orders by month of service, with a run chart of the share that is flagged or for review.

mod chart;

pub(super) use self::chart::RunChart;
use crate::report::catalogue::months::month_id;
use crate::report::disclosure::{Disclosure, Texts};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::{Month, OTHER_MONTHS};

/// The section.
pub(super) struct Trend {
    pub(super) money: &'static str,
    pub(super) months: Vec<Line>,
    pub(super) chart: Option<RunChart>,
    pub(super) sentences: Vec<String>,
    pub(super) others: Option<String>,
}

/// One month, or the orders of no listed one.
pub(super) struct Line {
    pub(super) label: String,
    pub(super) figure: Texts,
    /// Flagged, for review, both together: id and orders.
    pub(super) parts: Vec<(String, String)>,
    pub(super) share: String,
}

impl Trend {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let months = &results.summary.months;
        let chart = RunChart::of(results, told);
        let mut sentences = published(results);
        sentences.extend(chart.iter().flat_map(|chart| chart.runs.clone()));
        Self {
            money: words::money(results.summary.money_column),
            months: months.all().map(|month| line(month, told)).collect(),
            chart,
            sentences,
            others: (months.others > 0).then(|| figure::count(months.others)),
        }
    }
}

fn line(month: &Month, told: &Disclosure) -> Line {
    let part = |part: &str| (month_id(month, part), told.orders(&month_id(month, part)));
    Line {
        label: match month.month.as_str() {
            "" => "No readable date".to_owned(),
            OTHER_MONTHS => "All other months".to_owned(),
            month => month.to_owned(),
        },
        figure: told.texts(&month_id(month, "")),
        parts: ["flagged", "review", "findings"].map(part).into(),
        share: told.share_of_orders(&month_id(month, "findings"), &month_id(month, "")),
    }
}

/// When each edition was published, as far as the months of the export do not show it.
fn published(results: &Results<'_>) -> Vec<String> {
    let months = &results.summary.months.listed;
    let Some((first, last)) = months.first().zip(months.last()) else { return Vec::new() };
    let editions = results.editions.all().filter(|edition| !edition.in_force_from.is_empty());
    let sentence = |edition: &crate::report::facts::Appendix| {
        let from = &edition.in_force_from;
        let place = match from {
            from if *from <= first.month => "at or before the first month",
            from if *from > last.month => "after the last month",
            _ => "marked in the chart",
        };
        format!("The statement ({}) was published in {from}, {place}.", edition.short_title)
    };
    editions.map(sentence).collect()
}
