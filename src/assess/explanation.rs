//! From steps to sentences. Decides nothing: each sentence renders one step that the deciding code recorded,
//! and cites the rule's phrase or the guideline's statement, never the record's text.

mod reason;
mod sentences;

use super::assessment::{Assessment, Ground, RowSet, Step, Wanting};
use super::fact::Tier;
use super::text::NotAsserted;
use crate::codes::DiagnosisCode;
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
        let line = |step| {
            let mut line = String::new();
            self.step(&mut line, step);
            line
        };
        self.assessment.steps.iter().map(line).collect()
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

    /// The code of a diagnosis with its title.
    fn code(&self, out: &mut String, diagnosis: usize, list: ListId) {
        let Some(code) = self.order.diagnoses.get(diagnosis).and_then(|diagnosis| diagnosis.code.ok()) else {
            out.push_str("a diagnosis");
            return;
        };
        shown(out, code);
        if let Some(title) = self.title(diagnosis, list) {
            add(out, &[" (", title, ")"]);
        }
    }

    /// The codes of a mask of diagnoses, each once, as a list.
    fn codes(&self, out: &mut String, mask: u64) {
        let within = || self.order.diagnoses.iter().take(DIAGNOSES_MAX).enumerate();
        let masked = || within().filter(|(at, _)| mask & (1 << at) != 0).filter_map(|(_, each)| each.code.ok());
        let first = |at: usize, code: DiagnosisCode| !masked().take(at).any(|other| reads_alike(other, code));
        let codes = masked().enumerate().filter(|(at, code)| first(*at, *code)).map(|(_, code)| code);
        list(out, codes, "and", shown);
    }

    /// The sentence of a step.
    fn step(&self, out: &mut String, step: &Step) {
        match step {
            Step::Matched { diagnosis, list, indication, strength, rule } => {
                self.code(out, *diagnosis, *list);
                self.stands(out, (*diagnosis, *list), *indication, *strength);
                self.note(out, *indication, *rule);
                out.push('.');
            }
            Step::Combined { diagnoses, indication, rule, .. } => {
                self.codes(out, *diagnoses);
                add(out, &[" together stand for ", self.indication(*indication)]);
                self.note(out, *indication, *rule);
                out.push('.');
            }
            Step::Named { indication, phrase } => {
                add(out, &["The text names ", self.indication(*indication), " (“", self.phrase(*phrase), "”)."]);
            }
            Step::Mentioned { indication, phrase, how } => {
                add(out, &["The text mentions ", self.indication(*indication), " (“", self.phrase(*phrase)]);
                add(out, &["”) ", mentioned(*how), ", so it does not count."]);
            }
            Step::Fact { fact, values, tier } => self.fact(out, *fact, *values, *tier),
            Step::Refined { by, removed } => {
                let (by, removed) = (self.indication(*by), self.indication(*removed));
                add(out, &[by, " refines ", removed, ", which no longer counts."]);
            }
            Step::Contradicted { named, coded, exact } => {
                let stands = if *exact { "stands exactly for" } else { "covers" };
                let (named, coded) = (self.indication(*named), self.indication(*coded));
                add(out, &["The text names ", named, " while a code ", stands, " ", coded]);
                out.push_str(", and the statement answers them differently.");
            }
            Step::Differential { first, second } => {
                let (first, second) = (self.indication(*first), self.indication(*second));
                add(out, &["The text weighs ", first, " against ", second, "."]);
            }
            Step::Governs { row } => self.rows(out, RowSet::of(*row)),
            Step::AlsoMatched { row } => add(out, &["Also matched: ", &self.ruleset.rows[*row].label, "."]),
            Step::Outside { diagnosis, list, established } => {
                self.code(out, *diagnosis, *list);
                out.push_str(if *established {
                    " is, by a list of this ruleset and not of the statement, an established use outside it."
                } else {
                    " is a condition outside this statement."
                });
            }
            Step::Noted { indication, note } => {
                let note = &self.ruleset.indications[usize::from(*indication)].notes[*note];
                add(out, &[note.text.trim_end_matches('.'), "."]);
            }
            Step::Capped { ground, from, to } => {
                add(
                    out,
                    &["The flag is ", to.as_str(), " and not ", from.as_str(), ", because ", capped(*ground), "."],
                );
            }
        }
    }

    /// How a code of a list stands for an indication.
    fn stands(&self, out: &mut String, (diagnosis, list): (usize, ListId), indication: u16, strength: Strength) {
        let label = self.indication(indication);
        let titled_alike = || self.title(diagnosis, list).is_some_and(|title| title.eq_ignore_ascii_case(label));
        match strength {
            Strength::Exact => add(out, &[" is the code of ", label]),
            Strength::Broad if titled_alike() => add(out, &[" does not say which form of ", label, " it is"]),
            Strength::Broad => add(out, &[" is a broad code that covers ", label]),
            Strength::Proxy => add(out, &[" is read as standing in for ", label]),
        }
    }

    fn phrase(&self, phrase: u16) -> &str {
        self.ruleset.phrases.phrase(phrase)
    }

    fn note(&self, out: &mut String, indication: u16, rule: usize) {
        let each = &self.ruleset.indications[usize::from(indication)].matches[rule];
        if let Some(note) = &each.note {
            add(out, &["; ", note.trim_end_matches('.')]);
        }
    }

    fn fact(&self, out: &mut String, fact: u8, values: u8, tier: Tier) {
        let fact = &self.ruleset.facts[usize::from(fact)];
        let value = |out: &mut String| {
            let labels = fact.value_labels.iter().enumerate().filter(|(at, _)| values & (1 << at) != 0);
            list(out, labels, "or", |out, (_, label)| out.push_str(label));
        };
        capitalised(out, &fact.label);
        let mut said = |before: &str, after: &[&str]| {
            out.push_str(before);
            value(out);
            add(out, after);
        };
        match tier {
            Tier::Stated => said(": ", &["."]),
            Tier::Text => said(": ", &[", from the text."]),
            Tier::Presumed(at) => {
                said(": presumed ", &["; ", fact.defaults[usize::from(at)].note.trim_end_matches('.'), "."]);
            }
            Tier::Unmentioned(at) => {
                said(": ", &["; ", fact.defaults[usize::from(at)].note.trim_end_matches('.'), "."]);
            }
            Tier::Conflict => said(": the sources disagree, the text among them (", &[")."]),
            Tier::CodesDisagree => said(": the order's codes and fields disagree (", &[")."]),
            Tier::Open => said(" is not known (", &[")."]),
        }
    }
}

/// Adds pieces to a text.
fn add(out: &mut String, pieces: &[&str]) {
    for piece in pieces {
        out.push_str(piece);
    }
}

fn shown(out: &mut String, code: DiagnosisCode) {
    code.push_to(out);
}

/// Whether two codes are written alike; codes of two systems may be.
fn reads_alike(one: DiagnosisCode, other: DiagnosisCode) -> bool {
    one == other || one.version() != other.version() && one.to_string() == other.to_string()
}

/// Adds items as a list: "a, b and c".
fn list<T>(out: &mut String, items: impl Iterator<Item = T>, joint: &str, mut write: impl FnMut(&mut String, T)) {
    let mut items = items.peekable();
    let mut first = true;
    while let Some(item) = items.next() {
        match (first, items.peek().is_some()) {
            (true, _) => {}
            (false, true) => out.push_str(", "),
            (false, false) => add(out, &[" ", joint, " "]),
        }
        first = false;
        write(out, item);
    }
}

fn capitalised(out: &mut String, text: &str) {
    let mut chars = text.chars();
    out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
    out.push_str(chars.as_str());
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
