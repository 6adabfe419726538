//! What the reports print of the ruleset: every row with its statement and codes, the policy, the questions.

use crate::assess::OutOfScope;
use crate::guideline::{CitationBasis, Recommendation};
use crate::report::facts::{Appendix, Editions, Exclusion, Fact, GuidelineRow, Indication, ScopeStep, Source};
use crate::rules::{Info, ListId, Rulebook, Ruleset, Strength};

/// The editions of a run as the reports print them.
pub(super) fn editions(rulebook: &Rulebook) -> Editions {
    let mut editions: Vec<Appendix> = rulebook.editions().map(appendix).collect();
    let newest = editions.pop().unwrap_or_default();
    Editions { newest, earlier: editions }
}

/// The guideline edition as the reports print it.
#[must_use]
pub fn appendix(ruleset: &Ruleset) -> Appendix {
    let info = &ruleset.info;
    Appendix {
        ruleset_id: info.id.clone(),
        version: info.version.clone(),
        digest: info.digest.clone(),
        short_title: info.short_title.clone(),
        status: info.status.clone(),
        basis: info.basis.as_str().to_owned(),
        source: source(info),
        below: ruleset.layers.iter().rev().skip(1).map(source).collect(),
        in_force_from: info.in_force_from.0.clone(),
        in_force: format!("{} ({})", info.in_force_from.0, info.in_force_note.trim_end_matches('.')),
        code_facts: (code_facts_from(ruleset), info.code_facts_until.to_string()),
        rows: ruleset.rows.iter().map(|row| guideline_row(ruleset, row)).collect(),
        facts: ruleset
            .facts
            .iter()
            .map(|each| (each.id.clone(), fact(&each.label, &each.ask)))
            .chain([("diagnosis".to_owned(), fact(&ruleset.conflict.label, &ruleset.conflict.ask))])
            .collect(),
        indications: ruleset.indications.iter().map(|each| (each.id.clone(), indication(ruleset, each))).collect(),
        policy: policy(ruleset),
        open_questions: ruleset.open_questions.iter().map(|(id, text)| format!("{id}: {text}")).collect(),
    }
}

/// The first day of which the code lists know. Where ICD-9-CM is read it is older than any export is likely to be, and
/// not stated: codes from before 2002 have no first day.
fn code_facts_from(ruleset: &Ruleset) -> String {
    let nine = ruleset.lists.reads(crate::codes::CodeVersion::Icd9);
    if nine { String::new() } else { crate::codes::ICD10_START.to_string() }
}

fn source(info: &Info) -> Source {
    Source {
        title: info.source.title.clone(),
        citation: info.source.citation(),
        read: info.source.read.clone(),
        copyright: info.source.copyright.clone(),
    }
}

fn fact(label: &str, ask: &str) -> Fact {
    Fact { label: label.to_owned(), ask: ask.to_owned() }
}

fn indication(ruleset: &Ruleset, indication: &crate::rules::Indication) -> Indication {
    let codes = indication.matches.iter().map(|each| {
        let strength = match each.strength {
            Strength::Exact => "exact",
            Strength::Broad => "broad",
            Strength::Proxy => "proxy",
        };
        let lists: Vec<String> = each.lists.iter().map(|list| list_in_words(ruleset, *list)).collect();
        format!("{strength}: {}{}", lists.join(" with "), each.window_in_words())
    });
    Indication { label: indication.label.clone(), codes: codes.collect() }
}

fn guideline_row(ruleset: &Ruleset, row: &crate::rules::Row) -> GuidelineRow {
    GuidelineRow {
        id: row.id.clone(),
        indication: ruleset.indications[usize::from(row.indication)].id.clone(),
        label: row.label.clone(),
        recommendation: recommendation(row.recommendation).to_owned(),
        evidence: row.evidence.map(|class| class.as_str().to_owned()),
        statement: ruleset.statement_of(row).text.clone(),
        cited: ruleset.source_of(ruleset.statement_of(row)).short_title.clone(),
        basis: match row.basis {
            CitationBasis::Stated => "stated".to_owned(),
            CitationBasis::Interpreted => "interpreted".to_owned(),
        },
    }
}

/// The recommendation in the contract's words.
fn recommendation(recommendation: Recommendation) -> &'static str {
    crate::guideline::Determination::from(recommendation).as_str()
}

