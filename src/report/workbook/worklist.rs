//! The worklist: a row for each finding, and empty columns for what a person decides.

use rust_xlsxwriter::{DataValidation, XlsxError};

use super::list::{Column, List, Listed};
use super::sheet::Value;
use super::style::Style;
use super::{Book, WorkbookError};
use crate::report::facts::{Appendix, Editions};
use crate::report::words;
use crate::summary::ROW_BASED;
use crate::summary::worklist::{Finding, Urgency, Worklist};
use crate::table::schema::{COLUMNS, Cell, Kind};

/// What a person may write into the column "Decision": words that decide nothing about coverage.
pub(super) const DECISIONS: [&str; 5] = ["agree", "disagree", "records asked for", "for a second reader", "closed"];

/// Columns that stay in sight when others are scrolled: how urgent it is and how it is flagged.
const FIXED: u16 = 3;

/// Three lines of a reason; the rest is seen where the cell is opened. Rows that fit their text would have to be
/// measured one by one when the workbook is opened, which takes minutes for a long list.
const HEIGHT: u32 = 60;

/// Where the value of a column comes from.
#[derive(Debug, Clone, Copy)]
enum Source {
    Urgency,
    DaysLeft,
    /// A column of the table as it is; items of a list apart.
    Table(&'static str),
    /// A code of the contract in words.
    Words(&'static str, fn(&str) -> String),
    /// Codes in words.
    Answers(&'static str),
    /// How firmly a guideline row stands; nothing where none speaks.
    Certainty,
    /// The indication's name.
    Indication,
    /// What would change the finding: the facts or documents to ask for.
    Asked,
    /// The month from which the statement is in force.
    InForce,
    /// What a reviewer fills in.
    Entry,
}

/// Heads, widths and sources, up to the table's columns that stand nowhere here and follow.
const LISTED: &[(&str, f64, Source)] = &[
    ("Urgency", 22.0, Source::Urgency),
    ("Days left", 8.0, Source::DaysLeft),
    ("Flag", 11.0, Source::Words("flag", words::flag)),
    ("File", 22.0, Source::Table("source_file")),
    ("Record", 10.0, Source::Table("record")),
    ("Slot", 6.0, Source::Table("slot")),
    ("Order or line", 16.0, Source::Table("order_id")),
    ("Claim", 16.0, Source::Table("claim_id")),
    ("Patient", 16.0, Source::Table("patient_id")),
    ("Service date", 12.0, Source::Table("service_date")),
    ("Age", 6.0, Source::Table("age_years")),
    ("Sex", 6.0, Source::Table("sex")),
    ("Product", 26.0, Source::Table("product")),
    ("Product code", 13.0, Source::Table("product_code")),
    ("Code system", 10.0, Source::Table("product_system")),
    ("Modifiers", 10.0, Source::Table("modifier")),
    ("Units", 10.0, Source::Table("units")),
    ("Grams", 10.0, Source::Table("grams")),
    ("Billed", 13.0, Source::Table("billed")),
    ("Allowed", 13.0, Source::Table("allowed")),
    ("Paid", 13.0, Source::Table("paid")),
    ("Diagnoses", 24.0, Source::Table("diagnoses")),
    ("Indication", 30.0, Source::Indication),
    ("Guideline rows", 24.0, Source::Table("guideline_rows")),
    ("Determination", 24.0, Source::Words("determination", words::determination)),
    ("Evidence class", 9.0, Source::Table("evidence_class")),
    ("Certainty", 24.0, Source::Certainty),
    ("Reason", 90.0, Source::Table("reason")),
    ("What to ask for", 50.0, Source::Asked),
    ("Possible answers", 28.0, Source::Answers("open")),
    ("Wanting", 16.0, Source::Table("wanting")),
    ("Also matched", 20.0, Source::Table("also_matched")),
    ("Warnings", 28.0, Source::Table("warnings")),
    ("Ruleset", 20.0, Source::Table("ruleset")),
    ("In force from", 10.0, Source::InForce),
    ("Authorization", 16.0, Source::Table("auth_number")),
    ("Payer’s decision", 12.0, Source::Table("auth_decision")),
    ("Line status", 12.0, Source::Table("line_status")),
    ("Prescriber", 16.0, Source::Table("provider_id")),
    ("Facility", 16.0, Source::Table("facility_id")),
    ("Payer", 16.0, Source::Table("payer")),
    ("Place of service", 9.0, Source::Table("place_of_service")),
    ("By the first diagnosis alone", 24.0, Source::Words("first_listed", words::determination)),
    ("By the diagnoses pointed at", 24.0, Source::Words("pointed", words::determination)),
    ("Other edition", 20.0, Source::Table("other_edition")),
    ("By the other edition", 24.0, Source::Words("other_edition_determination", words::determination)),
];

/// What a person fills in.
const ENTRIES: [(&str, f64); 4] = [("Reviewer", 18.0), ("Decision", 20.0), ("Decided on", 12.0), ("Comment", 50.0)];

/// The columns of the table that the worklist shows, with their heads there.
pub(super) fn heads() -> impl Iterator<Item = (&'static str, &'static str)> {
    LISTED.iter().filter_map(|(head, _, source)| Some((column_of(*source)?, *head)))
}

/// The column of the table from which a column of the list is made.
fn column_of(source: Source) -> Option<&'static str> {
    match source {
        Source::Table(name) | Source::Words(name, _) | Source::Answers(name) => Some(name),
        Source::Certainty => Some("certainty"),
        Source::Indication => Some("indication"),
        Source::Asked => Some("would_change"),
        Source::Urgency | Source::DaysLeft | Source::InForce | Source::Entry => None,
    }
}

/// Writes the worklist.
pub(super) fn write(book: &mut Book, known: &Editions, worklist: &Worklist) -> Result<Listed, WorkbookError> {
    let (columns, cells) = layout()?;
    let mut list = List::new(book, "Worklist", columns, FIXED, Some(HEIGHT))?;
    let mut editions: Vec<(String, &Appendix)> = known.all().map(|edition| (edition.name(), edition)).collect();
    // The newest speaks for what none of them decided.
    editions.push((String::new(), &known.newest));
    let places = Places::new();
    worklist.each(&mut |finding| {
        let decided = finding.text(places.ruleset);
        let edition =
            editions.iter().find(|(name, _)| name == decided).or(editions.last()).map(|(_, edition)| *edition);
        let row = Row { finding, places, edition };
        list.row(book, cells.iter().map(|(source, at)| row.value(*source, *at)))?;
        Ok::<(), WorkbookError>(())
    })?;
    Ok(list.finish()?)
}

/// Where a cell takes its value from, and the number of that column in the schema.
type Place = (Source, usize);

/// The columns as they look, and where each takes its value from.
fn layout() -> Result<(Vec<Column>, Vec<Place>), XlsxError> {
    let unlisted = COLUMNS.iter().filter(|column| !heads().any(|(name, _)| name == column.name));
    let unlisted = unlisted.map(|column| (words::spaced(column.name), 16.0, Source::Table(column.name)));
    let listed = LISTED.iter().map(|(head, width, source)| ((*head).to_owned(), *width, *source));
    let mut columns = Vec::new();
    let mut sources = Vec::new();
    for (head, width, source) in listed.chain(unlisted) {
        let at = column_of(source).map_or(usize::MAX, place);
        columns.push(Column::new(head, width, style(source, at)));
        sources.push((source, at));
    }
    for (head, width) in ENTRIES {
        let style = if head == "Decided on" { Style::EntryDate } else { Style::Entry };
        columns.push(Column { choice: choice(head)?, ..Column::new(head, width, style) });
        sources.push((Source::Entry, usize::MAX));
    }
    Ok((columns, sources))
}

/// The number of a column in the schema.
fn place(name: &str) -> usize {
    COLUMNS.iter().position(|column| column.name == name).unwrap_or(usize::MAX)
}

fn style(source: Source, at: usize) -> Style {
    match (source, COLUMNS.get(at).map(|column| (column.name, column.kind))) {
        (Source::DaysLeft, _) => Style::Number,
        (Source::Asked, _) | (_, Some(("reason", _))) => Style::Wrapped,
        (Source::Table(_), Some((_, kind))) => match kind {
            Kind::Text | Kind::TextList => Style::Text,
            Kind::Count | Kind::Number | Kind::Whole => Style::Number,
            Kind::Date => Style::Date,
            Kind::Decimal { places: crate::table::decimal::MONEY_PLACES } => Style::Money,
            Kind::Decimal { .. } => Style::Grams,
        },
        _ => Style::Text,
    }
}

/// What may be chosen for a reviewer's column.
fn choice(head: &str) -> Result<Option<DataValidation>, XlsxError> {
    if head != "Decision" {
        return Ok(None);
    }
    let choice = DataValidation::new()
        .allow_list_strings(&DECISIONS)?
        .set_error_title("Decision")?
        .set_error_message("One of the words of the list. Whatever else there is to say goes into the comment.")?;
    Ok(Some(choice))
}

/// Numbers of the columns that are looked at for every finding.
#[derive(Clone, Copy)]
struct Places {
    ruleset: usize,
    determination: usize,
}

impl Places {
    fn new() -> Self {
        Self { ruleset: place("ruleset"), determination: place("determination") }
    }
}

/// A finding and the edition that decided it.
struct Row<'it> {
    finding: &'it Finding<'it>,
    places: Places,
    edition: Option<&'it Appendix>,
}

impl<'it> Row<'it> {
    fn value(&self, source: Source, at: usize) -> Value<'it> {
        let text = || self.finding.text(at);
        match source {
            Source::Urgency => self.finding.urgency.map_or(Value::Empty, |urgency| in_words(urgency).into()),
            Source::DaysLeft => {
                self.finding.urgency.and_then(|urgency| urgency.days_left).map_or(Value::Empty, Value::Whole)
            }
            Source::Table(_) => table(self.finding.cell(at), at),
            Source::Words(_, words) => words(text()).into(),
            Source::Answers(_) => each(text(), " or ", words::determination),
            Source::Certainty if !ROW_BASED.contains(&self.finding.text(self.places.determination)) => Value::Empty,
            Source::Certainty => words::certainty(text()).into(),
            Source::Indication => self.edition.map_or(text(), |edition| edition.indication(text())).into(),
            Source::Asked => each(text(), "; ", |id| self.edition.map_or(id, |edition| edition.ask(id)).to_owned()),
            Source::InForce => self.edition.map_or("", |edition| edition.in_force_from.as_str()).into(),
            Source::Entry => Value::Empty,
        }
    }
}

