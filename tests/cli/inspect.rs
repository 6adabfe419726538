//! `inspect` on files that no layout knows: suggestions, drafted layouts that pass and audit, and reasons for refusals.

use std::path::{Path, PathBuf};

use crate::command::{audit, code, order, program, repository, run, stderr, stdout};

/// Writes a file and returns its path.
fn file(dir: &Path, name: &str, text: impl AsRef<[u8]>) -> String {
    let path: PathBuf = dir.join(name);
    std::fs::write(&path, text).expect("the file is written");
    path.display().to_string()
}

/// Drafts a layout, and holds that it passes and that the same file is audited by it. Returns the layout's text.
fn drafted(dir: &Path, input: &str) -> String {
    let layout = dir.join("my.toml").display().to_string();
    let written = run(&["inspect", input, "--write-layout", &layout]);
    assert_eq!(code(&written), 0, "{}{}", stdout(&written), stderr(&written));
    assert!(stdout(&written).contains(&format!("--layout {layout}")), "{}", stdout(&written));
    let text = std::fs::read_to_string(&layout).expect("the layout is written");
    let checked = run(&["layouts", "check", &layout]);
    assert_eq!(code(&checked), 0, "{}\n{text}", stderr(&checked));
    assert!(stdout(&checked).contains("1 examples hold"), "{text}");
    let audited = audit(&[input], &dir.join("out"), &["--layout", &layout]);
    assert_eq!(code(&audited), 0, "{}\n{text}", stderr(&audited));
    assert!(!stderr(&audited).contains(": 0 in scope"), "{}\n{text}", stderr(&audited));
    text
}

fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is missing: {text}");
    }
}

#[test]
fn a_hospital_export_with_odd_names_gets_a_layout_that_passes_and_audits() {
    let dir = tempfile::tempdir().unwrap();
    let input = repository("fixtures/hospital-export.csv");
    let text = drafted(dir.path(), &input);
    holds(
        &text,
        &[
            "id      = \"hospital-export\"",
            "delimiters = [\"|\"]",
            "lines end in CR LF",
            "product_code     = [\"CHG_CD\"]",
            "service_date     = [\"ADMIN_DTTM\"]",
            "\"OTH_DX_{1..2}\"",
            "sure: name and cells",
            "forms     = [\"month-day-year\"]",
            "#   WHY: ",
        ],
    );
    for value in ["M90025", "CIDP", "lymphoma", "9800000128", "7691.41"] {
        assert!(!text.contains(value), "`{value}` is of a record");
    }
}

#[test]
fn a_german_header_with_semicolons_is_read_by_its_words() {
    let dir = tempfile::tempdir().unwrap();
    let text = "Fallnummer;Patientennummer;Leistungsdatum;Geburtsdatum;Geschlecht;Präparat;Menge;Diagnose;Indikation\n\
                1;77001;2024-07-01;1961-03-14;w;Privigen 10 %;1,5;G61.81;CIDP, alle vier Wochen\n\
                2;77002;2024-07-02;1958-11-30;m;Gamunex-C 10 %;2,5;G61.0;GBS, akut\n";
    let drafted = drafted(dir.path(), &file(dir.path(), "Klinik Export.csv", text));
    holds(
        &drafted,
        &[
            "id      = \"klinik-export\"",
            "delimiters = [\";\"]",
            "product_name     = [\"Präparat\"]",
            "dx               = [\"Diagnose\"]",
        ],
    );
    holds(&drafted, &["birth_date       = [\"Geburtsdatum\"]", "indication_text  = [\"Indikation\"]"]);
}

#[test]
fn a_file_without_a_header_line_gets_names_and_is_told_by_shape_only() {
    let dir = tempfile::tempdir().unwrap();
    let lines: Vec<String> = (10..40)
        .map(|at| format!("{at}7,2024-07-{:02},19{}-05-06,J1459,G61.{},Z79.899,40", at % 28 + 1, at + 40, at % 2 * 81))
        .collect();
    let drafted = drafted(dir.path(), &file(dir.path(), "raw.csv", lines.join("\n") + "\n"));
    holds(&drafted, &["header     = [\"c1\", \"c2\"", "product_code     = [\"c4\"]", "perhaps: by its cells only"]);
    holds(
        &drafted,
        &["service_date     = [\"c2\"]", "birth_date       = [\"c3\"]", "dx               = [\"c{5..6}\"]"],
    );
}

#[test]
fn tabs_and_commas_and_lists_of_diagnoses_are_recognised() {
    let dir = tempfile::tempdir().unwrap();
    let tabs = "OrdID\tPatID\tSvcDate\tBirthDt\tJCode\tICD10Codes\tComments\n\
                1\t5\t20240701\t19600601\tJ1459\tG61.81;E11.9\tstable since March\n2\t6\t20240702\t19610602\tJ1569\tG61.0\tonset last week\n";
    let text = drafted(dir.path(), &file(dir.path(), "tabs.txt", tabs));
    holds(&text, &["delimiters = [\"\\t\"]", "diagnoses        = [\"ICD10Codes\"]", "forms     = [\"compact\"]"]);
    let dir = tempfile::tempdir().unwrap();
    let commas = "visit no,member no,dos,date of birth,cpt code,diag code 1,diag code 2\n1,5,1-JUL-2024,1-JUN-1960,J1459,G6181,E119\n";
    let text = drafted(dir.path(), &file(dir.path(), "commas.csv", commas));
    holds(&text, &["dx               = [\"diag code {1..2}\"]", "forms     = [\"day-month-name-year\"]"]);
}

