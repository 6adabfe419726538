//! What the reports are made from.

use std::collections::BTreeMap;

use crate::manifest::{Counts, Input, Program, Ruleset};
use crate::summary::Summary;
use crate::summary::changes::Changes;

/// Everything one run has to say. Holds no clock and no run id: the same
/// input, rules and program give the same reports.
#[derive(Debug, Clone, Copy)]
pub struct Results<'run> {
    /// The answers from the table.
    pub summary: &'run Summary,
    /// What the scan counted.
    pub counts: &'run Counts,
    /// Whether the records are known from which the orders came; not where only a table of assessments is at hand. Then
    /// `counts` speaks of orders only, and nothing is said of records.
    pub records_known: bool,
    /// The inputs, in the order given.
    pub inputs: &'run [Input],
    /// The ruleset that decided; of several editions, all together.
    pub ruleset: &'run Ruleset,
    /// The program that ran.
    pub program: &'run Program,
    /// The clock-free digest of the run.
    pub content_digest: &'run str,
    /// What each reason for being out of scope means.
    pub exclusions: &'run [Exclusion],
    /// The guideline, for the statements beside the figures.
    pub editions: &'run Editions,
    /// What changed since an earlier run, if one was named.
    pub previous: Option<Previous<'run>>,
    /// What a reader must know of where the figures come from; nothing where they come from the run itself.
    pub notes: &'run [String],
}

/// An earlier run, and what changed since.
#[derive(Debug, Clone, Copy)]
pub struct Previous<'run> {
    /// What stands for its content.
    pub digest: &'run str,
    /// What changed.
    pub changes: &'run Changes,
}

/// A reason for which a record is out of scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The reason as counted.
    pub reason: String,
    /// The reason in a few words for people.
    pub label: String,
    /// Where in the waterfall such records leave.
    pub step: ScopeStep,
    /// Whether the product could not be told, so that an order may hide among such records.
    pub is_unidentified: bool,
}

/// The steps at which a readable record can leave the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeStep {
    /// It is not immune globulin.
    NotImmuneGlobulin,
    /// It is immune globulin, but not given by vein.
    NotByVein,
    /// It is left out for another reason.
    Other,
}

/// The editions that may have decided an order. One, unless each order was decided by the one in force on its day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Editions {
    /// The newest.
    pub newest: Appendix,
    /// Those before it, the earliest first.
    pub earlier: Vec<Appendix>,
}

/// The guideline edition and its codes as the reports print them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appendix {
    /// Ruleset id.
    pub ruleset_id: String,
    /// Ruleset version.
    pub version: String,
    /// BLAKE3 of its files.
    pub digest: String,
    /// A short title for tables.
    pub short_title: String,
    /// `draft` until a clinician has signed.
    pub status: String,
    /// `guideline`, `coverage-policy`, `label` or `local`.
    pub basis: String,
    /// Where it was published.
    pub source: Source,
    /// The publications of the rulesets that it is laid over, the nearest first.
    pub below: Vec<Source>,
    /// The month from which the edition is in force, `YYYY-MM`.
    pub in_force_from: String,
    /// The same with its note.
    pub in_force: String,
    /// First and last day of the code facts, ISO; empty when not stated.
    pub code_facts: (String, String),
    /// Every guideline row, in the ruleset's order.
    pub rows: Vec<GuidelineRow>,
    /// The facts that an order may want, by id.
    pub facts: BTreeMap<String, Fact>,
    /// The indications, by id.
    pub indications: BTreeMap<String, Indication>,
    /// How the audit reads the guideline, a sentence a line.
    pub policy: Vec<String>,
    /// What a clinician must still confirm.
    pub open_questions: Vec<String>,
}

/// A fact that an order may want.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    /// What is wanting, in a few words.
    pub label: String,
    /// What to ask for, as a phrase.
    pub ask: String,
}

/// An indication of the ruleset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Indication {
    /// Its name for people.
    pub label: String,
    /// The codes that make it a candidate, a line each. They stand for the indication; which of
    /// its rows governs is decided by further facts.
    pub codes: Vec<String>,
}

/// A citation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// Title of the publication.
    pub title: String,
    /// Authors, journal, year, and the numbers under which it is found.
    pub citation: String,
    /// What of it was read, for example only the abstract.
    pub read: String,
    /// Copyright line.
    pub copyright: String,
}

/// One recommendation of the guideline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuidelineRow {
    /// Its id.
    pub id: String,
    /// Id of its indication.
    pub indication: String,
    /// Its own label.
    pub label: String,
    /// What the guideline says, in the contract's words.
    pub recommendation: String,
    /// Evidence class; `None` where the statement gives none.
    pub evidence: Option<String>,
    /// The guideline's statement, quoted.
    pub statement: String,
    /// `stated` or `interpreted`.
    pub basis: String,
    /// Short title of what the statement is quoted from: a site's own rules quote something else than the guideline.
    pub cited: String,
}

impl Editions {
    /// All of them, the newest first.
    pub fn all(&self) -> impl Iterator<Item = &Appendix> {
        std::iter::once(&self.newest).chain(self.earlier.iter().rev())
    }

    /// Whether a reader must be told which edition is meant.
    #[must_use]
    pub fn are_several(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// The edition of this `id@version`, if it is one of them.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&Appendix> {
        self.all().find(|edition| edition.name() == name)
    }

    /// The edition that decided, or the newest where none is named: its words for facts and indications.
    #[must_use]
    pub fn of_or_newest(&self, name: &str) -> &Appendix {
        self.of(name).unwrap_or(&self.newest)
    }

    /// The fact's label in the newest edition that has it, or its id if none has.
    #[must_use]
    pub fn fact<'it>(&'it self, id: &'it str) -> &'it str {
        self.all().find(|edition| edition.facts.contains_key(id)).unwrap_or(&self.newest).fact(id)
    }

    /// The indication's label in the newest edition that has it, or its id if none has.
    #[must_use]
    pub fn indication<'it>(&'it self, id: &'it str) -> &'it str {
        self.all().find(|edition| edition.indications.contains_key(id)).unwrap_or(&self.newest).indication(id)
    }
}

impl Appendix {
    /// `id@version`, as findings carry it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}@{}", self.ruleset_id, self.version)
    }

    /// The row with this id.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&GuidelineRow> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// The fact's label, or its id if the ruleset has no label for it.
    #[must_use]
    pub fn fact<'it>(&'it self, id: &'it str) -> &'it str {
        self.facts.get(id).map_or(id, |fact| fact.label.as_str())
    }

    /// What to ask for to learn the fact, or its id if the ruleset does not say.
    #[must_use]
    pub fn ask<'it>(&'it self, id: &'it str) -> &'it str {
        self.facts.get(id).map(|fact| fact.ask.as_str()).filter(|ask| !ask.is_empty()).unwrap_or(id)
    }

    /// The indication's label, or its id if the ruleset has no label for it.
    #[must_use]
    pub fn indication<'it>(&'it self, id: &'it str) -> &'it str {
        self.indications.get(id).map_or(id, |indication| indication.label.as_str())
    }
}
