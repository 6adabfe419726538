//! Which diagnoses of an order are usable on its service date, and which code lists they hit.

use super::warning::Warning;
use crate::order::Order;
use crate::rules::{ListId, ListSet, Ruleset, Usable, Validity};
use smallvec::SmallVec;

/// The usable diagnoses of an order.
#[derive(Debug, Clone, Default)]
pub(super) struct Codes {
    /// Index in the order's diagnoses, and the lists that the code belongs to.
    pub usable: SmallVec<[(usize, ListSet); 6]>,
    /// The lists that any of them belongs to.
    pub lists: ListSet,
    /// What was noticed.
    pub warnings: SmallVec<[Warning; 6]>,
}

impl Codes {
    /// The first diagnosis that belongs to a list.
    pub fn first_of(&self, list: ListId) -> Option<usize> {
        self.usable.iter().find(|(_, lists)| lists.contains(list)).map(|(index, _)| *index)
    }

    /// The diagnoses, as a mask of indices, that belong to one of some lists.
    pub fn mask_of(&self, lists: &[ListId]) -> u64 {
        self.usable
            .iter()
            .filter(|(_, own)| lists.iter().any(|list| own.contains(*list)))
            .fold(0, |mask, (index, _)| mask | 1 << index)
    }

    /// As if only those of the diagnoses stood on the order whose index is kept. What was noticed is not kept.
    pub fn only(&self, keeps: impl Fn(usize) -> bool) -> Self {
        let mut kept = Self::default();
        for (index, lists) in self.usable.iter().filter(|(index, _)| keeps(*index)) {
            kept.lists = kept.lists.union(*lists);
            kept.usable.push((*index, *lists));
        }
        kept
    }

    /// Whether the same diagnoses of both belong to the same lists: those that belong to none decide nothing, but that
    /// there is any.
    pub fn bring_up_the_same(&self, other: &Self) -> bool {
        self.usable.is_empty() == other.usable.is_empty() && self.listed().eq(other.listed())
    }

    fn listed(&self) -> impl Iterator<Item = &(usize, ListSet)> {
        self.usable.iter().filter(|(_, lists)| *lists != ListSet::default())
    }
}

/// Reads the diagnoses. A code that was valid at another time keeps its meaning; a header counts only if a
/// list names it; a child that never existed does not count.
pub(super) fn read(ruleset: &Ruleset, order: &Order) -> Codes {
    let mut codes = Codes::default();
    for (index, diagnosis) in order.diagnoses.iter().enumerate().take(crate::order::DIAGNOSES_MAX) {
        let Ok(code) = diagnosis.code else {
            codes.warnings.push(Warning::MalformedDiagnosis);
            continue;
        };
        if !ruleset.lists.reads(code.version()) {
            codes.warnings.push(Warning::CodeSystemNotCovered);
        }
        let Usable { validity, named, lists } = ruleset.lists.usable(code, order.service_date);
        match validity {
            Validity::Valid => {}
            Validity::NotOnDate => codes.warnings.push(Warning::CodeNotValidOnDate),
            Validity::Header => {
                codes.warnings.push(Warning::HeaderCode);
                if !named {
                    continue;
                }
            }
            Validity::Unknown => {
                codes.warnings.push(Warning::UnknownDiagnosis);
                continue;
            }
        }
        codes.lists = codes.lists.union(lists);
        codes.usable.push((index, lists));
    }
    codes
}
