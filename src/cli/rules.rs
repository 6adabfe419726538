//! `ivig-audit rules`: the rulesets, for people and for CI.

mod check;
mod diff;
mod list;

use chrono::NaiveDate;
use clap::Subcommand;

use super::Failure;
use super::output::Output;
use crate::exit_code::ExitCode;
use crate::rules::{RuleFiles, Rulebook, RulesError, Ruleset, page};

/// Lists, shows and checks rulesets.
#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Lists rulesets: who answers for them, and their rows with recommendation, class and statement
    List {
        /// Ruleset id or directory, or `in-force` for all editions [default: all shipped rulesets]
        rulesets: Vec<String>,
        /// Lists what a clinician must still confirm instead
        #[arg(long)]
        open_questions: bool,
    },
    /// Shows one indication as a page: rows, statement, codes, names, what is asked and missed, examples
    Show {
        /// Indication id, or the id of one of its rows
        indication: String,
        /// Ruleset id or directory
        #[arg(long, default_value = "aanem-2023")]
        rules: String,
    },
    /// Checks rulesets and runs all their examples
    Check {
        /// Ruleset id or directory, or `in-force` for all editions [default: all shipped rulesets]
        rulesets: Vec<String>,
        /// The day of the check, for reviews that are due [default: today]
        #[arg(long, value_name = "DATE")]
        as_of: Option<NaiveDate>,
        /// Lists what is checked, and why, instead
        #[arg(long)]
        lints: bool,
    },
    /// Compares two rulesets: rows, codes, words and policy, and which orders get another answer
    Diff(diff::DiffArgs),
}

fn invalid(error: &RulesError) -> Failure {
    Failure::Message(ExitCode::Invalid, error.to_string())
}

/// Those that are named, or all that ship.
fn named_or_shipped(named: &[String]) -> Vec<String> {
    if named.is_empty() { RuleFiles::builtin().ruleset_ids() } else { named.to_vec() }
}

pub(super) fn run(command: &RulesCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        RulesCommand::List { rulesets, open_questions } => {
            let mut is_first = true;
            for word in &named_or_shipped(rulesets) {
                let rulebook = Rulebook::open(word).map_err(|error| invalid(&error))?;
                for ruleset in rulebook.editions() {
                    if !std::mem::take(&mut is_first) {
                        output.line("")?;
                    }
                    list::governance(ruleset, output)?;
                    if *open_questions {
                        list::questions(ruleset, output)?;
                    } else {
                        list::rows(ruleset, output)?;
                    }
                }
            }
            Ok(ExitCode::Done)
        }
        RulesCommand::Show { indication, rules } => {
            let ruleset = Ruleset::open(rules).map_err(|error| invalid(&error))?;
            show(&ruleset, indication, output)
        }
        RulesCommand::Check { lints: true, .. } => check::lints(output),
        RulesCommand::Check { rulesets, as_of, .. } => {
            check::check(&named_or_shipped(rulesets), as_of.unwrap_or_else(crate::run::today), output)
        }
        RulesCommand::Diff(args) => diff::run(args, output),
    }
}

fn show(ruleset: &Ruleset, id: &str, output: &mut Output) -> Result<ExitCode, Failure> {
    let Some(indication) = page::find(ruleset, id) else {
        let known: Vec<&str> = ruleset.indications.iter().map(|indication| indication.id.as_str()).collect();
        let message = format!("no indication or row `{id}`; accepted are the ids of rows and {}", known.join(", "));
        return Err(Failure::Message(ExitCode::Usage, message));
    };
    output.bytes(page::page(ruleset, indication).as_bytes())?;
    Ok(ExitCode::Done)
}
