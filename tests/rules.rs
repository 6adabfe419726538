//! The shipped rulesets load and every example in them holds; a bad one is refused with file, line and what
//! would be accepted.

#[path = "rules/governance.rs"]
mod governance;
#[path = "rules/lints.rs"]
mod lints;
#[path = "rules/page.rs"]
mod page;
#[path = "rules/recipe.rs"]
mod recipe;

use ivig_audit::assess::check::run_examples;
use ivig_audit::rules::{RuleFiles, RulesError, Ruleset};

const RULESET: &str = "aanem-2023";

/// The guideline row ids of the contract. Ids are for ever.
const ROWS: [&str; 25] = [
    "anti-hmgcr-myopathy",
    "autonomic",
    "brachial-plexopathy",
    "chronic-autoimmune",
    "cidp",
    "dermatomyositis",
    "dlrpn",
    "gbs-adult",
    "gbs-pediatric",
    "iga-paraproteinemic",
    "igg-paraproteinemic",
    "igm-paraproteinemic",
    "inclusion-body-myositis",
    "lems",
    "mg-exacerbation",
    "mg-stable",
    "miller-fisher",
    "mmn",
    "necrotizing-myopathy-other",
    "polymyositis",
    "post-polio",
    "sfn-fgfr3",
    "sfn-idiopathic",
    "sfn-ts-hds",
    "stiff-person",
];

fn shipped() -> Ruleset {
    Ruleset::builtin(RULESET).unwrap_or_else(|error| panic!("{error}"))
}

/// The shipped files with one replaced text, loaded.
fn changed(path: &str, from: &str, to: &str) -> Result<Ruleset, RulesError> {
    let mut files = RuleFiles::builtin();
    let text = files.get(path).unwrap_or_else(|| panic!("{path} ships")).to_owned();
    assert!(text.contains(from), "{path} holds no `{from}`");
    files.insert(path, text.replacen(from, to, 1));
    Ruleset::load(&files, RULESET)
}

fn refused(path: &str, from: &str, to: &str) -> String {
    let error = changed(path, from, to).expect_err("a bad ruleset is refused");
    let first = &error.problems[0];
    assert_eq!(first.file, path, "{error}");
    error.to_string()
}

#[test]
fn every_example_of_every_shipped_ruleset_holds() {
    for id in RuleFiles::builtin().ruleset_ids() {
        let ruleset = Ruleset::builtin(&id).unwrap_or_else(|error| panic!("{error}"));
        let outcome = run_examples(&ruleset);
        let failures: Vec<String> = outcome.failures.iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        assert!(outcome.examples >= 3 * ruleset.rows.len(), "{} examples", outcome.examples);
        assert!(outcome.near_misses >= ruleset.indications.len(), "{} near misses", outcome.near_misses);
    }
}

/// A ruleset without patterns over time looks for none, and says nothing: so what ships must have them.
#[test]
fn every_shipped_ruleset_looks_for_patterns_over_time() {
    let ids = std::fs::read_dir("rules")
        .expect("the rules")
        .flatten()
        .filter(|entry| entry.path().join("ruleset.toml").exists());
    let ids: Vec<String> = ids.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(ids.len() >= 2, "{ids:?}");
    for id in ids {
        let course = Ruleset::builtin(&id).expect("a shipped ruleset").course;
        let patterns: Vec<&str> = course.patterns.iter().map(|pattern| pattern.id.as_str()).collect();
        assert_eq!(patterns.len(), 6, "{id}: {patterns:?}");
        assert!(!course.refusals.is_empty() && course.new_after_days > 0 && course.observed_days > 0, "{id}");
    }
}

#[test]
fn the_rows_are_those_of_the_contract() {
    let mut ids: Vec<String> = shipped().rows.iter().map(|row| row.id.clone()).collect();
    ids.sort();
    assert_eq!(ids, ROWS);
}

