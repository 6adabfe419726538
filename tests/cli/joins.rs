use std::path::Path;
use std::process::Output;

use crate::command::{audit, code, json, latest, names, run, stderr, stdout};

const LAYOUT: &str = r#"
id = "several"
version = "1.0.0"
label = "Lines, diagnoses, patients, authorizations"
[dialect]
delimiters = [","]
quote = "\""
[columns]
order_id = ["line_id"]
claim_id = ["claim"]
product_code = ["hcpcs"]
service_date = ["day"]
patient_id = ["patient"]
auth_number = ["auth"]
[keys]
site = ["site"]
[dates]
forms = ["year-month-day"]
[decision-words]
approved = ["a"]
denied = ["n"]
[[requires]]
any-of = ["product_code"]
why = "without a product no line can be told to be immune globulin"
[[requires]]
any-of = ["dx"]
why = "without a diagnosis nothing can be assessed"
[[companion]]
role = "diagnoses"
label = "diagnoses of claims"
needed = true
where = [{ name = "kind", none-of = ["procedure"] }]
keys = { site = ["site"] }
columns = { claim_id = ["claim"], dx = ["code"], dx_position = ["seq"] }
[[companion.join]]
on = ["claim_id", "site"]
[[companion]]
role = "patients"
label = "patients"
columns = { patient_id = ["patient"], birth_date = ["born"], sex = ["sex"] }
[[companion.join]]
on = ["patient_id"]
[[companion]]
role = "authorizations"
label = "authorizations"
columns = { auth_number = ["number"], auth_decision = ["decision"], patient_id = ["patient"], product_code = ["code"], period_from = ["from"], period_to = ["to"] }
[[companion.join]]
on = ["auth_number"]
[[companion.join]]
on = ["patient_id"]
same-product = true
in-period = true
"#;

const LINES: &str = "line_id,claim,site,hcpcs,day,patient,auth\n\
    L1,1,A,J1459,2024-07-01,P1,\nL2,1.0,B,J1459,2024-07-02,P2,A2\nL3,9,A,99213,2024-07-01,P1,\n\
    L4,2,A,J1569,2024-07-03,P3,\nL5,3,A,J1459\n";
const DIAGNOSES: &str = "claim,site,seq,code,kind\n\
    1,A,2,G70.00,\n1,A,1,G61.81,\n1,B,1,M33.20,\n9,A,1,I10,\n1,A,3,M33.20,procedure\n2,A,1\n2,A,1,M33.20,\n";
const PATIENTS: &str = "patient,born,sex\nP1,1960-06-01,F\nP1,1960-06-01,F\nP2,1950-01-01,F\nP2,1951-01-01,F\n";
const AUTHORIZATIONS: &str = "number,decision,patient,code,from,to\n\
    A1,A,P1,J1459,2024-01-01,2024-12-31\nA2,N,P2,J1459,2020-01-01,2020-12-31\n\
    A2,A,P9,J1459,2024-01-01,2024-12-31\n";

/// An export in a directory of its own.
struct Export {
    dir: tempfile::TempDir,
}

impl Export {
    fn new() -> Self {
        let export = Self { dir: tempfile::tempdir().unwrap() };
        for (name, text) in [
            ("layout.toml", LAYOUT),
            ("lines.csv", LINES),
            ("diagnoses.csv", DIAGNOSES),
            ("patients.csv", PATIENTS),
            ("authorizations.csv", AUTHORIZATIONS),
        ] {
            export.write(name, text);
        }
        export
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.dir.path().join(name), text).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    fn out(&self) -> std::path::PathBuf {
        self.dir.path().join("out")
    }

    /// The lines, and these roles beside them.
    fn inputs(&self, roles: &[&str]) -> Vec<String> {
        let role = |role: &&str| format!("{role}={}", self.path(&format!("{role}.csv")));
        std::iter::once(self.path("lines.csv")).chain(roles.iter().map(role)).collect()
    }

    fn audit(&self, roles: &[&str], more: &[&str]) -> Output {
        let (inputs, layout) = (self.inputs(roles), self.path("layout.toml"));
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let more: Vec<&str> = ["--layout", &layout, "--max-rejected", "100"].iter().chain(more).copied().collect();
        audit(&inputs, &self.out(), &more)
    }
}

