//! `facts.toml`: named closed sets of values, their sources and presumptions.

use toml::Spanned;

use super::Page;
use crate::rules::condition::Condition;
use crate::rules::error::accepted;
use crate::rules::file::{self, FactDefaultFile, FactFile, FactSourceFile, FactsFile, SaidOf};
use crate::rules::list::{CodeLists, ListId};
use crate::rules::phrase::{Folded, Meaning, PhraseCollector, Place};
use crate::rules::ruleset::{Fact, Presumption};

/// The most facts of a ruleset.
const FACTS_MAX: usize = 255;

/// The most values a fact may have.
const VALUES_MAX: usize = 8;

/// What the sources of facts may name.
pub(super) struct Names<'a> {
    pub lists: &'a CodeLists,
    pub indications: &'a [String],
    /// Indications that a layer takes out; a source that names one gives nothing.
    pub dropped: &'a [String],
}

/// Compiles one layer's facts into those of the layers below. A fact that stands there already gets the sources that
/// are written here besides its own, and, if there are any here, these defaults instead of its own.
pub(super) fn compile(
    page: &mut Page<'_>,
    file: &FactsFile,
    names: &Names<'_>,
    phrases: &mut PhraseCollector,
    facts: &mut Vec<Fact>,
) {
    let below = facts.len();
    for written in &file.facts {
        let found = facts.iter().position(|fact| &fact.id == written.id.get_ref());
        if found.is_some_and(|at| at >= below) {
            page.problem(&written.id, "the fact is defined twice; accepted is one definition an id");
            continue;
        }
        let index = found.unwrap_or(facts.len());
        if found.is_none() {
            if facts.len() == FACTS_MAX {
                page.problem(&written.id, format!("at most {FACTS_MAX} facts are accepted"));
                return;
            }
            let Some(fact) = definition(page, written) else { continue };
            facts.push(fact);
        } else if !written.defaults.is_empty() {
            facts[index].defaults.clear();
        }
        let fact = &mut facts[index];
        if found.is_some() {
            fact.own_words.extend(written.own_words.iter().cloned());
            fact.plain_words.extend(written.plain_words.iter().cloned());
        }
        for event in &written.events {
            fact.events |= value(page, fact, &written.id, event).map_or(0, |value| 1 << value);
        }
        for source in &written.sources {
            add_source(page, fact, source, index as u8, names, phrases);
        }
        for default in &written.defaults {
            if let Some(presumption) = presumption(page, fact, default, names) {
                fact.defaults.push(presumption);
            }
        }
    }
}

/// What a fact is, without its sources.
fn definition(page: &mut Page<'_>, written: &FactFile) -> Option<Fact> {
    let (Some(label), Some(ask), Some(values)) = (&written.label, &written.ask, &written.values) else {
        page.problem(
            &written.id,
            "a fact has `label`, `ask`, `values` and `value-labels`, unless a ruleset below has it",
        );
        return None;
    };
    if values.get_ref().len() < 2
        || values.get_ref().len() > VALUES_MAX
        || written.value_labels.len() != values.get_ref().len()
    {
        page.problem(values, format!("accepted are 2 to {VALUES_MAX} values with one label each"));
        return None;
    }
    Some(Fact {
        id: written.id.get_ref().clone(),
        label: label.clone(),
        ask: ask.clone(),
        values: values.get_ref().clone(),
        value_labels: written.value_labels.clone(),
        events: 0,
        own_words: written.own_words.clone(),
        plain_words: written.plain_words.clone(),
        codes: Vec::new(),
        ages: Vec::new(),
        named: Vec::new(),
        defaults: Vec::new(),
    })
}

fn value<T>(page: &mut Page<'_>, fact: &Fact, at: &Spanned<T>, name: &str) -> Option<u8> {
    let found = fact.values.iter().position(|value| value == name);
    if found.is_none() {
        page.problem(
            at,
            format!(
                "unknown value `{name}` of fact `{}`; accepted are {}",
                fact.id,
                accepted(fact.values.iter().map(String::as_str))
            ),
        );
    }
    found.map(|at| at as u8)
}

