//! ICD-9-CM: the seam of October 2015 from both sides, codes of either shape, headers, codes without a dot,
//! validity windows, and combinations in any order of diagnoses.

use chrono::NaiveDate;
use ivig_audit::assess::explanation::Explanation;
use ivig_audit::assess::{Screen, assess, screen};
use ivig_audit::codes::{CodeVersion, DiagnosisCode, read_diagnosis};
use ivig_audit::rules::{RuleFiles, Ruleset, Validity};

use super::bench::{Bench, Case, RULES, Said, run};

const THE_SEAM: &[Case] = &[
    ("the ninth on its last day", "357.81", "", "date=2015-09-30", "recommended cidp clear stated"),
    (
        "the ninth a day later",
        "357.81",
        "",
        "date=2015-10-01",
        "recommended cidp clear stated warns=code-not-valid-on-date",
    ),
    ("the tenth on its first day", "G61.81", "", "date=2015-10-01", "recommended cidp clear stated"),
    (
        "the tenth a day before",
        "G61.81",
        "",
        "date=2015-09-30",
        "recommended cidp clear stated warns=code-not-valid-on-date",
    ),
    (
        "a code of the tenth that came later",
        "G61.82",
        "",
        "date=2015-09-30",
        "recommended mmn clear stated warns=code-not-valid-on-date",
    ),
    ("on an unknown day either system counts", "357.81", "", "date=none", "recommended cidp clear stated"),
    ("both systems on one order", "358.00 G70.01", "", "date=2015-09-30", "recommended mg-exacerbation clear"),
    (
        "a code of the ninth that no list touches",
        "401.9",
        "",
        "date=2016-01-01",
        "not_addressed - review warns=code-not-valid-on-date",
    ),
    (
        "a code of the tenth that no list touches",
        "I10",
        "",
        "date=2015-01-01",
        "not_addressed - review warns=code-not-valid-on-date",
    ),
    ("a transplant by the date", "V42.0", "", "date=2015-09-30", "other_use - clear"),
    ("a cyclist by the date", "V42.0", "", "date=2015-10-01", "not_addressed - review"),
];

#[test]
fn the_change_of_systems_from_both_sides() {
    run(THE_SEAM);
}

#[test]
fn a_shape_of_both_systems_is_told_by_the_version_column_and_then_by_the_date() {
    let before = NaiveDate::from_ymd_opt(2015, 9, 30);
    let after = NaiveDate::from_ymd_opt(2015, 10, 1);
    for cell in ["V420", "V42.0", "E8190", "V08", "V5844"] {
        let version = |declared, service| read_diagnosis(cell, declared, service).unwrap().version();
        for service in [before, after, None] {
            assert_eq!(version(Some(CodeVersion::Icd9), service), CodeVersion::Icd9, "{cell}");
            assert_eq!(version(Some(CodeVersion::Icd10), service), CodeVersion::Icd10, "{cell}");
        }
        assert_eq!(version(None, before), CodeVersion::Icd9, "{cell}");
        assert_eq!(version(None, after), CodeVersion::Icd10, "{cell}");
        assert_eq!(version(None, None), CodeVersion::Icd10, "{cell}");
    }
    for (cell, version) in [
        ("357.81", CodeVersion::Icd9),
        ("35781", CodeVersion::Icd9),
        ("E819.0", CodeVersion::Icd9),
        ("G61.81", CodeVersion::Icd10),
        ("E11.42", CodeVersion::Icd10),
    ] {
        for declared in [None, Some(CodeVersion::Icd9), Some(CodeVersion::Icd10)] {
            for service in [before, after, None] {
                let read = read_diagnosis(cell, declared, service).unwrap();
                assert_eq!(read.version(), version, "{cell}: its shape tells, whatever a column or the date says");
            }
        }
    }
}

