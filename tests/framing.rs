//! Framing and parallel reading, held against an oracle, against the csv crate and against damage.
//!
//! - `oracle`: the framing rule once more, as plainly as it can be written; the judge of the others
//! - `transcript`: what a reading saw, and the ways to read
//! - `conformance`: named cases, each with the expected reading in full
//! - `swallow`: the five files on which other readers lose rows, and seeded damage
//! - `waves`: any number of threads and any chunk size read the same, long lines too
//! - `borders`: whatever stands at the borders of the blocks that lines are read by; wanted fields, and what is ASCII
//! - `csv_crate`: well-formed exports equal the csv crate, field for field

#[path = "framing/borders.rs"]
mod borders;
#[path = "framing/conformance.rs"]
mod conformance;
#[path = "framing/csv_crate.rs"]
mod csv_crate;
#[path = "framing/oracle.rs"]
mod oracle;
#[path = "framing/swallow.rs"]
mod swallow;
#[path = "framing/transcript.rs"]
mod transcript;
#[path = "framing/waves.rs"]
mod waves;
