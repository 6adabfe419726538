//! Rules are data: a guideline edition as files, read, checked and compiled to an immutable [`Ruleset`].
//!
//! [`RuleFiles`] holds the text of a rules directory, built into the program or read from a site's own.
//! [`Ruleset::load`] turns it into indices and masks that `assess` reads, or says everything that is wrong
//! with it. No code, phrase, drug or class stands in Rust.

mod builtin;
mod compile;
mod condition;
pub mod course;
pub mod diff;
mod error;
mod example;
mod file;
mod files;
pub mod lint;
mod list;
mod named;
pub mod page;
mod phrase;
mod product;
mod quick;
mod rows;
mod rulebook;
mod ruleset;
mod shared;

pub use condition::Condition;
pub(crate) use condition::FactSet;
pub use error::{Problem, RulesError};
pub use example::{Example, ExampleOrder, Expectation};
pub use files::RuleFiles;
pub use list::{CodeList, CodeLists, ListId, ListRow, ListSet, Usable, Validity};
pub use phrase::{Break, CueKind, Folded, Meaning, PhraseBook, Place, Stop, Tie, Word};
pub(crate) use phrase::{Occurrence, Searched, Telling};
pub use product::{
    InText, Mentioned, ModifierMeaning, NAME_WORDS_MAX, Named, Product, ProductId, ProductKind, Products, Route, Told,
};
pub use rulebook::Rulebook;
pub use ruleset::{
    Caps, Conflict, Fact, Flags, Indication, Info, Match, Names, Policy, Presumption, Review, Row, Ruleset, Source,
    Statement, Strength,
};
