//! A few lines beside their companions: what `explain` and `inspect` show.

use chrono::NaiveDate;

use super::error::RunError;
use super::inputs::{Input, open_input};
use super::joining::bind;
use super::open::{OpenedCompanion, OpenedExport, given_roles, open_export, unusable};
use crate::intake::join::Joins;
use crate::intake::{Layout, Role};
use crate::rules::Rulebook;
use crate::scan::wave::WaveError;
use crate::scan::{Beside, CompanionFile, Export, Found, KeptLine, Pace, Shape, Sighted, assess_one, want};

/// Finds one record of the lines by its number and assesses it, with what its companions hold. `inputs` has one file of
/// lines.
///
/// # Errors
/// [`RunError`] if a file cannot be read or does not fit.
pub fn find(
    inputs: &[Input],
    layouts: &[Layout],
    rulebook: &Rulebook,
    as_of: NaiveDate,
    number: u64,
) -> Result<Found, RunError> {
    let opened = open_export(inputs, layouts)?;
    let name = inputs.iter().find(|input| input.role == Role::Lines).map_or("", |input| input.name.as_str());
    let OpenedExport { first, companions, .. } = opened;
    let (sighted, shape) = first.sight(number).map_err(|error| unusable(name, error))?;
    Ok(match sighted {
        Sighted::Beyond(last) => Found::Beyond(last),
        Sighted::Rejected(fault) => Found::Rejected(fault),
        Sighted::Record(line) => {
            let lines = std::slice::from_ref(&line);
            let record = beside(inputs, companions, &shape, lines, |beside| {
                assess_one(rulebook, as_of, &shape, &line, Some(beside))
            })?;
            Found::Record(Box::new(record))
        }
    })
}

/// Reads all companions for a few lines of one file, and hands what they hold to `then`.
///
/// # Errors
/// [`RunError`] if a companion cannot be read or does not fit.
pub fn beside<T>(
    inputs: &[Input],
    companions: Vec<OpenedCompanion>,
    shape: &Shape,
    lines: &[KeptLine],
    then: impl FnOnce(Beside<'_>) -> T,
) -> Result<T, RunError> {
    let mut joins = Joins::new(&shape.layout);
    let mut files: Vec<_> = bind(&mut joins, companions)?.into_iter().map(Some).collect();
    let keys = joins.bind_lines(&shape.binding.header);
    let of_lines = || inputs.iter().filter(|input| input.role == Role::Lines);
    let first = of_lines().next().map_or("", |input| input.name.as_str());
    for (companion, _) in shape.layout.companions.iter().enumerate().filter(|(_, companion)| companion.again) {
        let binding = joins.bind_again(companion, &shape.binding.header).map_err(|error| unusable(first, error))?;
        joins.give(&binding);
    }
    if let Some(why) = joins.unjoinable(&keys) {
        return Err(unusable(first, why));
    }
    for (companion, declared) in shape.layout.companions.iter().enumerate() {
        want(&mut joins, companion, &shape.dialect, &keys, lines);
        for file in &mut files {
            let own = file.take_if(|file| file.file.binding.companion == companion);
            let Some(own) = own else { continue };
            read(&mut joins, &own.name, own.file)?;
        }
        for input in of_lines().filter(|_| declared.again && joins.wants(companion)).collect::<Vec<_>>() {
            let only = std::slice::from_ref(&shape.layout);
            if !input.path.as_ref().is_some_and(|path| path.is_file()) {
                return Err(unusable(
                    &input.name,
                    "the layout reads the lines twice, and a pipe can be read once; give a file",
                ));
            }
            let export = Export::open_beside(open_input(input, only)?, only, &given_roles(inputs));
            let export = export.map_err(|error| unusable(&input.name, error))?;
            let binding = joins.bind_again(companion, &export.binding.header);
            let binding = binding.map_err(|error| unusable(&input.name, error))?;
            read(&mut joins, &input.name, CompanionFile::again(export, binding))?;
        }
    }
    Ok(then(Beside { joins: &joins, lines: &keys }))
}

fn read<R: std::io::Read + Send + 'static>(
    joins: &mut Joins<'_>,
    name: &str,
    file: CompanionFile<R>,
) -> Result<(), RunError> {
    let read: Result<_, WaveError<std::convert::Infallible>> = file.scan(joins, Pace::of(1), |_| {}, |_| Ok(()));
    read.map(|_| ()).map_err(|error| unusable(name, error))
}
