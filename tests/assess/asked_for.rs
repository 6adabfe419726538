//! What a finding asks for, and in which order: worked cases on the shipped rules, and on rules made for it.

use std::fmt::Write as _;

use ivig_audit::assess::explanation::Explanation;
use ivig_audit::assess::{Assessment, Screen, assess, screen};
use ivig_audit::codes::{ProcedureCode, read_diagnosis};
use ivig_audit::order::{Age, Diagnosis, Order, ProductCodes};
use ivig_audit::rules::{RuleFiles, Ruleset};

use crate::bench::{Bench, RULES};

fn asked_for(bench: &Bench) -> Vec<String> {
    bench.assessed().expect("in scope").would_change.iter().map(|wanting| wanting.id(&RULES)).collect()
}

#[test]
fn a_presumed_course_is_asked_for_before_the_setting_that_would_not_make_it_clear() {
    assert_eq!(asked_for(&Bench::dx("G70.00")), ["mg-course", "mg-setting"]);
}

#[test]
fn what_is_wanting_comes_first() {
    for (codes, fact) in [("M33.90", "myositis-type"), ("D47.2 G63", "isotype"), ("G70.0", "mg-course")] {
        assert_eq!(asked_for(&Bench::dx(codes))[0], fact, "{codes}");
    }
}

#[test]
fn an_order_that_says_nothing_or_rests_on_weak_grounds_asks_for_the_diagnosis() {
    for bench in [
        Bench::dx(""),
        Bench::dx("I10"),
        Bench::dx("G61.9"),
        Bench::dx("").text("inclusion body myositis"),
        Bench::dx("I10").text("inclusion body myositis"),
        Bench::dx("D83.9 G72.41"),
        Bench::dx("G61.81").text("inclusion body myositis"),
    ] {
        assert!(asked_for(&bench).contains(&"diagnosis".to_owned()), "{bench:?}: {:?}", asked_for(&bench));
    }
    assert_eq!(asked_for(&Bench::dx("G61.81").text("inclusion body myositis"))[0], "diagnosis");
}

#[test]
fn an_order_that_needs_nobodys_attention_asks_for_nothing() {
    assert!(asked_for(&Bench::dx("G61.81")).is_empty());
}

/// The shipped rules with one more condition: facts with their sources, and rows as conditions with what they say.
fn with_condition(facts: &[(&str, &str)], rows: &[(&str, &str)]) -> Ruleset {
    let mut files = RuleFiles::builtin();
    let mut text = files.get("aanem-2023/facts.toml").expect("it ships").to_owned();
    for (fact, sources) in facts {
        let _ = write!(
            text,
            "\n[[fact]]\nid = \"{fact}\"\nlabel = \"x\"\nask = \"the note on {fact}\"\nvalues = [\"a\", \"b\"]\nvalue-labels = [\"a\", \"b\"]\n{sources}\n[[fact.default]]\nvalue = \"a\"\nnote = \"x\"\n"
        );
    }
    files.insert("aanem-2023/facts.toml", text);
    let mut file =
        "id = \"made-up\"\nlabel = \"x\"\nwhy = \"x\"\n[[match]]\ncodes = \"made-up\"\nstrength = \"exact\"\n"
            .to_owned();
    for (at, (when, says)) in rows.iter().enumerate() {
        let _ = write!(
            file,
            "[[row]]\nid = \"made-up-{at}\"\nlabel = \"x\"\nwhen = {{ {when} }}\nrecommendation = \"{says}\"\ncite = {{ statement = \"class-i-recommended\", basis = \"stated\" }}\n"
        );
    }
    files.insert("aanem-2023/indications/made-up.toml", file);
    for (list, code) in [("made-up", "Q99.9"), ("made-up-sign", "Q99.8")] {
        let header = "system,code,match,label,valid_from,valid_to,source,confidence";
        files.insert(format!("codes/{list}.csv"), format!("{header}\nicd10cm,{code},exact,x,2015-10-01,,test,high\n"));
    }
    Ruleset::load(&files, "aanem-2023").unwrap_or_else(|error| panic!("{error}"))
}

/// A condition that is coded and nothing else, at an age.
fn made_up(age: Age) -> Order {
    let code = read_diagnosis("Q99.9", None, None);
    Order {
        product: ProductCodes { procedure: ProcedureCode::parse("J1459").ok(), ..ProductCodes::default() },
        age,
        diagnoses: vec![Diagnosis { position: 1, code, pointed: false }],
        ..Order::default()
    }
}

fn assessed(ruleset: &Ruleset, order: &Order) -> Assessment {
    let Screen::InScope(product) = screen(ruleset, order) else { panic!("in scope") };
    assess(ruleset, order, product)
}

