//! From steps to sentences. Decides nothing: each sentence renders one step that the deciding code recorded,
//! and cites the rule's phrase or the guideline's statement, never the record's text.

use super::assessment::{Assessment, Ground, Step, Wanting};
use super::fact::Tier;
use super::text::NotAsserted;
use crate::guideline::{Determination, Recommendation};
use crate::order::Order;
use crate::rules::{ListId, Ruleset, Strength};

/// The sentence that every report of findings carries.
pub const PROMPT: &str = "A flag is a prompt for a clinician's review, not a determination of coverage.";

/// Renders the steps of one assessment.
#[derive(Debug, Clone, Copy)]
pub struct Explanation<'a> {
    ruleset: &'a Ruleset,
    order: &'a Order,
    assessment: &'a Assessment,
}

impl<'a> Explanation<'a> {
    /// The explanation of an assessment of an order.
    #[must_use]
    pub fn new(ruleset: &'a Ruleset, order: &'a Order, assessment: &'a Assessment) -> Self {
        Self { ruleset, order, assessment }
    }

    /// The whole chain, one sentence a step.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.assessment.steps.iter().map(|step| self.step(step)).collect()
    }

    /// One to four sentences for the findings: what it rests on, what is presumed or open, what the
    /// statement says, what would change it.
    #[must_use]
    pub fn reason(&self) -> String {
        let mut sentences = Vec::new();
        sentences.extend(self.basis());
        sentences.extend(self.condition());
        sentences.push(self.answer());
        if let Some(first) = self.assessment.would_change.first() {
            sentences.push(self.change(*first));
        }
        sentences.join(" ")
    }

    /// What governs: the codes, the combination or the name behind it.
    fn basis(&self) -> Option<String> {
        let governing: Vec<u16> = self.assessment.rows.iter().map(|row| self.ruleset.rows[row].indication).collect();
        let about = |indication: &u16| governing.is_empty() || governing.contains(indication);
        let by = |wanted: fn(&Step) -> bool| {
            self.assessment.steps.iter().find(|step| wanted(step) && indication_of(step).is_none_or(|own| about(&own)))
        };
        let step = match self.assessment.determination {
            Determination::OtherUse => by(|step| matches!(step, Step::Outside { .. })),
            Determination::NoDiagnosis => None,
            _ => by(|step| matches!(step, Step::Contradicted { .. } | Step::Differential { .. }))
                .or_else(|| by(|step| matches!(step, Step::Combined { .. })))
                .or_else(|| by(|step| matches!(step, Step::Matched { strength: Strength::Exact, .. })))
                .or_else(|| by(|step| matches!(step, Step::Matched { .. })))
                .or_else(|| by(|step| matches!(step, Step::Named { .. }))),
        };
        step.map(|step| self.step(step))
    }

    /// The presumption, the reading of text or the unknown that the answer depends on.
    fn condition(&self) -> Option<String> {
        let rows: Vec<usize> = self.assessment.rows.iter().collect();
        let relied = |fact: u8| {
            rows.iter().any(|row| self.ruleset.rows[*row].when.terms.iter().any(|(own, _)| *own == fact))
                || self.assessment.wanting == Some(Wanting::Fact(fact))
        };
        let facts =
            || self.assessment.steps.iter().filter(|step| matches!(step, Step::Fact { fact, .. } if relied(*fact)));
        let wanted = facts().find(
            |step| matches!(step, Step::Fact { fact, .. } if self.assessment.wanting == Some(Wanting::Fact(*fact))),
        );
        let text = || facts().find(|step| matches!(step, Step::Fact { tier: Tier::Text, .. }));
        let presumed = || facts().find(|step| matches!(step, Step::Fact { tier: Tier::Presumed(_), .. }));
        let refined = || self.assessment.steps.iter().find(|step| matches!(step, Step::Refined { .. }));
        wanted.or_else(refined).or_else(text).or_else(presumed).map(|step| self.step(step))
    }

    fn answer(&self) -> String {
        let title = &self.ruleset.info.short_title;
        match self.assessment.determination {
            Determination::Indeterminate => {
                let open: Vec<String> = self.assessment.open.iter().map(|answer| answer.as_str().replace('_', " ")).collect();
                format!("{title}: the answer is open between {}.", open.join(" and "))
            }
            Determination::OtherUse => "The statement is about neuromuscular disorders and does not judge this use; that says nothing about whether the use is appropriate.".to_owned(),
            Determination::NotAddressed => format!("{title} says nothing of what this order carries."),
            Determination::NoDiagnosis => "The order carries no usable diagnosis code and no text that names an indication.".to_owned(),
            _ => {
                let rows: Vec<String> = self.assessment.rows.iter().map(|row| self.row(row)).collect();
                rows.join(" ")
            }
        }
    }

    fn change(&self, wanting: Wanting) -> String {
        format!("It would change with {}.", wanting.ask(self.ruleset).trim_end_matches('.'))
    }

    fn indication(&self, index: u16) -> &str {
        &self.ruleset.indications[usize::from(index)].label
    }

    fn code(&self, diagnosis: usize, list: ListId) -> String {
        let Some(code) = self.order.diagnoses.get(diagnosis).and_then(|diagnosis| diagnosis.code.ok()) else {
            return "a diagnosis".to_owned();
        };
        match self.ruleset.lists.title(list, code) {
            Some(title) => format!("{code} ({title})"),
            None => code.to_string(),
        }
    }

    fn row(&self, row: usize) -> String {
        let row = &self.ruleset.rows[row];
        let class = row.evidence.map_or_else(|| ", no class given".to_owned(), |class| format!(", Class {class}"));
        let note = row.note.as_ref().map(|note| format!(" {}.", note.trim_end_matches('.'))).unwrap_or_default();
        let statement = self.ruleset.statement_of(row);
        format!(
            "{}: {} is {}{class}: “{}”.{note}",
            self.ruleset.info.short_title,
            row.label,
            words(row.recommendation),
            statement.text.trim_end_matches('.')
        )
    }

    fn step(&self, step: &Step) -> String {
        match step {
            Step::Matched { diagnosis, list, indication, strength, rule } => {
                let how = match strength {
                    Strength::Exact => "is the code of",
                    Strength::Broad => "is a broad code that covers",
                    Strength::Proxy => "is used, for want of a better code, for",
                };
                format!(
                    "{} {how} {}{}.",
                    self.code(*diagnosis, *list),
                    self.indication(*indication),
                    self.note(*indication, *rule)
                )
            }
            Step::Combined { diagnoses, indication, rule, .. } => {
                let codes: Vec<String> = (0..self.order.diagnoses.len())
                    .filter(|index| diagnoses & (1 << index) != 0)
                    .filter_map(|index| self.order.diagnoses[index].code.ok().map(|code| code.to_string()))
                    .collect();
                format!(
                    "{} together stand for {}{}.",
                    codes.join(" and "),
                    self.indication(*indication),
                    self.note(*indication, *rule)
                )
            }
            Step::Named { indication, phrase } => {
                format!("The text names {} (“{}”).", self.indication(*indication), self.ruleset.phrases.phrase(*phrase))
            }
            Step::Mentioned { indication, phrase, how } => {
                format!(
                    "The text mentions {} (“{}”) {}, so it does not count.",
                    self.indication(*indication),
                    self.ruleset.phrases.phrase(*phrase),
                    mentioned(*how)
                )
            }
            Step::Fact { fact, values, tier } => self.fact(*fact, *values, *tier),
            Step::Refined { by, removed } => {
                format!("{} refines {}, which no longer counts.", self.indication(*by), self.indication(*removed))
            }
            Step::Contradicted { named, exact } => {
                format!(
                    "The text names {} while a code stands exactly for {}, and the statement answers them differently.",
                    self.indication(*named),
                    self.indication(*exact)
                )
            }
            Step::Differential { first, second } => {
                format!("The text weighs {} against {}.", self.indication(*first), self.indication(*second))
            }
            Step::Governs { row } => self.row(*row),
            Step::AlsoMatched { row } => format!("Also matched: {}.", self.ruleset.rows[*row].label),
            Step::Outside { diagnosis, list, established: true } => {
                format!("{} is an established use outside this statement.", self.code(*diagnosis, *list))
            }
            Step::Outside { diagnosis, list, established: false } => {
                format!("{} is a condition outside this statement.", self.code(*diagnosis, *list))
            }
            Step::Capped { ground, from, to } => {
                format!("The flag is {to} and not {from}, because {}.", capped(*ground))
            }
        }
    }

    fn note(&self, indication: u16, rule: usize) -> String {
        let each = &self.ruleset.indications[usize::from(indication)].matches[rule];
        each.note.as_ref().map(|note| format!("; {}", note.trim_end_matches('.'))).unwrap_or_default()
    }

    fn fact(&self, fact: u8, values: u8, tier: Tier) -> String {
        let fact = &self.ruleset.facts[usize::from(fact)];
        let labels: Vec<&str> = fact
            .value_labels
            .iter()
            .enumerate()
            .filter(|(at, _)| values & (1 << at) != 0)
            .map(|(_, label)| label.as_str())
            .collect();
        let value = labels.join(" or ");
        let label = capitalised(&fact.label);
        match tier {
            Tier::Stated => format!("{label}: {value}."),
            Tier::Text => format!("{label}: {value}, from the text."),
            Tier::Presumed(at) => {
                format!("{label}: presumed {value}; {}.", fact.defaults[usize::from(at)].note.trim_end_matches('.'))
            }
            Tier::Unmentioned(at) => {
                format!("{label}: {value}; {}.", fact.defaults[usize::from(at)].note.trim_end_matches('.'))
            }
            Tier::Conflict => format!("{label}: the sources disagree ({value})."),
            Tier::Open => format!("{label} is not known ({value})."),
        }
    }
}

