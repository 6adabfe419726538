//! What each worker does with the records of a chunk.

use std::cell::RefCell;

use super::gather::Gather;
use super::keep::{Beside, KeptLine, Sought};
use super::line::{Line, Record, record};
use super::lines::Place;
use super::row;
use super::tally::Tally;
use super::wave::Visitor;
use crate::assess::Assessment;
use crate::framing::{Accepted, Dialect, Fault, Splitter};
use crate::intake::{Decoded, Decoder, Framed, Joined, Rejection};
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
    /// The row of the last order, to be filled again.
    row: Row,
    pub batch: Gathered<G>,
}

impl<'a, G: Gather> Worker<'a, G> {
    pub fn new(job: Job<'a>) -> Self {
        Self { job, splitter: Splitter::new(), row: Row::default(), batch: Gathered::default() }
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
            if let Line::Assessed(decoded, assessment) = line {
                self.order(place, Some(slot), *decoded, &assessment);
            }
        }
    }

    /// Makes a row of an assessed order and counts it.
    fn order(&mut self, place: Place, slot: Option<u32>, decoded: Decoded, assessment: &Assessment) {
        let in_future = decoded.order.notices.contains(&Notice::ServiceInFuture);
        let ruleset = self.job.rulebook.on(decoded.order.service_date);
        let row = &mut self.row;
        row::fill(row, ruleset, decoded, assessment);
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
    fn record(&mut self, place: Place, Accepted { content, bare_quote, .. }: Accepted<'_>) {
        self.read(place, content, bare_quote);
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
        self.read(line.place, &line.content, line.bare_quote);
    }

    /// Splits a record, screens, decodes and assesses its lines.
    fn read(&mut self, place: Place, content: &[u8], bare_quote: bool) {
        let fields = self.splitter.split(content, self.job.dialect);
        if self.job.decoder.binding().is_header(fields.iter()) {
            self.reject_framed(place, content, Rejection::RepeatedHeader);
            return;
        }
        let framed = Framed { bare_quote, short: fields.len() < self.job.dialect.fields };
        let field = |at: usize| fields.get(at).unwrap_or_default();
        let sought = RefCell::new(Vec::new());
        let beside = |product: &ProductCodes| match self.job.beside {
            None => Joined::default(),
            Some(beside) => {
                let found = beside.joins.joined_for(beside.lines, &field, product);
                sought.borrow_mut().push(found.outcomes);
                found.joined
            }
        };
        let record = record(self.job.rulebook, &self.job.decoder, &field, framed, &beside);
        for outcomes in sought.into_inner() {
            self.batch.sought.add(&outcomes);
        }
        match record {
            Record::Line(Line::Assessed(decoded, assessment)) => {
                self.batch.tally.in_scope += 1;
                self.order(place, None, *decoded, &assessment);
            }
            record => match (record.outside(), record) {
                (Some(Ok(reason)), _) => *self.batch.tally.out_of_scope.entry(reason).or_default() += 1,
                (Some(Err(rejection)), _) => self.reject_framed(place, content, rejection),
                (None, Record::Slots(lines)) => self.slots(place, lines),
                (None, Record::Line(_)) => {}
            },
        }
    }
}
