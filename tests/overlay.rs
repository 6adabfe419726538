//! A site's own rules, laid over a shipped edition: what they add, change and take out, and what stays as it is.

#[path = "overlay/codes.rs"]
mod codes;

use std::path::Path;

use ivig_audit::assess::check::run_examples;
use ivig_audit::assess::explanation::Explanation;
use ivig_audit::assess::{Screen, assess, screen};
use ivig_audit::codes::{ProcedureCode, read_diagnosis};
use ivig_audit::order::{Diagnosis, Order, ProductCodes};
use ivig_audit::rules::{RuleFiles, Ruleset};

const BASE: &str = "aanem-2023";

/// The least that an overlay says.
const HEAD: &str = r#"
id = "site"
version = "1.0.0"
title = "A site's rules"
short-title = "Site"
basis = "local"
status = "draft"
extends = "aanem-2023"
[review]
author = "site"
checker = ""
reviewed-on = ""
review-by = "2099-12-31"
"#;

fn worked_example() -> Ruleset {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/overlay/our-hospital");
    Ruleset::open(&dir.display().to_string()).unwrap_or_else(|error| panic!("{error}"))
}

fn overlay(more: &str, files: &[(&str, &str)]) -> Result<Ruleset, String> {
    let mut all = RuleFiles::builtin();
    all.insert("site/ruleset.toml", format!("{HEAD}{more}"));
    for (path, text) in files {
        all.insert(format!("site/{path}"), *text);
    }
    Ruleset::load(&all, "site").map_err(|error| error.to_string())
}

/// Determination, rows, flag and reason of an order with these diagnoses and text.
fn said(ruleset: &Ruleset, dx: &[&str], text: &str) -> (String, Vec<String>, String, String) {
    let service_date = "2024-07-01".parse().ok();
    let read = |(at, cell): (usize, &&str)| Diagnosis {
        position: at as u8 + 1,
        code: read_diagnosis(cell, None, service_date),
        pointed: false,
    };
    let order = Order {
        product: ProductCodes { procedure: ProcedureCode::parse("J1459").ok(), ..ProductCodes::default() },
        service_date,
        diagnoses: dx.iter().enumerate().map(read).collect(),
        text: text.to_owned(),
        ..Order::default()
    };
    let Screen::InScope(product) = screen(ruleset, &order) else { panic!("the first product is in scope") };
    let found = assess(ruleset, &order, product);
    let reason = Explanation::new(ruleset, &order, &found).reason();
    (found.determination.as_str().to_owned(), found.rows.ids(ruleset), found.flag.as_str().to_owned(), reason)
}

#[test]
fn the_worked_example_holds_and_changes_what_it_says_and_nothing_else() {
    let ruleset = worked_example();
    let outcome = run_examples(&ruleset);
    assert!(outcome.failures.is_empty(), "{:?}", outcome.failures);
    let base = Ruleset::builtin(BASE).unwrap();
    let below = base.indications.iter().flat_map(|indication| &indication.examples);
    assert_eq!(outcome.inherited, below.map(|(_, example)| example.order.wordings().count()).sum::<usize>());
    assert!(!outcome.moved.is_empty());
    for moved in &outcome.moved {
        let is_the_cap = moved.message.contains("expected flagged, found review");
        let is_hereditary = moved.message.contains("expected not_addressed, found not_recommended");
        assert!(is_the_cap || is_hereditary, "{moved}");
    }
}

#[test]
fn one_line_of_an_overlay_sends_a_code_to_review_at_most() {
    let base = Ruleset::builtin(BASE).unwrap();
    let site = overlay("[policy.cap.codes]\nmyasthenia-gravis-without-exacerbation = \"review\"\n", &[]).unwrap();
    let (determination, rows, flag, reason) = said(&site, &["G70.00"], "");
    assert_eq!(said(&base, &["G70.00"], "").2, "flagged");
    assert_eq!(
        (determination.as_str(), &rows[..], flag.as_str()),
        ("not_recommended", &["mg-stable".to_owned()][..], "review")
    );
    assert!(reason.contains("the policy of the ruleset lowers what rests on this code"), "{reason}");
    assert_eq!(said(&site, &["G70.00"], "stable myasthenia gravis").2, "review", "whatever the text says beside it");
    assert_eq!(said(&site, &["G70.00", "G72.41"], "").2, "flagged", "another code governs beside it");
    assert_eq!(
        said(&site, &["G70.00"], "inclusion body myositis").2,
        said(&base, &["G70.00"], "inclusion body myositis").2
    );
    assert_eq!(said(&site, &["G70.00", "G62.9"], "idiopathic small fiber neuropathy").2, "flagged", "so does a name");
    assert_eq!(said(&site, &["G72.41"], "").2, "flagged", "other codes are as they were");
    assert_eq!(said(&site, &["G70.01"], "").2, "clear");
}

