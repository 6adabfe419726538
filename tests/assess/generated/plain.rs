//! The govern step once more, on the plain values of a made-up rulebook: every assignment, one by one, by the
//! words of `rules/README.md`. It shares no code with the assessment, nor with the oracle of the shipped rules.

use std::collections::BTreeSet;

use super::rulebook::{Rulebook, Terms, row_id};

/// One order: what stands on it, by index.
#[derive(Debug, Clone)]
pub struct Order {
    pub lists: Vec<usize>,
    pub named: Vec<usize>,
    pub said: Vec<(usize, usize)>,
    pub weighed: Option<[usize; 2]>,
}

/// What is said of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    pub determination: String,
    pub rows: BTreeSet<String>,
    pub also: BTreeSet<String>,
    pub open: Vec<String>,
    pub wanting: String,
    pub flag: &'static str,
}

#[derive(Debug, Clone)]
struct Candidate {
    indication: usize,
    /// `exact`, `broad`, `proxy` or `named`.
    kind: &'static str,
    lists: Vec<usize>,
    requires: Terms,
}

/// What one assignment gives: the rank of its answer, the rows that govern, the others, who is left.
struct Outcome {
    values: Vec<usize>,
    best: Option<usize>,
    rows: BTreeSet<String>,
    others: BTreeSet<String>,
    live: Vec<Candidate>,
}

struct Reading<'a> {
    book: &'a Rulebook,
    candidates: Vec<Candidate>,
    /// Facts that any candidate asks about; the others have no say.
    asked: Vec<usize>,
    outcomes: Vec<Outcome>,
}

fn holds(terms: &Terms, values: &[usize]) -> bool {
    terms.iter().all(|(fact, value)| values[*fact] == *value)
}

/// A combination speaks for the lists that it is made of, also where it is not known whether it holds.
fn takes_codes_of(by: &Candidate, other: &Candidate) -> bool {
    let own = |list: &usize| by.lists.contains(list);
    by.indication != other.indication
        && by.lists.len() > 1
        && other.lists.len() == 1
        && ((other.kind == "proxy" && other.lists.iter().any(own))
            || (other.kind == "broad" && by.kind == "broad" && other.lists.iter().all(own)))
}

impl<'a> Reading<'a> {
    fn of(book: &'a Rulebook, order: &Order, named: &[usize]) -> Self {
        let mut candidates = Vec::new();
        for (at, indication) in book.indications.iter().enumerate() {
            for each in
                indication.matches.iter().filter(|each| each.lists.iter().all(|list| order.lists.contains(list)))
            {
                let (lists, requires) = (each.lists.clone(), each.requires.clone());
                candidates.push(Candidate { indication: at, kind: each.strength, lists, requires });
            }
            if named.contains(&at) {
                let requires = indication.name_requires.clone();
                candidates.push(Candidate { indication: at, kind: "named", lists: Vec::new(), requires });
            }
        }
        let whens = |each: &Candidate| {
            book.indications[each.indication].rows.iter().map(|row| &row.when).cloned().collect::<Vec<_>>()
        };
        let asks = |fact: &usize| {
            candidates
                .iter()
                .any(|each| whens(each).iter().chain([&each.requires]).flatten().any(|(own, _)| own == fact))
        };
        let asked: Vec<usize> = (0..book.facts.len()).filter(asks).collect();
        let mut assignments: Vec<Vec<usize>> = vec![Vec::new()];
        let mut open: Vec<Vec<usize>> = Vec::new();
        for fact in 0..book.facts.len() {
            let values = if asked.contains(&fact) { possible(book, order, named, fact) } else { vec![usize::MAX] };
            open.push(values.clone());
            let longer =
                |head: &Vec<usize>| values.iter().map(|value| [&head[..], &[*value]].concat()).collect::<Vec<_>>();
            assignments = assignments.iter().flat_map(longer).collect();
        }
        let mut reading = Self { book, candidates, asked, outcomes: Vec::new() };
        reading.outcomes = assignments.into_iter().map(|values| reading.outcome(values, &open)).collect();
        reading
    }

    fn rows(&self, indication: usize, values: &[usize]) -> Vec<(String, usize)> {
        let rows = self.book.indications[indication].rows.iter().enumerate();
        let holding = rows.filter(|(_, row)| holds(&row.when, values));
        let rank = |says: &str| self.book.precedence.iter().position(|each| *each == says).expect("a rank");
        holding.map(|(at, row)| (row_id(indication, at), rank(row.says))).collect()
    }

