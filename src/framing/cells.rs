//! Where some fields of a record stand, before any of them is unquoted.

#![expect(clippy::inline_always, reason = "pointing is a part of the walk, which is compiled for each kind of machine")]

use std::ops::Range;

use super::Dialect;

/// Fields that a scan points at: which ones, and where their raw bytes stand in the record at hand.
///
/// Raw means as written: quotes round a field and doubled quotes in it are still there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    wanted: Vec<usize>,
    spans: Vec<Range<usize>>,
}

impl Cells {
    /// Fields by their index (0-based), in any order and with repeats.
    #[must_use]
    pub fn of(wanted: impl IntoIterator<Item = usize>) -> Self {
        let mut wanted: Vec<usize> = wanted.into_iter().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let spans = vec![0..0; wanted.len()];
        Self { wanted, spans }
    }

    /// The indices of the fields, ascending, each once.
    #[must_use]
    pub fn wanted(&self) -> &[usize] {
        &self.wanted
    }

    /// The raw bytes of the `nth` wanted field in the content of the record at hand; empty where the record lacks it.
    ///
    /// # Panics
    /// If fewer fields are wanted, or `content` is not that of the record at hand.
    #[must_use]
    pub fn raw<'a>(&self, nth: usize, content: &'a [u8]) -> &'a [u8] {
        &content[self.spans[nth].clone()]
    }

    /// Starts to point at the fields of the next record.
    pub(super) fn pointing(&mut self) -> Pointing<'_> {
        Pointing::new(&self.wanted, &mut self.spans)
    }

    /// Finds the fields in the content of a record that framing accepted, byte by byte.
    pub(super) fn locate(&mut self, content: &[u8], dialect: &Dialect) {
        self.spans.fill(content.len()..content.len());
        let Some(&last) = self.wanted.last() else { return };
        let mut wanted = self.wanted.iter().zip(&mut self.spans).peekable();
        let mut start = 0;
        for field in 0..=last {
            let end = start + raw_len(&content[start..], dialect);
            if let Some((_, span)) = wanted.next_if(|(index, _)| **index == field) {
                *span = start..end;
            }
            if end == content.len() {
                return;
            }
            start = end + 1;
        }
    }
}

/// Points at the wanted fields of one record as its delimiters go by.
#[derive(Debug)]
pub(super) struct Pointing<'a> {
    wanted: &'a [usize],
    spans: &'a mut [Range<usize>],
    /// How many of the wanted fields have ended.
    ended: usize,
    /// Whether the next wanted field has begun.
    begun: bool,
    /// Which delimiter of the record, counted from 1, begins or ends the next wanted field.
    next: usize,
}

impl<'a> Pointing<'a> {
    #[inline(always)]
    fn new(wanted: &'a [usize], spans: &'a mut [Range<usize>]) -> Self {
        let mut pointing = Self { wanted, spans, ended: 0, begun: false, next: usize::MAX };
        pointing.expect();
        if pointing.next == 0 {
            pointing.begin(0);
        }
        pointing
    }

    /// Takes in delimiters of a block that begins `at` some byte of the record, the bits of a mask. They are those after
    /// the first `before` of the record, up to the one that is number `after`.
    #[inline(always)]
    pub fn pass(&mut self, at: usize, delimiters: u64, before: usize, after: usize) {
        let mut rest = delimiters;
        let mut passed = before;
        while self.next <= after {
            // The lowest bit of the rest is delimiter number `passed + 1`.
            while passed + 1 < self.next {
                rest &= rest.wrapping_sub(1);
                passed += 1;
            }
            let delimiter = at + rest.trailing_zeros() as usize;
            if self.begun { self.end(delimiter) } else { self.begin(delimiter + 1) }
        }
    }

    /// The record ends at `content`, and with it a field that has begun.
    #[inline(always)]
    pub fn finish(mut self, content: usize) {
        if self.begun {
            self.end(content);
        }
        self.spans[self.ended..].fill(content..content);
    }

    #[inline(always)]
    fn begin(&mut self, at: usize) {
        self.spans[self.ended].start = at;
        self.begun = true;
        self.next += 1;
    }

    #[inline(always)]
    fn end(&mut self, at: usize) {
        self.spans[self.ended].end = at;
        self.ended += 1;
        self.begun = false;
        self.expect();
    }

    /// Waits for the delimiter that begins the next wanted field.
    #[inline(always)]
    fn expect(&mut self) {
        self.next = self.wanted.get(self.ended).copied().unwrap_or(usize::MAX);
    }
}

/// Length of the field that begins here, quotes included.
fn raw_len(rest: &[u8], dialect: &Dialect) -> usize {
    let quoted = dialect.quote.filter(|quote| rest.first() == Some(quote));
    let mut inside = false;
    let ends = |&byte: &u8| {
        inside ^= Some(byte) == quoted;
        !inside && byte == dialect.delimiter
    };
    rest.iter().position(ends).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::Cells;
    use crate::framing::Dialect;

    fn raw(wanted: &[usize], content: &str) -> Vec<String> {
        let mut cells = Cells::of(wanted.iter().copied());
        cells.locate(content.as_bytes(), &Dialect { fields: 4, ..Dialect::default() });
        let text = |nth| String::from_utf8_lossy(cells.raw(nth, content.as_bytes())).into_owned();
        (0..cells.wanted().len()).map(text).collect()
    }

    #[test]
    fn fields_are_pointed_at_as_they_are_written() {
        assert_eq!(raw(&[2, 0, 2], "a,b,c,d"), ["a", "c"]);
        assert_eq!(raw(&[1, 3], "a,\"b, \"\"c\"\"\",,d"), ["\"b, \"\"c\"\"\"", "d"]);
        assert_eq!(raw(&[1], "a,b\"c\",d,e"), ["b\"c\""]);
        assert_eq!(raw(&[1, 2, 3], "a,b"), ["b", "", ""]);
        assert_eq!(raw(&[3], "a,b,c,"), [""]);
        assert_eq!(raw(&[], "a,b"), Vec::<String>::new());
    }
}
