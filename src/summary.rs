//! The committee's questions, asked of the finished assessments table.
//!
//! They are answered from only the columns they need, read again from the file
//! that is about to be published: the figures describe what readers will hold
//! in their hands, not what the program remembers. The file is read by parts,
//! polars groups the orders of a part, and plain Rust adds the parts up: memory
//! does not follow the number of orders. The answers are in a fixed order.
//!
//! Nothing here reads free text, decides, or changes a determination. Every
//! way of cutting the orders must add up to all orders; [`check`] holds that
//! and a table that does not add up is an error, not a report.

mod answer;
mod asks;
mod cells;
pub mod changes;
mod charges;
mod check;
mod course;
mod cube;
mod decisions;
mod driving;
mod duplicates;
mod figures;
mod limits;
mod measure;
mod months;
mod netting;
mod partition;
mod patients;
mod prescribers;
mod products;
mod quality;
mod query;
mod reading;
mod repeats;
mod rulesets;
mod sensitivity;
mod sieve;
mod top;
pub mod worklist;

use chrono::NaiveDate;

pub use self::cells::KINDS;
pub use self::charges::Charges;
pub use self::check::SummaryError;
pub use self::course::{
    Course, CourseRules, GramsAYear, INSTANCES, Instance, ORDERS_OF_ONE_PATIENT, PATTERNS, PATTERNS_MAX, Pattern,
    PatternFound, Place, RowCourse, STARTS, Shape,
};
pub use self::decisions::{
    APPROVED, AUTH_DECISIONS, Approved, BY_DECISION, CORNERS, Corner, CornerOrders, CornerRow, Decided, Decisions,
};
pub use self::driving::{BY_CODE, ListedCodes, OpenCode};
pub use self::duplicates::{Duplicates, FILE_PAIRS, FilePair, REPEATS};
pub use self::limits::Limits;
pub use self::measure::Measures;
pub use self::months::{BY_MONTH, MONTHS, Month, Months, OTHER_MONTHS};
pub use self::netting::{LEDGER, LEDGER_STEPS, Ledger, LedgerStep, NET};
pub use self::partition::Partition;
pub use self::prescribers::{
    Band, Interval, MILLION, MIN_ORDERS, MIN_PATIENTS, OTHERS, Peer, Peers, Position, SealedId, is_compared,
};
pub use self::products::{BY_PRODUCT, OTHER_PRODUCTS, PRODUCTS, Priced, Product, Products};
pub use self::quality::{LACKING, Presence, QUALITY, Quality};
pub use self::query::{summarise, summarise_all, summarise_within};
pub use self::rulesets::rulesets;
pub use self::sensitivity::{Move, READINGS, Reading, Sensitivity, Variant};
use crate::table::Sums;
pub use crate::table::schema::LINE_STATUSES;

/// How many findings the report names one by one.
pub const TOP_FINDINGS: usize = 25;

/// The determinations in the order in which every report lists them.
pub const DETERMINATIONS: [&str; 8] = [
    "recommended",
    "consider",
    "insufficient_evidence",
    "not_recommended",
    "indeterminate",
    "other_use",
    "not_addressed",
    "no_diagnosis",
];

/// The determinations that rest on a guideline row which is known for certain.
pub const DEFINITE: [&str; 4] = ["recommended", "consider", "insufficient_evidence", "not_recommended"];

/// The determinations for which a guideline row speaks, be it one that is not yet certain.
/// Only of these does it make sense to ask how firmly they stand.
pub const ROW_BASED: [&str; 5] =
    ["recommended", "consider", "insufficient_evidence", "not_recommended", "indeterminate"];

/// What the guideline says of an order: supported (recommended, or to be considered), unsupported, outside of what it
/// speaks of, or not settled by what the export holds.
pub const ANSWERS: [&str; 4] = ["supported", "unsupported", "outside", "open"];

/// The flags, most pressing first.
pub const FLAGS: [&str; 3] = ["flagged", "review", "clear"];

/// The kinds of certainty, most certain first.
pub const CERTAINTIES: [&str; 3] = ["stated", "presumed", "text"];