#[test]
fn every_row_cites_a_statement_of_the_one_publication() {
    let ruleset = shipped();
    assert_eq!(ruleset.info.source.pmid, "37432872");
    assert_eq!(ruleset.info.source.doi, "10.1002/mus.27922");
    for row in &ruleset.rows {
        assert!(ruleset.statement_of(row).text.len() > 20, "{}", row.id);
    }
}

#[test]
fn an_example_that_does_not_hold_names_its_file_and_line() {
    let path = "aanem-2023/indications/cidp.toml";
    let ruleset = changed(path, "determination = \"recommended\"", "determination = \"consider\"").unwrap();
    let failures = run_examples(&ruleset).failures;
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].file, path);
    assert!(failures[0].line.is_some_and(|line| line > 1));
    assert!(failures[0].message.contains("expected consider, found recommended"), "{}", failures[0]);
}

#[test]
fn an_example_with_several_wordings_runs_once_for_each_and_names_the_one_that_does_not_hold() {
    let path = "aanem-2023/indications/cidp.toml";
    let one =
        changed(path, "order  = { dx = [\"G61.81\"] }", "order = { dx = [\"G61.81\"], texts = [\"a\", \"b\", \"c\"] }");
    let (before, after) = (run_examples(&shipped()), run_examples(&one.unwrap()));
    assert_eq!(after.failures, []);
    assert_eq!(after.examples, before.examples + 2);

    let bad = changed(path, "order  = { dx = [\"G61.81\"] }", "order = { dx = [], texts = [\"CIDP\", \"no CIDP\"] }");
    let failures = run_examples(&bad.unwrap()).failures;
    assert_eq!(failures.len(), 1);
    let message = &failures[0].message;
    assert!(
        message.contains("text 2 (`no CIDP`): determination: expected recommended, found no_diagnosis"),
        "{message}"
    );
}

#[test]
fn an_example_has_one_text_or_several_and_not_both() {
    let path = "aanem-2023/indications/cidp.toml";
    let both = changed(path, "{ dx = [\"G61.81\"] }", "{ dx = [\"G61.81\"], text = \"a\", texts = [\"b\"] }").unwrap();
    let failures = run_examples(&both).failures;
    assert_eq!(failures.len(), 1);
    assert!(failures[0].message.contains("`text` or `texts`, not both"), "{}", failures[0]);
}

#[test]
fn wrong_names_are_refused_with_what_would_be_accepted() {
    let facts = "aanem-2023/facts.toml";
    let cidp = "aanem-2023/indications/cidp.toml";
    let gbs = "aanem-2023/indications/guillain-barre.toml";
    assert!(
        refused(cidp, "\"cidp\"\nstrength", "\"cidq\"\nstrength").contains("unknown code list `cidq`; accepted are")
    );
    assert!(refused(cidp, "strength = \"exact\"", "strength = \"near\"").contains("exact"));
    assert!(refused(gbs, "{ age-group = \"adult\" }", "{ age-group = \"old\" }").contains("unknown value `old`"));
    assert!(refused(gbs, "{ age-group = \"adult\" }", "{ age = \"adult\" }").contains("unknown fact `age`"));
    assert!(refused(facts, "named = \"", "named = \"no-").contains("unknown indication `no-"));
    assert!(
        refused(cidp, "statement = \"class-i-recommended\"", "statement = \"x\"").contains("unknown statement `x`")
    );
}

#[test]
fn unknown_keys_and_wrong_types_are_refused_with_their_line() {
    let ruleset = "aanem-2023/ruleset.toml";
    let message = refused(ruleset, "version", "colour = 1\nversion");
    assert!(message.starts_with("aanem-2023/ruleset.toml:") && message.contains("colour"), "{message}");
    let message = refused("aanem-2023/indications/cidp.toml", "strength = \"exact\"", "strength = 3");
    assert!(message.contains("cidp.toml:"), "{message}");
}

