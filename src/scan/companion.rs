//! A companion file: its header read and tied to the layout, then its records read for those that lines want.

use std::collections::BTreeMap;
use std::io::Read;

use super::body::Body;
use super::export::{Export, Extent, OpenError, header_line, in_words};
use super::lines::Place;
use super::wave::{Pace, Start, Visitor, WaveError};
use super::worker::{RejectedRecord, lines_of};
use crate::framing::{Accepted, Dialect, Fault, RECORD_LIMIT, Splitter};
use crate::intake::join::{CompanionBinding, Joins, KeptRecord, KeyId, Reading};
use crate::intake::{Rejection, Role};
use crate::source::Access;

/// A companion file whose header has been read.
#[derive(Debug)]
pub struct CompanionFile<R> {
    body: Body<R>,
    /// What its header holds.
    pub binding: CompanionBinding,
    /// The shape of its records.
    pub dialect: Dialect,
}

/// What became of a companion's records: each is exactly one of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompanionTally {
    /// Some line in scope wants it.
    pub kept: u64,
    /// It belongs to other lines.
    pub other: u64,
    /// The layout's conditions leave it out.
    pub not_counted: u64,
    /// Rejected, by reason.
    pub rejected: BTreeMap<&'static str, u64>,
    /// Physical lines of the records that were rejected after they framed well.
    pub lines_rejected_by_intake: u64,
}

impl CompanionTally {
    /// All records counted.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.kept + self.other + self.not_counted + self.rejections()
    }

    /// All rejected records.
    #[must_use]
    pub fn rejections(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// Adds the counts of another part.
    pub fn add(&mut self, other: &Self) {
        self.kept += other.kept;
        self.other += other.other;
        self.not_counted += other.not_counted;
        self.lines_rejected_by_intake += other.lines_rejected_by_intake;
        for (reason, count) in &other.rejected {
            *self.rejected.entry(reason).or_default() += count;
        }
    }
}

/// What a chunk of a companion gave, in input order.
struct Reader<'a> {
    joins: &'a Joins<'a>,
    binding: &'a CompanionBinding,
    dialect: &'a Dialect,
    splitter: Splitter,
    kept: Vec<(Vec<KeyId>, KeptRecord)>,
    rejected: Vec<RejectedRecord>,
    tally: CompanionTally,
}

impl Reader<'_> {
    fn reject(&mut self, place: Place, reason: &'static str, column: Option<usize>, lines: u64) {
        let column = column.and_then(|at| self.binding.header.get(at));
        let column = column.map(|name| crate::codes::trim_cell(name).to_owned());
        *self.tally.rejected.entry(reason).or_default() += 1;
        self.rejected.push(RejectedRecord { place, reason, column, lines });
    }

    fn reject_framed(&mut self, place: Place, content: &[u8], rejection: Rejection) {
        let lines = lines_of(content);
        self.tally.lines_rejected_by_intake += lines;
        self.reject(place, rejection.as_str(), None, lines);
    }
}

impl Visitor for Reader<'_> {
    fn record(&mut self, place: Place, Accepted { content, .. }: Accepted<'_>) {
        let fields = self.splitter.split(content, self.dialect);
        if self.binding.is_header(fields.iter()) {
            self.reject_framed(place, content, Rejection::RepeatedHeader);
            return;
        }
        match self.joins.read(self.binding, &|at| fields.get(at).unwrap_or_default()) {
            Reading::Kept(ids, record) => {
                self.tally.kept += 1;
                self.kept.push((ids, record));
            }
            Reading::Other => self.tally.other += 1,
            Reading::NotCounted => self.tally.not_counted += 1,
            Reading::NotText => self.reject_framed(place, content, Rejection::InvalidEncoding),
        }
    }

    fn rejected(&mut self, place: Place, fault: Fault, column: Option<usize>) {
        self.reject(place, fault.id(), column, 1);
    }

    fn rebase(&mut self, base: Place) {
        for rejected in &mut self.rejected {
            rejected.place = rejected.place + base;
        }
    }
}

/// The first line of a file that is not blank, read before it is known what the file is.
#[derive(Debug)]
pub struct Head<R> {
    bytes: Vec<u8>,
    header: std::ops::Range<usize>,
    end: usize,
    blank: u64,
    rest: R,
    access: Option<Access>,
}