const ALL: [&str; 3] = ["diagnoses", "patients", "authorizations"];

fn refused(output: &Output, expected: i32, says: &[&str], out: &Path) {
    let message = stderr(output);
    assert_eq!(code(output), expected, "{message}");
    for part in says {
        assert!(message.contains(part), "`{part}` is not said: {message}");
    }
    let left: Vec<String> = names(out).into_iter().filter(|name| name != ".lock").collect();
    assert!(left.is_empty(), "nothing may be left: {left:?}");
}

#[test]
fn each_order_has_the_diagnoses_the_age_and_the_decision_of_its_own_keys() {
    let export = Export::new();
    let output = export.audit(&ALL, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let run = latest(&export.out());
    let explained = |record: &str| {
        let (inputs, layout) = (export.inputs(&ALL), export.path("layout.toml"));
        let mut args = vec!["explain", "--record", record, "--layout", &layout, "--json"];
        args.extend(inputs.iter().map(String::as_str));
        let output = self::run(&args);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        serde_json::from_str::<serde_json::Value>(&stdout(&output)).unwrap()
    };
    let first = explained("1");
    let text = first.to_string();
    assert!(text.contains("G61.81") && text.contains("G70.00") && !text.contains("M33.20"), "{text}");
    assert!(text.find("G61.81") < text.find("G70.00"), "in the order of their positions: {text}");
    assert!(explained("2").to_string().contains("companion-disagrees"), "two birth dates");
    assert!(explained("4").to_string().contains("companion-missing"), "no patient");
    let findings = std::fs::read_to_string(run.join("findings.csv")).unwrap();
    assert!(
        findings.contains("A2,denied"),
        "by its number, whatever the period, and never another patient's: {findings}"
    );
}

#[test]
fn every_record_of_every_file_is_accounted_for() {
    let export = Export::new();
    let output = export.audit(&ALL, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let run = latest(&export.out());
    let manifest = json(&run.join("manifest.json"));
    let counts = &manifest["counts"];
    assert_eq!((counts["records"]["read"].as_u64(), counts["orders"]["total"].as_u64()), (Some(5), Some(3)));
    let diagnoses = &counts["companions"]["diagnoses"];
    let of = |name: &str| diagnoses[name].as_u64();
    assert_eq!((of("records"), of("kept"), of("other"), of("not_counted")), (Some(7), Some(4), Some(1), Some(1)));
    assert_eq!(diagnoses["rejected"]["field-count"], 1);
    assert_eq!(diagnoses["orders"]["found"], 3);
    let patients = &counts["companions"]["patients"]["orders"];
    assert_eq!((&patients["found"], &patients["disagree"], &patients["missing"]), (&1.into(), &1.into(), &1.into()));
    assert_eq!(counts["companions"]["authorizations"]["orders"]["found"], 2);
    assert!(manifest["reconciliation"]["holds"].as_bool().unwrap());
    let rejected = std::fs::read_to_string(run.join("rejected.csv")).unwrap();
    assert!(rejected.contains("lines.csv,5,6") && rejected.contains("diagnoses.csv,6,7"), "{rejected}");
    assert_eq!(rejected.lines().count(), 3, "{rejected}");
    let roles: Vec<_> = manifest["inputs"].as_array().unwrap().iter().map(|input| input["role"].as_str()).collect();
    assert_eq!(roles, [None, Some("diagnoses"), Some("patients"), Some("authorizations")]);
    let said = stderr(&output);
    assert!(
        said.contains("patients: 1 of 3 orders found, 1 have no record there, 1 find records that disagree"),
        "{said}"
    );
    let page = std::fs::read_to_string(run.join("report.html")).unwrap();
    assert!(page.contains("found in the files beside the lines"));
}

#[test]
fn threads_chunks_and_the_order_of_files_change_nothing() {
    let export = Export::new();
    let bytes = |threads: &str, chunk: &str, roles: &[&str]| {
        let output = export.audit(roles, &["--force", "--threads", threads, "--chunk-size", chunk]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        std::fs::read(latest(&export.out()).join("assessments.parquet")).unwrap()
    };
    let expected = bytes("1", "1000000", &ALL);
    assert!(bytes("3", "7", &["authorizations", "patients", "diagnoses"]) == expected);
}

#[test]
fn a_needed_file_that_is_missing_is_asked_for_by_how_to_give_it() {
    let export = Export::new();
    let says = ["lines.csv", "`several`", "diagnoses=FILE", "diagnoses of claims"];
    refused(&export.audit(&["patients"], &[]), 4, &says, &export.out());
    refused(&export.audit(&[], &[]), 4, &says, &export.out());
}

#[test]
fn a_file_that_the_layout_does_not_know_or_that_does_not_fit_is_refused() {
    let export = Export::new();
    export.write("claims.csv", "claim,site\n1,A\n");
    refused(&export.audit(&["diagnoses", "claims"], &[]), 4, &["claims.csv", "`several`", "`claims`"], &export.out());
    export.write("patients.csv", "person,born\nP1,1960-06-01\n");
    let says = ["patients.csv", "patient_id (patient)", "found: person, born"];
    refused(&export.audit(&ALL, &[]), 4, &says, &export.out());
    let (lines, dx) = (export.path("lines.csv"), format!("diagnoses={}", export.path("diagnoses.csv")));
    refused(&audit(&[&lines, &dx, &dx], &export.out(), &[]), 2, &["twice"], &export.out());
    refused(&audit(&[&dx], &export.out(), &[]), 2, &["lines=PATH"], &export.out());
}

#[test]
fn a_wrong_key_is_an_error_and_no_line_in_scope_is_none() {
    let export = Export::new();
    export.write("diagnoses.csv", "claim,site,seq,code\nC1,A,1,G61.81\nC1,B,1,G61.81\n");
    // Three orders without a diagnosis on file may be just that.
    let few = export.audit(&ALL, &[]);
    assert_eq!(code(&few), 0, "{}", stderr(&few));
    assert!(stderr(&few).contains("diagnoses: 0 of 3 orders found"), "{}", stderr(&few));
    std::fs::remove_dir_all(export.out()).unwrap();
    let lines = (0..10).map(|line| format!("L{line},{line},A,J1459,2024-07-01,P1,"));
    let header = std::iter::once("line_id,claim,site,hcpcs,day,patient,auth".to_owned());
    export.write("lines.csv", &header.chain(lines).collect::<Vec<_>>().join("\n"));
    let says = ["diagnoses", "none of 10 orders", "claim_id and site"];
    refused(&export.audit(&ALL, &[]), 4, &says, &export.out());
    export.write("lines.csv", "line_id,claim,site,hcpcs,day,patient,auth\nL3,9,A,99213,2024-07-01,P1,\n");
    assert_eq!(code(&export.audit(&ALL, &[])), 0);
}

#[test]
fn too_many_rejected_records_of_one_companion_hold_the_run() {
    let export = Export::new();
    let mut patients = PATIENTS.to_owned();
    patients.push_str(&"P4,1960-06-01\n".repeat(10));
    export.write("patients.csv", &patients);
    let output = export.audit(&ALL, &["--max-rejected", "50"]);
    assert_eq!(code(&output), 2, "an option is given once: {}", stderr(&output));
    let (inputs, layout) = (export.inputs(&ALL), export.path("layout.toml"));
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let output = audit(&inputs, &export.out(), &["--layout", &layout, "--max-rejected", "50"]);
    assert_eq!(code(&output), 5, "{}", stderr(&output));
    assert!(stderr(&output).contains("10 of 14 records of patients"), "{}", stderr(&output));
}

#[test]
fn the_same_files_in_other_roles_are_another_run() {
    let export = Export::new();
    let digest = |roles: &[&str]| {
        assert_eq!(code(&export.audit(roles, &[])), 0);
        json(&latest(&export.out()).join("manifest.json"))["content_digest"].clone()
    };
    assert_ne!(digest(&["diagnoses"]), digest(&ALL));
    assert!(stderr(&export.audit(&ALL, &[])).contains("nothing new"));
}
