//! A site's own rules over the shipped ones, by what they do to the demo export; and what two rulesets differ in.

use std::path::Path;

use crate::command::{DECISION, audit, code, json, latest, program, repository, run, stderr, stdout};

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
        let alone = old[1] == "mg-stable" && old[2].split('|').any(|code| code == "G70.00");
        if old[0] == new[0] {
            assert!(!alone || new[0] != "flagged", "{old:?}");
        } else {
            moved += 1;
            assert_eq!((old[0].as_str(), new[0].as_str(), old[1].as_str()), ("flagged", "review", "mg-stable"));
            assert!(alone, "{old:?}");
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

#[test]
fn a_folder_of_the_working_directory_takes_the_place_of_no_shipped_ruleset() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["aanem-2009", "aanem-2023", "in-force", "ours"] {
        std::fs::create_dir(dir.path().join(name)).unwrap();
        let decision = DECISION.replace("committee", name);
        std::fs::write(dir.path().join(name).join("ruleset.toml"), decision).unwrap();
    }
    let here = |args: &[&str]| program(args).current_dir(dir.path()).output().expect("the program starts");
    let shipped = stdout(&run(&["rules", "list", "aanem-2023"]));
    assert_eq!(stdout(&here(&["rules", "list", "aanem-2023"])), shipped);
    assert!(stdout(&here(&["rules", "check", "aanem-2023"])).starts_with("note: aanem-2023/ruleset.toml"));
    assert!(!stdout(&here(&["explain", "--dx", "G70.00"])).contains("aanem-2023@1\n"), "nor as the default");
    assert!(stdout(&here(&["rules", "list", "./aanem-2009"])).starts_with("aanem-2009@1  "));
    let itself = here(&["rules", "list", "./aanem-2023"]);
    assert!(stderr(&itself).contains("cannot be laid over itself"), "{}", stderr(&itself));
    assert!(stdout(&here(&["rules", "list", "ours"])).starts_with("ours@1  "));
    assert!(stdout(&here(&["rules", "list", "in-force"])).starts_with("aanem-2009@"));
}

#[test]
fn in_force_is_listed_and_checked_as_all_its_editions_and_not_shown_as_one() {
    let editions = |output: std::process::Output| {
        let text = stdout(&output);
        let names = text.lines().filter(|line| line.starts_with("aanem-") || line.starts_with("our-hospital@"));
        names.map(|line| line.split('@').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let site = format!("in-force:{}", repository("fixtures/overlay/our-hospital"));
    for command in [&["rules", "list"][..], &["rules", "check", "--as-of", "2026-05-01"]] {
        assert_eq!(editions(run(&[command, &["in-force"]].concat())), ["aanem-2009", "aanem-2023"]);
        assert_eq!(editions(run(&[command, &[&site]].concat())), ["aanem-2009", "our-hospital"]);
    }
    for refused in [
        &["rules", "show", "cidp", "--rules", "in-force"][..],
        &["rules", "diff", "in-force", "aanem-2023"],
        &["rules", "diff", "aanem-2009", &site],
    ] {
        let output = run(refused);
        assert_eq!(code(&output), 3);
        let told = stderr(&output);
        assert!(told.contains("several rulesets") && told.contains("accepted here is one: `aanem-2009`"), "{told}");
    }
}
