//! Screening on raw bytes: most records are told out of scope before they are split.
//!
//! Nothing is decided here. The full path decides ([`record_in_parts`](super::line::record_in_parts)), and while it does,
//! [`Asked`] takes down which fields it asks for. It reads a record by them alone, so what it found out of scope holds for
//! every record in which these fields are the same bytes; under these bytes, as they are written, a [`Screener`]
//! remembers it. Look-alikes, damaged cells and whatever is seen for the first time go the full path.
//!
//! Three things are remembered, each for itself, so that a record of many slots is told by its slots: that the
//! layout's conditions hold or do not, that a slot is not filled, and that a line is out of scope. Never remembered are
//! lines in scope, rejections, what text or date decided, and cells that a repeated header may hold.

mod memory;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::sync::{Mutex, PoisonError};

use super::line::Part;
use crate::assess::OutOfScope;
use crate::framing::{Cells, Fields, Splitter};
use crate::intake::Binding;
use memory::{Key, Memory};

/// How far the full path may ask for a part: for its product code, for what says whether it is looked at, and for all else
/// that names its product. Each depth has the fields of those before it.
const DEPTHS: usize = 3;

/// The depth to which cells are pointed at as long as codes tell most lines.
const BY_CODE: usize = 2;

/// A part of a record: the conditions, the line, or a slot.
#[derive(Debug)]
struct PartFields {
    /// Parts of one kind are decided alike where their cells are the same.
    kind: u32,
    by_depth: [Vec<usize>; DEPTHS],
    /// The least depth that has a field, by field.
    depths: Vec<usize>,
}

/// What is pointed at, and where among it the cells of each part stand.
#[derive(Debug)]
struct Sight {
    cells: Cells,
    /// By part and depth; empty where a depth has no more cells than the one before it, or is not looked at.
    parts: Vec<[Vec<usize>; DEPTHS]>,
}

/// What all workers of a scan screen by, and the memories that wait for the next chunk.
#[derive(Debug)]
pub(super) struct Screening<'a> {
    binding: &'a Binding,
    /// The conditions first.
    parts: Vec<PartFields>,
    by_code: Sight,
    by_evidence: Sight,
    idle: Mutex<Vec<Learnt>>,
}

/// What a worker learnt.
#[derive(Debug)]
struct Learnt {
    memory: Memory,
    /// Whether the cells beside the code are pointed at too.
    by_evidence: bool,
    /// Made once, since making its reader costs as much as screening a chunk.
    splitter: Splitter,
}

/// Screens the records of one chunk.
#[derive(Debug)]
pub(super) struct Screener<'a> {
    screening: &'a Screening<'a>,
    learnt: Learnt,
    records: u64,
    /// Parts that the cells beside the code would have told.
    told_by_evidence: u64,
}

/// How deep the part at hand was asked for, taken down while it is decided.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    parts: &'a [PartFields],
    part: Cell<usize>,
    depth: Cell<usize>,
}

impl PartFields {
    fn new(kind: usize, by_depth: [Vec<usize>; DEPTHS], fields: usize) -> Self {
        let mut depths = vec![DEPTHS; fields];
        for (depth, own) in by_depth.iter().enumerate().rev() {
            for at in own {
                depths[*at] = depth;
            }
        }
        Self { kind: u32::try_from(kind * DEPTHS).unwrap_or(u32::MAX), by_depth, depths }
    }

    /// The kind of its keys of one depth, which no others have.
    fn kind(&self, depth: usize) -> u32 {
        self.kind.saturating_add(depth as u32)
    }

    /// The least depth that has the same cells.
    fn least(&self, depth: usize) -> usize {
        (0..depth).find(|less| self.by_depth[*less].len() == self.by_depth[depth].len()).unwrap_or(depth)
    }
}

impl Sight {
    fn new(parts: &[PartFields], depths: usize) -> Self {
        let pointed = parts.iter().flat_map(|part| part.by_depth[..depths].iter().flatten().copied());
        let cells = Cells::of(pointed);
        let place = |at: &usize| cells.wanted().binary_search(at).ok();
        let of_part = |part: &PartFields| {
            std::array::from_fn(|depth| {
                let own = depth < depths && part.least(depth) == depth;
                if own { part.by_depth[depth].iter().filter_map(place).collect() } else { Vec::new() }
            })
        };
        let parts = parts.iter().map(of_part).collect();
        Self { cells, parts }
    }
}

impl<'a> Screening<'a> {
    /// Screening by a binding.
    pub fn new(binding: &'a Binding) -> Self {
        let fields = binding.header.len();
        let conditions: Vec<usize> = binding.condition_fields().collect();
        let mut parts = vec![PartFields::new(0, std::array::from_fn(|_| conditions.clone()), fields)];
        for line in binding.deciding_fields() {
            parts.push(PartFields::new(1 + line.like, line.by_depth, fields));
        }
        let (by_code, by_evidence) = (Sight::new(&parts, BY_CODE), Sight::new(&parts, DEPTHS));
        Self { binding, parts, by_code, by_evidence, idle: Mutex::new(Vec::new()) }
    }

