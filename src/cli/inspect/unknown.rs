//! A file that no layout fits: what each column may be, by name and by shape, and what to do next.

use super::sample::Sample;
use super::{Desk, dialect_in_words, fitting, layout_file, print_fits, unusable};
use crate::cli::Failure;
use crate::cli::output::{Output, complain};
use crate::intake::RecogniseError;
use crate::intake::suggest::{self, Draft, Fit, Look, layout_id};
use crate::run::Input;
use crate::scan::Export;

/// Where a layout is written if the user names no file.
const MY_LAYOUT: &str = "my.toml";

pub(super) fn print(
    desk: &Desk<'_>,
    input: &Input,
    sample: Sample,
    look: &Look,
    error: &RecogniseError,
    output: &mut Output,
) -> Result<bool, Failure> {
    output.line(&input.name)?;
    output.line(format!("  dialect    {}", dialect_in_words(look, &sample.receipt)))?;
    let fits = suggest::best(&look.header, &desk.layouts, &[]);
    print_header(desk, &fits, look, output)?;
    let file = companion(desk, input, look, output)?;
    print_suggestions(look, None, output)?;
    let draft = Draft::of(look, &[], &layout_id(&input.name), &desk.hints).map_err(|error| unusable(input, error))?;
    for why in &draft.refused {
        output.line(format!("  refused    {why}"))?;
    }
    let mut complete = false;
    if let Some(layout) = &draft.layout {
        let mut sample = sample.decoded(input, layout)?;
        match Export::open(sample.kept(), std::slice::from_ref(layout)) {
            Ok(_) => {
                complete = true;
                output.line("  as suggested, it would be read so:")?;
                let looked = fitting::scan(desk, input, &mut sample, layout)?;
                fitting::print(desk, &looked, output)?;
            }
            Err(error) => output.line(format!("  refused    {error}"))?,
        }
    }
    let whole = fits.iter().any(Fit::is_whole);
    if whole || matches!(error, RecogniseError::Repeated(_) | RecogniseError::Ambiguous(_)) {
        output.line(format!("  refused    {error}"))?;
    }
    if let Some(path) = &desk.args.write_layout {
        layout_file::write(path, &draft.text, output)?;
        next(complete, &in_shell(&input.name), &path.display().to_string(), output)?;
        return Ok(complete);
    }
    complain(&format!("{}: no layout fits; the line `next` says what to do", input.name));
    let beside = fits.iter().find(|fit| fit.untold.is_empty() || desk.layouts.len() == 1).and_then(|fit| {
        let files = fit.beside.iter().map(|role| format!(" {role}=FILE")).collect::<Vec<_>>().concat();
        (!files.is_empty())
            .then(|| format!("{}{files} --layout {}", in_shell(&input.name), desk.layout_word(fit.layout)))
    });
    if let Some(beside) = beside {
        output.line(format!("  next       ivig-audit inspect {beside}"))?;
    } else if !file {
        output.line(format!("  next       ivig-audit inspect {} --write-layout {MY_LAYOUT}", in_shell(&input.name)))?;
    }
    Ok(false)
}

/// The layouts that come near a header, or that there is none.
pub(super) fn print_header(desk: &Desk<'_>, fits: &[Fit], look: &Look, output: &mut Output) -> Result<(), Failure> {
    if look.seen.header {
        return print_fits(desk, fits, look, output);
    }
    output.line(format!(
        "  header     none: the first line holds values; its {} fields are called {} to {} here",
        look.header.len(),
        look.header.first().map_or("", String::as_str),
        look.header.last().map_or("", String::as_str)
    ))?;
    Ok(())
}

/// What to do with the layout that was written.
pub(super) fn next(complete: bool, files: &str, path: &str, output: &mut Output) -> Result<(), Failure> {
    let path = in_shell(path);
    if complete {
        output
            .line(format!("  next       read {path} and correct it, then: ivig-audit audit {files} --layout {path}"))?;
    } else {
        output.line(format!(
            "  next       fill in what {path} asks for at FILL IN, then: ivig-audit inspect {files} --layout {path}"
        ))?;
    }
    Ok(())
}

/// A name as a shell takes it.
pub(super) fn in_shell(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '=' | '+' | ',' | '@');
    if name.chars().all(plain) { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
}

/// Says of which layout the file is a companion, if it is.
fn companion(desk: &Desk<'_>, input: &Input, look: &Look, output: &mut Output) -> Result<bool, Failure> {
    let found = suggest::companions(&look.header, &desk.layouts);
    for (at, own) in &found {
        let layout = &desk.layouts[*at];
        let companion = &layout.companions[*own];
        output.line(format!(
            "  companion  it is the `{}` file of layout {} ({}), not its lines",
            companion.role, layout.id, companion.label
        ))?;
        let (role, name) = (companion.role, in_shell(&input.name));
        output.line(format!("  next       ivig-audit audit LINES {role}={name} --layout {}", layout.id))?;
    }
    Ok(!found.is_empty())
}

pub(super) fn print_suggestions(look: &Look, key: Option<usize>, output: &mut Output) -> Result<(), Failure> {
    for each in &look.suggestions {
        output.line(format!(
            "  suggested  {:<17} {:<20} {} ({})",
            each.column.as_str(),
            look.header[each.field],
            each.means.in_words(),
            each.why
        ))?;
        for remark in look.cells[each.field].dates.remarks() {
            if matches!(each.column.as_str(), "service_date" | "birth_date") {
                output.line(format!("             {remark}"))?;
            }
        }
    }
    for field in look.unused().filter(|field| Some(*field) != key) {
        output.line(format!("  not used   {:<17} {}", look.header[field], look.cells[field].in_words()))?;
    }
    if look.ragged > 0 {
        output.line(format!(
            "  ragged     {} of {} records have another number of fields than the first line",
            look.ragged, look.records
        ))?;
    }
    Ok(())
}
