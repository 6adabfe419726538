//! The part of `summary.json` about other readings of the orders.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Figures, figures, keyed};
use crate::summary::{Reading, Variant};

/// What one reading makes of the orders that can be read so.
#[derive(Serialize)]
pub(super) struct ReadOtherwise<'run> {
    /// The column of the table that says it.
    reading: &'static str,
    /// `id@version`, where it is another edition.
    edition: Option<&'run str>,
    compared: Figures,
    same: Figures,
    as_audited: BTreeMap<&'run str, Figures>,
    read_so: BTreeMap<&'run str, Figures>,
    moves: Vec<Moved<'run>>,
}

#[derive(Serialize)]
struct Moved<'run> {
    from: &'run str,
    to: &'run str,
    #[serde(flatten)]
    figures: Figures,
}

pub(super) fn read_otherwise(variant: &Variant) -> ReadOtherwise<'_> {
    let reading = match &variant.reading {
        Reading::FirstListed => "first_listed",
        Reading::Pointed => "pointed",
        Reading::OtherEdition(_) => "other_edition_determination",
    };
    let moved = variant.moves.iter();
    ReadOtherwise {
        reading,
        edition: variant.reading.edition(),
        compared: figures(&variant.compared),
        same: figures(&variant.same),
        as_audited: keyed(&variant.as_audited),
        read_so: keyed(&variant.read_so),
        moves: moved.map(|each| Moved { from: &each.from, to: &each.to, figures: figures(&each.measures) }).collect(),
    }
}