/// The answers to all questions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// The column that "money" means throughout: the one of `allowed`, `paid`,
    /// `billed` that holds an amount for the most orders, on a tie the first of
    /// them. `None` if the export has no amounts.
    pub money_column: Option<&'static str>,
    /// First and last service date.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// All orders.
    pub totals: Measures,
    /// Sums of the decimal columns, for reconciliation.
    pub sums: Sums,
    /// Orders without a patient id; they count as orders and as no patient.
    pub orders_without_patient: u64,
    /// Orders without a readable service date.
    pub orders_without_date: u64,
    /// In the order of [`DETERMINATIONS`]; all are listed, also those without orders.
    pub by_determination: Vec<Group>,
    /// In the order of [`FLAGS`]; all are listed.
    pub by_flag: Vec<Group>,
    /// In the order of [`CERTAINTIES`]; all are listed.
    pub by_certainty: Vec<Group>,
    /// The same over the orders with one of the [`ROW_BASED`] determinations only.
    pub by_certainty_of_rows: Vec<Group>,
    /// In the order of [`LINE_STATUSES`]; all are listed, and last under an empty key the orders of which the export
    /// does not say what became of them, if there are any.
    pub by_line_status: Vec<Group>,
    /// Each pair that occurs.
    pub by_determination_and_flag: Vec<Crossing>,
    /// How many orders each ruleset decided, by its `id@version`.
    pub by_ruleset: Vec<(String, u64)>,
    /// Definite orders by ruleset, determination and guideline rows, all others under
    /// their determination's name; most grams first. Adds up to all orders.
    pub by_row: Vec<RowGroup>,
    /// Indeterminate orders by the fact that would settle them; most orders first.
    pub by_wanting: Vec<Group>,
    /// The same, further by open answers and indication; most orders first.
    pub not_settled: Vec<OpenGroup>,
    /// Indeterminate orders by the code that brings up their indication; most orders first.
    pub open_by_code: Vec<OpenCode>,
    /// The findings with the most money, at most [`TOP_FINDINGS`].
    pub top_findings: Vec<TopFinding>,
    /// Orders that carry each warning; most orders first.
    pub warnings: Vec<(String, u64)>,
    /// Orders that repeat another one.
    pub duplicates: Duplicates,
    /// How far the determinations rest on the reading.
    pub sensitivity: Sensitivity,
    /// Prescribers beside each other.
    pub prescribers: Peers,
    /// Sites beside each other.
    pub sites: Peers,
    /// What the orders of patients say over time.
    pub course: Course,
    /// The ways in which the figures of the report take all orders apart; the first is [`KINDS`].
    pub partitions: Vec<Partition>,
    /// In the order of [`ANSWERS`]; all are listed.
    pub by_answer: Vec<Group>,
    /// Orders that are not open.
    pub settled: Measures,
    /// The same in the order of [`FLAGS`]; all are listed.
    pub settled_by_flag: Vec<Group>,
    /// Orders with one of the [`ROW_BASED`] determinations.
    pub of_rows: Measures,
    /// By the ruleset that decided, as `id@version`.
    pub decided_by: Vec<Group>,
    /// Orders that are flagged or for review by what they rest on; most money first.
    pub finding_groups: Vec<FindingGroup>,
    /// What orders lack, and the warnings that they carry.
    pub quality: Quality,
    /// By month of service.
    pub months: Months,
    /// The payer's own decisions beside the determinations.
    pub decisions: Decisions,
    /// By product and billing code, with what was discarded apart.
    pub products: Products,
    /// Units and all three amounts of all orders.
    pub charges: Charges,
    /// The same by determination, in the order of `by_determination`, and only of those that have orders.
    pub charges_by_determination: Vec<Charged>,
    /// The same by flag.
    pub charges_by_flag: Vec<Charged>,
    /// From all lines to those that stand.
    pub ledger: Ledger,
}

/// Units and all three amounts of the orders with one value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charged {
    /// The value.
    pub key: String,
    /// What the export holds of them.
    pub charges: Charges,
}

/// The orders with one value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The value; empty where the table has none.
    pub key: String,
    /// What they amount to.
    pub measures: Measures,
}

/// The orders with one determination and one flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    /// The determination.
    pub determination: String,
    /// The flag.
    pub flag: String,
    /// What they amount to.
    pub measures: Measures,
}

/// The orders that rest on the same guideline rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowGroup {
    /// Row ids joined by `|`, or the determination where no row is certain.
    pub key: String,
    /// The ruleset whose rows they are, as `id@version`: a row may say different things in two editions.
    /// Empty where no row is certain.
    pub ruleset: String,
    /// The determination.
    pub determination: String,
    /// What they amount to.
    pub measures: Measures,
    /// The same by flag, in the order of [`FLAGS`]; all are listed.
    pub by_flag: Vec<Group>,
}

/// Indeterminate orders that are open in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenGroup {
    /// The fact that would settle them; empty if none was named.
    pub wanting: String,
    /// The possible answers.
    pub open: Vec<String>,
    /// The governing indication; empty when none.
    pub indication: String,
    /// What they amount to.
    pub measures: Measures,
}

/// Orders with one flag that rest on the same guideline rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingGroup {
    /// The flag: `flagged` or `review`.
    pub flag: String,
    /// The ruleset that decided, as `id@version`.
    pub ruleset: String,
    /// The determination.
    pub determination: String,
    /// The guideline rows.
    pub rows: Vec<String>,
    /// What to ask for, as most of these orders want it.
    pub would_change: Vec<String>,
    /// What they amount to.
    pub measures: Measures,
}

/// One finding, by the place where it can be looked up. Holds no other value
/// of the record: the reports that print it carry no patient or order ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopFinding {
    /// The file name as given.
    pub source_file: String,
    /// The record number in it.
    pub record: u64,
    /// The flag.
    pub flag: String,
    /// The guideline rows.
    pub rows: Vec<String>,
    /// The determination.
    pub determination: String,
    /// The possible answers if it is indeterminate.
    pub open: Vec<String>,
    /// The governing indication; empty when none.
    pub indication: String,
    /// How certain it is.
    pub certainty: String,
    /// What to ask for.
    pub would_change: Vec<String>,
    /// The ruleset that decided, as `id@version`.
    pub ruleset: String,
}

impl Summary {
    /// Orders with this flag.
    #[must_use]
    pub fn orders_flagged(&self, flag: &str) -> u64 {
        self.by_flag.iter().filter(|group| group.key == flag).map(|group| group.measures.orders).sum()
    }

    /// Orders that this ruleset decided, by its `id@version`.
    #[must_use]
    pub fn orders_decided_by(&self, ruleset: &str) -> u64 {
        self.by_ruleset.iter().filter(|(name, _)| name == ruleset).map(|(_, orders)| *orders).sum()
    }

    /// Orders with this line status.
    #[must_use]
    pub fn orders_of_line_status(&self, status: &str) -> u64 {
        self.by_line_status.iter().filter(|group| group.key == status).map(|group| group.measures.orders).sum()
    }

    /// Orders of which the export does not say what became of the line.
    #[must_use]
    pub fn orders_without_line_status(&self) -> u64 {
        self.orders_of_line_status("")
    }

    /// Orders with this determination.
    #[must_use]
    pub fn orders_determined(&self, determination: &str) -> u64 {
        self.by_determination.iter().filter(|group| group.key == determination).map(|group| group.measures.orders).sum()
    }
}
