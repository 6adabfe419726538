//! Reading exports: framed in parallel, assessed record by record, counted without a gap.
//!
//! [`Export::open`] reads the header and binds a layout; [`Export::scan`] reads the rest in waves and hands
//! over [`Batch`]es in input order. Rows leave with their place; every record is counted as exactly one of
//! in scope, out of scope or rejected.

mod body;
mod chunk;
mod companion;
mod export;
mod feed;
mod find;
mod gather;
mod keep;
mod line;
mod lines;
pub mod position;
mod row;
mod screening;
mod tally;
mod turns;
pub mod wave;
mod window;
mod worker;

/// The reason for which header and trailer records of an export are rejected. They say nothing of its quality.
pub const CONTROL_RECORD: &str = crate::framing::Fault::ControlRecord.id();

pub use companion::{CompanionFile, CompanionTally, Head};
pub use export::{Export, Extent, OpenError};
pub use find::{Found, Shape, Sighted, assess_one};
pub use gather::Gather;
pub use keep::{Beside, Kept, KeptLine, Sought, assess_kept, want};
pub use line::{Line, Record, record};
pub use lines::{LineCounts, Place};
pub use tally::Tally;
pub use wave::Pace;
pub use worker::{Batch, Gathered, Job, RejectedRecord};
