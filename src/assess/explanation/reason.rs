//! The reason of one assessment: which of its steps a reader of findings needs, in at most four sentences.

use super::sentences::{Sentences, without_stop};
use super::{Explanation, add, list, words};
use crate::assess::assessment::{RowSet, Step, Wanting};
use crate::assess::fact::Tier;
use crate::assess::text::NotAsserted;
use crate::assess::warning::Warning;
use crate::codes::DiagnosisCode;
use crate::guideline::{Certainty, Determination, Recommendation};
use crate::rules::{Condition, Strength};

/// The most sentences of a reason.
const SENTENCES_MAX: usize = 4;

impl Explanation<'_> {
    /// One to four sentences for the findings: what it rests on, what is presumed or open, what the
    /// statement says, and what would settle or change it or what else a reader should know.
    #[must_use]
    pub fn reason(&self) -> String {
        let mut reason = String::new();
        self.write_reason(&mut reason);
        reason
    }

    /// Adds the same to a text.
    pub fn write_reason(&self, out: &mut String) {
        let asked = usize::from(!self.assessment.would_change.is_empty());
        let mut sentences = Sentences::into(out);
        self.opening(&mut sentences);
        let mut negated = self.negated();
        if sentences.number() + asked >= SENTENCES_MAX - 1
            && let Some(negated) = negated.take()
        {
            sentences.append_to_first(|out| self.negates(out, negated));
        }
        sentences.push(|out| self.answer(out));
        let mut room = SENTENCES_MAX.saturating_sub(sentences.number() + asked);
        let mut capped = self.about(|step| matches!(step, Step::Capped { .. }));
        if room == 0
            && let Some(capped) = capped.take()
        {
            sentences.append_to_last(|out| self.step(out, capped));
        }
        let mut aside = |write: &dyn Fn(&mut String)| {
            if room > 0 {
                sentences.push(write);
                room -= 1;
            }
        };
        if let Some(negated) = negated {
            aside(&|out| self.negates(out, negated));
        }
        let noted = || self.about(|step| matches!(step, Step::Noted { .. }));
        for step in capped.into_iter().chain(noted()) {
            aside(&|out| self.step(out, step));
        }
        if !self.assessment.rows.is_empty() && !self.assessment.also_matched.is_empty() {
            aside(&|out| self.beside(out));
        }
        if let Some(first) = self.assessment.would_change.first() {
            sentences.push(|out| self.change(out, *first));
        }
    }

    /// What governs and what it depends on, in at most two sentences. Where text decided, one of them says so.
    fn opening(&self, sentences: &mut Sentences<'_>) {
        let other_use = self.assessment.determination == Determination::OtherUse;
        let basis = self.basis();
        let condition = if other_use { None } else { self.condition(basis) };
        if let Some(basis) = basis {
            sentences.push(|out| self.basis_sentence(out, basis));
        }
        if let Some(condition) = condition {
            sentences.push(|out| self.step(out, condition));
        }
        let told = || basis.into_iter().chain(condition).any(tells_of_text);
        if other_use {
            if !self.assessment.also_matched.is_empty() {
                sentences.push(|out| self.stands_beside(out));
            }
        } else if self.assessment.certainty == Certainty::Text
            && !told()
            && let Some(step) = self.text_step()
        {
            match sentences.number() {
                0 | 1 => sentences.push(|out| self.step(out, step)),
                _ => sentences.append_to_first(|out| self.step(out, step)),
            }
        }
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
    fn basis_sentence(&self, out: &mut String, basis: &Step) {
        if !matches!(basis, Step::Matched { strength: Strength::Exact, .. }) || self.assessment.rows.is_empty() {
            self.step(out, basis);
            return;
        }
        let steps = &self.assessment.steps;
        let exact = |step: &Step| match step {
            Step::Matched { indication, strength: Strength::Exact, .. } => Some(*indication),
            _ => None,
        };
        let first = |at: usize, own: u16| !steps[..at].iter().any(|step| exact(step) == Some(own));
        let clauses = steps.iter().enumerate().filter(|(at, step)| {
            exact(step).is_some_and(|indication| self.governs(indication) && first(*at, indication))
        });
        list(out, clauses, "and", |out, (_, step)| {
            let from = out.len();
            self.step(out, step);
            without_stop(out, from);
        });
        out.push('.');
    }

    /// The presumption, the reading of text or the unknown that the answer depends on.
    fn condition(&self, basis: Option<&Step>) -> Option<&Step> {
        let wanted = self.assessment.steps.iter().find(
            |step| matches!(step, Step::Fact { fact, .. } if self.assessment.wanting == Some(Wanting::Fact(*fact))),
        );
        let untold = self.assessment.certainty == Certainty::Text && !basis.is_some_and(tells_of_text);
        wanted
            .or_else(|| self.about(|step| matches!(step, Step::Refined { .. })))
            .or_else(|| self.fact_step(|tier| tier == Tier::Text, true))
            .or_else(|| if untold { self.text_step() } else { None })
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

    /// What the text negates and what governs all the same, by its code: the indication and the phrase.
    fn negated(&self) -> Option<(u16, u16)> {
        let negates = |step: &Step| match step {
            Step::Mentioned { indication, phrase, how: NotAsserted::Negated }
                if !self.assessment.rows.is_empty() && self.governs(*indication) =>
            {
                Some((*indication, *phrase))
            }
            _ => None,
        };
        self.assessment.steps.iter().find_map(negates)
    }

    fn negates(&self, out: &mut String, (indication, phrase): (u16, u16)) {
        add(out, &["The text negates ", self.indication(indication), " (“", self.phrase(phrase)]);
        out.push_str("”), and the answer rests on the codes all the same.");
    }

    /// Whose words count: the ruleset's, and those it is laid over.
    fn titles(&self, out: &mut String) {
        list(out, self.ruleset.layers.iter(), "and", |out, layer| out.push_str(&layer.short_title));
    }

    fn answer(&self, out: &mut String) {
        match self.assessment.determination {
            Determination::Indeterminate => {
                self.titles(out);
                out.push_str(": the answer is open between ");
                list(out, self.assessment.open.iter(), "and", |out, answer| self.open(out, *answer));
                if !self.assessment.rows.is_empty() {
                    out.push_str(": ");
                    self.quoted(out, self.assessment.rows);
                }
                out.push('.');
            }
            Determination::OtherUse => out.push_str(
                "The statement does not judge this use, and nothing is said here of whether it is appropriate.",
            ),
            Determination::NotAddressed => self.says_nothing(out),
            Determination::NoDiagnosis => {
                out.push_str("The order carries no usable diagnosis code and no text that asserts an indication.");
            }
            _ => self.rows(out, self.assessment.rows),
        }
    }

    /// That no row answers. Codes of a system that no list reads are not said to be outside the statement.
    fn says_nothing(&self, out: &mut String) {
        let says = if self.ruleset.layers.len() > 1 { " say" } else { " says" };
        if !self.assessment.warnings.contains(&Warning::CodeSystemNotCovered) {
            self.titles(out);
            add(out, &[says, " nothing of what this order carries."]);
            return;
        }
        let unread = "ICD-9-CM codes are not read by this ruleset, so nothing can be said of them";
        let others = self.order.diagnoses.iter().any(|each| matches!(each.code, Ok(DiagnosisCode::Icd10(_))));
        if others || !self.assessment.steps.is_empty() {
            self.titles(out);
            add(out, &[says, " nothing of what else this order carries; its ", unread, "."]);
        } else {
            add(out, &["The order's ", unread, "."]);
        }
    }

    /// One open answer with the rows behind it.
    fn open(&self, out: &mut String, answer: Determination) {
        let said = Recommendation::ALL.iter().find(|each| Determination::from(**each) == answer);
        let Some(recommendation) = said else {
            out.push_str("“not addressed”");
            return;
        };
        add(out, &["“", words(*recommendation), "” ("]);
        let rows = self.assessment.rows.iter().map(|row| &self.ruleset.rows[row]);
        let rows = rows.filter(|row| Determination::from(row.recommendation) == answer);
        list(out, rows, "or", |out, row| out.push_str(&row.label));
        out.push(')');
    }

    /// What the statement says of some rows, each quotation once; where rows come from several sources, a sentence each.
    pub(super) fn rows(&self, out: &mut String, rows: RowSet) {
        let origin = |row: usize| self.ruleset.statement_of(&self.ruleset.rows[row]).origin;
        let mut first = true;
        for (at, layer) in self.ruleset.layers.iter().enumerate() {
            let own: RowSet = rows.iter().filter(|row| usize::from(origin(*row)) == at).collect();
            if own.is_empty() {
                continue;
            }
            add(out, &[if first { "" } else { " " }, &layer.short_title, ": "]);
            self.said(out, own);
            out.push_str(": ");
            self.quoted(out, own);
            out.push('.');
            first = false;
        }
    }

    fn said(&self, out: &mut String, rows: RowSet) {
        for (at, row) in rows.iter().enumerate() {
            let row = &self.ruleset.rows[row];
            add(out, &[if at == 0 { "" } else { "; " }, &row.label, " is ", words(row.recommendation)]);
            match row.evidence {
                Some(class) => add(out, &[", Class ", class.as_str()]),
                None => out.push_str(", no class given"),
            }
            if let Some(note) = &row.note {
                add(out, &[" (", note.trim_end_matches('.'), ")"]);
            }
        }
    }

    /// The statements that rows cite, each once, in the order of the rules.
    fn quoted(&self, out: &mut String, rows: RowSet) {
        let cites = |row: usize| self.ruleset.rows[row].statement;
        let next = |after: Option<u16>| rows.iter().map(cites).filter(|at| after.is_none_or(|after| *at > after)).min();
        let cited = std::iter::successors(next(None), |at| next(Some(*at)));
        list(out, cited, "and", |out, at| {
            add(out, &["“", self.ruleset.statements[usize::from(at)].text.trim_end_matches('.'), "”"]);
        });
    }

    /// The rows beside a use outside the statement.
    fn stands_beside(&self, out: &mut String) {
        out.push_str("A listed condition stands beside it; ");
        self.rows(out, self.assessment.also_matched);
    }

    /// What to ask for first, and with it what it moves the answer only together with.
    fn change(&self, out: &mut String, first: Wanting) {
        let settles = matches!(
            self.assessment.determination,
            Determination::Indeterminate | Determination::NotAddressed | Determination::NoDiagnosis
        );
        out.push_str(if settles { "To settle it, ask for " } else { "The answer could change with " });
        let ask = |wanting| self.ask(wanting).trim_end_matches('.');
        match self.assessment.together.filter(|pair| pair.contains(&first)).map(|pair| pair.map(ask)) {
            Some([one, other]) if one != other => add(out, &[one, " and ", other, "."]),
            Some([one, _]) => add(out, &[one, "."]),
            None => add(out, &[ask(first), "."]),
        }
    }

    /// Other rows, beside a listed condition that governs.
    fn beside(&self, out: &mut String) {
        out.push_str("Also on the order, and not governing: ");
        let rows = self.assessment.also_matched.iter().map(|row| &self.ruleset.rows[row]);
        list(out, rows, "and", |out, row| add(out, &[&row.label, " (", words(row.recommendation), ")"]));
        out.push('.');
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
