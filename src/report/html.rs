//! `report.html`: the committee's page.
//!
//! One self-contained file: no script, no request to anywhere, light and dark,
//! on screen and on paper. The sections here are plain values; the template
//! lays them out and escapes every one of them.

mod appendix;
mod change;
mod chart;
mod cover;
mod findings;
mod lines;
mod open;
mod overview;
mod quality;
mod rows;
mod waterfall;

use std::fmt::{Display, Formatter};

use askama::Template;

use super::facts::Results;

/// Entries of a list that the page shows; what is beyond is summed in one line
/// and stands in full in `summary.json`.
const LIST_LIMIT: usize = 60;

/// The text of `report.html`.
///
/// # Errors
/// Only if the template itself fails to write, which text in memory does not.
pub fn render(results: &Results<'_>) -> Result<String, askama::Error> {
    let rows = rows::Rows::of(results);
    Page {
        cover: cover::Cover::of(results),
        overview: overview::Overview::of(results),
        change: change::Change::of(results),
        quality: quality::Quality::of(results),
        steps: waterfall::steps(results),
        chart: chart::Chart::of(&rows),
        rows,
        findings: findings::findings(results),
        open: open::Open::of(results),
        appendix: appendix::Appendix::of(results),
    }
    .render()
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    cover: cover::Cover,
    overview: overview::Overview,
    change: Option<change::Change>,
    quality: quality::Quality,
    steps: Vec<waterfall::Step>,
    chart: chart::Chart,
    rows: rows::Rows,
    findings: Vec<findings::Finding>,
    open: open::Open,
    appendix: appendix::Appendix,
}

/// A number that charts measure and tables print.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Count(u64);

impl Display for Count {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        out.write_str(&super::figure::count(self.0))
    }
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
