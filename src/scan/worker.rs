//! What each worker does with the records of a chunk.

use std::cell::RefCell;

use super::gather::Gather;
use super::keep::{Beside, KeptLine, Sought};
use super::line::{Line, Record, record_in_parts};
use super::lines::Place;
use super::row;
use super::screening::{Screener, Screening};
use super::tally::Tally;
use super::wave::Visitor;
use crate::assess::{Assessment, OutOfScope, Variants};
use crate::framing::{Accepted, Cells, Dialect, Fault, Splitter};
use crate::intake::{Carried, Decoded, Decoder, FieldTexts, Framed, Joined, Rejection};
use crate::order::{Notice, ProductCodes};
use crate::rules::Rulebook;
use crate::table::Row;

/// What every worker reads and none changes.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The editions that judge.
    pub rulebook: &'a Rulebook,
    /// The bound layout.
    pub decoder: Decoder<'a>,
    /// The shape of the lines.
    pub dialect: &'a Dialect,
    /// The file name as given.
    pub source_file: &'a str,
    /// What companion files hold for the lines, once they are read.
    pub beside: Option<Beside<'a>>,
}

/// A rejected record, without any value of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRecord {
    /// Where it stands.
    pub place: Place,
    /// Why, as the word of `rejected.csv`.
    pub reason: &'static str,
    /// The header's name of the column at fault, if one is.
    pub column: Option<String>,
    /// Physical lines of it.
    pub lines: u64,
}

/// What a chunk gave, in input order, with its orders as rows.
pub type Batch = Gathered<Vec<Row>>;

/// What a chunk gave, in input order, with its orders as `G` gathers them.
#[derive(Debug, Default)]
pub struct Gathered<G> {
    /// Assessed orders.
    pub rows: G,
    /// Rejected records.
    pub rejected: Vec<RejectedRecord>,
    /// Counts.
    pub tally: Tally,
    /// What became of the search for records of companions.
    pub sought: Sought,
}

/// How many physical lines the content of a record has.
pub(super) fn lines_of(content: &[u8]) -> u64 {
    let ends = content.iter().zip(content.iter().skip(1).chain([&0])).filter(|(byte, next)| match byte {
        b'\n' => true,
        b'\r' => **next != b'\n',
        _ => false,
    });
    1 + ends.count() as u64
}

/// Reads the records of one chunk into a batch.
pub(super) struct Worker<'a, G> {
    job: Job<'a>,
    splitter: Splitter,
    screener: Option<Screener<'a>>,
    /// Records out of scope, by the number of the reason. They join the tally when the batch leaves.
    out_of_scope: [u64; OutOfScope::ALL.len()],
    /// The row of the last order, to be filled again.
    row: Row,
    /// What an earlier order carried, to be read over.
    spare: Carried,
    pub batch: Gathered<G>,
}

impl<'a, G: Gather> Worker<'a, G> {
    /// A worker that splits every record.
    pub fn new(job: Job<'a>) -> Self {
        Self {
            job,
            splitter: Splitter::new(),
            screener: None,
            out_of_scope: [0; OutOfScope::ALL.len()],
            row: Row::default(),
            spare: Carried::default(),
            batch: Gathered::default(),
        }
    }

    /// A worker that looks at raw bytes first. What it gives is the same.
    pub fn screening(job: Job<'a>, screening: &'a Screening<'a>) -> Self {
        let (screener, splitter) = screening.screener();
        Self { splitter, screener: Some(screener), ..Self::new(job) }
    }

    /// Whether a record is told by its raw bytes.
    #[cfg(test)]
    pub fn knows(&mut self, Accepted { content, cells, .. }: Accepted<'_>) -> bool {
        self.screener.as_mut().is_some_and(|screener| screener.outside(content, cells).is_some())
    }

    /// Records out of scope until now, by the number of the reason.
    #[cfg(test)]
    pub fn outside_so_far(&self) -> [u64; OutOfScope::ALL.len()] {
        self.out_of_scope
    }

    /// What its records gave.
    pub fn into_batch(mut self) -> Gathered<G> {
        for (reason, count) in OutOfScope::ALL.into_iter().zip(self.out_of_scope) {
            if count > 0 {
                *self.batch.tally.out_of_scope.entry(reason).or_default() += count;
            }
        }
        self.batch
    }

    /// Rejects a record that framed well; its lines become lines of rejected records.
    fn reject_framed(&mut self, place: Place, content: &[u8], rejection: Rejection) {
        let lines = lines_of(content);
        self.batch.tally.lines_rejected_by_intake += lines;
        self.reject(place, rejection.as_str(), None, lines);
    }

    /// Takes the orders of a record that holds several lines; what is out of scope beside them is not counted.
    fn slots(&mut self, place: Place, lines: Vec<(u32, Line)>) {
        self.batch.tally.in_scope += 1;
        for (slot, line) in lines {
            if let Line::Assessed(decoded, assessment, variants) = line {
                self.order(place, Some(slot), *decoded, (&assessment, variants));
            }
        }
    }

