//! The reason of one assessment: which of its steps a reader of findings needs, in at most four sentences.

use super::{Explanation, listed, words};
use crate::assess::assessment::{RowSet, Step, Wanting};
use crate::assess::fact::Tier;
use crate::assess::text::NotAsserted;
use crate::assess::warning::Warning;
use crate::codes::DiagnosisCode;
use crate::guideline::{Certainty, Determination, Recommendation};
use crate::rules::{Condition, Info, Strength};

/// The most sentences of a reason.
const SENTENCES_MAX: usize = 4;

impl Explanation<'_> {
    /// One to four sentences for the findings: what it rests on, what is presumed or open, what the
    /// statement says, and what would settle or change it or what else a reader should know.
    #[must_use]
    pub fn reason(&self) -> String {
        let asked = self.change();
        let mut sentences = self.opening();
        let negated = match self.negated() {
            Some(clause) if sentences.len() + usize::from(asked.is_some()) >= SENTENCES_MAX - 1 => {
                append(sentences.first_mut(), &clause);
                None
            }
            other => other,
        };
        sentences.push(self.answer());
        let room = SENTENCES_MAX.saturating_sub(sentences.len() + usize::from(asked.is_some()));
        let capped = match self.capped() {
            Some(clause) if room == 0 => {
                append(sentences.last_mut(), &clause);
                None
            }
            other => other,
        };
        let asides = negated.into_iter().chain(capped).chain(self.noted()).chain(self.beside());
        sentences.extend(asides.take(room));
        sentences.extend(asked);
        sentences.join(" ")
    }

    /// What governs and what it depends on, in at most two sentences. Where text decided, one of them says so.
    fn opening(&self) -> Vec<String> {
        let (basis, condition) = match self.assessment.determination {
            Determination::OtherUse => (self.basis(), None),
            _ => (self.basis(), self.condition()),
        };
        let told = basis.into_iter().chain(condition).any(tells_of_text);
        let mut sentences: Vec<String> = basis
            .map(|step| self.basis_sentence(step))
            .into_iter()
            .chain(condition.map(|step| self.step(step)))
            .collect();
        if self.assessment.determination == Determination::OtherUse {
            sentences.extend(self.stands_beside());
        } else if !told
            && self.assessment.certainty == Certainty::Text
            && let Some(step) = self.text_step()
        {
            match sentences.len() {
                0 | 1 => sentences.push(self.step(step)),
                _ => append(sentences.first_mut(), &self.step(step)),
            }
        }
        sentences
    }

    /// The step by which text decided: the name of what governs, or a fact that is read from the text.
    fn text_step(&self) -> Option<&Step> {
        self.fact_step(|tier| matches!(tier, Tier::Text | Tier::Conflict), true)
            .or_else(|| self.about(|step| matches!(step, Step::Named { .. })))
            .or_else(|| self.fact_step(|tier| matches!(tier, Tier::Text | Tier::Conflict), false))
            .or_else(|| self.assessment.steps.iter().find(|step| tells_of_text(step)))
    }

    /// The first step that `wanted` accepts and that is not about an indication that does not govern.
    fn about(&self, wanted: fn(&Step) -> bool) -> Option<&Step> {
        let governs = |indication: u16| self.governs(indication);
        self.assessment.steps.iter().find(|step| wanted(step) && indication_of(step).is_none_or(governs))
    }

    /// Whether an indication is among those that govern; with no governing row, any is.
    fn governs(&self, indication: u16) -> bool {
        self.assessment.rows.is_empty()
            || self.assessment.rows.iter().any(|row| self.ruleset.rows[row].indication == indication)
    }

    /// What governs: the codes, the combination or the name behind it.
    fn basis(&self) -> Option<&Step> {
        match self.assessment.determination {
            Determination::OtherUse => self.about(|step| matches!(step, Step::Outside { .. })),
            _ => self
                .about(|step| matches!(step, Step::Contradicted { .. } | Step::Differential { .. }))
                .or_else(|| self.about(|step| matches!(step, Step::Combined { .. })))
                .or_else(|| self.about(|step| matches!(step, Step::Matched { strength: Strength::Exact, .. })))
                .or_else(|| self.about(|step| matches!(step, Step::Matched { .. })))
                .or_else(|| self.about(|step| matches!(step, Step::Named { .. })))
                .or_else(|| self.about(|step| matches!(step, Step::Mentioned { .. }))),
        }
    }

    /// The sentence of the basis; where exact codes of several indications govern, it names one of each.
    fn basis_sentence(&self, basis: &Step) -> String {
        if !matches!(basis, Step::Matched { strength: Strength::Exact, .. }) || self.assessment.rows.is_empty() {
            return self.step(basis);
        }
        let mut seen: Vec<u16> = Vec::new();
        let mut clauses: Vec<String> = Vec::new();
        for step in &self.assessment.steps {
            let Step::Matched { indication, strength: Strength::Exact, .. } = step else { continue };
            if self.governs(*indication) && !seen.contains(indication) {
                seen.push(*indication);
                clauses.push(self.step(step).trim_end_matches('.').to_owned());
            }
        }
        format!("{}.", listed(&clauses, "and"))
    }

    /// The presumption, the reading of text or the unknown that the answer depends on.
    fn condition(&self) -> Option<&Step> {
        let wanted = self.assessment.steps.iter().find(
            |step| matches!(step, Step::Fact { fact, .. } if self.assessment.wanting == Some(Wanting::Fact(*fact))),
        );
        let untold = self.assessment.certainty == Certainty::Text && !self.basis().is_some_and(tells_of_text);
        wanted
            .or_else(|| self.about(|step| matches!(step, Step::Refined { .. })))
            .or_else(|| self.fact_step(|tier| tier == Tier::Text, true))
            .or_else(|| self.text_step().filter(|_| untold))
            .or_else(|| self.fact_step(|tier| matches!(tier, Tier::Presumed(_)), true))
            .or_else(|| self.fact_step(|tier| matches!(tier, Tier::Presumed(_)), false))
    }

    /// The first fact of some tier that the governing rows turn on or, beyond `rows_only`, that a code or a name
    /// behind them needs. Where no row governs, any fact.
    fn fact_step(&self, tiers: fn(Tier) -> bool, rows_only: bool) -> Option<&Step> {
        let unanswered = self.assessment.determination == Determination::NotAddressed;
        let turns_on = |fact: u8| {
            self.assessment.rows.iter().any(|row| holds_fact(&self.ruleset.rows[row].when, fact))
                || self.assessment.wanting == Some(Wanting::Fact(fact))
        };
        let needs = |fact: u8| {
            self.assessment.steps.iter().any(|step| match step {
                Step::Matched { indication, rule, .. } | Step::Combined { indication, rule, .. } => {
                    let matches = &self.ruleset.indications[usize::from(*indication)].matches;
                    self.governs(*indication) && holds_fact(&matches[*rule].requires, fact)
                }
                Step::Named { indication, .. } => {
                    let names = &self.ruleset.indications[usize::from(*indication)].names;
                    self.governs(*indication) && names.as_ref().is_some_and(|names| holds_fact(&names.requires, fact))
                }
                _ => false,
            })
        };
        self.assessment.steps.iter().find(|step| {
            matches!(step, Step::Fact { fact, tier, .. }
                if tiers(*tier) && (unanswered || turns_on(*fact) || !rows_only && needs(*fact)))
        })
    }

    /// That the text negates what governs all the same, by its code.
    fn negated(&self) -> Option<String> {
        let negates = |step: &Step| match step {
            Step::Mentioned { indication, phrase, how: NotAsserted::Negated }
                if !self.assessment.rows.is_empty() && self.governs(*indication) =>
            {
                Some((*indication, *phrase))
            }
            _ => None,
        };
        let (indication, phrase) = self.assessment.steps.iter().find_map(negates)?;
        Some(format!(
            "The text negates {} (“{}”), and the answer rests on the codes all the same.",
            self.indication(indication),
            self.ruleset.phrases.phrase(phrase)
        ))
    }

    /// Whose words count: the ruleset's, and those it is laid over.
    fn titles(&self) -> String {
        let titles: Vec<String> = self.ruleset.layers.iter().map(|layer| layer.short_title.clone()).collect();
        listed(&titles, "and")
    }

    fn answer(&self) -> String {
        let title = self.titles();
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
            Determination::NotAddressed => self.says_nothing(),
            Determination::NoDiagnosis => {
                "The order carries no usable diagnosis code and no text that asserts an indication.".to_owned()
            }
            _ => self.rows(self.assessment.rows),
        }
    }

    /// That no row answers. Codes of a system that no list reads are not said to be outside the statement.
    fn says_nothing(&self) -> String {
        let title = self.titles();
        let says = if self.ruleset.layers.len() > 1 { "say" } else { "says" };
        if !self.assessment.warnings.contains(&Warning::CodeSystemNotCovered) {
            return format!("{title} {says} nothing of what this order carries.");
        }
        let unread = "ICD-9-CM codes are not read by this ruleset, so nothing can be said of them";
        let others = self.order.diagnoses.iter().any(|each| matches!(each.code, Ok(DiagnosisCode::Icd10(_))));
        if others || !self.assessment.steps.is_empty() {
            format!("{title} {says} nothing of what else this order carries; its {unread}.")
        } else {
            format!("The order's {unread}.")
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

    /// What the statement says of some rows, each quotation once; where rows come from several sources, a sentence each.
    pub(super) fn rows(&self, rows: RowSet) -> String {
        let origin = |row: usize| self.ruleset.statement_of(&self.ruleset.rows[row]).origin;
        let of_layer = |(at, layer): (usize, &Info)| {
            let own: RowSet = rows.iter().filter(|row| usize::from(origin(*row)) == at).collect();
            (!own.is_empty()).then(|| format!("{}: {}: {}.", layer.short_title, self.said(own), self.quoted(own)))
        };
        let sentences: Vec<String> = self.ruleset.layers.iter().enumerate().filter_map(of_layer).collect();
        sentences.join(" ")
    }

    fn said(&self, rows: RowSet) -> String {
        let said: Vec<String> = rows
            .iter()
            .map(|row| {
                let row = &self.ruleset.rows[row];
                let class = row.evidence.map_or_else(|| "no class given".to_owned(), |class| format!("Class {class}"));
                let note = row.note.as_ref().map(|note| format!(" ({})", note.trim_end_matches('.')));
                format!("{} is {}, {class}{}", row.label, words(row.recommendation), note.unwrap_or_default())
            })
            .collect();
        said.join("; ")
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

    /// What to ask for first, and with it what it moves the answer only together with.
    fn change(&self) -> Option<String> {
        let first = self.assessment.would_change.first()?;
        let together = self.assessment.together.filter(|pair| pair.contains(first));
        let wanted: Vec<Wanting> = together.map_or_else(|| vec![*first], Vec::from);
        let mut asks: Vec<String> =
            wanted.iter().map(|each| self.ask(*each).trim_end_matches('.').to_owned()).collect();
        asks.dedup();
        let ask = listed(&asks, "and");
        Some(match self.assessment.determination {
            Determination::Indeterminate | Determination::NotAddressed | Determination::NoDiagnosis => {
                format!("To settle it, ask for {ask}.")
            }
            _ => format!("The answer could change with {ask}."),
        })
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

/// Adds a sentence to another as a further clause.
fn append(to: Option<&mut String>, sentence: &str) {
    if let Some(to) = to {
        let mut chars = sentence.chars();
        let head: String = chars.next().map(|head| head.to_lowercase().collect()).unwrap_or_default();
        *to = format!("{}; {head}{}", to.trim_end_matches('.'), chars.as_str());
    }
}

fn holds_fact(condition: &Condition, fact: u8) -> bool {
    condition.terms.iter().any(|(own, _)| *own == fact)
}

/// Whether the sentence of a step says what the text says.
fn tells_of_text(step: &Step) -> bool {
    matches!(
        step,
        Step::Named { .. }
            | Step::Contradicted { .. }
            | Step::Differential { .. }
            | Step::Fact { tier: Tier::Text | Tier::Conflict, .. }
    )
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
