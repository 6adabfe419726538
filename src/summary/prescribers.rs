//! Prescribers, and sites, beside each other.
//!
//! **What is compared.** The denominator is the orders for which a guideline row speaks, settled or not, and those that
//! are flagged; the numerator is its flagged orders. Orders outside the statement say nothing about how it is followed.
//!
//! **The unit is the patient.** A patient who is treated every four weeks gives thirteen orders a year with one answer.
//! They are not thirteen independent observations, and limits that took them so would be far too narrow. So limits are
//! exact binomial limits over patients: of those who have an order in the denominator with a prescriber, how many have a
//! flagged one with the same prescriber. A patient of two prescribers counts with each, and twice in the share of all,
//! which is the share that limits are drawn around. Orders without a patient id count as orders only.
//!
//! **Ranked by what is certain.** Whoever has one patient and one flag has the highest rate. So the order is that of the
//! lower limit of each Clopper-Pearson interval, and who has fewer than [`MIN_PATIENTS`] patients or [`MIN_ORDERS`]
//! orders in the denominator is not ranked at all.
//!
//! **Many are compared.** Chance alone leaves some outside the limits; how many is worked out from the limits themselves.
//!
//! There may be a million prescribers. They are counted in ranges of the digest of their id, as patients are, and of all
//! only those at the ends of the ranking and those with the most patients are kept. Ids are [`SealedId`]s.

mod binomial;
mod listed;
mod ranking;
mod sealed;
mod units;

pub use self::binomial::{Band, Interval, MILLION, Position};
pub use self::sealed::SealedId;

use self::ranking::Ranking;
use super::{Limits, Measures, Partition, ROW_BASED};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// With fewer patients in the denominator nobody is ranked: their figures could not be shown either.
pub const MIN_PATIENTS: u64 = 11;

/// With fewer orders in the denominator nobody is ranked.
pub const MIN_ORDERS: u64 = 20;

/// How a partition names those that are not listed.
pub const OTHERS: &str = "others";

/// Who is compared, by which column.
pub(super) struct Who {
    /// The name of the partition.
    partition: &'static str,
    /// How the column is named in the partition.
    name: &'static str,
    /// The column of the table.
    column: &'static str,
    /// What stands before the number in a label.
    label: &'static str,
}

pub(super) const PRESCRIBERS: Who =
    Who { partition: "prescribers", name: "prescriber", column: "provider_id", label: "Prescriber" };
pub(super) const SITES: Who = Who { partition: "sites", name: "site", column: "facility_id", label: "Site" };

/// Prescribers, or sites, beside each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peers {
    /// The denominator: orders that name a prescriber, and for which a guideline row speaks or which are flagged.
    pub compared: Measures,
    /// The numerator: its flagged orders.
    pub flagged: Measures,
    /// Orders for which a guideline row speaks or which are flagged, and which name no prescriber: a group of their own.
    pub without_id: Measures,
    /// The denominator of those that are not listed.
    pub others: Measures,
    /// How many have an order in the denominator.
    pub units: u64,
    /// Of them, how many have too few patients or orders to be ranked.
    pub too_few: u64,
    /// Patients in the denominator, each as often as it has a prescriber; and how many of them have a flagged order with
    /// the same prescriber. The limits are drawn around their quotient.
    pub center: (u64, u64),
    /// How many of those that are ranked lie in each [`Position`], in the order of [`Position::ALL`].
    pub positions: [u64; 5],
    /// How many of those that are ranked chance alone would leave outside the limits of 95 % and of 99.8 %, in tenths.
    pub by_chance: [u64; 2],
    /// Those with the highest and the lowest limits and those with the most patients, by rank.
    pub listed: Vec<Peer>,
    /// The limits for numbers of patients up to the most that anybody listed has, for drawing.
    pub bands: Vec<Band>,
}

/// One prescriber or site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peer {
    /// Its place in the list, from 1; figures are named by it.
    pub number: usize,
    /// How reports name it: by its number, or by a keyed pseudonym.
    pub label: String,
    /// Its id as the export has it, for the auditor's files only.
    pub id: SealedId,
    /// Its place among all that are ranked; who has the same lower limit has the same.
    pub rank: u64,
    /// Its denominator.
    pub compared: Measures,
    /// Its flagged orders.
    pub flagged: Measures,
    /// The orders of its denominator that are not flagged.
    pub not_flagged: Measures,
    /// The Clopper-Pearson interval of its share of patients with a flagged order.
    pub interval: Interval,
    /// The limits for as many patients as it has.
    pub band: Band,
    /// Where it lies.
    pub position: Position,
}

impl Peers {
    /// How many are ranked.
    #[must_use]
    pub fn ranked(&self) -> u64 {
        self.units - self.too_few
    }
}

impl Peer {
    /// Patients of the denominator none of whose orders with it is flagged.
    #[must_use]
    pub fn patients_never_flagged(&self) -> u64 {
        self.compared.patients.saturating_sub(self.flagged.patients)
    }
}

/// Whether an order is in the denominator.
#[must_use]
pub fn is_compared(determination: &str, flag: &str) -> bool {
    flag == "flagged" || ROW_BASED.contains(&determination)
}

/// Compares those whose ids stand in a column; also takes all orders apart by those that are listed.
pub(super) fn compare(
    table: &Parts,
    limits: &Limits,
    money: Option<&str>,
    who: &Who,
) -> Result<(Peers, Partition), TableError> {
    let mut ranking = Ranking::default();
    units::each(table, limits, who.column, |unit| ranking.add(unit))?;
    let ranked = ranking.finish();
    let seats = listed::read(table, limits, money, who, &ranked.listed)?;
    let listed = ranked.listed.iter().zip(1..).zip(&seats.listed).map(|((unit, number), seat)| Peer {
        number,
        label: format!("{} {number}", who.label),
        id: seat.id.clone(),
        rank: ranked.rank(unit),
        compared: seat.compared,
        flagged: seat.flagged,
        not_flagged: seat.not_flagged,
        interval: unit.interval,
        band: ranked.band(unit.patients),
        position: ranked.band(unit.patients).position(unit.flagged),
    });
    let peers = Peers {
        compared: seats.compared,
        flagged: seats.flagged,
        without_id: seats.without_id,
        others: seats.others,
        units: ranked.units,
        too_few: ranked.too_few,
        center: ranked.center(),
        positions: ranked.positions,
        by_chance: ranked.by_chance,
        listed: listed.collect(),
        bands: ranked.bands(),
    };
    Ok((peers, seats.partition))
}
