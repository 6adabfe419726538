//! House style as tests. Each rule says why it exists when it fails, and each has a test that plants a
//! violation and sees it caught, so that no check is one that cannot fail.
//!
//! - `project`: the files of the project, and the form in which a rule reports
//! - `rust_source`: what a Rust file says outside comments, literals and tests
//! - `direction`: which module may use which
//! - `dependencies`: the home of each external crate, its use, and the line that says why it is there
//! - `length`: files and functions that can be read at one sitting
//! - `clinical`: clinical facts live in `rules/`, never in `src/`
//! - `forbidden`: what must not stand in `src/`: panics, printing, a clock, polars inside the scan
//! - `words`: the word that is a payer's and never ours
//! - `fixtures`: no file that nothing reads
//! - `notice`: whose code systems are used
//! - `sealed`: who opens the ids of prescribers and sites
//! - `tree`: the tree of ARCHITECTURE.md against the files of `src/`

#[path = "tidy/clinical.rs"]
mod clinical;
#[path = "tidy/dependencies.rs"]
mod dependencies;
#[path = "tidy/direction.rs"]
mod direction;
#[path = "tidy/fixtures.rs"]
mod fixtures;
#[path = "tidy/forbidden.rs"]
mod forbidden;
#[path = "tidy/length.rs"]
mod length;
#[path = "tidy/notice.rs"]
mod notice;
#[path = "tidy/project.rs"]
mod project;
#[path = "tidy/rust_source.rs"]
mod rust_source;
#[path = "tidy/sealed.rs"]
mod sealed;
#[path = "tidy/tree.rs"]
mod tree;
#[path = "tidy/words.rs"]
mod words;
