//! What is looked for in a patient's orders over time: plain values, handed in by who read the rules.

/// How the course of patients is looked at. All of it is data of the rules; nothing is assumed here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CourseRules {
    /// Days at the beginning of the export of which nobody can say whether a patient is new in them.
    pub new_after_days: u32,
    /// Days that must lie between a patient's first and last order before grams a year are worked out.
    pub observed_days: u32,
    /// The payer's words, of its decision or of what became of a line, for an order that it refused.
    pub refusals: Vec<String>,
    /// The patterns, in the order in which they are reported. At most [`PATTERNS_MAX`] are looked for.
    pub patterns: Vec<Pattern>,
}

/// How many patterns are looked for.
pub const PATTERNS_MAX: usize = 32;

/// One pattern, with what a reader must know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// Why it is looked for.
    pub why: String,
    /// What a reviewer should look at.
    pub look_at: String,
    /// `local` where no guideline speaks, or `published`.
    pub basis: String,
    /// Where the thresholds come from.
    pub source: String,
    /// How sure that source is: `high`, `medium` or `low`.
    pub confidence: String,
    /// What it looks like in orders.
    pub shape: Shape,
}

/// What a pattern looks like in the orders of one patient. Rows are ids of guideline rows; an order is of some rows if
/// all the rows that it rests on are among them.
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
    /// An order that the payer refused and one after it that rests on other rows and is better supported.
    MovedAfterRefusal {
        /// Determinations of the refused order.
        from: Vec<String>,
        /// Determinations of the order after it.
        to: Vec<String>,
        /// At most so many days lie between them.
        days: u32,
    },
    /// Two lines of one day that are not the same order.
    LinesOfOneDay {
        /// Of two products; else of the same.
        different_products: bool,
    },
    /// More grams within 365 days than a threshold.
    GramsAYear {
        /// Rows, and grams above which it shows; an order counts for the first of them that it is of.
        thresholds: Vec<(Vec<String>, u32)>,
    },
}
