//! What goes wrong in real exports, and exactly what each spoiling costs.
//!
//! Kinds that touch the framing of lines fall only on every third record, so
//! that the physical line after a damaged one is always a whole record. What
//! a damaged line costs is then known without reading the file back.

use crate::export::layout::Layout;
use crate::export::line::Cell;
use crate::export::random::{Random, Stream};
use crate::export::truth::Rejection;

/// A quote that is opened in one record closes this many records later.
pub const CLOSES_AFTER: u64 = 200;

/// One way of being spoiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dirt {
    ShortRow,
    LongRow,
    MergedCells,
    OpenQuote,
    OpenQuoteInText,
    OpenThenClosed,
    MalformedQuote,
    RepeatedHeader,
    BlankLines,
    CodeSpelling,
    NoBreakSpace,
    NullToken,
    FloatText,
    UnreadableDate,
    OtherDateForm,
    Thousands,
    BadCode,
    FormulaId,
    CarriageReturn,
    BareQuote,
    AllQuoted,
}

const FRAMING: [Dirt; 9] = [
    Dirt::ShortRow,
    Dirt::LongRow,
    Dirt::MergedCells,
    Dirt::OpenQuote,
    Dirt::OpenQuoteInText,
    Dirt::OpenThenClosed,
    Dirt::MalformedQuote,
    Dirt::RepeatedHeader,
    Dirt::BlankLines,
];
const CELLS: [Dirt; 12] = [
    Dirt::CodeSpelling,
    Dirt::NoBreakSpace,
    Dirt::NullToken,
    Dirt::FloatText,
    Dirt::UnreadableDate,
    Dirt::OtherDateForm,
    Dirt::Thousands,
    Dirt::BadCode,
    Dirt::FormulaId,
    Dirt::CarriageReturn,
    Dirt::BareQuote,
    Dirt::AllQuoted,
];

impl Dirt {
    /// What falls on record `number`, and the draws to carry it out.
    pub fn drawn(seed: u64, per_mille: u64, number: u64) -> Option<(Self, Random)> {
        let mut random = Random::at(seed, Stream::Dirt, number);
        if !random.per_mille(per_mille) {
            return None;
        }
        let kinds: &[Self] = if number.is_multiple_of(3) && random.per_mille(600) { &FRAMING } else { &CELLS };
        random.one(kinds).copied().map(|kind| (kind, random))
    }

    /// Name in the truth file.
    pub fn name(self) -> &'static str {
        match self {
            Self::ShortRow => "short-row",
            Self::LongRow => "long-row",
            Self::MergedCells => "merged-cells",
            Self::OpenQuote => "open-quote",
            Self::OpenQuoteInText => "open-quote-in-text",
            Self::OpenThenClosed => "open-then-closed",
            Self::MalformedQuote => "malformed-quote",
            Self::RepeatedHeader => "repeated-header",
            Self::BlankLines => "blank-lines",
            Self::CodeSpelling => "code-spelling",
            Self::NoBreakSpace => "no-break-space",
            Self::NullToken => "null-token",
            Self::FloatText => "float-text",
            Self::UnreadableDate => "unreadable-date",
            Self::OtherDateForm => "other-date-form",
            Self::Thousands => "thousands",
            Self::BadCode => "bad-code",
            Self::FormulaId => "formula-id",
            Self::CarriageReturn => "carriage-return",
            Self::BareQuote => "bare-quote",
            Self::AllQuoted => "all-quoted",
        }
    }

    /// Why a record spoiled in this way is rejected, if it is.
    pub fn rejection(self) -> Option<Rejection> {
        match self {
            Self::ShortRow | Self::LongRow | Self::MergedCells => Some(Rejection::FieldCount),
            Self::OpenQuote | Self::OpenThenClosed => Some(Rejection::QuoteSpansLines),
            Self::OpenQuoteInText => Some(Rejection::SwallowedRecord),
            Self::MalformedQuote => Some(Rejection::MalformedQuote),
            Self::RepeatedHeader => Some(Rejection::RepeatedHeader),
            _ => None,
        }
    }

    /// Spoils the cells of a record.
    pub fn spoil(self, layout: &Layout, cells: &mut Vec<Cell>, random: &mut Random) {
        if self.rejection().is_some() {
            // One fault a line: other quotes would make the reason a matter of taste.
            for cell in cells.iter_mut().filter(|cell| cell.quoted) {
                plain(cell, b"see chart".to_vec());
            }
            return self.break_line(layout, cells, random);
        }
        match self {
            Self::CodeSpelling => spell_codes(layout, cells, random),
            Self::NoBreakSpace => {
                pad_with_no_break_space(&mut cells[layout.dx.start].value, random);
            }
            Self::NullToken => null_tokens(layout, cells, random),
            Self::FloatText => layout.whole.iter().for_each(|at| cells[*at].value.extend_from_slice(b".0")),
            Self::UnreadableDate => {
                let at = layout.dates[usize::from(random.per_mille(400))];
                cells[at].value = random
                    .one(&["13/45/2024", "2024-02-30", "unknown", "00000000"])
                    .copied()
                    .unwrap_or_default()
                    .into();
            }
            Self::OtherDateForm => {
                let form = random.below(4);
                layout.dates.iter().for_each(|at| cells[*at].value = other_date_form(&cells[*at].value, form));
            }
            Self::Thousands => part_thousands(&mut cells[layout.billed]),
            Self::FormulaId => {
                let start = random.one(&["-", "=1+1 ", "+", "@"]).copied().unwrap_or_default();
                layout.ids.iter().for_each(|at| drop(cells[*at].value.splice(0..0, start.bytes())));
            }
            Self::BareQuote => close_quote(layout, cells),
            Self::AllQuoted => cells.iter_mut().for_each(|cell| cell.quoted = true),
            _ => {}
        }
    }

    fn break_line(self, layout: &Layout, cells: &mut Vec<Cell>, random: &mut Random) {
        let payer = layout.payer;
        match self {
            Self::ShortRow => cells.truncate(cells.len() - 1 - usize::from(random.per_mille(400))),
            Self::LongRow => cells.insert(payer + 1, Cell { value: b"REGION 7".to_vec(), quoted: false }),
            Self::MergedCells => {
                open_quote(&mut cells[payer]);
                cells[payer + 1 + usize::from(random.per_mille(500))].value.push(b'"');
            }
            Self::OpenQuote | Self::OpenThenClosed => open_quote(&mut cells[payer]),
            Self::OpenQuoteInText => plain(&mut cells[layout.text], b"\"see chart".to_vec()),
            Self::MalformedQuote => {
                open_quote(&mut cells[payer]);
                cells[payer].value.insert(4, b'"');
            }
            _ => {}
        }
    }
}

