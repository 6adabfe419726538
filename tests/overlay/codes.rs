//! A site's own codes over the shared ones: rows of lists, and the windows in which codes are valid.

use chrono::NaiveDate;
use ivig_audit::codes::read_diagnosis;
use ivig_audit::rules::lint::{Severity, check};
use ivig_audit::rules::{RuleFiles, Ruleset, Validity, page};

use crate::{HEAD, overlay, said};

const LIST: &str = "system,code,match,label,valid_from,valid_to,source,confidence\n";
const VALID: &str = "code,billable,valid_from,valid_to\n";

/// The errors of the lints for an overlay with these files, each with lint, file and line.
fn errors(files: &[(&str, &str)]) -> Vec<String> {
    let mut all = RuleFiles::builtin();
    all.insert("site/ruleset.toml", HEAD);
    for (path, text) in files {
        all.insert(format!("site/{path}"), *text);
    }
    let ruleset = Ruleset::load(&all, "site").unwrap_or_else(|error| panic!("{error}"));
    let day = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    let found = check(&all, &ruleset, day);
    found.iter().filter(|each| each.lint.severity == Severity::Error).map(ToString::to_string).collect()
}

fn validity(ruleset: &Ruleset, code: &str, day: &str) -> Validity {
    let day = day.parse().ok();
    ruleset.lists.validity(read_diagnosis(code, None, day).unwrap(), day)
}

/// An update of October: one code is divided into two that are new.
const OCTOBER: &str = "code,billable,valid_from,valid_to\nG61.81,1,2015-10-01,2026-09-30\nG61.81,0,2026-10-01,\n\
    G61.810,1,2026-10-01,\nG61.811,1,2026-10-01,\n";

/// The lists that follow it.
const DIVIDED: &str = "system,code,match,label,valid_from,valid_to,source,confidence\n\
    icd10cm,G61.81,exact,Chronic inflammatory demyelinating polyneuritis,2015-10-01,2026-09-30,site,high\n\
    icd10cm,G61.810,exact,Typical,2026-10-01,,site,high\nicd10cm,G61.811,exact,Other,2026-10-01,,site,high\n";

#[test]
fn a_site_follows_an_update_of_the_classification_in_a_file_of_its_own() {
    let plain = overlay("", &[]).unwrap();
    assert_eq!(validity(&plain, "G61.810", "2026-11-01"), Validity::Unknown);
    let site = overlay("", &[("codes/valid/icd10cm.csv", OCTOBER)]).unwrap();
    assert_eq!(validity(&site, "G61.810", "2026-11-01"), Validity::Valid);
    assert_eq!(validity(&site, "G61.810", "2026-09-30"), Validity::NotOnDate);
    assert_eq!(validity(&site, "G61.81", "2026-09-30"), Validity::Valid);
    assert_eq!(validity(&site, "G61.81", "2026-10-01"), Validity::NotOnDate, "its windows are those of the site");
    assert_eq!(validity(&site, "G61.82", "2026-11-01"), Validity::Valid, "other codes are as they were");
    assert_ne!(plain.info.digest, site.info.digest);
    let both = overlay("", &[("codes/valid/icd10cm.csv", OCTOBER), ("codes/cidp.csv", DIVIDED)]).unwrap();
    assert_eq!(said(&both, &["G61.811"], "").1, ["cidp"]);
}

#[test]
fn the_lints_read_the_windows_of_the_site() {
    let both = [("codes/valid/icd10cm.csv", OCTOBER), ("codes/cidp.csv", DIVIDED)];
    assert!(errors(&both).is_empty(), "{:#?}", errors(&both));
    let lists_only = errors(&both[1..]);
    let unknown = "site/codes/cidp.csv:3: [code-not-in-system] the classification does not know `G61.810`";
    assert!(lists_only.iter().any(|error| error == unknown), "{lists_only:#?}");
    let windows_only = errors(&both[..1]);
    assert!(
        windows_only.iter().any(|error| error.starts_with("codes/cidp.csv:")
            && error.contains("`G61.81` was valid from 2015-10-01 to 2026-09-30")),
        "{windows_only:#?}"
    );
    for (rows, lint) in [
        ("G60.0,1,2015-10-01,2026-09-30\nG60.0,1,2026-09-30,\n", "window-overlap"),
        ("G60.0,1,2015-10-01,2025-09-30\nG60.0,1,2026-10-01,\n", "window-gap"),
        ("G60.0,1,2015-10-01,2014-10-01\n", "window-reversed"),
    ] {
        let found = errors(&[("codes/valid/icd10cm.csv", &format!("{VALID}{rows}"))]);
        let place = |error: &String| error.starts_with("site/codes/valid/icd10cm.csv:") && error.contains(lint);
        assert!(found.len() == 1 && found.iter().all(place), "{lint}: {found:#?}");
    }
}

