use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::command::{audit, code, json, latest, names, repository, stderr, stdout};

const DEMOS: [&str; 2] = ["orders", "claims"];

fn run_demo(demo: &str, out: &Path) -> Value {
    let output = audit(&[&repository(&format!("fixtures/demo/{demo}.csv"))], out, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(stdout(&output), "", "nothing on standard output but what was asked for");
    json(&latest(out).join("manifest.json"))
}

/// A map of counts without the entries that are zero.
fn counts(value: &Value) -> Vec<(String, u64)> {
    let map = value.as_object().expect("a map of counts");
    map.iter()
        .map(|(key, count)| (key.clone(), count.as_u64().expect("a count")))
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn same_counts(left: &Value, right: &Value, what: &str) {
    let (mut left, mut right) = (counts(left), counts(right));
    left.sort();
    right.sort();
    assert_eq!(left, right, "{what}");
}

#[test]
fn the_demo_exports_give_exactly_what_the_generator_says() {
    for demo in DEMOS {
        let out = tempfile::tempdir().unwrap();
        let manifest = run_demo(demo, out.path());
        let (found, truth) =
            (&manifest["counts"], json(Path::new(&repository(&format!("fixtures/demo/{demo}.truth.json")))));
        assert_eq!(found["records"]["read"], truth["records"]["read"], "{demo}");
        assert_eq!(found["records"]["in_scope"], truth["records"]["in_scope"], "{demo}");
        same_counts(&found["records"]["out_of_scope"], &truth["records"]["out_of_scope"], demo);
        same_counts(&found["records"]["rejected"], &truth["records"]["rejected"], demo);
        same_counts(&found["orders"]["by_determination"], &truth["orders"]["by_determination"], demo);
        same_counts(&found["orders"]["by_flag"], &truth["orders"]["by_flag"], demo);
        for (ours, theirs) in [
            ("read", "physical"),
            ("header", "header"),
            ("blank", "blank"),
            ("records", "accepted"),
            ("rejected", "rejected"),
        ] {
            assert_eq!(found["lines"][ours], truth["lines"][theirs], "{demo}: lines {ours}");
        }
        let grams = found["sums"]["grams"].as_str().map(|grams| grams.replace('.', "").parse::<u64>().unwrap());
        assert_eq!(grams, truth["grams_thousandths"].as_u64(), "{demo}");
    }
}

#[test]
fn every_published_sum_holds_and_every_equation_names_its_two_sides() {
    let out = tempfile::tempdir().unwrap();
    let manifest = run_demo("orders", out.path());
    assert_eq!(manifest["reconciliation"]["holds"], true);
    let equations = manifest["reconciliation"]["equations"].as_array().unwrap();
    assert!(equations.len() >= 15, "{} equations", equations.len());
    for equation in equations {
        assert_eq!(equation["left"]["value"], equation["right"]["value"], "{}", equation["name"]);
        assert_ne!(equation["left"]["from"], equation["right"]["from"], "{}", equation["name"]);
    }
}

#[test]
fn a_run_directory_has_the_files_of_the_contract_and_only_its_owner_reads_them() {
    let out = tempfile::tempdir().unwrap();
    run_demo("claims", out.path());
    let run = latest(out.path());
    let expected = [
        "assessments.parquet",
        "findings.csv",
        "findings.xlsx",
        "manifest.json",
        "metrics.prom",
        "rejected.csv",
        "report.html",
        "summary.json",
    ];
    assert_eq!(names(&run), expected);
    assert_eq!(std::fs::metadata(&run).unwrap().permissions().mode() & 0o777, 0o700);
    for name in expected {
        assert_eq!(std::fs::metadata(run.join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    let id = run.file_name().unwrap().to_string_lossy().into_owned();
    assert!(
        id.len() == 25 && id.as_bytes()[8] == b'T' && id.as_bytes()[15] == b'Z' && id.as_bytes()[16] == b'-',
        "{id}"
    );
}

#[test]
fn the_manifest_says_what_each_file_holds() {
    let out = tempfile::tempdir().unwrap();
    let manifest = run_demo("orders", out.path());
    let run = latest(out.path());
    for output in manifest["outputs"].as_array().unwrap() {
        let bytes = std::fs::read(run.join(output["file"].as_str().unwrap())).unwrap();
        assert_eq!(output["bytes"], bytes.len());
        assert_eq!(output["blake3"], blake3::hash(&bytes).to_hex().as_str());
    }
    let input = std::fs::read(repository("fixtures/demo/orders.csv")).unwrap();
    assert_eq!(manifest["inputs"][0]["blake3"], blake3::hash(&input).to_hex().as_str());
}

#[test]
fn findings_summary_page_and_rejections_agree() {
    let out = tempfile::tempdir().unwrap();
    let manifest = run_demo("orders", out.path());
    let run = latest(out.path());
    let flags = &manifest["counts"]["orders"]["by_flag"];
    let findings = flags["flagged"].as_u64().unwrap() + flags["review"].as_u64().unwrap();
    let listed = csv::Reader::from_path(run.join("findings.csv")).unwrap().records().count() as u64;
    assert_eq!(listed, findings);
    let rejected = csv::Reader::from_path(run.join("rejected.csv")).unwrap().records().count() as u64;
    assert_eq!(
        rejected,
        counts(&manifest["counts"]["records"]["rejected"]).iter().map(|(_, count)| count).sum::<u64>()
    );
    let page = std::fs::read_to_string(run.join("report.html")).unwrap();
    assert!(page.contains("prompts for a clinician"), "the page says what a flag is");
    let open = page.split_once("What a clinician must still confirm").expect("the appendix lists open questions").1;
    for question in 1..=18 {
        assert!(open.contains(&format!("<li>J{question}: ")), "J{question} is not in the appendix");
    }
    let summary = std::fs::read_to_string(run.join("summary.json")).unwrap();
    assert!(summary.contains(manifest["content_digest"].as_str().unwrap()));
}

#[test]
fn the_rejected_records_are_named_by_line_and_the_lines_are_the_damaged_ones() {
    let out = tempfile::tempdir().unwrap();
    run_demo("orders", out.path());
    let text = std::fs::read(repository("fixtures/demo/orders.csv")).unwrap();
    for row in csv::Reader::from_path(latest(out.path()).join("rejected.csv")).unwrap().records() {
        let row = row.unwrap();
        let (line, offset): (usize, usize) = (row[2].parse().unwrap(), row[3].parse().unwrap());
        let terminators = |bytes: &[u8]| {
            let lone = bytes
                .iter()
                .zip(bytes.iter().skip(1).chain([&b' ']))
                .filter(|(byte, next)| **byte == b'\r' && **next != b'\n')
                .count();
            bytes.split(|byte| *byte == b'\n').count() - 1 + lone
        };
        assert_eq!(terminators(&text[..offset]) + 1, line, "line and offset name the same place");
    }
}

#[test]
fn the_same_again_says_that_nothing_is_new() {
    let out = tempfile::tempdir().unwrap();
    run_demo("claims", out.path());
    let before = names(out.path());
    let input = repository("fixtures/demo/claims.csv");
    let again = audit(&[&input], out.path(), &[]);
    assert_eq!((code(&again), names(out.path())), (0, before.clone()));
    assert!(stderr(&again).contains("nothing new"), "{}", stderr(&again));
    let forced = audit(&[&input], out.path(), &["--force"]);
    assert_eq!((code(&forced), names(out.path()).len()), (0, before.len() + 1));
}

#[test]
fn the_ledger_has_a_line_for_each_published_run_and_is_only_appended_to() {
    let out = tempfile::tempdir().unwrap();
    run_demo("claims", out.path());
    let ledger = out.path().join("ledger.jsonl");
    let first = std::fs::read_to_string(&ledger).unwrap();
    run_demo("orders", out.path());
    let both = std::fs::read_to_string(&ledger).unwrap();
    assert!(both.starts_with(&first) && both.lines().count() == 2, "{both}");
    let entry: Value = serde_json::from_str(both.lines().last().unwrap()).unwrap();
    assert_eq!(entry["run"].as_str(), latest(out.path()).file_name().unwrap().to_str());
    assert_eq!((&entry["outcome"], &entry["records"]), (&"published".into(), &6690.into()));
}

#[test]
fn the_collector_is_told_of_a_run_even_when_nothing_is_new() {
    let out = tempfile::tempdir().unwrap();
    let metrics = out.path().join("ivig.prom");
    let path = metrics.display().to_string();
    let input = repository("fixtures/demo/claims.csv");
    assert_eq!(code(&audit(&[&input], out.path(), &["--metrics-file", &path])), 0);
    let published = std::fs::read_to_string(&metrics).unwrap();
    std::fs::remove_file(&metrics).unwrap();
    assert_eq!(code(&audit(&[&input], out.path(), &["--metrics-file", &path])), 0);
    let again = std::fs::read_to_string(&metrics).unwrap();
    let counts =
        |text: &str| text.lines().filter(|line| line.contains("_orders{")).map(str::to_owned).collect::<Vec<_>>();
    assert!(!counts(&again).is_empty());
    assert_eq!(counts(&published), counts(&again));
    let nowhere = out.path().join("nosuch/ivig.prom").display().to_string();
    let output = audit(&[&input], out.path(), &["--metrics-file", &nowhere, "--force"]);
    assert_eq!(code(&output), 6);
    assert!(stderr(&output).contains("the run is published"), "{}", stderr(&output));
}

#[test]
fn a_day_later_is_the_same_run_unless_an_order_has_left_the_future() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let lines = [crate::command::order(1), crate::command::order(2).replace("2024-07-01", "2026-01-02")];
    let input = crate::command::export(dir.path(), &lines).display().to_string();
    let on = |day: &str| {
        let output = crate::command::program(&["audit", &input, "--out", out.to_str().unwrap()])
            .env("IVIG_AUDIT_AS_OF", day)
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        std::fs::read_to_string(latest(&out).join("manifest.json")).unwrap()
    };
    let before = on("2026-01-01");
    let after = on("2026-01-02");
    assert_ne!(before, after, "the order has left the future");
    let manifest: Value = serde_json::from_str(&after).unwrap();
    assert_eq!(manifest["options"]["as-of"], "2026-01-02");
}
