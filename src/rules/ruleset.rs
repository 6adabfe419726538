//! A compiled ruleset: what assessment reads. Immutable; indices instead of names.

mod info;
mod lookup;
mod policy;

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;

use super::condition::Condition;
use super::course::Course;
use super::example::Example;
use super::list::{CodeLists, ListId, ListSet};
use super::phrase::PhraseBook;
use super::product::Products;
use crate::guideline::{CitationBasis, EvidenceClass, Recommendation};

pub use info::{Info, Review, Source, Statement};
pub(crate) use lookup::Lookup;
pub use policy::{Caps, Conflict, Flags, Policy};

/// How closely a code stands for an indication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// The code's title is the indication.
    Exact,
    /// The code covers the indication and something else.
    Broad,
    /// The code is used for the indication for want of a better one.
    Proxy,
}

/// One guideline edition, ready to assess orders.
#[derive(Debug, Clone)]
pub struct Ruleset {
    /// What it is and where it comes from.
    pub info: Info,
    /// It and the rulesets below whose recommendations stand, the lowest first; the last is `info`.
    pub layers: Vec<Info>,
    /// Quotations of the statement.
    pub statements: Vec<Statement>,
    /// Facts, in file order, which is also the order in which `wanting` prefers them.
    pub facts: Vec<Fact>,
    /// Indications, in id order.
    pub indications: Vec<Indication>,
    /// Guideline rows; the rows of an indication stand together.
    pub rows: Vec<Row>,
    /// Code lists.
    pub lists: CodeLists,
    /// Products: those of all editions of a run.
    pub products: Arc<Products>,
    /// Patterns over time.
    pub course: Arc<Course>,
    /// Precedence and flags.
    pub policy: Policy,
    /// Phrases.
    pub phrases: PhraseBook,
    /// Established uses outside the statement.
    pub outside_established: ListSet,
    /// Other conditions outside the statement.
    pub outside_other: ListSet,
    /// What would settle a contradiction.
    pub conflict: Conflict,
    /// What a clinician must still confirm: id and text.
    pub open_questions: Vec<(String, String)>,
    /// What assessment looks up of all this.
    pub(crate) lookup: Lookup,
}

/// A named closed set of values with its sources.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Id.
    pub id: String,
    /// What it is, for people.
    pub label: String,
    /// What to ask for.
    pub ask: String,
    /// Value ids; at most eight.
    pub values: Vec<String>,
    /// Values for people.
    pub value_labels: Vec<String>,
    /// The mask of values that are events: a past year behind their words puts them in the past.
    pub events: u8,
    /// Words that tell that a phrase beside them is said of what the fact is about.
    pub own_words: Vec<String>,
    /// Words that may stand beside a phrase and tell nothing.
    pub plain_words: Vec<String>,
    /// Code lists that state a value.
    pub codes: Vec<(ListId, u8)>,
    /// Age windows that state a value: from (inclusive), below (exclusive), value.
    pub ages: Vec<(Option<i32>, Option<i32>, u8)>,
    /// Indications whose name in the text gives a value.
    pub named: Vec<(u16, u8)>,
    /// Declared presumptions.
    pub defaults: Vec<Presumption>,
}

impl Fact {
    /// The mask of all values.
    #[must_use]
    pub fn all_values(&self) -> u8 {
        u8::MAX >> (8 - self.values.len())
    }
}

/// A declared presumption: the value that a fact has when nothing says otherwise.
#[derive(Debug, Clone)]
pub struct Presumption {
    /// The value.
    pub value: u8,
    /// Only where a code of this list is on the order.
    pub codes: Option<ListId>,
    /// Only from this service date on.
    pub from: Option<NaiveDate>,
    /// Only to this service date.
    pub until: Option<NaiveDate>,
    /// Whether it only says that nothing was mentioned, and makes nothing presumed.
    pub silent: bool,
    /// Whether an uncertain word for another value leaves it as it is.
    pub firm: bool,
    /// Why, as a clause for the reader.
    pub note: String,
}

