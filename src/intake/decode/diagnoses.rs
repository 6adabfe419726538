//! Diagnoses: numbered columns, delimited lists and those of companions, the declared version, the line's own diagnosis
//! and its pointers.

use super::{Column, Decoder, FieldAt, Notice, Order, add_notice};
use crate::codes::{CodeVersion, DiagnosisCode, Malformed, in_lower_case, is_null_token, read_diagnosis, trim_cell};
use crate::intake::layout::DxSystem;
use crate::order::{DIAGNOSES_MAX, Diagnosis};

/// What separates codes in one cell.
fn is_separator(c: char) -> bool {
    matches!(c, ';' | '|' | ',' | '^') || c.is_whitespace()
}

/// The parts of a cell between separators, as [`str::split`] gives them.
struct Parts<'c> {
    rest: Option<&'c str>,
}

impl<'c> Parts<'c> {
    fn of(cell: &'c str) -> Self {
        Self { rest: Some(cell) }
    }
}

impl<'c> Iterator for Parts<'c> {
    type Item = &'c str;

    fn next(&mut self) -> Option<&'c str> {
        let rest = self.rest.take()?;
        // A letter, a digit or a dot is no separator; only what is none of them is looked at as a character.
        let mut ends = rest.bytes().enumerate().filter(|(_, byte)| !byte.is_ascii_alphanumeric() && *byte != b'.');
        let separator = |at: usize| rest.get(at..)?.chars().next().filter(|c| is_separator(*c)).map(char::len_utf8);
        let Some((end, len)) = ends.find_map(|(at, _)| Some((at, separator(at)?))) else { return Some(rest) };
        self.rest = rest.get(end + len..);
        rest.get(..end)
    }
}

/// A code, or why a cell holds none.
type Code = Result<DiagnosisCode, Malformed>;

/// What the record says of the system of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Declared {
    /// Nothing: the shape tells, and then the date.
    Nothing,
    /// One of the two that are read.
    Version(CodeVersion),
    /// Another.
    NotRead,
}

impl Declared {
    fn version(self) -> Option<CodeVersion> {
        match self {
            Self::Version(version) => Some(version),
            Self::Nothing | Self::NotRead => None,
        }
    }
}

/// The diagnoses of one record while they are read.
struct Reading<'o> {
    order: &'o mut Order,
    /// Whether a code that stands already is left out: positions matter only to pointers.
    once: bool,
    /// The highest position that was given.
    last: usize,
    /// Positions whose code is of a system that is not read.
    not_read: Vec<usize>,
    /// Whether codes of the record were taken for numbers.
    floated: bool,
}

/// Reads all diagnoses of a line: numbered columns first, then delimited lists, then those of companions; last the line's
/// own diagnosis and its pointers, which say which of them count.
pub(super) fn read<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>, order: &mut Order) {
    let once = !decoder.layout.columns.contains_key(&Column::DxPointer);
    let mut reading = Reading { order, once, last: 0, not_read: Vec::new(), floated: has_floats(decoder, field) };
    let of_all = if decoder.places.has_own_versions() {
        decoder.by_layout()
    } else {
        decoder.text(field, Column::DxVersion).map_or_else(|| decoder.by_layout(), |word| decoder.declared(&word))
    };
    for (nth, at) in decoder.places.fields(Column::Dx).iter().enumerate() {
        let Some(cell) = decoder.filled_at(Column::Dx, field, *at) else { continue };
        let version = decoder.places.version(nth).and_then(|at| decoder.filled_at(Column::DxVersion, field, at));
        let declared = version.map_or(of_all, |word| decoder.declared(&word));
        reading.add(&cell, nth + 1, declared);
        if decoder.places.is_first_filled(Column::Dx) {
            break;
        }
    }
    for at in decoder.places.fields(Column::Diagnoses) {
        let Some(cell) = decoder.filled_at(Column::Diagnoses, field, *at) else { continue };
        let first = reading.last;
        for (nth, code) in Parts::of(&cell).filter(|code| !code.is_empty()).enumerate() {
            if !decoder.is_null(Column::Diagnoses, code) {
                reading.add(code, first + nth + 1, of_all);
            }
        }
        if decoder.places.is_first_filled(Column::Diagnoses) {
            break;
        }
    }
    let pointer = decoder.text(field, Column::DxPointer);
    if let Some(pointer) = pointer {
        reading.point(&pointer);
    }
    for diagnosis in &decoder.joined.diagnoses {
        let Some(cell) = decoder.filled(Column::Dx, &diagnosis.code) else { continue };
        let version = decoder.filled(Column::DxVersion, &diagnosis.version);
        let declared = version.map_or(of_all, |word| decoder.declared(&word));
        reading.add(&cell, reading.last + 1, declared);
    }
    let of_line = decoder.text(field, Column::LineDxVersion).map_or(of_all, |word| decoder.declared(&word));
    for at in decoder.places.fields(Column::LineDx) {
        if let Some(cell) = decoder.filled_at(Column::LineDx, field, *at) {
            reading.own(&cell, of_line);
        }
    }
}