impl<R: Read + Send + 'static> Head<R> {
    /// Reads up to the end of the header line.
    ///
    /// # Errors
    /// [`OpenError`] if the input cannot be read or its first line does not end.
    pub fn read(mut input: R) -> Result<Self, OpenError> {
        let mut bytes = Vec::new();
        let mut at_end = false;
        loop {
            if let Some((blank, header)) = header_line(&bytes, at_end) {
                return Ok(Self { bytes, header: header.content, end: header.end, blank, rest: input, access: None });
            }
            if bytes.len() > RECORD_LIMIT {
                return Err(OpenError::HeaderTooLong);
            }
            let before = bytes.len();
            input.by_ref().take(64 << 10).read_to_end(&mut bytes)?;
            at_end = bytes.len() == before;
        }
    }

    /// The same with other ways to the bytes than the stream, as [`Export::with_access`].
    #[must_use]
    pub fn with_access(self, access: Access) -> Self {
        Self { access: Some(access), ..self }
    }

    /// The header line.
    #[must_use]
    pub fn line(&self) -> &[u8] {
        &self.bytes[self.header.clone()]
    }
}

impl<R: Read + Send + 'static> CompanionFile<R> {
    /// Ties the companion of this role to the header.
    ///
    /// # Errors
    /// [`OpenError`] if the header does not fit.
    pub fn bind(head: Head<R>, joins: &Joins<'_>, role: Role) -> Result<Self, OpenError> {
        let (delimiter, binding) = joins.open(role, head.line()).map_err(OpenError::Companion)?;
        let Head { mut bytes, end, blank, rest, access, .. } = head;
        let layout = joins.layout();
        let fields = binding.header.len();
        let mut spans = vec![false; fields];
        for field in layout.dialect.spans.iter().flat_map(|column| binding.fields(*column)) {
            spans[field] = true;
        }
        let dialect = Dialect {
            delimiter,
            quote: layout.dialect.quote.map(|quote| quote as u8),
            fields,
            spans,
            allow_trailing_delimiter: layout.dialect.allow_trailing_delimiter,
            allow_missing_fields: layout.dialect.allow_missing_fields,
            control: layout.dialect.control.clone(),
        };
        let ahead = bytes.split_off(end);
        let start = Start { line: blank + 2, offset: end as u64 };
        let body = Body { head: bytes, ahead, rest, start, blank, access };
        Ok(Self { body, binding, dialect })
    }

    /// Delimiter and quoting in words.
    #[must_use]
    pub fn dialect_in_words(&self) -> String {
        in_words(&self.dialect)
    }

    /// The lines of an export as a companion of themselves.
    #[must_use]
    pub fn again(export: Export<R>, binding: CompanionBinding) -> Self {
        let Export { body, dialect, .. } = export;
        Self { body, binding, dialect }
    }

    /// Reads all records and keeps those that lines want. `seen` is told how many bytes of the text are read, on
    /// some thread; `take` gets the rejected records in input order, on the calling thread.
    ///
    /// # Errors
    /// [`WaveError`] if the input cannot be read, `take` refuses, or the lines do not add up.
    pub fn scan<E>(
        self,
        joins: &mut Joins<'_>,
        pace: Pace,
        seen: impl FnMut(u64) + Send,
        mut take: impl FnMut(Vec<RejectedRecord>) -> Result<(), E>,
    ) -> Result<(CompanionTally, Extent), WaveError<E>> {
        let companion = self.binding.companion;
        let mut shelf = joins.shelf(companion);
        let mut tally = CompanionTally::default();
        let (binding, dialect, asked) = (&self.binding, &self.dialect, &*joins);
        let read = self.body.read(
            dialect,
            pace,
            || Reader {
                joins: asked,
                binding,
                dialect,
                splitter: Splitter::new(),
                kept: Vec::new(),
                rejected: Vec::new(),
                tally: CompanionTally::default(),
            },
            seen,
            |reader| {
                tally.add(&reader.tally);
                for (ids, record) in reader.kept {
                    shelf.add(&ids, &record);
                }
                take(reader.rejected)
            },
        );
        joins.shelve(companion, shelf);
        Ok((tally, read?))
    }
}
