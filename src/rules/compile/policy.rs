//! What a ruleset is and how it flags, from the layers that say so: what the top layer leaves out is that of the
//! layer below.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::IntoDeserializer;

use super::Page;
use super::layer::{Layer, row_ids, topmost};
use crate::guideline::{Flag, Recommendation};
use crate::rules::error::{Problem, accepted};
use crate::rules::file::CapsFile;
use crate::rules::list::{CodeLists, ListId, ListSet};
use crate::rules::ruleset::{Caps, Conflict, Flags, Info, Policy, Row};

/// Precedence, flags and caps. A problem is reported against the top layer's file.
pub(super) fn policy(
    layers: &[Layer<'_>],
    lists: &CodeLists,
    rows: &[Row],
    problems: &mut Vec<Problem>,
) -> Option<Policy> {
    let top = layers.last()?;
    let file = top.ruleset.path;
    let Some((layer, precedence)) = topmost(layers, |file| file.policy.precedence.as_ref()) else {
        problems.push(Problem::new(file, None, "[policy] has no `precedence`"));
        return None;
    };
    let complete = precedence.get_ref().len() == Recommendation::ALL.len()
        && Recommendation::ALL.iter().all(|each| precedence.get_ref().contains(each));
    if !complete {
        let message = format!("accepted is each of {} once", accepted(Recommendation::ALL.iter().map(|r| r.as_str())));
        problems.push(Problem::at(layer.ruleset.path, layer.ruleset.text, &precedence.span(), message));
    }
    let mut cases: BTreeMap<String, String> = BTreeMap::new();
    for layer in layers {
        cases.extend(layer.ruleset.file.policy.flag.clone());
    }
    let flags: Result<Flags, serde::de::value::Error> = Flags::deserialize(cases.into_deserializer());
    let flags = flags.map_err(|error| problems.push(Problem::new(file, None, format!("[policy.flag]: {error}")))).ok();
    let caps = caps(layers, lists, rows, problems);
    Some(Policy { precedence: precedence.get_ref().clone(), flags: flags?, caps: caps? })
}

fn caps(layers: &[Layer<'_>], lists: &CodeLists, rows: &[Row], problems: &mut Vec<Problem>) -> Option<Caps> {
    let path = layers.last()?.ruleset.path;
    let mut ground = |name: &str, given: fn(&CapsFile) -> Option<Flag>| {
        let found = layers.iter().rev().find_map(|layer| given(&layer.ruleset.file.policy.cap));
        if found.is_none() {
            problems.push(Problem::new(path, None, format!("[policy.cap] has no `{name}`")));
        }
        found
    };
    let proxy_only = ground("proxy-only", |caps| caps.proxy_only);
    let text_without_diagnosis = ground("text-without-diagnosis", |caps| caps.text_without_diagnosis);
    let text_without_supporting_code = ground("text-without-supporting-code", |caps| caps.text_without_supporting_code);
    let interpreted = ground("interpreted", |caps| caps.interpreted);
    let mut capped_rows: Vec<(u16, Flag)> = Vec::new();
    let mut capped_codes: Vec<(ListId, Flag)> = Vec::new();
    for (at, layer) in layers.iter().enumerate() {
        let (path, text) = (layer.ruleset.path, layer.ruleset.text);
        let mut page = Page { path, text, problems: &mut *problems };
        let gone = gone(layers, at, rows);
        for (name, flag) in layer.ruleset.file.policy.cap.rows.iter().filter(|(name, _)| !gone(name.get_ref())) {
            if let Some(at) = page.lookup("row", name, rows.iter().map(|row| row.id.as_str())) {
                capped_rows.retain(|(row, _)| usize::from(*row) != at);
                capped_rows.push((at as u16, *flag));
            }
        }
        for (name, flag) in &layer.ruleset.file.policy.cap.codes {
            if let Some(list) = page.list(lists, name) {
                capped_codes.retain(|(other, _)| *other != list);
                capped_codes.push((list, *flag));
            }
        }
    }
    Some(Caps {
        proxy_only: proxy_only?,
        text_without_diagnosis: text_without_diagnosis?,
        text_without_supporting_code: text_without_supporting_code?,
        interpreted: interpreted?,
        rows: capped_rows,
        codes: capped_codes,
    })
}

/// Tells whether a row that a layer may name was taken out by it or by a layer above. What is said of such a row is
/// passed over: whoever takes it out cannot change the file that names it.
fn gone<'l>(layers: &'l [Layer<'_>], at: usize, rows: &'l [Row]) -> impl Fn(&str) -> bool + 'l {
    let below = row_ids(&layers[..at]);
    let own = layers[at].indications.iter().flat_map(|each| &each.file.rows).map(|row| row.id.get_ref().as_str());
    let nameable: Vec<&str> = below.into_iter().chain(own).collect();
    move |name| nameable.contains(&name) && !rows.iter().any(|row| row.id == name)
}

/// The two tiers of uses outside the statement. A list that a higher layer names in one tier leaves the other.
pub(super) fn outside(layers: &[Layer<'_>], lists: &CodeLists, problems: &mut Vec<Problem>) -> (ListSet, ListSet) {
    let (mut established, mut other) = (ListSet::default(), ListSet::default());
    for layer in layers {
        let (path, text) = (layer.ruleset.path, layer.ruleset.text);
        let mut page = Page { path, text, problems: &mut *problems };
        let named_established = page.list_set(lists, &layer.ruleset.file.outside.established);
        let named_other = page.list_set(lists, &layer.ruleset.file.outside.other);
        established = established.without(named_other).union(named_established);
        other = other.without(named_established).union(named_other);
    }
    (established, other)
}

/// What would settle a contradiction, from the highest layer that says so.
pub(super) fn conflict(layers: &[Layer<'_>], problems: &mut Vec<Problem>) -> Option<Conflict> {
    let found = topmost(layers, |file| file.conflict.as_ref()).map(|(_, conflict)| conflict.clone());
    if let (None, Some(top)) = (&found, layers.last()) {
        problems.push(Problem::new(top.ruleset.path, None, "[conflict] is missing"));
    }
    found
}

/// What the layer at the end of `layers` is.
pub(super) fn info(layers: &[Layer<'_>], digest: String, problems: &mut Vec<Problem>) -> Option<Info> {
    let top = layers.last()?;
    let (path, own) = (top.ruleset.path, &top.ruleset.file);
    let mut missing = |what: &str| problems.push(Problem::new(path, None, format!("`{what}` is missing")));
    let source = topmost(layers, |file| file.source.as_ref()).map(|(_, source)| source.clone());
    if source.is_none() {
        missing("[source]");
    }
    let month = topmost(layers, |file| file.in_force_from.as_ref());
    if month.is_none() {
        missing("in-force-from");
    }
    let (layer, month) = month?;
    let first_day: NaiveDate =
        format!("{}-01", month.get_ref()).parse().or_else(|_| month.get_ref().parse()).unwrap_or_else(|_| {
            let message = "in-force-from: accepted is a month YYYY-MM or a day YYYY-MM-DD";
            problems.push(Problem::at(layer.ruleset.path, layer.ruleset.text, &month.span(), message));
            NaiveDate::MIN
        });
    Some(Info {
        id: own.id.get_ref().clone(),
        version: own.version.clone(),
        title: own.title.clone(),
        short_title: own.short_title.clone(),
        basis: own.basis,
        status: own.status.clone(),
        in_force_from: (month.get_ref().clone(), first_day),
        in_force_note: topmost(layers, |file| file.in_force_note.as_ref())
            .map_or_else(String::new, |(_, note)| note.clone()),
        code_facts_until: topmost(layers, |file| file.code_facts_until.as_ref())
            .map_or(NaiveDate::MAX, |(_, day)| *day),
        source: source?,
        review: own.review.clone(),
        extends: own.extends.as_ref().map(|base| base.get_ref().clone()),
        digest,
    })
}
