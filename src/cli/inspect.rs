//! `ivig-audit inspect`: what a file is, and what would be rejected. Writes nothing.

use std::collections::BTreeMap;

use clap::Args;

use super::Failure;
use super::output::{Output, complain};
use crate::exit_code::ExitCode;
use crate::intake::Layout;
use crate::rules::Rulebook;
use crate::run::{Input, RunError, open_input, resolve};
use crate::scan::wave::WaveError;
use crate::scan::{Batch, Export, Pace};
use crate::table::Row;

/// How many records are looked at, to the next chunk.
const RECORDS: u64 = 10_000;
/// How many orders are shown.
const ORDERS_SHOWN: usize = 5;
/// How many rejected records are shown.
const REJECTED_SHOWN: usize = 10;
/// Bytes in a chunk: small, since reading stops at the first chunk that has shown enough.
const CHUNK: usize = 64 << 10;

/// Says what a file is and what would be rejected.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  ivig-audit inspect orders.csv\n  ivig-audit inspect export.txt --layout my.toml --show-values"
)]
pub(super) struct InspectArgs {
    /// A path, a glob, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// Layout id or file [default: recognised from the header]
    #[arg(long, env = "IVIG_AUDIT_LAYOUT", value_name = "ID|FILE")]
    layout: Option<String>,
    /// Ruleset id or directory, or in-force: the edition in force on each service date
    ///
    /// `in-force:DIR` puts your ruleset in the place of the shipped edition that it is laid over.
    #[arg(long, default_value = "aanem-2023", env = "IVIG_AUDIT_RULES", value_name = "ID|DIR|in-force")]
    rules: String,
    /// Shows the values of the orders that are shown; they are masked otherwise
    #[arg(long)]
    show_values: bool,
}

pub(super) fn run(args: &InspectArgs, output: &mut Output) -> Result<ExitCode, Failure> {
    let rulebook = Rulebook::open(&args.rules).map_err(RunError::from)?;
    let layouts = match &args.layout {
        Some(layout) => vec![Layout::open(layout).map_err(RunError::from)?],
        None => Layout::builtin().map_err(RunError::from)?,
    };
    let mut code = ExitCode::Done;
    for input in resolve(&args.inputs)? {
        match inspect(args, &rulebook, &layouts, &input, output) {
            Err(Failure::Message(ExitCode::Input, message)) => {
                complain(&message);
                code = ExitCode::Input;
            }
            other => other?,
        }
    }
    Ok(code)
}

/// What was looked at of one input.
#[derive(Default)]
struct Looked {
    batch: Batch,
    warnings: BTreeMap<String, u64>,
    /// Whether there was more than was looked at.
    more: bool,
}

/// Enough records were seen.
struct Enough;

impl Looked {
    fn take(&mut self, batch: Batch) -> Result<(), Enough> {
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

fn inspect(
    args: &InspectArgs,
    rulebook: &Rulebook,
    layouts: &[Layout],
    input: &Input,
    output: &mut Output,
) -> Result<(), Failure> {
    let unusable = |message: String| Failure::from(RunError::Input { file: input.name.clone(), message });
    let opened = open_input(input, layouts)?;
    let told = opened.receipt().in_words();
    let export = Export::open(opened, layouts).map_err(|error| unusable(error.to_string()))?;
    output.line(&input.name)?;
    output.line(format!("  dialect    {}, {told}", export.dialect_in_words()))?;
    output.line(format!("  layout     {} ({})", export.layout.id, export.layout.label))?;
    for (column, names) in export.binding.mapped() {
        output.line(format!("  column     {:<17} {}", column.as_str(), names.join(", ")))?;
    }
    let unmapped: Vec<&str> =
        export.binding.unmapped.iter().map(|field| export.binding.header[*field].as_str()).collect();
    output
        .line(format!("  not used   {}", if unmapped.is_empty() { "none".to_owned() } else { unmapped.join(", ") }))?;

    let mut looked = Looked::default();
    let pace = Pace { threads: 1, chunk_size: CHUNK };
    match export.scan(rulebook, crate::run::today(), &input.name, pace, |_| {}, |batch| looked.take(batch)) {
        Ok(_) => {}
        Err(WaveError::Take(Enough)) => looked.more = true,
        Err(error) => return Err(unusable(error.to_string())),
    }
    print(args, &looked, output)
}

fn print(args: &InspectArgs, looked: &Looked, output: &mut Output) -> Result<(), Failure> {
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
    output.line(format!(
        "  warnings   {}",
        counts(looked.warnings.iter().map(|(warning, count)| (warning.as_str(), *count)))
    ))?;
    for row in &looked.batch.rows {
        output.line(order_line(row, args.show_values))?;
    }
    if !args.show_values && !looked.batch.rows.is_empty() {
        output.line("  values are masked (letters as x, digits as 9); --show-values shows them")?;
    }
    Ok(())
}

fn counts<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> String {
    let words: Vec<String> = counts.map(|(reason, count)| format!("{reason} {count}")).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

/// One decoded order on a line.
fn order_line(row: &Row, show: bool) -> String {
    let shown = |value: &str| if show { value.to_owned() } else { masked(value) };
    let optional = |value: Option<String>| value.map_or_else(|| "–".to_owned(), |value| shown(&value));
    format!(
        "  order      record {}: date {}, age {}, product {}, diagnoses {}, units {} -> {}, {}",
        row.record,
        optional(row.service_date.map(|day| day.to_string())),
        optional(row.age_years.map(|age| age.to_string())),
        row.product_code.as_deref().or(row.product.as_deref()).unwrap_or("–"),
        if row.diagnoses.is_empty() { "–".to_owned() } else { shown(&row.diagnoses.join(" ")) },
        optional(row.units.map(|units| crate::table::decimal::plain(units.into(), 3))),
        if show { row.determination.as_str() } else { "assessed" },
        if show { row.flag.as_str() } else { "flag not shown" },
    )
}

/// The shape of a value without the value.
fn masked(value: &str) -> String {
    value
        .chars()
        .map(|c| {
            if c.is_ascii_digit() {
                '9'
            } else if c.is_alphabetic() {
                'x'
            } else {
                c
            }
        })
        .collect()
}
