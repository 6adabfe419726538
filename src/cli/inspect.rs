//! `ivig-audit inspect`: what a file is, what would be read and rejected, and a layout for what no layout knows.

mod fitting;
mod joint;
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
use crate::source::Receipt;
use sample::Sample;

/// Says what a file is and what would be rejected, and drafts a layout for it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  ivig-audit inspect orders.csv\n  ivig-audit inspect export.txt --write-layout my.toml\n  ivig-audit inspect export.txt --layout my.toml --show-values\n  ivig-audit inspect orders.csv diagnoses=problems.csv --write-layout my.toml"
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
    let (lines, companions): (Vec<Input>, Vec<Input>) = inputs.into_iter().partition(|input| input.role == Role::Lines);
    for input in lines {
        let looked = if companions.is_empty() {
            inspect(&desk, &input, output)
        } else {
            joint::inspect(&desk, &input, &companions, output)
        };
        match looked {
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
    let look = desk.look(&sample, input.role);
    let receipt = sample.receipt.clone();
    match Export::open(sample.stream(), &desk.layouts) {
        Ok(export) => {
            print_head(desk, input, &receipt, &export, (look.as_ref(), &[]), output)?;
            let layout = export.layout.clone();
            let looked = fitting::scan(desk, input, &mut sample, &layout)?;
            fitting::print(desk, &looked, output)?;
            if let Some(path) = &desk.args.write_layout {
                layout_file::copy(desk, &layout, input, path, output)?;
            }
            Ok(true)
        }
        Err(OpenError::Recognise(error)) if !is_damage(&error) => {
            let Some(look) = look else { return Err(unusable(input, error)) };
            unknown::print(desk, input, sample, &look, &error, output)
        }
        Err(error) => Err(unusable(input, error)),
    }
}

/// The file, how it looks, which layouts come near it, and what the columns of the one that fits are.
fn print_head<R: std::io::Read>(
    desk: &Desk<'_>,
    input: &Input,
    receipt: &Receipt,
    export: &Export<R>,
    (look, given): (Option<&Look>, &[Role]),
    output: &mut Output,
) -> Result<(), Failure> {
    output.line(&input.name)?;
    let ends = look.map(|look| format!(", {}", look.seen.ends_in_words())).unwrap_or_default();
    output.line(format!("  dialect    {}, {}{ends}", export.dialect_in_words(), receipt.in_words()))?;
    if let Some(look) = look {
        print_fits(desk, &suggest::best(&export.binding.header, &desk.layouts, given), look, output)?;
    }
    fitting::print_columns(export, look, output)
}

/// Delimiter, quotes, encoding and line ends of a file that no layout reads, and how it is compressed.
fn dialect_in_words(look: &Look, receipt: &Receipt) -> String {
    let packed = receipt.compression().map(|packed| format!(", {packed}")).unwrap_or_default();
    format!("{}{packed}", look.seen.in_words())
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
    /// How a command names a layout: the file that was given, or the id.
    fn layout_word(&self, layout: usize) -> &str {
        self.args.layout.as_deref().unwrap_or(&self.layouts[layout].id)
    }

    /// What is seen of an input without a layout.
    fn look(&self, sample: &Sample, role: Role) -> Option<Look> {
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
        suggest::look(&sample.bytes, sample.whole, role, &self.hints, Known { code: &code, name: &name })
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
            let one_of = if names.len() > 1 { "one of " } else { "" };
            output.line(format!("             missing: {one_of}{} ({why})", names.join(", ")))?;
        }
        for (name, wanted) in &fit.near {
            output.line(format!("             near: the header has `{name}`; did it mean `{wanted}`?"))?;
        }
    }
    Ok(())
}
