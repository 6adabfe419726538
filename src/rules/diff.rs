//! What differs between two rulesets: rows, the codes behind indications, words, and the policy. Compared by id, since
//! ids are for ever.

use std::collections::{BTreeMap, BTreeSet};

use super::condition::Condition;
use super::list::CodeLists;
use super::phrase::Meaning;
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

/// What came to something, and what went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetChange {
    /// Of what: "codes of cidp", "sources of mg-course", "cues of the text".
    pub of: String,
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
    /// Codes, words and refinements of indications that stand in both, sources of facts, cues, lists, questions.
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
    let (before, after) = (sets(old), sets(new));
    let nothing = BTreeSet::new();
    let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let sets = all.into_iter().filter_map(|of| {
        let (one, other) = (before.get(of).unwrap_or(&nothing), after.get(of).unwrap_or(&nothing));
        let added: Vec<String> = other.difference(one).cloned().collect();
        let gone: Vec<String> = one.difference(other).cloned().collect();
        (one != other).then(|| SetChange { of: of.clone(), added, gone })
    });
    RulesetDiff { rows: rows.collect(), sets: sets.collect(), policy: policy(old, new) }
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

/// Everything beside rows and policy that decides, by what it belongs to.
fn sets(ruleset: &Ruleset) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for indication in &ruleset.indications {
        let id = &indication.id;
        all.insert(format!("codes of {id}"), codes(ruleset, indication));
        let refines = indication.refines.iter().map(|other| ruleset.indications[usize::from(*other)].id.clone());
        all.insert(format!("what {id} refines"), refines.collect());
        let meant = indication.not_addressed.iter().map(|each| in_words(&condition(ruleset, each)));
        all.insert(format!("what {id} leaves out"), meant.collect());
        all.insert(format!("notes of {id}"), indication.notes.iter().map(|note| note.text.clone()).collect());
    }
    for fact in &ruleset.facts {
        let sources = all.entry(format!("sources of {}", fact.id)).or_default();
        let value = |value: u8| &fact.values[usize::from(value)];
        let list = |list: super::list::ListId| &ruleset.lists.get(list).id;
        sources.extend(fact.codes.iter().map(|(of, gives)| format!("codes {}: {}", list(*of), value(*gives))));
        sources.extend(
            fact.ages.iter().map(|(from, below, gives)| format!("age {from:?} to {below:?}: {}", value(*gives))),
        );
        let name = |of: u16| &ruleset.indications[usize::from(of)].id;
        sources.extend(fact.named.iter().map(|(of, gives)| format!("named {}: {}", name(*of), value(*gives))));
        let presumed = |each: &super::ruleset::Presumption| {
            let where_ = each.codes.map_or_else(String::new, |codes| format!(" with {}", list(codes)));
            let when = [("from", each.from), ("until", each.until)];
            let when: String = when.iter().filter_map(|(word, day)| day.map(|day| format!(" {word} {day}"))).collect();
            format!("presumed{where_}{when}: {}", value(each.value))
        };
        sources.extend(fact.defaults.iter().map(presumed));
    }
    for (phrase, meanings) in ruleset.phrases.all() {
        for meaning in meanings {
            let of = match meaning {
                Meaning::Name { indication, .. } => {
                    format!("words of {}", ruleset.indications[usize::from(*indication)].id)
                }
                Meaning::Fact { fact, value, .. } => {
                    let fact = &ruleset.facts[usize::from(*fact)];
                    format!("words for {} = {}", fact.id, fact.values[usize::from(*value)])
                }
                Meaning::Cue(kind) => format!("cues: {kind:?}"),
                Meaning::Context | Meaning::Product(_) => continue,
            };
            all.entry(of).or_default().insert(phrase.to_owned());
        }
    }
    all.insert("open questions".to_owned(), ruleset.open_questions.iter().map(|(id, _)| id.clone()).collect());
    all
}

/// Every code or combination of lists that brings an indication up: how closely it stands for it, what it requires,
/// and when.
fn codes(ruleset: &Ruleset, indication: &Indication) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for each in &indication.matches {
        let strength = match each.strength {
            Strength::Exact => "exact",
            Strength::Broad => "broad",
            Strength::Proxy => "proxy",
        };
        let requires = in_words(&condition(ruleset, &each.requires));
        let requires = if requires.is_empty() { requires } else { format!(" where {requires}") };
        let how = format!("{strength}{requires}{}", each.window_in_words());
        if let [only] = each.lists[..] {
            all.extend(codes_of(&ruleset.lists, only).map(|code| format!("{code} {how}")));
        } else {
            let lists: Vec<&str> = each.lists.iter().map(|list| ruleset.lists.get(*list).id.as_str()).collect();
            all.insert(format!("{} {how}", lists.join(" with ")));
        }
    }
    all
}

fn in_words(terms: &[(String, String)]) -> String {
    terms.iter().map(|(fact, value)| format!("{fact} = {value}")).collect::<Vec<_>>().join(", ")
}

fn codes_of(lists: &CodeLists, list: super::list::ListId) -> impl Iterator<Item = String> {
    lists.get(list).rows.iter().map(|row| match row.kind.as_str() {
        "prefix" => format!("{}-", row.code),
        _ => row.code.clone(),
    })
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
