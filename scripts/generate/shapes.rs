//! Exports of several files that belong together, in the header names, delimiters, quotes and line ends of the families
//! that they imitate: generated data only, with the truth that the generator knows and nobody has to work out again.
//!
//! Each admission, claim or order is a function of the seed and its number alone, and is written as it is made: any
//! number of lines is generated in the same memory. Rows of companion files are put in another order within
//! [`BLOCK`] cases, so that a join which relies on neighbours fails.

use std::io;

pub mod case;
pub mod epic;
pub mod idr;
pub mod mimic;
pub mod settings;
pub mod sheet;
pub mod synpuf;
pub mod tables;
pub mod truth;

use settings::{Settings, Shape};
use tables::Tables;
use truth::Ledger;

/// So many cases are held back to put their companion rows in another order.
pub const BLOCK: u64 = 64;

/// Writes all files of a shape and the truth, and gives the truth.
///
/// # Errors
/// What the files say, or a sentence about a fixture table that cannot be read.
pub fn write(settings: &Settings) -> io::Result<serde_json::Value> {
    let tables = Tables::load().map_err(io::Error::other)?;
    std::fs::create_dir_all(&settings.dir)?;
    let mut ledger = Ledger::new(settings)?;
    match settings.shape {
        Shape::Mimic3 => mimic::write(settings, &tables, mimic::Edition::Three, &mut ledger)?,
        Shape::Mimic4 => mimic::write(settings, &tables, mimic::Edition::Four, &mut ledger)?,
        Shape::SynpufCarrier => synpuf::write(settings, &tables, synpuf::Claims::Carrier, &mut ledger)?,
        Shape::SynpufInpatient => synpuf::write(settings, &tables, synpuf::Claims::Inpatient, &mut ledger)?,
        Shape::SynpufOutpatient => synpuf::write(settings, &tables, synpuf::Claims::Outpatient, &mut ledger)?,
        Shape::Epic => epic::write(settings, &tables, &mut ledger)?,
        Shape::Idr => idr::write(settings, &tables, &mut ledger)?,
    }
    ledger.finish(settings)
}
