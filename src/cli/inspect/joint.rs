//! Lines with files beside them: what each file is, how they join, and the first orders with what the others hold.

use super::fitting::{self, CHUNK, Enough, Looked, RECORDS, order_of};
use super::sample::Sample;
use super::unknown::{in_shell, next, print_header, print_suggestions};
use super::{Desk, dialect_in_words, layout_file, print_head, unusable};
use crate::cli::Failure;
use crate::cli::output::{Output, complain};
use crate::exit_code::ExitCode;
use crate::intake::join::Outcome;
use crate::intake::suggest::{self, Beside as Candidate, Draft, Look, layout_id};
use crate::intake::{Decoder, Role};
use crate::run::{Input, OpenedExport, RunError, beside, open_export, today};
use crate::scan::wave::WaveError;
use crate::scan::{Beside, Job, Pace, Shape, Sought, assess_kept, assess_one};

/// Looks at one file of lines beside its companions and says whether they can be audited together.
pub(super) fn inspect(
    desk: &Desk<'_>,
    lines: &Input,
    companions: &[Input],
    output: &mut Output,
) -> Result<bool, Failure> {
    let inputs: Vec<Input> = std::iter::once(lines).chain(companions).cloned().collect();
    if inputs.iter().any(|input| input.path.is_none()) {
        let why = "files that stand beside each other are read more than once here; give files, not standard input";
        return Err(Failure::Message(ExitCode::Usage, why.to_owned()));
    }
    let sample = Sample::read(lines, &desk.layouts)?;
    let look = desk.look(&sample, Role::Lines);
    match open_export(&inputs, &desk.layouts) {
        Ok(opened) => {
            let roles: Vec<Role> = companions.iter().map(|input| input.role).collect();
            print_head(desk, lines, &sample.receipt, &opened.first, (look.as_ref(), &roles), output)?;
            for companion in &opened.companions {
                output.line(format!("  beside     {:<17} {}", companion.role.as_str(), companion.name))?;
            }
            let layout = opened.layout.clone();
            let is_read = print_joined(desk, &inputs, opened, output)?;
            if let (Some(path), true) = (&desk.args.write_layout, is_read) {
                layout_file::copy(desk, &layout, lines, path, output)?;
            }
            Ok(is_read)
        }
        Err(error) => {
            let Some(look) = look else { return Err(Failure::from(error)) };
            unknown(desk, &inputs, &sample, &look, &error, output)
        }
    }
}

/// Files that no layout joins: what each may be, and a layout for them.
fn unknown(
    desk: &Desk<'_>,
    inputs: &[Input],
    sample: &Sample,
    look: &Look,
    error: &RunError,
    output: &mut Output,
) -> Result<bool, Failure> {
    let lines = &inputs[0];
    output.line(&lines.name)?;
    output.line(format!("  dialect    {}", dialect_in_words(look, &sample.receipt)))?;
    let roles: Vec<Role> = inputs[1..].iter().map(|input| input.role).collect();
    print_header(desk, &suggest::best(&look.header, &desk.layouts, &roles), look, output)?;
    print_suggestions(look, None, output)?;
    let mut others = Vec::new();
    for input in &inputs[1..] {
        let own = Sample::read(input, &desk.layouts)?;
        let Some(seen) = desk.look(&own, input.role) else {
            return Err(unusable(input, "no delimiter can be told from its first lines"));
        };
        let other = Candidate::of(&input.name, input.role, seen, look, &desk.hints);
        print_candidate(&other, look, &dialect_in_words(&other.look, &own.receipt), output)?;
        others.push(other);
    }
    if desk.args.layout.is_some() {
        output.line(format!("  refused    {error}"))?;
    }
    let draft =
        Draft::of(look, &others, &layout_id(&lines.name), &desk.hints).map_err(|error| unusable(lines, error))?;
    for why in &draft.refused {
        output.line(format!("  refused    {why}"))?;
    }
    let mut complete = false;
    if let Some(layout) = draft.layout.as_ref().filter(|_| others.iter().all(Candidate::joins)) {
        match open_export(inputs, std::slice::from_ref(layout)) {
            Ok(opened) => {
                output.line("  as suggested, they would be read so:")?;
                complete = print_joined(desk, inputs, opened, output)?;
            }
            Err(error) => output.line(format!("  refused    {error}"))?,
        }
    }
    let files: Vec<String> = inputs.iter().map(in_command).collect();
    let files = files.join(" ");
    if let Some(path) = &desk.args.write_layout {
        layout_file::write(path, &draft.text, output)?;
        next(complete, &files, &path.display().to_string(), output)?;
        return Ok(complete);
    }
    complain(&format!("{}: no layout fits; the line `next` says what to do", lines.name));
    output.line(format!("  next       ivig-audit inspect {files} --write-layout my.toml"))?;
    Ok(false)
}

