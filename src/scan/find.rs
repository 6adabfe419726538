//! One record of an export by its number.

use std::convert::Infallible;
use std::io::{Cursor, Read};

use chrono::NaiveDate;

use super::export::Export;
use super::line::{Line, Record, record};
use super::lines::Place;
use super::wave::{Pace, Visitor, WaveError, read_waves};
use crate::framing::{Fault, Splitter};
use crate::intake::{Decoder, Framed, Rejection};
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

/// A record's content and whether it holds a bare quote, or what is wrong with it.
type Kept = Result<(Vec<u8>, bool), Fault>;

/// Keeps the content of every record of a chunk that may be the wanted one; chunks are small.
#[derive(Default)]
struct Keeper {
    kept: Vec<(u64, Kept)>,
}

impl Visitor for Keeper {
    fn record(&mut self, place: Place, content: &[u8], bare_quote: bool) {
        self.kept.push((place.record, Ok((content.to_vec(), bare_quote))));
    }

    fn rejected(&mut self, place: Place, fault: Fault, _column: Option<usize>) {
        self.kept.push((place.record, Err(fault)));
    }

    fn rebase(&mut self, base: Place) {
        for (record, _) in &mut self.kept {
            *record += base.record;
        }
    }
}

impl<R: Read> Export<R> {
    /// Reads to one record and assesses it.
    ///
    /// # Errors
    /// [`WaveError`] if the input cannot be read.
    pub fn find(self, rulebook: &Rulebook, as_of: NaiveDate, number: u64) -> Result<Found, WaveError<Infallible>> {
        let (ahead, rest) = (self.ahead, self.rest);
        let mut wanted = None;
        let mut last = 0;
        let take = |keeper: Keeper| {
            last = keeper.kept.last().map_or(last, |(record, _)| *record);
            if let Some((_, found)) = keeper.kept.into_iter().find(|(record, _)| *record == number) {
                wanted = Some(found);
            }
            Ok(())
        };
        read_waves(
            Cursor::new(ahead).chain(rest),
            self.start,
            &self.dialect,
            Pace::of(1),
            Keeper::default,
            |_| {},
            take,
        )?;
        let decoder = Decoder::new(&self.layout, &self.binding, as_of);
        Ok(match wanted {
            None => Found::Beyond(last),
            Some(Err(fault)) => Found::Rejected(fault),
            Some(Ok((content, bare_quote))) => {
                let mut splitter = Splitter::new();
                let fields = splitter.split(&content, &self.dialect);
                let header = self.binding.is_header(fields.iter());
                let field = |at: usize| fields.get(at).unwrap_or_default();
                let record = if header {
                    Record::Line(Line::Rejected(Rejection::RepeatedHeader))
                } else {
                    record(rulebook, &decoder, &field, Framed { bare_quote, short: fields.len() < self.dialect.fields })
                };
                Found::Record(Box::new(record))
            }
        })
    }
}
