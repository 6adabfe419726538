//! The reason of one assessment: which of its steps a reader of findings needs, in at most four sentences.

use super::{Explanation, listed, words};
use crate::assess::assessment::{RowSet, Step, Wanting};
use crate::assess::fact::Tier;
use crate::guideline::{Determination, Recommendation};
use crate::rules::Strength;

/// The most sentences of a reason.
const SENTENCES_MAX: usize = 4;

impl Explanation<'_> {
    /// One to four sentences for the findings: what it rests on, what is presumed or open, what the
    /// statement says, and what would settle or change it or what else a reader should know.
    #[must_use]
    pub fn reason(&self) -> String {
        let mut sentences: Vec<String> = self.basis().into_iter().chain(self.condition()).collect();
        sentences.push(self.answer());
        let asked = self.assessment.would_change.first().map(|first| self.change(*first));
        let asides = self.capped().into_iter().chain(self.noted()).chain(self.beside());
        let room = SENTENCES_MAX.saturating_sub(sentences.len() + usize::from(asked.is_some()));
        sentences.extend(asides.take(room));
        sentences.extend(asked);
        sentences.join(" ")
    }

    /// The first step that `wanted` accepts and that is not about an indication that does not govern.
    fn about(&self, wanted: fn(&Step) -> bool) -> Option<&Step> {
        let governs = |indication: u16| {
            self.assessment.rows.is_empty()
                || self.assessment.rows.iter().any(|row| self.ruleset.rows[row].indication == indication)
        };
        self.assessment.steps.iter().find(|step| wanted(step) && indication_of(step).is_none_or(governs))
    }

    /// What governs: the codes, the combination or the name behind it.
    fn basis(&self) -> Option<String> {
        let step = match self.assessment.determination {
            Determination::OtherUse => self.about(|step| matches!(step, Step::Outside { .. })),
            _ => self
                .about(|step| matches!(step, Step::Contradicted { .. } | Step::Differential { .. }))
                .or_else(|| self.about(|step| matches!(step, Step::Combined { .. })))
                .or_else(|| self.about(|step| matches!(step, Step::Matched { strength: Strength::Exact, .. })))
                .or_else(|| self.about(|step| matches!(step, Step::Matched { .. })))
                .or_else(|| self.about(|step| matches!(step, Step::Named { .. })))
                .or_else(|| self.about(|step| matches!(step, Step::Mentioned { .. }))),
        };
        step.map(|step| self.step(step))
    }

    /// The presumption, the reading of text or the unknown that the answer depends on.
    fn condition(&self) -> Option<String> {
        if self.assessment.determination == Determination::OtherUse {
            return self.stands_beside();
        }
        let unanswered = self.assessment.determination == Determination::NotAddressed;
        let relied = |fact: u8| {
            self.assessment.wanting == Some(Wanting::Fact(fact))
                || self
                    .assessment
                    .rows
                    .iter()
                    .any(|row| self.ruleset.rows[row].when.terms.iter().any(|(own, _)| *own == fact))
        };
        let fact = |tiers: fn(Tier) -> bool| {
            self.assessment.steps.iter().find(
                |step| matches!(step, Step::Fact { fact, tier, .. } if tiers(*tier) && (unanswered || relied(*fact))),
            )
        };
        let wanted = self.assessment.steps.iter().find(
            |step| matches!(step, Step::Fact { fact, .. } if self.assessment.wanting == Some(Wanting::Fact(*fact))),
        );
        wanted
            .or_else(|| self.about(|step| matches!(step, Step::Refined { .. })))
            .or_else(|| fact(|tier| tier == Tier::Text))
            .or_else(|| fact(|tier| matches!(tier, Tier::Presumed(_))))
            .map(|step| self.step(step))
    }

    fn answer(&self) -> String {
        let title = &self.ruleset.info.short_title;
        match self.assessment.determination {
            Determination::Indeterminate => {
                let open: Vec<String> = self.assessment.open.iter().map(|answer| self.open(*answer)).collect();
                let quoted = self.quoted(self.assessment.rows);
                let quoted = if quoted.is_empty() { quoted } else { format!(": {quoted}") };
                format!("{title}: the answer is open between {}{quoted}.", listed(&open, "and"))
            }
            Determination::OtherUse => {
                "The statement does not judge this use, and nothing is said here of whether it is appropriate."
                    .to_owned()
            }
            Determination::NotAddressed => format!("{title} says nothing of what this order carries."),
            Determination::NoDiagnosis => {
                "The order carries no usable diagnosis code and no text that asserts an indication.".to_owned()
            }
            _ => self.rows(self.assessment.rows),
        }
    }

    /// One open answer with the rows behind it.
    fn open(&self, answer: Determination) -> String {
        let rows = self.assessment.rows.iter().map(|row| &self.ruleset.rows[row]);
        let labels: Vec<String> =
            rows.filter(|row| Determination::from(row.recommendation) == answer).map(|row| row.label.clone()).collect();
        let said = Recommendation::ALL.iter().find(|each| Determination::from(**each) == answer);
        match said {
            Some(recommendation) => format!("“{}” ({})", words(*recommendation), listed(&labels, "or")),
            None => "“not addressed”".to_owned(),
        }
    }

    /// What the statement says of some rows, each quotation once.
    pub(super) fn rows(&self, rows: RowSet) -> String {
        let said: Vec<String> = rows
            .iter()
            .map(|row| {
                let row = &self.ruleset.rows[row];
                let class = row.evidence.map_or_else(|| "no class given".to_owned(), |class| format!("Class {class}"));
                let note = row.note.as_ref().map(|note| format!(" ({})", note.trim_end_matches('.')));
                format!("{} is {}, {class}{}", row.label, words(row.recommendation), note.unwrap_or_default())
            })
            .collect();
        format!("{}: {}: {}.", self.ruleset.info.short_title, said.join("; "), self.quoted(rows))
    }

    fn quoted(&self, rows: RowSet) -> String {
        let mut cited: Vec<u16> = rows.iter().map(|row| self.ruleset.rows[row].statement).collect();
        cited.sort_unstable();
        cited.dedup();
        let text = |at: u16| self.ruleset.statements[usize::from(at)].text.trim_end_matches('.');
        let quotations: Vec<String> = cited.into_iter().map(|at| format!("“{}”", text(at))).collect();
        listed(&quotations, "and")
    }

    /// The rows beside a use outside the statement.
    fn stands_beside(&self) -> Option<String> {
        let beside = self.assessment.also_matched;
        (!beside.is_empty()).then(|| format!("A listed condition stands beside it; {}", self.rows(beside)))
    }

    fn change(&self, wanting: Wanting) -> String {
        let ask = wanting.ask(self.ruleset).trim_end_matches('.');
        match self.assessment.determination {
            Determination::Indeterminate | Determination::NotAddressed | Determination::NoDiagnosis => {
                format!("To settle it, ask for {ask}.")
            }
            _ => format!("The answer could change with {ask}."),
        }
    }

    fn capped(&self) -> Option<String> {
        self.about(|step| matches!(step, Step::Capped { .. })).map(|step| self.step(step))
    }

    fn noted(&self) -> Option<String> {
        self.about(|step| matches!(step, Step::Noted { .. })).map(|step| self.step(step))
    }

    /// Other rows, beside a listed condition that governs.
    fn beside(&self) -> Option<String> {
        if self.assessment.rows.is_empty() || self.assessment.also_matched.is_empty() {
            return None;
        }
        let rows = self.assessment.also_matched.iter().map(|row| &self.ruleset.rows[row]);
        let labels: Vec<String> = rows.map(|row| format!("{} ({})", row.label, words(row.recommendation))).collect();
        Some(format!("Also on the order, and not governing: {}.", listed(&labels, "and")))
    }
}

fn indication_of(step: &Step) -> Option<u16> {
    match step {
        Step::Matched { indication, .. }
        | Step::Combined { indication, .. }
        | Step::Named { indication, .. }
        | Step::Refined { by: indication, .. }
        | Step::Noted { indication, .. } => Some(*indication),
        _ => None,
    }
}
