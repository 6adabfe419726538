//! What the statement says: its words, the rows that rest on them, and what it leaves out.

use super::sheet::Sheet;
use super::{condition, sentence};
use crate::guideline::{CitationBasis, Flag};
use crate::rules::ruleset::{Indication, Row, Ruleset};

pub(super) fn write(sheet: &mut Sheet, ruleset: &Ruleset, indication: &Indication) {
    sheet.heading("What the statement says");
    let rows: Vec<&Row> = ruleset.rows[indication.rows.clone()].iter().collect();
    let mut cited: Vec<u16> = rows.iter().map(|row| row.statement).collect();
    cited.sort_unstable();
    cited.dedup();
    for statement in cited {
        sheet.gap();
        let words = ruleset.statements[usize::from(statement)].text.trim_end_matches('.');
        sheet.paragraph(0, &format!("\"{words}.\""));
        let quoted = ruleset.source_of(&ruleset.statements[usize::from(statement)]);
        sheet.paragraph(0, &format!("[{}]", quoted.source.citation()));
        for row in rows.iter().filter(|row| row.statement == statement) {
            sheet.gap();
            write_row(sheet, ruleset, row);
        }
    }
    if !indication.not_addressed.is_empty() {
        sheet.gap();
        sheet.paragraph(0, "Of these it does not speak, and an order is then \"not addressed\":");
        for meant in &indication.not_addressed {
            sheet.item(2, &condition(ruleset, meant));
        }
    }
}

fn write_row(sheet: &mut Sheet, ruleset: &Ruleset, row: &Row) {
    sheet.columns(2, "Row", 9, &format!("{} ({})", row.label, row.id));
    let class = row.evidence.map_or_else(|| "no class given".to_owned(), |class| format!("Class {class}"));
    let says = sentence(&row.recommendation.as_str().replace('-', " "));
    let basis = match row.basis {
        CitationBasis::Stated => "the statement says so outright",
        CitationBasis::Interpreted => "our reading of the statement",
    };
    sheet.columns(2, "Says", 9, &format!("{says}; {class}; {basis}"));
    let when = if row.when.terms.is_empty() { "always".to_owned() } else { condition(ruleset, &row.when) };
    sheet.columns(2, "When", 9, &when);
    let mut flag = ruleset.policy.flags.of(row.recommendation);
    if row.basis == CitationBasis::Interpreted {
        flag = flag.min(ruleset.policy.caps.interpreted);
    }
    let own = ruleset.policy.caps.rows.iter().find(|(capped, _)| ruleset.rows[usize::from(*capped)].id == row.id);
    if let Some((_, cap)) = own {
        flag = flag.min(*cap);
    }
    let flag = match flag {
        Flag::Clear => "an order that it governs is clear",
        Flag::Review => "an order that it governs is for review",
        Flag::Flagged => "an order that it governs is flagged, or for review on weaker grounds",
    };
    sheet.columns(2, "Audit", 9, flag);
    if let Some(note) = &row.note {
        sheet.columns(2, "Note", 9, note);
    }
}
