//! `ivig-audit rules`: the rulesets, for people and for CI.

use clap::Subcommand;

use super::Failure;
use super::output::{Output, complain, wrapped};
use crate::assess::check;
use crate::exit_code::ExitCode;
use crate::guideline::Recommendation;
use crate::rules::{Row, RuleFiles, RulesError, Ruleset, Strength, lint};

/// Lists, shows and checks rulesets.
#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Lists the rows of a ruleset with recommendation, class and statement
    List {
        /// Ruleset id or directory
        #[arg(default_value = "aanem-2023")]
        ruleset: String,
        /// Lists what a clinician must still confirm instead
        #[arg(long)]
        open_questions: bool,
    },
    /// Shows one indication: rows, statement, codes, phrases, what is missed, examples
    Show {
        /// Indication id
        indication: String,
        /// Ruleset id or directory
        #[arg(long, default_value = "aanem-2023")]
        rules: String,
    },
    /// Checks rulesets and runs all their examples
    Check {
        /// Ruleset id or directory [default: all shipped rulesets]
        rulesets: Vec<String>,
    },
}

fn invalid(error: &RulesError) -> Failure {
    Failure::Message(ExitCode::Invalid, error.to_string())
}

pub(super) fn run(command: &RulesCommand, output: &mut Output) -> Result<ExitCode, Failure> {
    match command {
        RulesCommand::List { ruleset, open_questions } => {
            let ruleset = Ruleset::open(ruleset).map_err(|error| invalid(&error))?;
            if *open_questions {
                questions(&ruleset, output)?;
            } else {
                list(&ruleset, output)?;
            }
            Ok(ExitCode::Done)
        }
        RulesCommand::Show { indication, rules } => {
            let ruleset = Ruleset::open(rules).map_err(|error| invalid(&error))?;
            show(&ruleset, indication, output)
        }
        RulesCommand::Check { rulesets } => check_all(rulesets, output),
    }
}

fn class(row: &Row) -> String {
    row.evidence.map_or_else(|| "–".to_owned(), |class| class.to_string())
}

fn list(ruleset: &Ruleset, output: &mut Output) -> Result<(), Failure> {
    let info = &ruleset.info;
    output.line(format!("{}  {}", info.name(), info.title))?;
    output.line(format!(
        "{} {} {}. PMID {}, doi:{}. Basis: {}; status: {}; read: {}.",
        info.source.authors,
        info.source.journal,
        info.source.year,
        info.source.pmid,
        info.source.doi,
        info.basis,
        info.status,
        info.source.read
    ))?;
    for recommendation in Recommendation::ALL {
        let rows: Vec<&Row> = ruleset.rows.iter().filter(|row| row.recommendation == *recommendation).collect();
        if rows.is_empty() {
            continue;
        }
        output.line("")?;
        output.line(format!("{recommendation}"))?;
        for row in rows {
            output.line(format!("  {:<28} Class {:<3} {}", row.id, class(row), row.label))?;
            output.line(wrapped(&format!("“{}” ({})", ruleset.statement_of(row).text, row.basis), "      ", 110))?;
        }
    }
    output.line(format!("\n{} rows", ruleset.rows.len()))?;
    Ok(())
}

fn questions(ruleset: &Ruleset, output: &mut Output) -> Result<(), Failure> {
    for (id, text) in &ruleset.open_questions {
        output.line(format!("{id}\n{}", wrapped(text, "    ", 110)))?;
    }
    Ok(())
}

fn show(ruleset: &Ruleset, id: &str, output: &mut Output) -> Result<ExitCode, Failure> {
    let Some(indication) = ruleset.indications.iter().find(|indication| indication.id == id) else {
        let known: Vec<&str> = ruleset.indications.iter().map(|indication| indication.id.as_str()).collect();
        return Err(Failure::Message(
            ExitCode::Usage,
            format!("no indication `{id}`; accepted are {}", known.join(", ")),
        ));
    };
    output.line(format!("{}  ({}, {})", indication.label, indication.id, ruleset.info.name()))?;
    output.line(wrapped(&indication.why, "  ", 110))?;
    output.line("\nRows")?;
    for row in indication.rows.clone().map(|row| &ruleset.rows[row]) {
        let when: Vec<String> = row.when.terms.iter().map(|(fact, value)| in_words(ruleset, *fact, *value)).collect();
        let when = if when.is_empty() { "always".to_owned() } else { when.join("; ") };
        output.line(format!("  {}: {}, Class {}\n      when: {when}", row.id, row.recommendation, class(row)))?;
        output.line(wrapped(&format!("“{}” ({})", ruleset.statement_of(row).text, row.basis), "      ", 110))?;
    }
    output.line("\nCodes")?;
    for each in &indication.matches {
        let strength = match each.strength {
            Strength::Exact => "exact",
            Strength::Broad => "broad",
            Strength::Proxy => "proxy",
        };
        output.line(format!(
            "  {strength}{}{}",
            if each.is_combination() { ", one code of each list on the same order" } else { "" },
            each.window_in_words()
        ))?;
        for list in &each.lists {
            let list = ruleset.lists.get(*list);
            for row in &list.rows {
                output.line(format!(
                    "      {:<8} {} [{}]",
                    if row.kind == "prefix" { format!("{}-", row.code) } else { row.code.clone() },
                    row.label,
                    list.id
                ))?;
            }
        }
    }
    let index = ruleset.indications.iter().position(|other| other.id == id).unwrap_or_default() as u16;
    let phrases: Vec<&str> = ruleset
        .phrases
        .all()
        .filter(|(_, meanings)| {
            meanings.iter().any(
                |meaning| matches!(meaning, crate::rules::Meaning::Name { indication, .. } if *indication == index),
            )
        })
        .map(|(phrase, _)| phrase)
        .collect();
    output.line("\nPhrases")?;
    output.line(wrapped(&phrases.join(", "), "  ", 110))?;
    output.line("\nKnown misses")?;
    for miss in &indication.misses {
        output.line(bullet(miss))?;
    }
    output.line("\nExamples")?;
    for (_, example) in &indication.examples {
        let expected =
            example.expect.determination.as_deref().or(example.expect.out_of_scope.as_deref()).unwrap_or("–");
        output.line(format!(
            "  {}{} -> {expected}",
            if example.near_miss { "near miss: " } else { "" },
            example.name
        ))?;
    }
    Ok(ExitCode::Done)
}

/// A text as an item of a list.
fn bullet(text: &str) -> String {
    wrapped(text, "    ", 110).replacen("    ", "  - ", 1)
}

fn in_words(ruleset: &Ruleset, fact: u8, value: u8) -> String {
    let fact = &ruleset.facts[usize::from(fact)];
    format!("{} is {}", fact.label, fact.value_labels[usize::from(value)])
}

fn check_all(named: &[String], output: &mut Output) -> Result<ExitCode, Failure> {
    let rulesets = if named.is_empty() { RuleFiles::builtin().ruleset_ids() } else { named.to_vec() };
    let mut code = ExitCode::Done;
    for id in &rulesets {
        let ruleset = Ruleset::open(id).map_err(|error| invalid(&error))?;
        let outcome = check::run_examples(&ruleset);
        let mut problems = outcome.failures;
        problems.extend(lint::check(&ruleset));
        for problem in &problems {
            complain(&problem.to_string());
            code = ExitCode::Invalid;
        }
        if problems.is_empty() {
            output.line(format!(
                "{}: {} rows, {} examples hold, {} of them near misses",
                ruleset.info.name(),
                ruleset.rows.len(),
                outcome.examples,
                outcome.near_misses
            ))?;
        }
    }
    Ok(code)
}
