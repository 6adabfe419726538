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
