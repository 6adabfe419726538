//! One indication as a page for a clinician: what the statement says of it, what brings it up, what is asked and
//! presumed, what is missed, and the orders that show it. Words of the rule files become sentences.
//!
//! - `sheet`: headings, paragraphs and lists of a fixed width
//! - `said`: rows with the statement's words, and what it leaves out
//! - `codes`: diagnosis codes, alone and together
//! - `names`: what names it in a text
//! - `asked`: facts, where they come from and what is presumed
//! - `shown`: examples

mod asked;
mod codes;
mod names;
mod said;
mod sheet;
mod shown;

use super::condition::Condition;
use super::lint::named_questions;
use super::list::{ListId, ListRow, ListSet};
use super::ruleset::{Indication, Ruleset};
use sheet::Sheet;

/// The indication with this id, or the one that has a row with this id.
#[must_use]
pub fn find<'a>(ruleset: &'a Ruleset, id: &str) -> Option<&'a Indication> {
    let by_row = || ruleset.row(id).map(|row| &ruleset.indications[usize::from(row.indication)]);
    ruleset.indications.iter().find(|indication| indication.id == id).or_else(by_row)
}

/// The page of one indication.
#[must_use]
pub fn page(ruleset: &Ruleset, indication: &Indication) -> String {
    let mut sheet = Sheet::default();
    sheet.title(&indication.label);
    sheet.paragraph(0, &provenance(ruleset, indication));
    sheet.heading("Why it is read as it is");
    sheet.paragraph(0, &indication.why);
    said::write(&mut sheet, ruleset, indication);
    codes::write(&mut sheet, ruleset, indication);
    names::write(&mut sheet, ruleset, indication);
    asked::write(&mut sheet, ruleset, indication);
    beside(&mut sheet, ruleset, indication);
    sheet.heading("What is missed");
    for miss in &indication.misses {
        sheet.item(0, miss);
    }
    shown::write(&mut sheet, ruleset, indication);
    questions(&mut sheet, ruleset, indication);
    sheet.into_text()
}

/// Which edition this is, and who answers for it.
fn provenance(ruleset: &Ruleset, indication: &Indication) -> String {
    let (info, review) = (&ruleset.info, &ruleset.info.review);
    let signed = if review.checker.is_empty() {
        "no clinician has signed it yet".to_owned()
    } else {
        format!("checked by {} on {}", review.checker, review.reviewed_on)
    };
    format!(
        "{} in {}: {}. Status: {}; {signed}; to be reviewed by {}. A flag is a prompt for a clinician's review.",
        indication.id,
        info.name(),
        info.title,
        info.status,
        review.review_by
    )
}

/// Other indications and codes that stand beside it.
fn beside(sheet: &mut Sheet, ruleset: &Ruleset, indication: &Indication) {
    let index = index_of(ruleset, indication);
    let gives_way: Vec<&str> = ruleset
        .indications
        .iter()
        .filter(|other| other.refines.contains(&index))
        .map(|other| other.label.as_str())
        .collect();
    let takes: Vec<&str> =
        indication.refines.iter().map(|other| ruleset.indications[usize::from(*other)].label.as_str()).collect();
    if takes.is_empty() && gives_way.is_empty() && indication.notes.is_empty() {
        return;
    }
    sheet.heading("Beside others");
    if !takes.is_empty() {
        let what = takes.join(", ");
        sheet.item(0, &format!("Where the text names it, it takes the place of {what}, unless a code that means only that stands on the order."));
    }
    if !gives_way.is_empty() {
        sheet.item(0, &format!("It gives way where the text names: {}.", gives_way.join(", ")));
    }
    for note in &indication.notes {
        sheet.item(0, &format!("Beside a code of {}: {}", lists(ruleset, note.codes), note.text));
    }
}

fn questions(sheet: &mut Sheet, ruleset: &Ruleset, indication: &Indication) {
    let named = named_questions(ruleset, indication);
    let questions: Vec<&(String, String)> =
        ruleset.open_questions.iter().filter(|(id, _)| named.contains(id)).collect();
    if questions.is_empty() {
        return;
    }
    sheet.heading("What a clinician must still confirm");
    for (id, text) in questions {
        sheet.item(0, &format!("{id}: {text}"));
    }
}

fn index_of(ruleset: &Ruleset, indication: &Indication) -> u16 {
    ruleset.indications.iter().position(|other| other.id == indication.id).unwrap_or_default() as u16
}

/// The facts of a condition in words: each value, and what is asked in brackets.
fn condition(ruleset: &Ruleset, condition: &Condition) -> String {
    let term = |(fact, value): &(u8, u8)| {
        let fact = &ruleset.facts[usize::from(*fact)];
        format!("{}: {}", fact.label, fact.value_labels[usize::from(*value)])
    };
    condition.terms.iter().map(term).collect::<Vec<_>>().join("; and ")
}

/// A code, and whether those that begin with it belong to it.
fn short_code(row: &ListRow) -> String {
    if row.kind == "prefix" { format!("{} and below", row.code) } else { row.code.clone() }
}

fn list_name(ruleset: &Ruleset, list: ListId) -> String {
    ruleset.lists.get(list).id.replace('-', " ")
}

fn lists(ruleset: &Ruleset, set: ListSet) -> String {
    set.iter().map(|list| list_name(ruleset, list)).collect::<Vec<_>>().join(", ")
}

/// The first letter large, for the beginning of a sentence.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
