//! `changes`, `--previous` and `--fail-on new`: hand-made exports of two nights.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{DECISION, HEADER, audit, code, json, latest, order, program, run, stderr, stdout};

/// An order that is a finding: a diagnosis of which the statement says that it is not to be treated so.
fn finding(number: usize) -> String {
    order(number).replace("G61.81", "G72.41")
}

/// Audits an export of these lines and gives the run directory.
fn night(dir: &Path, name: &str, lines: &[String], more: &[&str]) -> PathBuf {
    let path = dir.join(format!("{name}.csv"));
    std::fs::write(&path, format!("{HEADER}\n{}\n", lines.join("\n"))).unwrap();
    let out = dir.join(format!("{name}-out"));
    let output = audit(&[path.to_str().unwrap()], &out, more);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    latest(&out)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn changed(old: &Path, new: &Path) -> Value {
    let output = run(&["changes", text(old), text(new), "--json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

/// The sums by which nothing is lost.
fn reconciles(found: &Value) {
    let number = |path: &str| found.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("{path}: {found}"));
    let split = |path: &str| {
        let parts = ["order", "data", "rules", "program"].map(|part| number(&format!("{path}/{part}")));
        assert_eq!(number(&format!("{path}/total")), parts.iter().sum::<u64>(), "{path}");
        parts.iter().sum::<u64>()
    };
    assert_eq!(number("/orders/before"), number("/orders/gone") + number("/orders/matched"));
    assert_eq!(number("/orders/now"), number("/orders/new") + number("/orders/matched"));
    assert_eq!(number("/orders/matched"), number("/orders/unchanged") + split("/orders/changed"));
    let kept = number("/findings/unchanged") + split("/findings/changed");
    assert_eq!(number("/findings/before"), split("/findings/gone") + kept);
    assert_eq!(number("/findings/now"), split("/findings/new") + kept);
}

#[test]
fn a_changed_export_is_laid_to_the_data_and_every_sum_holds() {
    let dir = tempfile::tempdir().unwrap();
    let old: Vec<String> = (1..=6).map(order).chain((7..=9).map(finding)).collect();
    // 1 becomes a finding, 7 clear, 9 is gone, 10 and 11 are new; the rest stands in another order in another file.
    let new: Vec<String> = [10, 11, 8, 1].map(finding).into_iter().chain([7, 6, 5, 4, 3, 2].map(order)).collect();
    let (old, new) = (night(dir.path(), "one", &old, &[]), night(dir.path(), "two", &new, &[]));
    let found = changed(&old, &new);
    reconciles(&found);
    assert_eq!(found["orders"]["unchanged"], 6);
    assert_eq!(found["orders"]["changed"]["data"], 2, "{found}");
    assert_eq!((&found["findings"]["new"]["order"], &found["findings"]["new"]["data"]), (&2.into(), &1.into()));
    assert_eq!((&found["findings"]["gone"]["order"], &found["findings"]["gone"]["data"]), (&1.into(), &1.into()));
    assert_eq!(found["new_findings_by_row"][0]["total"], 3, "{found}");

    let list = dir.path().join("new.csv");
    let output = run(&["changes", text(&old), text(&new), "--findings", text(&list), "--fail-on", "new"]);
    assert_eq!(code(&output), 8, "{}", stderr(&output));
    let told = stdout(&output);
    assert!(told.contains("findings new: 3 (2 order new, 1 data, 0 rules, 0 program)"), "{told}");
    let rows: Vec<String> = std::fs::read_to_string(&list).unwrap().lines().skip(1).map(str::to_owned).collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[0].contains("two.csv,1,,order,") && rows[2].contains("two.csv,4,,data,"), "{rows:?}");
    for id in ["O10", "C10", "P10", "P1,", "1000.00"] {
        assert!(!told.contains(id) && !rows.join("\n").contains(id), "{id}: no value of a record");
    }
    // From tables alone the same is found.
    let tables = [&old, &new].map(|run| run.join("assessments.parquet"));
    assert_eq!(changed(&tables[0], &tables[1])["findings"], found["findings"]);
}

#[test]
fn the_same_export_in_another_file_changes_nothing_and_text_that_is_not_stored_is_data() {
    let dir = tempfile::tempdir().unwrap();
    let lines: Vec<String> = (1..=3).map(order).chain([finding(4)]).collect();
    let old = night(dir.path(), "one", &lines, &[]);
    let found = changed(&old, &night(dir.path(), "two", &lines, &[]));
    reconciles(&found);
    assert_eq!((&found["orders"]["unchanged"], &found["orders"]["matched"]), (&4.into(), &4.into()));
    assert_eq!(code(&run(&["changes", text(&old), text(&old), "--fail-on", "new"])), 0);
    let worded = lines.iter().map(|line| line.replace("G61.81,,,", "G61.81,,inclusion body myositis,"));
    let found = changed(&old, &night(dir.path(), "three", &worded.collect::<Vec<_>>(), &[]));
    reconciles(&found);
    assert_eq!(found["orders"]["changed"]["data"], 3, "{found}");
}

#[test]
fn other_rules_over_the_same_export_are_told_as_rules() {
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("committee");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(site.join("ruleset.toml"), DECISION).unwrap();
    let lines: Vec<String> =
        (1..=2).map(order).chain((3..=5).map(|number| order(number).replace("G61.81", "G70.00"))).collect();
    let old = night(dir.path(), "one", &lines, &[]);
    let new = night(dir.path(), "two", &lines, &["--rules", text(&site)]);
    let found = changed(&old, &new);
    reconciles(&found);
    assert_eq!(found["orders"]["changed"]["rules"], 3, "{found}");
    assert_eq!((&found["orders"]["changed"]["data"], &found["orders"]["changed"]["program"]), (&0.into(), &0.into()));
}

#[test]
fn an_audit_tells_what_changed_since_the_run_that_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let old = night(dir.path(), "one", &(0..40).map(order).collect::<Vec<_>>(), &[]);
    let lines: Vec<String> = (0..20).map(order).chain((20..40).map(finding)).collect();
    let new = night(dir.path(), "two", &lines, &["--previous", text(&old)]);
    let summary = json(&new.join("summary.json"));
    let change = &summary["change_against_previous"];
    reconciles(change);
    assert_eq!(change["findings"]["new"]["data"], 20, "{change}");
    assert_eq!(change["content_digest"], json(&old.join("manifest.json"))["content_digest"]);
    let page = std::fs::read_to_string(new.join("report.html")).unwrap();
    assert!(page.contains("20 findings are new, 0 are gone and 0 changed."));
    let plain = night(dir.path(), "three", &lines, &[]);
    assert!(json(&plain.join("summary.json")).get("change_against_previous").is_none());
    assert!(!std::fs::read_to_string(plain.join("report.html")).unwrap().contains("previous run"));
}

#[test]
fn small_numbers_of_the_change_are_not_on_the_page() {
    let dir = tempfile::tempdir().unwrap();
    let old = night(dir.path(), "one", &(0..40).map(order).collect::<Vec<_>>(), &[]);
    let lines: Vec<String> = (0..37).map(order).chain((37..40).map(finding)).collect();
    let new = night(dir.path(), "two", &lines, &["--previous", text(&old)]);
    assert_eq!(json(&new.join("summary.json"))["change_against_previous"]["findings"]["new"]["total"], 3);
    let page = std::fs::read_to_string(new.join("report.html")).unwrap();
    assert!(page.contains("How many findings are new, gone or changed is withheld."));
    assert!(!page.contains("3 findings are new"));
}

#[test]
fn fail_on_new_trips_once_for_a_finding_and_a_held_run_is_no_run_before() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let path = dir.path().join("export.csv");
    let tonight = |lines: &[String], more: &[&str]| {
        std::fs::write(&path, format!("{HEADER}\n{}\n", lines.join("\n"))).unwrap();
        audit(&[text(&path)], &out, &[&["--fail-on", "new"], more].concat())
    };
    let mut lines: Vec<String> = (0..12).map(order).collect();
    assert_eq!(code(&tonight(&lines, &[])), 0, "no finding, none is new");
    lines.push(finding(20));
    let first = tonight(&lines, &[]);
    assert_eq!(code(&first), 8, "{}", stderr(&first));
    assert!(stderr(&first).contains("1 finding is new since"), "{}", stderr(&first));
    let again = tonight(&lines, &[]);
    assert_eq!((code(&again), stderr(&again).contains("nothing new since")), (0, true), "{}", stderr(&again));
    lines.push(order(21));
    let known = tonight(&lines, &[]);
    assert_eq!(code(&known), 0, "the finding is known: {}", stderr(&known));
    assert!(!stderr(&known).contains("new"), "it says what it said before: {}", stderr(&known));

    lines.push(finding(22));
    let broken: Vec<String> = lines.iter().cloned().chain((0..10).map(|_| "ragged".to_owned())).collect();
    assert_eq!(code(&tonight(&broken, &[])), 5, "held");
    assert_eq!(code(&tonight(&lines, &[])), 8, "what the held run found is still new");
    let fresh = dir.path().join("fresh");
    assert_eq!(code(&audit(&[text(&path)], &fresh, &["--fail-on", "new"])), 8, "with no earlier run all are new");
}