/// A cell of the table; the items of a list apart.
fn table(cell: Cell<'_>, at: usize) -> Value<'_> {
    let column = COLUMNS.get(at).map(|column| column.kind);
    match (cell, column) {
        (Cell::Text(Some(items)), Some(Kind::TextList)) if items.contains('|') => items.replace('|', "; ").into(),
        (Cell::Text(Some(text)), _) => text.into(),
        (Cell::Count(number), _) => Value::Count(number),
        (Cell::Number(Some(number)), _) => Value::Whole(number.into()),
        (Cell::Whole(Some(number)), _) => Value::Whole(number.into()),
        (Cell::Date(Some(date)), _) => Value::Date(date),
        (Cell::Decimal(Some(minor)), Some(Kind::Decimal { places })) => Value::Decimal(minor.into(), places),
        _ => Value::Empty,
    }
}

/// The items of a list in words.
fn each<'it>(items: &str, between: &str, words: impl Fn(&str) -> String) -> Value<'it> {
    let words: Vec<String> = items.split('|').filter(|item| !item.is_empty()).map(words).collect();
    if words.is_empty() { Value::Empty } else { words.join(between).into() }
}

/// Why a finding cannot wait. The decisions are the payer's.
fn in_words(urgency: Urgency) -> &'static str {
    let to_come = urgency.days_left.is_some_and(|days| days > 0);
    match (urgency.pended, to_come, urgency.approved) {
        (true, true, _) => "Pended, still to come",
        (true, false, _) => "Pended by the payer",
        (false, _, true) => "Approved, still to come",
        (false, _, false) => "Still to come",
    }
}
