//! What a layout that fits makes of a file: columns, counts, rejected records, and a few decoded orders.

use std::collections::BTreeMap;
use std::io::Read;

use super::sample::Sample;
use super::{Desk, unusable};
use crate::cli::Failure;
use crate::cli::output::Output;
use crate::codes::CodeVersion;
use crate::intake::Layout;
use crate::intake::suggest::{Cells, Look};
use crate::order::{Diagnosis, Order};
use crate::run::{Input, today};
use crate::scan::wave::WaveError;
use crate::scan::{Batch, Export, Found, Line, Pace, Record};
use crate::table::Row;

/// How many records are looked at, to the next chunk.
pub(super) const RECORDS: u64 = 10_000;
/// How many orders are shown.
const ORDERS_SHOWN: usize = 5;
/// How many rejected records are shown.
const REJECTED_SHOWN: usize = 10;
/// Bytes in a chunk: small, since reading stops at the first chunk that has shown enough.
pub(super) const CHUNK: usize = 64 << 10;

/// What was looked at of one input.
#[derive(Default)]
pub(super) struct Looked {
    pub batch: Batch,
    warnings: BTreeMap<String, u64>,
    /// Whether there was more than was looked at.
    pub more: bool,
    /// The decoded orders of the rows that are shown, as far as they stand in what was kept.
    pub orders: Vec<Option<Order>>,
}

/// Enough records were seen.
pub(super) struct Enough;

impl Looked {
    pub fn take(&mut self, batch: Batch) -> Result<(), Enough> {
        let all = &mut self.batch;
        all.tally += &batch.tally;
        for warning in batch.rows.iter().flat_map(|row| &row.warnings) {
            *self.warnings.entry(warning.clone()).or_default() += 1;
        }
        all.rows.extend(batch.rows.into_iter().take(ORDERS_SHOWN.saturating_sub(all.rows.len())));
        all.rejected.extend(batch.rejected.into_iter().take(REJECTED_SHOWN.saturating_sub(all.rejected.len())));
        if all.tally.records() >= RECORDS { Err(Enough) } else { Ok(()) }
    }
}

/// The columns that are bound, and the header names that none reads.
pub(super) fn print_columns<R: Read>(
    export: &Export<R>,
    look: Option<&Look>,
    output: &mut Output,
) -> Result<(), Failure> {
    for (column, names) in export.binding.mapped() {
        output.line(format!("  column     {:<17} {}", column.as_str(), names.join(", ")))?;
    }
    if export.binding.unmapped.is_empty() {
        output.line("  not used   none")?;
    }
    for field in &export.binding.unmapped {
        let shape = look.and_then(|look| look.cells.get(*field)).map(Cells::in_words).unwrap_or_default();
        output.line(format!("  not used   {:<17} {shape}", export.binding.header[*field]))?;
    }
    Ok(())
}

/// Reads the first records as `audit` would.
pub(super) fn scan(desk: &Desk<'_>, input: &Input, sample: &mut Sample, layout: &Layout) -> Result<Looked, Failure> {
    let export = Export::open(sample.stream(), std::slice::from_ref(layout)).map_err(|error| unusable(input, error))?;
    let mut looked = Looked::default();
    let pace = Pace { threads: 1, chunk_size: CHUNK };
    match export.scan(&desk.rulebook, today(), &input.name, pace, |_| {}, |batch| looked.take(batch)) {
        Ok(_) => {}
        Err(WaveError::Take(Enough)) => looked.more = true,
        Err(error) => return Err(unusable(input, error)),
    }
    looked.orders = looked.batch.rows.iter().map(|row| order(desk, sample, layout, row)).collect();
    Ok(looked)
}