/// A clinical condition for which the product is considered.
#[derive(Debug, Clone, Default)]
pub struct Indication {
    /// Id.
    pub id: String,
    /// Name for people.
    pub label: String,
    /// Why the rule is as it is.
    pub why: String,
    /// What it is known to miss.
    pub misses: Vec<String>,
    /// Indications that this one removes when text or a combination asserts it.
    pub refines: Vec<u16>,
    /// Codes that make it a candidate.
    pub matches: Vec<Match>,
    /// Text that makes it a candidate.
    pub names: Option<Names>,
    /// What a reader is told when it governs and a certain code stands beside.
    pub notes: Vec<Note>,
    /// Its rows, as a range of the ruleset's rows.
    pub rows: std::ops::Range<usize>,
    /// Values of facts of which no row speaks, and that is meant.
    pub not_addressed: Vec<Condition>,
    /// Sets of rows, by id, that may hold together.
    pub together: Vec<Vec<String>>,
    /// Executed examples with their line in the file.
    pub examples: Vec<(usize, Example)>,
    /// Examples of the rulesets below, with file and line. What an overlay changes need not hold any more.
    pub inherited: Vec<(String, usize, Example)>,
    /// The file it stands in.
    pub file: String,
    /// Whether the top layer has a file of it, and so answers for it.
    pub own: bool,
}

/// Codes that make an indication a candidate.
#[derive(Debug, Clone)]
pub struct Match {
    /// One code of each list must be on the order.
    pub lists: Vec<ListId>,
    /// How closely they stand for it.
    pub strength: Strength,
    /// Only from this service date on.
    pub from: Option<NaiveDate>,
    /// Only to this service date.
    pub until: Option<NaiveDate>,
    /// What must hold besides.
    pub requires: Condition,
    /// Clause for the reason.
    pub note: Option<String>,
}

impl Match {
    /// Whether it counts on a service date. On an unknown date a match with a window does not: a code that
    /// meant something for some years is not taken to mean it.
    #[must_use]
    pub fn counts_on(&self, service: Option<NaiveDate>) -> bool {
        let Some(service) = service else { return self.from.is_none() && self.until.is_none() };
        self.from.is_none_or(|from| from <= service) && self.until.is_none_or(|until| service <= until)
    }

    /// Its window as an appendix to what it is; empty if it always counts.
    #[must_use]
    pub fn window_in_words(&self) -> String {
        let end = |word: &str, day: Option<NaiveDate>| day.map(|day| format!(", {word} {day}")).unwrap_or_default();
        format!("{}{}", end("from", self.from), end("until", self.until))
    }

    /// Whether it takes codes of more than one list.
    #[must_use]
    pub fn is_combination(&self) -> bool {
        self.lists.len() > 1
    }
}

/// What a reader is told when an indication governs beside certain codes. Raises a warning, changes nothing.
#[derive(Debug, Clone)]
pub struct Note {
    /// Lists of which one must have a code on the order.
    pub codes: ListSet,
    /// The sentence for the reader.
    pub text: String,
}

/// How text makes an indication a candidate.
#[derive(Debug, Clone)]
pub struct Names {
    /// Lists beside which a name in the text counts in full.
    pub under: ListSet,
    /// Whether it is an event and no lasting state: a past year behind its name puts it in the past.
    pub event: bool,
    /// What must hold besides.
    pub requires: Condition,
}

impl Names {
    /// These names with those of a higher layer: more lists support them, and the higher layer's condition counts if
    /// it gives one.
    pub(crate) fn with(self, above: Self) -> Self {
        let requires = if above.requires.terms.is_empty() { self.requires } else { above.requires };
        Self { under: self.under.union(above.under), event: self.event || above.event, requires }
    }
}

/// One recommendation of the guideline.
#[derive(Debug, Clone)]
pub struct Row {
    /// Id, as findings carry it.
    pub id: String,
    /// Name for people.
    pub label: String,
    /// Index of its indication.
    pub indication: u16,
    /// When it applies.
    pub when: Condition,
    /// What the guideline says.
    pub recommendation: Recommendation,
    /// The statement's class of evidence, if it gives one.
    pub evidence: Option<EvidenceClass>,
    /// Index of the statement it cites.
    pub statement: u16,
    /// Whether the statement says it outright.
    pub basis: CitationBasis,
    /// Clause for the reason.
    pub note: Option<String>,
}

impl Ruleset {
    /// How much better supported one recommendation is than another: lower is better.
    #[must_use]
    pub fn rank(&self, recommendation: Recommendation) -> usize {
        self.policy.precedence.iter().position(|other| *other == recommendation).unwrap_or(usize::MAX)
    }

    /// The row with this id.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// What a statement is quoted from: the layer that brought it.
    #[must_use]
    pub fn source_of(&self, statement: &Statement) -> &Info {
        self.layers.get(usize::from(statement.origin)).unwrap_or(&self.info)
    }

    /// The statement that a row cites.
    #[must_use]
    pub fn statement_of(&self, row: &Row) -> &Statement {
        &self.statements[usize::from(row.statement)]
    }
}
