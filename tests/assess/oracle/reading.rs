//! One reading of a text, with every assignment that it leaves open.

use std::collections::{BTreeMap, BTreeSet};

use toml::Value;

use super::resolve::{Candidate, Case, Outcome, State, assignments, resolve};
use super::rulebook::{Assignment, FILES, rank, rows, terms, text};

/// Whether a recommendation, by its rank, needs nobody's attention: "recommended" and "consider" come first.
fn is_clear(rank: usize) -> bool {
    rank < 2
}

/// One reading of the text: which indications it asserts.
pub struct Reading {
    pub candidates: Vec<Candidate>,
    pub states: BTreeMap<String, State>,
    pub outcomes: Vec<(Assignment, Outcome)>,
}

impl Reading {
    pub fn of(case: &Case, named: &BTreeSet<&str>) -> Self {
        let candidates = case.candidates(named);
        let mut asked: BTreeSet<String> = BTreeSet::new();
        for each in &candidates {
            asked.extend(each.requires.iter().map(|(fact, _)| fact.clone()));
            asked.extend(rows(&each.indication).iter().flat_map(|row| terms(row, "when")).map(|(fact, _)| fact));
        }
        let facts = FILES.facts.iter().filter(|fact| asked.contains(text(fact, "id")));
        let states = facts.map(|fact| (text(fact, "id").to_owned(), case.state(fact, named))).collect();
        let outcomes =
            assignments(&states).into_iter().map(|given| (given.clone(), resolve(&candidates, &given, &states)));
        let outcomes = outcomes.collect();
        Self { candidates, states, outcomes }
    }

    /// The first fact, in ruleset order, whose value changes the set of answers.
    pub fn wanting(&self) -> Option<String> {
        let asked = FILES.facts.iter().map(|fact| text(fact, "id")).filter(|id| self.states.contains_key(*id));
        let mut changing = asked.filter(|id| {
            let answers = |value: &String| -> BTreeSet<Option<usize>> {
                let with = self.outcomes.iter().filter(|(given, _)| given.get(*id) == Some(value));
                with.map(|(_, outcome)| outcome.best).collect()
            };
            self.states[*id].0.iter().map(answers).collect::<BTreeSet<_>>().len() > 1
        });
        changing.next().map(str::to_owned)
    }

    /// Answers and rows of names that an exact code of another indication contradicts.
    pub fn contradictions(&self) -> (BTreeSet<Option<usize>>, BTreeSet<String>) {
        let (mut answers, mut found) = (BTreeSet::new(), BTreeSet::new());
        for (given, outcome) in &self.outcomes {
            let alone = |indication: &str| -> Vec<&'static Value> {
                let own: Vec<Candidate> =
                    self.candidates.iter().filter(|each| each.indication == indication).cloned().collect();
                let own = resolve(&own, given, &self.states);
                rows(indication).iter().filter(|row| own.governing.contains(text(row, "id"))).collect()
            };
            for named in outcome.live.iter().filter(|each| each.strength == "named") {
                let coded = |each: &&Candidate| matches!(each.strength.as_str(), "exact" | "broad");
                for exact in outcome.live.iter().filter(coded) {
                    let (said, coded) = (alone(&named.indication), alone(&exact.indication));
                    let best = |rows: &[&Value]| rows.first().map(|row| rank(text(row, "recommendation")));
                    let (Some(text_says), Some(code_says)) = (best(&said), best(&coded)) else { continue };
                    let own_code = |each: &&Candidate| each.indication == named.indication && each.strength != "named";
                    let has_own = outcome.live.iter().any(|each| own_code(&each));
                    if named.indication != exact.indication
                        && text_says != code_says
                        && if exact.strength == "exact" {
                            text_says > code_says || !has_own
                        } else {
                            is_clear(code_says) && !is_clear(text_says)
                        }
                    {
                        answers.extend([Some(text_says), Some(code_says)]);
                        found.extend(said.iter().chain(&coded).map(|row| text(row, "id").to_owned()));
                    }
                }
            }
        }
        (answers, found)
    }

    /// The tiers of the facts that governing candidates and rows depend on.
    pub fn rests_on_text(&self) -> bool {
        let mut facts: BTreeSet<String> = BTreeSet::new();
        for (_, outcome) in &self.outcomes {
            facts.extend(outcome.by.iter().flat_map(|each| &each.requires).map(|(fact, _)| fact.clone()));
            let governing = self.candidates.iter().flat_map(|each| rows(&each.indication));
            let governing = governing.filter(|row| outcome.governing.contains(text(row, "id")));
            facts.extend(governing.flat_map(|row| terms(row, "when")).map(|(fact, _)| fact));
        }
        facts.iter().any(|fact| self.states[fact].1 == "text")
    }
}