    /// A screener for a chunk, with what was learnt in one before it, if that is at hand, and what splits other records.
    pub fn screener(&'a self) -> (Screener<'a>, Splitter) {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut learnt =
            idle.unwrap_or_else(|| Learnt { memory: Memory::new(), by_evidence: false, splitter: Splitter::new() });
        let splitter = std::mem::take(&mut learnt.splitter);
        (Screener { screening: self, learnt, records: 0, told_by_evidence: 0 }, splitter)
    }
}

impl<'a> Screener<'a> {
    /// The cells that it wants to be pointed at.
    pub fn cells(&self) -> Cells {
        self.sight().cells.clone()
    }

    fn sight(&self) -> &'a Sight {
        if self.learnt.by_evidence { &self.screening.by_evidence } else { &self.screening.by_code }
    }

    /// Why a record is out of scope, if its cells are known to say so. What is not known says nothing.
    pub fn outside(&mut self, content: &[u8], cells: &Cells) -> Option<OutOfScope> {
        self.records += 1;
        let (conditions, lines) = self.screening.parts.split_first()?;
        let (of_conditions, of_lines) = self.sight().parts.split_first()?;
        if !conditions.by_depth[0].is_empty() {
            match self.recall(conditions, of_conditions, content, cells)? {
                Part::NotALine => return Some(OutOfScope::NotALine),
                Part::IsALine => {}
                Part::NotFilled | Part::Outside(_) | Part::Other => return None,
            }
        }
        let mut nearest: Option<OutOfScope> = None;
        for (line, own) in lines.iter().zip(of_lines) {
            match self.recall(line, own, content, cells)? {
                Part::NotFilled => {}
                Part::Outside(reason) => nearest = Some(nearest.map_or(reason, |nearest| nearest.nearest(reason))),
                Part::NotALine | Part::IsALine | Part::Other => return None,
            }
        }
        Some(nearest.unwrap_or(OutOfScope::NoProduct))
    }

    fn recall(&self, part: &PartFields, own: &[Vec<usize>; DEPTHS], content: &[u8], cells: &Cells) -> Option<Part> {
        let at_depth = |(depth, own): (usize, &Vec<usize>)| {
            self.learnt.memory.get(part.kind(depth), key(own, content, cells)?.bytes())
        };
        own.iter().enumerate().find_map(at_depth)
    }

    /// What the full path is to take down for [`Screener::learn`].
    pub fn asked(&self) -> Asked<'a> {
        Asked { parts: &self.screening.parts, part: Cell::new(0), depth: Cell::new(0) }
    }

    /// Remembers what the full path decided of the part at hand, if it asked for nothing but cells that are pointed at.
    pub fn learn(&mut self, part: Part, asked: &Asked<'a>, content: &[u8], cells: &Cells, fields: &Fields) {
        let (at, depth) = asked.next();
        let (Some(own), Some(places)) = (self.screening.parts.get(at), self.sight().parts.get(at)) else { return };
        let Some(of_depth) = own.by_depth.get(depth).filter(|_| part != Part::Other) else { return };
        if depth >= BY_CODE && !self.learnt.by_evidence {
            self.told_by_evidence += 1;
            return;
        }
        let cell = |at: &usize| fields.get(*at).unwrap_or_default();
        if of_depth.iter().all(|at| self.screening.binding.may_be_header_cell(*at, cell(at))) {
            return;
        }
        let depth = own.least(depth);
        if let Some(key) = key(&places[depth], content, cells) {
            self.learnt.memory.put(own.kind(depth), key.bytes(), part);
        }
    }

    /// Leaves what was learnt to the next chunk. Where the code alone told too few, the cells beside it will be pointed at
    /// there, which costs more for each record.
    pub fn finish(mut self, splitter: Splitter) {
        self.learnt.splitter = splitter;
        self.learnt.by_evidence |= self.told_by_evidence * 8 > self.records;
        self.screening.idle.lock().unwrap_or_else(PoisonError::into_inner).push(self.learnt);
    }
}

/// The key of some cells; none of no cells.
fn key<'c>(places: &[usize], content: &'c [u8], cells: &Cells) -> Option<Key<'c>> {
    match places {
        [] => None,
        [one] => Some(Key::One(cells.raw(*one, content))),
        several => Key::of(several.iter().map(|nth| cells.raw(*nth, content))),
    }
}

impl Asked<'_> {
    /// Notes that a field is asked for.
    pub fn note(&self, field: usize) {
        let part = self.parts.get(self.part.get());
        let depth = part.and_then(|part| part.depths.get(field)).copied().unwrap_or(DEPTHS);
        self.depth.set(self.depth.get().max(depth));
    }

    /// Turns to the next part, and says how deep the one before it was asked for.
    fn next(&self) -> (usize, usize) {
        let at = self.part.get();
        self.part.set(at + 1);
        (at, self.depth.take())
    }
}
