//! A memory of fixed size for what cells decided: exact where it remembers, and free to forget.
//!
//! Each key has one place, and what comes later takes it. So the memory never grows, and since the caller decides anew
//! whatever is not found, what it forgets changes no answer.

use crate::scan::line::Part;

/// Places for keys of up to [`SHORT`] bytes.
const SHORT_PLACES: usize = 1 << 12;

/// Places for longer keys.
const LONG_PLACES: usize = 1 << 11;

/// The longest key that is held in two words.
const SHORT: usize = 16;

/// The longest key that is remembered.
const LONG: usize = 116;

/// An odd number whose bits are spread: the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// What is remembered.
#[derive(Debug)]
pub(super) struct Memory {
    short: Box<[Short]>,
    /// Empty until a long key is remembered.
    long: Vec<Long>,
}

#[derive(Debug, Clone, Copy)]
struct Short {
    words: [u64; 2],
    kind: u32,
    len: u8,
    part: Option<Part>,
}

#[derive(Debug, Clone, Copy)]
struct Long {
    bytes: [u8; LONG],
    kind: u32,
    len: u8,
    part: Option<Part>,
}

/// The raw cells of one decision.
#[derive(Debug)]
pub(super) enum Key<'c> {
    /// One cell as it is written.
    One(&'c [u8]),
    /// Several, each with its length before it, so that different cells make different keys.
    Several([u8; LONG], usize),
}

impl<'c> Key<'c> {
    /// A key of several cells; `None` if they are too long to be remembered.
    pub fn of(cells: impl Iterator<Item = &'c [u8]>) -> Option<Self> {
        let mut bytes = [0; LONG];
        let mut len = 0;
        for cell in cells {
            let end = len + 1 + cell.len();
            let [first, room @ ..] = bytes.get_mut(len..end)? else { return None };
            *first = u8::try_from(cell.len()).ok()?;
            room.copy_from_slice(cell);
            len = end;
        }
        Some(Self::Several(bytes, len))
    }

    /// Its bytes. Keys of one kind are of as many cells, so that one cell is never taken for several.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::One(cell) => cell,
            Self::Several(bytes, len) => &bytes[..*len],
        }
    }
}

/// A short key as two words; with its length, they are the key.
fn words(key: &[u8]) -> Option<[u64; 2]> {
    if let (Some(first), Some(last)) = (key.first_chunk::<8>(), key.last_chunk::<8>()) {
        return (key.len() <= SHORT).then(|| [u64::from_le_bytes(*first), u64::from_le_bytes(*last)]);
    }
    if let (Some(first), Some(last)) = (key.first_chunk::<4>(), key.last_chunk::<4>()) {
        return Some([u64::from(u32::from_le_bytes(*first)) | (u64::from(u32::from_le_bytes(*last)) << 32), 0]);
    }
    Some([key.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte)), 0])
}

fn short_place(words: [u64; 2], kind: u32) -> usize {
    let mixed = words[0] ^ words[1].rotate_left(23) ^ (u64::from(kind) << 17);
    ((mixed ^ (mixed >> 32)).wrapping_mul(SPREAD) >> 52) as usize % SHORT_PLACES
}

fn long_place(key: &[u8], kind: u32) -> usize {
    let start = u64::from(kind) ^ ((key.len() as u64) << 32);
    let (chunks, rest) = key.as_chunks::<8>();
    let mix = |sum: u64, word: u64| (sum.rotate_left(5) ^ word).wrapping_mul(SPREAD);
    let whole = chunks.iter().fold(start, |sum, chunk| mix(sum, u64::from_le_bytes(*chunk)));
    let last = rest.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
    (mix(whole, last) >> 53) as usize % LONG_PLACES
}

impl Memory {
    /// A memory of nothing.
    pub fn new() -> Self {
        let nothing = Short { words: [0; 2], kind: 0, len: 0, part: None };
        Self { short: vec![nothing; SHORT_PLACES].into_boxed_slice(), long: Vec::new() }
    }

    /// What a key of this kind decided, if it is remembered.
    pub fn get(&self, kind: u32, key: &[u8]) -> Option<Part> {
        if let Some(words) = words(key) {
            let held = &self.short[short_place(words, kind)];
            let same = held.words == words && held.kind == kind && usize::from(held.len) == key.len();
            return held.part.filter(|_| same);
        }
        let held = self.long.get(long_place(key, kind))?;
        let same = held.kind == kind && held.bytes.get(..usize::from(held.len)) == Some(key);
        held.part.filter(|_| same)
    }

    /// Remembers what a key decided, in place of what stood there.
    pub fn put(&mut self, kind: u32, key: &[u8], part: Part) {
        let Ok(len) = u8::try_from(key.len()) else { return };
        if let Some(words) = words(key) {
            self.short[short_place(words, kind)] = Short { words, kind, len, part: Some(part) };
            return;
        }
        let mut bytes = [0; LONG];
        let Some(room) = bytes.get_mut(..key.len()) else { return };
        room.copy_from_slice(key);
        if self.long.is_empty() {
            self.long = vec![Long { bytes: [0; LONG], kind: 0, len: 0, part: None }; LONG_PLACES];
        }
        self.long[long_place(key, kind)] = Long { bytes, kind, len, part: Some(part) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::OutOfScope;

    const OUTSIDE: Part = Part::Outside(OutOfScope::NotImmuneGlobulin);

    /// Keys of every length, all of them beginnings of each other or different in one byte.
    fn keys() -> Vec<Vec<u8>> {
        let whole: Vec<u8> = (0..LONG as u8).collect();
        let mut keys: Vec<Vec<u8>> = (0..=LONG).map(|len| whole[..len].to_vec()).collect();
        for len in [1, 3, 4, 5, 8, 9, 16, 17, 40, LONG] {
            for at in 0..len {
                let mut key = whole[..len].to_vec();
                key[at] ^= 0x80;
                keys.push(key);
            }
        }
        keys
    }

    #[test]
    fn a_key_is_found_and_no_other_is_taken_for_it() {
        let keys = keys();
        for (at, key) in keys.iter().enumerate() {
            let mut memory = Memory::new();
            memory.put(3, key, OUTSIDE);
            for (other_at, other) in keys.iter().enumerate() {
                assert_eq!(memory.get(3, other).is_some(), at == other_at, "{key:?} and {other:?}");
            }
            assert_eq!(memory.get(2, key), None, "another kind");
        }
    }

    #[test]
    fn nothing_is_known_of_an_empty_memory_and_too_long_a_key_is_not_remembered() {
        let mut memory = Memory::new();
        for key in keys() {
            assert_eq!(memory.get(0, &key), None);
        }
        for len in [LONG + 1, 255, 256, 5000] {
            let key = vec![0; len];
            memory.put(0, &key, OUTSIDE);
            assert_eq!(memory.get(0, &key), None);
        }
    }

    #[test]
    fn cells_keep_their_borders_in_a_key() {
        let key = |cells: &[&[u8]]| Key::of(cells.iter().copied()).map(|key| key.bytes().to_vec());
        assert_ne!(key(&[b"ab", b"c"]), key(&[b"a", b"bc"]));
        assert_ne!(key(&[b"", b"a"]), key(&[b"a", b""]));
        assert_eq!(key(&[&[0; LONG]]), None);
        assert_eq!(key(&[&[0; 300]]), None);
    }
}
