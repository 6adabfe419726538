//! What differs between two rulesets: rows, the codes behind indications, words, and the policy. Compared by id, since
//! ids are for ever.

use std::collections::BTreeSet;

use super::condition::Condition;
use super::list::CodeLists;
use super::ruleset::{Indication, Row, Ruleset, Strength};
use crate::guideline::{EvidenceClass, Recommendation};

/// What a row says, as far as two rulesets can be compared in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowSays {
    /// Id of its indication.
    pub indication: String,
    /// Name for people.
    pub label: String,
    /// What the guideline says.
    pub recommendation: Recommendation,
    /// The class of evidence, if the statement gives one.
    pub evidence: Option<EvidenceClass>,
    /// When it applies: fact and value ids.
    pub when: Vec<(String, String)>,
    /// The words it cites.
    pub statement: String,
}

/// A row that differs: what it says in the old ruleset and in the new, `None` where it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// Row id.
    pub id: String,
    /// In the old ruleset.
    pub old: Option<RowSays>,
    /// In the new one.
    pub new: Option<RowSays>,
}

/// What came to an indication, and what went, of one kind: codes or words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetChange {
    /// Indication id.
    pub indication: String,
    /// `codes` or `words`.
    pub kind: &'static str,
    /// In the new ruleset only.
    pub added: Vec<String>,
    /// In the old one only.
    pub gone: Vec<String>,
}

/// All that differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RulesetDiff {
    /// Rows, by id.
    pub rows: Vec<RowChange>,
    /// Codes and words of indications that stand in both.
    pub sets: Vec<SetChange>,
    /// Policy: the case, its old and its new value.
    pub policy: Vec<(String, String, String)>,
}

impl RulesetDiff {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.sets.is_empty() && self.policy.is_empty()
    }
}

/// Compares two rulesets.
#[must_use]
pub fn diff(old: &Ruleset, new: &Ruleset) -> RulesetDiff {
    let ids: BTreeSet<&str> = old.rows.iter().chain(&new.rows).map(|row| row.id.as_str()).collect();
    let rows = ids.into_iter().filter_map(|id| {
        let (before, after) = (old.row(id).map(|row| says(old, row)), new.row(id).map(|row| says(new, row)));
        (before != after).then(|| RowChange { id: id.to_owned(), old: before, new: after })
    });
    let mut sets = Vec::new();
    for (at, indication) in old.indications.iter().enumerate() {
        let Some(other) = new.indications.iter().position(|each| each.id == indication.id) else { continue };
        let codes = (codes(old, indication), codes(new, &new.indications[other]));
        let words = (words(old, at), words(new, other));
        for (kind, (before, after)) in [("codes", codes), ("words", words)] {
            let added: Vec<String> = after.difference(&before).cloned().collect();
            let gone: Vec<String> = before.difference(&after).cloned().collect();
            if !added.is_empty() || !gone.is_empty() {
                sets.push(SetChange { indication: indication.id.clone(), kind, added, gone });
            }
        }
    }
    RulesetDiff { rows: rows.collect(), sets, policy: policy(old, new) }
}

fn says(ruleset: &Ruleset, row: &Row) -> RowSays {
    RowSays {
        indication: ruleset.indications[usize::from(row.indication)].id.clone(),
        label: row.label.clone(),
        recommendation: row.recommendation,
        evidence: row.evidence,
        when: condition(ruleset, &row.when),
        statement: ruleset.statement_of(row).text.clone(),
    }
}

fn condition(ruleset: &Ruleset, condition: &Condition) -> Vec<(String, String)> {
    let term = |(fact, value): &(u8, u8)| {
        let fact = &ruleset.facts[usize::from(*fact)];
        (fact.id.clone(), fact.values[usize::from(*value)].clone())
    };
    condition.terms.iter().map(term).collect()
}