fn indication_of(step: &Step) -> Option<u16> {
    match step {
        Step::Matched { indication, .. } | Step::Combined { indication, .. } | Step::Named { indication, .. } => {
            Some(*indication)
        }
        _ => None,
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// How a text mentions what it does not assert.
fn mentioned(how: NotAsserted) -> &'static str {
    match how {
        NotAsserted::Negated => "as not so",
        NotAsserted::Hedged => "as uncertain",
        NotAsserted::Past => "as past",
        NotAsserted::Family => "of a relative",
        NotAsserted::Weighed => "as one of several",
    }
}

/// Why a flag was lowered.
fn capped(ground: Ground) -> &'static str {
    match ground {
        Ground::ProxyOnly => "it rests on a proxy code only",
        Ground::TextWithoutDiagnosis => "it rests on text without any usable diagnosis code",
        Ground::TextWithoutSupportingCode => "it rests on text that no diagnosis code supports",
        Ground::Interpreted => "the row is a reading of the statement, not its words",
    }
}

/// A recommendation in the statement's manner of speaking.
#[must_use]
pub fn words(recommendation: Recommendation) -> &'static str {
    match recommendation {
        Recommendation::Recommended => "recommended",
        Recommendation::Consider => "to be considered",
        Recommendation::InsufficientEvidence => "without sufficient evidence",
        Recommendation::NotRecommended => "not recommended",
    }
}
