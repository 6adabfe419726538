//! How far the determinations rest on how an order is read: by all its diagnoses or by some, by this edition or another.
//!
//! The table says of each order what it comes to in other readings. A reading is compared over the orders only that can
//! be read so: an order without diagnoses has no first listed one, and a line may point at none.

mod count;
mod kinds;

use super::measure::Measures;
use super::{Group, Summary};
pub(super) use count::sensitivity;

/// The name of the partition that the figures of readings are sums over.
pub const READINGS: &str = "readings";

/// How far the determinations rest on the reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sensitivity {
    /// The readings that there are any orders of: the first listed diagnosis, those pointed at, then the other editions
    /// by name.
    pub variants: Vec<Variant>,
}

/// A way to read orders that is not the one by which they were determined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// Only the first listed diagnosis.
    FirstListed,
    /// Only the diagnoses that the line points at.
    Pointed,
    /// Another edition, `id@version`, than the one that decided.
    OtherEdition(String),
}

impl Reading {
    /// The name by which figures of it are found: that of the table's column, and the edition.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::FirstListed => "first_listed".to_owned(),
            Self::Pointed => "pointed".to_owned(),
            Self::OtherEdition(name) => format!("other_edition/{name}"),
        }
    }

    /// The edition, if that is what is read otherwise.
    #[must_use]
    pub fn edition(&self) -> Option<&str> {
        match self {
            Self::FirstListed | Self::Pointed => None,
            Self::OtherEdition(name) => Some(name),
        }
    }
}

/// What one reading makes of the orders that can be read so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The reading.
    pub reading: Reading,
    /// The orders that can be read so.
    pub compared: Measures,
    /// Those of them that come to the same.
    pub same: Measures,
    /// Those orders by their determination, in the order of [`DETERMINATIONS`](super::DETERMINATIONS); all are listed.
    pub as_audited: Vec<Group>,
    /// The same orders by what they come to in this reading; all are listed.
    pub read_so: Vec<Group>,
    /// What they come from and to, where these differ; most orders first.
    pub moves: Vec<Move>,
}

/// Orders that come to something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The determination.
    pub from: String,
    /// What they come to in the other reading.
    pub to: String,
    /// What they amount to.
    pub measures: Measures,
}

/// The cuts of each reading that must add up to the orders compared: their name and their parts.
pub(super) fn cuts(summary: &Summary) -> impl Iterator<Item = (&Measures, [(&'static str, Vec<Measures>); 3])> {
    let of = |groups: &[Group]| groups.iter().map(|group| group.measures).collect();
    summary.sensitivity.variants.iter().map(move |variant| {
        let moved = variant.moves.iter().map(|each| each.measures);
        let cuts = [
            ("determination, of the orders read otherwise", of(&variant.as_audited)),
            ("another reading", of(&variant.read_so)),
            ("what moves in another reading", moved.chain([variant.same]).collect()),
        ];
        (&variant.compared, cuts)
    })
}
