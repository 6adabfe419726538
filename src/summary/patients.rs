//! Distinct patients, counted exactly and without keeping their ids.
//!
//! A patient is kept as 96 bits of the BLAKE3 digest of the id, beside the number of the kind of order it has. Among ten
//! million ids, two have the same 96 bits with a probability of 10^14 / 2^97, less than one in 10^15: a bit that memory
//! flips in silence is likelier by far. One pass keeps as many patients as there is room for; see [`Sieve`].

use super::sieve::{Kept, Sieve};

/// A patient and a kind of order it has: 96 bits of digest, 32 of the kind's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Patient(u128);

impl Patient {
    /// The patient with this id, seen with an order of this kind.
    pub(super) fn new(id: &str, kind: u32) -> Self {
        let mut digest = [0; 16];
        digest.copy_from_slice(&blake3::hash(id.as_bytes()).as_bytes()[..16]);
        Self((u128::from_be_bytes(digest) >> 32 << 32) | u128::from(kind))
    }

    /// The same patient, seen with an order of another kind.
    pub(super) fn with_kind(self, kind: u32) -> Self {
        Self((self.digest() << 32) | u128::from(kind))
    }

    pub(super) fn digest(self) -> u128 {
        self.0 >> 32
    }

    pub(super) fn kind(self) -> usize {
        (self.0 & u128::from(u32::MAX)) as usize
    }
}

impl Kept for Patient {
    fn lead(self) -> u64 {
        (self.0 >> 64) as u64
    }

    fn both(self, next: Self) -> Option<Self> {
        (self == next).then_some(self)
    }
}

/// The patients of one pass.
pub(super) type Patients = Sieve<Patient>;

/// How many patients each group of a cut has; the same patient counts once in each.
pub(super) struct Distinct {
    patients: Vec<u64>,
    /// The last patient that was counted in each group, by its turn.
    last: Vec<u64>,
    turn: u64,
}

impl Distinct {
    /// No patient yet in any of so many groups.
    pub(super) fn new(groups: usize) -> Self {
        Self { patients: vec![0; groups], last: vec![0; groups], turn: 0 }
    }

    /// Adds the patients of one range, sorted; `group_of` has the group of each kind of order, if it is in any.
    pub(super) fn add(&mut self, patients: &[Patient], group_of: &[Option<usize>]) {
        let mut before = None;
        for patient in patients {
            if before.replace(patient.digest()) != Some(patient.digest()) {
                self.turn += 1;
            }
            let Some(group) = group_of.get(patient.kind()).copied().flatten() else { continue };
            if self.last[group] != self.turn {
                self.last[group] = self.turn;
                self.patients[group] += 1;
            }
        }
    }

    /// The patients of a group.
    pub(super) fn of(&self, group: usize) -> u64 {
        self.patients[group]
    }
}
