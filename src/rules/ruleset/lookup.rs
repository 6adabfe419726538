//! What assessment looks up of a ruleset, prepared when the rules are compiled. It says nothing that the ruleset does not
//! say; it only says it by the code list or by the indication that an order brings up.

use super::{Indication, Row};
use crate::rules::condition::FactSet;
use crate::rules::list::ListSet;

/// A match, by its indication and its place in it.
pub(crate) type MatchAt = (u16, u32);

/// The matches by code list, and the facts by indication.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lookup {
    /// For each code list the matches that name it first.
    matches: Vec<Vec<MatchAt>>,
    /// The lists that any match names first.
    first_of_match: ListSet,
    /// For each indication the facts that its rows ask about.
    asked: Vec<FactSet>,
}

impl Lookup {
    /// Prepares it for these indications and rows.
    pub fn of(lists: usize, indications: &[Indication], rows: &[Row]) -> Self {
        let mut this = Self { matches: vec![Vec::new(); lists], ..Self::default() };
        for (indication, each) in indications.iter().enumerate() {
            for (rule, one) in each.matches.iter().enumerate() {
                if let Some(first) = one.lists.first() {
                    this.first_of_match.insert(*first);
                    this.matches[usize::from(first.0)].push((indication as u16, rule as u32));
                }
            }
            let asked = rows[each.rows.clone()].iter().map(|row| row.when.facts());
            this.asked.push(asked.fold(FactSet::default(), FactSet::union));
        }
        this
    }

    /// The matches whose first list is one of these; each once.
    pub fn matches(&self, lists: ListSet) -> impl Iterator<Item = MatchAt> {
        lists
            .intersection(self.first_of_match)
            .iter()
            .flat_map(|list| self.matches[usize::from(list.0)].iter().copied())
    }

    /// The facts that the rows of an indication ask about.
    pub fn asked(&self, indication: u16) -> FactSet {
        self.asked[usize::from(indication)]
    }
}
