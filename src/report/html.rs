//! `report.html`: the committee's page.
//!
//! One self-contained file: no script, no request to anywhere, light and dark,
//! on screen and on paper. The sections here are plain values; the template
//! lays them out and escapes every one of them.

mod amounts;
mod appendix;
mod change;
mod chart;
mod concordance;
mod cover;
mod findings;
mod funnel;
mod lines;
mod money;
mod open;
mod overview;
mod patterns;
mod prescribers;
mod quality;
mod rows;
mod sensitivity;
mod trend;
mod waterfall;

use askama::Template;

use super::catalogue;
use super::disclosure::Disclosure;
use super::facts::Results;

/// Entries of a list that the page shows; what is beyond is counted in one line and stands in full in `summary.json`.
const LIST_LIMIT: usize = catalogue::LIST_LIMIT;

/// The text of `report.html`, with what may be told of its figures.
///
/// # Errors
/// Only if the template itself fails to write, which text in memory does not.
pub fn render(results: &Results<'_>, told: &Disclosure) -> Result<String, askama::Error> {
    let rows = rows::Rows::of(results, told);
    Page {
        cover: cover::Cover::of(results, told),
        overview: overview::Overview::of(results, told),
        quality: quality::Quality::of(results, told),
        waterfall: waterfall::Waterfall::of(results, told),
        change: change::Change::of(results),
        chart: chart::Chart::of(&rows),
        rows,
        money: money::Money::of(results, told),
        findings: findings::Findings::of(results, told),
        open: open::Open::of(results, told),
        prescribers: prescribers::Prescribers::of(results, told),
        patterns: patterns::Patterns::of(results, told),
        sensitivity: sensitivity::Sensitivity::of(results, told),
        concordance: concordance::Concordance::of(results, told),
        trend: trend::Trend::of(results, told),
        appendix: appendix::Appendix::of(results),
    }
    .render()
}

/// The sections, in the order of the page. Each has its template of the same name, which `report.html` includes, and its
/// line in `nav.html`.
#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    cover: cover::Cover,
    overview: overview::Overview,
    change: Option<change::Change>,
    quality: quality::Quality,
    waterfall: waterfall::Waterfall,
    chart: chart::Chart,
    rows: rows::Rows,
    money: money::Money,
    findings: findings::Findings,
    open: open::Open,
    prescribers: prescribers::Prescribers,
    sensitivity: sensitivity::Sensitivity,
    patterns: patterns::Patterns,
    concordance: concordance::Concordance,
    trend: trend::Trend,
    appendix: appendix::Appendix,
}

/// A flag as people read it: a sign, a word and a class for its colour.
struct Flag {
    code: &'static str,
    sign: &'static str,
    label: String,
}

impl Flag {
    fn of(code: &str) -> Self {
        let (code, sign) = match code {
            "flagged" => ("flagged", "●"),
            "review" => ("review", "◐"),
            "clear" => ("clear", "○"),
            _ => ("other", "◌"),
        };
        Self { code, sign, label: super::words::flag(code) }
    }
}
