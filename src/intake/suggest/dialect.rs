//! How the lines of an unknown export look: line ends, encoding, delimiter, quotes, and whether it has a header.

use super::hints::Hints;
use crate::codes::{Hcpcs, Icd10, Ndc, trim_cell};
use crate::intake::amount;
use crate::intake::recognise::split_line;

/// Delimiters that are tried, with their names.
pub const DELIMITERS: [(u8, &str); 6] =
    [(b',', "comma"), (b'\t', "tab"), (b'|', "pipe"), (b';', "semicolon"), (b'^', "caret"), (b'~', "tilde")];
/// Lines from which the delimiter is told.
const LINES: usize = 1000;

/// What the first lines look like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The delimiter.
    pub delimiter: u8,
    /// The quote, or none where quotes are data.
    pub quote: Option<u8>,
    /// Fields of the first line.
    pub fields: usize,
    /// Lines that end in CR LF.
    pub crlf: u64,
    /// Lines that end in LF.
    pub lf: u64,
    /// Lines that end in CR alone.
    pub cr: u64,
    /// Whether it begins with a byte-order mark.
    pub mark: bool,
    /// Lines that are not valid UTF-8.
    pub not_utf8: u64,
    /// Lines that are, and not plain ASCII.
    pub beyond_ascii: u64,
    /// Whether nearly all lines have one empty field more than the first.
    pub trailing: bool,
    /// Whether the first line names the columns.
    pub header: bool,
}

/// The lines of a sample; what stands behind the last line end is left out unless the sample is the whole file.
#[must_use]
pub fn lines(sample: &[u8], whole: bool) -> Vec<&[u8]> {
    let sample = sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sample);
    let mut lines = Vec::new();
    let mut from = 0;
    while let Some(length) = sample[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        lines.push(&sample[from..from + length]);
        let crlf = sample[from + length..].starts_with(b"\r\n");
        from += length + 1 + usize::from(crlf);
    }
    if whole && from < sample.len() {
        lines.push(&sample[from..]);
    }
    lines.retain(|line| !line.iter().all(u8::is_ascii_whitespace));
    lines
}

/// Looks at the lines; `None` if there is no line or no delimiter.
#[must_use]
pub fn see(sample: &[u8], lines: &[&[u8]], hints: &Hints) -> Option<Seen> {
    let first = lines.first()?;
    let some = &lines[..lines.len().min(LINES)];
    let mut best: Option<(u64, u8, usize)> = None;
    for (delimiter, _) in DELIMITERS {
        let fields = split_line(first, delimiter, Some(b'"')).len();
        if fields < 2 {
            continue;
        }
        let alike = some.iter().filter(|line| alike(line, delimiter, Some(b'"'), fields).is_some()).count();
        let score = (alike * 100 / some.len() * fields) as u64;
        if best.is_none_or(|(most, ..)| score > most) {
            best = Some((score, delimiter, fields));
        }
    }
    let (_, delimiter, fields) = best?;
    let quote = quote(some, delimiter, fields);
    let longer = some.iter().skip(1).filter(|line| alike(line, delimiter, quote, fields) == Some(1)).count();
    let mut seen = Seen {
        delimiter,
        quote,
        fields,
        mark: sample.starts_with(b"\xef\xbb\xbf"),
        not_utf8: lines.iter().filter(|line| std::str::from_utf8(line).is_err()).count() as u64,
        beyond_ascii: lines.iter().filter(|line| !line.is_ascii() && std::str::from_utf8(line).is_ok()).count() as u64,
        trailing: longer > 0,
        ..Seen::default()
    };
    ends(sample, &mut seen);
    let split = |line: &&[u8]| split_line(line, delimiter, quote);
    let others: Vec<Vec<String>> = some.iter().skip(1).map(split).collect();
    let names = split(first);
    seen.header = is_header(&names, hints) && !returns(&names, &others, hints);
    Some(seen)
}

/// Whether a line has the fields of the first, and how many empty ones at its end beyond them (at most one). A line that
/// opens a quote and leaves it open is not alike.
fn alike(line: &[u8], delimiter: u8, quote: Option<u8>, fields: usize) -> Option<usize> {
    if let Some(quote) = quote {
        let opens = line.split(|byte| *byte == delimiter).any(|field| field.first() == Some(&quote));
        let odd = line.split(|byte| *byte == quote).count() % 2 == 0;
        if opens && odd {
            return None;
        }
    }
    let own = split_line(line, delimiter, quote);
    match own.len().checked_sub(fields)? {
        0 => Some(0),
        1 if own.last().is_some_and(String::is_empty) => Some(1),
        _ => None,
    }
}

/// Quotes are data where no field is wrapped in them, and every line is whole only if they are.
fn quote(lines: &[&[u8]], delimiter: u8, fields: usize) -> Option<u8> {
    let wrapped = |field: &&[u8]| field.len() > 1 && field.starts_with(b"\"") && field.ends_with(b"\"");
    let plainly = |line: &&[u8]| line.split(|byte| *byte == delimiter).any(|field| wrapped(&field));
    let needs = |quote: Option<u8>| {
        let fits = |line: &&&[u8], quote| alike(line, delimiter, quote, fields).is_some();
        let other = if quote.is_some() { None } else { Some(b'"') };
        lines.iter().filter(|line| fits(line, quote) && !fits(line, other)).count()
    };
    let (with, without) = (needs(Some(b'"')), needs(None));
    let all = lines.iter().all(|line| alike(line, delimiter, None, fields).is_some());
    let data = with == 0 && without > 1 && all && !lines.iter().any(plainly);
    (!data).then_some(b'"')
}

