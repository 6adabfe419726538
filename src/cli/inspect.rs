//! `ivig-audit inspect`: what a file is, what would be read and rejected, and a layout for what no layout knows.

mod companion;
mod fitting;
mod layout_file;
mod sample;
mod unknown;

use std::path::PathBuf;

use clap::Args;

use super::Failure;
use super::output::{Output, complain};
use crate::assess::{OutOfScope, Screen, screen};
use crate::exit_code::ExitCode;
use crate::intake::suggest::{self, Fit, Hints, Known, Look};
use crate::intake::{Layout, RecogniseError, Role};
use crate::order::{Order, ProductCodes};
use crate::rules::Rulebook;
use crate::run::{Input, RunError, resolve};
use crate::scan::{Export, OpenError};
use sample::Sample;

/// Says what a file is and what would be rejected, and drafts a layout for it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  ivig-audit inspect orders.csv\n  ivig-audit inspect export.txt --write-layout my.toml\n  ivig-audit inspect export.txt --layout my.toml --show-values\n  ivig-audit inspect diagnoses=dx.csv"
)]
pub(super) struct InspectArgs {
    /// A path, a glob, - for standard input, or ROLE=PATH for a companion of the lines
    ///
    /// ROLE is claims, diagnoses, names, patients or authorizations; `layouts list` says which a layout joins.
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
    /// Writes a layout for the file, to edit; a file that is there is not overwritten
    #[arg(long, value_name = "FILE")]
    write_layout: Option<PathBuf>,
}

/// What every input is looked at with.
struct Desk<'a> {
    args: &'a InspectArgs,
    rulebook: Rulebook,
    layouts: Vec<Layout>,
    hints: Hints,
}

pub(super) fn run(args: &InspectArgs, output: &mut Output) -> Result<ExitCode, Failure> {
    let layouts = match &args.layout {
        Some(layout) => vec![Layout::open(layout).map_err(RunError::from)?],
        None => Layout::builtin().map_err(RunError::from)?,
    };
    let desk = Desk {
        args,
        rulebook: Rulebook::open(&args.rules).map_err(RunError::from)?,
        layouts,
        hints: Hints::shipped().map_err(RunError::from)?,
    };
    let inputs = resolve(&args.inputs)?;
    layout_file::refuse(args, &inputs)?;
    let mut code = ExitCode::Done;
    for input in inputs {
        match inspect(&desk, &input, output) {
            Ok(true) => {}
            Ok(false) => code = ExitCode::Input,
            Err(Failure::Message(ExitCode::Input, message)) => {
                complain(&message);
                code = ExitCode::Input;
            }
            Err(other) => return Err(other),
        }
    }
    Ok(code)
}

fn unusable(input: &Input, message: impl std::fmt::Display) -> Failure {
    Failure::from(RunError::Input { file: input.name.clone(), message: message.to_string() })
}

/// Looks at one input and says whether it can be audited.
fn inspect(desk: &Desk<'_>, input: &Input, output: &mut Output) -> Result<bool, Failure> {
    let mut sample = Sample::read(input, &desk.layouts)?;
    let look = desk.look(&sample);
    if input.role != Role::Lines {
        let Some(look) = look else { return Err(unusable(input, "no delimiter can be told from its first lines")) };
        return companion::print(desk, input, &look, output);
    }
    let receipt = sample.receipt.clone();
    match Export::open(sample.stream(), &desk.layouts) {
        Ok(export) => {
            output.line(&input.name)?;
            let ends = look.as_ref().map(|look| format!(", {}", look.seen.ends_in_words())).unwrap_or_default();
            output.line(format!("  dialect    {}, {}{ends}", export.dialect_in_words(), receipt.in_words()))?;
            if let Some(look) = &look {
                print_fits(desk, &suggest::best(&export.binding.header, &desk.layouts), look, output)?;
            }
            fitting::print_columns(&export, look.as_ref(), output)?;
            let layout = export.layout.clone();
            let orders = fitting::scan(desk, input, export)?;
            fitting::print(desk, &mut sample, &layout, &orders, output)?;
            if let Some(path) = &desk.args.write_layout {
                layout_file::copy(desk, &layout, input, path, output)?;
            }
            Ok(true)
        }
        Err(OpenError::Recognise(error)) if !is_damage(&error) => {
            let Some(look) = look else { return Err(unusable(input, error)) };
            unknown::print(desk, input, &mut sample, &look, &error, output)
        }
        Err(error) => Err(unusable(input, error)),
    }
}

/// Whether the first line cannot be read at all, so that there is nothing to suggest.
fn is_damage(error: &RecogniseError) -> bool {
    matches!(
        error,
        RecogniseError::Empty
            | RecogniseError::UnclosedQuote
            | RecogniseError::TooManyColumns(_)
            | RecogniseError::Encoding(_)
    )
}

impl Desk<'_> {
    /// What is seen of an input without a layout.
    fn look(&self, sample: &Sample) -> Option<Look> {
        let ruleset = self.rulebook.newest();
        let globulin = |product: ProductCodes| match screen(ruleset, &Order { product, ..Order::default() }) {
            Screen::InScope(_) => true,
            Screen::OutOfScope(reason) => matches!(reason, OutOfScope::Subcutaneous | OutOfScope::OtherGlobulin),
        };
        let code = |cell: &str| {
            let mut product = ProductCodes::default();
            product.read_code(cell);
            globulin(product)
        };
        let name = |cell: &str| globulin(ProductCodes { name: cell.to_owned(), ..ProductCodes::default() });
        suggest::look(&sample.bytes, sample.whole, &self.hints, Known { code: &code, name: &name })
    }
}

/// The best layouts, each with what speaks for it and what against.
fn print_fits(desk: &Desk<'_>, fits: &[Fit], look: &Look, output: &mut Output) -> Result<(), Failure> {
    if fits.is_empty() {
        output.line("  layout     none: no header name is one that a layout knows")?;
    }
    for fit in fits {
        let layout = &desk.layouts[fit.layout];
        let says = if fit.is_whole() { "fits" } else { "does not fit" };
        output.line(format!("  layout     {} ({}): {says}", layout.id, layout.label))?;
        output.line(format!(
            "             found {} of {} header names: {}",
            fit.found.len(),
            look.header.len(),
            fit.found.join(", ")
        ))?;
        if !fit.untold.is_empty() {
            output.line(format!("             not told by: {}", fit.untold.join(", ")))?;
        }
        for (why, names) in &fit.missing {
            output.line(format!("             missing: one of {} ({why})", names.join(", ")))?;
        }
        for (name, wanted) in &fit.near {
            output.line(format!("             near: the header has `{name}`; did it mean `{wanted}`?"))?;
        }
    }
    Ok(())
}
