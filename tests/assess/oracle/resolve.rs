//! Candidates, facts and rows of one order, one assignment at a time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use toml::Value;

use super::pieces::Piece;
use super::rulebook::{Assignment, FILES, array, holds, rank, rows, terms, text, words};

/// One order as the oracle sees it.
#[derive(Debug, Clone)]
pub struct Case {
    pub codes: Vec<&'static str>,
    pub pieces: Vec<Piece>,
    pub weighed: Option<(&'static str, [&'static str; 2])>,
    pub age: Option<i32>,
    pub date: Option<NaiveDate>,
}

#[derive(Debug, Clone)]
pub struct Candidate {
    pub indication: String,
    /// `exact`, `broad`, `proxy`, or `named`.
    pub strength: String,
    pub combination: bool,
    pub codes: BTreeSet<&'static str>,
    pub requires: Vec<(String, String)>,
}

/// One fact: its possible values and whether code, text, default, silence, conflict or nothing gave them.
pub type State = (Vec<String>, &'static str);

/// The rows of one possibility, by the rank of what they say.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub best: Option<usize>,
    pub governing: BTreeSet<String>,
    pub others: BTreeSet<String>,
    pub by: Vec<Candidate>,
    pub live: Vec<Candidate>,
}

impl Case {
    pub fn hits(&self, list: &str) -> BTreeSet<&'static str> {
        let rows = &FILES.lists[list];
        let hit = |code: &str| {
            let bare = code.replace('.', "");
            rows.iter().any(|(own, prefix)| *own == bare || (*prefix && bare.starts_with(own.as_str())))
        };
        self.codes.iter().copied().filter(|code| hit(code)).collect()
    }

    pub fn candidates(&self, named: &BTreeSet<&str>) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (id, file) in &FILES.indications {
            for each in array(file, "match") {
                let mut lists = words(each, "all-of");
                let combination = !lists.is_empty();
                lists.extend(each.get("codes").and_then(Value::as_str));
                let hits: Vec<_> = lists.iter().map(|list| self.hits(list)).collect();
                if hits.iter().all(|hit| !hit.is_empty()) && self.is_inside(each) {
                    let codes = hits.into_iter().flatten().collect();
                    let (strength, requires) = (text(each, "strength").to_owned(), terms(each, "requires"));
                    found.push(Candidate { indication: id.clone(), strength, combination, codes, requires });
                }
            }
            if named.contains(id.as_str()) {
                let requires = file.get("text").map(|names| terms(names, "requires")).unwrap_or_default();
                let (indication, strength) = (id.clone(), "named".to_owned());
                found.push(Candidate { indication, strength, combination: false, codes: BTreeSet::new(), requires });
            }
        }
        found
    }

    pub fn state(&self, fact: &Value, named: &BTreeSet<&str>) -> State {
        let id = text(fact, "id");
        let (mut stated, mut said) = (BTreeSet::new(), BTreeSet::new());
        for source in array(fact, "source") {
            let value = text(source, "value").to_owned();
            let years = |key: &str| source.get(key).and_then(Value::as_integer);
            let of_age = self.age.is_some_and(|age| {
                years("age-from").is_none_or(|from| i64::from(age) >= from)
                    && years("age-below").is_none_or(|below| i64::from(age) < below)
            });
            let coded = source.get("codes").and_then(Value::as_str).is_some_and(|list| !self.hits(list).is_empty());
            let aged = years("age-from").is_some() || years("age-below").is_some();
            if coded || (aged && of_age) {
                stated.insert(value);
            } else if source.get("named").and_then(Value::as_str).is_some_and(|name| named.contains(name)) {
                said.insert(value);
            }
        }
        for (_, value) in self.pieces.iter().flat_map(|(_, _, facts)| *facts).filter(|(fact, _)| *fact == id) {
            said.insert((*value).to_owned());
        }
        let all: BTreeSet<String> = stated.union(&said).cloned().collect();
        match all.len() {
            0 => self.presumed(fact),
            1 => (all.into_iter().collect(), if stated.is_empty() { "text" } else { "stated" }),
            _ => (all.into_iter().collect(), "conflict"),
        }
    }

    /// Whether the service date is in the window of a match or default; an unknown one is in no window.
    fn is_inside(&self, dated: &Value) -> bool {
        let day = |key: &str| dated.get(key).and_then(Value::as_str).and_then(|day| day.parse::<NaiveDate>().ok());
        let (from, until) = (day("from"), day("until"));
        match self.date {
            None => from.is_none() && until.is_none(),
            Some(date) => from.is_none_or(|from| from <= date) && until.is_none_or(|until| date <= until),
        }
    }

    pub fn presumed(&self, fact: &Value) -> State {
        for default in array(fact, "default") {
            let inside = self.is_inside(default);
            let coded = default.get("codes").and_then(Value::as_str).is_none_or(|list| !self.hits(list).is_empty());
            if inside && coded {
                let silent = default.get("silent").and_then(Value::as_bool) == Some(true);
                return (vec![text(default, "value").to_owned()], if silent { "silent" } else { "presumed" });
            }
        }
        (words(fact, "values").into_iter().map(str::to_owned).collect(), "open")
    }
}

