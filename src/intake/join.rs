//! Joining: which records of companion files belong to which lines, and what they give to them.
//!
//! Lines are read first. [`Joins::want`] takes down the keys that lines in scope fill; [`Joins::read`] then says of each
//! record of a companion whether one of these lines wants it, and [`Shelf::add`] keeps its mapped cells. When all
//! companions are read, [`Joins::joined_for`] gives a line what is theirs. Companions are joined in the order in which
//! the layout declares them, so that one may be found by a key that an earlier one holds.
//!
//! Nothing here reads files, starts threads or depends on the order of a map.

mod cells;
pub mod choose;
mod companion;
mod gathered;
mod key;
mod line;
mod record;
mod rules;
mod small;

pub use companion::{CompanionBinding, Reading};
pub use gathered::{KeyId, RECORDS_PER_KEY, Shelf};
pub use line::{JoinedLine, LineBinding, Outcome};
pub use record::KeptRecord;
pub use small::join_small;

use super::Role;
use super::binding::comparable;
use super::layout::Layout;
use super::recognise::split_line;
use gathered::Gathered;

/// The companions of one export and what was found in them.
#[derive(Debug)]
pub struct Joins<'a> {
    layout: &'a Layout,
    names: Vec<String>,
    /// The numbers of the names of each join, by companion.
    on: Vec<Vec<Vec<usize>>>,
    companions: Vec<Held>,
}

/// One companion of the layout.
#[derive(Debug, Default)]
struct Held {
    /// Whether a file of it is read, which for some is the lines file itself.
    is_read: bool,
    /// Which of its joins have their keys in every file of it.
    usable: Vec<bool>,
    /// By key name: whether its files have it.
    has_key: Vec<bool>,
    /// By key name: the header name that holds it.
    key_names: Vec<Option<String>>,
    gathered: Gathered,
}

impl<'a> Joins<'a> {
    /// The joins of a layout, of which no companion is given yet.
    #[must_use]
    pub fn new(layout: &'a Layout) -> Self {
        let names = key::names_of(layout);
        let held = |companion: &super::Companion| Held {
            is_read: false,
            usable: vec![true; companion.joins.len()],
            has_key: vec![false; names.len()],
            key_names: vec![None; names.len()],
            gathered: Gathered::default(),
        };
        let companions = layout.companions.iter().map(held).collect();
        let on = key::numbered(layout, &names);
        Self { layout, names, on, companions }
    }

