//! Lines of an export of several files: kept while the companions are read, then assessed.
//!
//! What is kept of a line is its bytes, so that it is decoded once, with all that belongs to it, by the same code as
//! everything else. Memory follows the number of lines in scope.

use std::collections::BTreeMap;
use std::io::Read;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::export::{Export, Extent};
use super::gather::Gather;
use super::lines::Place;
use super::screening::Screening;
use super::tally::Tally;
use super::wave::{Pace, Visitor, WaveError, threads};
use super::worker::{Batch, Gathered, Job, Worker};
use crate::framing::{Accepted, Cells, Dialect, Fault, Splitter};
use crate::intake::Decoder;
use crate::intake::join::{Joins, LineBinding, Outcome};
use crate::rules::Rulebook;

/// How many kept lines one thread assesses at a time.
const LINES_PER_BATCH: usize = 512;

/// How many such batches are in memory for each thread.
const BATCHES_PER_THREAD: usize = 8;

/// What companion files hold for the lines of one file.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The companions, read.
    pub joins: &'a Joins<'a>,
    /// Where the keys stand in the lines.
    pub lines: &'a LineBinding,
}

/// What became of the search for records of companions, by companion of the layout.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought(BTreeMap<(usize, Outcome), u64>);

impl Sought {
    /// Counts the outcomes of one order.
    pub fn add(&mut self, outcomes: &[Outcome]) {
        for (companion, outcome) in outcomes.iter().enumerate() {
            *self.0.entry((companion, *outcome)).or_default() += 1;
        }
    }

    /// Adds the counts of another part.
    pub fn merge(&mut self, other: &Self) {
        for (key, count) in &other.0 {
            *self.0.entry(*key).or_default() += count;
        }
    }

    /// How many orders had this outcome in a companion.
    #[must_use]
    pub fn of(&self, companion: usize, outcome: Outcome) -> u64 {
        self.0.get(&(companion, outcome)).copied().unwrap_or(0)
    }
}

/// A record in scope, as it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLine {
    /// Where it stands.
    pub place: Place,
    /// Whether a quote stands in an unquoted field.
    pub bare_quote: bool,
    /// Its bytes without the terminator.
    pub content: Box<[u8]>,
}

/// What a chunk of lines gave: records to keep, and everything about the others.
#[derive(Debug, Default)]
pub struct Kept {
    /// Records in scope.
    pub lines: Vec<KeptLine>,
    /// How many orders they gave when they were read alone.
    pub orders: u64,
    /// The records out of scope and the rejected ones, without rows.
    pub others: Batch,
}

/// Keeps the records in scope of a chunk.
struct Keeper<'a> {
    worker: Worker<'a, ()>,
    lines: Vec<KeptLine>,
}

impl Visitor for Keeper<'_> {
    fn cells(&self) -> Cells {
        self.worker.cells()
    }

    fn record(&mut self, place: Place, record: Accepted<'_>) {
        let before = self.worker.batch.tally.in_scope;
        self.worker.record(place, record);
        if self.worker.batch.tally.in_scope > before {
            let Accepted { content, bare_quote, .. } = record;
            self.lines.push(KeptLine { place, bare_quote, content: Box::from(content) });
        }
    }

    fn rejected(&mut self, place: Place, fault: Fault, column: Option<usize>) {
        self.worker.rejected(place, fault, column);
    }

    fn finished(&mut self) {
        self.worker.finished();
    }

    fn rebase(&mut self, base: Place) {
        self.worker.rebase(base);
        for line in &mut self.lines {
            line.place = line.place + base;
        }
    }
}

impl Keeper<'_> {
    fn finish(self) -> Kept {
        let Gathered { rows: (), rejected, tally: alone, sought } = self.worker.into_batch();
        let orders = alone.orders();
        let tally = Tally {
            out_of_scope: alone.out_of_scope,
            rejected: alone.rejected,
            lines_rejected_by_intake: alone.lines_rejected_by_intake,
            ..Tally::default()
        };
        Kept { lines: self.lines, orders, others: Batch { rows: Vec::new(), rejected, tally, sought } }
    }
}

impl<R: Read + Send + 'static> Export<R> {
    /// Reads all records and keeps those in scope. `seen` is told how many bytes of the text are read, on some
    /// thread; `take` gets what chunks gave in input order, on the calling thread.
    ///
    /// # Errors
    /// [`WaveError`] if the input cannot be read, `take` refuses, or the lines do not add up.
    pub fn keep<E>(
        self,
        rulebook: &Rulebook,
        as_of: NaiveDate,
        pace: Pace,
        seen: impl FnMut(u64) + Send,
        mut take: impl FnMut(Kept) -> Result<(), E>,
    ) -> Result<Extent, WaveError<E>> {
        let decoder = Decoder::new(&self.layout, &self.binding, as_of);
        let job = Job { rulebook, decoder, dialect: &self.dialect, source_file: "", beside: None };
        let screening = Screening::new(&self.binding);
        let keeper = || Keeper { worker: Worker::screening(job, &screening), lines: Vec::new() };
        self.body.read(&self.dialect, pace, keeper, seen, |keeper| take(keeper.finish()))
    }
}

/// Assesses kept lines of one file beside their companions. `take` gets batches in input order, on the calling thread.
///
/// # Errors
/// [`WaveError`] if the threads cannot be started or `take` refuses a batch.
pub fn assess_kept<G: Gather, E>(
    job: Job<'_>,
    kept: &[KeptLine],
    pace: Pace,
    mut take: impl FnMut(Gathered<G>) -> Result<(), E>,
) -> Result<(), WaveError<E>> {
    let pool = threads(pace.threads()).map_err(WaveError::Threads)?;
    let assess = |lines: &[KeptLine]| {
        let mut worker = Worker::new(job);
        for line in lines {
            worker.kept(line);
        }
        worker.into_batch()
    };
    for wave in kept.chunks(LINES_PER_BATCH * BATCHES_PER_THREAD * pace.threads()) {
        let batches: Vec<Gathered<G>> = pool.install(|| wave.par_chunks(LINES_PER_BATCH).map(assess).collect());
        batches.into_iter().try_for_each(&mut take).map_err(WaveError::Take)?;
    }
    Ok(())
}

/// Takes down what the kept lines of one file want of a companion.
pub fn want(joins: &mut Joins<'_>, companion: usize, dialect: &Dialect, lines: &LineBinding, kept: &[KeptLine]) {
    let mut splitter = Splitter::new();
    for line in kept {
        let fields = splitter.split(&line.content, dialect);
        joins.want(companion, lines, &|at| fields.get(at).unwrap_or_default());
    }
}
