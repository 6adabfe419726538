//! Diagnosis codes that bring an indication up, alone or together.

use super::sheet::Sheet;
use super::{condition, list_name, sentence, short_code};
use crate::rules::list::{ListId, ListRow};
use crate::rules::ruleset::{Indication, Match, Ruleset, Strength};

pub(super) fn write(sheet: &mut Sheet, ruleset: &Ruleset, indication: &Indication) {
    sheet.heading("Diagnosis codes");
    if indication.matches.is_empty() {
        sheet.paragraph(0, "No code brings it up; only the text of an order can.");
    }
    let (together, alone): (Vec<&Match>, Vec<&Match>) =
        indication.matches.iter().partition(|each| each.is_combination());
    for each in alone {
        write_match(sheet, ruleset, each, stands_for(each.strength));
    }
    if !together.is_empty() {
        sheet.heading("Codes that mean it together");
    }
    for each in together {
        let groups: Vec<String> = each.lists.iter().map(|list| list_name(ruleset, *list)).collect();
        let lead = format!(
            "One code of each of these groups on the same order, in any order: {}. {}",
            groups.join("; "),
            taken(each.strength)
        );
        write_match(sheet, ruleset, each, &lead);
    }
}

fn stands_for(strength: Strength) -> &'static str {
    match strength {
        Strength::Exact => "The code means this and nothing else:",
        Strength::Broad => "The code means this and other things as well:",
        Strength::Proxy => "The code only stands in for it, for want of a better one:",
    }
}

fn taken(strength: Strength) -> &'static str {
    match strength {
        Strength::Exact => "Together they mean this and nothing else:",
        Strength::Broad => "Together they mean this, presumably:",
        Strength::Proxy => "Together they only stand in for it:",
    }
}

fn write_match(sheet: &mut Sheet, ruleset: &Ruleset, each: &Match, lead: &str) {
    sheet.gap();
    sheet.paragraph(0, lead);
    for list in &each.lists {
        write_list(sheet, ruleset, *list);
    }
    if !each.requires.terms.is_empty() {
        sheet.paragraph(2, &format!("Only when: {}.", condition(ruleset, &each.requires)));
    }
    let window = each.window_in_words();
    if !window.is_empty() {
        sheet.paragraph(2, &format!("Only for service {}.", window.trim_start_matches(", ")));
    }
    if let Some(note) = &each.note {
        sheet.paragraph(2, &format!("{}.", sentence(note.trim_end_matches('.'))));
    }
}

/// A list: its name, and its codes with title and dates.
fn write_list(sheet: &mut Sheet, ruleset: &Ruleset, list: ListId) {
    let rows = &ruleset.lists.get(list).rows;
    sheet.paragraph(2, &format!("{}:", sentence(&list_name(ruleset, list))));
    let width = rows.iter().map(|row| code(row).chars().count()).max().unwrap_or_default();
    for row in rows {
        sheet.columns(4, &code(row), width, &format!("{}{}", row.label, dates(row)));
    }
}

fn code(row: &ListRow) -> String {
    let system = match row.system.as_str() {
        "icd10cm" => "ICD-10-CM",
        "icd9cm" => "ICD-9-CM",
        other => other,
    };
    format!("{system} {}", short_code(row))
}

/// When the code was valid, and how sure its reading is.
fn dates(row: &ListRow) -> String {
    let days = match (row.valid_from.as_str(), row.valid_to.as_str()) {
        ("", "") => String::new(),
        (from, "") => format!(", valid from {from}"),
        ("", to) => format!(", valid to {to}"),
        (from, to) => format!(", valid from {from} to {to}"),
    };
    if row.confidence == "high" { days } else { format!("{days} ({} confidence)", row.confidence) }
}
