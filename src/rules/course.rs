//! Patterns over time, compiled: what `patterns.toml` says of the orders that one patient has together.
//!
//! The file stands beside the rulesets, since a pattern is of all editions; a ruleset that has one in its own directory,
//! or is laid over one that has, brings it in the place of the shared one.

mod file;
mod read;

use crate::guideline::Determination;

/// How the courses of patients are looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// The file it stands in.
    pub file: String,
    /// Days at the beginning of an export of which nobody can say whether a patient is new in them.
    pub new_after_days: u32,
    /// Days that must lie between a patient's first and last order before grams a year are worked out.
    pub observed_days: u32,
    /// How a payer's refusal reads.
    pub refusals: Vec<String>,
    /// The patterns, in the order of the file.
    pub patterns: Vec<Pattern>,
    /// Every row that a pattern names, with its line in the file.
    pub named_rows: Vec<(String, usize)>,
    /// BLAKE3 of the file, hex.
    pub digest: String,
}

/// One pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Id.
    pub id: String,
    /// Name for people.
    pub label: String,
    /// Why it is looked for.
    pub why: String,
    /// What a reviewer should look at.
    pub look_at: String,
    /// Whether the thresholds are a site's own choice or published.
    pub basis: PatternBasis,
    /// Where they come from.
    pub source: String,
    /// How sure that source is.
    pub confidence: Confidence,
    /// What it looks like.
    pub shape: Shape,
}

/// What gives a threshold its authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PatternBasis {
    /// No guideline speaks; it was chosen.
    Local,
    /// It is another's, and published.
    Published,
}

/// How sure a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Read in the publication.
    High,
    /// Read about it.
    Medium,
    /// A choice to begin with.
    Low,
}

/// What a pattern looks like in the orders of one patient; rows by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Orders of some rows in so many months in a row, or in so many of a number of months.
    RepeatedMonths {
        /// The rows.
        rows: Vec<String>,
        /// Months in a row.
        in_a_row: u32,
        /// Months that need not be in a row.
        months: u32,
        /// Within how many months they are.
        within_months: u32,
    },
    /// Orders of some rows that go on for more than a number of days.
    LongCourse {
        /// The rows.
        rows: Vec<String>,
        /// The days of one course.
        days: u32,
        /// Days without such an order after which another course begins.
        gap_days: u32,
    },
    /// A refused order, and one after it of other rows that is better supported.
    MovedAfterRefusal {
        /// Determinations of the refused order.
        from: Vec<Determination>,
        /// Determinations of the order after it.
        to: Vec<Determination>,
        /// At most so many days lie between them.
        days: u32,
    },
    /// Two lines of one day that are not the same order.
    LinesOfOneDay {
        /// Of two products; else of the same.
        different_products: bool,
    },
    /// More grams within a year than a threshold.
    GramsAYear {
        /// Rows, and the grams above which it shows.
        thresholds: Vec<(Vec<String>, u32)>,
    },
}

impl PatternBasis {
    /// The word in outputs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Published => "published",
        }
    }
}

impl Confidence {
    /// The word in outputs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}
