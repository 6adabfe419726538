//! A site's own rules over the shipped ones, by what they do to the demo export; and what two rulesets differ in.

use std::path::Path;

use crate::command::{audit, code, json, latest, repository, run, stderr, stdout};

/// What a committee writes so that one code is at most reviewed: who it is, and one line of policy.
const DECISION: &str = r#"
id = "committee"
version = "1"
title = "A committee's decision"
short-title = "Committee"
basis = "local"
status = "draft"
extends = "aanem-2023"
review = { author = "committee", checker = "", reviewed-on = "", review-by = "2099-12-31" }

[policy.cap.codes]
myasthenia-gravis-without-exacerbation = "review"
"#;

/// Flag, rows and diagnoses of each finding in the demo export, by record, with its ruleset.
fn findings(out: &Path, rules: &str) -> Vec<(String, [String; 4])> {
    let output = audit(&[&repository("fixtures/demo/orders.csv")], out, &["--rules", rules]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let mut reader = csv::Reader::from_path(latest(out).join("findings.csv")).expect("findings");
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|column| column == name).expect("the column is there");
    let columns = ["flag", "guideline_rows", "diagnoses", "ruleset"].map(at);
    let record = at("record");
    let row = |row: csv::StringRecord| (row[record].to_owned(), columns.map(|column| row[column].to_owned()));
    reader.records().map(|finding| row(finding.expect("a finding"))).collect()
}

#[test]
fn one_line_of_a_committee_moves_its_code_from_flagged_to_review_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("committee");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(site.join("ruleset.toml"), DECISION).unwrap();
    let before = findings(&dir.path().join("shipped"), "aanem-2023");
    let after = findings(&dir.path().join("site"), &site.display().to_string());
    assert_eq!(before.len(), after.len(), "what was reviewed still is");
    let mut moved = 0;
    for ((record, old), (same, new)) in before.iter().zip(&after) {
        assert_eq!((record, &old[1..3]), (same, &new[1..3]));
        assert!(new[3].starts_with("committee@1"), "every finding names the ruleset that it was judged by");
        if old[0] != new[0] {
            moved += 1;
            assert_eq!((old[0].as_str(), new[0].as_str(), old[1].as_str()), ("flagged", "review", "mg-stable"));
            assert!(old[2].split('|').any(|code| code == "G70.00"), "{old:?}");
        } else {
            let alone = old[1] == "mg-stable" && old[2].split('|').any(|code| code == "G70.00");
            assert!(!alone || new[0] != "flagged", "{old:?}");
        }
    }
    assert!(moved > 50, "{moved} orders of the demo export rest on that code");
    let manifest = json(&latest(&dir.path().join("site")).join("manifest.json"));
    assert_eq!(manifest["ruleset"]["id"], "committee");
}

#[test]
fn rules_diff_tells_rows_policy_and_orders_that_move() {
    let editions = stdout(&run(&["rules", "diff", "aanem-2009", "aanem-2023"]));
    assert!(editions.contains("~ lems: recommended, Class I -> recommended, Class II"), "{editions}");
    assert!(editions.contains("- gbs: Guillain-Barre syndrome, recommended, Class I"), "{editions}");
    assert!(editions.contains("+ post-polio: Post-polio syndrome, not-recommended, Class I"), "{editions}");
    let demo = repository("fixtures/demo/orders.csv");
    let site = stdout(&run(&["rules", "diff", "aanem-2023", &repository("fixtures/overlay/our-hospital"), &demo]));
    assert!(site.contains("+ hereditary-neuropathy: Hereditary neuropathy, not-recommended, no class"), "{site}");
    assert!(
        site.contains("~ at most, on codes of myasthenia-gravis-without-exacerbation: not set -> review"),
        "{site}"
    );
    let orders = site.split("orders of the exports").nth(1).expect("the export is answered by both");
    assert!(
        orders
            .contains("not_recommended (mg-stable), Class I, flagged -> not_recommended (mg-stable), Class I, review"),
        "{orders}"
    );
    assert!(orders.contains("orders.csv record "), "an order is named by its place: {orders}");
    let same = run(&["rules", "diff", "aanem-2023", "aanem-2023"]);
    assert!(stdout(&same).contains("no difference") && stdout(&same).contains(", 0 get another answer"));
    assert_eq!(code(&run(&["rules", "diff", "aanem-2023", "aanem-1999"])), 3);
}
