//! What a run was: what went in, what came out, and the sums that must hold.
//!
//! An auditor reads `manifest.json` years later, so it says everything needed
//! to repeat the run and to prove that its files are the ones it made. It is
//! the only report besides the metrics that holds a clock. Maps are ordered,
//! so the same run writes the same bytes.

mod adding;
mod reconciliation;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use reconciliation::{Equation, Quantity, Reconciliation, Side};

/// The version of the manifest's shape.
pub const SCHEMA_VERSION: u32 = 1;

/// The content of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Start time and content digest, as the run directory is named.
    pub run_id: String,
    /// The clock-free digest of inputs, ruleset, layout and program that reports print.
    pub content_digest: String,
    /// Start, RFC 3339 in UTC.
    pub started: String,
    /// End of the work, before publishing, RFC 3339 in UTC.
    pub finished: String,
    /// The program that ran.
    pub program: Program,
    /// Every input, in the order given.
    pub inputs: Vec<Input>,
    /// The ruleset that decided; of several editions, all together under the name `in-force`.
    pub ruleset: Ruleset,
    /// Each edition that may have decided, the earliest first; one if there was no choice.
    #[serde(default)]
    pub rulesets: Vec<Ruleset>,
    /// The layouts that were bound, by id.
    pub layouts: Vec<Layout>,
    /// The options that shape the result, by their long names.
    pub options: BTreeMap<String, String>,
    /// What was counted.
    pub counts: Counts,
    /// The files that were made, by name, without the manifest itself.
    pub outputs: Vec<Output>,
    /// The sums that were asserted before publishing.
    pub reconciliation: Reconciliation,
}

/// The program that made the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// BLAKE3 of the program's file, where the system says which it is.
    #[serde(default)]
    pub digest: Option<String>,
}

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The file name as given on the command line; `-` for standard input.
    pub file: String,
    /// The role in a layout of several files; left out for the lines, which are what a plain path is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Bytes as stored (before decompression).
    pub bytes: u64,
    /// BLAKE3 of those bytes in hexadecimal, as `b3sum` prints it.
    pub blake3: String,
    /// BLAKE3 of the text in UTF-8, without a byte-order mark, where that is not what is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_blake3: Option<String>,
    /// Characters that the input's encoding does not know; a record with one in a field that decides is rejected.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub undecodable: u64,
    /// Delimiter, quoting, encoding and compression, in words.
    pub dialect: String,
    /// Id of the bound layout.
    pub layout: String,
    /// Records read.
    pub records: u64,
    /// Physical lines.
    pub lines: u64,
}

impl Input {
    /// Digest of the text, by which two inputs are the same orders however they are packed.
    #[must_use]
    pub fn content(&self) -> &str {
        self.content_blake3.as_deref().unwrap_or(&self.blake3)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The ruleset that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruleset {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// BLAKE3 over all of its files.
    pub digest: String,
}

impl Ruleset {
    /// `id@version`, as every row of the table names it.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }
}

/// A layout that was bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Its id.
    pub id: String,
    /// BLAKE3 of its text.
    pub digest: String,
}

/// One file of the run directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Its name in the run directory.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// BLAKE3 in hexadecimal.
    pub blake3: String,
}

/// Everything that the scan counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Physical lines.
    pub lines: Lines,
    /// Records.
    pub records: Records,
    /// Orders.
    pub orders: Orders,
    /// Decimal sums over all in-scope orders.
    pub sums: Sums,
    /// Companion files, by role. Their lines and records are in none of the figures above.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub companions: BTreeMap<String, Companion>,
}

/// What became of the files of one role that join to the lines, and of the orders that looked for records in them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Companion {
    /// How many files.
    pub files: u64,
    /// Whether they are the lines files, read a second time; their rejections are listed once, with the lines.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// All records.
    pub records: u64,
    /// Records that some order looked for.
    pub kept: u64,
    /// Records of other lines.
    pub other: u64,
    /// Records that the layout's conditions leave out.
    pub not_counted: u64,
    /// Records that could not be read, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Physical lines.
    pub lines: Lines,
    /// What orders found in it.
    pub orders: Sought,
}

/// What became of the search of all orders in one companion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sought {
    /// Orders that found a record.
    pub found: u64,
    /// Orders whose key no record has.
    pub missing: u64,
    /// Orders that fill no key.
    pub without_key: u64,
    /// Orders for which records say different things.
    pub disagree: u64,
    /// Orders that had no need to look.
    pub not_sought: u64,
}