#[test]
fn a_cap_on_a_row_counts_however_the_row_was_reached() {
    let site = overlay("[policy.cap.rows]\nmg-stable = \"clear\"\n", &[]).unwrap();
    assert_eq!(said(&site, &["G70.00"], "stable myasthenia gravis").2, "clear");
    assert_eq!(said(&site, &["G70.00", "G72.41"], "").2, "flagged", "another row stands beside it");
}

#[test]
fn a_row_of_the_site_cites_the_site_and_not_the_statement() {
    let (determination, rows, flag, reason) = said(&worked_example(), &["G60.0"], "");
    assert_eq!(
        (determination.as_str(), rows[0].as_str(), flag.as_str()),
        ("not_recommended", "hereditary-neuropathy", "flagged")
    );
    assert!(reason.contains("Our hospital: Hereditary neuropathy is not recommended"), "{reason}");
    assert!(!reason.contains("AANEM"), "{reason}");
    let (_, _, _, both) = said(&worked_example(), &["G60.0", "G72.41"], "");
    assert!(
        both.contains("AANEM 2023: Inclusion body myositis") && both.contains("Our hospital: Hereditary"),
        "{both}"
    );
}

#[test]
fn a_site_adds_codes_to_a_list_and_takes_codes_out() {
    let head = "system,code,match,label,valid_from,valid_to,source,confidence\n";
    let added = format!("{head}icd10cm,G60.0,exact,Hereditary motor and sensory neuropathy,,,site,high\n");
    let site = overlay("", &[("codes/cidp.csv", &added)]).unwrap();
    assert_eq!(said(&site, &["G60.0"], "").1, ["cidp"]);
    assert_eq!(said(&site, &["G61.81"], "").1, ["cidp"], "what the list held stays");
    let dropped = format!("{head}icd10cm,G61.81,drop,,,,site,high\n");
    let site = overlay("", &[("codes/cidp.csv", &dropped)]).unwrap();
    assert_eq!(said(&site, &["G61.81"], "").0, "not_addressed");
    let unknown = format!("{head}icd10cm,G60.0,drop,,,,site,high\n");
    let refused = overlay("", &[("codes/cidp.csv", &unknown)]).unwrap_err();
    assert!(refused.starts_with("site/codes/cidp.csv:2: the code to drop does not stand in this list"), "{refused}");
}

#[test]
fn a_site_drops_an_indication_or_a_row() {
    let site = overlay("[drop]\nindications = [\"post-polio\"]\nrows = [\"polymyositis\"]\n", &[]).unwrap();
    assert_eq!(said(&site, &["G14"], "").0, "not_addressed");
    assert_eq!(said(&site, &["M33.20"], "").0, "not_addressed");
    let refused = overlay("[drop]\nrows = [\"polio\"]\n", &[]).unwrap_err();
    assert!(refused.contains("site/ruleset.toml:15: unknown row `polio`; accepted are "), "{refused}");
}

#[test]
fn a_site_moves_a_use_from_one_tier_to_the_other() {
    let base = Ruleset::builtin(BASE).unwrap();
    let site = overlay("[outside]\nestablished = [\"multiple-sclerosis\"]\n", &[]).unwrap();
    assert_eq!(said(&base, &["G35.A"], "").2, "review");
    assert_eq!(said(&site, &["G35.A"], "").2, "clear");
}

