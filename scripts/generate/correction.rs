//! What a payer and a pharmacy do to a line after it was billed: lines that take back, replace, repeat or add to the
//! product line of their own claim.

use crate::export::dirt::Dirt;
use crate::export::draft::Draft;
use crate::export::patient::PRODUCT_LINES_ONE_IN;
use crate::export::random::{Random, Stream};
use crate::export::settings::{Export, Settings};
use crate::export::truth::Disposition;

/// What the last line of a claim does to its first one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// The same with the signs turned round.
    Reversal,
    /// In its place, with other units.
    Replacement,
    /// What was left in the vial, under the modifier for discarded drug.
    Discarded,
    /// The same line once more.
    Repeat,
}

const KINDS: [Correction; 4] =
    [Correction::Reversal, Correction::Replacement, Correction::Discarded, Correction::Repeat];

impl Correction {
    /// Whether a record may be a correction, of which record and how. Spoiled records are none, since it is known of no
    /// amount below zero what spoiling makes of it.
    pub fn drawn(settings: &Settings, number: u64) -> Option<(u64, Self)> {
        let is_last = settings.export == Export::Claims && number.is_multiple_of(PRODUCT_LINES_ONE_IN);
        let mut random = Random::at(settings.seed, Stream::Correction, number);
        if !is_last || !random.per_mille(settings.corrections) {
            return None;
        }
        let is_clean = Dirt::drawn(settings.seed, settings.dirt, number).is_none();
        let kind = random.one(&KINDS).filter(|_| is_clean)?;
        Some((number - PRODUCT_LINES_ONE_IN + 1, *kind))
    }

    /// Makes the correction of a line.
    pub fn of(self, mut draft: Draft, number: u64) -> Draft {
        if self != Self::Repeat {
            draft.number = number;
        }
        match self {
            Self::Reversal => (draft.takes_back, draft.status) = (true, "reversed"),
            Self::Replacement => {
                draft.status = "replacement";
                draft.scale(draft.units + draft.units.div_ceil(8));
            }
            Self::Discarded if draft.modifiers.is_empty() => {
                draft.modifiers = "JW";
                draft.scale(draft.units.div_ceil(12));
            }
            // A modifier that is there may say how the product was given.
            Self::Discarded | Self::Repeat => {}
        }
        if let Disposition::InScope { grams, cents, .. } = &mut draft.disposition
            && draft.takes_back
        {
            *grams = grams.map(|grams| -grams);
            *cents = cents.map(|cents| -cents);
        }
        draft
    }
}

impl Draft<'_> {
    /// The same price for other units.
    fn scale(&mut self, units: u64) {
        let was = std::mem::replace(&mut self.units, units).max(1);
        self.cents = self.cents.map(|cents| cents * units / was);
        if let Disposition::InScope { grams, cents, .. } = &mut self.disposition {
            *grams = grams.map(|grams| grams / i64::try_from(was).unwrap_or(1) * i64::try_from(units).unwrap_or(1));
            *cents = self.cents.map(u64::cast_signed);
        }
    }
}