pub(super) fn print(desk: &Desk<'_>, looked: &Looked, output: &mut Output) -> Result<(), Failure> {
    let tally = &looked.batch.tally;
    let part = if looked.more { "the first part of the file" } else { "the whole file" };
    output.line(format!("  looked at  {} records ({part})", tally.records()))?;
    output.line(format!("  in scope   {}", tally.in_scope))?;
    output.line(format!(
        "  out        {}",
        counts(tally.out_of_scope.iter().map(|(reason, count)| (reason.as_str(), *count)))
    ))?;
    output.line(format!("  rejected   {}", counts(tally.rejected.iter().map(|(reason, count)| (*reason, *count)))))?;
    for rejected in &looked.batch.rejected {
        let column = rejected.column.as_ref().map(|column| format!(", column {column}")).unwrap_or_default();
        let place = rejected.place;
        output
            .line(format!("             record {}, line {}: {}{column}", place.record, place.line, rejected.reason))?;
    }
    if tally.rejections() > REJECTED_SHOWN as u64 {
        output.line(format!("             and {} more", tally.rejections() - REJECTED_SHOWN as u64))?;
    }
    output.line(format!(
        "  warnings   {}",
        counts(looked.warnings.iter().map(|(warning, count)| (warning.as_str(), *count)))
    ))?;
    let show = desk.args.show_values;
    for (row, order) in looked.batch.rows.iter().zip(&looked.orders) {
        output.line(order_line(row, order.as_ref(), show))?;
    }
    if !show && !looked.batch.rows.is_empty() {
        output.line("  values are masked (letters as x, digits as 9); --show-values shows them")?;
    }
    Ok(())
}

/// The decoded order of a record, if it stands in what was kept.
fn order(desk: &Desk<'_>, sample: &Sample, layout: &Layout, row: &Row) -> Option<Order> {
    let export = Export::open(sample.kept(), std::slice::from_ref(layout)).ok()?;
    match export.find(&desk.rulebook, today(), row.record).ok()? {
        Found::Record(record) => order_of(*record, row.slot),
        _ => None,
    }
}

/// The order of a record, or of one of its slots.
pub(super) fn order_of(record: Record, slot: Option<u32>) -> Option<Order> {
    let decoded = |line: Line| match line {
        Line::Assessed(decoded, ..) => Some(decoded.order),
        _ => None,
    };
    match record {
        Record::Line(line) => decoded(line),
        Record::Slots(lines) => {
            lines.into_iter().find(|(number, _)| Some(*number) == slot).and_then(|(_, line)| decoded(line))
        }
    }
}

fn counts<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> String {
    let words: Vec<String> = counts.map(|(reason, count)| format!("{reason} {count}")).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

/// One decoded order on a line: all that decides.
fn order_line(row: &Row, order: Option<&Order>, show: bool) -> String {
    let shown = |value: &str| if show { value.to_owned() } else { masked(value) };
    let optional = |value: Option<String>| value.map_or_else(|| "–".to_owned(), |value| shown(&value));
    let diagnoses = match order {
        Some(order) => order.diagnoses.iter().map(|diagnosis| diagnosis_in_words(diagnosis, &shown)).collect(),
        None => row.diagnoses.iter().map(|code| shown(code)).collect::<Vec<_>>(),
    };
    let text = order.map_or_else(|| "–".to_owned(), |order| format!("{} characters", order.text.chars().count()));
    let decided = if show {
        let rows = if row.guideline_rows.is_empty() { "no row".to_owned() } else { row.guideline_rows.join(" ") };
        format!("{}, {}, {} ({rows})", row.determination, row.flag, row.certainty)
    } else {
        format!("assessed as {}, flag not shown", row.certainty)
    };
    format!(
        "  order      record {}: product {}, diagnoses {}, date {}, age {}, units {}, text {text} -> {decided}",
        row.record,
        optional(row.product_code.clone().or_else(|| row.product.clone())),
        if diagnoses.is_empty() { "–".to_owned() } else { diagnoses.join(" ") },
        optional(row.service_date.map(|day| day.to_string())),
        optional(row.age_years.map(|age| age.to_string())),
        optional(row.units.map(|units| crate::table::decimal::plain(units.into(), 3))),
    )
}

/// A diagnosis with its system, and whether the line points at it.
fn diagnosis_in_words(diagnosis: &Diagnosis, shown: &impl Fn(&str) -> String) -> String {
    let pointed = if diagnosis.pointed { ", pointed" } else { "" };
    match diagnosis.code {
        Ok(code) => {
            let system = match code.version() {
                CodeVersion::Icd9 => "ICD-9-CM",
                CodeVersion::Icd10 => "ICD-10-CM",
            };
            format!("{} ({system}{pointed})", shown(&code.to_string()))
        }
        Err(_) => format!("unreadable{pointed}"),
    }
}

/// The shape of a value without the value.
fn masked(value: &str) -> String {
    let mask = |c: char| match c {
        c if c.is_ascii_digit() => '9',
        c if c.is_alphabetic() => 'x',
        c => c,
    };
    value.chars().map(mask).collect()
}