fn list<T>(page: &mut Page<'_>, names: &Names<'_>, at: &Spanned<T>, id: &str) -> Option<ListId> {
    let found = names.lists.find(id);
    if found.is_none() {
        page.problem(
            at,
            format!(
                "unknown code list `{id}`; accepted are {}",
                accepted(names.lists.all().map(|list| list.id.as_str()))
            ),
        );
    }
    found
}

fn add_source(
    page: &mut Page<'_>,
    fact: &mut Fact,
    at: &Spanned<FactSourceFile>,
    index: u8,
    names: &Names<'_>,
    phrases: &mut PhraseCollector,
) {
    let source = at.get_ref();
    let Some(given) = value(page, fact, at, &source.value) else { return };
    let negated = source.negated_value.as_deref().and_then(|name| value(page, fact, at, name));
    let kinds = [
        source.codes.is_some(),
        !source.phrases.is_empty(),
        source.age_from.is_some() || source.age_below.is_some(),
        source.named.is_some(),
    ];
    if kinds.iter().filter(|given| **given).count() != 1 {
        page.problem(at, "a source has one of `codes`, `phrases`, `age-from`/`age-below` or `named`");
        return;
    }
    if let Some(list) = source.codes.as_deref().and_then(|id| list(page, names, at, id)) {
        fact.codes.push((list, given));
    }
    if source.age_from.is_some() || source.age_below.is_some() {
        fact.ages.push((source.age_from, source.age_below, given));
    }
    if let Some(name) = &source.named {
        fact.named.extend(indication(page, names, at, name).map(|indication| (indication, given)));
    }
    let place = match (source.said_of, &source.behind) {
        (Some(SaidOf::Next), _) => Place::OfNext,
        (Some(SaidOf::Previous), _) => Place::OfPrevious,
        (None, None) => Place::Anywhere,
        (None, Some(name)) => match indication(page, names, at, name) {
            Some(indication) => Place::Behind(indication),
            None => return,
        },
    };
    for phrase in &source.phrases {
        let folded = Folded::new(phrase).text;
        if &folded != phrase || folded.is_empty() {
            page.problem(
                at,
                format!("the phrase `{phrase}` would never be found; accepted is its folded form `{folded}`"),
            );
        }
        phrases.add(phrase, Meaning::Fact { place, fact: index, value: given, negated });
    }
}

/// The index of an indication that a source names; none if a layer takes it out, or if there is none.
fn indication(page: &mut Page<'_>, names: &Names<'_>, at: &Spanned<FactSourceFile>, name: &str) -> Option<u16> {
    let found = names.indications.iter().position(|id| id == name);
    if found.is_none() && !names.dropped.iter().any(|dropped| dropped == name) {
        let known = accepted(names.indications.iter().map(String::as_str));
        page.problem(at, format!("unknown indication `{name}`; accepted are {known}"));
    }
    found.map(|indication| indication as u16)
}

fn presumption(
    page: &mut Page<'_>,
    fact: &Fact,
    at: &Spanned<FactDefaultFile>,
    names: &Names<'_>,
) -> Option<Presumption> {
    let default = at.get_ref();
    let value = value(page, fact, at, &default.value)?;
    let codes = match &default.codes {
        Some(id) => Some(list(page, names, at, id)?),
        None => None,
    };
    Some(Presumption {
        value,
        codes,
        from: default.from,
        until: default.until,
        silent: default.silent,
        firm: default.firm,
        note: default.note.clone(),
    })
}

/// Compiles `fact = "value"` pairs.
pub(super) fn condition(page: &mut Page<'_>, facts: &[Fact], written: Option<&file::Condition>) -> Condition {
    let mut terms = Vec::new();
    let Some(written) = written else { return Condition::default() };
    for (name, wanted) in written.get_ref() {
        let Some(index) = facts.iter().position(|fact| &fact.id == name) else {
            page.problem(
                written,
                format!("unknown fact `{name}`; accepted are {}", accepted(facts.iter().map(|fact| fact.id.as_str()))),
            );
            continue;
        };
        if let Some(value) = value(page, &facts[index], written, wanted) {
            terms.push((index as u8, value));
        }
    }
    terms.sort_unstable();
    Condition { terms }
}