impl Decoder<'_> {
    /// What the layout says of all codes of which the record says nothing.
    fn by_layout(&self) -> Declared {
        match self.layout.systems.dx {
            None => Declared::Nothing,
            Some(DxSystem::Icd9) => Declared::Version(CodeVersion::Icd9),
            Some(DxSystem::Icd10) => Declared::Version(CodeVersion::Icd10),
            Some(DxSystem::Other) => Declared::NotRead,
        }
    }

    /// What a word of the version column says. An unknown word says nothing.
    fn declared(&self, word: &str) -> Declared {
        let word = in_lower_case(trim_cell(word));
        let is_among = |words: &[String]| words.iter().any(|own| *own == *word);
        let words = &self.layout.version_words;
        if is_among(&words.icd10) {
            Declared::Version(CodeVersion::Icd10)
        } else if is_among(&words.icd9) {
            Declared::Version(CodeVersion::Icd9)
        } else if is_among(&words.other) {
            Declared::NotRead
        } else {
            self.by_layout()
        }
    }
}

impl Reading<'_> {
    /// Adds the codes of one cell; several in a numbered cell share its position.
    fn add(&mut self, cell: &str, position: usize, declared: Declared) {
        self.last = self.last.max(position);
        self.each_part(cell, declared, |reading, code| {
            let Some(code) = code else {
                reading.not_read.push(position);
                return true;
            };
            if reading.once && code.is_ok() && reading.order.diagnoses.iter().any(|own| own.code == code) {
                return true;
            }
            if reading.order.diagnoses.len() == DIAGNOSES_MAX {
                add_notice(reading.order, Notice::DiagnosesTruncated);
                return false;
            }
            reading.order.diagnoses.push(Diagnosis { position: narrow(position), code, pointed: false });
            true
        });
    }

    /// Adds the diagnosis that the line itself carries. It is the one that counts; a header diagnosis that is the same is it.
    fn own(&mut self, cell: &str, declared: Declared) {
        self.each_part(cell, declared, |reading, code| {
            let Some(code) = code else { return true };
            let same = |other: &Diagnosis| match (other.code, code) {
                (Ok(other), Ok(code)) => other.as_bytes() == code.as_bytes(),
                _ => false,
            };
            if let Some(standing) = reading.order.diagnoses.iter_mut().find(|other| same(other)) {
                standing.pointed = true;
                return true;
            }
            if reading.order.diagnoses.len() == DIAGNOSES_MAX {
                reading.order.diagnoses.pop();
                add_notice(reading.order, Notice::DiagnosesTruncated);
            }
            let pointed = code.is_ok();
            reading.order.diagnoses.insert(0, Diagnosis { position: 0, code, pointed });
            true
        });
    }

    /// Reads the codes of a cell: itself, or its parts where it is none and they are several. `take` is given each, `None` for
    /// one of a system that is not read, and says whether to go on.
    fn each_part(&mut self, cell: &str, declared: Declared, mut take: impl FnMut(&mut Self, Option<Code>) -> bool) {
        let trimmed = trim_cell(cell);
        let whole = read_diagnosis(trimmed, declared.version(), self.order.service_date);
        let mut any = false;
        if whole.is_err() {
            for part in Parts::of(trimmed).filter(|part| !is_null_token(trim_cell(part))) {
                any = true;
                let code = read_diagnosis(part, declared.version(), self.order.service_date);
                let code = self.code(part, code, declared);
                if !take(self, code) {
                    return;
                }
            }
        }
        if !any {
            let code = self.code(trimmed, whole, declared);
            take(self, code);
        }
    }

    /// What is noticed of one code as it was read; `None` if it is of a system that is not read.
    fn code(&mut self, part: &str, code: Code, declared: Declared) -> Option<Code> {
        if declared == Declared::NotRead {
            add_notice(self.order, Notice::DiagnosisSystemNotRead);
            return None;
        }
        let code = if self.floated && is_float_of_category(part) { Err(Malformed::Shape) } else { code };
        if code.is_err() && may_have_lost_a_zero(part) {
            add_notice(self.order, Notice::DiagnosisZeroLost);
        }
        if let (Some(version), Ok(code)) = (declared.version(), code)
            && code.version() != version
        {
            add_notice(self.order, Notice::VersionConflict);
        }
        Some(code)
    }

    /// Marks the diagnoses that the line points at: `1`, `1:2`, `1,3`, `A`, `AB`.
    fn point(&mut self, pointer: &str) {
        let mut named = Vec::new();
        let parts = pointer.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
        let positions = parts.map(|part| positions(part, &mut named)).collect::<Option<()>>().map(|()| named);
        let known = |position: &usize| {
            let at = |diagnosis: &Diagnosis| usize::from(diagnosis.position) == *position;
            self.order.diagnoses.iter().any(at) || self.not_read.contains(position)
        };
        match positions {
            Some(positions) if positions.iter().all(known) && !positions.is_empty() => {
                for diagnosis in &mut self.order.diagnoses {
                    diagnosis.pointed = positions.contains(&usize::from(diagnosis.position));
                }
            }
            _ => add_notice(self.order, Notice::PointerUnreadable),
        }
    }
}

