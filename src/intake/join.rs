//! Joining: which records of companion files belong to which lines, and what they give to them.
//!
//! Lines are read first. [`Joins::want`] takes down the keys that lines in scope fill; [`Joins::read`] then says of each
//! record of a companion whether one of these lines wants it, and [`Joins::add`] keeps its mapped cells. When all
//! companions are read, [`Joins::joined_for`] gives a line what is theirs. Companions are joined in the order in which
//! the layout declares them, so that one may be found by a key that an earlier one holds.
//!
//! Nothing here reads files, starts threads or depends on the order of a map.

mod cells;
mod companion;
mod gathered;
mod key;
mod line;
mod record;
mod rules;
mod small;

pub use companion::{CompanionBinding, Reading};
pub use gathered::{KeyId, RECORDS_PER_KEY};
pub use line::{JoinedLine, LineBinding, Outcome};
pub use record::KeptRecord;
pub use small::join_small;

use super::Role;
use super::layout::Layout;
use gathered::Gathered;

/// The companions of one export and what was found in them.
#[derive(Debug)]
pub struct Joins<'a> {
    layout: &'a Layout,
    names: Vec<String>,
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
            gathered: Gathered::default(),
        };
        let companions = layout.companions.iter().map(held).collect();
        Self { layout, names, companions }
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
            match CompanionBinding::bind(self.layout, &self.names, companion, header) {
                Ok(binding) => return Ok(binding),
                Err(why) if tried == 0 => error = why,
                Err(_) => {}
            }
        }
        Err(error)
    }

    /// How many names of a header the companions of a role know; it tells the delimiter.
    #[must_use]
    pub fn known(&self, role: Role, header: &[String]) -> usize {
        let bound = companion::of_role(self.layout, role)
            .filter_map(|at| CompanionBinding::bind(self.layout, &self.names, at, header).ok());
        bound.map(|binding| binding.known()).max().unwrap_or(0)
    }

    /// Ties a companion that is the lines themselves to the header of a lines file.
    ///
    /// # Errors
    /// A sentence that says what the header lacks.
    pub fn bind_again(&self, companion: usize, header: &[String]) -> Result<CompanionBinding, String> {
        CompanionBinding::bind(self.layout, &self.names, companion, header)
    }

    /// Takes a file of a companion in, before any line is read.
    pub fn give(&mut self, binding: &CompanionBinding) {
        let declared = &self.layout.companions[binding.companion];
        let held = &mut self.companions[binding.companion];
        for (number, usable) in held.usable.iter_mut().enumerate() {
            *usable &= binding.can_join(declared, &self.names, number);
        }
        for (name, has) in held.has_key.iter_mut().enumerate() {
            *has |= binding.has_key(name);
        }
        held.is_read = true;
    }

    /// Whether a companion was given, or is the lines read again.
    #[must_use]
    pub fn is_read(&self, companion: usize) -> bool {
        self.companions[companion].is_read
    }

    /// The companion that cannot be without, and was not given.
    #[must_use]
    pub fn needed(&self) -> Option<&'a super::Companion> {
        let mut declared = self.layout.companions.iter().zip(&self.companions);
        declared.find(|(companion, held)| companion.needed && !held.is_read).map(|(companion, _)| companion)
    }

    /// Why a given companion can join to no line of a lines file, if so.
    #[must_use]
    pub fn unjoinable(&self, lines: &LineBinding) -> Option<String> {
        let mut earlier = vec![false; self.names.len()];
        for (number, (declared, held)) in self.layout.companions.iter().zip(&self.companions).enumerate() {
            let filled = |name: &String| {
                self.names.iter().position(|other| other == name).is_some_and(|at| lines.has_key(at) || earlier[at])
            };
            let usable = |(join, usable): (&super::layout::Join, &bool)| *usable && join.on.iter().all(filled);
            if held.is_read && !declared.again && !declared.joins.iter().zip(&held.usable).any(usable) {
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
        binding.read(self.layout, &self.names, &held.gathered, &held.usable, field)
    }

    /// Keeps a record that [`Joins::read`] found to be wanted; in input order, so that nothing depends on threads.
    pub fn add(&mut self, companion: usize, ids: &[KeyId], record: &KeptRecord) {
        for id in ids {
            self.companions[companion].gathered.add(*id, record.clone());
        }
    }
}
