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
use crate::framing::{Cells, Fields};
use crate::intake::Binding;
use memory::{Key, Memory};

/// How far the full path asked for a part: each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    Code,
    Evidence,
    Beyond,
}

/// A part of a record: the conditions, the line, or a slot.
#[derive(Debug)]
struct PartFields {
    /// Parts of one kind are decided alike where their cells are the same.
    kind: u32,
    code: Vec<usize>,
    evidence: Vec<usize>,
    /// By field.
    depths: Vec<Depth>,
}

/// Where the cells of a part stand among those that are pointed at.
#[derive(Debug)]
struct PartCells {
    code: Vec<usize>,
    evidence: Vec<usize>,
}

/// What is pointed at, and which of it each part is told by.
#[derive(Debug)]
struct Sight {
    cells: Cells,
    parts: Vec<PartCells>,
}

/// What all workers of a scan screen by, and the memories that wait for the next chunk.
#[derive(Debug)]
pub(super) struct Screening<'a> {
    binding: &'a Binding,
    /// The conditions first.
    parts: Vec<PartFields>,
    code: Sight,
    evidence: Sight,
    idle: Mutex<Vec<Learnt>>,
}

/// What a worker learnt.
#[derive(Debug)]
struct Learnt {
    memory: Memory,
    /// Whether the cells beside the code are pointed at too.
    by_evidence: bool,
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
    depth: Cell<Depth>,
}

impl PartFields {
    fn new(kind: usize, code: Vec<usize>, evidence: Vec<usize>, fields: usize) -> Self {
        let mut depths = vec![Depth::Beyond; fields];
        for (own, depth) in [(&evidence, Depth::Evidence), (&code, Depth::Code)] {
            for at in own {
                depths[*at] = depth;
            }
        }
        Self { kind: u32::try_from(kind).unwrap_or(u32::MAX), code, evidence, depths }
    }

    /// The kind of its keys of one depth, of its own among all parts.
    fn kind(&self, depth: Depth) -> u32 {
        self.kind.saturating_mul(2).saturating_add(u32::from(depth == Depth::Evidence))
    }
}

impl Sight {
    fn new(parts: &[PartFields], by_evidence: bool) -> Self {
        let evidence = |part: &PartFields| if by_evidence { part.evidence.clone() } else { Vec::new() };
        let cells = Cells::of(parts.iter().flat_map(|part| part.code.iter().copied().chain(evidence(part))));
        let places = |fields: &[usize]| fields.iter().filter_map(|at| cells.wanted().binary_search(at).ok()).collect();
        let parts =
            parts.iter().map(|part| PartCells { code: places(&part.code), evidence: places(&evidence(part)) }).collect();
        Self { cells, parts }
    }
}

impl<'a> Screening<'a> {
    /// Screening by a binding.
    pub fn new(binding: &'a Binding) -> Self {
        let fields = binding.header.len();
        let conditions: Vec<usize> = binding.condition_fields().collect();
        let mut parts = vec![PartFields::new(0, conditions.clone(), conditions, fields)];
        for line in binding.deciding_fields() {
            parts.push(PartFields::new(1 + line.like, line.code, line.evidence, fields));
        }
        let (code, evidence) = (Sight::new(&parts, false), Sight::new(&parts, true));
        Self { binding, parts, code, evidence, idle: Mutex::new(Vec::new()) }
    }

    /// A screener for a chunk, with what was learnt in one before it, if that is at hand.
    pub fn screener(&'a self) -> Screener<'a> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let learnt = idle.unwrap_or_else(|| Learnt { memory: Memory::new(), by_evidence: false });
        Screener { screening: self, learnt, records: 0, told_by_evidence: 0 }
    }
}

impl<'a> Screener<'a> {
    /// The cells that it wants to be pointed at.
    pub fn cells(&self) -> Cells {
        self.sight().cells.clone()
    }

    fn sight(&self) -> &'a Sight {
        if self.learnt.by_evidence { &self.screening.evidence } else { &self.screening.code }
    }

    /// Why a record is out of scope, if its cells are known to say so. What is not known says nothing.
    pub fn outside(&mut self, content: &[u8], cells: &Cells) -> Option<OutOfScope> {
        self.records += 1;
        let (conditions, lines) = self.screening.parts.split_first()?;
        let (of_conditions, of_lines) = self.sight().parts.split_first()?;
        if !conditions.code.is_empty() {
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

    fn recall(&self, part: &PartFields, own: &PartCells, content: &[u8], cells: &Cells) -> Option<Part> {
        self.recall_by(part.kind(Depth::Code), &own.code, content, cells)
            .or_else(|| self.recall_by(part.kind(Depth::Evidence), &own.evidence, content, cells))
    }

    fn recall_by(&self, kind: u32, own: &[usize], content: &[u8], cells: &Cells) -> Option<Part> {
        match own {
            [] => None,
            [one] => self.learnt.memory.get(kind, cells.raw(*one, content)),
            several => {
                let key = Key::of(several.iter().map(|nth| cells.raw(*nth, content)))?;
                self.learnt.memory.get(kind, key.bytes())
            }
        }
    }

    /// What the full path is to take down for [`Screener::learn`].
    pub fn asked(&self) -> Asked<'a> {
        Asked { parts: &self.screening.parts, part: Cell::new(0), depth: Cell::new(Depth::Code) }
    }

    /// Remembers what the full path decided of the part at hand, if it asked for nothing but cells that are pointed at.
    pub fn learn(&mut self, part: Part, asked: &Asked<'a>, content: &[u8], cells: &Cells, fields: &Fields) {
        let (at, depth) = asked.next();
        let (Some(own), Some(of_part)) = (self.screening.parts.get(at), self.sight().parts.get(at)) else { return };
        let (places, at) = match depth {
            _ if part == Part::Other => return,
            Depth::Code => (&of_part.code, &own.code),
            Depth::Evidence if self.learnt.by_evidence => (&of_part.evidence, &own.evidence),
            Depth::Evidence => {
                self.told_by_evidence += 1;
                return;
            }
            Depth::Beyond => return,
        };
        let may_be_header = |at: &usize| self.screening.binding.may_be_header_cell(*at, fields.get(*at).unwrap_or_default());
        if at.iter().all(may_be_header) {
            return;
        }
        let kind = own.kind(depth);
        match places.as_slice() {
            [] => {}
            [one] => self.learnt.memory.put(kind, cells.raw(*one, content), part),
            several => {
                if let Some(key) = Key::of(several.iter().map(|nth| cells.raw(*nth, content))) {
                    self.learnt.memory.put(kind, key.bytes(), part);
                }
            }
        }
    }

    /// Leaves what was learnt to the next chunk. Where the code alone told too few, the cells beside it will be pointed at
    /// there, which costs more for each record.
    pub fn finish(mut self) {
        self.learnt.by_evidence |= self.told_by_evidence * 8 > self.records;
        self.screening.idle.lock().unwrap_or_else(PoisonError::into_inner).push(self.learnt);
    }
}

impl Asked<'_> {
    /// Notes that a field is asked for.
    pub fn note(&self, field: usize) {
        let part = self.parts.get(self.part.get());
        let depth = part.and_then(|part| part.depths.get(field)).copied().unwrap_or(Depth::Beyond);
        self.depth.set(self.depth.get().max(depth));
    }

    /// Turns to the next part, and says how deep the one before it was asked for.
    fn next(&self) -> (usize, Depth) {
        let at = self.part.get();
        self.part.set(at + 1);
        (at, self.depth.replace(Depth::Code))
    }
}