/// Whether a diagnosis cell of the record is a code without dot that was taken for a number: four or five digits and `.0`.
fn has_floats<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>) -> bool {
    let columns = [Column::Dx, Column::Diagnoses, Column::LineDx];
    let cells = columns.iter().flat_map(|column| decoder.places.fields(*column)).map(|at| field(*at));
    cells.filter(|cell| may_hold_a_float(cell)).filter_map(|cell| std::str::from_utf8(cell).ok()).any(is_float)
}

/// Whether four digits and `.0` stand in a cell, as they do in every one that [`is_float`].
fn may_hold_a_float(cell: &[u8]) -> bool {
    cell.windows(6).any(|run| run[4] == b'.' && run[5] == b'0' && run[..4].iter().all(u8::is_ascii_digit))
}

fn is_float(cell: &str) -> bool {
    cell.split(is_separator).any(|part| matches!(number(part), Some((4 | 5, "0"))))
}

/// Digits of a number before its point, and what stands behind it.
fn number(part: &str) -> Option<(usize, &str)> {
    let (whole, fraction) = trim_cell(part).split_once('.').unwrap_or((trim_cell(part), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!whole.is_empty() && digits(whole) && digits(fraction)).then_some((whole.len(), fraction))
}

/// Beside cells that turned float, `123.0` may be the code of that name or a category that turned float as well.
fn is_float_of_category(part: &str) -> bool {
    matches!(number(part), Some((3, "0")))
}

/// A number that is no code as it stands and could be one with a zero in front, or without the `.0` behind it: `26.2` for
/// `026.2`, `66` for `066`, `2812.0` for `281.2`. Which code was meant is not guessed.
fn may_have_lost_a_zero(part: &str) -> bool {
    match number(part) {
        Some((1 | 2, fraction)) => fraction.len() <= 2,
        Some((3..=5, fraction)) => fraction == "0",
        _ => false,
    }
}

/// A position as an order keeps it.
fn narrow(position: usize) -> u8 {
    u8::try_from(position).unwrap_or(u8::MAX)
}

/// The positions that one part of a pointer names: a number, or letters as on paper claims.
fn positions(part: &str, named: &mut Vec<usize>) -> Option<()> {
    if part.bytes().all(|b| b.is_ascii_digit()) {
        named.push(part.parse().ok()?);
        return Some(());
    }
    for letter in part.bytes() {
        named.push(letter.is_ascii_alphabetic().then(|| usize::from(letter.to_ascii_uppercase() - b'A') + 1)?);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::cells;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_cell_falls_into_the_parts_between_separators(cell in (cells(), cells()).prop_map(|(one, other)| one + &other)) {
            prop_assert_eq!(Parts::of(&cell).collect::<Vec<_>>(), cell.split(is_separator).collect::<Vec<_>>());
            prop_assert!(may_hold_a_float(cell.as_bytes()) || !is_float(&cell), "{}", cell);
        }
    }
}
