//! What a reader may see of the change between two runs.
//!
//! These numbers are about two runs, so they belong to no partition of one of them, and a reader may hold both pages. They
//! are therefore shown all together or not: all of them if none is small; else only the sums, if none of those is small;
//! else nothing. What is kept of the findings is judged with the sums though it is not printed, since it is what the
//! page's own findings and the new ones leave.

use super::SMALL;
use crate::summary::changes::{ByReason, Changes, Tally};

/// How much of it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Compared {
    /// How many findings are new, gone and changed, and what each is laid to.
    All,
    /// How many.
    Sums,
    /// That there is a change to tell of.
    Nothing,
}

impl Compared {
    /// What may be told to people who may also hold the page of the earlier run.
    pub(in crate::report) fn of(changes: &Changes) -> Self {
        let kinds = [&changes.new_findings, &changes.gone_findings, &changes.changed_findings];
        let nothing = kinds.iter().all(|kind| all_reasons(kind).orders == 0);
        let rest_safe = nothing || !is_small(changes.unchanged_findings);
        if !rest_safe || kinds.iter().any(|kind| is_small(all_reasons(kind))) {
            Self::Nothing
        } else if kinds.iter().any(|kind| kind.iter().any(|part| is_small(*part))) {
            Self::Sums
        } else {
            Self::All
        }
    }
}

/// A sum of tallies. Its patients are at least those of its largest part.
pub(in crate::report) fn all_reasons(parts: &ByReason) -> Tally {
    let patients = parts.iter().map(|part| part.patients).max().unwrap_or(0);
    Tally { orders: parts.iter().map(|part| part.orders).sum(), patients }
}

fn is_small(tally: Tally) -> bool {
    (1..=SMALL).contains(&tally.orders) || (1..=SMALL).contains(&tally.patients)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(orders: u64) -> Tally {
        Tally { orders, patients: orders.min(11) }
    }

    #[test]
    fn many_orders_of_few_patients_are_small_and_none_is_not() {
        assert!(is_small(Tally { orders: 500, patients: 3 }) && is_small(tally(10)));
        assert!(!is_small(tally(11)) && !is_small(tally(0)));
        assert!(!is_small(Tally { orders: 20, patients: 0 }), "orders without a patient id are of no known patient");
        assert!(is_small(all_reasons(&[tally(5), tally(5), tally(0), tally(0)])));
        assert_eq!(all_reasons(&[tally(40), tally(5), tally(0), tally(0)]), Tally { orders: 45, patients: 11 });
    }

    #[test]
    fn numbers_are_told_together_or_not() {
        let told = |new: [u64; 4], unchanged: u64| {
            let (new_findings, unchanged_findings) = (new.map(tally), tally(unchanged));
            Compared::of(&Changes { new_findings, unchanged_findings, ..Changes::default() })
        };
        assert_eq!(told([0; 4], 3), Compared::All, "nothing changed, and what is kept stands on the page");
        assert_eq!(told([20, 30, 0, 0], 40), Compared::All);
        assert_eq!(told([20, 3, 0, 0], 40), Compared::Sums);
        assert_eq!(told([5, 0, 0, 0], 40), Compared::Nothing);
        assert_eq!(
            told([20, 30, 0, 0], 4),
            Compared::Nothing,
            "what is kept is what all findings and the new ones leave"
        );
    }
}
