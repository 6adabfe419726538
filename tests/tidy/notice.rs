//! Whose code systems are used stands in NOTICE.

use std::collections::BTreeSet;

use crate::project::{File, Finding, files, hold};

const WHY: &str = "Code systems belong to somebody (NOTICE): whoever adds one says whose it is, and under which terms its \
codes are used here.";

/// How a code system is written in the rules (beginning of the word), and its heading in NOTICE.
const SYSTEMS: &[(&str, &str)] = &[
    ("icd10cm", "ICD-10-CM"),
    ("icd10pcs", "ICD-10-PCS and ICD-9-CM"),
    ("icd9", "ICD-10-PCS and ICD-9-CM"),
    ("cpt", "CPT"),
    ("hcpcs", "HCPCS Level II"),
    ("ndc", "NDC"),
    ("rx", "RxNorm"),
    ("atc", "ATC"),
    ("snomed", "SNOMED CT"),
];

/// What stands in a column `system` and is no code system.
const NO_SYSTEM: &[&str] = &["name"];

/// The code systems that a CSV names: in its column `system`, or as the name of a column.
fn systems(file: &File) -> BTreeSet<String> {
    let mut lines = file.text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let is_system = |name: &&&str| SYSTEMS.iter().any(|(word, _)| name.starts_with(word));
    let mut found: BTreeSet<String> = header.iter().filter(is_system).map(|name| (*name).to_owned()).collect();
    if header.first() == Some(&"system") {
        found.extend(lines.filter_map(|line| line.split(',').next()).map(str::to_owned));
    }
    found
}

fn check(rules: &[File], notice: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in rules.iter().filter(|file| file.path.ends_with(".csv")) {
        for system in systems(file).into_iter().filter(|system| !NO_SYSTEM.contains(&system.as_str())) {
            let heading = SYSTEMS.iter().find(|(word, _)| system.starts_with(word)).map(|(_, heading)| *heading);
            if !heading.is_some_and(|heading| notice.lines().any(|line| line == heading)) {
                findings.push(Finding::new(file, 1, format!("NOTICE does not say whose `{system}` is")));
            }
        }
    }
    findings
}

#[test]
fn the_notice_names_each_code_system_that_the_rules_use() {
    hold(WHY, &check(&files("rules"), &files("NOTICE")[0].text));
}

#[test]
fn the_notice_names_each_publication_that_is_quoted() {
    let notice = &files("NOTICE")[0].text;
    let rulesets: Vec<File> = files("rules").into_iter().filter(|file| file.path.ends_with("/ruleset.toml")).collect();
    assert!(!rulesets.is_empty());
    for file in &rulesets {
        for line in file.text.lines().filter(|line| line.starts_with("pmid")) {
            let pmid = line.split('"').nth(1).unwrap_or_default();
            assert!(pmid.is_empty() || notice.contains(pmid), "{}: PMID {pmid} is not in NOTICE", file.path);
        }
    }
}

#[test]
fn a_code_system_that_nobody_named_is_caught() {
    let notice = "CPT\n\n  Five digits.\n";
    let told = |text: &str| check(&[File::new("rules/products/a.csv", text)], notice).len();
    assert_eq!(told("system,code\ncpt,90283\n"), 0);
    assert_eq!(told("system,code\nloinc,1-1\n"), 1);
    assert_eq!(told("system,code\ncpt,90283\nhcpcs,J1459\n"), 1);
    assert_eq!(told("ndc,product\n1,x\n"), 1);
    assert_eq!(told("modifier,route\nJA,intravenous\n"), 0);
}