fn ends(sample: &[u8], seen: &mut Seen) {
    for (at, byte) in sample.iter().enumerate() {
        let next = sample.get(at + 1);
        match byte {
            b'\r' if next == Some(&b'\n') => seen.crlf += 1,
            b'\r' => seen.cr += 1,
            b'\n' if at == 0 || sample[at - 1] != b'\r' => seen.lf += 1,
            _ => {}
        }
    }
}

/// Whether the cells of a first line are names: none reads as a day, an amount or a code, or known words outweigh those.
fn is_header(cells: &[String], hints: &Hints) -> bool {
    let data = |cell: &&String| {
        let cell = trim_cell(cell);
        amount::read(cell, 6).is_some()
            || super::dates::SeenDates::default().see(cell)
            || Hcpcs::parse(cell).is_ok()
            || Ndc::parse(cell).is_ok()
            || (cell.contains('.') && Icd10::parse(cell).is_ok())
    };
    let values = cells.iter().filter(data).count();
    let names = cells.iter().filter(|cell| !data(cell) && cell.len() <= 64 && hints.knows(cell)).count();
    values == 0 || names > 2 * values
}

/// Whether cells of a first line stand again in their columns, on lines that are not that line once more: then they are
/// cells, and must not be shown as names. A cell that is made of known words is a name all the same.
fn returns(first: &[String], others: &[Vec<String>], hints: &Hints) -> bool {
    let own = |at: usize, other: &&Vec<String>| *other != first && other.get(at) == first.get(at);
    let again = |(at, cell): &(usize, &String)| {
        !trim_cell(cell).is_empty() && !hints.knows(cell) && others.iter().any(|other| own(*at, &other))
    };
    let named = first.iter().filter(|cell| hints.knows(cell)).count();
    first.iter().enumerate().filter(again).count() > named
}

impl Seen {
    /// Whether every line beyond ASCII is no UTF-8, so that the file may be Windows-1252 as a whole.
    #[must_use]
    pub const fn is_windows_1252(&self) -> bool {
        self.not_utf8 > 0 && self.beyond_ascii == 0
    }

    /// Delimiter, quoting, encoding and line ends in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        let delimiter = DELIMITERS.iter().find(|(byte, _)| *byte == self.delimiter).map_or("unknown", |(_, name)| name);
        let quote = if self.quote.is_some() { "quoted with \"" } else { "no quoting: quotes are data" };
        let encoding = match self.not_utf8 {
            0 => "UTF-8".to_owned(),
            lines if self.is_windows_1252() => format!("not UTF-8 on {lines} lines, perhaps Windows-1252"),
            lines => format!("UTF-8 on {} lines and not on {lines}", self.beyond_ascii),
        };
        let mark = if self.mark { ", byte-order mark" } else { "" };
        format!("{delimiter}, {quote}, {encoding}{mark}, {}", self.ends_in_words())
    }

    /// The line ends in words.
    #[must_use]
    pub fn ends_in_words(&self) -> String {
        let ends = [(self.lf, "LF"), (self.crlf, "CR LF"), (self.cr, "CR")];
        let seen: Vec<&str> = ends.iter().filter(|(count, _)| *count > 0).map(|(_, name)| *name).collect();
        match seen[..] {
            [] => "one line without an end".to_owned(),
            [only] => format!("lines end in {only}"),
            _ => format!("lines end in {} (mixed)", seen.join(" and ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &[u8]) -> Seen {
        let hints = Hints::shipped().expect("the hints are valid");
        see(text, &lines(text, true), &hints).expect("there is a delimiter")
    }

    #[test]
    fn the_delimiter_is_the_one_under_which_most_lines_are_alike() {
        let semicolons = seen("Fall;Menge;Text\r\n1;1,5;a, b, c\r\n2;2,5;d, e\r\n".as_bytes());
        assert_eq!((semicolons.delimiter, semicolons.fields, semicolons.crlf), (b';', 3, 3));
        assert_eq!(seen(b"a\tb\n1\t2\n").delimiter, b'\t');
        assert_eq!(seen(b"a|b|c\r1|x,y|2\r").cr, 2);
    }

    #[test]
    fn a_first_line_of_values_is_no_header() {
        assert!(seen(b"ord,when\nx,2024-07-01\n").header);
        assert!(!seen(b"A1,2024-07-01,J1459\nA2,2024-07-02,J1459\n").header);
    }

    #[test]
    fn quotes_are_data_where_no_field_is_wrapped_in_them() {
        let data = seen(b"a|b\n1|5\" tube\n2|\"open\n3|\"open too\n");
        assert_eq!(data.quote, None);
        assert_eq!(seen(b"a,b\n1,\"x, y\"\n2,\"open\n").quote, Some(b'"'));
    }

    #[test]
    fn what_is_not_utf8_is_counted_by_line() {
        assert_eq!(seen(b"a,b\n1,caf\xe9\n2,x\n").not_utf8, 1);
    }
}