fn list_in_words(ruleset: &Ruleset, list: ListId) -> String {
    let list = ruleset.lists.get(list);
    let codes: Vec<String> = list
        .rows
        .iter()
        .map(|row| if row.kind == "prefix" { format!("{}-", row.code) } else { row.code.clone() })
        .collect();
    format!("{} ({})", list.id.replace('-', " "), codes.join(" "))
}

/// How the audit reads the guideline, from the policy that is in force.
fn policy(ruleset: &Ruleset) -> Vec<String> {
    let (flags, caps) = (&ruleset.policy.flags, &ruleset.policy.caps);
    let order: Vec<&str> = ruleset.policy.precedence.iter().map(|each| each.as_str()).collect();
    let mut lines = vec![format!(
        "Where definite rows disagree, the best supported governs ({}); the others are listed.",
        order.join(", then ")
    )];
    for each in Recommendation::ALL {
        lines.push(format!("A row that is {} has flag {}.", crate::assess::explanation::words(*each), flags.of(*each)));
    }
    lines.push(format!(
        "An open answer has flag {}, or {} if every possibility would be flagged.",
        flags.indeterminate, flags.indeterminate_all_flagged
    ));
    lines.push(format!(
        "Text that contradicts an exact code, or that weighs two rows against each other, has flag {}.",
        flags.conflict
    ));
    lines.push(format!(
        "An established use outside the statement has flag {}, another use {}, one beside a flagged or open row {}. Clear means outside this statement, never appropriate.",
        flags.other_use_established, flags.other_use_other, flags.other_use_beside_finding
    ));
    lines.push(format!(
        "Diagnoses of which the statement says nothing have flag {}, an order without a usable diagnosis {}.",
        flags.not_addressed, flags.no_diagnosis
    ));
    let grounds = [
        ("an answer that rests on proxy codes only", caps.proxy_only),
        ("an answer that rests on text without a diagnosis code", caps.text_without_diagnosis),
        ("an answer that rests on text without a supporting code", caps.text_without_supporting_code),
        ("a row that is a reading of the statement", caps.interpreted),
    ];
    for (ground, cap) in grounds {
        lines.push(format!("The flag of {ground} is at most {cap}."));
    }
    for (row, cap) in &caps.rows {
        lines.push(format!("The flag of the row {} is at most {cap}.", ruleset.rows[usize::from(*row)].id));
    }
    for (list, cap) in &caps.codes {
        lines.push(format!("The flag of what rests on {} alone is at most {cap}.", list_in_words(ruleset, *list)));
    }
    lines
}

/// Where each reason for being out of scope stands in the waterfall.
pub(super) fn exclusions() -> Vec<Exclusion> {
    let exclusion = |reason: OutOfScope, label: &str, step: ScopeStep| Exclusion {
        reason: reason.as_str().to_owned(),
        label: label.to_owned(),
        step,
        is_unidentified: matches!(
            reason,
            OutOfScope::UnclassifiedProduct | OutOfScope::NoProduct | OutOfScope::ProductUnreadable
        ),
    };
    vec![
        exclusion(OutOfScope::NotImmuneGlobulin, "another product or service", ScopeStep::NotImmuneGlobulin),
        exclusion(
            OutOfScope::OtherGlobulin,
            "another globulin (hyperimmune, intramuscular, anti-lymphocyte)",
            ScopeStep::NotImmuneGlobulin,
        ),
        exclusion(
            OutOfScope::UnclassifiedProduct,
            "could not be identified as immune globulin: an unclassified product code, and no NDC, name or text that tells",
            ScopeStep::NotImmuneGlobulin,
        ),
        exclusion(
            OutOfScope::Administration,
            "the service of giving a product, not the product",
            ScopeStep::NotImmuneGlobulin,
        ),
        exclusion(
            OutOfScope::NoProduct,
            "could not be identified as immune globulin: no product code, NDC or name",
            ScopeStep::NotImmuneGlobulin,
        ),
        exclusion(
            OutOfScope::ProductUnreadable,
            "could not be identified as immune globulin: a product cell that holds no code, and no name that tells",
            ScopeStep::NotImmuneGlobulin,
        ),
        exclusion(
            OutOfScope::NotALine,
            "another kind of record, as the layout tells: no order or claim line",
            ScopeStep::NotImmuneGlobulin,
        ),
        exclusion(OutOfScope::Subcutaneous, "given under the skin", ScopeStep::NotByVein),
    ]
}