impl Sought {
    /// All orders.
    #[must_use]
    pub fn orders(&self) -> u64 {
        self.found + self.missing + self.without_key + self.disagree + self.not_sought
    }
}

impl Companion {
    /// Records rejected for any reason.
    #[must_use]
    pub fn rejected_total(&self) -> u64 {
        self.rejected.values().sum()
    }
}

impl Counts {
    /// Rejected records of lines and companions, as `rejected.csv` lists them.
    #[must_use]
    pub fn rejections_listed(&self) -> u64 {
        let listed = self.companions.values().filter(|companion| !companion.again);
        self.records.rejected_total() + listed.map(Companion::rejected_total).sum::<u64>()
    }

    /// Physical lines of rejected records of lines and companions.
    #[must_use]
    pub fn rejected_lines_listed(&self) -> u64 {
        let listed = self.companions.values().filter(|companion| !companion.again);
        self.lines.rejected + listed.map(|companion| companion.lines.rejected).sum::<u64>()
    }
}

/// Physical lines of all inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// All lines, counted on their own from the bytes.
    pub read: u64,
    /// Header lines.
    pub header: u64,
    /// Blank lines.
    pub blank: u64,
    /// Lines of records that were read as records, in or out of scope.
    pub records: u64,
    /// Lines of rejected records.
    pub rejected: u64,
}

/// Records of all inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    /// All records.
    pub read: u64,
    /// Records that gave one or more orders.
    pub in_scope: u64,
    /// Records out of scope, by reason.
    pub out_of_scope: BTreeMap<String, u64>,
    /// Records that could not be read as an order, by reason.
    pub rejected: BTreeMap<String, u64>,
}

impl Records {
    /// Records out of scope for any reason.
    #[must_use]
    pub fn out_of_scope_total(&self) -> u64 {
        self.out_of_scope.values().sum()
    }

    /// Records rejected for any reason.
    #[must_use]
    pub fn rejected_total(&self) -> u64 {
        self.rejected.values().sum()
    }
}

/// In-scope orders, each with exactly one determination and one flag.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orders {
    /// All orders.
    pub total: u64,
    /// By determination.
    pub by_determination: BTreeMap<String, u64>,
    /// By flag.
    pub by_flag: BTreeMap<String, u64>,
}

/// Sums as plain decimals; absent where no order had a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Billed units, three decimals.
    pub units: Option<String>,
    /// Grams, three decimals.
    pub grams: Option<String>,
    /// Billed amount, two decimals.
    pub billed: Option<String>,
    /// Allowed amount, two decimals.
    pub allowed: Option<String>,
    /// Paid amount, two decimals.
    pub paid: Option<String>,
}

impl Manifest {
    /// The text of `manifest.json`, indented, with a newline at the end.
    ///
    /// # Errors
    /// Only if serialisation itself fails, which plain data does not.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_back_as_it_was_written() -> Result<(), serde_json::Error> {
        let counts = Counts {
            records: Records { read: 2, in_scope: 1, out_of_scope: [("x".to_owned(), 1)].into(), ..Records::default() },
            sums: Sums { grams: Some("20.000".to_owned()), ..Sums::default() },
            ..Counts::default()
        };
        let manifest = Manifest {
            schema_version: SCHEMA_VERSION,
            run_id: "20260101T000000Z-0badcafe".to_owned(),
            content_digest: "0badcafe".to_owned(),
            started: "2026-01-01T00:00:00Z".to_owned(),
            finished: "2026-01-01T00:00:01Z".to_owned(),
            program: Program { name: "ivig-audit".to_owned(), version: "0.1.0".to_owned(), digest: None },
            inputs: vec![],
            ruleset: Ruleset { id: "r".to_owned(), version: "1".to_owned(), digest: String::new() },
            rulesets: vec![],
            layouts: vec![],
            options: BTreeMap::new(),
            reconciliation: Reconciliation::of(&counts),
            counts,
            outputs: vec![],
        };
        let text = manifest.to_json()?;
        assert!(text.contains("\"billed\": null"), "a sum that is not in the export stays empty");
        assert_eq!(serde_json::from_str::<Manifest>(&text)?, manifest);
        Ok(())
    }
}
