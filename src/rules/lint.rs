//! Lints: what compiles and is still not fit to ship.
//!
//! Each lint has an id, which is for ever, and one sentence that says why it is there. An *error* fails
//! `rules check`; a *note* is something a reviewer should see each time. What is in the folder:
//!
//! - `indication`: examples, near misses, conditions that refine each other
//! - `row`: rows that nothing can reach, rows that hold together
//! - `cover`: possibilities of which no row speaks
//! - `reach`: which values an order can give to facts, which `row` rests on
//! - `citation`: quotations, and open questions that are named
//! - `course`: patterns over time against the rows that they name
//! - `list`: code lists against each other and against their use
//! - `window`: code lists and products against the dates on which codes were valid
//! - `phrases`: phrases that no example shows at work
//! - `review`: who signed, when it must be looked at again, what nobody could verify
//! - `sheet`: a CSV of the rules directory, cell by cell

mod citation;
mod course;
mod cover;
mod indication;
mod list;
mod phrases;
mod reach;
mod review;
mod row;
mod sheet;
mod window;

use std::cell::OnceCell;
use std::fmt;

use chrono::NaiveDate;

use super::error::Problem;
use super::files::RuleFiles;
use super::ruleset::{Indication, Ruleset};

pub use citation::lock_of;
pub(super) use citation::named_questions;
use sheet::Sheet;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The ruleset is not fit to ship.
    Error,
    /// A reviewer should know; nothing fails.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Note => "note",
        })
    }
}

/// One lint.
#[derive(Debug)]
pub struct Lint {
    /// Its id, kebab-case, for ever.
    pub id: &'static str,
    /// Whether it fails the check.
    pub severity: Severity,
    /// Why it is there.
    pub reason: &'static str,
    check: fn(&Subject<'_>) -> Vec<Problem>,
}

/// What a lint found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The lint.
    pub lint: &'static Lint,
    /// Where, and what is wrong.
    pub problem: Problem,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { file, line, message } = &self.problem;
        match line {
            Some(line) => write!(f, "{file}:{line}: [{}] {message}", self.lint.id),
            None => write!(f, "{file}: [{}] {message}", self.lint.id),
        }
    }
}

/// What is checked: a ruleset, the files it was compiled from, and the day of the check.
pub(super) struct Subject<'a> {
    pub files: &'a RuleFiles,
    pub ruleset: &'a Ruleset,
    pub as_of: NaiveDate,
    /// The CSV files, once a check has asked for one.
    sheets: OnceCell<Vec<Sheet<'a>>>,
}

impl Subject<'_> {
    /// The CSV files directly in a folder, in path order. All are read once, for several checks look at them.
    fn sheets(&self, folder: &str) -> impl Iterator<Item = &Sheet<'_>> {
        let all = self.sheets.get_or_init(|| Sheet::all(self.files));
        all.iter().filter(move |sheet| sheet.folder() == folder)
    }

    /// The ruleset's own file.
    fn home(&self) -> String {
        format!("{}/ruleset.toml", self.ruleset.info.id)
    }

    /// Whether a file is the ruleset's own, and not that of one that it rests on, which is checked by itself.
    fn is_own(&self, file: &str) -> bool {
        file.strip_prefix(self.ruleset.info.id.as_str()).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The folders of code lists: the shared one, and those of the ruleset and of the rulesets below it, the lowest first.
    fn list_folders(&self) -> Vec<String> {
        self.ruleset.lists.folders().to_vec()
    }

    /// The folders that say when codes were valid, in the same order.
    fn valid_folders(&self) -> Vec<String> {
        self.ruleset.lists.folders().iter().map(|folder| format!("{folder}/valid")).collect()
    }

    /// The file of a code list.
    fn list_file(&self, id: &str) -> String {
        let files = self.list_folders().into_iter().map(|folder| format!("{folder}/{id}.csv"));
        files.rev().find(|path| self.files.get(path).is_some()).unwrap_or_else(|| format!("codes/{id}.csv"))
    }

    /// A problem in a file, at the line that gives `id` as an id.
    fn at_id(&self, file: &str, id: &str, message: String) -> Problem {
        let names = |line: &str| line.trim_start().starts_with("id") && line.contains(&format!("\"{id}\""));
        self.at(file, names, message)
    }

    /// A problem in a file, at the first line that begins with a key.
    fn at_key(&self, file: &str, key: &str, message: String) -> Problem {
        let begins = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
        self.at(file, begins, message)
    }

    fn at(&self, file: &str, is_it: impl Fn(&str) -> bool, message: String) -> Problem {
        let line = self.files.get(file).and_then(|text| text.lines().position(is_it)).map(|at| at + 1);
        Problem::new(file, line, message)
    }

    /// A fact's value in words.
    fn in_words(&self, (fact, value): (u8, u8)) -> String {
        let fact = &self.ruleset.facts[usize::from(fact)];
        format!("{} = {}", fact.id, fact.values[usize::from(value)])
    }

    fn terms_in_words(&self, terms: &[(u8, u8)]) -> String {
        terms.iter().map(|term| self.in_words(*term)).collect::<Vec<_>>().join(", ")
    }

    fn row_id(&self, at: usize) -> &str {
        &self.ruleset.rows[at].id
    }

    /// What a check of one indication finds in all of them.
    fn each(&self, check: impl Fn(&Indication) -> Vec<Problem>) -> Vec<Problem> {
        self.ruleset.indications.iter().flat_map(check).collect()
    }
}

