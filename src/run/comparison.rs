//! Two runs compared: what is new, gone or changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::RunError;
use super::stored::Stored;
use super::writing::write_beside;
use crate::manifest::{Program, Ruleset};
use crate::report;
use crate::report::new_findings::NewFindingsWriter;
use crate::summary::SummaryError;
use crate::summary::changes::{Changes, Marks, Side, changes, each_new_finding};
use crate::table::parts::Parts;

/// Two runs compared, ready to be shown.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// For people.
    pub text: String,
    /// For programs.
    pub json: String,
    /// Findings of the second run that the first has not.
    pub new_findings: u64,
}

/// Compares two run directories or tables; writes the list of new findings where it is asked for.
///
/// # Errors
/// [`RunError`] if one of them cannot be read, if the sums do not hold, or if the list cannot be written.
pub fn compare(old: &str, new: &str, findings: Option<&Path>) -> Result<Comparison, RunError> {
    let (old, new) = (Stored::open(old)?, Stored::open(new)?);
    let program = new.manifest.as_ref().map(|manifest| &manifest.program);
    let same_program = program.is_some_and(|program| old.is_by(program));
    let table = Parts::open(&new.table)?;
    let (changes, marks) = between(&old, &table, &new.rulesets(), same_program)?;
    if let Some(path) = findings {
        write_list(path, &table, &marks)?;
    }
    let names = [(old.name.as_str(), old.content()), (new.name.as_str(), new.content())];
    Ok(Comparison {
        text: report::changes::text(&changes, names),
        json: report::changes::json(&changes, names).map_err(RunError::report("comparison"))?,
        new_findings: changes.new_findings(),
    })
}

/// Compares a stored table with another one, of which it is known what its rulesets are.
fn between(
    old: &Stored,
    new: &Parts,
    rulesets: &BTreeMap<String, String>,
    same_program: bool,
) -> Result<(Changes, Marks), RunError> {
    let (table, old_rulesets) = (Parts::open(&old.table)?, old.rulesets());
    let (old, new) = (Side { table: &table, rulesets: &old_rulesets }, Side { table: new, rulesets });
    changes(old, new, same_program).map_err(|error| match error {
        SummaryError::Table(error) => error.into(),
        error @ SummaryError::DoesNotAddUp { .. } => RunError::Unreconciled(error.to_string()),
    })
}

/// What changed since an earlier run, for the tables of a run that is not published yet.
pub(super) fn since(
    earlier: &Stored,
    tables: &[PathBuf],
    rulesets: &[Ruleset],
    program: &Program,
) -> Result<Changes, RunError> {
    let rulesets = rulesets.iter().map(|ruleset| (ruleset.label(), ruleset.digest.clone())).collect();
    Ok(between(earlier, &Parts::open_all(tables)?, &rulesets, earlier.is_by(program))?.0)
}

fn write_list(path: &Path, table: &Parts, marks: &Marks) -> Result<(), RunError> {
    let mut list = NewFindingsWriter::new(Vec::new()).map_err(RunError::report("list of new findings"))?;
    each_new_finding(table, marks, |place| list.push(&place).map_err(RunError::report("list of new findings")))?;
    let bytes = list.finish().map_err(RunError::report("list of new findings"))?;
    write_beside(path, &bytes, 0o600).map_err(RunError::write(path))
}
