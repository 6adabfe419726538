//! `in-force`: which edition judges an order by its service date, and how a site corrects the day on which one begins.

use std::path::Path;

use ivig_audit::assess::{Screen, Warning, assess, screen};
use ivig_audit::codes::{ProcedureCode, read_diagnosis};
use ivig_audit::order::{Diagnosis, Order, ProductCodes};
use ivig_audit::rules::{RuleFiles, Rulebook};

fn open(word: &str) -> Rulebook {
    Rulebook::open(word).unwrap_or_else(|error| panic!("{word}: {error}"))
}

fn refused(word: &str) -> String {
    Rulebook::open(word).expect_err("a rulebook that cannot be used is refused").to_string()
}

/// The id of the edition that judges an order of this day.
fn on<'a>(rulebook: &'a Rulebook, day: &str) -> &'a str {
    &rulebook.on(Some(day.parse().expect("a date"))).info.id
}

fn ids(rulebook: &Rulebook) -> Vec<&str> {
    rulebook.editions().map(|edition| edition.info.id.as_str()).collect()
}

/// Folder `name` with the files of a shipped ruleset, or with an overlay that says this and the least besides.
fn site(name: &str, files: &[(&str, &str)]) -> (tempfile::TempDir, String) {
    let parent = tempfile::tempdir().expect("a directory");
    let dir = parent.path().join(name);
    for (path, text) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, text).expect("the file is written");
    }
    let word = format!("in-force:{}", dir.display());
    (parent, word)
}

fn overlay(extends: &str, more: &str) -> (tempfile::TempDir, String) {
    let text = format!(
        "id = \"site\"\nversion = \"0.2.0\"\ntitle = \"A site's rules\"\nshort-title = \"Site\"\nbasis = \"local\"\n\
         status = \"draft\"\nextends = \"{extends}\"\n{more}\n[review]\nauthor = \"site\"\nchecker = \"\"\n\
         reviewed-on = \"\"\nreview-by = \"2099-12-31\"\n"
    );
    site("site", &[("ruleset.toml", &text)])
}

/// A shipped ruleset as a folder of a site, with one text changed in its `ruleset.toml`.
fn copy(id: &str, name: &str, from: &str, to: &str) -> (tempfile::TempDir, String) {
    let shipped = RuleFiles::builtin();
    let mut files: Vec<(String, String)> = shipped
        .below(id)
        .map(|(path, text)| (path.trim_start_matches(id).trim_start_matches('/').to_owned(), text.to_owned()))
        .collect();
    let ruleset = files.iter_mut().find(|(path, _)| path == "ruleset.toml").expect("the ruleset ships");
    assert!(ruleset.1.contains(from), "{id} holds no `{from}`");
    ruleset.1 = ruleset.1.replacen(from, to, 1);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    site(name, &files)
}

#[test]
fn both_shipped_editions_judge_from_their_first_day_to_the_day_before_the_next() {
    let rulebook = open("in-force");
    assert_eq!(ids(&rulebook), ["aanem-2009", "aanem-2023"]);
    for (day, edition) in [
        ("1999-01-01", "aanem-2009"),
        ("2009-10-31", "aanem-2009"),
        ("2009-11-01", "aanem-2009"),
        ("2015-09-30", "aanem-2009"),
        ("2023-06-30", "aanem-2009"),
        ("2023-07-01", "aanem-2023"),
        ("2099-12-31", "aanem-2023"),
    ] {
        assert_eq!(on(&rulebook, day), edition, "{day}");
    }
    assert_eq!(rulebook.on(None).info.id, "aanem-2023");
}

#[test]
fn one_edition_judges_every_day_unless_in_force_is_asked_for() {
    let rulebook = open("aanem-2023");
    assert_eq!((ids(&rulebook), rulebook.has_several()), (vec!["aanem-2023"], false));
    assert_eq!((on(&rulebook, "2010-01-01"), on(&rulebook, "2024-01-01")), ("aanem-2023", "aanem-2023"));
    assert_eq!(rulebook.name(), rulebook.newest().info.name());
}

#[test]
fn service_before_the_first_edition_is_judged_by_it_with_a_warning() {
    let rulebook = open("in-force");
    let warned = |day: &str| {
        let service_date = day.parse().ok();
        let order = Order {
            product: ProductCodes { procedure: ProcedureCode::parse("J1566").ok(), ..ProductCodes::default() },
            service_date,
            diagnoses: vec![Diagnosis { position: 1, code: read_diagnosis("G61.81", None, None), pointed: false }],
            ..Order::default()
        };
        let Screen::InScope(product) = screen(rulebook.newest(), &order) else { panic!("it is in scope") };
        assess(rulebook.on(service_date), &order, product).warnings.contains(&Warning::ServiceBeforeStatement)
    };
    assert_eq!(["2009-10-31", "2009-11-01", "2023-06-30", "2023-07-01"].map(warned), [true, false, false, false]);
}

