//! What the page is about: period, sources, rules.

use super::LIST_LIMIT;
use crate::manifest::Counts;
use crate::report::disclosure::{ALL, Disclosure, WITHHELD};
use crate::report::facts::{Appendix, Results};
use crate::report::figure::{MISSING, count};
use crate::summary::Summary;

/// Hexadecimal digits of an input's digest that the cover prints.
const DIGEST_SHOWN: usize = 16;

/// The cover block.
pub(super) struct Cover {
    /// The newest first; one, unless each order was decided by the edition in force on its day.
    pub(super) editions: Vec<Edition>,
    pub(super) period: String,
    pub(super) sources: Vec<Source>,
    pub(super) sources_beyond: Option<String>,
    /// How many records were read, and what became of them; nothing where only orders are known.
    pub(super) records: Option<String>,
    pub(super) orders: String,
    pub(super) ruleset: String,
    /// Those of the rulesets that no clinician has signed.
    pub(super) drafts: String,
    pub(super) code_facts: String,
    pub(super) outdated: Option<String>,
    pub(super) content_digest: String,
    pub(super) program: String,
    pub(super) notes: Vec<String>,
}

/// One input.
pub(super) struct Source {
    pub(super) file: String,
    /// What it is beside the lines; empty for the lines.
    pub(super) role: String,
    pub(super) records: String,
    /// Delimiter, quoting, encoding and compression, in words.
    pub(super) dialect: String,
    pub(super) layout: String,
    pub(super) digest: String,
}

/// One edition of the guideline.
pub(super) struct Edition {
    pub(super) guideline: String,
    pub(super) short_title: String,
    pub(super) ruleset: String,
    pub(super) basis: String,
    pub(super) status: String,
    pub(super) in_force: String,
    /// The orders that it decided.
    pub(super) orders: String,
}

impl Cover {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let Results { summary, counts, editions, inputs, program, .. } = *results;
        let sources = inputs.iter().take(LIST_LIMIT).map(|input| Source {
            file: input.file.clone(),
            role: input.role.clone().unwrap_or_default(),
            records: count(input.records),
            dialect: input.dialect.clone(),
            layout: input.layout.clone(),
            digest: input.blake3.chars().take(DIGEST_SHOWN).collect(),
        });
        let beyond = inputs.len().saturating_sub(LIST_LIMIT);
        let (from, until) = &editions.newest.code_facts;
        let last = summary.period.map(|(_, last)| last.to_string()).unwrap_or_default();
        let outdated = !until.is_empty() && last > *until;
        Self {
            editions: editions.all().map(|each| edition(each, summary, told)).collect(),
            period: summary.period.map_or_else(|| MISSING.to_owned(), |(first, last)| {
                // The first day and the last may each be one order's.
                format!("{} to {}", first.format("%Y-%m"), last.format("%Y-%m"))
            }),
            sources: sources.collect(),
            sources_beyond: (beyond > 0).then(|| format!("and {} more inputs, listed in manifest.json", count(beyond as u64))),
            records: results.records_known.then(|| records(counts, told)),
            orders: told.orders(ALL),
            ruleset: names(editions.all()),
            drafts: names(editions.all().filter(|edition| edition.status == "draft")),
            code_facts: match (from.as_str(), until.as_str()) {
                ("", "") => "not stated by the ruleset".to_owned(),
                ("", until) => format!("until {until}"),
                (from, "") => format!("from {from}"),
                (from, until) => format!("{from} to {until}"),
            },
            outdated: outdated.then(|| {
                format!("Some service dates are after the last day of the code facts ({until}): codes that came into force since are not known here (code-set-outdated).")
            }),
            content_digest: results.content_digest.to_owned(),
            program: format!("{} {}", program.name, program.version),
            notes: results.notes.to_vec(),
        }
    }
}

fn names<'it>(editions: impl Iterator<Item = &'it Appendix>) -> String {
    editions.map(Appendix::name).collect::<Vec<_>>().join(", ")
}

/// Where the orders in all are withheld, so is how many records are in scope.
fn records(counts: &Counts, told: &Disclosure) -> String {
    let records = &counts.records;
    let scope = |number: u64| if told.measures(ALL).is_some() { count(number) } else { WITHHELD.to_owned() };
    format!(
        "{} read: {} in scope, {} out of scope, {} rejected",
        count(records.read),
        scope(records.in_scope),
        scope(records.out_of_scope_total()),
        count(records.rejected_total())
    )
}

fn edition(edition: &Appendix, summary: &Summary, told: &Disclosure) -> Edition {
    Edition {
        guideline: edition.source.title.clone(),
        short_title: edition.short_title.clone(),
        ruleset: edition.name(),
        basis: edition.basis.clone(),
        status: edition.status.clone(),
        in_force: edition.in_force.clone(),
        orders: match summary.orders_decided_by(&edition.name()) {
            0 => "0".to_owned(),
            _ => told.orders(&format!("by_ruleset/{}", edition.name())),
        },
    }
}