#[test]
fn a_site_adds_words_to_a_fact_and_cues_to_the_text() {
    let facts =
        "[[fact]]\nid = \"mg-course\"\n[[fact.source]]\nvalue = \"exacerbation\"\nphrases = [\"acute mg care path\"]\n";
    let cues = "[[cue]]\nkind = \"negation-before\"\nphrases = [\"coder says not\"]\n";
    let site = overlay("", &[("facts.toml", facts), ("text.toml", cues)]).unwrap();
    assert_eq!(said(&site, &["G70.00"], "acute MG care path").1, ["mg-exacerbation"]);
    assert_eq!(said(&site, &["G62.9"], "coder says not CIDP").0, "not_addressed");
    assert_eq!(said(&site, &["G62.9"], "CIDP").1, ["cidp"]);
}

#[test]
fn a_row_of_the_same_id_replaces_the_one_below() {
    let amended = "id = \"polymyositis\"\namends = true\nwhy = \"local\"\n[[row]]\nid = \"polymyositis\"\nlabel = \"Polymyositis\"\nrecommendation = \"consider\"\ncite = { statement = \"local\", basis = \"stated\" }\n";
    let statement = "[[statement]]\nid = \"local\"\ntext = \"may be considered\"\n";
    let site = overlay(statement, &[("indications/polymyositis.toml", amended)]).unwrap();
    assert_eq!(said(&site, &["M33.20"], "").0, "consider");
    assert_eq!(site.rows.iter().filter(|row| row.id == "polymyositis").count(), 1);
}

#[test]
fn an_edition_may_take_over_conditions_and_no_recommendation() {
    let rows = "id = \"cidp\"\namends = true\nwhy = \"w\"\n[[row]]\nid = \"cidp\"\nlabel = \"CIDP\"\nrecommendation = \"recommended\"\ncite = { statement = \"s\", basis = \"stated\" }\n";
    let head = HEAD.replace("extends = \"aanem-2023\"", "extends = \"aanem-2023\"\ninherit = \"conditions\"");
    let mut files = RuleFiles::builtin();
    files.insert("site/ruleset.toml", format!("{head}[[statement]]\nid = \"s\"\ntext = \"words\"\n"));
    files.insert("site/indications/cidp.toml", rows);
    let site = Ruleset::load(&files, "site").unwrap();
    assert_eq!(site.rows.len(), 1, "no row of the edition below stands");
    assert_eq!(said(&site, &["G61.81"], "").0, "recommended");
    let (determination, _, _, reason) = said(&site, &["G72.41"], "");
    assert_eq!(determination, "not_addressed");
    assert!(!reason.contains("AANEM"), "{reason}");
    assert_eq!(run_examples(&site).inherited, 0);
}

#[test]
fn a_wrong_overlay_is_refused_with_its_place() {
    let refused = |more: &str, files: &[(&str, &str)]| overlay(more, files).unwrap_err();
    let unknown = refused("[policy.cap.codes]\nmyasthenia = \"review\"\n", &[]);
    assert!(unknown.starts_with("site/ruleset.toml:15: unknown code list `myasthenia`; accepted are "), "{unknown}");
    let flag = refused("[policy.flag]\nmaybe = \"review\"\n", &[]);
    assert!(flag.contains("unknown field `maybe`"), "{flag}");
    let orphan = refused("", &[("indications/gout.toml", "id = \"gout\"\namends = true\nwhy = \"w\"\n")]);
    assert!(orphan.contains("site/indications/gout.toml:1: `amends` needs an indication of this id"), "{orphan}");
    let mut files = RuleFiles::builtin();
    files.insert("site/ruleset.toml", HEAD.replace("aanem-2023", "site"));
    let circle = Ruleset::load(&files, "site").unwrap_err().to_string();
    assert!(circle.contains("cannot be laid over itself"), "{circle}");
    files.insert("site/ruleset.toml", HEAD.replace("aanem-2023", "aanem-1999"));
    let missing = Ruleset::load(&files, "site").unwrap_err().to_string();
    assert!(missing.contains("unknown ruleset `aanem-1999`; accepted are `aanem-2009` or `aanem-2023`"), "{missing}");
}

#[test]
fn the_digest_of_an_overlay_holds_the_ruleset_below() {
    let one = overlay("", &[]).unwrap();
    let mut files = RuleFiles::builtin();
    files.insert("site/ruleset.toml", HEAD);
    let text = files.get("aanem-2023/text.toml").unwrap().to_owned();
    files.insert("aanem-2023/text.toml", format!("{text}\n# changed\n"));
    assert_ne!(one.info.digest, Ruleset::load(&files, "site").unwrap().info.digest);
}
