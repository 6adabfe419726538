//! All orders, sorted into the finest kinds that the questions about the rules' answers tell apart.

use polars::prelude::{DataFrame, PolarsResult};

use super::answer;
use super::cube::{Cube, Key};
use super::partition::Partition;

/// The columns that tell kinds apart.
pub(super) const KEYS: [&str; 9] =
    ["ruleset", "determination", "flag", "certainty", "guideline_rows", "wanting", "open", "indication", "line_status"];

/// The name of the partition by all of them.
pub const KINDS: &str = "kinds";

/// A kind of orders: what they have in each of [`KEYS`]; lists joined by `|`, empty where the table has none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub ruleset: String,
    pub determination: String,
    pub flag: String,
    pub certainty: String,
    pub rows: String,
    pub wanting: String,
    pub open: String,
    pub indication: String,
    pub line_status: String,
}

impl Kind {
    /// The values, in the order of [`KEYS`].
    fn values(&self) -> Vec<String> {
        let Self { ruleset, determination, flag, certainty, rows, wanting, open, indication, line_status } = self;
        [ruleset, determination, flag, certainty, rows, wanting, open, indication, line_status].map(Clone::clone).into()
    }
}

impl Key for Kind {
    const COLUMNS: &'static [&'static str] = &KEYS;
    const LISTS: &'static [&'static str] = &["guideline_rows", "open"];

    fn new(frame: &DataFrame, row: usize) -> PolarsResult<Self> {
        let text = |key: &str| answer::text(frame, key, row);
        Ok(Self {
            ruleset: text("ruleset")?,
            determination: text("determination")?,
            flag: text("flag")?,
            certainty: text("certainty")?,
            rows: text("guideline_rows")?,
            wanting: text("wanting")?,
            open: text("open")?,
            indication: text("indication")?,
            line_status: text("line_status")?,
        })
    }
}

/// The kinds that were met, and what the orders of each amount to.
pub(super) type Cells = Cube<Kind>;

/// The kinds as a partition of all orders.
pub(super) fn partition(cells: &Cells) -> Partition {
    cells.partition(KINDS, &KEYS, Kind::values)
}
