//! Recognising an export by its header: which delimiter, which layout, which columns.

use std::fmt;

use super::binding::{Binding, Column, comparable};
use super::layout::Layout;

/// The most columns that an export may have.
const COLUMNS_MAX: usize = 4096;

/// A header that fits a layout.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// Index of the layout among those given.
    pub layout: usize,
    /// The delimiter.
    pub delimiter: u8,
    /// Which field holds which column.
    pub binding: Binding,
}

/// Why a header fits no layout. Header names are shown, record values never.
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
    /// No layout finds what it needs; for each, what is missing and the nearest names.
    Missing(Vec<Missing>),
    /// Two header names are the same, so that a column's field is not certain.
    Repeated(String),
    /// Several layouts fit equally well.
    Ambiguous(Vec<String>),
}

/// What one layout misses in a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The layout.
    pub layout: String,
    /// The header names that were found.
    pub found: Vec<String>,
    /// For each requirement that is not met: why it is needed and the names that would be accepted.
    pub wanted: Vec<(String, Vec<String>)>,
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
                 If it does and the names are the site's own, name them in a layout: ivig-audit layouts show generic > my.toml, then --layout my.toml"
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
            Self::Missing(all) => {
                for (at, missing) in all.iter().enumerate() {
                    if at > 0 {
                        f.write_str("\n")?;
                    }
                    write!(f, "the header does not fit layout `{}`", missing.layout)?;
                    for (why, names) in &missing.wanted {
                        write!(f, "\n  missing: one of {} ({why})", names.join(", "))?;
                    }
                    for (found, accepted) in &missing.nearest {
                        write!(f, "\n  nearest: the header has `{found}`; did it mean `{accepted}`?")?;
                    }
                    write!(f, "\n  found: {}", missing.found.join(", "))?;
                }
                f.write_str("\n  name the columns with a layout of your own: ivig-audit layouts show generic > my.toml, then --layout my.toml")
            }
        }
    }
}

impl std::error::Error for RecogniseError {}

/// Splits one line into fields as text, for headers and examples. Invalid bytes are replaced.
pub(crate) fn split_line(line: &[u8], delimiter: u8, quote: Option<u8>) -> Vec<String> {
    let mut builder = csv::ReaderBuilder::new();
    builder
        .has_headers(false)
        .delimiter(delimiter)
        .flexible(true)
        .quoting(quote.is_some())
        .quote(quote.unwrap_or(b'"'));
    let mut record = csv::ByteRecord::new();
    match builder.from_reader(line).read_byte_record(&mut record) {
        Ok(true) => record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect(),
        _ => Vec::new(),
    }
}

/// Finds the layout and the delimiter under which a header line binds the most columns.
///
/// # Errors
/// [`RecogniseError`] if there is no header, the encoding is not read, no layout has what it needs, or
/// several fit equally well.
pub fn recognise(header: &[u8], layouts: &[Layout]) -> Result<Recognised, RecogniseError> {
    if header.contains(&0) {
        return Err(RecogniseError::Encoding("binary or UTF-16 without a byte-order mark"));
    }
    let line = header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(header);
    if line.iter().all(u8::is_ascii_whitespace) {
        return Err(RecogniseError::Empty);
    }
    refuse_no_header(line, layouts)?;
    let mut fitting: Vec<(usize, Recognised)> = Vec::new();
    let mut missing = Vec::new();
    for (index, layout) in layouts.iter().enumerate() {
        let tried = layout.dialect.delimiters.iter().map(|delimiter| {
            let names = split_line(line, *delimiter as u8, layout.dialect.quote.map(|quote| quote as u8));
            let binding = layout.bind(&names);
            (
                binding.header.len() - binding.unmapped.len(),
                names.len(),
                Recognised { layout: index, delimiter: *delimiter as u8, binding },
            )
        });
        let Some((mapped, _, best)) =
            tried.reduce(|best, next| if (next.0, next.1) > (best.0, best.1) { next } else { best })
        else {
            continue;
        };
        if layout.missing(&best.binding).is_empty() {
            fitting.push((mapped, best));
        } else {
            missing.push(what_is_missing(layout, &best.binding));
        }
    }
    let Some(most) = fitting.iter().map(|(mapped, _)| *mapped).max() else {
        return Err(RecogniseError::Missing(missing));
    };
    fitting.retain(|(mapped, _)| *mapped == most);
    if fitting.len() > 1 {
        return Err(RecogniseError::Ambiguous(fitting.iter().map(|(_, fit)| layouts[fit.layout].id.clone()).collect()));
    }
    let (_, recognised) = fitting.remove(0);
    match repeated(&recognised.binding) {
        Some(name) => Err(RecogniseError::Repeated(name)),
        None => Ok(recognised),
    }
}

/// Refuses a first line that no layout could read as a header, without showing any of it.
fn refuse_no_header(line: &[u8], layouts: &[Layout]) -> Result<(), RecogniseError> {
    let split =
        |delimiter: char, quote: Option<char>| split_line(line, delimiter as u8, quote.map(|quote| quote as u8));
    let tried =
        layouts.iter().flat_map(|layout| layout.dialect.delimiters.iter().map(move |delimiter| (layout, *delimiter)));
    let (mut fields, mut known) = (0, 0);
    for (layout, delimiter) in tried {
        let names = split(delimiter, layout.dialect.quote);
        let binding = layout.bind(&names);
        fields = fields.max(names.len());
        known = known.max(names.len() - binding.unmapped.len());
    }
    let quotes = layouts
        .iter()
        .filter_map(|layout| layout.dialect.quote)
        .any(|quote| line.split(|byte| *byte == quote as u8).count() % 2 == 0);
    match (known, quotes) {
        _ if fields > COLUMNS_MAX => Err(RecogniseError::TooManyColumns(fields)),
        (0, _) => Err(RecogniseError::NoHeader(fields)),
        (_, true) => Err(RecogniseError::UnclosedQuote),
        _ => Ok(()),
    }
}

/// A mapped column's header name that stands twice.
fn repeated(binding: &Binding) -> Option<String> {
    let names: Vec<String> = binding.header.iter().map(|name| comparable(name)).collect();
    let twice = |at: &usize| names.iter().filter(|other| **other == names[*at]).count() > 1;
    (0..names.len()).filter(|at| !binding.unmapped.contains(at)).find(twice).map(|at| binding.header[at].clone())
}

fn what_is_missing(layout: &Layout, binding: &Binding) -> Missing {
    let accepted = |column: &Column| layout.columns.get(column).cloned().unwrap_or_default();
    let missing = layout.missing(binding);
    let wanted = missing
        .iter()
        .map(|requirement| (requirement.why.clone(), requirement.any_of.iter().flat_map(&accepted).collect()))
        .collect();
    let mut nearest = Vec::new();
    for name in missing.iter().flat_map(|requirement| requirement.any_of.iter().flat_map(&accepted)) {
        let plain = comparable(name.split('{').next().unwrap_or(&name));
        for found in binding.unmapped.iter().map(|at| &binding.header[*at]) {
            let other = comparable(found);
            if plain.len() >= 2 && other.len() >= 2 && (other.contains(&plain) || plain.contains(&other)) {
                nearest.push((found.clone(), name.clone()));
            }
        }
    }
    nearest.truncate(5);
    Missing { layout: layout.id.clone(), found: binding.header.clone(), wanted, nearest }
}
