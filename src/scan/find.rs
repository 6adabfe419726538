//! One record of an export by its number.

use std::convert::Infallible;
use std::io::Read;

use chrono::NaiveDate;

use super::export::Export;
use super::keep::{Beside, KeptLine};
use super::line::{Line, Record, record};
use super::lines::Place;
use super::wave::{Pace, Visitor, WaveError};
use crate::framing::{Accepted, Dialect, Fault, Splitter};
use crate::intake::{Binding, Decoder, Joined, Layout, Rejection};
use crate::rules::Rulebook;

/// What a record number names.
#[derive(Debug, Clone)]
pub enum Found {
    /// A record that framed well.
    Record(Box<Record>),
    /// A record that framing rejected.
    Rejected(Fault),
    /// No record: the export has only so many.
    Beyond(u64),
}

/// A record as it stands in its file, or what is wrong with it.
type Framed = Result<KeptLine, Fault>;

/// What a record number names, before anything of it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighted {
    /// A record that framed well.
    Record(KeptLine),
    /// A record that framing rejected.
    Rejected(Fault),
    /// No record: the export has only so many.
    Beyond(u64),
}

/// What reading an export takes, once the export itself is read.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The layout.
    pub layout: Layout,
    /// Which field holds which column.
    pub binding: Binding,
    /// The shape of its lines.
    pub dialect: Dialect,
}

/// Keeps the content of every record of a chunk that may be the wanted one; chunks are small.
#[derive(Default)]
struct Keeper {
    kept: Vec<(u64, Framed)>,
}

impl Visitor for Keeper {
    fn record(&mut self, place: Place, record: Accepted<'_>) {
        let line = KeptLine { place, bare_quote: record.bare_quote, content: Box::from(record.content) };
        self.kept.push((place.record, Ok(line)));
    }

    fn rejected(&mut self, place: Place, fault: Fault, _column: Option<usize>) {
        self.kept.push((place.record, Err(fault)));
    }

    fn rebase(&mut self, base: Place) {
        for (record, framed) in &mut self.kept {
            *record += base.record;
            if let Ok(line) = framed {
                line.place = line.place + base;
            }
        }
    }
}

impl<R: Read + Send + 'static> Export<R> {
    /// Reads to the end and finds one record by its number.
    ///
    /// # Errors
    /// [`WaveError`] if the input cannot be read.
    pub fn sight(self, number: u64) -> Result<(Sighted, Shape), WaveError<Infallible>> {
        let mut wanted = None;
        let mut last = 0;
        let take = |keeper: Keeper| {
            last = keeper.kept.last().map_or(last, |(record, _)| *record);
            if let Some((_, found)) = keeper.kept.into_iter().find(|(record, _)| *record == number) {
                wanted = Some(found);
            }
            Ok(())
        };
        self.body.read(&self.dialect, Pace::of(1), Keeper::default, |_| {}, take)?;
        let sighted = match wanted {
            None => Sighted::Beyond(last),
            Some(Err(fault)) => Sighted::Rejected(fault),
            Some(Ok(line)) => Sighted::Record(line),
        };
        Ok((sighted, Shape { layout: self.layout, binding: self.binding, dialect: self.dialect }))
    }

    /// Reads to one record and assesses it, for an export of one file.
    ///
    /// # Errors
    /// [`WaveError`] if the input cannot be read.
    pub fn find(self, rulebook: &Rulebook, as_of: NaiveDate, number: u64) -> Result<Found, WaveError<Infallible>> {
        let (sighted, shape) = self.sight(number)?;
        Ok(match sighted {
            Sighted::Beyond(last) => Found::Beyond(last),
            Sighted::Rejected(fault) => Found::Rejected(fault),
            Sighted::Record(line) => Found::Record(Box::new(assess_one(rulebook, as_of, &shape, &line, None))),
        })
    }
}

/// Assesses one record, beside what companions hold for it if there are any.
#[must_use]
pub fn assess_one(
    rulebook: &Rulebook,
    as_of: NaiveDate,
    shape: &Shape,
    line: &KeptLine,
    beside: Option<Beside<'_>>,
) -> Record {
    let mut splitter = Splitter::new();
    let fields = splitter.split(&line.content, &shape.dialect);
    if shape.binding.is_header(fields.iter()) {
        return Record::Line(Line::Rejected(Rejection::RepeatedHeader));
    }
    let field = |at: usize| fields.get(at).unwrap_or_default();
    let framed =
        crate::intake::Framed { bare_quote: line.bare_quote, short: fields.len() < shape.dialect.fields, utf8: false };
    let decoder = Decoder::new(&shape.layout, &shape.binding, as_of);
    record(rulebook, &decoder, &field, framed, &|product| match beside {
        None => Joined::default(),
        Some(beside) => beside.joins.joined_for(beside.lines, &field, product).joined,
    })
}
