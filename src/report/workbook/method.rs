//! How the audit came to its answers, what a flag means, and what it does not.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::page::{Page, text_of, wrapped};
use super::worklist::{DECISIONS, heads};
use crate::report::facts::{Appendix, Results};
use crate::report::words;
use crate::table::schema::COLUMNS;

const FLAG: [(&str, &str); 5] = [
    (
        "What a flag means",
        "A person is asked to look at the order: at what was written and coded for it, and at what the statement says.",
    ),
    (
        "What it does not mean",
        "It does not say that the treatment was wrong, that the order is not covered, or anything about a person or a prescriber. A clinician decides, and may decide otherwise.",
    ),
    (
        "Basis",
        "A guideline does not by itself make a service non-covered. The basis of each ruleset stands with it below; no remark of a coverage policy is suggested for a finding that rests on a guideline.",
    ),
    (
        "A row of the worklist",
        "“What to ask for” names the records that would change the finding, most telling first; the reason gives the statement’s words. The command `explain FILE --record N` shows every step of one order.",
    ),
    (
        "Texts",
        "Texts from the export are texts here, whatever they look like, and stay so when their cells are edited. If a sheet is saved as CSV, a text that begins like a formula stands there bare; findings.csv is made for that.",
    ),
];

const LIMITS: [&str; 4] = [
    "A code is not a diagnosis. An export holds what was coded for an order, not what was found at the bedside or in the laboratory.",
    "The statement speaks of neuromuscular disorders. “Other use” and “not addressed” mean that an order is outside the statement; they say nothing about whether the treatment is appropriate.",
    "Each order was assessed on its own. What became of a line stands beside it and changes no determination.",
    "The worklist is as of its run: days left, and what is still to come, are counted from the day that the summary names.",
];

const GLOSSARY: [(&str, &str); 9] = [
    (
        "Order",
        "One line of an order or claim export for one product. A record that names several products holds several orders; the slot tells them apart.",
    ),
    ("Guideline row", "One recommendation of the statement: an indication with its qualifier and evidence class."),
    (
        "Determination",
        "What the audit says of one order: one of the four recommendations; indeterminate, if the export leaves more than one answer open; other use or not addressed, if it is outside the statement; no usable diagnosis.",
    ),
    ("Flag", "What a person is asked to do: clear (nothing), for review, flagged."),
    ("Finding", "An order that is flagged or for review. The worklist holds every one."),
    ("Evidence class", "The statement’s grading of its evidence, from Class I (strongest) to Class IV."),
    (
        "Certainty",
        "Stated: an exact code or field says it. Presumed: a broad or proxy code, a combination of codes or a declared default stands for it. Text: the indication text decides. Empty where no guideline row speaks.",
    ),
    (
        "Urgency",
        "Whether something can still be changed: the payer has pended the request or the line, or the service is still to come. These findings come first: those still to come by days left, then those whose day has passed, then the approved ones.",
    ),
    ("Grams", "Billed units times the grams in the product code’s billing unit."),
];

pub(super) fn page(book: &mut Book, results: &Results<'_>) -> Result<Worksheet, XlsxError> {
    let mut page = Page::new(book, "Method", &[34.0, 30.0, 14.0, 100.0, 14.0, 18.0])?;
    page.title("Method")?;
    page.section("What a flag is")?;
    FLAG.iter().try_for_each(|(what, text)| page.said(what, text))?;
    page.said("Decision", &format!("For the reviewer: {}.", DECISIONS.join(", ")))?;
    for edition in results.editions.all() {
        rules(&mut page, edition)?;
    }
    page.section("Limits")?;
    LIMITS.iter().try_for_each(|limit| page.sentence(limit))?;
    page.section("Glossary")?;
    GLOSSARY.iter().try_for_each(|(word, text)| page.said(word, text))?;
    page.section("Columns of the worklist that are columns of assessments.parquet")?;
    page.heads(["Here", "In assessments.parquet", "Type", "What it holds"])?;
    for column in COLUMNS {
        let known = heads().find(|(name, _)| *name == column.name).map(|(_, head)| head.to_owned());
        let head = known.unwrap_or_else(|| words::spaced(column.name));
        page.line([text_of(head), text_of(column.name), text_of(column.kind.name()), text_of(column.doc)])?;
    }
    Ok(page.finish())
}

/// One ruleset: its publication, its rows with their statements, and how it is read.
fn rules(page: &mut Page<'_>, edition: &Appendix) -> Result<(), XlsxError> {
    page.section(&format!("The statement: {} ({})", edition.short_title, edition.name()))?;
    for source in std::iter::once(&edition.source).chain(&edition.below) {
        page.said("Publication", &source.title)?;
        page.said("Citation", &source.citation)?;
        for (what, text) in [("Read for this ruleset", &source.read), ("Copyright", &source.copyright)] {
            if !text.is_empty() {
                page.said(what, text)?;
            }
        }
    }
    let facts = [
        ("Basis", edition.basis.as_str()),
        ("Status", edition.status.as_str()),
        ("In force from", edition.in_force.as_str()),
        ("Codes known from", edition.code_facts.0.as_str()),
        ("Codes known until", edition.code_facts.1.as_str()),
        ("Digest", edition.digest.as_str()),
    ];
    facts.iter().filter(|(_, text)| !text.is_empty()).try_for_each(|(what, text)| page.said(what, text))?;
    page.heads(["Guideline row", "Id", "Class", "The statement’s words", "Basis", "Quoted from", "Recommendation"])?;
    for row in &edition.rows {
        page.line([
            wrapped(row.label.as_str()),
            text_of(row.id.as_str()),
            text_of(row.evidence.as_deref().unwrap_or("not stated")),
            wrapped(row.statement.as_str()),
            text_of(row.basis.as_str()),
            text_of(row.cited.as_str()),
            text_of(words::determination(&row.recommendation.replace('-', "_"))),
        ])?;
    }
    page.heads(["How the audit reads it"])?;
    edition.policy.iter().try_for_each(|line| page.sentence(line))?;
    if !edition.open_questions.is_empty() {
        page.heads(["What a clinician must still confirm"])?;
        edition.open_questions.iter().try_for_each(|line| page.sentence(line))?;
    }
    Ok(())
}