    fn removes(&self, by: &Candidate, other: &Candidate) -> bool {
        let refines = self.book.indications[by.indication].refines.contains(&other.indication);
        by.indication != other.indication
            && other.kind != "exact"
            && ((refines && (by.kind == "named" || by.lists.len() > 1))
                || (by.kind == "named" && other.kind == "proxy")
                || takes_codes_of(by, other))
    }

    fn outcome(&self, values: Vec<usize>, possible: &[Vec<usize>]) -> Outcome {
        let standing: Vec<&Candidate> = self.candidates.iter().filter(|each| holds(&each.requires, &values)).collect();
        let says = |by: &Candidate| !self.rows(by.indication, &values).is_empty();
        let may = |by: &Candidate| by.requires.iter().all(|(fact, value)| possible[*fact].contains(value));
        let removed = |own: &Candidate| {
            standing.iter().any(|by| self.removes(by, own) && says(by))
                || self.candidates.iter().any(|by| may(by) && takes_codes_of(by, own) && says(by))
        };
        let live: Vec<Candidate> = standing.iter().filter(|own| !removed(own)).map(|own| (*own).clone()).collect();
        let said: BTreeSet<(String, usize)> =
            live.iter().flat_map(|each| self.rows(each.indication, &values)).collect();
        let best = said.iter().map(|(_, rank)| *rank).min();
        let (rows, others): (BTreeSet<_>, BTreeSet<_>) = said.into_iter().partition(|(_, rank)| Some(*rank) == best);
        let ids = |rows: BTreeSet<(String, usize)>| rows.into_iter().map(|(id, _)| id).collect();
        Outcome { values, best, rows: ids(rows), others: ids(others), live }
    }

    fn answers(&self) -> BTreeSet<Option<usize>> {
        self.outcomes.iter().map(|each| each.best).collect()
    }

    /// What names in the text say against exact codes of other indications, with the rows.
    fn contradictions(&self) -> (BTreeSet<Option<usize>>, BTreeSet<String>) {
        let (mut answers, mut rows) = (BTreeSet::new(), BTreeSet::new());
        for outcome in &self.outcomes {
            let alone = |indication: usize| -> Vec<(String, usize)> {
                let all = self.rows(indication, &outcome.values);
                let best = all.iter().map(|(_, rank)| *rank).min();
                all.into_iter().filter(|(_, rank)| Some(*rank) == best).collect()
            };
            for named in outcome.live.iter().filter(|each| each.kind == "named") {
                let coded = |each: &&Candidate| each.kind == "exact" || each.kind == "broad";
                for exact in outcome.live.iter().filter(coded).filter(|each| each.indication != named.indication) {
                    let (text, code) = (alone(named.indication), alone(exact.indication));
                    let (Some((_, said)), Some((_, coded))) = (text.first(), code.first()) else { continue };
                    let coded_too =
                        outcome.live.iter().any(|each| each.indication == named.indication && each.kind != "named");
                    let clear = |rank: &usize| flag_of(&self.book.precedence[*rank].replace('-', "_")) == "clear";
                    let against = match exact.kind {
                        "exact" => said > coded || !coded_too,
                        _ => said > coded && clear(coded) && !clear(said),
                    };
                    if said != coded && against {
                        answers.extend([Some(*said), Some(*coded)]);
                        rows.extend(text.iter().chain(&code).map(|(id, _)| id.clone()));
                    }
                }
            }
        }
        (answers, rows)
    }

    /// The first fact, in ruleset order, whose value changes the set of answers.
    fn wanting(&self) -> Option<usize> {
        self.asked.iter().copied().find(|fact| {
            let values: BTreeSet<usize> = self.outcomes.iter().map(|each| each.values[*fact]).collect();
            let answers = |value: &usize| -> BTreeSet<Option<usize>> {
                self.outcomes.iter().filter(|each| each.values[*fact] == *value).map(|each| each.best).collect()
            };
            values.iter().map(answers).collect::<BTreeSet<_>>().len() > 1
        })
    }
}