const fn error(id: &'static str, check: fn(&Subject<'_>) -> Vec<Problem>, reason: &'static str) -> Lint {
    Lint { id, severity: Severity::Error, reason, check }
}

const fn note(id: &'static str, check: fn(&Subject<'_>) -> Vec<Problem>, reason: &'static str) -> Lint {
    Lint { id, severity: Severity::Note, reason, check }
}

/// Every lint, errors first.
pub static LINTS: &[Lint] = &[
    error(
        "refines-cycle",
        indication::refines_cycle,
        "Two indications that take each other's place would both go, and nothing would be left to decide.",
    ),
    error("no-near-miss", indication::no_near_miss, "What a rule must not take for its own is shown by an example."),
    error(
        "too-few-examples",
        indication::too_few_examples,
        "A row that few examples rest on can be changed unnoticed.",
    ),
    error("unreachable-row", row::unreachable, "A row that no order can reach looks like a rule and decides nothing."),
    error(
        "overlapping-rows",
        row::overlapping,
        "Rows of one indication that hold together leave it to the precedence which of them speaks.",
    ),
    error(
        "uncovered-fact",
        cover::uncovered,
        "A possibility without a row becomes \"not addressed\", which must be meant and not forgotten.",
    ),
    error(
        "statement-not-cited",
        citation::not_cited,
        "A quotation that no row cites was forgotten, or a row cites the wrong one.",
    ),
    error(
        "statement-quote-changed",
        citation::quote_changed,
        "A quotation is compared with its source letter by letter once, and locked so that it stays as compared.",
    ),
    error(
        "unknown-open-question",
        citation::unknown_question,
        "A reader who is sent to an open question must find it in the list.",
    ),
    error(
        "phrase-never-fires",
        phrases::never_firing,
        "Nobody has seen what a phrase does to an order if no example shows it at work.",
    ),
    error(
        "unknown-pattern-row",
        course::unknown_row,
        "A pattern over time that names a row which no edition has looks for something and never finds it.",
    ),
    error("list-not-used", list::not_used, "A code list that no ruleset uses is not tested by anything."),
    error(
        "code-in-two-lists",
        list::shared_codes,
        "A code that stands in two lists brings up two readings, which must be meant: codes/shared.csv says why.",
    ),
    error(
        "code-not-in-system",
        window::not_in_system,
        "A code that its classification does not know, or knows for other dates, would never be found or be misdated.",
    ),
    error(
        "window-reversed",
        window::reversed,
        "A window that ends before it begins holds no day, so its code would never be valid.",
    ),
    error(
        "window-overlap",
        window::overlap,
        "A code with two overlapping windows is two things on one day, and the file does not say which.",
    ),
    error(
        "window-gap",
        window::gap,
        "A code that ends and comes back unchanged was more likely mistyped than withdrawn and revived.",
    ),
    error(
        "review-overdue",
        review::overdue,
        "Guidelines and codes change; rules that nobody looked at in time are not relied on.",
    ),
    error(
        "status-without-signature",
        review::status_without_signature,
        "Only a clinician who is named with a day can lift the status above draft.",
    ),
    note("unsigned", review::unsigned, "Every reader must know that no clinician has signed the rules yet."),
    note(
        "unverified-fact",
        review::unverified,
        "A fact that nobody could verify may be carried, but never unseen: here is what to look up first.",
    ),
];

/// Everything that the lints find in a ruleset on a day: errors first, then notes. `files` are those from which it was
/// compiled.
#[must_use]
pub fn check(files: &RuleFiles, ruleset: &Ruleset, as_of: NaiveDate) -> Vec<Finding> {
    let subject = Subject { files, ruleset, as_of, sheets: OnceCell::new() };
    let found = |lint: &'static Lint| {
        (lint.check)(&subject).into_iter().map(move |problem| Finding { lint, problem }).collect::<Vec<_>>()
    };
    LINTS.iter().flat_map(found).collect()
}
