//! A file that is given as a companion of the lines: of which layouts it may be that, and what each would read.

use super::Desk;
use crate::cli::Failure;
use crate::cli::output::{Output, complain};
use crate::intake::suggest::{Look, companions};
use crate::run::Input;

pub(super) fn print(desk: &Desk<'_>, input: &Input, look: &Look, output: &mut Output) -> Result<bool, Failure> {
    output.line(&input.name)?;
    output.line(format!("  role       {}", input.role))?;
    output.line(format!("  dialect    {}", look.seen.in_words()))?;
    let told: Vec<(usize, usize)> = companions(&look.header, &desk.layouts)
        .into_iter()
        .filter(|(at, own)| desk.layouts[*at].companions[*own].role == input.role)
        .collect();
    for (at, own) in &told {
        let layout = &desk.layouts[*at];
        let companion = &layout.companions[*own];
        output.line(format!("  layout     {}: fits as {} ({})", layout.id, companion.role, companion.label))?;
        for (column, names) in &companion.columns {
            let found: Vec<&str> = names.accepted().iter().map(String::as_str).collect();
            output.line(format!("  column     {:<17} {}", column.as_str(), found.join(", ")))?;
        }
    }
    for (field, name) in look.header.iter().enumerate() {
        output.line(format!("  header     {name:<17} {}", look.cells[field].in_words()))?;
    }
    if told.is_empty() {
        let with: Vec<&str> = desk
            .layouts
            .iter()
            .filter(|layout| layout.companions.iter().any(|companion| companion.role == input.role))
            .map(|layout| layout.id.as_str())
            .collect();
        complain(&match with[..] {
            [] => format!("{}: no layout has a companion `{}`", input.name, input.role),
            _ => format!(
                "{}: it is not told as the `{}` of any layout; these have one: {}",
                input.name,
                input.role,
                with.join(", ")
            ),
        });
    }
    Ok(!told.is_empty())
}
