//! Draws that depend on a seed and a number only, so that any record can be
//! made without making those before it.

/// The `SplitMix64` generator: small, fast, and the same on every machine.
#[derive(Clone)]
pub struct Random(u64);

/// Streams that must not run in step although they share seed and number.
#[derive(Clone, Copy)]
pub enum Stream {
    /// Who a patient is and what the patient is treated for.
    Patient = 1,
    /// What the lines of one claim share.
    Claim = 2,
    /// What one record has for itself.
    Record = 3,
    /// Whether a record is spoiled, and how.
    Dirt = 4,
    /// What was done to a line after it was billed.
    Correction = 5,
}

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Random {
    /// The generator of one numbered thing in one stream.
    pub fn at(seed: u64, stream: Stream, number: u64) -> Self {
        Self(mix(mix(seed ^ (stream as u64).wrapping_mul(STEP)).wrapping_add(number.wrapping_mul(STEP))))
    }

    /// A number from 0 to `limit - 1`; 0 when the limit is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        // The high half of a 128-bit product is below the limit, so it fits.
        ((u128::from(mix(self.0)) * u128::from(limit)) >> 64) as u64
    }

    /// True `share` times in 1,000.
    pub fn per_mille(&mut self, share: u64) -> bool {
        self.below(1000) < share
    }

    /// One of a few things, all equally likely; `None` of an empty slice.
    pub fn one<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        things.get(usize::try_from(self.below(things.len() as u64)).unwrap_or(0))
    }

    /// Puts things in another order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, usize::try_from(self.below(last as u64 + 1)).unwrap_or(last));
        }
    }
}

/// Things to draw from by weight.
pub struct Weighted<T> {
    things: Vec<T>,
    /// Weight of all things up to and with this one.
    upto: Vec<u64>,
}

impl<T> Weighted<T> {
    /// Gathers the things and their weights; `None` when nothing has weight.
    pub fn new(pairs: impl IntoIterator<Item = (T, u64)>) -> Option<Self> {
        let (mut things, mut upto, mut total) = (Vec::new(), Vec::new(), 0);
        for (thing, weight) in pairs.into_iter().filter(|pair| pair.1 > 0) {
            total += weight;
            things.push(thing);
            upto.push(total);
        }
        (total > 0).then_some(Self { things, upto })
    }

    /// One thing, each as often as its weight says.
    pub fn draw(&self, random: &mut Random) -> &T {
        let point = random.below(self.upto[self.upto.len() - 1]);
        &self.things[self.upto.partition_point(|upto| *upto <= point)]
    }
}
