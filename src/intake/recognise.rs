//! Recognising an export by its header: which delimiter, which layout, which columns.

mod error;
pub(super) mod shown;
mod trial;

pub use error::{Missing, RecogniseError};

use super::Role;
use super::binding::{Binding, comparable};
use super::layout::Layout;
use trial::Trial;

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
    /// Whether the first line is a header; where the layout gives the names of the columns it may be the first record.
    pub has_header: bool,
}

/// Splits one line into fields as text, for headers and examples. Invalid bytes are replaced.
pub(crate) fn split_line(line: &[u8], delimiter: u8, quote: Option<u8>) -> Vec<String> {
    let text = |field: &[u8]| String::from_utf8_lossy(field).into_owned();
    if is_plain(line, quote) {
        return line.split(|byte| *byte == delimiter).map(text).collect();
    }
    let mut builder = csv::ReaderBuilder::new();
    builder
        .has_headers(false)
        .delimiter(delimiter)
        .flexible(true)
        .quoting(quote.is_some())
        .quote(quote.unwrap_or(b'"'));
    let mut record = csv::ByteRecord::new();
    match builder.from_reader(line).read_byte_record(&mut record) {
        Ok(true) => record.iter().map(text).collect(),
        _ => Vec::new(),
    }
}

/// Whether nothing but delimiters divides a line: a reader of CSV costs more than most headers, and each layout asks for
/// the header.
fn is_plain(line: &[u8], quote: Option<u8>) -> bool {
    let divides = |byte: &u8| matches!(byte, b'\n' | b'\r') || Some(*byte) == quote;
    !line.is_empty() && !line.starts_with(b"\xef\xbb\xbf") && !line.iter().any(divides)
}

/// Finds the layout and the delimiter under which a header line binds the most columns, for lines alone.
///
/// # Errors
/// As [`recognise_beside`].
pub fn recognise(header: &[u8], layouts: &[Layout]) -> Result<Recognised, RecogniseError> {
    recognise_beside(header, layouts, &[])
}

/// Finds the layout of the lines file, with files of the roles `given` beside it. One layout alone is one that was chosen:
/// its `[recognise]` is not asked.
///
/// A layout whose `[recognise]` fits goes before those without one; among several the one with more of its names in the
/// header, then the one that reads more columns. If one fits and something that it needs is missing, that is the error,
/// unless another fits wholly.
///
/// # Errors
/// [`RecogniseError`] if there is no header, the encoding is not read, no layout has what it needs, or
/// several fit equally well.
pub fn recognise_beside(header: &[u8], layouts: &[Layout], given: &[Role]) -> Result<Recognised, RecogniseError> {
    refuse_encoding(header)?;
    let line = header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(header);
    if line.iter().all(u8::is_ascii_whitespace) {
        return Err(RecogniseError::Empty);
    }
    let trials: Vec<Trial<'_>> =
        layouts.iter().enumerate().filter_map(|(index, layout)| Trial::new(line, layout, index)).collect();
    let chosen = layouts.len() == 1;
    if let ([layout], [trial]) = (layouts, &trials[..])
        && !layout.dialect.header.is_empty()
        && !trial.missing(given).wanted.is_empty()
    {
        let trial = Trial::without_header(line, layout, 0)
            .map_err(|(names, fields)| RecogniseError::OtherWidth { names, fields })?;
        return taken(&trial, given);
    }
    let companion = companion(&trials);
    refuse_no_header(line, &trials, companion.is_some())?;
    let wholly = |trial: &&Trial<'_>| (chosen || trial.is_possible()) && trial.missing(given).is_nothing();
    let told: Vec<&Trial<'_>> = trials.iter().filter(wholly).filter(|trial| chosen || trial.is_recognised()).collect();
    if !told.is_empty() {
        return taken(best(&told)?, given);
    }
    if !trials.iter().any(Trial::is_recognised) {
        let plain: Vec<&Trial<'_>> = trials.iter().filter(wholly).collect();
        if !plain.is_empty() {
            return taken(best(&plain)?, given);
        }
        if let Some(companion) = companion {
            return Err(companion);
        }
    }
    Err(RecogniseError::Missing(trials.iter().map(|trial| trial.missing(given)).collect()))
}

/// The best of several that fit; an error if two fit alike.
fn best<'t, 'l>(fitting: &[&'t Trial<'l>]) -> Result<&'t Trial<'l>, RecogniseError> {
    let most = fitting.iter().map(|trial| trial.rank()).max().unwrap_or_default();
    let best: Vec<&&Trial<'_>> = fitting.iter().filter(|trial| trial.rank() == most).collect();
    match best[..] {
        [one] => Ok(one),
        _ => Err(RecogniseError::Ambiguous(best.iter().map(|trial| trial.layout.id.clone()).collect())),
    }
}

fn taken(trial: &Trial<'_>, given: &[Role]) -> Result<Recognised, RecogniseError> {
    if let Some(name) = repeated(&trial.binding) {
        return Err(RecogniseError::Repeated(name));
    }
    let missing = trial.missing(given);
    if !missing.is_nothing() {
        return Err(RecogniseError::Missing(vec![missing]));
    }
    let (delimiter, has_header) = (trial.delimiter, trial.has_header);
    Ok(Recognised { layout: trial.index, delimiter, binding: trial.binding.clone(), has_header })
}

/// The companion whose file this is, by the names that tell it.
fn companion(trials: &[Trial<'_>]) -> Option<RecogniseError> {
    let mut all = trials.iter().flat_map(|trial| trial.layout.companions.iter().map(move |each| (trial, each)));
    let fits = |(trial, companion): &(&Trial<'_>, &super::Companion)| {
        let told = companion.recognise.as_ref().filter(|_| !companion.again);
        told.is_some_and(|fits| {
            let (matched, absent) = fits.compared(&trial.binding.header);
            absent.is_empty() && !matched.is_empty()
        })
    };
    let (trial, companion) = all.find(fits)?;
    let (layout, label) = (trial.layout.id.clone(), companion.label.clone());
    Some(RecogniseError::Companion { layout, role: companion.role, label })
}

fn refuse_encoding(header: &[u8]) -> Result<(), RecogniseError> {
    if header.contains(&0) {
        return Err(RecogniseError::Encoding("binary or UTF-16 without a byte-order mark"));
    }
    Ok(())
}

/// Refuses a first line that no layout could read as a header, without showing any of it.
fn refuse_no_header(line: &[u8], trials: &[Trial<'_>], is_companion: bool) -> Result<(), RecogniseError> {
    let fields = trials.iter().map(|trial| trial.binding.header.len()).max().unwrap_or_default();
    let known = is_companion || trials.iter().any(|trial| trial.mapped > 0);
    let quotes = trials
        .iter()
        .filter_map(|trial| trial.layout.dialect.quote)
        .any(|quote| line.split(|byte| *byte == quote as u8).count() % 2 == 0);
    match (known, quotes) {
        _ if fields > COLUMNS_MAX => Err(RecogniseError::TooManyColumns(fields)),
        (false, _) => Err(RecogniseError::NoHeader(fields)),
        (true, true) => Err(RecogniseError::UnclosedQuote),
        _ => Ok(()),
    }
}

/// A mapped column's header name that stands twice.
fn repeated(binding: &Binding) -> Option<String> {
    let names: Vec<String> = binding.header.iter().map(|name| comparable(name)).collect();
    let twice = |at: &usize| names.iter().filter(|other| **other == names[*at]).count() > 1;
    (0..names.len()).filter(|at| !binding.unmapped.contains(at)).find(twice).map(|at| binding.header[at].clone())
}
