//! `ivig-audit rules diff`: what differs between two rulesets, and which orders that moves.

use std::collections::BTreeMap;

use clap::Args;

use super::invalid;
use crate::assess::moves::{self, Moves, Said};
use crate::cli::Failure;
use crate::cli::output::{Output, wrapped};
use crate::exit_code::ExitCode;
use crate::intake::Layout;
use crate::rules::diff::{RowChange, RowSays, RulesetDiff, diff};
use crate::rules::{Rulebook, Ruleset};
use crate::run::{RunError, open_input, resolve};
use crate::scan::{Batch, Export, Pace};

/// Columns of a line.
const WIDTH: usize = 110;

#[derive(Debug, Args)]
pub(in crate::cli) struct DiffArgs {
    /// Ruleset id or directory
    old: String,
    /// Ruleset id or directory
    new: String,
    /// Exports whose orders are answered by both as well, beside the worked examples
    inputs: Vec<String>,
    /// Layout id or file, for exports
    #[arg(long, value_name = "ID|FILE")]
    layout: Option<String>,
}

pub(super) fn run(args: &DiffArgs, output: &mut Output) -> Result<ExitCode, Failure> {
    let old = Ruleset::open(&args.old).map_err(|error| invalid(&error))?;
    let new = Ruleset::open(&args.new).map_err(|error| invalid(&error))?;
    let differs = diff(&old, &new);
    output.line(format!("{} -> {}", old.info.name(), new.info.name()))?;
    rules(&differs, output)?;
    let examples = moves::of_examples(&old, &new);
    moved("worked examples of both", &examples, output)?;
    if !args.inputs.is_empty() {
        let (old, new) = (Rulebook::from(old), Rulebook::from(new));
        let orders = of_exports(args, &old, &new)?;
        moved("orders of the exports", &orders, output)?;
    }
    Ok(ExitCode::Done)
}

fn rules(differs: &RulesetDiff, output: &mut Output) -> Result<(), Failure> {
    if differs.is_empty() {
        output.line("\nno difference")?;
    }
    if !differs.rows.is_empty() {
        output.line("\nRows")?;
    }
    for row in &differs.rows {
        for line in row_lines(row) {
            output.line(line)?;
        }
    }
    for set in &differs.sets {
        output.line(format!("\n{}", capitalised(&set.of)))?;
        for (mark, items) in [("+", &set.added), ("-", &set.gone)] {
            if !items.is_empty() {
                output.line(wrapped(&format!("{mark} {}", items.join(", ")), "  ", WIDTH))?;
            }
        }
    }
    if !differs.policy.is_empty() {
        output.line("\nPolicy")?;
    }
    for (case, before, after) in &differs.policy {
        output.line(wrapped(&format!("~ {case}: {before} -> {after}"), "  ", WIDTH))?;
    }
    Ok(())
}

fn row_lines(row: &RowChange) -> Vec<String> {
    match (&row.old, &row.new) {
        (Some(old), Some(new)) if (answer(old), &old.when) == (answer(new), &new.when) => {
            let other = if old.statement == new.statement { "" } else { ", cited in other words" };
            let name = if old.label == new.label { String::new() } else { format!("; {} -> {}", old.label, new.label) };
            vec![format!("  = {}: {}{other}{name}", row.id, answer(new))]
        }
        (Some(old), Some(new)) => {
            let mut lines = vec![format!("  ~ {}: {} -> {}", row.id, answer(old), answer(new))];
            if old.when != new.when {
                lines.push(format!("      when: {} -> {}", when(old), when(new)));
            }
            if old.label != new.label {
                lines.push(format!("      name: {} -> {}", old.label, new.label));
            }
            for (mark, said) in [("-", old), ("+", new)].into_iter().filter(|_| old.statement != new.statement) {
                lines.push(wrapped(&format!("{mark} \u{201c}{}\u{201d}", said.statement), "      ", WIDTH));
            }
            lines
        }
        (Some(old), None) => vec![format!("  - {}: {}, {}", row.id, old.label, answer(old))],
        (None, Some(new)) => vec![format!("  + {}: {}, {}", row.id, new.label, answer(new))],
        (None, None) => Vec::new(),
    }
}

fn answer(row: &RowSays) -> String {
    match row.evidence {
        Some(class) => format!("{}, Class {class}", row.recommendation),
        None => format!("{}, no class", row.recommendation),
    }
}

fn when(row: &RowSays) -> String {
    let terms: Vec<String> = row.when.iter().map(|(fact, value)| format!("{fact} = {value}")).collect();
    if terms.is_empty() { "always".to_owned() } else { terms.join(", ") }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn moved(what: &str, moves: &Moves, output: &mut Output) -> Result<(), Failure> {
    output.line(format!("\nOf {} {what}, {} get another answer", moves.compared, moves.count()))?;
    if moves.lost + moves.gained > 0 {
        output.line(format!(
            "  in scope of the old ruleset only: {}; of the new one only: {}",
            moves.lost, moves.gained
        ))?;
    }
    let mut most_first: Vec<_> = moves.moved.iter().collect();
    most_first.sort_by_key(|(_, (orders, _))| std::cmp::Reverse(*orders));
    for ((old, new), (orders, named)) in most_first {
        output.line(format!("  {orders:>6}  {old} -> {new}"))?;
        output.line(wrapped(&format!("such as {}", named.join("; ")), "            ", WIDTH))?;
    }
    Ok(())
}

/// The orders of exports, answered by both, told apart by file and record.
fn of_exports(args: &DiffArgs, old: &Rulebook, new: &Rulebook) -> Result<Moves, Failure> {
    let layouts = match &args.layout {
        Some(layout) => vec![Layout::open(layout).map_err(RunError::from)?],
        None => Layout::builtin().map_err(RunError::from)?,
    };
    let mut moves = Moves::default();
    for input in resolve(&args.inputs)? {
        let answers = |rulebook: &Rulebook| -> Result<BTreeMap<(u64, usize), Said>, Failure> {
            let unusable = |message: String| Failure::from(RunError::Input { file: input.name.clone(), message });
            let opened = open_input(&input, &layouts)?;
            let access = opened.access();
            let export = Export::open(opened, &layouts).map_err(|error| unusable(error.to_string()))?;
            let mut all = BTreeMap::new();
            export
                .with_access(access)
                .scan(
                    rulebook,
                    crate::run::today(),
                    &input.name,
                    Pace::of(std::thread::available_parallelism().map_or(1, usize::from)),
                    |_| {},
                    |batch: Batch| {
                        for row in batch.rows {
                            let nth = all.range((row.record, 0)..=(row.record, usize::MAX)).count();
                            let said = Said {
                                determination: row.determination,
                                rows: row.guideline_rows,
                                evidence: row.evidence_class,
                                flag: row.flag,
                            };
                            all.insert((row.record, nth), said);
                        }
                        Ok::<(), std::convert::Infallible>(())
                    },
                )
                .map_err(|error| unusable(error.to_string()))?;
            Ok(all)
        };
        let (before, mut after) = (answers(old)?, answers(new)?);
        for (place, said) in before {
            match after.remove(&place) {
                Some(other) => moves.add(said, other, || format!("{} record {}", input.name, place.0)),
                None => moves.lost += 1,
            }
        }
        moves.gained += after.len() as u64;
    }
    Ok(moves)
}
