//! One pass over a line: where it ends, how many fields it has, where the wanted ones stand, and whether its quotes
//! are all in order.
//!
//! This is where nearly all bytes of an export are read, and nearly all lines need nothing else. Quotes are in order when
//! every one opens a field, closes one or is doubled within one. A line with any other quote, or with one that is open at
//! its end, is only said to be *odd*: what that means is for [`quoting`](super::quoting) to say, which reads the line byte
//! by byte.

#![expect(clippy::inline_always, reason = "what is not inlined into `dispatch!` is compiled for the oldest machine")]

use fearless_simd::Simd;

use super::blocks::{BLOCK, Masks, Sought, below_lowest, filled_up};
use super::cells::Pointing;

/// What a walk over a line found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Walk {
    /// Where the first LF or CR stands, or the number of bytes when there is none.
    pub stop: usize,
    /// How many delimiters stand before it outside of quotes; without meaning for an odd line.
    pub delimiters: usize,
    /// Whether some quote before it is not in order.
    pub odd: bool,
    /// Whether all bytes before it are ASCII.
    pub is_ascii: bool,
}

/// Walks over the line that `bytes` begin with, and points at the wanted fields of it unless it is odd.
#[inline(always)]
pub(super) fn walk<S: Simd>(
    simd: S,
    bytes: &[u8],
    delimiter: u8,
    quote: Option<u8>,
    mut pointing: Pointing<'_>,
) -> Walk {
    let sought = Sought::new(simd, delimiter, quote);
    let mut steps = Steps::new(quote == Some(delimiter));
    let (blocks, tail) = bytes.as_chunks::<BLOCK>();
    let mut at = 0;
    let ends = 'line: {
        for block in blocks {
            let masks = sought.masks(block);
            steps.step(at, masks, below_lowest(masks.line_ends), &mut pointing);
            if masks.line_ends != 0 {
                break 'line masks.line_ends;
            }
            at += BLOCK;
        }
        let masks = sought.masks(&filled_up(tail));
        let ends = masks.line_ends | (1 << tail.len());
        steps.step(at, masks, below_lowest(ends), &mut pointing);
        ends
    };
    let stop = at + ends.trailing_zeros() as usize;
    pointing.finish(stop);
    Walk { stop, delimiters: steps.delimiters, odd: (steps.odd | steps.inside) != 0, is_ascii: steps.beyond_ascii == 0 }
}

/// What is known of a line after some of its blocks.
struct Steps {
    delimiters: usize,
    /// All bits when the last byte is inside quotes, otherwise none.
    inside: u64,
    /// The lowest bit when a quote as the next byte would open a field, or be the second of a doubled one.
    may_open: u64,
    /// The lowest bit when the last byte closed a field, unless a quote follows.
    closed: u64,
    /// A bit for each quote that is not in order.
    odd: u64,
    beyond_ascii: u64,
}

impl Steps {
    #[inline(always)]
    fn new(ambiguous: bool) -> Self {
        Self { delimiters: 0, inside: 0, may_open: 1, closed: 0, odd: u64::from(ambiguous), beyond_ascii: 0 }
    }

    /// Takes in the next block, of which the bytes `within` belong to the line.
    #[inline(always)]
    fn step(&mut self, at: usize, masks: Masks, within: u64, pointing: &mut Pointing<'_>) {
        let quotes = masks.quotes & within;
        let mut delimiters = masks.delimiters & within;
        self.beyond_ascii |= masks.beyond_ascii & within;
        if (quotes | self.inside | self.closed) == 0 {
            self.may_open = delimiters >> (BLOCK - 1);
        } else {
            delimiters = self.outside(quotes, delimiters, within);
        }
        let before = self.delimiters;
        self.delimiters = before.wrapping_add(delimiters.count_ones() as usize);
        pointing.pass(at, delimiters, before, self.delimiters);
    }

    /// Follows the quotes of a block and gives the delimiters outside of them.
    ///
    /// While all quotes so far were in order, an odd number of them means inside. The first one that is not stands where
    /// that is still so, and is seen by what is beside it.
    #[inline(always)]
    fn outside(&mut self, quotes: u64, delimiters: u64, within: u64) -> u64 {
        let inside = parities(quotes) ^ self.inside;
        let delimiters = delimiters & !inside;
        let opening = quotes & inside;
        let closing = quotes & !inside;
        let may_open_after = delimiters | closing;
        self.odd |= opening & !((may_open_after << 1) | self.may_open);
        self.odd |= ((closing << 1) | self.closed) & within & !(delimiters | quotes);
        self.may_open = may_open_after >> (BLOCK - 1);
        self.closed = closing >> (BLOCK - 1);
        self.inside = if inside >> (BLOCK - 1) == 0 { 0 } else { u64::MAX };
        delimiters
    }
}

/// For each bit, whether the number of set bits up to it, itself included, is odd.
#[inline(always)]
fn parities(mut mask: u64) -> u64 {
    mask ^= mask << 1;
    mask ^= mask << 2;
    mask ^= mask << 4;
    mask ^= mask << 8;
    mask ^= mask << 16;
    mask ^= mask << 32;
    mask
}

#[cfg(test)]
mod tests;
