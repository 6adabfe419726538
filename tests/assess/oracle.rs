//! A second, plain reading of the rules: the TOML and CSV files as values, every assignment of every fact
//! tried one by one, the answer by the words of `rules/README.md`. It shares no code with the assessment.
//!
//! Text enters as pieces whose meaning is written beside them, so that reading text is not tested here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::NaiveDate;
use ivig_audit::rules::RuleFiles;
use proptest::prelude::*;
use toml::Value;

use crate::bench::Bench;
use crate::properties::{any_date, cases};

/// A piece of text, the indications that it names, and the facts that its words give.
type Piece = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const TREATED: (&str, &str) = ("connective-tissue-neuropathy", "treated");
const PIECES: &[Piece] = &[
    ("CIDP", &["cidp"], &[]),
    ("MMN", &["mmn"], &[]),
    ("AIDP", &["guillain-barre"], &[]),
    ("Miller Fisher syndrome", &["miller-fisher"], &[]),
    ("LEMS", &["lems"], &[]),
    ("dermatomyositis", &["dermatomyositis"], &[]),
    ("polymyositis", &["polymyositis"], &[]),
    ("inclusion body myositis", &["inclusion-body-myositis"], &[]),
    ("IMNM", &["necrotizing-myopathy"], &[]),
    ("seronegative", &[], &[("myositis-antibody", "other")]),
    ("anti-HMGCR myopathy", &["necrotizing-myopathy"], &[("myositis-antibody", "hmgcr")]),
    ("myasthenia gravis", &["myasthenia-gravis"], &[]),
    ("exacerbation", &[], &[("mg-course", "exacerbation")]),
    ("stable", &[], &[("mg-course", "stable")]),
    ("without exacerbation", &[], &[("mg-course", "stable")]),
    ("before thymectomy", &[], &[("mg-setting", "setting-not-addressed")]),
    ("stiff person syndrome", &["stiff-person"], &[]),
    ("post polio syndrome", &["post-polio"], &[]),
    ("Parsonage Turner syndrome", &["brachial-plexopathy"], &[]),
    ("Bruns Garland syndrome", &["dlrpn"], &[]),
    ("pandysautonomia", &["autonomic"], &[]),
    ("small fibre neuropathy", &["small-fiber-neuropathy"], &[TREATED]),
    ("TSHDS positive", &[], &[("ts-hds", "positive")]),
    ("FGFR3 not detected", &[], &[("fgfr3", "negative")]),
    ("cryptogenic", &[], &[("sfn-cause", "unexplained")]),
    ("IgM lambda", &[], &[("isotype", "igm"), ("paraprotein-link", "linked")]),
    ("IgA kappa", &[], &[("isotype", "iga"), ("paraprotein-link", "linked")]),
    ("incidental paraprotein", &[], &[("paraprotein-link", "unrelated")]),
    ("vasculitic", &[], &[("unlisted-neuropathy", "named")]),
    ("overlap myositis", &[], &[("unlisted-myositis", "named"), ("necrotizing", "another-myopathy")]),
    ("infusion tolerated well", &[], &[]),
    ("no CIDP", &[], &[]),
    ("possible polymyositis", &[], &[]),
];

/// Pairs that a text may weigh against each other, as words and as indications.
const WEIGHED: &[(&str, [&str; 2])] = &[
    ("CIDP versus inclusion body myositis", ["cidp", "inclusion-body-myositis"]),
    ("AIDP versus Miller Fisher syndrome", ["guillain-barre", "miller-fisher"]),
    ("dermatomyositis versus polymyositis", ["dermatomyositis", "polymyositis"]),
    ("CIDP versus MMN", ["cidp", "mmn"]),
];

/// Codes that are usable on any day here; a code between windows keeps its meaning.
const CODES: &[&str] = &[
    "G61.0", "G61.81", "G61.82", "G61.89", "G61.9", "G62.9", "G62.89", "G60.8", "G63", "G70.0", "G70.00", "G70.01",
    "G70.80", "G72.41", "G72.49", "G72.0", "G14", "B91", "G25.82", "M33.02", "M33.12", "M33.20", "M33.90", "M36.0",
    "G90.09", "G99.0", "E11.43", "E11.44", "E11.42", "G54.0", "G54.1", "G54.5", "D47.2", "C88.00", "C90.00", "M35.06",
    "M35.01", "D83.9", "D69.3", "G35", "M32.9", "I10",
];