const HEADERS_AND_SPELLINGS: &[Case] = &[
    ("without the dot", "3570", "", "date=2012-07-01 age=52", "recommended gbs-adult clear"),
    ("five digits without the dot", "35801", "", "date=2012-07-01", "recommended mg-exacerbation clear"),
    ("a letter without the dot", "v4281", "", "date=2012-07-01", "other_use - clear"),
    ("a bare category", "357", "", "date=2012-07-01", "no_diagnosis - review warns=header-code"),
    ("a bare category beside a code", "357 357.81", "", "date=2012-07-01", "recommended cidp clear warns=header-code"),
    ("a header of four digits", "358.3", "", "date=2012-07-01", "no_diagnosis - review warns=header-code"),
    ("a header that other codes begin with", "250.6", "", "date=2012-07-01", "no_diagnosis - review"),
    ("three digits that are a code", "138", "", "date=2012-07-01", "not_recommended post-polio flagged presumed"),
    ("three digits that are another code", "340", "", "date=2012-07-01", "other_use - review"),
    ("three digits with a leading zero", "042", "", "date=2012-07-01", "other_use - clear"),
    ("a lost leading zero", "42", "", "date=2012-07-01", "no_diagnosis - review warns=malformed-diagnosis"),
    ("a lost zero before the dot", "5.1", "", "date=2012-07-01", "no_diagnosis - review warns=malformed-diagnosis"),
    ("a child that never was", "357.83", "", "date=2012-07-01", "no_diagnosis - review warns=unknown-diagnosis"),
];

#[test]
fn headers_and_codes_without_a_dot() {
    run(HEADERS_AND_SPELLINGS);
}

const WINDOWS: &[Case] = &[
    ("357.8 on its last day", "357.8", "", "date=2002-09-30", "indeterminate cidp+mmn+chronic-autoimmune review"),
    ("357.81 on its first day", "357.81", "", "date=2002-10-01", "recommended cidp clear"),
    ("357.81 a day early", "357.81", "", "date=2002-09-30", "recommended cidp clear warns=code-not-valid-on-date"),
    (
        "357.8 a day late keeps its meaning",
        "357.8",
        "",
        "date=2002-10-01",
        "indeterminate cidp+mmn+chronic-autoimmune review warns=code-not-valid-on-date",
    ),
    ("357.8 with a name", "357.8", "CIDP", "date=2001-03-01", "recommended cidp clear text"),
    ("358.0 on its last day", "358.0", "", "date=2003-09-30", "indeterminate mg-exacerbation+mg-stable review"),
    ("358.00 on its first day", "358.00", "", "date=2003-10-01", "not_recommended mg-stable flagged presumed"),
    ("358.0 with a crisis", "358.0", "myasthenic crisis", "date=2003-09-30", "recommended mg-exacerbation clear text"),
    ("337.0 on its last day", "337.0", "", "date=2008-09-30", "insufficient_evidence autonomic flagged presumed"),
    ("337.00 on its first day", "337.00", "", "date=2008-10-01", "insufficient_evidence autonomic flagged stated"),
    ("359.71 on its first day", "359.71", "", "date=2009-10-01", "not_recommended inclusion-body-myositis flagged"),
    (
        "359.71 a day early",
        "359.71",
        "",
        "date=2009-09-30",
        "not_recommended inclusion-body-myositis flagged warns=code-not-valid-on-date",
    ),
    ("358.30 on its first day", "358.30", "", "date=2011-10-01", "recommended lems clear"),
    ("358.39 a day early", "358.39", "", "date=2011-09-30", "recommended lems clear warns=code-not-valid-on-date"),
    ("the combination on its last day", "162.9 358.1", "", "date=2011-09-30", "recommended lems clear presumed"),
    ("the combination a day late", "162.9 358.1", "", "date=2011-10-01", "not_addressed - review"),
    ("the combination on an unknown day", "162.9 358.1", "", "date=none", "not_addressed - review"),
    ("a benign carcinoid is no malignancy", "209.61 358.1", "", "date=2010-03-01", "not_addressed - review"),
];

