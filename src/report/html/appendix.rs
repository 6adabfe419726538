//! The guideline behind the figures, every row with its citation.

use crate::report::disclosure::Disclosure;
use crate::report::facts::{self, GuidelineRow, Results, Source};
use crate::report::words;

/// The appendix.
pub(super) struct Appendix {
    /// The newest first.
    pub(super) editions: Vec<Edition>,
    /// Letters of the two sections that are about no edition.
    pub(super) limits: char,
    pub(super) glossary: char,
    pub(super) changes: char,
    pub(super) disclosure: char,
    pub(super) rule: String,
    /// The rulesets that decided.
    pub(super) rulesets: String,
}

/// The three sections about one edition.
pub(super) struct Edition {
    /// Their letters.
    pub(super) letters: [char; 3],
    /// Which edition it is, where there are several.
    pub(super) name: Option<String>,
    /// Its publication, then those of the rulesets below.
    pub(super) sources: Vec<Source>,
    pub(super) indications: Vec<Indication>,
    pub(super) policy: Vec<String>,
    pub(super) open_questions: Vec<String>,
}

/// An indication with its codes, which are those of none of its rows alone.
pub(super) struct Indication {
    pub(super) label: String,
    pub(super) codes: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// One guideline row.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) recommendation: String,
    pub(super) class: String,
    pub(super) statement: String,
    pub(super) basis: String,
    pub(super) cited: String,
}

impl Appendix {
    pub(super) fn of(results: &Results<'_>) -> Self {
        let mut letters = 'A'..='Z';
        let mut letter = || letters.next().unwrap_or('–');
        let several = results.editions.are_several();
        let editions = results.editions.all().map(|edition| Edition {
            letters: [letter(), letter(), letter()],
            name: several.then(|| format!("{} ({})", edition.short_title, edition.name())),
            sources: std::iter::once(&edition.source).chain(&edition.below).cloned().collect(),
            indications: indications(edition),
            policy: edition.policy.clone(),
            open_questions: edition.open_questions.clone(),
        });
        Self {
            editions: editions.collect(),
            limits: letter(),
            glossary: letter(),
            disclosure: letter(),
            changes: letter(),
            rule: Disclosure::rule(),
            rulesets: results.editions.all().map(facts::Appendix::name).collect::<Vec<_>>().join(", "),
        }
    }
}

/// The indications in the order of their first rows.
fn indications(appendix: &facts::Appendix) -> Vec<Indication> {
    let mut ids: Vec<&str> = Vec::new();
    for row in &appendix.rows {
        if !ids.contains(&row.indication.as_str()) {
            ids.push(&row.indication);
        }
    }
    let indication = |id: &str| Indication {
        label: appendix.indication(id).to_owned(),
        codes: appendix.indications.get(id).map(|known| known.codes.clone()).unwrap_or_default(),
        rows: appendix.rows.iter().filter(|row| row.indication == id).map(row).collect(),
    };
    ids.into_iter().map(indication).collect()
}

fn row(row: &GuidelineRow) -> Row {
    Row {
        id: row.id.clone(),
        label: row.label.clone(),
        recommendation: words::determination(&row.recommendation.replace('-', "_")),
        class: row.evidence.as_ref().map_or_else(|| "not stated".to_owned(), |class| format!("Class {class}")),
        statement: row.statement.clone(),
        basis: row.basis.clone(),
        cited: row.cited.clone(),
    }
}