struct Files {
    ruleset: Value,
    facts: Vec<Value>,
    /// By id, which is also the order of ruleset rows.
    indications: BTreeMap<String, Value>,
    /// List id to its rows: the code without its dot, and whether it is a prefix.
    lists: BTreeMap<String, Vec<(String, bool)>>,
}

static FILES: LazyLock<Files> = LazyLock::new(|| {
    let files = RuleFiles::builtin();
    let parse = |path: &str| -> Value { toml::from_str(files.get(path).expect("the file ships")).expect("it is TOML") };
    let indications = files.below("aanem-2023/indications").map(|(path, _)| parse(path));
    let mut lists = BTreeMap::new();
    for (path, text) in files.below("codes").filter(|(path, _)| !path.contains("/valid/")) {
        let id = path.trim_start_matches("codes/").trim_end_matches(".csv").to_owned();
        let row = |line: &str| {
            let mut cells = line.split(',').skip(1);
            (cells.next().expect("a code").replace('.', ""), cells.next() == Some("prefix"))
        };
        lists.insert(id, text.lines().skip(1).map(row).collect());
    }
    Files {
        ruleset: parse("aanem-2023/ruleset.toml"),
        facts: array(&parse("aanem-2023/facts.toml"), "fact").to_vec(),
        indications: indications.map(|each| (text(&each, "id").to_owned(), each)).collect(),
        lists,
    }
});

fn array<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn words<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    array(value, key).iter().filter_map(Value::as_str).collect()
}

/// `fact = "value"` pairs under a key.
fn terms(value: &Value, key: &str) -> Vec<(String, String)> {
    let table = value.get(key).and_then(Value::as_table);
    let pair = |(fact, value): (&String, &Value)| (fact.clone(), value.as_str().unwrap_or_default().to_owned());
    table.into_iter().flatten().map(pair).collect()
}

/// One order as the oracle sees it.
#[derive(Debug, Clone)]
struct Case {
    codes: Vec<&'static str>,
    pieces: Vec<Piece>,
    weighed: Option<(&'static str, [&'static str; 2])>,
    age: Option<i32>,
    date: Option<NaiveDate>,
}

#[derive(Debug, Clone)]
struct Candidate {
    indication: String,
    /// `exact`, `broad`, `proxy`, or `named`.
    strength: String,
    combination: bool,
    codes: BTreeSet<&'static str>,
    requires: Vec<(String, String)>,
}

type Assignment = BTreeMap<String, String>;

