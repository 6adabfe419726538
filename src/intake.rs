//! Intake: from the bytes of a record to an [`Order`](crate::order::Order), or to a rejection with its reason.
//!
//! A [`Layout`] is data: header names, dates, words. [`bind`](Layout::bind) ties it to one header once;
//! decoding then reads fields by index. Every field is read as text and nothing is guessed from content.

mod age;
mod amount;
mod binding;
mod date;
mod decode;
mod dose;
pub mod example;
mod identifier;
pub mod join;
mod joined;
mod layout;
mod recognise;
mod rejection;
mod role;
pub mod suggest;

pub use age::Birth;
pub use amount::AmountForm;
pub use binding::{Binding, Column, DecidingFields, Places, Slot};
pub use date::DateForm;
pub use decode::{Carried, Decoded, Decoder, FieldTexts, Framed, ProductCell};
pub use dose::{DoseWords, UnitsAre};
pub use joined::{Joined, LongDiagnosis};
pub use layout::{Companion, DeclaredEncoding, Layout, LayoutDialect, LayoutError, builtin_text};
pub use recognise::{Missing, RecogniseError, Recognised, recognise, recognise_beside};
pub use rejection::Rejection;
pub use role::{Role, UnknownRole};