#[test]
fn an_unknown_header_is_met_with_suggestions_and_the_next_command_and_no_value() {
    let input = repository("fixtures/hospital-export.csv");
    let output = run(&["inspect", &input]);
    assert_eq!(code(&output), 4);
    let text = stdout(&output);
    holds(
        &text,
        &[
            "pipe, quoted with \", UTF-8, lines end in CR LF",
            "likely: by its name",
            "procedure codes",
            "month first: ",
            "text 11 characters",
            "(ICD-10-CM)",
            "not used   WHY",
            "field-count 1, repeated-header 1",
        ],
    );
    assert!(text.trim_end().ends_with(&format!("inspect {input} --write-layout my.toml")), "{text}");
    for value in ["M90025", "9/28/2025", "lymphoma", "G61.81", "J1459"] {
        assert!(!text.contains(value) && !stderr(&output).contains(value), "{value}: {text}");
    }
    let refused = audit(&[&input], &tempfile::tempdir().unwrap().path().join("out"), &[]);
    assert_eq!(code(&refused), 4);
    holds(&stderr(&refused), &["ivig-audit inspect", "--write-layout my.toml"]);
}

#[test]
fn a_spending_file_is_refused_because_nothing_can_be_assessed_and_the_draft_says_where_to_fill_in() {
    let dir = tempfile::tempdir().unwrap();
    let text = "HCPCS_Cd,HCPCS_Desc,Brnd_Name,Tot_Spndng_2022,Tot_Benes\nJ1459,Inj privigen 500 mg,Privigen,100.00,20\nJ1569,Gammagard liquid injection,Gammagard Liquid,200.00,30\n";
    let input = file(dir.path(), "spending.csv", text);
    let output = run(&["inspect", &input]);
    assert_eq!(code(&output), 4);
    holds(&stdout(&output), &["refused    without a diagnosis or an indication nothing can be assessed"]);
    let layout = dir.path().join("my.toml").display().to_string();
    let output = run(&["inspect", &input, "--write-layout", &layout]);
    assert_eq!(code(&output), 4, "{}", stdout(&output));
    holds(&stdout(&output), &["FILL IN"]);
    holds(&std::fs::read_to_string(&layout).unwrap(), &["# FILL IN: nothing tells a diagnosis"]);
}

#[test]
fn a_file_of_diagnoses_is_told_by_the_layout_that_joins_it() {
    let dir = tempfile::tempdir().unwrap();
    let companion = "\n[[companion]]\nrole = \"diagnoses\"\nlabel = \"diagnoses of a stay\"\nrecognise = { all-of = [\"stay_no\", \"icd_cd\"] }\n\
                     keys = { stay = [\"stay_no\"] }\ncolumns = { dx = [\"icd_cd\"] }\n[[companion.join]]\non = [\"stay\"]\n";
    let base = stdout(&run(&["layouts", "show", "generic"])).replacen(
        "[columns]",
        "[keys]\nstay = [\"stay_no\"]\n\n[columns]",
        1,
    );
    let layout = file(dir.path(), "own.toml", base.replacen("\"generic\"", "\"own\"", 1) + companion);
    let input = file(dir.path(), "dx.csv", "stay_no,icd_cd\n1,G61.81\n2,G61.0\n");
    let output = run(&["inspect", &input, "--layout", &layout]);
    assert_eq!(code(&output), 4, "{}", stderr(&output));
    holds(&stdout(&output), &["it is the `diagnoses` file of layout own", "audit LINES diagnoses="]);
}

#[test]
fn a_layout_is_never_written_over_a_file_and_for_one_input_only() {
    let dir = tempfile::tempdir().unwrap();
    let input = file(dir.path(), "x.csv", format!("{}\n{}\n", crate::command::HEADER, order(1)));
    let there = file(dir.path(), "there.toml", "mine");
    let output = run(&["inspect", &input, "--write-layout", &there]);
    assert_eq!((code(&output), stderr(&output).contains("not overwritten")), (2, true), "{}", stderr(&output));
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "mine");
    let other = file(dir.path(), "y.csv", format!("{}\n{}\n", crate::command::HEADER, order(2)));
    let new = dir.path().join("new.toml").display().to_string();
    assert_eq!(code(&run(&["inspect", &input, &other, "--write-layout", &new])), 2);
    assert_eq!(code(&run(&["inspect", &input, "--write-layout", &new])), 0, "a copy of the layout that fits");
    assert_eq!(code(&run(&["layouts", "check", &new])), 0);
    assert!(std::fs::read_to_string(&new).unwrap().contains("id      = \"x\""));
}

#[test]
fn standard_input_is_looked_at_once_and_drafted_too() {
    let dir = tempfile::tempdir().unwrap();
    let layout = dir.path().join("my.toml").display().to_string();
    let export = std::fs::File::open(repository("fixtures/hospital-export.csv")).unwrap();
    let output = program(&["inspect", "-", "--write-layout", &layout]).stdin(export).output().unwrap();
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    holds(&stdout(&output), &["looked at  41 records", "written"]);
}
