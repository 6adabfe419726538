//! The list of findings that an earlier run has not, by their places.
//!
//! It names file and record, by which `findings.csv` of the run and the export itself are looked up, and holds no other
//! value of a record.

use std::io::Write;

use csv::Writer;

use super::csv::safe;
use crate::summary::changes::Place;

const HEADER: [&str; 9] =
    ["source_file", "record", "slot", "reason", "flag", "determination", "guideline_rows", "certainty", "ruleset"];

/// Writes the list.
pub struct NewFindingsWriter<W: Write> {
    csv: Writer<W>,
}

impl<W: Write> NewFindingsWriter<W> {
    /// Starts the list with its header.
    ///
    /// # Errors
    /// If the header cannot be written.
    pub fn new(writer: W) -> Result<Self, csv::Error> {
        let mut csv = Writer::from_writer(writer);
        csv.write_record(HEADER)?;
        Ok(Self { csv })
    }

    /// Writes one finding.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn push(&mut self, place: &Place) -> Result<(), csv::Error> {
        self.csv.write_record([
            safe(place.source_file.clone()),
            place.record.to_string(),
            place.slot.map(|slot| slot.to_string()).unwrap_or_default(),
            place.reason.as_str().to_owned(),
            place.flag.clone(),
            place.determination.clone(),
            place.rows.join("|"),
            place.certainty.clone(),
            safe(place.ruleset.clone()),
        ])
    }

    /// Flushes, and gives back what was written to.
    ///
    /// # Errors
    /// If the rest cannot be written.
    pub fn finish(self) -> Result<W, String> {
        self.csv.into_inner().map_err(|error| error.to_string())
    }
}
