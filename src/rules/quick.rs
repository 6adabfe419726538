//! A map for look-ups by codes and words. What is in it comes from the rules alone, never from a record, so that its hash
//! need not withstand anybody; it is short, because an order asks for a dozen of them.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map from what the rules name.
pub(crate) type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<QuickHasher>>;

/// A set of what the rules name.
pub(crate) type QuickSet<K> = HashSet<K, BuildHasherDefault<QuickHasher>>;

/// One multiplication for every eight bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct QuickHasher(u64);

/// An odd number without a pattern.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl QuickHasher {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * u128::from(FACTOR);
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

/// Fewer than eight bytes as a number, which with their count is theirs alone.
fn few(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32,
        _ => bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            self.mix(few(rest) ^ FACTOR.rotate_left(rest.len() as u32));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte) | 0x100);
    }

    fn write_u32(&mut self, word: u32) {
        self.mix(u64::from(word) | 1 << 32);
    }

    fn write_u64(&mut self, word: u64) {
        self.mix(word ^ FACTOR);
    }

    fn write_usize(&mut self, word: usize) {
        self.mix(word as u64 ^ FACTOR);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::hash::{BuildHasher, BuildHasherDefault};

    use super::QuickHasher;

    #[test]
    fn words_and_numbers_fall_apart_in_low_and_in_high_bits() {
        let hasher = BuildHasherDefault::<QuickHasher>::default();
        let words = (0..1000_u64)
            .map(|at| hasher.hash_one(format!("word{at}")))
            .chain((0..1000).map(|at| hasher.hash_one(at << 20)));
        let hashes: Vec<u64> = words.collect();
        for bits in [0, 57] {
            let seen: BTreeSet<u64> = hashes.iter().map(|hash| hash >> bits & 127).collect();
            assert_eq!(seen.len(), 128, "all of seven bits from {bits} on");
        }
        assert_eq!(hashes.iter().collect::<BTreeSet<_>>().len(), hashes.len());
    }
}
