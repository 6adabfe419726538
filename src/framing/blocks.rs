//! Bytes looked at 64 at a time, as bit masks: the work of framing on the bytes themselves.
//!
//! The machine's widest registers are found when the program starts and the code is compiled for each width, so that one
//! program is near the limit of every machine, and needs no `unsafe` here. On a machine without any, the same code
//! works on plain integers.

#![expect(clippy::inline_always, reason = "what is not inlined into `dispatch!` is compiled for the oldest machine")]

use fearless_simd::{Level, Simd, dispatch, prelude::*, u8x64};

/// How many bytes are looked at as one: the bits of one mask.
pub(super) const BLOCK: usize = 64;

/// Where in a block something stands: bit `n`, from the lowest, is byte `n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Masks {
    pub delimiters: u64,
    pub quotes: u64,
    /// Each LF and each CR.
    pub line_ends: u64,
    /// Bytes that are not ASCII.
    pub beyond_ascii: u64,
}

/// What is looked for, in every lane of a register.
pub(super) struct Sought<S: Simd> {
    simd: S,
    delimiter: u8x64<S>,
    quote: u8x64<S>,
    /// No bit where the export does not quote, otherwise all.
    quoting: u64,
    ends: Ends<S>,
    beyond_ascii: u8x64<S>,
}

impl<S: Simd> Sought<S> {
    #[inline(always)]
    pub fn new(simd: S, delimiter: u8, quote: Option<u8>) -> Self {
        Self {
            simd,
            delimiter: u8x64::splat(simd, delimiter),
            quote: u8x64::splat(simd, quote.unwrap_or_default()),
            quoting: if quote.is_some() { u64::MAX } else { 0 },
            ends: Ends::new(simd),
            beyond_ascii: u8x64::splat(simd, 0x80),
        }
    }

    #[inline(always)]
    pub fn masks(&self, block: &[u8; BLOCK]) -> Masks {
        let bytes = u8x64::from_slice(self.simd, block);
        Masks {
            delimiters: bytes.simd_eq(self.delimiter).to_bitmask(),
            quotes: bytes.simd_eq(self.quote).to_bitmask() & self.quoting,
            line_ends: self.ends.mask(bytes),
            beyond_ascii: bytes.simd_ge(self.beyond_ascii).to_bitmask(),
        }
    }
}

/// The two bytes that end lines, in every lane of a register.
struct Ends<S: Simd> {
    feed: u8x64<S>,
    carriage_return: u8x64<S>,
}

impl<S: Simd> Ends<S> {
    #[inline(always)]
    fn new(simd: S) -> Self {
        Self { feed: u8x64::splat(simd, b'\n'), carriage_return: u8x64::splat(simd, b'\r') }
    }

    #[inline(always)]
    fn mask(&self, bytes: u8x64<S>) -> u64 {
        (bytes.simd_eq(self.feed) | bytes.simd_eq(self.carriage_return)).to_bitmask()
    }
}

/// The last bytes, fewer than a block, with zeros behind them.
#[inline(always)]
pub(super) fn filled_up(tail: &[u8]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block[..tail.len()].copy_from_slice(tail);
    block
}

/// The bits below the lowest bit of a mask: all when it has none.
#[inline(always)]
pub(super) fn below_lowest(mask: u64) -> u64 {
    (mask & mask.wrapping_neg()).wrapping_sub(1)
}

/// Where the first LF or CR stands, or how many bytes there are.
pub(super) fn first_line_end(bytes: &[u8]) -> usize {
    dispatch!(Level::new(), simd => first_line_end_on(simd, bytes))
}

#[inline(always)]
fn first_line_end_on<S: Simd>(simd: S, bytes: &[u8]) -> usize {
    let ends = Ends::new(simd);
    let (blocks, tail) = bytes.as_chunks::<BLOCK>();
    for (nth, block) in blocks.iter().enumerate() {
        let mask = ends.mask(u8x64::from_slice(simd, block));
        if mask != 0 {
            return nth * BLOCK + mask.trailing_zeros() as usize;
        }
    }
    let mask = ends.mask(u8x64::from_slice(simd, &filled_up(tail)));
    bytes.len() - tail.len() + tail.len().min(mask.trailing_zeros() as usize)
}

/// How many lines end in some bytes, by LF, CRLF or CR. A LF at their beginning ends none if a CR stands before them.
#[must_use]
pub fn count_line_ends(bytes: &[u8], behind_return: bool) -> u64 {
    dispatch!(Level::new(), simd => count_line_ends_on(simd, bytes, behind_return))
}