/// Every code or combination of lists that brings an indication up, with how closely it stands for it.
fn codes(ruleset: &Ruleset, indication: &Indication) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for each in &indication.matches {
        let strength = match each.strength {
            Strength::Exact => "exact",
            Strength::Broad => "broad",
            Strength::Proxy => "proxy",
        };
        if let [only] = each.lists[..] {
            all.extend(codes_of(&ruleset.lists, only).map(|code| format!("{code} {strength}")));
        } else {
            let lists: Vec<&str> = each.lists.iter().map(|list| ruleset.lists.get(*list).id.as_str()).collect();
            all.insert(format!("{} {strength}", lists.join(" with ")));
        }
    }
    all
}

fn codes_of(lists: &CodeLists, list: super::list::ListId) -> impl Iterator<Item = String> {
    lists.get(list).rows.iter().map(|row| match row.kind.as_str() {
        "prefix" => format!("{}-", row.code),
        _ => row.code.clone(),
    })
}

fn words(ruleset: &Ruleset, indication: usize) -> BTreeSet<String> {
    let names = |meaning: &super::phrase::Meaning| matches!(meaning, super::phrase::Meaning::Name { indication: own, .. } if usize::from(*own) == indication);
    let all = ruleset.phrases.all().filter(|(_, meanings)| meanings.iter().any(names));
    all.map(|(phrase, _)| phrase.to_owned()).collect()
}

fn policy(old: &Ruleset, new: &Ruleset) -> Vec<(String, String, String)> {
    let (before, after) = (policy_of(old), policy_of(new));
    let cases: BTreeSet<&String> = before.iter().chain(&after).map(|(case, _)| case).collect();
    let value = |all: &[(String, String)], case: &String| {
        all.iter().find(|(other, _)| other == case).map_or_else(|| "not set".to_owned(), |(_, value)| value.clone())
    };
    let changed = cases.into_iter().map(|case| (case.clone(), value(&before, case), value(&after, case)));
    changed.filter(|(_, before, after)| before != after).collect()
}

fn policy_of(ruleset: &Ruleset) -> Vec<(String, String)> {
    let (flags, caps) = (&ruleset.policy.flags, &ruleset.policy.caps);
    let precedence: Vec<&str> = ruleset.policy.precedence.iter().map(|each| each.as_str()).collect();
    let tier = |lists: super::list::ListSet| {
        lists.iter().map(|list| ruleset.lists.get(list).id.clone()).collect::<Vec<_>>().join(", ")
    };
    let mut all = vec![
        ("precedence".to_owned(), precedence.join(", ")),
        ("outside: established".to_owned(), tier(ruleset.outside_established)),
        ("outside: other".to_owned(), tier(ruleset.outside_other)),
    ];
    let flagged = [
        ("recommended", flags.recommended),
        ("consider", flags.consider),
        ("insufficient-evidence", flags.insufficient_evidence),
        ("not-recommended", flags.not_recommended),
        ("not-addressed", flags.not_addressed),
        ("no-diagnosis", flags.no_diagnosis),
        ("indeterminate-all-flagged", flags.indeterminate_all_flagged),
        ("indeterminate", flags.indeterminate),
        ("other-use-established", flags.other_use_established),
        ("other-use-other", flags.other_use_other),
        ("other-use-beside-finding", flags.other_use_beside_finding),
        ("conflict", flags.conflict),
    ];
    all.extend(flagged.map(|(case, flag)| (format!("flag of {case}"), flag.to_string())));
    let capped = [
        ("proxy-only", caps.proxy_only),
        ("text-without-diagnosis", caps.text_without_diagnosis),
        ("text-without-supporting-code", caps.text_without_supporting_code),
        ("interpreted", caps.interpreted),
    ];
    all.extend(capped.map(|(case, flag)| (format!("at most, when {case}"), flag.to_string())));
    let row =
        |(row, flag): &(u16, _)| (format!("at most, on row {}", ruleset.rows[usize::from(*row)].id), format!("{flag}"));
    all.extend(caps.rows.iter().map(row));
    let codes =
        |(list, flag): &(_, _)| (format!("at most, on codes of {}", ruleset.lists.get(*list).id), format!("{flag}"));
    all.extend(caps.codes.iter().map(codes));
    all
}
