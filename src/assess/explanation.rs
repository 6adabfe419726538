//! From steps to sentences. Decides nothing: each sentence renders one step that the deciding code recorded,
//! and cites the rule's phrase or the guideline's statement, never the record's text.

mod reason;

use super::assessment::{Assessment, Ground, RowSet, Step, Wanting};
use super::fact::Tier;
use super::text::NotAsserted;
use crate::guideline::{Determination, Recommendation};
use crate::order::{DIAGNOSES_MAX, Order};
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

    /// What to ask for: of an order without a usable code first of all the code.
    #[must_use]
    pub fn ask(&self, wanting: Wanting) -> &'a str {
        let without_code = self.assessment.determination == Determination::NoDiagnosis;
        if wanting == Wanting::Diagnosis && without_code {
            return &self.ruleset.conflict.ask_code;
        }
        wanting.ask(self.ruleset)
    }

    fn indication(&self, index: u16) -> &str {
        &self.ruleset.indications[usize::from(index)].label
    }

    fn title(&self, diagnosis: usize, list: ListId) -> Option<&str> {
        let code = self.order.diagnoses.get(diagnosis)?.code.ok()?;
        self.ruleset.lists.title(list, code)
    }

    fn code(&self, diagnosis: usize, list: ListId) -> String {
        let Some(code) = self.order.diagnoses.get(diagnosis).and_then(|diagnosis| diagnosis.code.ok()) else {
            return "a diagnosis".to_owned();
        };
        match self.title(diagnosis, list) {
            Some(title) => format!("{code} ({title})"),
            None => code.to_string(),
        }
    }

    /// The codes of a mask of diagnoses, each once.
    fn codes(&self, mask: u64) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        let within = self.order.diagnoses.iter().take(DIAGNOSES_MAX).enumerate();
        for (_, diagnosis) in within.filter(|(index, _)| mask & (1 << index) != 0) {
            let code = diagnosis.code.ok().map(|code| code.to_string());
            codes.extend(code.filter(|code| !codes.contains(code)));
        }
        codes
    }

    fn step(&self, step: &Step) -> String {
        match step {
            Step::Matched { diagnosis, list, indication, strength, rule } => {
                let label = self.indication(*indication);
                let titled_alike = self.title(*diagnosis, *list).is_some_and(|title| title.eq_ignore_ascii_case(label));
                let stands = match strength {
                    Strength::Exact => format!("is the code of {label}"),
                    Strength::Broad if titled_alike => format!("does not say which form of {label} it is"),
                    Strength::Broad => format!("is a broad code that covers {label}"),
                    Strength::Proxy => format!("is read as standing in for {label}"),
                };
                format!("{} {stands}{}.", self.code(*diagnosis, *list), self.note(*indication, *rule))
            }
            Step::Combined { diagnoses, indication, rule, .. } => {
                format!(
                    "{} together stand for {}{}.",
                    listed(&self.codes(*diagnoses), "and"),
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
            Step::Contradicted { named, coded, exact } => {
                let stands = if *exact { "stands exactly for" } else { "covers" };
                format!(
                    "The text names {} while a code {stands} {}, and the statement answers them differently.",
                    self.indication(*named),
                    self.indication(*coded)
                )
            }
            Step::Differential { first, second } => {
                format!("The text weighs {} against {}.", self.indication(*first), self.indication(*second))
            }
            Step::Governs { row } => self.rows(RowSet::of(*row)),
            Step::AlsoMatched { row } => format!("Also matched: {}.", self.ruleset.rows[*row].label),
            Step::Outside { diagnosis, list, established: true } => {
                format!(
                    "{} is, by a list of this ruleset and not of the statement, an established use outside it.",
                    self.code(*diagnosis, *list)
                )
            }
            Step::Outside { diagnosis, list, established: false } => {
                format!("{} is a condition outside this statement.", self.code(*diagnosis, *list))
            }
            Step::Noted { indication, note } => {
                let note = &self.ruleset.indications[usize::from(*indication)].notes[*note];
                format!("{}.", note.text.trim_end_matches('.'))
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
        let labels: Vec<String> = fact
            .value_labels
            .iter()
            .enumerate()
            .filter(|(at, _)| values & (1 << at) != 0)
            .map(|(_, label)| label.clone())
            .collect();
        let value = listed(&labels, "or");
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
            Tier::Conflict => format!("{label}: the sources disagree, the text among them ({value})."),
            Tier::CodesDisagree => format!("{label}: the order's codes and fields disagree ({value})."),
            Tier::Open => format!("{label} is not known ({value})."),
        }
    }
}

/// Words as a list: "a, b and c".
fn listed(items: &[String], joint: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {joint} {last}", first.join(", ")),
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
        NotAsserted::Over => "as over",
        NotAsserted::Past => "as past",
        NotAsserted::Family => "of a relative",
        NotAsserted::Elsewhere => "of something else",
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
        Ground::RowPolicy => "the policy of the ruleset lowers this row",
        Ground::CodePolicy => "the policy of the ruleset lowers what rests on this code",
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
