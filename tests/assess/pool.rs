//! What random orders are made of, taken from the loaded ruleset: codes of its lists, its phrases, its facts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ivig_audit::rules::{CueKind, ListId, Meaning, RuleFiles};
use proptest::prelude::*;

use crate::bench::{Bench, RULES};
use crate::properties::any_date;

/// Codes by list id, as an order would carry them: billable, with the dot.
pub static CODES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let files = RuleFiles::builtin();
    let valid: Vec<&str> = files
        .below("codes/valid")
        .flat_map(|(_, text)| text.lines().skip(1))
        .filter(|line| line.split(',').nth(1) == Some("1"))
        .filter_map(|line| line.split(',').next())
        .collect();
    let children = |prefix: &str| -> Vec<String> {
        valid.iter().filter(|code| code.starts_with(prefix)).map(|code| (*code).to_owned()).collect()
    };
    let of_list = |list: &ivig_audit::rules::CodeList| -> Vec<String> {
        let rows = list.rows.iter().filter(|row| row.system == "icd10cm");
        rows.flat_map(|row| match (row.kind.as_str(), children(&row.code)) {
            ("prefix", children) if !children.is_empty() => children,
            _ => vec![row.code.clone()],
        })
        .collect()
    };
    RULES.lists.all().map(|list| (list.id.clone(), of_list(list))).filter(|(_, codes)| !codes.is_empty()).collect()
});

/// Codes of lists that bring up an indication, each list alike.
static LISTS_OF_INDICATIONS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let matches = RULES.indications.iter().flat_map(|each| &each.matches);
    matches.flat_map(|each| &each.lists).map(|list| codes_of(*list)).filter(|codes| !codes.is_empty()).collect()
});

/// Codes of any list, each list alike.
static ALL_LISTS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| CODES.values().cloned().collect());

/// Phrases that name an indication or give a fact.
static TELLING: LazyLock<Vec<String>> = LazyLock::new(|| phrases(|each| !matches!(each, Meaning::Cue(_))));

/// Words that change what others say.
static CUES: LazyLock<Vec<String>> = LazyLock::new(|| phrases(|each| matches!(each, Meaning::Cue(_))));

/// A word by which the text negates the next phrase.
pub static NEGATION: LazyLock<String> = LazyLock::new(|| {
    let all = phrases(|each| matches!(each, Meaning::Cue(CueKind::NegationBefore)));
    all.into_iter().min_by_key(String::len).expect("the rules know a negation")
});

fn phrases(wanted: fn(&Meaning) -> bool) -> Vec<String> {
    let all = RULES.phrases.all().filter(|(_, meanings)| meanings.iter().any(wanted));
    all.map(|(phrase, _)| phrase.to_owned()).collect()
}

/// The codes of a list.
pub fn codes_of(list: ListId) -> Vec<String> {
    CODES.get(&RULES.lists.get(list).id).cloned().unwrap_or_default()
}

/// A code of one of some lists, each list alike.
fn any_code(lists: &'static [Vec<String>]) -> impl Strategy<Value = String> {
    prop::sample::select(lists).prop_flat_map(prop::sample::select)
}

/// An order of codes, phrases, an age and a day of the rules' own.
pub fn any_order() -> impl Strategy<Value = Bench> {
    let code = || prop_oneof![4 => any_code(&LISTS_OF_INDICATIONS), 1 => any_code(&ALL_LISTS)];
    let piece = || prop_oneof![6 => prop::sample::select(&TELLING[..]), 1 => prop::sample::select(&CUES[..])];
    let text = prop::collection::vec((piece(), prop::sample::select(&["; ", " ", ", ", ". "][..])), 0..5);
    (prop::collection::vec(code(), 0..4), text, prop::option::of(0..90), any_date()).prop_map(
        |(codes, pieces, age, date)| {
            let mut bench = Bench::dx(&codes.join(" "));
            bench.text = pieces.iter().flat_map(|(piece, stop)| [piece.as_str(), *stop]).collect();
            (bench.age, bench.date) = (age, date);
            bench
        },
    )
}