fn ids(ruleset: &Ruleset, assessment: &Assessment) -> Vec<String> {
    assessment.would_change.iter().map(|wanting| wanting.id(ruleset)).collect()
}

fn told(phrase: &str) -> String {
    format!("[[fact.source]]\nvalue = \"b\"\nphrases = [\"{phrase}\"]")
}

#[test]
fn a_fact_that_could_clear_an_order_comes_before_one_that_only_changes_it() {
    let ruleset = with_condition(
        &[("first", &told("zulu")), ("second", &told("yankee"))],
        &[
            ("first = \"a\", second = \"a\"", "not-recommended"),
            ("first = \"b\", second = \"a\"", "insufficient-evidence"),
            ("second = \"b\"", "recommended"),
        ],
    );
    let found = assessed(&ruleset, &made_up(Age::Unknown));
    assert_eq!((ids(&ruleset, &found), found.together), (vec!["second".to_owned(), "first".to_owned()], None));
}

#[test]
fn two_facts_that_move_the_answer_only_together_are_asked_for_together() {
    let ruleset = with_condition(
        &[("first", &told("zulu")), ("idle", &told("xray")), ("second", &told("yankee"))],
        &[
            ("first = \"a\"", "not-recommended"),
            ("second = \"a\"", "not-recommended"),
            ("first = \"b\", second = \"b\", idle = \"a\"", "recommended"),
            ("first = \"b\", second = \"b\", idle = \"b\"", "recommended"),
        ],
    );
    let order = made_up(Age::Unknown);
    let found = assessed(&ruleset, &order);
    assert_eq!(ids(&ruleset, &found), ["first", "second"]);
    assert_eq!(found.together.map(|pair| pair.to_vec()), Some(found.would_change.clone()));
    let reason = Explanation::new(&ruleset, &order, &found).reason();
    assert!(reason.ends_with("The answer could change with the note on first and the note on second."), "{reason}");
    let both = Order { text: "zulu; yankee".to_owned(), ..order.clone() };
    assert!(!assessed(&ruleset, &both).flag.is_finding());
    for one in ["zulu", "yankee", "zulu; xray"] {
        let one = Order { text: one.to_owned(), ..order.clone() };
        assert_eq!(assessed(&ruleset, &one).determination, found.determination);
    }
}

#[test]
fn a_value_that_no_order_can_show_is_not_asked_for() {
    let rows = [("first = \"a\"", "not-recommended"), ("first = \"b\"", "recommended")];
    let silent = with_condition(&[("first", "")], &rows);
    assert_eq!(ids(&silent, &assessed(&silent, &made_up(Age::Unknown))), ["diagnosis"]);
    let by_code = with_condition(&[("first", "[[fact.source]]\nvalue = \"b\"\ncodes = \"made-up-sign\"")], &rows);
    assert_eq!(ids(&by_code, &assessed(&by_code, &made_up(Age::Unknown))), ["first"]);
}

#[test]
fn an_age_is_asked_for_only_where_none_is_known() {
    let rows = [("age-group = \"adult\"", "not-recommended"), ("age-group = \"pediatric\"", "recommended")];
    let ruleset = with_condition(&[], &rows);
    assert_eq!(ids(&ruleset, &assessed(&ruleset, &made_up(Age::Unknown))), ["age-group"]);
    assert_eq!(ids(&ruleset, &assessed(&ruleset, &made_up(Age::from_years(40)))), ["diagnosis"]);
}

#[test]
fn the_search_is_bounded_however_many_facts_are_unknown() {
    let names: Vec<String> = (0..24).map(|fact| format!("unknown-{fact}")).collect();
    let sources: Vec<String> = (0..24).map(|fact| told(&format!("zulu {fact}"))).collect();
    let facts: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(sources.iter().map(String::as_str)).collect();
    let all: Vec<String> = names.iter().map(|name| format!("{name} = \"b\"")).collect();
    let none: Vec<(String, &str)> = names.iter().map(|name| (format!("{name} = \"a\""), "not-recommended")).collect();
    let mut rows: Vec<(&str, &str)> = none.iter().map(|(when, says)| (when.as_str(), *says)).collect();
    let all = all.join(", ");
    rows.push((&all, "recommended"));
    let ruleset = with_condition(&facts, &rows);
    let order = Order { text: "word ".repeat(3000), ..made_up(Age::Unknown) };
    let started = std::time::Instant::now();
    let found = assessed(&ruleset, &order);
    assert_eq!(ids(&ruleset, &found), ["diagnosis"], "no two of them move it");
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