#[test]
fn a_file_below_codes_that_nothing_reads_is_refused() {
    for path in ["codes/vaild/icd10cm.csv", "codes/valid/old/icd10cm.csv", "codes/cidp.toml", "codes/more/cidp.csv"] {
        let refused = overlay("", &[(path, LIST)]).unwrap_err();
        assert!(refused.starts_with(&format!("site/{path}: nothing reads this file; accepted are ")), "{refused}");
    }
    let system = overlay("", &[("codes/valid/icd11.csv", VALID)]).unwrap_err();
    assert!(system.contains("site/codes/valid/icd11.csv: unknown system `icd11`; accepted are `icd10cm`"), "{system}");
    let wrong = overlay("", &[("codes/valid/icd10cm.csv", &format!("{VALID}G61.81,yes,,\n"))]).unwrap_err();
    assert!(wrong.starts_with("site/codes/valid/icd10cm.csv:2: "), "{wrong}");
    assert!(
        overlay("", &[("codes/README.md", "Where our codes come from.\n")]).is_ok(),
        "a text about them is no list"
    );
}

#[test]
fn a_header_that_a_site_drops_is_a_header_again() {
    let base = Ruleset::builtin("aanem-2023").unwrap();
    assert_eq!(said(&base, &["G70.0"], "").0, "indeterminate");
    for written in ["G70.0", "G700", "g70.0"] {
        let dropped = format!("{LIST}icd10cm,{written},drop,,,,site,high\n");
        let site = overlay("", &[("codes/myasthenia-gravis-header.csv", &dropped)]).unwrap();
        assert_eq!(said(&site, &["G70.0"], "").0, "no_diagnosis", "{written}");
    }
    let other_system = format!("{LIST}icd9cm,V70.0,drop,,,,site,high\n");
    let refused = overlay("", &[("codes/myasthenia-gravis-header.csv", &other_system)]).unwrap_err();
    assert!(refused.contains(":2: the code to drop does not stand in this list"), "{refused}");
}

#[test]
fn a_code_that_a_site_writes_anew_stands_once_with_the_words_of_the_site() {
    let row = format!("{LIST}icd10cm,G6181,exact,CIDP as we call it,2015-10-01,,site,high\n");
    let site = overlay("", &[("codes/cidp.csv", &row)]).unwrap();
    let cidp = site.lists.all().find(|list| list.id == "cidp").unwrap();
    let base = Ruleset::builtin("aanem-2023").unwrap();
    assert_eq!(cidp.rows.len(), base.lists.all().find(|list| list.id == "cidp").unwrap().rows.len());
    assert_eq!(cidp.rows.iter().filter(|row| row.code.replace('.', "") == "G6181").count(), 1);
    assert_eq!(said(&site, &["G61.81"], "").1, ["cidp"]);
    let shown = page::page(&site, site.indications.iter().find(|each| each.id == "cidp").unwrap());
    assert!(shown.contains("CIDP as we call it"), "{shown}");
    let narrowed = format!("{LIST}icd10cm,E85,exact,Amyloidosis,2015-10-01,,site,high\n");
    let site = overlay("", &[("codes/amyloidosis.csv", &narrowed)]).unwrap();
    let e851 = read_diagnosis("E85.1", None, None).unwrap();
    assert!(base.lists.lists_of(e851) != site.lists.lists_of(e851), "a prefix that is written as exact is exact");
}

#[test]
fn a_code_that_stands_twice_in_one_file_is_refused() {
    let twice = format!("{LIST}icd10cm,G60.0,exact,One,,,site,high\nicd10cm,G600,prefix,Other,,,site,high\n");
    let refused = overlay("", &[("codes/cidp.csv", &twice)]).unwrap_err();
    assert!(refused.starts_with("site/codes/cidp.csv:3: `G600` stands in this file twice"), "{refused}");
}
