//! Exact binomial limits.
//!
//! All of them are asked of the distribution's own tails, in whole numbers of patients or of millionths: no
//! approximation by a normal curve, which is wrong for few patients and for shares near nothing or all, and no float
//! that is printed. A limit in millionths is the outer one of the two between which it lies.

use statrs::distribution::{Binomial, DiscreteCDF};

/// The parts of a whole in which limits of shares are given.
pub const MILLION: u32 = 1_000_000;

/// What lies beyond each end of an interval or band of 95 %.
const TAIL_95: f64 = 0.025;

/// What lies beyond each end of a band of 99.8 %.
const TAIL_998: f64 = 0.001;

/// The Clopper-Pearson interval of a share, of 95 %: limits in millionths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// The largest share for which so many or more would come in at most 2.5 % of cases.
    pub low: u32,
    /// The smallest share for which so many or fewer would come in at most 2.5 % of cases.
    pub high: u32,
}

impl Interval {
    /// Of `part` among `whole`.
    #[must_use]
    pub fn of(part: u64, whole: u64) -> Self {
        let so_many_or_more = |share| tail(share, whole, |chance| chance.sf(part.saturating_sub(1)) > TAIL_95);
        let so_many_or_fewer = |share| tail(share, whole, |chance| chance.cdf(part) > TAIL_95);
        let low = if part == 0 { 0 } else { first(so_many_or_more).saturating_sub(1) };
        let high = if part >= whole { MILLION } else { first(|share| !so_many_or_fewer(share)) };
        Self { low, high }
    }
}

/// Within which numbers of patients chance leaves those who do as all do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Band {
    /// Of so many patients.
    pub patients: u64,
    /// The 2.5 % quantile of the number with a flagged order.
    pub low_95: u64,
    /// The 97.5 % quantile.
    pub high_95: u64,
    /// The 0.1 % quantile.
    pub low_998: u64,
    /// The 99.9 % quantile.
    pub high_998: u64,
}

/// Where a number of patients lies in a [`Band`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// Above the 99.8 % limits.
    FarAbove,
    /// Above the 95 % limits and within those of 99.8 %.
    Above,
    /// Within the 95 % limits.
    #[default]
    Within,
    /// Below the 95 % limits and within those of 99.8 %.
    Below,
    /// Below the 99.8 % limits.
    FarBelow,
}

impl Position {
    /// All of them, from above to below.
    pub const ALL: [Self; 5] = [Self::FarAbove, Self::Above, Self::Within, Self::Below, Self::FarBelow];
}

impl Band {
    /// Of so many patients, where `part` among `whole` patients of all have a flagged order. Quantiles are those of the
    /// binomial distribution: the smallest number that is not exceeded with at least that probability.
    #[must_use]
    pub fn of(patients: u64, part: u64, whole: u64) -> Self {
        let share = fraction(part, whole);
        let certain = |number| Self { patients, low_95: number, high_95: number, low_998: number, high_998: number };
        match Binomial::new(share, patients) {
            Ok(_) if part == 0 => certain(0),
            Ok(_) if part >= whole => certain(patients),
            Ok(chance) => Self {
                patients,
                low_95: quantile(&chance, patients, TAIL_95),
                high_95: quantile(&chance, patients, 1.0 - TAIL_95),
                low_998: quantile(&chance, patients, TAIL_998),
                high_998: quantile(&chance, patients, 1.0 - TAIL_998),
            },
            // A share is between nothing and all, so there always is such a distribution.
            Err(_) => Self { patients, high_95: patients, high_998: patients, ..Self::default() },
        }
    }

    /// Where so many with a flagged order lie. On a limit is within it.
    #[must_use]
    pub fn position(&self, flagged: u64) -> Position {
        match flagged {
            _ if flagged > self.high_998 => Position::FarAbove,
            _ if flagged > self.high_95 => Position::Above,
            _ if flagged < self.low_998 => Position::FarBelow,
            _ if flagged < self.low_95 => Position::Below,
            _ => Position::Within,
        }
    }

    /// How likely chance alone leaves one outside the limits of 95 % and of 99.8 %. As patients are whole, it is less
    /// than 5 % and 0.2 %.
    pub(super) fn outside(&self, part: u64, whole: u64) -> [f64; 2] {
        let Ok(chance) = Binomial::new(fraction(part, whole), self.patients) else { return [0.0; 2] };
        if part == 0 || part >= whole {
            return [0.0; 2];
        }
        let below = |low: u64| low.checked_sub(1).map_or(0.0, |below| chance.cdf(below));
        let beyond = |low, high| below(low) + if high < self.patients { chance.sf(high) } else { 0.0 };
        [beyond(self.low_95, self.high_95), beyond(self.low_998, self.high_998)]
    }
}

#[expect(clippy::cast_precision_loss, reason = "no table has as many patients as a float tells apart")]
fn fraction(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64).min(1.0) }
}