/// A quote at the end of the payer: data, since the cell does not begin with one.
pub fn close_quote(layout: &Layout, cells: &mut [Cell]) {
    cells[layout.payer].value.push(b'"');
}

fn plain(cell: &mut Cell, value: Vec<u8>) {
    *cell = Cell { value, quoted: false };
}

fn open_quote(cell: &mut Cell) {
    cell.value.insert(0, b'"');
}

/// Case, dots and blanks: the code stays the same code.
fn spell_codes(layout: &Layout, cells: &mut [Cell], random: &mut Random) {
    let form = random.below(4);
    for at in layout.dx.clone().chain([layout.product]) {
        let value = &mut cells[at].value;
        if value.is_empty() {
            continue;
        }
        match form {
            0 => value.make_ascii_lowercase(),
            1 => value.retain(|byte| *byte != b'.'),
            2 => value.extend_from_slice(b"  "),
            _ => {
                value.insert(0, b' ');
                value.retain(|byte| *byte != b'.');
                value.make_ascii_lowercase();
            }
        }
    }
}

fn pad_with_no_break_space(value: &mut Vec<u8>, random: &mut Random) {
    const NO_BREAK_SPACE: [u8; 2] = [0xC2, 0xA0];
    if !value.is_empty() {
        let at = if random.per_mille(500) { 0 } else { value.len() };
        drop(value.splice(at..at, NO_BREAK_SPACE));
    }
}

fn null_tokens(layout: &Layout, cells: &mut [Cell], random: &mut Random) {
    let token = random.one(&["~", "NULL", "NA"]).copied().unwrap_or_default();
    for at in &layout.empty {
        if cells[*at].value.is_empty() && random.per_mille(600) {
            cells[*at].value = token.into();
        }
    }
}

/// `YYYY-MM-DD` in another of the forms that the generic layout reads.
fn other_date_form(iso: &[u8], form: u64) -> Vec<u8> {
    const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let text = String::from_utf8_lossy(iso);
    let (Some(year), Some(month), Some(day)) = (text.get(0..4), text.get(5..7), text.get(8..10)) else {
        return iso.to_vec();
    };
    let name =
        month.parse::<usize>().ok().and_then(|month| MONTHS.get(month.wrapping_sub(1))).copied().unwrap_or_default();
    match form {
        0 => format!("{month}/{day}/{year}"),
        1 => format!("{year}{month}{day}"),
        2 => format!("{day}-{name}-{year}"),
        _ => format!("{text} 00:00:00"),
    }
    .into_bytes()
}

/// `12345.00` becomes `"12,345.00"`.
fn part_thousands(cell: &mut Cell) {
    let point = cell.value.iter().position(|byte| *byte == b'.').unwrap_or(cell.value.len());
    for at in (1..point).rev().filter(|at| (point - at).is_multiple_of(3)) {
        cell.value.insert(at, b',');
    }
    cell.quoted = cell.value.contains(&b',');
}
