//! `report`: the same reports from stored assessments.

use std::path::{Path, PathBuf};

use crate::command::{HEADER, audit, code, json, latest, order, repository, run, stderr};

fn finding(number: usize) -> String {
    order(number).replace("G61.81", "G72.41")
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn audited(dir: &Path, name: &str, lines: &[String]) -> PathBuf {
    let path = dir.join(format!("{name}.csv"));
    std::fs::write(&path, format!("{HEADER}\n{}\n", lines.join("\n"))).unwrap();
    let out = dir.join(format!("{name}-out"));
    let output = audit(&[text(&path)], &out, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    latest(&out)
}

fn read(dir: &Path, name: &str) -> String {
    std::fs::read_to_string(dir.join(name)).unwrap()
}

#[test]
fn the_report_of_one_run_is_that_of_the_run_itself() {
    let dir = tempfile::tempdir().unwrap();
    for (name, rules) in [("alone", "aanem-2023"), ("in-force", "in-force")] {
        let (out, again) = (dir.path().join(name), dir.path().join(format!("{name}-again")));
        let output = audit(&[&repository("fixtures/demo/orders.csv")], &out, &["--rules", rules]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let output = run(&["report", text(&latest(&out)), "--out", text(&again)]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        for file in ["summary.json", "report.html", "findings.csv"] {
            assert!(read(&latest(&out), file) == read(&again, file), "{file} with {rules}");
        }
        let left = std::fs::read_dir(dir.path()).unwrap().flatten();
        let left: Vec<_> = left.filter(|entry| entry.file_name().to_string_lossy().starts_with('.')).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn several_runs_are_one_report_and_their_records_add_up() {
    let dir = tempfile::tempdir().unwrap();
    let one = audited(dir.path(), "one", &[order(1), finding(2), "ragged".to_owned()]);
    let two = audited(dir.path(), "two", &[order(3), finding(2), finding(4)]);
    let both = dir.path().join("both");
    let output = run(&["report", text(&one), text(&two), "--out", text(&both)]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("5 orders of 2 parts"), "{}", stderr(&output));
    let summary = json(&both.join("summary.json"));
    assert_eq!((&summary["records"]["read"], &summary["records"]["rejected"]["field-count"]), (&6.into(), &1.into()));
    assert_eq!(summary["totals"]["orders"], 5);
    assert_eq!(summary["duplicates"]["across_files"]["orders"], 1, "the order that stands in both");
    let findings = read(&both, "findings.csv");
    assert_eq!(findings.lines().count(), 4);
    assert!(findings.lines().nth(1).unwrap().contains("one.csv"), "in the order given");
    // The same orders audited at once say the same of orders.
    let inputs = ["one.csv", "two.csv"].map(|name| dir.path().join(name).display().to_string());
    let at_once = dir.path().join("at-once");
    assert_eq!(code(&audit(&[&inputs[0], &inputs[1]], &at_once, &[])), 0);
    let expected = json(&latest(&at_once).join("summary.json"));
    for part in ["totals", "by_flag", "by_guideline_row", "records", "duplicates", "waterfall", "top_findings"] {
        assert_eq!(summary[part], expected[part], "{part}");
    }
    assert_eq!(findings, read(&latest(&at_once), "findings.csv"));
}

#[test]
fn tables_alone_know_no_records_and_a_glob_takes_them_in_order() {
    let dir = tempfile::tempdir().unwrap();
    for (name, line) in [("b", finding(1)), ("a", order(2))] {
        let run = audited(dir.path(), name, &[line]);
        std::fs::copy(run.join("assessments.parquet"), dir.path().join(format!("{name}.parquet"))).unwrap();
    }
    let out = dir.path().join("report");
    let parts = format!("{}/*.parquet", dir.path().display());
    let output = run(&["report", &parts, "--out", text(&out)]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("nothing is known"), "{}", stderr(&output));
    assert!(read(&out, "report.html").contains("stored tables of assessments"));
    assert_eq!(json(&out.join("summary.json"))["totals"]["orders"], 2);

    let refused = run(&["report", &parts, "--out", text(&out)]);
    assert_eq!((code(&refused), stderr(&refused).contains("--force")), (2, true), "{}", stderr(&refused));
    let replaced = run(&["report", text(&dir.path().join("a.parquet")), "--out", text(&out), "--force"]);
    assert_eq!(code(&replaced), 0, "{}", stderr(&replaced));
    assert_eq!(json(&out.join("summary.json"))["totals"]["orders"], 1);
    std::fs::write(out.join("notes.txt"), "mine").unwrap();
    let kept = run(&["report", &parts, "--out", text(&out), "--force"]);
    assert_eq!(code(&kept), 2, "what is no report is not replaced: {}", stderr(&kept));
    assert_eq!(read(&out, "notes.txt"), "mine");
}

#[test]
fn orders_that_other_rules_decided_are_reported_without_statements_of_these() {
    let dir = tempfile::tempdir().unwrap();
    let run_dir = audited(dir.path(), "one", &[finding(1), order(2)]);
    let out = dir.path().join("report");
    let output = run(&["report", text(&run_dir), "--out", text(&out), "--rules", "aanem-2009"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let page = read(&out, "report.html");
    assert!(page.contains("is not at hand here"), "the page says so");
    assert!(json(&out.join("summary.json"))["ruleset"].as_str().unwrap().starts_with("aanem-2023@"));
}

#[test]
fn a_part_that_is_none_is_told_with_its_name_and_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let run_dir = audited(dir.path(), "one", &[order(1)]);
    let out = dir.path().join("report");
    let fails = |part: &str, expected: i32, says: &str| {
        let output = run(&["report", part, "--out", text(&out)]);
        assert_eq!(code(&output), expected, "{}", stderr(&output));
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
        assert!(!out.exists());
    };
    fails("nosuch.parquet", 4, "no such file");
    fails(&format!("{}/*.nosuch", dir.path().display()), 4, "no file matches");
    fails(text(dir.path()), 4, "holds no assessments.parquet");
    let other = dir.path().join("other.parquet");
    std::fs::write(&other, "text").unwrap();
    fails(text(&other), 4, "not a Parquet file");
    std::fs::write(&other, "PAR1 and then text").unwrap();
    fails(text(&other), 4, "assessments table could not be read");
    let twice = run(&["report", text(&run_dir), text(&run_dir), "--out", text(&out)]);
    assert_eq!((code(&twice), stderr(&twice).contains("twice")), (2, true));
    let table = run_dir.join("assessments.parquet");
    let mut bytes = std::fs::read(&table).unwrap();
    bytes.extend(*b"x");
    std::fs::write(&table, bytes).unwrap();
    fails(text(&run_dir), 4, "is not the file that manifest.json names");
}