    /// The layout.
    #[must_use]
    pub fn layout(&self) -> &'a Layout {
        self.layout
    }

    /// Ties a file of a role to its header: to the first companion of that role that it fits.
    ///
    /// # Errors
    /// A sentence that says what the header lacks, or that the layout has no such companion.
    pub fn bind(&self, role: Role, header: &[String]) -> Result<CompanionBinding, String> {
        let mut error = format!("layout `{}` has no file `{role}`", self.layout.id);
        for (tried, companion) in companion::of_role(self.layout, role).enumerate() {
            match CompanionBinding::bind(self, companion, header) {
                Ok(binding) => return Ok(binding),
                Err(why) if tried == 0 => error = why,
                Err(_) => {}
            }
        }
        Err(error)
    }

    /// Ties a companion that is the lines themselves to the header of a lines file.
    ///
    /// # Errors
    /// A sentence that says what the header lacks.
    pub fn bind_again(&self, companion: usize, header: &[String]) -> Result<CompanionBinding, String> {
        CompanionBinding::bind(self, companion, header)
    }

    /// Takes a file of a companion in, before any line is read.
    pub fn give(&mut self, binding: &CompanionBinding) {
        let held = &mut self.companions[binding.companion];
        for (number, usable) in held.usable.iter_mut().enumerate() {
            *usable &= binding.can_join(&self.on[binding.companion][number]);
        }
        for (name, has) in held.has_key.iter_mut().enumerate() {
            *has |= binding.has_key(name);
            held.key_names[name] = held.key_names[name].take().or(binding.key_name(name).map(str::to_owned));
        }
        held.is_read = true;
    }

    /// Whether a companion was given, or is the lines read again.
    #[must_use]
    pub fn is_read(&self, companion: usize) -> bool {
        self.companions[companion].is_read
    }

    /// Where lines and a companion would join by two names of one column that the layout accepts in both: two kinds of
    /// number, of which one may by chance be the other of somebody else.
    fn mixed(&self, lines: &LineBinding) -> Option<String> {
        let accepts = |names: &[String], name: &str| names.iter().any(|other| comparable(other) == comparable(name));
        for (number, (declared, held)) in self.layout.companions.iter().zip(&self.companions).enumerate() {
            let joins = self.on[number].iter().zip(&held.usable).filter(|(_, usable)| **usable && held.is_read);
            for name in joins.flat_map(|(on, _)| on) {
                let (Some(own), Some(other)) = (lines.key_name(*name), held.key_names[*name].as_deref()) else {
                    continue;
                };
                let in_lines = key::accepted_in(&self.layout.keys, &self.layout.columns, &self.names[*name]);
                let in_companion = key::accepted(declared, &self.names[*name]);
                if comparable(own) != comparable(other) && accepts(&in_lines, other) && accepts(&in_companion, own) {
                    return Some(format!(
                        "the lines have `{own}` and the file of `{}` has `{other}`: layout `{}` reads both as {}, but they need \
                         not be the same number. Rename one, or say in a layout of your own that they are",
                        declared.role, self.layout.id, self.names[*name]
                    ));
                }
            }
        }
        None
    }

    /// Why a given companion can join to no line of a lines file, if so.
    #[must_use]
    pub fn unjoinable(&self, lines: &LineBinding) -> Option<String> {
        if let Some(mixed) = self.mixed(lines) {
            return Some(mixed);
        }
        let mut earlier = vec![false; self.names.len()];
        for (number, (declared, held)) in self.layout.companions.iter().zip(&self.companions).enumerate() {
            let filled = |name: &usize| lines.has_key(*name) || earlier[*name];
            let usable = |(on, usable): (&Vec<usize>, &bool)| *usable && on.iter().all(filled);
            if held.is_read && !declared.again && !self.on[number].iter().zip(&held.usable).any(usable) {
                let keys: Vec<String> = declared.joins.iter().map(|join| join.on.join(" and ")).collect();
                return Some(format!(
                    "layout `{}` joins `{}` to the lines by {}, but neither the lines nor the files given before them \
                     have it",
                    self.layout.id,
                    self.layout.companions[number].role,
                    keys.join(", or by ")
                ));
            }
            for (earlier, has) in earlier.iter_mut().zip(&held.has_key) {
                *earlier |= *has && held.is_read;
            }
        }
        None
    }

    /// Whether any line wants a record of a companion.
    #[must_use]
    pub fn wants(&self, companion: usize) -> bool {
        !self.companions[companion].gathered.is_empty()
    }

    /// What a record of a companion is to the lines that were seen.
    pub fn read<'f>(&self, binding: &CompanionBinding, field: &dyn Fn(usize) -> &'f [u8]) -> Reading {
        let held = &self.companions[binding.companion];
        let usable = self.on[binding.companion].iter().enumerate().filter(|(number, _)| held.usable[*number]);
        binding.read(self.layout, &self.names, &held.gathered, usable, field)
    }

    /// Takes the shelf of a companion out, to put records on it while others still ask [`Joins::read`].
    #[must_use]
    pub fn shelf(&mut self, companion: usize) -> Shelf {
        std::mem::take(&mut self.companions[companion].gathered.shelf)
    }

    /// Puts the shelf of a companion back.
    pub fn shelve(&mut self, companion: usize, shelf: Shelf) {
        self.companions[companion].gathered.shelf = shelf;
    }

    /// Finds the delimiter of a companion's header line, and ties the companion to it.
    ///
    /// # Errors
    /// A sentence that says what the header lacks.
    pub fn open(&self, role: Role, header: &[u8]) -> Result<(u8, CompanionBinding), String> {
        let quote = self.layout.dialect.quote.map(|quote| quote as u8);
        let mut best: Option<(usize, u8, CompanionBinding)> = None;
        let mut most: Option<(usize, String)> = None;
        for delimiter in self.layout.dialect.delimiters.iter().map(|delimiter| *delimiter as u8) {
            let names = split_line(header, delimiter, quote);
            match self.bind(role, &names) {
                Ok(binding) => {
                    let known = binding.known();
                    if best.as_ref().is_none_or(|(other, ..)| known > *other) {
                        best = Some((known, delimiter, binding));
                    }
                }
                Err(why) if most.as_ref().is_none_or(|(fields, _)| names.len() > *fields) => {
                    most = Some((names.len(), why));
                }
                Err(_) => {}
            }
        }
        match (best, most) {
            (Some((_, delimiter, binding)), _) => Ok((delimiter, binding)),
            (None, Some((_, why))) => Err(why),
            (None, None) => Err(format!("layout `{}` names no delimiter", self.layout.id)),
        }
    }
}
