//! What the page is about: period, sources, rules.

use super::LIST_LIMIT;
use crate::report::facts::Results;
use crate::report::figure::{MISSING, count};

/// Hexadecimal digits of an input's digest that the cover prints.
const DIGEST_SHOWN: usize = 16;

/// The cover block.
pub(super) struct Cover {
    pub(super) guideline: String,
    pub(super) period: String,
    pub(super) sources: Vec<Source>,
    pub(super) sources_beyond: Option<String>,
    pub(super) read: String,
    pub(super) in_scope: String,
    pub(super) out_of_scope: String,
    pub(super) rejected: String,
    pub(super) orders: String,
    pub(super) ruleset: String,
    pub(super) status: String,
    pub(super) is_draft: bool,
    pub(super) basis: String,
    pub(super) in_force: String,
    pub(super) code_facts: String,
    pub(super) outdated: Option<String>,
    pub(super) content_digest: String,
    pub(super) program: String,
}

/// One input.
pub(super) struct Source {
    pub(super) file: String,
    pub(super) records: String,
    pub(super) layout: String,
    pub(super) digest: String,
}

impl Cover {
    pub(super) fn of(results: &Results<'_>) -> Self {
        let Results { summary, counts, appendix, inputs, program, .. } = results;
        let sources = inputs.iter().take(LIST_LIMIT).map(|input| Source {
            file: input.file.clone(),
            records: count(input.records),
            layout: input.layout.clone(),
            digest: input.blake3.chars().take(DIGEST_SHOWN).collect(),
        });
        let beyond = inputs.len().saturating_sub(LIST_LIMIT);
        let (from, until) = &appendix.code_facts;
        let last = summary.period.map(|(_, last)| last.to_string()).unwrap_or_default();
        let outdated = !until.is_empty() && last > *until;
        Self {
            guideline: appendix.source.title.clone(),
            period: summary.period.map_or_else(|| MISSING.to_owned(), |(first, last)| format!("{first} to {last}")),
            sources: sources.collect(),
            sources_beyond: (beyond > 0).then(|| format!("and {} more inputs, listed in manifest.json", count(beyond as u64))),
            read: count(counts.records.read),
            in_scope: count(counts.records.in_scope),
            out_of_scope: count(counts.records.out_of_scope_total()),
            rejected: count(counts.records.rejected_total()),
            orders: count(counts.orders.total),
            ruleset: results.ruleset.label(),
            is_draft: appendix.status == "draft",
            status: appendix.status.clone(),
            basis: appendix.basis.clone(),
            in_force: appendix.in_force.clone(),
            code_facts: match (from.as_str(), until.as_str()) {
                ("", "") => "not stated by the ruleset".to_owned(),
                ("", until) => format!("until {until}"),
                (from, "") => format!("from {from}"),
                (from, until) => format!("{from} to {until}"),
            },
            outdated: outdated.then(|| {
                format!("The latest service date ({last}) is after the last day of the code facts ({until}): codes that came into force since are not known here (code-set-outdated).")
            }),
            content_digest: results.content_digest.to_owned(),
            program: format!("{} {}", program.name, program.version),
        }
    }
}
