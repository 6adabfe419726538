//! `ivig-audit rules list`: who answers for a ruleset, its rows, and what a clinician must still confirm.

use crate::cli::Failure;
use crate::cli::output::{Output, wrapped};
use crate::guideline::Recommendation;
use crate::rules::{Info, Row, Ruleset};

/// Columns of a line.
const WIDTH: usize = 110;

/// Where a ruleset comes from, and who answers for it.
pub(super) fn governance(ruleset: &Ruleset, output: &mut Output) -> Result<(), Failure> {
    let (info, review) = (&ruleset.info, &ruleset.info.review);
    output.line(format!("{}  {}", info.name(), info.title))?;
    let or_not_yet = |text: &str| if text.is_empty() { "not yet signed".to_owned() } else { text.to_owned() };
    let lines = [
        ("source", source(info)),
        ("basis", info.basis.to_string()),
        ("status", info.status.clone()),
        ("author", review.author.clone()),
        ("checker", or_not_yet(&review.checker)),
        ("reviewed on", or_not_yet(&review.reviewed_on)),
        ("review by", review.review_by.clone()),
        ("in force", format!("from {}. {}", info.in_force_from.0, info.in_force_note)),
        ("codes known", format!("to {}", info.code_facts_until)),
    ];
    let below = info.extends.iter().map(|below| ("laid over", below.clone()));
    for (name, text) in lines.into_iter().chain(below) {
        let indent = format!("  {:<12} ", "");
        output.line(wrapped(&text, &indent, WIDTH).replacen(&indent, &format!("  {name:<12} "), 1))?;
    }
    Ok(())
}

/// The publication, and how much of it was read.
fn source(info: &Info) -> String {
    format!("{}. Read: {}.", info.source.citation(), info.source.read)
}

/// Every row with recommendation, class and statement.
pub(super) fn rows(ruleset: &Ruleset, output: &mut Output) -> Result<(), Failure> {
    for recommendation in Recommendation::ALL {
        let rows: Vec<&Row> = ruleset.rows.iter().filter(|row| row.recommendation == *recommendation).collect();
        if rows.is_empty() {
            continue;
        }
        output.line("")?;
        output.line(format!("{recommendation}"))?;
        for row in rows {
            let class = row.evidence.map_or_else(|| "–".to_owned(), |class| class.to_string());
            output.line(format!("  {:<28} Class {class:<3} {}", row.id, row.label))?;
            output.line(wrapped(&format!("“{}” ({})", ruleset.statement_of(row).text, row.basis), "      ", WIDTH))?;
        }
    }
    output.line(format!("\n{} rows", ruleset.rows.len()))?;
    Ok(())
}

/// What a clinician must confirm, under the ruleset that asks it.
pub(super) fn questions(ruleset: &Ruleset, output: &mut Output) -> Result<(), Failure> {
    output.line("")?;
    for (id, text) in &ruleset.open_questions {
        output.line(format!("{id}\n{}", wrapped(text, "    ", WIDTH)))?;
    }
    output.line(format!("\n{} open questions", ruleset.open_questions.len()))?;
    Ok(())
}