/// The values of a fact that an order leaves possible.
fn possible(book: &Rulebook, order: &Order, named: &[usize], fact: usize) -> Vec<usize> {
    let own = &book.facts[fact];
    let mut values: BTreeSet<usize> = BTreeSet::new();
    values.extend(own.codes.iter().filter(|(list, _)| order.lists.contains(list)).map(|(_, value)| *value));
    values.extend(own.named.iter().filter(|(name, _)| named.contains(name)).map(|(_, value)| *value));
    values.extend(order.said.iter().filter(|(said, _)| *said == fact).map(|(_, value)| *value));
    match own.default {
        _ if !values.is_empty() => values.into_iter().collect(),
        Some((list, value)) if list.is_none_or(|list| order.lists.contains(&list)) => vec![value],
        _ => (0..own.values).collect(),
    }
}

/// The answer to one order. Lists of a use outside stand in for codes; no order of these is without a code or a name
/// unless it has neither.
pub fn answer(book: &Rulebook, order: &Order) -> Answer {
    let rest = || order.named.iter().copied().filter(|named| order.weighed.is_none_or(|pair| !pair.contains(named)));
    let readings: Vec<Reading> = match order.weighed {
        None => vec![Reading::of(book, order, &order.named)],
        Some(mut pair) => {
            pair.sort_unstable();
            pair.iter().map(|one| Reading::of(book, order, &rest().chain([*one]).collect::<Vec<_>>())).collect()
        }
    };
    let word =
        |rank: Option<usize>| rank.map_or("not_addressed".to_owned(), |rank| book.precedence[rank].replace('-', "_"));
    let mut answers: BTreeSet<Option<usize>> = readings.iter().flat_map(Reading::answers).collect();
    let mut rows: BTreeSet<String> = BTreeSet::new();
    let mut others: BTreeSet<String> = BTreeSet::new();
    let mut conflict = readings.windows(2).any(|pair| pair[0].answers() != pair[1].answers());
    for reading in &readings {
        rows.extend(reading.outcomes.iter().flat_map(|each| each.rows.clone()));
        others.extend(reading.outcomes.iter().flat_map(|each| each.others.clone()));
        let (more, theirs) = reading.contradictions();
        conflict |= !more.is_empty();
        answers.extend(more);
        rows.extend(theirs);
    }
    let also: BTreeSet<String> = others.difference(&rows).cloned().collect();
    let mut open: Vec<String> = answers.iter().flatten().map(|rank| word(Some(*rank))).collect();
    open.extend(answers.contains(&None).then(|| word(None)));
    let mut found = Answer { rows, also, ..Answer::default() };
    if let [only] = &open[..] {
        found.determination.clone_from(only);
        found.flag = flag_of(only);
    } else {
        "indeterminate".clone_into(&mut found.determination);
        let fact = readings.iter().find_map(Reading::wanting).filter(|_| !conflict);
        found.wanting = fact.map_or("diagnosis".to_owned(), |fact| format!("fact-{fact}"));
        let all = open.iter().all(|each| flag_of(each) == "flagged");
        found.flag = if all && !conflict { "flagged" } else { "review" };
        found.open = open;
    }
    let candidates = readings.iter().any(|reading| !reading.candidates.is_empty());
    outside(book, order, candidates, found)
}

fn flag_of(answer: &str) -> &'static str {
    match answer {
        "recommended" | "consider" => "clear",
        "insufficient_evidence" | "not_recommended" => "flagged",
        _ => "review",
    }
}

fn outside(book: &Rulebook, order: &Order, candidates: bool, mut found: Answer) -> Answer {
    let on_order = |lists: &[usize]| lists.iter().any(|list| order.lists.contains(list));
    if matches!(found.determination.as_str(), "recommended" | "consider") {
        return found;
    }
    if on_order(&book.established) {
        let also: BTreeSet<String> = found.rows.union(&found.also).cloned().collect();
        let flag = if also.is_empty() { "clear" } else { "review" };
        return Answer { determination: "other_use".to_owned(), also, flag, ..Answer::default() };
    }
    if found.determination == "not_addressed" && !candidates {
        let word = match (on_order(&book.other), order.lists.is_empty()) {
            (true, _) => "other_use",
            (false, true) => "no_diagnosis",
            (false, false) => "not_addressed",
        };
        word.clone_into(&mut found.determination);
    }
    found
}
