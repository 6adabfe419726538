//! Physical lines: the one thing about an export that no quote can change.

use super::blocks::first_line_end;

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
    terminated(bytes, first_line_end(bytes), at_end)
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
    sight(bytes, first_line_end(window(bytes, limit)), at_end, limit)
}

/// The bytes in which the terminator of a line of at most `limit` bytes must begin.
#[inline]
pub(super) fn window(bytes: &[u8], limit: usize) -> &[u8] {
    &bytes[..bytes.len().min(limit.saturating_add(1))]
}

/// What is known of the line, given where a walk over its [`window`] stopped: at a line end or at the window's end.
#[inline]
pub(super) fn sight(bytes: &[u8], stop: usize, at_end: bool, limit: usize) -> Sight {
    if stop > limit {
        return Sight::Beyond;
    }
    terminated(bytes, stop, at_end).map_or(Sight::Unseen, Sight::Line)
}

/// The line whose content ends at `stop`, where either a terminator stands or the bytes end.
#[inline]
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

#[cfg(test)]
mod tests {
    use super::{Line, line_end};

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
}