#[inline(always)]
fn count_line_ends_on<S: Simd>(simd: S, bytes: &[u8], behind_return: bool) -> u64 {
    let ends = Ends::new(simd);
    let (mut count, mut behind) = (0_u64, u64::from(behind_return));
    let mut add = |block: &[u8; BLOCK]| {
        let bytes = u8x64::from_slice(simd, block);
        let returns = bytes.simd_eq(ends.carriage_return).to_bitmask();
        let feeds = bytes.simd_eq(ends.feed).to_bitmask() & !((returns << 1) | behind);
        behind = returns >> (BLOCK - 1);
        count = count.wrapping_add(u64::from((feeds | returns).count_ones()));
    };
    let (blocks, tail) = bytes.as_chunks::<BLOCK>();
    blocks.iter().for_each(&mut add);
    add(&filled_up(tail));
    count
}

/// Every width that this machine has, so that a test can hold them against one another.
#[cfg(test)]
pub(super) fn levels() -> Vec<Level> {
    let mut levels = vec![Level::new()];
    #[cfg(target_arch = "x86_64")]
    {
        let best = Level::new();
        levels.extend(best.as_avx2().map(Simd::level));
        levels.extend(best.as_sse4_2().map(Simd::level));
        levels.extend(best.as_sse2().map(Simd::level));
    }
    levels
}

#[cfg(test)]
mod tests {
    use fearless_simd::dispatch;
    use proptest::prelude::*;

    use super::{BLOCK, Masks, Sought, count_line_ends, count_line_ends_on, filled_up, first_line_end_on, levels};

    fn plain_masks(block: &[u8; BLOCK], delimiter: u8, quote: Option<u8>) -> Masks {
        let mask = |is: &dyn Fn(u8) -> bool| (0..BLOCK).fold(0, |mask, at| mask | u64::from(is(block[at])) << at);
        Masks {
            delimiters: mask(&|byte| byte == delimiter),
            quotes: mask(&|byte| Some(byte) == quote),
            line_ends: mask(&|byte| byte == b'\n' || byte == b'\r'),
            beyond_ascii: mask(&|byte| !byte.is_ascii()),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_width_gives_the_masks_of_a_plain_walk(
            bytes in prop::collection::vec(prop::sample::select(b",\"|'\n\r\0a~\x7f\x80\xc3\xff".to_vec()), BLOCK),
            delimiter in prop::sample::select(b",|\0".to_vec()),
            quote in prop::sample::select(vec![Some(b'"'), Some(b'\''), Some(0xff), None]),
        ) {
            let block = filled_up(&bytes[..BLOCK - 1]);
            let block = if delimiter == 0 { block } else { bytes.try_into().unwrap_or(block) };
            for level in levels() {
                let found = dispatch!(level, simd => Sought::new(simd, delimiter, quote).masks(&block));
                prop_assert_eq!(found, plain_masks(&block, delimiter, quote), "{:?}", level);
            }
        }

        #[test]
        fn every_width_finds_line_ends_as_a_plain_walk_does(
            bytes in prop::collection::vec(prop::sample::select(b"\n\r\r\naaaaa\0".to_vec()), 0..300),
        ) {
            let first = bytes.iter().position(|&byte| byte == b'\n' || byte == b'\r').unwrap_or(bytes.len());
            let ends = |before: u8| {
                let pairs = bytes.iter().scan(before, |before, byte| Some((std::mem::replace(before, *byte), *byte)));
                pairs.filter(|(before, byte)| *byte == b'\r' || *byte == b'\n' && *before != b'\r').count() as u64
            };
            for level in levels() {
                prop_assert_eq!(dispatch!(level, simd => first_line_end_on(simd, &bytes)), first);
                for before in [b'\r', b'a'] {
                    let found = dispatch!(level, simd => count_line_ends_on(simd, &bytes, before == b'\r'));
                    prop_assert_eq!(found, ends(before));
                }
            }
        }
    }

    #[test]
    fn a_crlf_cut_in_two_counts_once() {
        let bytes = b"ab\r\ncd\n\re\r";
        for cut in 0..=bytes.len() {
            let (before, after) = bytes.split_at(cut);
            let both = count_line_ends(before, false) + count_line_ends(after, before.ends_with(b"\r"));
            assert_eq!(both, 4, "cut at {cut}");
        }
    }

    #[test]
    fn the_first_line_end_is_found_wherever_it_stands() {
        for len in 0..200 {
            let mut bytes = vec![b'x'; len + 70];
            bytes[len] = b'\n';
            for level in levels() {
                assert_eq!(dispatch!(level, simd => first_line_end_on(simd, &bytes)), len);
                assert_eq!(dispatch!(level, simd => first_line_end_on(simd, &bytes[..len])), len);
            }
        }
    }
}