#[test]
fn codes_and_combinations_in_their_windows() {
    run(WINDOWS);
}

const COMBINATIONS: &[(&str, &str, &str)] = &[
    ("250.60 353.5", "2010-02-01", "insufficient_evidence dlrpn flagged presumed"),
    ("249.61 353.5", "2010-02-01", "insufficient_evidence dlrpn flagged presumed"),
    ("250.60 353.1", "2010-02-01", "insufficient_evidence dlrpn review presumed"),
    ("250.60 358.1", "2007-09-30", "insufficient_evidence dlrpn review presumed"),
    ("250.60 337.1", "2010-02-01", "insufficient_evidence autonomic review presumed"),
    ("250.60 353.5 357.2", "2010-02-01", "insufficient_evidence dlrpn flagged presumed"),
    ("273.3 357.4", "2010-02-01", "not_recommended igm-paraproteinemic flagged presumed"),
    ("273.3 356.9", "2010-02-01", "not_recommended igm-paraproteinemic flagged presumed"),
    ("273.3 357.9", "2010-02-01", "not_recommended igm-paraproteinemic flagged presumed"),
    ("273.1 357.3", "2010-02-01", "indeterminate igm-paraproteinemic+igg-paraproteinemic+iga-paraproteinemic flagged"),
    ("273.1 356.8", "2010-02-01", "indeterminate igm-paraproteinemic+igg-paraproteinemic+iga-paraproteinemic review"),
    ("273.2 357.4", "2010-02-01", "indeterminate igm-paraproteinemic+igg-paraproteinemic+iga-paraproteinemic review"),
    ("357.81 273.1 357.4", "2010-02-01", "recommended cidp clear stated"),
    ("162.9 358.1 401.9", "2010-03-01", "recommended lems clear presumed"),
    ("358.00 358.01", "2010-03-01", "recommended mg-exacerbation clear stated"),
    ("279.06 359.71", "2010-03-01", "other_use - review"),
    ("340 357.81", "2010-03-01", "recommended cidp clear"),
];

#[test]
fn combinations_hold_in_every_order_of_diagnoses() {
    for (dx, date, expected) in COMBINATIONS {
        let codes: Vec<&str> = dx.split(' ').collect();
        for cells in orders(&codes) {
            let said = Bench::dx(&cells.join(" ")).on(date).said();
            assert_eq!(said.differs_from(expected), Vec::<String>::new(), "{cells:?}");
        }
    }
}

/// All orders of a few cells.
fn orders<'a>(cells: &[&'a str]) -> Vec<Vec<&'a str>> {
    if cells.is_empty() {
        return vec![Vec::new()];
    }
    (0..cells.len())
        .flat_map(|at| {
            let mut rest = cells.to_vec();
            let first = rest.remove(at);
            orders(&rest).into_iter().map(move |tail| [vec![first], tail].concat())
        })
        .collect()
}

const OUTSIDE_THE_STATEMENT: &[(&str, &str)] = &[
    ("042", "clear"),
    ("279.06", "clear"),
    ("279.2", "clear"),
    ("279.50", "clear"),
    ("287.31", "clear"),
    ("446.1", "clear"),
    ("204.10", "clear"),
    ("996.85", "clear"),
    ("V42.81", "clear"),
    ("694.4", "clear"),
    ("694.61", "clear"),
    ("695.15", "clear"),
    ("283.0", "clear"),
    ("773.0", "clear"),
    ("776.1", "clear"),
    ("323.81", "clear"),
    ("323.61", "clear"),
    ("341.0", "clear"),
    ("340", "review"),
    ("710.0", "review"),
    ("710.1", "review"),
    ("710.2", "review"),
    ("446.0", "review"),
];