pub fn rows_that_hold(candidate: &Candidate, given: &Assignment) -> Vec<&'static Value> {
    rows(&candidate.indication).iter().filter(|row| holds(&terms(row, "when"), given)).collect()
}

pub fn removes(by: &Candidate, other: &Candidate) -> bool {
    if by.indication == other.indication || other.strength == "exact" {
        return false;
    }
    let named = by.strength == "named";
    let refines = words(&FILES.indications[&by.indication], "refines").contains(&other.indication.as_str());
    (refines && (named || by.combination)) || (named && other.strength == "proxy") || takes_codes_of(by, other)
}

/// A combination speaks for the codes that it is made of: a proxy on any of them, and a broad code that is one of them
/// where the combination is no mere proxy, say nothing by themselves beside it.
fn takes_codes_of(by: &Candidate, other: &Candidate) -> bool {
    let share = by.codes.intersection(&other.codes).next().is_some();
    by.indication != other.indication
        && by.combination
        && !other.combination
        && ((other.strength == "proxy" && share)
            || (other.strength == "broad" && by.strength == "broad" && other.codes.is_subset(&by.codes)))
}

/// The candidates that are left under one assignment, and what they say. `states` holds what each fact may be: a
/// combination that holds under some of it takes its codes even where it does not hold.
pub fn resolve(candidates: &[Candidate], given: &Assignment, states: &BTreeMap<String, State>) -> Outcome {
    let standing: Vec<&Candidate> = candidates.iter().filter(|each| holds(&each.requires, given)).collect();
    let may = |each: &Candidate| each.requires.iter().all(|(fact, value)| states[fact].0.contains(value));
    let says = |each: &Candidate| !rows_that_hold(each, given).is_empty();
    let removed = |own: &Candidate| {
        standing.iter().any(|other| says(other) && removes(other, own))
            || candidates.iter().any(|other| may(other) && says(other) && takes_codes_of(other, own))
    };
    let live: Vec<Candidate> = standing.iter().filter(|own| !removed(own)).map(|own| (*own).clone()).collect();
    let mut said: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for each in &live {
        for row in rows_that_hold(each, given) {
            said.insert(text(row, "id").to_owned(), (rank(text(row, "recommendation")), each.indication.clone()));
        }
    }
    let best = said.values().map(|(rank, _)| *rank).min();
    let governs: BTreeSet<&String> =
        said.values().filter(|(rank, _)| Some(*rank) == best).map(|(_, own)| own).collect();
    let by = live.iter().filter(|each| governs.contains(&each.indication)).cloned().collect();
    let (governing, others) = said.iter().partition::<Vec<_>, _>(|(_, (rank, _))| Some(*rank) == best);
    let ids = |rows: Vec<(&String, &(usize, String))>| rows.into_iter().map(|(id, _)| id.clone()).collect();
    Outcome { best, governing: ids(governing), others: ids(others), by, live }
}

/// Every assignment of values to facts.
pub fn assignments(states: &BTreeMap<String, State>) -> Vec<Assignment> {
    let mut all = vec![Assignment::new()];
    for (fact, (values, _)) in states {
        all = all
            .into_iter()
            .flat_map(|head| {
                values.iter().map(move |value| {
                    let mut given = head.clone();
                    given.insert(fact.clone(), value.clone());
                    given
                })
            })
            .collect();
    }
    all
}
