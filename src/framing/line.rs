//! Physical lines: the one thing about an export that no quote can change.

/// A physical line at the start of some bytes, in bytes from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Length without the terminator.
    pub content: usize,
    /// Length with the terminator; equal to `content` when the input ended first.
    pub len: usize,
}

impl Line {
    /// Whether a terminator ended the line, and not the end of the input.
    pub(super) fn is_terminated(self) -> bool {
        self.len > self.content
    }
}

/// Finds the end of the physical line that `bytes` starts in, or `None` when it is not in sight.
///
/// With `at_end` no bytes follow, so the end is always in sight unless `bytes` is empty. Without it, a CR as
/// the very last byte is not yet an end in sight, since a LF may follow and belong to it.
#[must_use]
pub fn line_end(bytes: &[u8], at_end: bool) -> Option<Line> {
    if bytes.is_empty() {
        return None;
    }
    terminated(bytes, survey(bytes, b'\n', b'\n').stop, at_end)
}

/// The first line of some bytes, when lines longer than a limit are not wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// The whole line is in sight.
    Line(Line),
    /// The line's content is longer than the limit.
    Beyond,
    /// More bytes are needed to tell.
    Unseen,
}

/// Looks for the end of the line that `bytes` starts in, at most `limit` bytes of content away.
pub(super) fn first_line(bytes: &[u8], at_end: bool, limit: usize) -> Sight {
    let window = window(bytes, limit);
    sight(bytes, survey(window, b'\n', b'\n').stop, at_end, limit)
}

/// The bytes in which the terminator of a line of at most `limit` bytes must begin.
pub(super) fn window(bytes: &[u8], limit: usize) -> &[u8] {
    &bytes[..bytes.len().min(limit.saturating_add(1))]
}

/// What is known of the line, given where a survey of its [`window`] stopped: at a line end or at the window's end.
pub(super) fn sight(bytes: &[u8], stop: usize, at_end: bool, limit: usize) -> Sight {
    if stop > limit {
        return Sight::Beyond;
    }
    terminated(bytes, stop, at_end).map_or(Sight::Unseen, Sight::Line)
}

/// The line whose content ends at `stop`, where either a terminator stands or the bytes end.
fn terminated(bytes: &[u8], stop: usize, at_end: bool) -> Option<Line> {
    let terminator = match (bytes.get(stop), bytes.get(stop + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\r'), None) if !at_end => return None,
        (Some(_), _) => 1,
        (None, _) if at_end => 0,
        (None, _) => return None,
    };
    Some(Line { content: stop, len: stop + terminator })
}

/// Where a survey stopped and what it passed.
pub(super) struct Survey {
    /// Index of the first CR, LF or quote, or the number of bytes when there is none.
    pub stop: usize,
    /// How many delimiters stand before it.
    pub delimiters: usize,
}

/// How many bytes are looked at as one; a size that compilers turn into two vector registers everywhere.
const BLOCK: usize = 32;

/// How many bytes of a block with a stop in it are looked at as one, as the lanes of one integer.
const WORD: usize = 8;

/// Passes over bytes up to the first CR, LF or quote and counts delimiters on the way.
///
/// This is where nearly all bytes of an export are read, so it works on blocks without a branch inside, and on
/// words where a stop is near: most lines hold no quote at all and are framed by this pass alone.
pub(super) fn survey(bytes: &[u8], delimiter: u8, quote: u8) -> Survey {
    let mut delimiters = 0;
    let mut stop = 0;
    for block in bytes.as_chunks::<BLOCK>().0 {
        if block.iter().fold(0, |any, &byte| any | is_stop(byte, quote)) != 0 {
            break;
        }
        delimiters += usize::from(block.iter().fold(0_u8, |sum, &byte| sum.wrapping_add(u8::from(byte == delimiter))));
        stop += BLOCK;
    }
    for &word in bytes[stop..].as_chunks::<WORD>().0 {
        let word = u64::from_le_bytes(word);
        let stops = lanes_of(word, b'\n') | lanes_of(word, b'\r') | lanes_of(word, quote);
        // The lanes below the lowest stop: all of them when there is none.
        let before = (stops & stops.wrapping_neg()).wrapping_sub(1);
        delimiters += (lanes_of(word, delimiter) & before).count_ones() as usize;
        if stops != 0 {
            return Survey { stop: stop + stops.trailing_zeros() as usize / WORD, delimiters };
        }
        stop += WORD;
    }
    for &byte in &bytes[stop..] {
        if is_stop(byte, quote) != 0 {
            break;
        }
        delimiters += usize::from(byte == delimiter);
        stop += 1;
    }
    Survey { stop, delimiters }
}

/// 1 for a byte at which a survey stops, otherwise 0: numbers, so that a block is compared without a branch.
fn is_stop(byte: u8, quote: u8) -> u8 {
    u8::from(byte == b'\n') | u8::from(byte == b'\r') | u8::from(byte == quote)
}

/// The highest bit of each lane of `word` that equals `byte`, exactly: no lane disturbs its neighbour.
fn lanes_of(word: u64, byte: u8) -> u64 {
    const LOW_BITS: u64 = u64::from_le_bytes([0x7f; WORD]);
    let differing = word ^ u64::from_le_bytes([byte; WORD]);
    !(((differing & LOW_BITS) + LOW_BITS) | differing | LOW_BITS)
}

#[cfg(test)]
mod tests {
    use super::{Line, line_end, survey};

    #[test]
    fn a_line_ends_with_lf_crlf_or_cr() {
        assert_eq!(line_end(b"ab\ncd", false), Some(Line { content: 2, len: 3 }));
        assert_eq!(line_end(b"ab\r\ncd", false), Some(Line { content: 2, len: 4 }));
        assert_eq!(line_end(b"ab\rcd", false), Some(Line { content: 2, len: 3 }));
        assert_eq!(line_end(b"\r\r\n", false), Some(Line { content: 0, len: 1 }));
    }

    #[test]
    fn a_last_cr_waits_for_what_follows() {
        assert_eq!(line_end(b"ab\r", false), None);
        assert_eq!(line_end(b"ab\r", true), Some(Line { content: 2, len: 3 }));
    }

    #[test]
    fn the_end_of_input_ends_a_line_but_makes_none() {
        assert_eq!(line_end(b"ab", false), None);
        assert_eq!(line_end(b"ab", true), Some(Line { content: 2, len: 2 }));
        assert_eq!(line_end(b"", true), None);
    }

    #[test]
    fn blocks_and_single_bytes_give_the_same_survey() {
        for position in 0..200 {
            let mut bytes = b"a,bc,".repeat(40);
            bytes[position] = b'"';
            let expected = bytes[..position].split(|&byte| byte == b',').count() - 1;
            let found = survey(&bytes, b',', b'"');
            assert_eq!((found.stop, found.delimiters), (position, expected));
        }
    }
}
