//! One record's cells, kept raw until they are written with their quotes.

use std::io::Write as _;

/// A record as cells; one buffer is used again for all records.
#[derive(Default)]
pub struct Line {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// Bit of each cell that needs quotes; cells past the 64th never do.
    quoted: u64,
}

/// A cell that may be spoiled before it is written.
pub struct Cell {
    /// What stands in the cell; written as it is unless `quoted`.
    pub value: Vec<u8>,
    /// Whether the writer puts quotes round it and doubles those within.
    pub quoted: bool,
}

impl Line {
    /// Forgets the cells of the record before.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.quoted = 0;
    }

    /// A cell whose value is known to need no quotes.
    pub fn plain(&mut self, value: &str) {
        self.bytes.extend_from_slice(value.as_bytes());
        self.end();
    }

    /// A cell of words, quoted when it must be.
    pub fn text(&mut self, parts: &[&str]) {
        for part in parts {
            if part.contains([',', '"', '\n']) {
                self.quoted |= 1 << self.ends.len();
            }
            self.bytes.extend_from_slice(part.as_bytes());
        }
        self.end();
    }

    /// A cell with a letter and a number of at least `width` digits.
    pub fn id(&mut self, prefix: &str, number: u64, width: usize) {
        self.bytes.extend_from_slice(prefix.as_bytes());
        digits(&mut self.bytes, number, width);
        self.end();
    }

    /// A minus before the number of the next cell.
    pub fn minus(&mut self, is_below_zero: bool) {
        if is_below_zero {
            self.bytes.push(b'-');
        }
    }

    /// A whole number; an empty cell for `None`.
    pub fn number(&mut self, number: Option<u64>) {
        if let Some(number) = number {
            digits(&mut self.bytes, number, 1);
        }
        self.end();
    }

    /// An amount with two decimals.
    pub fn cents(&mut self, cents: u64) {
        digits(&mut self.bytes, cents / 100, 1);
        self.bytes.push(b'.');
        digits(&mut self.bytes, cents % 100, 2);
        self.end();
    }

    /// A date as `YYYY-MM-DD`.
    pub fn date(&mut self, date: chrono::NaiveDate) {
        use chrono::Datelike as _;
        digits(&mut self.bytes, u64::from(date.year().unsigned_abs()), 4);
        self.bytes.push(b'-');
        digits(&mut self.bytes, u64::from(date.month()), 2);
        self.bytes.push(b'-');
        digits(&mut self.bytes, u64::from(date.day()), 2);
        self.end();
    }

    fn end(&mut self) {
        self.ends.push(self.bytes.len());
        self.bytes.push(b',');
    }

    /// Whether any cell needs quotes.
    pub fn has_quotes(&self) -> bool {
        self.quoted != 0
    }

    /// The cells apart, to be spoiled.
    pub fn cells(&self) -> Vec<Cell> {
        let mut start = 0;
        let cell = |(at, end): (usize, &usize)| {
            let value = self.bytes[start..*end].to_vec();
            start = end + 1;
            Cell { value, quoted: at < 64 && self.quoted >> at & 1 == 1 }
        };
        self.ends.iter().enumerate().map(cell).collect()
    }

    /// Appends the record to `out`, without a line end.
    pub fn write(&self, out: &mut Vec<u8>) {
        if self.has_quotes() {
            write_cells(&self.cells(), out);
        } else {
            out.extend_from_slice(&self.bytes[..self.bytes.len().saturating_sub(1)]);
        }
    }
}

/// Appends spoiled cells to `out`, without a line end.
pub fn write_cells(cells: &[Cell], out: &mut Vec<u8>) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        if cell.quoted {
            out.push(b'"');
            for byte in &cell.value {
                out.extend(std::iter::repeat_n(*byte, if *byte == b'"' { 2 } else { 1 }));
            }
            out.push(b'"');
        } else {
            out.extend_from_slice(&cell.value);
        }
    }
}

fn digits(out: &mut Vec<u8>, number: u64, width: usize) {
    let mut room = [b'0'; 20];
    let mut at = room.len();
    let mut rest = number;
    while rest > 0 || room.len() - at < width {
        at -= 1;
        room[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    // Writing to memory does not fail.
    let _ = out.write_all(&room[at..]);
}