/// An input as the command line takes it.
fn in_command(input: &Input) -> String {
    let name = in_shell(&input.name);
    if input.role == Role::Lines { name } else { format!("{}={name}", input.role) }
}

fn print_candidate(other: &Candidate, lines: &Look, dialect: &str, output: &mut Output) -> Result<(), Failure> {
    output.line(&other.name)?;
    output.line(format!("  role       {}", other.role))?;
    output.line(format!("  dialect    {dialect}"))?;
    if let Some(key) = other.key {
        let (own, theirs) = (&other.look.header[key.own], &lines.header[key.lines]);
        output.line(format!("  joins      {own} to {theirs} of the lines: {}", key.in_words()))?;
    }
    print_suggestions(&other.look, other.key.map(|key| key.own), output)?;
    if let Some(why) = other.missing() {
        output.line(format!("  refused    the file cannot be joined: {why}"))?;
    }
    Ok(())
}

/// Reads the first lines beside all companions, as `audit` would, and says whether anything was found in these.
fn print_joined(desk: &Desk<'_>, inputs: &[Input], opened: OpenedExport, output: &mut Output) -> Result<bool, Failure> {
    let layout = opened.layout.clone();
    let (looked, sought) = scan(desk, inputs, opened)?;
    fitting::print(desk, &looked, output)?;
    let mut fits = true;
    for (at, companion) in layout.companions.iter().enumerate() {
        if companion.again || !inputs.iter().any(|input| input.role == companion.role) {
            continue;
        }
        let of = |outcome| sought.of(at, outcome);
        let found = of(Outcome::Found) + of(Outcome::Disagrees);
        let lookers = found + of(Outcome::Missing) + of(Outcome::NoKey);
        let parts = [
            (of(Outcome::Missing), "have no record there"),
            (of(Outcome::NoKey), "have no key"),
            (of(Outcome::Disagrees), "find records that disagree"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}"));
        let words = format!("{found} of {lookers} orders found{}", parts.collect::<Vec<_>>().concat());
        output.line(format!("  found      {:<17} {words}", companion.role.as_str()))?;
        if found == 0 && lookers > 0 && companion.role != Role::Authorizations {
            output.line(format!(
                "  refused    no order finds a record in the file {}=: the keys do not fit",
                companion.role
            ))?;
            fits = false;
        }
    }
    Ok(fits)
}

/// The first records of the lines, assessed beside their companions.
fn scan(desk: &Desk<'_>, inputs: &[Input], opened: OpenedExport) -> Result<(Looked, Sought), Failure> {
    let OpenedExport { first, companions, .. } = opened;
    let lines = &inputs[0];
    let shape = Shape { layout: first.layout.clone(), binding: first.binding.clone(), dialect: first.dialect.clone() };
    let (mut looked, mut kept) = (Looked::default(), Vec::new());
    let pace = Pace { threads: 1, chunk_size: CHUNK };
    let keep = first.keep(
        &desk.rulebook,
        today(),
        pace,
        |_| {},
        |chunk| {
            kept.extend(chunk.lines);
            looked.take(chunk.others)?;
            if looked.batch.tally.records() + kept.len() as u64 >= RECORDS { Err(Enough) } else { Ok(()) }
        },
    );
    match keep {
        Ok(_) => {}
        Err(WaveError::Take(Enough)) => looked.more = true,
        Err(error) => return Err(unusable(lines, error)),
    }
    let mut sought = Sought::default();
    let assessed = beside(inputs, companions, &shape, &kept, |found| {
        assess(desk, lines, &shape, &kept, found, (&mut looked, &mut sought))
    })?;
    assessed.map(|()| (looked, sought))
}

fn assess(
    desk: &Desk<'_>,
    lines: &Input,
    shape: &Shape,
    kept: &[crate::scan::KeptLine],
    found: Beside<'_>,
    (looked, sought): (&mut Looked, &mut Sought),
) -> Result<(), Failure> {
    let decoder = Decoder::new(&shape.layout, &shape.binding, today());
    let (rulebook, dialect) = (&desk.rulebook, &shape.dialect);
    let job = Job { rulebook, decoder, dialect, source_file: &lines.name, beside: Some(found) };
    assess_kept(job, kept, Pace::of(1), |batch| {
        sought.merge(&batch.sought);
        // Enough was read already: the rest of what was kept is assessed too.
        let _ = looked.take(batch);
        Ok::<(), std::convert::Infallible>(())
    })
    .map_err(|error| unusable(lines, error))?;
    let order = |row: &crate::table::Row| {
        let line = kept.iter().find(|line| line.place.record == row.record)?;
        order_of(assess_one(rulebook, today(), shape, line, Some(found)), row.slot)
    };
    looked.orders = looked.batch.rows.iter().map(order).collect();
    Ok(())
}