#[test]
fn a_phrase_that_could_never_be_found_is_refused_with_its_folded_form() {
    let path = "aanem-2023/text.toml";
    let text = RuleFiles::builtin().get(path).unwrap().to_owned();
    let mut files = RuleFiles::builtin();
    files.insert(path, format!("{text}\n[[cue]]\nkind = \"negation-before\"\nphrases = [\"r/o\"]\n"));
    let error = Ruleset::load(&files, RULESET).unwrap_err().to_string();
    assert!(error.contains("accepted is its folded form `r o`"), "{error}");
}

#[test]
fn bad_code_lists_are_refused_by_line() {
    let path = "codes/cidp.csv";
    assert!(refused(path, "G61.81", "61.81x").starts_with("codes/cidp.csv:2: "));
    assert!(refused(path, ",exact,", ",like,").contains("accepted are `exact` or `prefix`"));
    assert!(refused(path, "icd10cm", "icd11").contains("unknown system `icd11`"));
    assert!(refused(path, ",high", ",low").contains("confidence `low`"));
    assert!(refused("products/hcpcs.csv", ",intravenous,", ",oral,").contains("products/hcpcs.csv"));
}

#[test]
fn a_policy_that_forgets_a_recommendation_is_refused() {
    let message = refused("aanem-2023/ruleset.toml", "\"consider\", ", "");
    assert!(message.contains("each of `recommended`, `consider`"), "{message}");
}

#[test]
fn the_digest_changes_with_any_rule_and_with_nothing_else() {
    let files = RuleFiles::builtin();
    let mut other = files.clone();
    assert_eq!(files.digest([RULESET]), other.digest([RULESET]));
    other.insert("aanem-2023/CHANGELOG.md", "a word for readers");
    assert_eq!(files.digest([RULESET]), other.digest([RULESET]), "prose decides nothing");
    other.insert("codes/cidp.csv", format!("{}\n", files.get("codes/cidp.csv").unwrap()));
    assert_ne!(files.digest([RULESET]), other.digest([RULESET]));
}
#[test]
fn a_match_that_ends_before_it_begins_is_refused() {
    let path = "aanem-2023/indications/cidp.toml";
    let window = |from: &str, until: &str| format!("\"cidp\"\nfrom = \"{from}\"\nuntil = \"{until}\"\nstrength");
    let message = refused(path, "\"cidp\"\nstrength", &window("2020-01-02", "2020-01-01"));
    assert!(message.contains("ends before it begins"), "{message}");
    assert!(changed(path, "\"cidp\"\nstrength", &window("2020-01-01", "2020-01-01")).is_ok());
    let message = refused(path, "\"cidp\"\nstrength", "\"cidp\"\nuntil = \"January\"\nstrength");
    assert!(message.contains("YYYY-MM-DD"), "{message}");
}

#[test]
fn a_ruleset_may_use_256_code_lists() {
    let header = "system,code,match,label,valid_from,valid_to,source,confidence\n";
    let list = format!("{header}icd9cm,V12.34,exact,Made up,,2015-09-30,test,high\n");
    let mut files = RuleFiles::builtin();
    let shipped = shipped().lists.all().count();
    for number in shipped..256 {
        files.insert(format!("codes/zz-{number:03}.csv"), list.clone());
    }
    let ruleset = Ruleset::load(&files, RULESET).unwrap_or_else(|error| panic!("{error}"));
    let last = ruleset.lists.find("zz-255").unwrap();
    assert_eq!(ruleset.lists.get(last).id, "zz-255");
    files.insert("codes/zz-256.csv", list);
    let error = Ruleset::load(&files, RULESET).unwrap_err().to_string();
    assert!(error.contains("257 code lists; at most 256 are accepted"), "{error}");
}

/// Lists are kept canonical, so that a change to one is a change of one line.
#[test]
fn code_lists_are_sorted_by_system_and_code() {
    let canonical = |code: &str| code.replace('.', "");
    for list in shipped().lists.all() {
        let keys: Vec<_> = list.rows.iter().map(|row| (row.system.clone(), canonical(&row.code))).collect();
        let mut sorted = keys.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(keys, sorted, "codes/{}.csv", list.id);
    }
}
