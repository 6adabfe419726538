//! Exports whose products are named by NDC, by name, or by a code of another system.

use crate::command::{audit, code, json, latest, run, stderr, stdout};

/// The findings of an export: order, system, code, product, modifier, grams.
fn findings(header: &str, lines: &[&str]) -> (Vec<Vec<String>>, serde_json::Value) {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let path = dir.path().join("export.csv");
    std::fs::write(&path, format!("{header}\n{}\n", lines.join("\n"))).unwrap();
    let output = audit(&[path.to_str().unwrap()], &out, &["--max-rejected", "100"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let mut reader = csv::Reader::from_path(latest(&out).join("findings.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|other| other == name).unwrap();
    let wanted = ["order_id", "product_system", "product_code", "product", "modifier", "grams"].map(at);
    let rows = reader.records().map(|row| row.unwrap());
    let found = rows.map(|row| wanted.iter().map(|at| row[*at].to_owned()).collect()).collect();
    (found, json(&latest(&out).join("manifest.json"))["counts"]["records"].clone())
}

#[test]
fn an_export_with_drug_names_only_is_audited() {
    let (found, records) = findings(
        "order_id,order_date,medication,diagnoses",
        &[
            "O1,2024-07-01,PRIVIGEN 10 % IV SOLN,G72.41",
            "O2,2024-07-01,immune globulin (human) 10 %,G72.41",
            "O3,2024-07-01,HIZENTRA 20 %,G72.41",
            "O4,2024-07-01,Rho(D) immune globulin,G72.41",
            "O5,2024-07-01,acetaminophen 325 mg,G72.41",
            "O6,2024-07-01,,G72.41",
        ],
    );
    let told: Vec<_> = found.iter().map(|row| (row[0].as_str(), row[1].as_str(), row[2].as_str())).collect();
    assert_eq!(told, [("O1", "name", ""), ("O2", "name", "")]);
    assert_eq!(found[0][3], "Privigen", "the name is the rules', not the record's");
    let out = &records["out_of_scope"];
    for reason in ["subcutaneous", "other-globulin", "not-immune-globulin", "no-product"] {
        assert_eq!(out[reason], 1, "{reason}: {records}");
    }
}

#[test]
fn codes_of_every_system_stand_in_the_table_as_normalised() {
    let (found, records) = findings(
        "order_id,order_date,procedure_code,modifier,ndc,product_name,units,dx1",
        &[
            "O1,2024-07-01,j1459,,,,80,G72.41",
            "O2,2024-07-01,30233s1,,,,1,G72.41",
            "O3,2012-07-01,9914,,,,1,G72.41",
            "O4,2024-07-01,,,944270002,,400,G72.41",
            "O5,2024-07-01,see note,,,Octagam 10%,1,G72.41",
            "O6,2024-07-01,J3590,,0944-2700-02,,80,G72.41",
            "O7,2024-07-01,J1561,JA,13533-0635-04,,80,G72.41",
            "O8,2024-07-01,see note,,,,1,G72.41",
        ],
    );
    let told: Vec<Vec<&str>> = found.iter().map(|row| [0, 1, 2, 4, 5].map(|at| row[at].as_str()).to_vec()).collect();
    assert_eq!(
        told,
        [
            ["O1", "hcpcs", "J1459", "", "40.000"],
            ["O2", "icd10pcs", "30233S1", "", ""],
            ["O3", "icd9proc", "99.14", "", ""],
            ["O4", "ndc", "00944270002", "", ""],
            ["O5", "name", "", "", ""],
            ["O6", "ndc", "00944270002", "", ""],
            ["O7", "hcpcs", "J1561", "JA", "40.000"],
        ]
    );
    assert_eq!(records["out_of_scope"]["product-unreadable"], 1);
}

#[test]
fn explain_takes_an_ndc_a_name_and_a_code_of_any_system() {
    let told = |args: &[&str]| -> serde_json::Value {
        let output = run(&[&["explain", "--json", "--dx", "G61.81"], args].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).unwrap()
    };
    let product = |args: &[&str]| {
        let product = told(args)["order"]["product"].clone();
        (product["system"].as_str().unwrap_or_default().to_owned(), product["code"].as_str().map(str::to_owned))
    };
    assert_eq!(product(&["--ndc", "0944-2700-02"]), ("ndc".to_owned(), Some("00944270002".to_owned())));
    assert_eq!(product(&["--product-name", "Privigen 10 %"]), ("name".to_owned(), None));
    assert_eq!(product(&["--product", "30233S1"]), ("icd10pcs".to_owned(), Some("30233S1".to_owned())));
    assert_eq!(told(&["--product", "J3590"])["out_of_scope"], "unclassified-product");
    assert_eq!(told(&["--product", "J3590", "--product-name", "Hizentra"])["out_of_scope"], "subcutaneous");
    let differs = told(&["--product", "J1561", "--product-name", "Hizentra"]);
    assert!(differs["warnings"].to_string().contains("product-evidence-differs"), "{differs}");
    for wrong in [["--product", "see note"], ["--ndc", "see note"]] {
        assert_eq!(code(&run(&[&["explain", "--dx", "G61.81"], &wrong[..]].concat())), 2, "{wrong:?}");
    }
}
