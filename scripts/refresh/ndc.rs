//! The table of product NDC, `products/ndc.csv`, and what the directory changes in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;
use csv::StringRecord;

use super::directory::Listing;
use super::table::written;

/// How the source of a row begins that rests on the directory; the month of the release follows.
const SOURCE: &str = "FDA NDC directory";

/// One change, for the report.
pub enum Change {
    /// The directory has a product that the table has not.
    New(String, &'static str),
    /// The directory says otherwise of a product.
    Changed(String, Vec<String>),
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New(product, kind) => write!(f, "+ {product}  new, {kind}"),
            Self::Changed(product, cells) => write!(f, "~ {product}  {}", cells.join(", ")),
        }
    }
}

/// What the directory makes of the table.
pub struct Found {
    /// Rows that are new or say something else.
    pub changes: Vec<Change>,
    /// What stays as it is until a person has decided.
    pub to_place: Vec<String>,
}

/// The rows of the table, by code. Columns that the directory does not know are kept as they are.
pub struct NdcProducts {
    columns: Vec<String>,
    rows: BTreeMap<String, Vec<String>>,
}

impl NdcProducts {
    /// Reads the table.
    ///
    /// # Errors
    /// A sentence with the line that cannot be read.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let columns: Vec<String> = cells(reader.headers().map_err(|error| error.to_string())?);
        for column in COLUMNS {
            if !columns.iter().any(|name| name == column) {
                return Err(format!("line 1: no column {column}"));
            }
        }
        let mut this = Self { columns, rows: BTreeMap::new() };
        for row in reader.records() {
            let row = row.map_err(|error| error.to_string())?;
            let line = row.position().map_or(0, csv::Position::line);
            let row = cells(&row);
            let code = this.cell(&row, "code").to_owned();
            if this.rows.insert(code, row).is_some() {
                return Err(format!("line {line}: the code is listed twice"));
            }
        }
        Ok(this)
    }

    /// The table as it stands in the file, sorted by code.
    #[must_use]
    pub fn text(&self) -> String {
        let header: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        written(&header, self.rows.values())
    }

    /// Makes the table say what the directory says of the globulins that it lists. No row is taken out: old claims
    /// carry the codes of products that are gone.
    pub fn apply(&mut self, listings: &[Listing], release: NaiveDate) -> Found {
        let mut found = Found { changes: Vec::new(), to_place: Vec::new() };
        let source = format!("{SOURCE}, {}", release.format("%B %Y"));
        for listing in listings {
            let product = format!("{} {}", listing.code, listing.name);
            match &listing.kind {
                Ok(kind) => found.changes.extend(self.enter(listing, kind, &source, product)),
                Err(why) => found.to_place.push(format!("{product}: {why}")),
            }
        }
        let held: BTreeSet<&str> = listings.iter().map(|listing| listing.code.as_str()).collect();
        for (code, row) in self.rows.iter().filter(|(code, _)| !held.contains(code.as_str())) {
            let why = if self.cell(row, "source").starts_with(SOURCE) {
                "gone from the directory; kept, for old claims carry it"
            } else {
                "not in the directory; kept as it was entered by hand"
            };
            found.to_place.push(format!("{code} {}: {why}", self.cell(row, "product")));
        }
        found
    }

    /// A row that says all this already keeps its release, so that a second reading changes nothing.
    fn enter(&mut self, listing: &Listing, kind: &'static str, source: &str, product: String) -> Option<Change> {
        let date = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let told = [
            ("kind", kind.to_owned()),
            ("valid_from", date(listing.from)),
            ("valid_to", date(listing.to)),
            ("confidence", "high".to_owned()),
        ];
        let places = told.each_ref().map(|(column, _)| self.place(column));
        let [code, name, source_at] = ["code", "product", "source"].map(|column| self.place(column));
        let system = self.columns.iter().position(|column| column == "system");
        let width = self.columns.len();
        let new = !self.rows.contains_key(&listing.code);
        let row = self.rows.entry(listing.code.clone()).or_insert_with(|| vec![String::new(); width]);
        if new {
            row[code].clone_from(&listing.code);
            row[name].clone_from(&listing.name);
            if let Some(at) = system {
                "ndc".clone_into(&mut row[at]);
            }
        }
        let mut changed = Vec::new();
        for ((column, value), at) in told.into_iter().zip(places) {
            if row[at] != value {
                let shown = |cell: &str| if cell.is_empty() { "empty" } else { cell }.to_owned();
                changed.push(format!("{column} {} is {}", shown(&row[at]), shown(&value)));
                row[at] = value;
            }
        }
        if changed.is_empty() && row[source_at].starts_with(SOURCE) {
            return None;
        }
        changed.push(format!("source {} is {source}", row[source_at]));
        source.clone_into(&mut row[source_at]);
        Some(if new { Change::New(product, kind) } else { Change::Changed(product, changed) })
    }

    /// Where a column stands that [`NdcProducts::read`] has found.
    fn place(&self, column: &str) -> usize {
        self.columns.iter().position(|name| name == column).unwrap_or_default()
    }

    fn cell<'row>(&self, row: &'row [String], column: &str) -> &'row str {
        &row[self.place(column)]
    }
}

const COLUMNS: [&str; 7] = ["code", "product", "kind", "valid_from", "valid_to", "source", "confidence"];

fn cells(record: &StringRecord) -> Vec<String> {
    record.iter().map(str::to_owned).collect()
}
