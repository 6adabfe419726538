//! One layout tried on a first line: under which delimiter it binds the most, and what it misses.

use super::error::Missing;
use super::split_line;
use crate::intake::Role;
use crate::intake::binding::{Binding, Column, comparable, compared};
use crate::intake::layout::{Fits, Layout};

/// A layout under the delimiter that suits it best.
pub(super) struct Trial<'l> {
    pub layout: &'l Layout,
    pub index: usize,
    pub delimiter: u8,
    pub binding: Binding,
    /// Whether the first line is a header, and not the first record under names that the layout gives.
    pub has_header: bool,
    /// How many fields the layout reads.
    pub mapped: usize,
    /// How many names of its `[recognise]` the header has.
    matched: Vec<String>,
    absent: Vec<String>,
}

impl<'l> Trial<'l> {
    /// Tries every delimiter of the layout; the best is the one under which it reads the most fields.
    pub fn new(line: &[u8], layout: &'l Layout, index: usize) -> Option<Self> {
        let quote = layout.dialect.quote.map(|quote| quote as u8);
        let tried = layout.dialect.delimiters.iter().map(|delimiter| {
            let names = split_line(line, *delimiter as u8, quote);
            let binding = layout.bind(&names);
            let mapped = binding.header.len() - binding.unmapped.len();
            (*delimiter as u8, mapped, binding)
        });
        let score = |tried: &(u8, usize, Binding)| (tried.1, tried.2.header.len());
        let (delimiter, mapped, binding) =
            tried.reduce(|best, next| if score(&next) > score(&best) { next } else { best })?;
        let fits = layout.recognise.clone().unwrap_or_default();
        let (matched, absent) = fits.compared(&binding.header);
        Some(Self { layout, index, delimiter, binding, has_header: true, mapped, matched, absent })
    }

    /// The same line as a first record, under the names that the layout gives; `None` if it has as many fields under no
    /// delimiter.
    pub fn without_header(line: &[u8], layout: &'l Layout, index: usize) -> Result<Self, (usize, usize)> {
        let (quote, names) = (layout.dialect.quote.map(|quote| quote as u8), &layout.dialect.header);
        let number = |delimiter: &char| split_line(line, *delimiter as u8, quote).len();
        let fits = |delimiter: &&char| {
            let fields = number(delimiter);
            let trailing = usize::from(layout.dialect.allow_trailing_delimiter);
            fields <= names.len() + trailing && fields + layout.dialect.allow_missing_fields >= names.len()
        };
        let widest = layout.dialect.delimiters.iter().map(number).max().unwrap_or_default();
        let delimiter = layout.dialect.delimiters.iter().find(fits).ok_or((names.len(), widest))?;
        let binding = layout.bind(names);
        let mapped = binding.header.len() - binding.unmapped.len();
        let (delimiter, matched, absent) = (*delimiter as u8, Vec::new(), Vec::new());
        Ok(Self { layout, index, delimiter, binding, has_header: false, mapped, matched, absent })
    }

    /// Whether the layout says by which names it is told, and they are there.
    pub fn is_recognised(&self) -> bool {
        self.layout.recognise.is_some() && self.absent.is_empty()
    }

    /// Whether it may be taken for the file, if nothing is missing.
    pub fn is_possible(&self) -> bool {
        self.absent.is_empty()
    }

    /// What the choice among several goes by: names by which the layout is told, then columns.
    pub fn rank(&self) -> (usize, usize) {
        (if self.layout.recognise.is_some() { self.matched.len() } else { 0 }, self.mapped)
    }

    /// What is missing, with the roles of the files that are given beside the lines.
    pub fn missing(&self, given: &[Role]) -> Missing {
        let requirements = self.layout.missing_beside(&self.binding, given);
        let accepted = |column: &Column| self.layout.accepted(*column);
        let wanted = requirements
            .iter()
            .map(|requirement| {
                let names = requirement.any_of.iter().flat_map(&accepted);
                let files = self.layout.companions.iter().filter(|companion| {
                    let gives = |column: &Column| !column.is_product() && companion.columns.contains_key(column);
                    !companion.again && requirement.any_of.iter().any(gives)
                });
                let files = files.map(|companion| format!("a file {}=FILE", companion.role));
                (requirement.why.clone(), names.chain(files).collect())
            })
            .collect();
        let needed = self
            .layout
            .companions
            .iter()
            .filter(|companion| companion.needed && !companion.again && !given.contains(&companion.role));
        let names = requirements.iter().flat_map(|requirement| requirement.any_of.iter().flat_map(&accepted));
        Missing {
            layout: self.layout.id.clone(),
            is_recognised: self.is_recognised(),
            matched: self.matched.clone(),
            absent: self.absent.clone(),
            found: self.binding.header.clone(),
            wanted,
            companions: needed.map(|companion| (companion.role, companion.label.clone())).collect(),
            nearest: self.nearest(names),
        }
    }

    /// Header names that nothing reads and that come near one of `names`.
    fn nearest(&self, names: impl Iterator<Item = String>) -> Vec<(String, String)> {
        let mut nearest = Vec::new();
        for name in names {
            let plain = comparable(name.split('{').next().unwrap_or(&name));
            for found in self.binding.unmapped.iter().map(|at| &self.binding.header[*at]) {
                let other = comparable(found);
                if plain.len() >= 2 && other.len() >= 2 && (other.contains(&plain) || plain.contains(&other)) {
                    nearest.push((found.clone(), name.clone()));
                }
            }
        }
        nearest.truncate(5);
        nearest
    }
}

impl Missing {
    /// Whether nothing is.
    pub(super) fn is_nothing(&self) -> bool {
        self.wanted.is_empty() && self.companions.is_empty()
    }
}

impl Fits {
    /// The names by which a file is told that a header has, and what is wrong with it: names that it lacks, or that it has
    /// and must not.
    pub(in crate::intake) fn compared(&self, header: &[String]) -> (Vec<String>, Vec<String>) {
        let header = compared(header);
        let has = |name: &&String| header.contains(&comparable(name));
        let lacks = |name: &&String| !has(name);
        let told = || self.all_of.iter().chain(&self.any_of);
        let mut absent: Vec<String> = self.all_of.iter().filter(lacks).cloned().collect();
        if !self.any_of.is_empty() && !self.any_of.iter().any(|name| has(&name)) {
            absent.push(format!("one of {}", self.any_of.join(", ")));
        }
        absent.extend(self.none_of.iter().filter(has).map(|name| format!("a header without {name}")));
        (told().filter(has).cloned().collect(), absent)
    }
}
