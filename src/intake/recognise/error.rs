//! Why a header fits no layout, as data and in words. Header names are shown, record values never.

use std::fmt;

use super::COLUMNS_MAX;
use super::shown::{found, may_be_a_record};
use crate::intake::Role;

/// Why a header fits no layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecogniseError {
    /// There is no header line.
    Empty,
    /// No field of the first line is a column name, so it may be a record, whose values are not shown.
    NoHeader(usize),
    /// The first line opens a quote and does not close it.
    UnclosedQuote,
    /// The first line has more fields than are read.
    TooManyColumns(usize),
    /// The bytes are of an encoding that is not read.
    Encoding(&'static str),
    /// No layout finds what it needs; for each that comes near, what is missing and the nearest names.
    Missing(Vec<Missing>),
    /// Two header names are the same, so that a column's field is not certain.
    Repeated(String),
    /// Several layouts fit equally well.
    Ambiguous(Vec<String>),
    /// The file is a companion of lines, and was given as lines.
    Companion {
        /// The layout that knows it.
        layout: String,
        /// Its role there.
        role: Role,
        /// What it is.
        label: String,
    },
    /// The layout gives the names of the columns, and the first line has another number of fields.
    OtherWidth {
        /// How many names the layout gives.
        names: usize,
        /// How many fields the line has.
        fields: usize,
    },
}

/// What one layout misses in a header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing {
    /// The layout.
    pub layout: String,
    /// Whether its `[recognise]` fits: what is missing is then all that stands in the way.
    pub is_recognised: bool,
    /// Of the names of its `[recognise]` those that the header has.
    pub matched: Vec<String>,
    /// Of these names those that it must have and has not, or has and must not.
    pub absent: Vec<String>,
    /// The header names that were found.
    pub found: Vec<String>,
    /// For each requirement that is not met: why it is needed and the names that would be accepted.
    pub wanted: Vec<(String, Vec<String>)>,
    /// Companions that it cannot be without and that were not given: their roles and what they are.
    pub companions: Vec<(Role, String)>,
    /// Header names that come near an accepted name.
    pub nearest: Vec<(String, String)>,
}

impl fmt::Display for RecogniseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file has no header line; the first line names the columns"),
            Self::NoHeader(fields) => write!(
                f,
                "the first line has {fields} fields and none is a column name that a layout knows; the first line names the columns. \
                 If it does and the names are the site's own, name them in a layout: `ivig-audit inspect FILE --write-layout my.toml` drafts one"
            ),
            Self::UnclosedQuote => {
                f.write_str("the header line opens a quote and does not close it; a header is one line")
            }
            Self::TooManyColumns(fields) => {
                write!(f, "the header has {fields} columns; at most {COLUMNS_MAX} are read")
            }
            Self::Encoding(what) => {
                write!(f, "the file is {what}; accepted is UTF-8, and UTF-16 with a byte-order mark")
            }
            Self::Repeated(name) => write!(f, "the header names `{name}` twice; each column is named once"),
            Self::Ambiguous(ids) => {
                write!(f, "several layouts fit the header equally well ({}); choose one with --layout", ids.join(", "))
            }
            Self::Companion { layout, role, label } => write!(
                f,
                "this is the `{role}` file of layout `{layout}` ({label}), which holds no order or claim lines: give it as \
                 {role}=FILE beside lines=FILE"
            ),
            Self::OtherWidth { names, fields } => write!(
                f,
                "the layout names {names} columns of a file without a header line, and the first line has {fields} fields"
            ),
            Self::Missing(all) => missing(f, all),
        }
    }
}

impl std::error::Error for RecogniseError {}

/// The layouts whose `[recognise]` fits, or else those without one in full, and the others in a line each.
fn missing(f: &mut fmt::Formatter<'_>, all: &[Missing]) -> fmt::Result {
    let recognised = all.iter().any(|missing| missing.is_recognised);
    let in_full = |missing: &&Missing| missing.is_recognised || (!recognised && missing.absent.is_empty());
    if !all.iter().any(|missing| in_full(&missing)) {
        f.write_str("the header does not fit a layout that joins files of the roles given")?;
    }
    for (at, missing) in all.iter().filter(in_full).enumerate() {
        if at > 0 {
            f.write_str("\n")?;
        }
        write!(f, "the header does not fit layout `{}`", missing.layout)?;
        for (why, names) in &missing.wanted {
            match &names[..] {
                [] => write!(f, "\n  missing: {why}")?,
                _ => write!(f, "\n  missing: one of {} ({why})", names.join(", "))?,
            }
        }
        for (role, label) in &missing.companions {
            write!(f, "\n  missing: the file {role}=FILE ({label})")?;
        }
        let is_header = !may_be_a_record(&missing.found);
        for (found, accepted) in missing.nearest.iter().filter(|_| is_header) {
            write!(f, "\n  nearest: the header has `{found}`; did it mean `{accepted}`?")?;
        }
        write!(f, "\n  found: {}", found(&missing.found))?;
    }
    if !recognised {
        for missing in all.iter().filter(|missing| !missing.matched.is_empty() && !missing.absent.is_empty()) {
            let (matched, absent) = (missing.matched.join(", "), missing.absent.join(", "));
            write!(f, "\n  layout `{}` has {matched} too, but not: {absent}", missing.layout)?;
        }
    }
    f.write_str(
        "\n  name the columns with a layout of your own: `ivig-audit inspect FILE --write-layout my.toml` drafts one",
    )
}
