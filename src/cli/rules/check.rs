//! `ivig-audit rules check`: every example and every lint.

use chrono::NaiveDate;

use super::invalid;
use crate::assess::check::run_examples;
use crate::cli::Failure;
use crate::cli::output::{Output, complain, wrapped};
use crate::exit_code::ExitCode;
use crate::rules::lint::{self, LINTS, Severity};
use crate::rules::{RuleFiles, Rulebook, Ruleset};

/// Every lint with its severity and reason.
pub(super) fn lints(output: &mut Output) -> Result<ExitCode, Failure> {
    for lint in LINTS {
        output.line(format!("{} ({})\n{}", lint.id, lint.severity, wrapped(lint.reason, "    ", 110)))?;
    }
    Ok(ExitCode::Done)
}

/// Errors go to standard error and fail the check; notes and counts go to standard output.
pub(super) fn check(rulesets: &[String], as_of: NaiveDate, output: &mut Output) -> Result<ExitCode, Failure> {
    let mut code = ExitCode::Done;
    for word in rulesets {
        let (rulebook, files) = Rulebook::with_files(word).map_err(|error| invalid(&error))?;
        for ruleset in rulebook.editions() {
            if !holds(&files, ruleset, as_of, output)? {
                code = ExitCode::Invalid;
            }
        }
    }
    Ok(code)
}

/// Prints what is found in one ruleset; tells whether nothing fails.
fn holds(files: &RuleFiles, ruleset: &Ruleset, as_of: NaiveDate, output: &mut Output) -> Result<bool, Failure> {
    let outcome = run_examples(ruleset);
    let findings = lint::check(files, ruleset, as_of);
    let (errors, notes): (Vec<_>, Vec<_>) =
        findings.iter().partition(|finding| finding.lint.severity == Severity::Error);
    for failure in &outcome.failures {
        complain(&failure.to_string());
    }
    for error in &errors {
        complain(&error.to_string());
    }
    for moved in &outcome.moved {
        output.line(format!("moved: {moved}"))?;
    }
    for note in &notes {
        output.line(format!("note: {note}"))?;
    }
    let failed = outcome.failures.len();
    let holding = match failed {
        0 if outcome.inherited > 0 => format!(
            "{} examples hold, {} of them near misses; of {} below, {} are moved",
            outcome.examples,
            outcome.near_misses,
            outcome.inherited,
            outcome.moved.len()
        ),
        0 => format!("{} examples hold, {} of them near misses", outcome.examples, outcome.near_misses),
        _ => format!("{failed} of {} examples do not hold", outcome.examples),
    };
    let found = format!("{}, {}", counted(errors.len(), "error"), counted(notes.len(), "note"));
    let patterns = counted(ruleset.course.patterns.len(), "pattern");
    let name = ruleset.info.name();
    output.line(format!("{name}: {} rows, {patterns} over time, {holding}; {found}", ruleset.rows.len()))?;
    Ok(failed + errors.len() == 0)
}

fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
