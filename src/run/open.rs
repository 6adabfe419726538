//! Opening an export of one file or several: which layout reads it, and what each file is in it.

use super::error::RunError;
use super::inputs::{Input, OpenInput, Watch, open_input};
use crate::intake::join::choose::{has, how_to_give, joining, needed};
use crate::intake::{Layout, Role};
use crate::scan::{Export, Head};

/// An export whose files are opened as far as it takes to know what they are.
pub struct OpenedExport {
    /// The layout, in the form in which the lines were recognised.
    pub layout: Layout,
    /// The first file of lines. It is open already, since standard input can be opened once.
    pub first: Export<OpenInput>,
    /// What tells whether the first file changes.
    pub watch: Watch,
    /// The companions' files, in the order given.
    pub companions: Vec<OpenedCompanion>,
}

/// A companion file, opened up to the end of its header.
pub struct OpenedCompanion {
    /// Its number among the inputs.
    pub number: usize,
    /// What it is to the lines.
    pub role: Role,
    /// As outputs name it.
    pub name: String,
    /// Its header and the rest.
    pub head: Head<OpenInput>,
    /// What tells whether it changes.
    pub watch: Watch,
}

/// An error about one input.
pub(super) fn unusable(input: &str, message: impl std::fmt::Display) -> RunError {
    RunError::Input { file: input.to_owned(), message: message.to_string() }
}

impl OpenedExport {
    /// Whether the layout has anything to join.
    #[must_use]
    pub fn joins(&self) -> bool {
        !self.companions.is_empty() || self.layout.companions.iter().any(|companion| companion.again)
    }
}

/// Opens the first file of lines and all companions, and finds the layout that reads them together.
///
/// # Errors
/// [`RunError::Input`] with what is needed, what was found and how to give it.
pub fn open_export(inputs: &[Input], layouts: &[Layout]) -> Result<OpenedExport, RunError> {
    let Some(lines) = inputs.iter().find(|input| input.role == Role::Lines) else {
        return Err(RunError::Usage("give the lines, as PATH or lines=PATH".to_owned()));
    };
    let companions = open_companions(inputs, layouts)?;
    let given: Vec<(Role, &[u8])> = companions.iter().map(|each| (each.role, each.head.line())).collect();
    let roles = given_roles(inputs);
    let candidates = joining(layouts, &given);
    if candidates.is_empty() {
        return Err(no_such_file(layouts, &companions));
    }
    let opened = open_input(lines, &candidates)?;
    let (watch, access) = (opened.watch(), opened.access());
    let first = Export::open_beside(opened, &candidates, &roles).map_err(|error| unusable(&lines.name, error))?;
    let first = first.with_access(access);
    let layout = first.layout.clone();
    if let Some(companion) = needed(&layout, &roles) {
        return Err(unusable(&lines.name, how_to_give(&layout, companion)));
    }
    Ok(OpenedExport { layout, first, watch, companions })
}

/// The roles of the files beside the lines.
pub(super) fn given_roles(inputs: &[Input]) -> Vec<Role> {
    inputs.iter().map(|input| input.role).filter(|role| *role != Role::Lines).collect()
}

fn open_companions(inputs: &[Input], layouts: &[Layout]) -> Result<Vec<OpenedCompanion>, RunError> {
    let given = inputs.iter().enumerate().filter(|(_, input)| input.role != Role::Lines);
    given
        .map(|(number, input)| {
            let opened = open_input(input, layouts)?;
            let (watch, access) = (opened.watch(), opened.access());
            let head = Head::read(opened).map_err(|error| unusable(&input.name, error))?.with_access(access);
            Ok(OpenedCompanion { number, role: input.role, name: input.name.clone(), head, watch })
        })
        .collect()
}

/// A role that no layout has, or roles that none has together.
fn no_such_file(layouts: &[Layout], companions: &[OpenedCompanion]) -> RunError {
    let knowing = |role: Role| -> Vec<&str> {
        layouts.iter().filter(|layout| has(layout, role)).map(|layout| layout.id.as_str()).collect()
    };
    let Some(one) = companions.iter().find(|each| knowing(each.role).is_empty()).or(companions.first()) else {
        return RunError::Usage("no layout is given".to_owned());
    };
    let known = knowing(one.role);
    let message = match (layouts, &known[..]) {
        ([layout], []) => format!("layout `{}` has no file `{}`", layout.id, one.role),
        (_, []) => format!("no layout has a file `{}`", one.role),
        (_, known) => format!("no layout joins all the roles given; `{}` is known to {}", one.role, known.join(", ")),
    };
    unusable(&one.name, message)
}
