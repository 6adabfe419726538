//! Facts that an indication asks for: where each value comes from, what is presumed, and what to ask for.

use super::sheet::Sheet;
use super::{list_name, sentence};
use crate::rules::phrase::Meaning;
use crate::rules::ruleset::{Fact, Indication, Presumption, Ruleset};

pub(super) fn write(sheet: &mut Sheet, ruleset: &Ruleset, indication: &Indication) {
    let conditions = ruleset.rows[indication.rows.clone()]
        .iter()
        .map(|row| &row.when)
        .chain(indication.matches.iter().map(|each| &each.requires))
        .chain(indication.names.iter().map(|names| &names.requires));
    let mut asked: Vec<u8> = conditions.flat_map(|condition| condition.terms.iter().map(|term| term.0)).collect();
    asked.sort_unstable();
    asked.dedup();
    sheet.heading("What is asked besides");
    if asked.is_empty() {
        sheet.paragraph(0, "Nothing: whatever brings it up settles it.");
    }
    for index in asked {
        let fact = &ruleset.facts[usize::from(index)];
        sheet.gap();
        sheet.paragraph(0, &format!("{}:", sentence(&fact.label)));
        for value in 0..fact.values.len() as u8 {
            sheet.item(2, &fact.value_labels[usize::from(value)]);
            for source in sources(ruleset, index, fact, value) {
                sheet.paragraph(6, &source);
            }
        }
        sheet.paragraph(2, &format!("If it stays open, the reviewer is asked for {}.", fact.ask));
    }
}

/// Where a value comes from, each a sentence.
fn sources(ruleset: &Ruleset, index: u8, fact: &Fact, value: u8) -> Vec<String> {
    let mut found = Vec::new();
    let coded = fact.codes.iter().filter(|(_, given)| *given == value);
    let coded: Vec<String> = coded.map(|(list, _)| list_name(ruleset, *list)).collect();
    if !coded.is_empty() {
        found.push(format!("Stated by a code of: {}.", coded.join("; ")));
    }
    for (from, below, _) in fact.ages.iter().filter(|(_, _, given)| *given == value) {
        let from = from.map(|age| format!("from {age} years"));
        let below = below.map(|age| format!("below {age} years"));
        found.push(format!("Stated by an age {}.", from.into_iter().chain(below).collect::<Vec<_>>().join(" and ")));
    }
    let named: Vec<&str> = fact
        .named
        .iter()
        .filter(|(_, given)| *given == value)
        .map(|(indication, _)| ruleset.indications[usize::from(*indication)].label.as_str())
        .collect();
    if !named.is_empty() {
        found.push(format!("Where the text names: {}.", named.join("; ")));
    }
    let said = phrases(
        ruleset,
        |meaning| matches!(meaning, Meaning::Fact { fact, value: given, .. } if *fact == index && *given == value),
    );
    if !said.is_empty() {
        found.push(format!("Where the text says: {}.", said.join("; ")));
    }
    let taken_back = phrases(
        ruleset,
        |meaning| matches!(meaning, Meaning::Fact { fact, negated, .. } if *fact == index && *negated == Some(value)),
    );
    if !taken_back.is_empty() {
        found.push(format!("Where the text says no to: {}.", taken_back.join("; ")));
    }
    found.extend(fact.defaults.iter().filter(|default| default.value == value).map(|each| presumed(ruleset, each)));
    found
}

fn phrases(ruleset: &Ruleset, is_it: impl Fn(&Meaning) -> bool) -> Vec<&str> {
    ruleset.phrases.all().filter(|(_, meanings)| meanings.iter().any(&is_it)).map(|(phrase, _)| phrase).collect()
}

fn presumed(ruleset: &Ruleset, default: &Presumption) -> String {
    let mut only = Vec::new();
    only.extend(default.codes.map(|list| format!("beside a code of {}", list_name(ruleset, list))));
    only.extend(default.from.map(|day| format!("for service from {day}")));
    only.extend(default.until.map(|day| format!("for service until {day}")));
    let only = if only.is_empty() { String::new() } else { format!(", {}", only.join(", ")) };
    let verb = if default.silent { "Taken" } else { "Presumed" };
    format!("{verb} if nothing else is said{only}: {}.", default.note.trim_end_matches('.'))
}