/// One fact: its possible values and whether code, text, default, silence, conflict or nothing gave them.
type State = (Vec<String>, &'static str);

/// The rows of one possibility, by the rank of what they say.
#[derive(Debug, Clone, Default)]
struct Outcome {
    best: Option<usize>,
    governing: BTreeSet<String>,
    others: BTreeSet<String>,
    by: Vec<Candidate>,
    live: Vec<Candidate>,
}

impl Case {
    fn hits(&self, list: &str) -> BTreeSet<&'static str> {
        let rows = &FILES.lists[list];
        let hit = |code: &str| {
            let bare = code.replace('.', "");
            rows.iter().any(|(own, prefix)| *own == bare || (*prefix && bare.starts_with(own.as_str())))
        };
        self.codes.iter().copied().filter(|code| hit(code)).collect()
    }

    fn candidates(&self, named: &BTreeSet<&str>) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (id, file) in &FILES.indications {
            for each in array(file, "match") {
                let mut lists = words(each, "all-of");
                let combination = !lists.is_empty();
                lists.extend(each.get("codes").and_then(Value::as_str));
                let hits: Vec<_> = lists.iter().map(|list| self.hits(list)).collect();
                if hits.iter().all(|hit| !hit.is_empty()) {
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

    fn state(&self, fact: &Value, named: &BTreeSet<&str>) -> State {
        let id = text(fact, "id");
        let (mut stated, mut said) = (BTreeSet::new(), BTreeSet::new());
        for source in array(fact, "source") {
            let value = text(source, "value").to_owned();
            let years = |key: &str| source.get(key).and_then(Value::as_integer);
            let of_age = self.age.is_some_and(|age| {
                years("age-from").is_none_or(|from| i64::from(age) >= from)
                    && years("age-below").is_none_or(|below| i64::from(age) < below)
            });
            if source.get("codes").is_some_and(|list| !self.hits(list.as_str().unwrap_or_default()).is_empty()) {
                stated.insert(value);
            } else if (years("age-from").is_some() || years("age-below").is_some()) && of_age {
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

    fn presumed(&self, fact: &Value) -> State {
        let day = |default: &Value, key: &str| default.get(key).and_then(Value::as_str).and_then(|day| day.parse().ok());
        for default in array(fact, "default") {
            let (from, until): (Option<NaiveDate>, Option<NaiveDate>) = (day(default, "from"), day(default, "until"));
            let inside = match self.date {
                None => from.is_none() && until.is_none(),
                Some(date) => from.is_none_or(|from| from <= date) && until.is_none_or(|until| date <= until),
            };
            let coded = default.get("codes").and_then(Value::as_str).is_none_or(|list| !self.hits(list).is_empty());
            if inside && coded {
                let silent = default.get("silent").and_then(Value::as_bool) == Some(true);
                return (vec![text(default, "value").to_owned()], if silent { "silent" } else { "presumed" });
            }
        }
        (words(fact, "values").into_iter().map(str::to_owned).collect(), "open")
    }
}

fn rows(indication: &str) -> &[Value] {
    array(&FILES.indications[indication], "row")
}

fn rank(recommendation: &str) -> usize {
    let order = words(&FILES.ruleset["policy"], "precedence");
    order.iter().position(|each| *each == recommendation).expect("a known recommendation")
}

fn holds(wanted: &[(String, String)], given: &Assignment) -> bool {
    wanted.iter().all(|(fact, value)| given.get(fact) == Some(value))
}

fn rows_that_hold<'v>(candidate: &Candidate, given: &Assignment) -> Vec<&'v Value> {
    rows(&candidate.indication).iter().filter(|row| holds(&terms(row, "when"), given)).collect()
}

fn removes(by: &Candidate, other: &Candidate) -> bool {
    if by.indication == other.indication || other.strength == "exact" {
        return false;
    }
    let named = by.strength == "named";
    let refines = words(&FILES.indications[&by.indication], "refines").contains(&other.indication.as_str());
    let share = by.codes.intersection(&other.codes).next().is_some();
    (refines && (named || by.combination))
        || (named && other.strength == "proxy")
        || (by.combination && other.strength == "proxy" && !other.combination && share)
}

fn outcome(candidates: &[Candidate], given: &Assignment) -> Outcome {
    let standing: Vec<&Candidate> = candidates.iter().filter(|each| holds(&each.requires, given)).collect();
    let removed = |own: &Candidate| {
        standing.iter().any(|other| !rows_that_hold(other, given).is_empty() && removes(other, own))
    };
    let live: Vec<Candidate> = standing.iter().filter(|own| !removed(own)).map(|own| (*own).clone()).collect();
    let mut said: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for each in &live {
        for row in rows_that_hold(each, given) {
            said.insert(text(row, "id").to_owned(), (rank(text(row, "recommendation")), each.indication.clone()));
        }
    }
    let best = said.values().map(|(rank, _)| *rank).min();
    let governs: BTreeSet<&String> = said.values().filter(|(rank, _)| Some(*rank) == best).map(|(_, own)| own).collect();
    let by = live.iter().filter(|each| governs.contains(&each.indication)).cloned().collect();
    let (governing, others) = said.iter().partition::<Vec<_>, _>(|(_, (rank, _))| Some(*rank) == best);
    let ids = |rows: Vec<(&String, &(usize, String))>| rows.into_iter().map(|(id, _)| id.clone()).collect();
    Outcome { best, governing: ids(governing), others: ids(others), by, live }
}

/// Every assignment of values to facts.
fn assignments(states: &BTreeMap<String, State>) -> Vec<Assignment> {
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

/// What the oracle answers, in the order of the contract's columns.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    determination: String,
    rows: BTreeSet<String>,
    also: BTreeSet<String>,
    flag: String,
    open: Vec<String>,
}

fn word(rank: Option<usize>) -> String {
    let order = words(&FILES.ruleset["policy"], "precedence");
    rank.map_or_else(|| "not_addressed".to_owned(), |rank| order[rank].replace('-', "_"))
}

/// One reading of the text: which indications it asserts.
struct Reading {
    candidates: Vec<Candidate>,
    states: BTreeMap<String, State>,
    outcomes: Vec<(Assignment, Outcome)>,
}

impl Reading {
    fn of(case: &Case, named: &BTreeSet<&str>) -> Self {
        let candidates = case.candidates(named);
        let mut asked: BTreeSet<String> = BTreeSet::new();
        for each in &candidates {
            asked.extend(each.requires.iter().map(|(fact, _)| fact.clone()));
            asked.extend(rows(&each.indication).iter().flat_map(|row| terms(row, "when")).map(|(fact, _)| fact));
        }
        let facts = FILES.facts.iter().filter(|fact| asked.contains(text(fact, "id")));
        let states = facts.map(|fact| (text(fact, "id").to_owned(), case.state(fact, named))).collect();
        let outcomes = assignments(&states).into_iter().map(|given| (given.clone(), outcome(&candidates, &given)));
        let outcomes = outcomes.collect();
        Self { candidates, states, outcomes }
    }

    /// Answers and rows of names that an exact code of another indication contradicts.
    fn contradictions(&self) -> (BTreeSet<Option<usize>>, BTreeSet<String>) {
        let (mut answers, mut found) = (BTreeSet::new(), BTreeSet::new());
        for (given, outcome) in &self.outcomes {
            let alone = |indication: &str| -> Vec<&Value> {
                let own: Vec<Candidate> =
                    self.candidates.iter().filter(|each| each.indication == indication).cloned().collect();
                let own = super::oracle::outcome(&own, given);
                rows(indication).iter().filter(|row| own.governing.contains(text(row, "id"))).collect()
            };
            for named in outcome.live.iter().filter(|each| each.strength == "named") {
                for exact in outcome.live.iter().filter(|each| each.strength == "exact") {
                    let (said, coded) = (alone(&named.indication), alone(&exact.indication));
                    let best = |rows: &[&Value]| rows.first().map(|row| rank(text(row, "recommendation")));
                    let (Some(text_says), Some(code_says)) = (best(&said), best(&coded)) else { continue };
                    let own_code = |each: &&Candidate| each.indication == named.indication && each.strength != "named";
                    let has_own = outcome.live.iter().any(|each| own_code(&each));
                    if named.indication != exact.indication
                        && text_says != code_says
                        && (text_says > code_says || !has_own)
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
    fn rests_on_text(&self) -> bool {
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

fn answer(case: &Case) -> Answer {
    let asserted: BTreeSet<&str> = case.pieces.iter().flat_map(|(_, names, _)| *names).copied().collect();
    let readings: Vec<Reading> = match &case.weighed {
        None => vec![Reading::of(case, &asserted)],
        Some((_, pair)) => {
            let rest = asserted.iter().copied().filter(|each| !pair.contains(each));
            let rest: BTreeSet<&str> = rest.collect();
            pair.iter().map(|one| Reading::of(case, &rest.iter().copied().chain([*one]).collect())).collect()
        }
    };
    let outcomes = || readings.iter().flat_map(|reading| &reading.outcomes).map(|(_, outcome)| outcome);
    let by_reading: Vec<BTreeSet<Option<usize>>> =
        readings.iter().map(|reading| reading.outcomes.iter().map(|(_, outcome)| outcome.best).collect()).collect();
    let mut conflict = by_reading.windows(2).any(|pair| pair[0] != pair[1]);
    let mut answers: BTreeSet<Option<usize>> = outcomes().map(|outcome| outcome.best).collect();
    let mut governing: BTreeSet<String> = outcomes().flat_map(|outcome| outcome.governing.clone()).collect();
    for reading in &readings {
        let (more, rows) = reading.contradictions();
        conflict |= !more.is_empty();
        answers.extend(more);
        governing.extend(rows);
    }
    let others: BTreeSet<String> = outcomes().flat_map(|outcome| outcome.others.clone()).collect();
    let others: BTreeSet<String> = others.difference(&governing).cloned().collect();
    let mut open: Vec<String> = answers.iter().flatten().map(|rank| word(Some(*rank))).collect();
    open.extend(answers.contains(&None).then(|| word(None)));
    let determination = if open.len() == 1 { open[0].clone() } else { "indeterminate".to_owned() };
    if open.len() == 1 {
        open.clear();
    }
    let decided = Answer { determination, rows: governing, also: others, flag: String::new(), open };
    finish(case, &readings, conflict, decided)
}

fn outside(case: &Case, tier: &str) -> bool {
    words(&FILES.ruleset["outside"], tier).iter().any(|list| !case.hits(list).is_empty())
}

fn finish(case: &Case, readings: &[Reading], conflict: bool, mut answer: Answer) -> Answer {
    let flags = &FILES.ruleset["policy"]["flag"];
    let flag_of = |answer: &str| text(flags, &answer.replace('_', "-")).to_owned();
    let other_use = |answer: Answer, also: BTreeSet<String>, flag: &str| Answer {
        determination: "other_use".to_owned(),
        rows: BTreeSet::new(),
        also,
        flag: text(flags, flag).to_owned(),
        open: Vec::new(),
        ..answer
    };
    let candidates = readings.iter().any(|reading| !reading.candidates.is_empty());
    let supported = matches!(answer.determination.as_str(), "recommended" | "consider");
    if !supported && outside(case, "established") {
        let also: BTreeSet<String> = answer.rows.union(&answer.also).cloned().collect();
        let flag = if also.is_empty() { "other-use-established" } else { "other-use-beside-finding" };
        return other_use(answer, also, flag);
    }
    if answer.determination == "not_addressed" {
        if !candidates && outside(case, "other") {
            return other_use(answer, BTreeSet::new(), "other-use-other");
        }
        if !candidates && case.codes.is_empty() {
            answer.determination = "no_diagnosis".to_owned();
        }
    }
    answer.flag = if answer.determination == "indeterminate" {
        let all = answer.open.iter().all(|each| flag_of(each) == "flagged");
        text(flags, if conflict { "conflict" } else if all { "indeterminate-all-flagged" } else { "indeterminate" }).to_owned()
    } else {
        flag_of(&answer.determination)
    };
    if answer.flag == "flagged" && weak(case, readings, &answer) {
        answer.flag = "review".to_owned();
    }
    answer
}

/// Whether the answer rests on a proxy, on text that no code goes with, or on a reading of the statement.
fn weak(case: &Case, readings: &[Reading], answer: &Answer) -> bool {
    let all_of = |outcome: &Outcome, strength: &str| {
        !outcome.by.is_empty() && outcome.by.iter().all(|each| each.strength == strength)
    };
    let any = |reading: &Reading, strength: &str| reading.outcomes.iter().any(|(_, each)| all_of(each, strength));
    let proxy = readings.iter().all(|reading| any(reading, "proxy") && !reading.rests_on_text());
    let row = |id: &String| {
        let all = FILES.indications.iter().flat_map(|(own, file)| array(file, "row").iter().map(move |row| (own, row)));
        all.into_iter().find(|(_, row)| text(row, "id") == id).expect("a known row")
    };
    let under = answer.rows.iter().map(row).any(|(own, _)| {
        let names = FILES.indications[own].get("text");
        names.is_some_and(|names| words(names, "under").iter().any(|list| !case.hits(list).is_empty()))
    });
    let text_alone = readings.iter().any(|reading| any(reading, "named")) && !under;
    let interpreted = answer.rows.iter().map(row).all(|(_, row)| text(&row["cite"], "basis") == "interpreted");
    proxy || text_alone || interpreted
}

fn any_case() -> impl Strategy<Value = Case> {
    (
        prop::collection::btree_set(prop::sample::select(CODES), 0..5),
        prop::collection::vec(prop::sample::select(PIECES), 0..4),
        prop::option::weighted(0.15, prop::sample::select(WEIGHED)),
        prop::option::of(0..90),
        any_date(),
    )
        .prop_map(|(codes, pieces, weighed, age, date)| Case {
            codes: codes.into_iter().collect(),
            pieces: settled(pieces),
            weighed,
            age,
            date,
        })
}

/// A text that both names and denies a condition is a matter of reading; such pieces do not meet here.
fn settled(mut pieces: Vec<Piece>) -> Vec<Piece> {
    for (denial, name) in [("no CIDP", "CIDP"), ("possible polymyositis", "polymyositis")] {
        if pieces.iter().any(|piece| piece.0 == denial) {
            pieces.retain(|piece| piece.0 != name);
        }
    }
    pieces
}

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn the_assessment_agrees_with_a_plain_reading_of_the_rules(case in any_case()) {
        prop_assume!(case.weighed.is_none() || !case.pieces.iter().any(|piece| piece.0 == "no CIDP"));
        let mut pieces: Vec<&str> = case.pieces.iter().map(|piece| piece.0).collect();
        pieces.extend(case.weighed.map(|(words, _)| words));
        let mut bench = Bench::dx(&case.codes.join(" ")).text(&pieces.join("; "));
        (bench.age, bench.date) = (case.age, case.date);
        let said = bench.said();
        let found = Answer {
            determination: said.determination,
            rows: said.rows.into_iter().collect(),
            also: said.also.into_iter().collect(),
            flag: said.flag,
            open: said.open,
        };
        prop_assert_eq!(found, answer(&case), "{:?}", bench);
    }
}
