//! Diagnoses: numbered columns or one delimited list, the declared version, and the line's pointers.

use super::{Column, Decoder, FieldAt, Notice, Order};
use crate::codes::{CodeVersion, DiagnosisCode, Malformed, is_null_token, read_diagnosis, trim_cell};
use crate::order::{DIAGNOSES_MAX, Diagnosis};

/// What separates codes in one cell.
fn is_separator(c: char) -> bool {
    matches!(c, ';' | '|' | ',' | '^') || c.is_whitespace()
}

/// Reads all diagnoses of a record, numbered columns first, then a delimited list.
pub(super) fn read<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>, order: &mut Order) {
    let declared = declared_version(decoder, field);
    let floated = has_floats(decoder, field);
    for (slot, at) in decoder.binding.fields(Column::Dx).iter().enumerate() {
        let cell = String::from_utf8_lossy(field(*at));
        add(order, &cell, slot + 1, declared, floated);
    }
    if let Some(at) = decoder.binding.field(Column::Diagnoses) {
        let cell = String::from_utf8_lossy(field(at));
        let first = order.diagnoses.last().map_or(0, |last| usize::from(last.position));
        for (slot, code) in cell.split(is_separator).filter(|code| !code.is_empty()).enumerate() {
            add(order, code, first + slot + 1, declared, floated);
        }
    }
    if let Some(pointer) = decoder.text(field, Column::DxPointer) {
        point(order, &pointer);
    }
}

/// Adds the codes of one cell; several in a numbered cell share its position.
fn add(order: &mut Order, cell: &str, position: usize, declared: Option<CodeVersion>, floated: bool) {
    let trimmed = trim_cell(cell);
    if is_null_token(trimmed) {
        return;
    }
    let single = read_diagnosis(trimmed, declared, order.service_date);
    let parts: Vec<&str> = trimmed.split(is_separator).filter(|part| !is_null_token(trim_cell(part))).collect();
    let parts = if single.is_err() && !parts.is_empty() { parts } else { vec![trimmed] };
    for part in parts {
        if order.diagnoses.len() == DIAGNOSES_MAX {
            notice(order, Notice::DiagnosesTruncated);
            return;
        }
        let code = read_diagnosis(part, declared, order.service_date);
        let code = if floated && is_float_of_category(part) { Err(Malformed::Shape) } else { code };
        if code.is_err() && may_have_lost_a_zero(part) {
            notice(order, Notice::DiagnosisZeroLost);
        }
        let contradicts = matches!(
            (declared, code),
            (Some(CodeVersion::Icd9), Ok(DiagnosisCode::Icd10(_)))
                | (Some(CodeVersion::Icd10), Ok(DiagnosisCode::Icd9(_)))
        );
        if contradicts {
            notice(order, Notice::VersionConflict);
        }
        order.diagnoses.push(Diagnosis { position: position.min(usize::from(u8::MAX)) as u8, code, pointed: false });
    }
}

/// Whether a diagnosis cell of the record is a code without dot that was taken for a number: four or five digits and `.0`.
fn has_floats<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>) -> bool {
    let columns = [Column::Dx, Column::Diagnoses];
    let cells = columns.iter().flat_map(|column| decoder.binding.fields(*column)).map(|at| field(*at));
    cells.filter_map(|cell| std::str::from_utf8(cell).ok()).any(is_float)
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

fn notice(order: &mut Order, notice: Notice) {
    if !order.notices.contains(&notice) {
        order.notices.push(notice);
    }
}

fn declared_version<'f>(decoder: &Decoder<'_>, field: &impl FieldAt<'f>) -> Option<CodeVersion> {
    let word = decoder.text(field, Column::DxVersion)?.to_lowercase();
    let words = &decoder.layout.version_words;
    if words.icd10.contains(&word) {
        Some(CodeVersion::Icd10)
    } else if words.icd9.contains(&word) {
        Some(CodeVersion::Icd9)
    } else {
        None
    }
}

/// Marks the diagnoses that the line points at: `1`, `1:2`, `1,3`, `A`, `AB`.
fn point(order: &mut Order, pointer: &str) {
    let positions: Option<Vec<usize>> = pointer
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(positions)
        .collect::<Option<Vec<_>>>()
        .map(|all| all.concat());
    let known = |position: &usize| order.diagnoses.iter().any(|diagnosis| usize::from(diagnosis.position) == *position);
    match positions {
        Some(positions) if positions.iter().all(known) && !positions.is_empty() => {
            for diagnosis in &mut order.diagnoses {
                diagnosis.pointed = positions.contains(&usize::from(diagnosis.position));
            }
        }
        _ => notice(order, Notice::PointerUnreadable),
    }
}

/// The positions that one part of a pointer names: a number, or letters as on paper claims.
fn positions(part: &str) -> Option<Vec<usize>> {
    if part.bytes().all(|b| b.is_ascii_digit()) {
        return part.parse().ok().map(|position| vec![position]);
    }
    part.bytes().map(|b| b.is_ascii_alphabetic().then(|| usize::from(b.to_ascii_uppercase() - b'A') + 1)).collect()
}
