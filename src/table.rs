//! The assessments table: what every report, query and auditor reads.
//!
//! One [`Row`] is one assessed order, in the columns of the outside contract.
//! The columns stand once, in [`schema`]; Parquet, CSV and the documentation
//! are all made from that list, so they cannot drift apart.
//!
//! The row, the columns and the schema are plain Rust and build without polars. Only
//! the `parquet` module, behind the `table` feature, knows how the table
//! is stored.

pub mod columns;
pub mod decimal;
#[cfg(feature = "table")]
pub mod parquet;
#[cfg(feature = "table")]
pub mod parts;
pub mod row;
pub mod schema;
#[cfg(feature = "table")]
pub mod stored;
mod sums;

pub use columns::Columns;
pub use row::Row;
pub use sums::Sums;
