//! Who is kept of all, and where each lies among them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use super::binomial::{Band, Interval, Position};
use super::units::{Tally, Unit};
use super::{MIN_ORDERS, MIN_PATIENTS};

/// How many are listed for their high lower limits, and as many for their low upper limits.
const EXTREMES: usize = 10;

/// How many are listed for their many patients.
const LARGEST: usize = 20;

/// At how many numbers of patients the limits are drawn.
const BANDS: u64 = 96;

/// One that may be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub unit: Unit,
    pub patients: u64,
    pub flagged: u64,
    pub interval: Interval,
}

/// Those that come first by some order, so many at most.
struct First<Key> {
    kept: BinaryHeap<(Key, Candidate)>,
    limit: usize,
}

impl<Key: Ord> First<Key> {
    fn new(limit: usize) -> Self {
        Self { kept: BinaryHeap::new(), limit }
    }

    fn add(&mut self, key: Key, candidate: Candidate) {
        self.kept.push((key, candidate));
        if self.kept.len() > self.limit {
            self.kept.pop();
        }
    }

    fn each(self) -> impl Iterator<Item = Candidate> {
        self.kept.into_iter().map(|(_, candidate)| candidate)
    }
}

/// What is remembered of all that were counted. How many have the same numbers of patients is enough to know where each
/// lies, and of such pairs of numbers there are few: small ones, or the patients of the export would not be enough.
pub(super) struct Ranking {
    units: u64,
    too_few: u64,
    center: (u64, u64),
    /// How many are ranked with so many patients and so many of them flagged.
    alike: BTreeMap<(u64, u64), u64>,
    intervals: HashMap<(u64, u64), Interval>,
    highest: First<(Reverse<u32>, Reverse<u64>)>,
    lowest: First<(u32, Reverse<u64>)>,
    largest: First<(Reverse<u64>, Reverse<u64>)>,
}

impl Default for Ranking {
    fn default() -> Self {
        Self {
            units: 0,
            too_few: 0,
            center: (0, 0),
            alike: BTreeMap::new(),
            intervals: HashMap::new(),
            highest: First::new(EXTREMES),
            lowest: First::new(EXTREMES),
            largest: First::new(LARGEST),
        }
    }
}

impl Ranking {
    /// Adds one. Where two are equal in what they are chosen by, the digests of their ids decide.
    pub(super) fn add(&mut self, tally: &Tally) {
        let Tally { unit, patients, flagged, orders } = *tally;
        self.units += 1;
        self.center = (self.center.0 + flagged, self.center.1 + patients);
        if patients < MIN_PATIENTS || orders < MIN_ORDERS {
            self.too_few += 1;
            return;
        }
        let alike = (patients, flagged);
        *self.alike.entry(alike).or_default() += 1;
        let interval = *self.intervals.entry(alike).or_insert_with(|| Interval::of(flagged, patients));
        let candidate = Candidate { unit, patients, flagged, interval };
        self.highest.add((Reverse(interval.low), Reverse(patients)), candidate);
        self.lowest.add((interval.high, Reverse(patients)), candidate);
        self.largest.add((Reverse(patients), Reverse(flagged)), candidate);
    }

    /// What is known when all are counted.
    pub(super) fn finish(self) -> Ranked {
        let listed = self.highest.each().chain(self.lowest.each()).chain(self.largest.each());
        let mut listed: Vec<Candidate> = listed.collect();
        listed.sort_unstable_by_key(by_rank);
        listed.dedup();
        let (part, whole) = self.center;
        let mut ranked = Ranked {
            units: self.units,
            too_few: self.too_few,
            center: self.center,
            listed,
            of_each: BTreeMap::new(),
            lows: BTreeMap::new(),
            positions: [0; 5],
            by_chance: [0; 2],
        };
        let mut by_chance = [0.0, 0.0];
        for ((patients, flagged), number) in self.alike {
            let band = *ranked.of_each.entry(patients).or_insert_with(|| Band::of(patients, part, whole));
            let place = Position::ALL.iter().position(|each| *each == band.position(flagged)).unwrap_or_default();
            ranked.positions[place] += number;
            let low = self.intervals.get(&(patients, flagged)).map_or(0, |interval| interval.low);
            *ranked.lows.entry(Reverse(low)).or_default() += number;
            for (sum, each) in by_chance.iter_mut().zip(band.outside(part, whole)) {
                *sum += each * f64::from(u32::try_from(number).unwrap_or(u32::MAX));
            }
        }
        ranked.by_chance = by_chance.map(tenths);
        ranked
    }
}

/// By the lower limit, on a tie by patients; then by the digest of the id.
fn by_rank(candidate: &Candidate) -> (Reverse<u32>, Reverse<u64>, Reverse<u64>, Unit) {
    let Candidate { unit, patients, flagged, interval } = *candidate;
    (Reverse(interval.low), Reverse(patients), Reverse(flagged), unit)
}

#[expect(clippy::cast_sign_loss, reason = "a sum of probabilities is not negative")]
fn tenths(number: f64) -> u64 {
    (number * 10.0).round() as u64
}

/// All that were counted, and those of them that are listed.
pub(super) struct Ranked {
    pub units: u64,
    pub too_few: u64,
    /// Flagged patients and patients of all.
    center: (u64, u64),
    /// By rank.
    pub listed: Vec<Candidate>,
    /// The limits for each number of patients that anybody ranked has.
    of_each: BTreeMap<u64, Band>,
    /// How many have each lower limit, the highest first.
    lows: BTreeMap<Reverse<u32>, u64>,
    pub positions: [u64; 5],
    pub by_chance: [u64; 2],
}

impl Ranked {
    /// Patients of all, and how many of them have a flagged order.
    pub(super) fn center(&self) -> (u64, u64) {
        (self.center.1, self.center.0)
    }

    /// The place among all that are ranked, from 1.
    pub(super) fn rank(&self, candidate: &Candidate) -> u64 {
        1 + self.lows.range(..Reverse(candidate.interval.low)).map(|(_, number)| number).sum::<u64>()
    }

    /// The limits for so many patients.
    pub(super) fn band(&self, patients: u64) -> Band {
        let (part, whole) = self.center;
        self.of_each.get(&patients).copied().unwrap_or_else(|| Band::of(patients, part, whole))
    }

    /// The limits at numbers of patients from the fewest that are ranked to the most that anybody listed has, closer to
    /// each other where limits bend: evenly by the root of the number.
    pub(super) fn bands(&self) -> Vec<Band> {
        let Some(most) = self.listed.iter().map(|candidate| candidate.patients).max() else { return Vec::new() };
        let root = |number: u64| (u128::from(number) * 1_000_000).isqrt() as u64;
        let (from, until) = (root(MIN_PATIENTS), root(most));
        let at = |step: u64| (u128::from(from + (until - from) * step / BANDS).pow(2) / 1_000_000) as u64;
        let mut numbers: Vec<u64> = (1..BANDS).map(at).chain([MIN_PATIENTS, most]).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter(|number| *number >= MIN_PATIENTS).map(|number| self.band(number)).collect()
    }
}
