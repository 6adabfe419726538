//! Files as systems write them: with header and trailer records, in another encoding, without a header line. Every
//! physical line is accounted for.

use std::path::Path;

use serde_json::Value;

use crate::command::{audit, code, json, latest, run, stderr, stdout};

const COMMON: &str = r#"
version = "1.0.0"
label = "Lines of a system"
columns.order_id = ["line_id"]
columns.product_code = ["hcpcs"]
columns.service_date = ["day"]
columns.dx = ["dx"]
columns.indication_text = ["reason"]
dates = { forms = ["year-month-day"] }
requires = [{ any-of = ["product_code"], why = "the product" }, { any-of = ["dx"], why = "what it is for" }]
"#;

/// Audits `export` by a layout with this dialect and returns the manifest. The lines must add up.
fn audited(dir: &Path, dialect: &str, export: &[u8]) -> Value {
    let (layout, input) = (dir.join("layout.toml"), dir.join("export.txt"));
    std::fs::write(&layout, format!("id = \"system\"{COMMON}{dialect}\n")).unwrap();
    std::fs::write(&input, export).unwrap();
    let out = dir.join("out");
    let output = audit(&[input.to_str().unwrap()], &out, &["--layout", layout.to_str().unwrap(), "--force"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let manifest = json(&latest(&out).join("manifest.json"));
    let count = |path: &str| manifest.pointer(path).and_then(Value::as_u64).unwrap();
    let parts = ["header", "blank", "records", "rejected"].map(|part| count(&format!("/counts/lines/{part}")));
    assert_eq!(parts.iter().sum::<u64>(), count("/counts/lines/read"), "{}", manifest["counts"]["lines"]);
    let records = &manifest["counts"]["records"];
    let sum = |map: &Value| map.as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>();
    let all = count("/counts/records/in_scope") + sum(&records["out_of_scope"]) + sum(&records["rejected"]);
    assert_eq!(all, count("/counts/records/read"), "{records}");
    assert_eq!(manifest["reconciliation"]["holds"], true);
    manifest
}

fn report(dir: &Path) -> String {
    std::fs::read_to_string(latest(&dir.join("out")).join("report.html")).unwrap()
}

#[test]
fn header_and_trailer_records_are_told_counted_and_never_held_against_the_export() {
    let dir = tempfile::tempdir().unwrap();
    let dialect = r#"dialect = { delimiters = ["|"], control = ["HD", "TR"] }"#;
    let order = |at: u32| format!("L{at}|J1459|2024-07-01|G61.81|\n");
    let mut export = "HD|MC|2024\nline_id|hcpcs|day|dx|reason\n".to_owned();
    export += &(0..12)
        .map(|at| [order(at).as_str(), "TR|", at.to_string().as_str(), "\n"].concat())
        .collect::<Vec<_>>()
        .concat();
    export.push_str("\nL99|99213|2024-07-01|I10|\nTR|13|x|y|z|more|than|the|header");
    let manifest = audited(dir.path(), dialect, export.as_bytes());
    let counts = &manifest["counts"];
    assert_eq!(counts["records"]["rejected"], serde_json::json!({ "control-record": 13 }));
    assert_eq!(counts["records"]["in_scope"], 12, "half of the records are trailers, and the run is not held");
    assert_eq!(counts["lines"]["header"], 2, "what stands before the header line belongs to it");
    assert_eq!((&counts["lines"]["blank"], &counts["lines"]["rejected"]), (&1.into(), &13.into()));
    let rejected = std::fs::read_to_string(latest(&dir.path().join("out")).join("rejected.csv")).unwrap();
    assert_eq!(rejected.matches("control-record").count(), 13, "{rejected}");
    let page = report(dir.path());
    assert!(page.contains("Header or trailer record of the export") && page.contains("does not count as damage"));
}

#[test]
fn an_export_in_windows_1252_is_read_where_its_layout_says_so_and_what_it_cannot_be_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let export = b"line_id,hcpcs,day,dx,reason\r\nL1,J1459,2024-07-01,,Guillain\x96Barr\xe9\r\n\
        L2,J1459,2024-07-01,G61.81,\x81\r\nL3,J\x8d459,2024-07-01,G61.81,\r\n";
    let dialect = r#"dialect = { delimiters = [","], quote = "\"", encoding = "windows-1252" }"#;
    let manifest = audited(dir.path(), dialect, export);
    let input = &manifest["inputs"][0];
    assert!(input["dialect"].as_str().unwrap().ends_with("Windows-1252"), "{input}");
    assert_eq!((&input["undecodable"], &input["bytes"]), (&2.into(), &export.len().into()));
    assert_eq!(manifest["counts"]["records"]["rejected"], serde_json::json!({ "invalid-encoding": 1 }));
    assert_eq!(manifest["counts"]["orders"]["by_determination"]["recommended"], 2, "words decide the first");
    let page = report(dir.path());
    assert!(page.contains("Characters that the encoding of their file does not know: 2 ("), "{page}");
    assert!(page.contains("Windows-1252; layout system"), "the page says how each file was read");
}

#[test]
fn an_undeclared_latin_1_text_is_read_with_a_warning_and_a_code_in_it_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let export =
        b"line_id,hcpcs,day,dx,reason\nL1,J1459,2024-07-01,,Guillain-Barr\xe9\nL2,J\xe9459,2024-07-01,G61.81,\n";
    let manifest = audited(dir.path(), r#"dialect = { delimiters = [","], quote = "\"" }"#, export);
    assert_eq!(manifest["counts"]["orders"]["by_determination"]["recommended"], 1);
    assert_eq!(manifest["counts"]["records"]["rejected"], serde_json::json!({ "invalid-encoding": 1 }));
    let summary = json(&latest(&dir.path().join("out")).join("summary.json"));
    assert_eq!(summary["warnings"]["text-encoding"], 1, "{}", summary["warnings"]);
}

#[test]
fn a_file_whose_header_holds_nul_bytes_is_refused_and_a_nul_in_a_cell_is_only_a_character() {
    let dir = tempfile::tempdir().unwrap();
    let text = "order_id,product_code,dx1\nL1,J1459,G61.81\n";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let path = dir.path().join("wide.csv");
    std::fs::write(&path, wide).unwrap();
    let out = dir.path().join("out");
    let output = audit(&[path.to_str().unwrap()], &out, &[]);
    assert_eq!(code(&output), 4);
    assert!(stderr(&output).contains("binary or UTF-16 without a byte-order mark"), "{}", stderr(&output));
    std::fs::write(&path, "order_id,product_code,dx1\nL1,J1459,G61\0.81\nL2,J1459,G61.81\n").unwrap();
    let output = audit(&[path.to_str().unwrap()], &out, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let summary = json(&latest(&out).join("summary.json"));
    assert_eq!(summary["warnings"]["malformed-diagnosis"], 1, "{}", summary["warnings"]);
}

#[test]
fn an_export_without_a_header_line_is_read_by_its_layout_and_its_first_line_is_a_record() {
    let dir = tempfile::tempdir().unwrap();
    let dialect = r#"dialect = { delimiters = ["\t"], header = ["line_id", "hcpcs", "day", "dx", "reason"], allow-missing-fields = 1 }"#;
    let lines =
        "L1\tJ1459\t2024-07-01\tG61.81\tx\nL2\tJ1459\t2024-07-01\tG70.01\nL3\tJ1459\n\nL4\t99213\t2024-07-01\tI10\t\n";
    let manifest = audited(dir.path(), dialect, lines.as_bytes());
    let counts = &manifest["counts"];
    assert_eq!((&counts["lines"]["header"], &counts["lines"]["read"]), (&0.into(), &5.into()));
    assert_eq!((&counts["records"]["in_scope"], &counts["records"]["read"]), (&2.into(), &4.into()));
    assert_eq!(counts["records"]["rejected"], serde_json::json!({ "field-count": 1 }));
    assert!(report(dir.path()).contains("Record without some of its last fields"));

    let headed = format!("line_id\thcpcs\tday\tdx\treason\n{lines}");
    let manifest = audited(dir.path(), dialect, headed.as_bytes());
    assert_eq!(manifest["counts"]["lines"]["header"], 1, "a first line equal to the names is a header");
    assert_eq!(manifest["counts"]["records"], counts["records"]);

    let layout = dir.path().join("layout.toml");
    let export = dir.path().join("export.txt");
    std::fs::write(&export, lines).unwrap();
    let layout = ["--layout", layout.to_str().unwrap()];
    let output = run(&["explain", export.to_str().unwrap(), "--record", "1", layout[0], layout[1]]);
    assert!(stdout(&output).contains("G61.81"), "{}{}", stdout(&output), stderr(&output));
}
