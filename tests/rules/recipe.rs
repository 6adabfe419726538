//! The recipe of CONTRIBUTING.md as it stands there: one TOML and one CSV add an indication, and nothing else does.

use ivig_audit::assess::check::{example_differences, run_examples};
use ivig_audit::assess::{Screen, assess, screen};
use ivig_audit::codes::{ProcedureCode, read_diagnosis};
use ivig_audit::order::{Age, Diagnosis, Order, ProductCodes};
use ivig_audit::rules::lint::{Severity, check};
use ivig_audit::rules::{RuleFiles, Ruleset, page};

const RULESET: &str = "aanem-2023";
const LIST: &str = "codes/refsum-disease.csv";
const INDICATION: &str = "aanem-2023/indications/refsum.toml";

/// The first block of a language in the recipe, without its indent.
fn block(language: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/CONTRIBUTING.md");
    let guide = std::fs::read_to_string(path).expect("CONTRIBUTING.md is there");
    let (_, recipe) = guide.split_once("## Recipe: add an indication").expect("the recipe is there");
    let (_, rest) = recipe.split_once(&format!("```{language}\n")).expect("the block is there");
    let (block, _) = rest.split_once("```").expect("the block ends");
    block.lines().map(|line| line.strip_prefix("   ").unwrap_or(line).to_owned() + "\n").collect()
}

/// The shipped files with the two of the recipe.
fn with_recipe() -> RuleFiles {
    let mut files = RuleFiles::builtin();
    files.insert(LIST, block("csv"));
    files.insert(INDICATION, block("toml"));
    files
}

fn loaded(files: &RuleFiles) -> Ruleset {
    Ruleset::load(files, RULESET).unwrap_or_else(|error| panic!("{error}"))
}

/// Determination, rows and reason's flag of an order with one code.
fn answer(ruleset: &Ruleset, code: &str) -> (String, Vec<String>, String) {
    let date = "2024-07-01".parse().ok();
    let order = Order {
        product: ProductCodes { procedure: ProcedureCode::parse("J1459").ok(), ..ProductCodes::default() },
        service_date: date,
        age: Age::Unknown,
        diagnoses: vec![Diagnosis { position: 1, code: read_diagnosis(code, None, date), pointed: false }],
        text: String::new(),
        ..Order::default()
    };
    let Screen::InScope(product) = screen(ruleset, &order) else { panic!("the product is in scope") };
    let found = assess(ruleset, &order, product);
    (found.determination.as_str().to_owned(), found.rows.ids(ruleset), found.flag.as_str().to_owned())
}

#[test]
fn one_toml_and_one_csv_add_an_indication() {
    let before = loaded(&RuleFiles::builtin());
    let after = loaded(&with_recipe());
    assert_eq!(answer(&before, "G60.1"), ("not_addressed".into(), vec![], "review".into()));
    assert_eq!(answer(&after, "G60.1"), ("insufficient_evidence".into(), vec!["refsum".into()], "review".into()));
    assert_eq!(answer(&before, "G61.81"), answer(&after, "G61.81"), "what was there stays");
    assert_eq!(after.rows.len(), before.rows.len() + 1);
    assert_ne!(after.info.digest, before.info.digest);
}

#[test]
fn its_examples_hold_and_did_not_before() {
    let before = loaded(&RuleFiles::builtin());
    let after = loaded(&with_recipe());
    let outcome = run_examples(&after);
    assert!(outcome.failures.is_empty(), "{:?}", outcome.failures);
    let added = page::find(&after, "refsum").expect("the indication is there");
    assert!(added.examples.len() >= 4);
    for (_, example) in added.examples.iter().filter(|(_, example)| !example.near_miss) {
        assert!(!example_differences(&before, example).is_empty(), "`{}` held before", example.name);
    }
    assert_eq!(outcome.examples, run_examples(&before).examples + added.examples.len());
}

#[test]
fn the_lints_have_nothing_against_it() {
    let files = with_recipe();
    let day = "2026-05-01".parse().expect("a day");
    let found = check(&files, &loaded(&files), day);
    let errors: Vec<String> =
        found.iter().filter(|each| each.lint.severity == Severity::Error).map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// The guide shows what a run of it prints; no count there may be of yesterday.
#[test]
fn the_guide_shows_as_many_rows_as_there_are_then() {
    let shown = format!("\n{} rows\nno errors", loaded(&with_recipe()).rows.len());
    let printed = block("console");
    assert!(printed.trim_end().ends_with(&shown), "the guide shows {printed}, and a run ends with {shown}");
}

/// As a site does it: a copy of `rules/` with two more files, named by its directory.
#[test]
fn a_directory_of_a_site_with_the_two_files_is_used_as_it_is() {
    let site = tempfile::tempdir().expect("a directory");
    let files = with_recipe();
    for folder in [RULESET, "codes", "products"] {
        for (path, text) in files.below(folder) {
            let target = site.path().join(path);
            std::fs::create_dir_all(target.parent().expect("a folder")).expect("the folder is made");
            std::fs::write(target, text).expect("the file is written");
        }
    }
    let opened = Ruleset::open(&site.path().join(RULESET).display().to_string());
    let ruleset = opened.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(answer(&ruleset, "G60.1").1, ["refsum"]);
    assert_eq!(ruleset.info.digest, loaded(&files).info.digest);
}