#[test]
fn a_nightly_job_that_names_the_latest_run_has_nothing_new_on_the_same_export() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let path = dir.path().join("export.csv");
    let latest = out.join("latest").display().to_string();
    let write = |lines: &[String]| std::fs::write(&path, format!("{HEADER}\n{}\n", lines.join("\n"))).unwrap();
    write(&[order(1)]);
    assert_eq!(code(&audit(&[text(&path)], &out, &[])), 0);
    for night in 0..2 {
        write(&[order(1), order(2 + night)]);
        let first = audit(&[text(&path)], &out, &["--previous", &latest]);
        assert_eq!((code(&first), stderr(&first).contains("report:")), (0, true), "{}", stderr(&first));
        let again = audit(&[text(&path)], &out, &["--previous", &latest]);
        assert_eq!((code(&again), stderr(&again).contains("nothing new")), (0, true), "{}", stderr(&again));
    }
    let missing = audit(&[text(&path)], &out, &["--previous", "nosuch"]);
    assert_eq!((code(&missing), stderr(&missing).contains("no such file or run directory")), (4, true));
}

#[test]
fn configuration_and_environment_know_the_options_and_an_empty_variable_is_not_set() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export.csv");
    std::fs::write(&path, format!("{HEADER}\n{}\n", finding(1))).unwrap();
    let config = dir.path().join("site.toml");
    std::fs::write(&config, "as-of = 2026-01-01\nlog-format = \"json\"\ncolor = \"never\"\nfail-on = \"new\"\n")
        .unwrap();
    let out = dir.path().join("out").display().to_string();
    let args = ["audit", text(&path), "--out", &out, "--config", text(&config)];
    let output = program(&args)
        .env("IVIG_AUDIT_THREADS", "")
        .env("IVIG_AUDIT_AS_OF", "")
        .env("IVIG_AUDIT_PREVIOUS", "")
        .output()
        .unwrap();
    assert_eq!(code(&output), 8, "{}", stderr(&output));
    assert!(stderr(&output).starts_with("{\"event\":\"published\""), "{}", stderr(&output));
    let manifest = json(&latest(Path::new(&out)).join("manifest.json"));
    assert_eq!(manifest["options"]["as-of"], "2026-01-01");
    let output = program(&[&args[..], &["--force"]].concat()).env("IVIG_AUDIT_FAIL_ON", "flagged").output().unwrap();
    assert_eq!(code(&output), 8, "the environment goes before the file: {}", stderr(&output));
    std::fs::write(&config, "fail-on = \"never\"\n").unwrap();
    assert_eq!(code(&run(&args)), 3);
}
