use std::os::unix::fs::PermissionsExt;

use crate::command::{audit, code, export, latest, order, run, stderr, stdout};

/// Values planted in every column of identifiers and text, on good, odd and broken records.
const CANARIES: [&str; 6] = ["CANARYORDER", "CANARYCLAIM", "CANARYPATIENT", "CANARYTEXT", "CANARYPRODUCT", "CANARYDX"];

fn lines() -> Vec<String> {
    let planted = |number: usize| {
        format!(
            "CANARYORDER{number},CANARYCLAIM{number},CANARYPATIENT{number},2024-07-01,1960-06-01,F,J1459,,80,G72.41,CANARYDX,CANARYTEXT Smith,12345.67"
        )
    };
    let mut lines: Vec<String> = (0..30).map(planted).collect();
    lines.push(planted(31).replace("J1459", "CANARYPRODUCT"));
    lines.push(planted(32).replace("2024-07-01", "CANARYTEXT"));
    lines.push(planted(33).replace("12345.67", "CANARYTEXT"));
    lines.push(format!("{},CANARYTEXT,CANARYTEXT", planted(34)));
    lines.push(planted(35).replace("CANARYTEXT Smith", "\"CANARYTEXT"));
    lines.push(planted(36).replace("G72.41", "\"G72.41\"CANARYTEXT"));
    lines.push(order(37));
    lines
}

#[test]
fn no_value_of_a_record_reaches_messages_page_summary_manifest_metrics_or_rejections() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let input = export(dir.path(), &lines());
    let output = audit(&[input.to_str().unwrap()], &out, &["--log-format", "json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let mut told = vec![("stderr", stderr(&output)), ("stdout", stdout(&output))];
    for name in ["report.html", "summary.json", "manifest.json", "metrics.prom", "rejected.csv"] {
        told.push((name, std::fs::read_to_string(latest(&out).join(name)).unwrap()));
    }
    told.push(("inspect", stdout(&run(&["inspect", input.to_str().unwrap()]))));
    for (where_, text) in &told {
        for canary in CANARIES {
            assert!(!text.to_uppercase().contains(canary), "{canary} in {where_}");
        }
        // Programs and auditors reconcile by summary.json: it states every figure of the page exactly, those of a single
        // order too, and says which of them the page withholds. So it is as confidential as the findings, and like them
        // it is its owner's alone. No other file for others than auditors holds what one order came to.
        let is_exact = *where_ == "summary.json";
        let amounts = ["12,345.67", "12345.67", "12,346", "12346"];
        assert!(is_exact || !amounts.iter().any(|amount| text.contains(amount)), "an order's amount in {where_}");
    }
    let summary = std::fs::metadata(latest(&out).join("summary.json")).unwrap();
    assert_eq!(summary.permissions().mode() & 0o777, 0o600);
    let findings = std::fs::read_to_string(latest(&out).join("findings.csv")).unwrap();
    assert!(findings.contains("CANARYORDER1"), "the auditor's list has the identifiers");
    assert!(!findings.contains("CANARYTEXT"), "and no free text");
}

#[test]
fn identifiers_that_look_like_formulas_are_disarmed() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let starts = ["=1+1", "+1", "-123", "@SUM(A1)", "\u{ff1d}1"];
    let lines: Vec<String> = starts
        .iter()
        .enumerate()
        .map(|(number, start)| order(number).replace("G61.81", "G72.41").replacen(&format!("O{number}"), start, 1))
        .collect();
    let input = export(dir.path(), &lines);
    assert_eq!(code(&audit(&[input.to_str().unwrap()], &out, &[])), 0);
    let mut reader = csv::Reader::from_path(latest(&out).join("findings.csv")).unwrap();
    let at = reader.headers().unwrap().iter().position(|name| name == "order_id").unwrap();
    let ids: Vec<String> = reader.records().map(|row| row.unwrap()[at].to_owned()).collect();
    assert_eq!(ids, starts.map(|start| format!("'{start}")));
}

#[test]
fn a_file_without_a_header_shows_nothing_of_its_first_record() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("x.csv");
    std::fs::write(&input, lines().join("\n")).unwrap();
    let input = input.to_str().unwrap();
    let out = dir.path().join("out");
    for output in
        [audit(&[input], &out, &[]), audit(&[input], &out, &["--log-format", "json"]), run(&["inspect", input])]
    {
        assert_eq!(code(&output), 4);
        let told = format!("{}{}", stderr(&output), stdout(&output)).to_uppercase();
        assert!(told.contains("13 FIELDS"), "{told}");
        for shown in CANARIES.iter().chain(&["SMITH", "1960", "J1459", "G72.41"]) {
            assert!(!told.contains(shown), "{shown}: {told}");
        }
    }
}
