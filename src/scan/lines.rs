//! The account of physical lines: what reading counted, and an independent count to hold against it.

use std::ops::Add;

use crate::framing::count_line_ends;

/// Where a record stands. The visitor of a chunk is told places relative to the chunk; the sum with the chunk's
/// base is the place in the export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Record number, the header not counted, blank lines not counted, rejected records counted; the first is 1.
    pub record: u64,
    /// Physical line number, the header's lines counted; the first line of an export is 1.
    pub line: u64,
    /// Byte offset in the decoded stream, from 0.
    pub offset: u64,
}

impl Add for Place {
    type Output = Self;

    fn add(self, base: Self) -> Self {
        Self { record: self.record + base.record, line: self.line + base.line, offset: self.offset + base.offset }
    }
}

/// What became of every physical line: header + blank + lines of records + lines of rejected records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineCounts {
    /// Lines of the header and of all that stood before it, read by the caller.
    pub header: u64,
    /// Lines of no bytes.
    pub blank: u64,
    /// Lines of accepted records.
    pub record_lines: u64,
    /// Lines of rejected records; each rejected record is one line.
    pub rejected_lines: u64,
    /// Accepted records.
    pub records: u64,
    /// Rejected records.
    pub rejected: u64,
}

impl LineCounts {
    /// All physical lines that are accounted for.
    #[must_use]
    pub fn physical(&self) -> u64 {
        self.header + self.blank + self.record_lines + self.rejected_lines
    }

    /// All records, accepted and rejected.
    #[must_use]
    pub fn all_records(&self) -> u64 {
        self.records + self.rejected
    }
}

impl Add for LineCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            header: self.header + other.header,
            blank: self.blank + other.blank,
            record_lines: self.record_lines + other.record_lines,
            rejected_lines: self.rejected_lines + other.rejected_lines,
            records: self.records + other.records,
            rejected: self.rejected + other.rejected,
        }
    }
}

/// Counts line ends in the bytes as they arrive, knowing nothing of records, quotes or chunks. It is the other
/// side of the sum: a line that reading lost or counted twice shows here.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Census {
    pub bytes: u64,
    line_ends: u64,
    last: Option<u8>,
}

impl Census {
    /// A count that goes on behind a byte that another count has.
    pub fn after(before: Option<u8>) -> Self {
        Self { last: before, ..Self::default() }
    }

    /// Adds the count of the bytes that follow, which was made knowing the last byte of these.
    pub fn add(&mut self, next: &Self) {
        if next.bytes > 0 {
            self.bytes += next.bytes;
            self.line_ends += next.line_ends;
            self.last = next.last;
        }
    }

    /// Takes note of the next bytes of the input.
    pub fn see(&mut self, bytes: &[u8]) {
        let Some(&last) = bytes.last() else { return };
        self.bytes += bytes.len() as u64;
        self.line_ends += count_line_ends(bytes, self.last == Some(b'\r'));
        self.last = Some(last);
    }

    /// Physical lines seen so far, were the input to end here: a last line without terminator is a line.
    pub fn lines(&self) -> u64 {
        let unended = self.last.is_some_and(|byte| byte != b'\n' && byte != b'\r');
        self.line_ends + u64::from(unended)
    }
}

#[cfg(test)]
mod tests {
    use super::Census;

    fn lines_in(pieces: &[&[u8]]) -> u64 {
        let mut census = Census::default();
        for piece in pieces {
            census.see(piece);
        }
        census.lines()
    }

    #[test]
    fn lf_crlf_and_cr_each_end_one_line() {
        assert_eq!(lines_in(&[b"a\nb\r\nc\rd\n\r\r\n"]), 6);
    }

    #[test]
    fn a_crlf_cut_in_two_is_one_line_end() {
        assert_eq!(lines_in(&[b"a\r", b"\nb\r", b"", b"\n"]), 2);
        assert_eq!(lines_in(&[b"a\r", b"b"]), 2);
    }

    #[test]
    fn counts_of_parts_add_up_to_the_count_of_the_whole_wherever_it_is_cut() {
        let bytes = b"a\r\n\r\r\n\nb\r\n\nc";
        for size in 1..=bytes.len() {
            let mut whole = Census::default();
            for start in (0..bytes.len()).step_by(size) {
                let mut part = Census::after(start.checked_sub(1).map(|before| bytes[before]));
                part.see(&bytes[start..bytes.len().min(start + size)]);
                whole.add(&part);
            }
            assert_eq!((whole.lines(), whole.bytes), (lines_in(&[bytes]), bytes.len() as u64), "parts of {size}");
        }
    }

    #[test]
    fn a_last_line_without_terminator_is_a_line_and_nothing_is_none() {
        assert_eq!(lines_in(&[b"a\nb"]), 2);
        assert_eq!(lines_in(&[b""]), 0);
        assert_eq!(lines_in(&[&b"\n".repeat(1000)]), 1000);
    }
}
