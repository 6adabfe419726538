//! Prescribers and sites in `summary.json`: how they are distributed, and those listed by their labels, never by ids.

use serde::Serialize;

use super::{Figures, figures};
use crate::summary::{Interval, MIN_ORDERS, MIN_PATIENTS, Peer, Peers as Counted};
use crate::table::decimal::plain;

/// Digits after the point of limits of shares.
const SHARE_PLACES: u32 = 6;

/// Those of one kind. The denominator is orders for which a guideline row speaks or which are flagged; the limits are over
/// patients.
#[derive(Serialize)]
pub(super) struct Peers<'run> {
    in_all: u64,
    too_few_to_rank: u64,
    ranked: u64,
    min_patients: u64,
    min_orders: u64,
    compared: Figures,
    flagged: Figures,
    without_id: Figures,
    /// Of those that are not listed.
    others: Figures,
    /// Each patient as often as it has one of them; limits are drawn around the share of these.
    patients_of_each: u64,
    patients_flagged_of_each: u64,
    positions: Positions,
    /// How many chance alone would leave outside, with one decimal.
    outside_95_by_chance: String,
    outside_998_by_chance: String,
    listed: Vec<Listed<'run>>,
}

/// How many of those ranked lie where.
#[derive(Serialize)]
struct Positions {
    above_998: u64,
    above_95: u64,
    within: u64,
    below_95: u64,
    below_998: u64,
}

#[derive(Serialize)]
struct Listed<'run> {
    number: usize,
    label: &'run str,
    rank: u64,
    compared: Figures,
    flagged: Figures,
    patients_never_flagged: u64,
    /// The Clopper-Pearson interval of 95 %.
    interval: [String; 2],
    /// Quantiles for so many patients, in patients.
    limits_95: [u64; 2],
    limits_998: [u64; 2],
}

impl<'run> Peers<'run> {
    pub(super) fn of(counted: &'run Counted) -> Self {
        let [above_998, above_95, within, below_95, below_998] = counted.positions;
        let [chance_95, chance_998] = counted.by_chance.map(|tenths| plain(i128::from(tenths), 1));
        Self {
            in_all: counted.units,
            too_few_to_rank: counted.too_few,
            ranked: counted.ranked(),
            min_patients: MIN_PATIENTS,
            min_orders: MIN_ORDERS,
            compared: figures(&counted.compared),
            flagged: figures(&counted.flagged),
            without_id: figures(&counted.without_id),
            others: figures(&counted.others),
            patients_of_each: counted.center.0,
            patients_flagged_of_each: counted.center.1,
            positions: Positions { above_998, above_95, within, below_95, below_998 },
            outside_95_by_chance: chance_95,
            outside_998_by_chance: chance_998,
            listed: counted.listed.iter().map(listed).collect(),
        }
    }
}

fn listed(peer: &Peer) -> Listed<'_> {
    let Interval { low, high } = peer.interval;
    Listed {
        number: peer.number,
        label: &peer.label,
        rank: peer.rank,
        compared: figures(&peer.compared),
        flagged: figures(&peer.flagged),
        patients_never_flagged: peer.patients_never_flagged(),
        interval: [low, high].map(|limit| plain(i128::from(limit), SHARE_PLACES)),
        limits_95: [peer.band.low_95, peer.band.high_95],
        limits_998: [peer.band.low_998, peer.band.high_998],
    }
}
