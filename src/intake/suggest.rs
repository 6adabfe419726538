//! Suggestions for an export that no layout knows: from the words of its header names, and from the shapes of its cells.
//!
//! `inspect` shows them and writes them down as a layout for a person to correct. Nothing that audits reads by them: what
//! is in scope never rests on a guess. No cell leaves this module; shapes are counted and cells are dropped.

mod beside;
mod cells;
mod choose;
mod dates;
mod dialect;
mod draft;
mod fits;
mod hints;

pub use beside::{Beside, Key};
pub use cells::{Cells, Known, Shape};
pub use choose::{Means, Suggestion};
pub use dialect::Seen;
pub use draft::{Draft, layout_id};
pub use fits::{Fit, best, companions};
pub use hints::Hints;

use super::Role;
use super::binding::Column;
use super::recognise::split_line;

/// Most records that are looked at.
pub const RECORDS: usize = 10_000;
/// Most fields of an export that are looked at.
const FIELDS_MAX: usize = 4096;

/// What was seen of an unknown export.
#[derive(Debug, Clone)]
pub struct Look {
    /// How its lines look.
    pub seen: Seen,
    /// The header names, or `c1`, `c2` and so on where there is no header line.
    pub header: Vec<String>,
    /// What the cells of each field look like.
    pub cells: Vec<Cells>,
    /// What each field may hold, in the order of the columns.
    pub suggestions: Vec<Suggestion>,
    /// Records that were looked at.
    pub records: u64,
    /// Records with another number of fields, which were not looked at.
    pub ragged: u64,
}

/// Looks at the first records of a file of an export; `None` if no delimiter can be told. A sample that may be
/// Windows-1252 as a whole is looked at as that, so that its names are those which a layout finds.
#[must_use]
pub fn look(sample: &[u8], whole: bool, role: Role, hints: &Hints, known: Known<'_>) -> Option<Look> {
    let first = look_at(sample, whole, role, hints, known)?;
    if !first.seen.is_windows_1252() {
        return Some(first);
    }
    let mut decoded = look_at(crate::source::windows_1252(sample).as_bytes(), whole, role, hints, known)?;
    (decoded.seen.not_utf8, decoded.seen.beyond_ascii) = (first.seen.not_utf8, first.seen.beyond_ascii);
    Some(decoded)
}

/// The same for a sample as it is.
fn look_at(sample: &[u8], whole: bool, role: Role, hints: &Hints, known: Known<'_>) -> Option<Look> {
    let lines = dialect::lines(sample, whole);
    let seen = dialect::see(sample, &lines, hints)?;
    if seen.fields > FIELDS_MAX {
        return None;
    }
    let (delimiter, quote) = (seen.delimiter, seen.quote);
    let split = |line: &[u8]| split_line(line, delimiter, quote);
    let header = if seen.header {
        split(lines.first()?).iter().map(|name| crate::codes::trim_cell(name).to_owned()).collect()
    } else {
        (1..=seen.fields).map(|number| format!("c{number}")).collect()
    };
    let mut look = Look {
        cells: vec![Cells::default(); seen.fields],
        header,
        suggestions: Vec::new(),
        records: 0,
        ragged: 0,
        seen,
    };
    for line in lines.iter().skip(usize::from(look.seen.header)).take(RECORDS) {
        let fields = split(line);
        look.records += 1;
        if look.seen.header && fields == look.header {
            continue;
        }
        let trailing = fields.len() == look.seen.fields + 1 && fields.last().is_some_and(String::is_empty);
        if fields.len() != look.seen.fields && !trailing {
            look.ragged += 1;
            continue;
        }
        for (cells, field) in look.cells.iter_mut().zip(&fields) {
            cells.see(field, hints, known);
        }
    }
    look.suggestions = choose::choose(&look.header, look.seen.header, &look.cells, hints, role);
    Some(look)
}

impl Look {
    /// Whether a column is suggested.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.suggestions.iter().any(|each| each.column == column)
    }

    /// Whether something may tell the product.
    #[must_use]
    pub fn tells_product(&self) -> bool {
        [Column::ProductCode, Column::Ndc, Column::ProductName].into_iter().any(|column| self.has(column))
    }

    /// Whether something may tell why it is given.
    #[must_use]
    pub fn tells_diagnosis(&self) -> bool {
        [Column::Dx, Column::Diagnoses, Column::IndicationText].into_iter().any(|column| self.has(column))
    }

    /// Fields for which nothing is suggested.
    pub fn unused(&self) -> impl Iterator<Item = usize> {
        (0..self.header.len()).filter(|field| self.suggestions.iter().all(|each| each.field != *field))
    }
}
