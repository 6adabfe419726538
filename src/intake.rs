//! Intake: from the bytes of a record to an [`Order`](crate::order::Order), or to a rejection with its reason.
//!
//! A [`Layout`] is data: header names, dates, words. [`bind`](Layout::bind) ties it to one header once;
//! decoding then reads fields by index. Every field is read as text and nothing is guessed from content.

mod amount;
mod binding;
mod date;
mod decode;
pub mod example;
mod joined;
mod layout;
mod recognise;
mod rejection;
mod role;
pub mod suggest;

pub use binding::{Binding, Column};
pub use decode::{Carried, Decoded, Decoder, ProductCell};
pub use joined::{Joined, LongDiagnosis};
pub use layout::{Companion, Layout, LayoutError, builtin_text};
pub use recognise::{RecogniseError, Recognised, recognise};
pub use rejection::Rejection;
pub use role::{Role, UnknownRole};