    /// Makes a row of an assessed order and counts it.
    fn order(
        &mut self,
        place: Place,
        slot: Option<u32>,
        decoded: Decoded,
        (assessment, variants): (&Assessment, Variants),
    ) {
        let in_future = decoded.order.notices.contains(&Notice::ServiceInFuture);
        let (rulebook, day) = (self.job.rulebook, decoded.order.service_date);
        let row = &mut self.row;
        self.spare = row::fill(row, rulebook.on(day), decoded, assessment);
        row::fill_variants(row, rulebook.other_than_on(day), variants);
        self.job.source_file.clone_into(&mut row.source_file);
        row.record = place.record;
        row.slot = slot;
        let tally = &mut self.batch.tally;
        tally.in_future += u64::from(in_future);
        *tally.by_determination.entry(assessment.determination).or_default() += 1;
        *tally.by_flag.entry(assessment.flag).or_default() += 1;
        tally.sums.order(row);
        self.batch.rows.row(row);
    }

    fn reject(&mut self, place: Place, reason: &'static str, column: Option<usize>, lines: u64) {
        let header = &self.job.decoder.binding().header;
        let column = column.and_then(|at| header.get(at)).map(|name| crate::codes::trim_cell(name).to_owned());
        *self.batch.tally.rejected.entry(reason).or_default() += 1;
        self.batch.rejected.push(RejectedRecord { place, reason, column, lines });
    }
}

impl<G: Gather> Visitor for Worker<'_, G> {
    fn cells(&self) -> Cells {
        self.screener.as_ref().map(Screener::cells).unwrap_or_default()
    }

    fn record(&mut self, place: Place, record: Accepted<'_>) {
        match self.screener.as_mut().and_then(|screener| screener.outside(record.content, record.cells)) {
            Some(reason) => self.out_of_scope[reason as usize] += 1,
            None => self.read(place, record),
        }
    }

    fn finished(&mut self) {
        if let Some(screener) = self.screener.take() {
            screener.finish(std::mem::take(&mut self.splitter));
        }
    }

    fn rejected(&mut self, place: Place, fault: Fault, column: Option<usize>) {
        self.reject(place, fault.id(), column, 1);
    }

    fn rebase(&mut self, base: Place) {
        self.batch.rows.rebase(base.record);
        for rejected in &mut self.batch.rejected {
            rejected.place = rejected.place + base;
        }
    }
}

impl<G: Gather> Worker<'_, G> {
    /// Reads a record that was kept until its companions were read.
    pub fn kept(&mut self, line: &KeptLine) {
        let KeptLine { place, bare_quote, content } = line;
        let is_ascii = content.is_ascii();
        self.read(*place, Accepted { content, bare_quote: *bare_quote, is_ascii, cells: &Cells::default() });
    }

    /// Splits a record, screens, decodes and assesses its lines.
    fn read(&mut self, place: Place, record: Accepted<'_>) {
        let Accepted { content, bare_quote, is_ascii, cells } = record;
        let fields = self.splitter.split(content, self.job.dialect);
        if self.job.decoder.binding().is_header(fields.iter()) {
            self.reject_framed(place, content, Rejection::RepeatedHeader);
            return;
        }
        let (short, utf8) = (fields.len() < self.job.dialect.fields, is_ascii || std::str::from_utf8(content).is_ok());
        let framed = Framed { bare_quote, short, utf8 };
        let texts = fields.text().filter(|_| utf8).map(|(text, ends, between)| FieldTexts::new(text, ends, between));
        let asked = self.screener.as_ref().map(Screener::asked);
        let field = |at: usize| {
            if let Some(asked) = &asked {
                asked.note(at);
            }
            fields.get(at).unwrap_or_default()
        };
        let sought = RefCell::new(Vec::new());
        let beside = |product: &ProductCodes| match self.job.beside {
            None => Joined::default(),
            Some(beside) => {
                let found = beside.joins.joined_for(beside.lines, &field, product);
                sought.borrow_mut().push(found.outcomes);
                found.joined
            }
        };
        let screener = &mut self.screener;
        let mut decided = |part| {
            if let Some((screener, asked)) = screener.as_mut().zip(asked.as_ref()) {
                screener.learn(part, asked, content, cells, fields);
            }
        };
        let (decoder, spare) = (self.job.decoder.within(texts), &mut self.spare);
        let record = record_in_parts(self.job.rulebook, &decoder, &field, framed, &beside, spare, &mut decided);
        for outcomes in sought.into_inner() {
            self.batch.sought.add(&outcomes);
        }
        match record {
            Record::Line(Line::Assessed(decoded, assessment, variants)) => {
                self.batch.tally.in_scope += 1;
                self.order(place, None, *decoded, (&assessment, variants));
            }
            record => match (record.outside(), record) {
                (Some(Ok(reason)), _) => self.out_of_scope[reason as usize] += 1,
                (Some(Err(rejection)), _) => self.reject_framed(place, content, rejection),
                (None, Record::Slots(lines)) => self.slots(place, lines),
                (None, Record::Line(_)) => {}
            },
        }
    }
}