#[test]
fn a_site_corrects_the_day_on_which_an_edition_begins() {
    let (_parent, word) = overlay("aanem-2023", "in-force-from = \"2023-09\"");
    let rulebook = open(&word);
    assert_eq!(ids(&rulebook), ["aanem-2009", "site"]);
    assert_eq!((on(&rulebook, "2023-08-31"), on(&rulebook, "2023-09-01")), ("aanem-2009", "site"));
    let (_parent, word) = overlay("aanem-2009", "in-force-from = \"2010-01\"");
    let rulebook = open(&word);
    assert_eq!(ids(&rulebook), ["site", "aanem-2023"]);
    assert_eq!((on(&rulebook, "2009-12-31"), on(&rulebook, "2023-07-01")), ("site", "aanem-2023"));
    assert_eq!(rulebook.first().info.in_force_from.0, "2010-01");
    assert_ne!(rulebook.digest(), open("in-force").digest());
}

#[test]
fn an_overlay_that_says_no_day_begins_with_its_edition() {
    let (_parent, word) = overlay("aanem-2009", "");
    let rulebook = open(&word);
    assert_eq!((on(&rulebook, "2023-06-30"), on(&rulebook, "2023-07-01")), ("site", "aanem-2023"));
    let worked = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/overlay/our-hospital");
    assert_eq!(ids(&open(&format!("in-force:{}", worked.display()))), ["aanem-2009", "our-hospital"]);
}

#[test]
fn a_changed_copy_of_an_edition_stands_in_its_place() {
    let (_parent, word) =
        copy("aanem-2023", "aanem-2023", "in-force-from     = \"2023-07\"", "in-force-from = \"2023-10\"");
    let rulebook = open(&word);
    assert_eq!(ids(&rulebook), ["aanem-2009", "aanem-2023"]);
    assert_eq!((on(&rulebook, "2023-09-30"), on(&rulebook, "2023-10-01")), ("aanem-2009", "aanem-2023"));
}

#[test]
fn what_leaves_no_choice_is_refused_with_what_would_be_accepted() {
    let (_parent, word) = overlay("aanem-2023", "in-force-from = \"2009-11\"");
    let error = refused(&word);
    assert!(error.contains("`in-force-from`") && error.contains("aanem-2009") && error.contains("site"), "{error}");
    let (_parent, word) = copy("aanem-2023", "other", "id                = \"aanem-2023\"", "id = \"other\"");
    let error = refused(&word);
    for part in ["other/ruleset.toml", "extends", "`aanem-2009`", "`aanem-2023`"] {
        assert!(error.contains(part), "`{part}` is not said: {error}");
    }
    assert!(refused("in-force:/nowhere").contains("no such directory"));
    for word in ["inforce", "in-forces"] {
        let error = refused(word);
        assert!(error.contains("`in-force`") && error.contains("`aanem-2023`"), "{error}");
    }
}

/// The id of the edition that an order of this day is compared by.
fn compared_by(word: &str, day: Option<&str>) -> Option<String> {
    let rulebook = Rulebook::open_to_compare(word).unwrap_or_else(|error| panic!("{word}: {error}"));
    let day = day.map(|day| day.parse().expect("a date"));
    rulebook.other_than_on(day).map(|edition| edition.info.id.clone())
}

#[test]
fn an_order_is_compared_by_the_edition_that_did_not_judge_it() {
    let of = |word: &str, day: &str| compared_by(word, Some(day)).unwrap_or_default();
    assert_eq!(of("aanem-2023", "2024-07-01"), "aanem-2009");
    assert_eq!(of("aanem-2023", "2012-07-01"), "aanem-2009", "one ruleset judges every day");
    assert_eq!(of("aanem-2009", "2024-07-01"), "aanem-2023");
    assert_eq!(of("in-force", "2024-07-01"), "aanem-2009");
    assert_eq!(of("in-force", "2012-07-01"), "aanem-2023");
    assert_eq!(compared_by("in-force", None).as_deref(), Some("aanem-2009"));
}

#[test]
fn an_overlay_is_compared_by_the_other_edition_than_the_one_that_it_is_laid_over() {
    for (extends, other) in [("aanem-2023", "aanem-2009"), ("aanem-2009", "aanem-2023")] {
        let (_folder, word) = overlay(extends, "");
        let dir = word.strip_prefix("in-force:").expect("a directory");
        assert_eq!(compared_by(dir, Some("2024-07-01")).as_deref(), Some(other), "{extends}");
    }
    let (_folder, word) = overlay("aanem-2023", "");
    assert_eq!(compared_by(&word, Some("2024-07-01")).as_deref(), Some("aanem-2009"));
    assert_eq!(compared_by(&word, Some("2012-07-01")).as_deref(), Some("site"));
}

#[test]
fn what_is_compared_by_has_the_products_of_what_judges() {
    let rulebook = Rulebook::open_to_compare("aanem-2023").expect("it ships");
    let other = rulebook.beside().expect("there is another");
    assert!(std::sync::Arc::ptr_eq(&rulebook.newest().products, &other.products));
    assert!(open("aanem-2023").beside().is_none() && !rulebook.has_several());
}