#[test]
fn established_and_other_uses_in_the_ninth_revision() {
    for (dx, flag) in OUTSIDE_THE_STATEMENT {
        let said = Bench::dx(dx).on("2010-02-01").said();
        assert_eq!((said.determination.as_str(), said.flag.as_str()), ("other_use", *flag), "{dx}");
        let beside = Bench::dx(&format!("359.71 {dx}")).on("2010-02-01").said();
        let expected = if *flag == "clear" { ("other_use", "review") } else { ("not_recommended", "flagged") };
        assert_eq!((beside.determination.as_str(), beside.flag.as_str()), expected, "{dx} beside a flagged row");
    }
}

/// Every row that a list names was billable at some time, in the window that the list gives for it.
#[test]
fn every_listed_code_of_the_ninth_revision_is_known_in_its_window() {
    let mut checked = 0;
    for row in RULES.lists.all().flat_map(|list| &list.rows).filter(|row| row.system == "icd9cm") {
        let code = read_diagnosis(&row.code, Some(CodeVersion::Icd9), None).unwrap();
        assert_eq!(code.version(), CodeVersion::Icd9, "{}", row.code);
        let validity = RULES.lists.validity(code, row.valid_to.parse().ok());
        let accepted: &[Validity] = if row.kind == "prefix" {
            &[Validity::Valid, Validity::Header, Validity::NotOnDate]
        } else {
            &[Validity::Valid]
        };
        assert!(accepted.contains(&validity), "{}: {validity:?}", row.code);
        assert!(row.valid_to.as_str() <= "2015-09-30" && !row.valid_to.is_empty(), "{}", row.code);
        checked += 1;
    }
    assert!(checked > 200, "{checked}");
}

/// The shipped ruleset without a row of the ninth revision.
fn without_the_ninth() -> Ruleset {
    let mut files = RuleFiles::builtin();
    let lists: Vec<String> = RULES.lists.all().map(|list| format!("codes/{}.csv", list.id)).collect();
    for path in lists {
        let rows: Vec<&str> = files.get(&path).unwrap().lines().filter(|row| !row.starts_with("icd9cm,")).collect();
        let text = format!("{}\n", rows.join("\n"));
        files.insert(&path, text);
    }
    Ruleset::load(&files, "aanem-2023").unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn codes_of_a_system_that_no_list_reads_are_not_said_to_be_outside_the_statement() {
    let ruleset = without_the_ninth();
    let said = |dx: &str| {
        let order = Bench::dx(dx).on("2015-03-01").order();
        let Screen::InScope(product) = screen(&ruleset, &order) else { panic!("the order is in scope") };
        let assessment = assess(&ruleset, &order, product);
        let reason = Explanation::new(&ruleset, &order, &assessment).reason();
        (Said::of(&assessment), reason)
    };
    let (alone, reason) = said("357.81");
    assert_eq!(alone.differs_from("not_addressed - review warns=code-system-not-covered"), Vec::<String>::new());
    assert!(reason.contains("The order's ICD-9-CM codes are not read by this ruleset"), "{reason}");
    assert!(!reason.contains("says nothing of"), "{reason}");
    let (_, beside) = said("357.81 I10");
    assert!(beside.contains("nothing of what else this order carries; its ICD-9-CM codes are not read"), "{beside}");
    let (_, none) = said("I10");
    assert!(none.contains("says nothing of what this order carries") && !none.contains("ICD-9"), "{none}");
    let shipped = Bench::dx("357.81").on("2015-03-01").said();
    assert!(!shipped.warnings.iter().any(|warning| warning == "code-system-not-covered"), "{shipped:?}");
}

#[test]
fn a_code_falls_under_all_that_it_begins_with() {
    let code = read_diagnosis("E8190", Some(CodeVersion::Icd9), None).unwrap();
    let ancestry: Vec<String> = code.ancestry().map(|each: DiagnosisCode| each.to_string()).collect();
    assert_eq!(ancestry, ["E819", "E819.0"]);
    let code = read_diagnosis("250.60", None, None).unwrap();
    let ancestry: Vec<String> = code.ancestry().map(|each| each.to_string()).collect();
    assert_eq!(ancestry, ["250", "250.6", "250.60"]);
}