/// Whether something holds of the distribution with this share, in millionths.
fn tail(share: u32, whole: u64, holds: impl Fn(&Binomial) -> bool) -> bool {
    Binomial::new(f64::from(share) / f64::from(MILLION), whole).is_ok_and(|chance| holds(&chance))
}

/// The smallest share for which something holds that holds for every larger one; all, if for none.
fn first(holds: impl Fn(u32) -> bool) -> u32 {
    let (mut from, mut until) = (0, MILLION);
    while from < until {
        let middle = u32::midpoint(from, until);
        if holds(middle) { until = middle } else { from = middle + 1 }
    }
    from
}

/// The smallest number that is not exceeded with at least this probability.
fn quantile(chance: &Binomial, patients: u64, probability: f64) -> u64 {
    let (mut from, mut until) = (0, patients);
    while from < until {
        let middle = u64::midpoint(from, until);
        if chance.cdf(middle) >= probability { until = middle } else { from = middle + 1 }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::Position::{Above, Below, FarAbove, FarBelow, Within};
    use super::*;

    /// Limits of 95 % as they stand in tables of exact confidence limits for a proportion.
    #[test]
    fn the_interval_of_a_share_is_that_of_published_tables() {
        for (part, whole, low, high) in [
            (0, 10, 0, 308_500),
            (1, 10, 2_530, 445_020),
            (5, 10, 187_090, 812_910),
            (10, 10, 691_500, 1_000_000),
            (4, 20, 57_330, 436_610),
            (10, 100, 49_000, 176_220),
            (50, 100, 398_320, 601_680),
        ] {
            let found = Interval::of(part, whole);
            assert!(found.low.abs_diff(low) <= 10 && found.high.abs_diff(high) <= 10, "{part} of {whole}: {found:?}");
        }
    }

    /// Where all or none have it, the limits are roots that can be worked out by hand: 0.025^(1/n) and its complement.
    #[test]
    fn the_limits_of_none_and_of_all_are_roots() {
        for whole in [1_u32, 2, 11, 40, 1_000, 100_000] {
            let root = (TAIL_95.ln() / f64::from(whole)).exp() * f64::from(MILLION);
            let (none, all) = (Interval::of(0, whole.into()), Interval::of(whole.into(), whole.into()));
            assert_eq!((none.low, all.high), (0, MILLION));
            assert!((f64::from(all.low) - root).abs() <= 1.0, "{whole}: {all:?}");
            assert!((f64::from(MILLION - none.high) - root).abs() <= 1.0, "{whole}: {none:?}");
        }
    }

    /// Of ten tosses of a coin, 0, 1, 9 and 10 heads come in 22 of 1,024 cases; 1 to 9 in all but 2.
    #[test]
    fn the_band_of_ten_tosses_is_the_one_worked_out_by_hand() {
        let band = Band::of(10, 1, 2);
        assert_eq!((band.low_95, band.high_95, band.low_998, band.high_998), (2, 8, 1, 9));
        let [outer, inner] = band.outside(1, 2);
        assert!((outer - 22.0 / 1024.0).abs() < 1e-12 && (inner - 2.0 / 1024.0).abs() < 1e-12, "{outer} {inner}");
        let positions = [0, 1, 2, 8, 9, 10].map(|heads| band.position(heads));
        assert_eq!(positions, [FarBelow, Below, Within, Within, Above, FarAbove]);
    }

    #[test]
    fn a_quantile_is_the_smallest_number_with_its_probability_whatever_the_size() {
        for patients in [1_u64, 11, 250, 40_000, 3_000_000] {
            for (part, whole) in [(1, 1_000_000), (3, 10), (999, 1_000)] {
                let chance = Binomial::new(fraction(part, whole), patients).unwrap();
                let band = Band::of(patients, part, whole);
                for (number, probability) in [(band.low_95, TAIL_95), (band.high_998, 1.0 - TAIL_998)] {
                    assert!(chance.cdf(number) >= probability, "{patients}");
                    assert!(number == 0 || chance.cdf(number - 1) < probability, "{patients}");
                }
            }
        }
    }

    #[test]
    fn where_nobody_or_everybody_is_flagged_nobody_stands_out() {
        for (part, flagged) in [(0, 0), (9, 11)] {
            let band = Band::of(11, part, 9);
            assert_eq!(band.position(flagged), Within);
            assert!(band.outside(part, 9).iter().sum::<f64>() < f64::EPSILON);
        }
    }

    #[test]
    fn an_interval_never_hangs_and_holds_its_share_whatever_the_size() {
        for whole in [1_u64, 12, 5_000, 1_000_000, 100_000_000] {
            for part in [0, 1, 2, whole / 1_000, whole / 2, whole - 1, whole] {
                let found = Interval::of(part.min(whole), whole);
                let share = u128::from(part.min(whole)) * u128::from(MILLION) / u128::from(whole);
                assert!(
                    u128::from(found.low) <= share && share <= u128::from(found.high),
                    "{part} of {whole}: {found:?}"
                );
            }
        }
    }
}
