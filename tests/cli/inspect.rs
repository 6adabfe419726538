//! `inspect` on files that no layout knows: suggestions, drafted layouts that pass and audit, and reasons for refusals.

use std::fmt::Write as _;
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

/// Orders and problems that no layout knows, joined on a visit; nothing of a cell may be shown.
fn two_files(dir: &Path) -> (String, String) {
    let (mut orders, mut problems) = ("VisitKey,Pt_Acct,Hung_On,ItemDesc,HCPC\n".to_owned(), String::new());
    for at in 0..40 {
        let item = if at % 4 == 0 { "Canarydrug,J1745" } else { "Privigen 10 %,J1459" };
        writeln!(orders, "CANARYV{at},CANARYP{},2024-05-{:02},{item}", at % 9, at % 28 + 1).unwrap();
        let dx = if at % 2 == 0 { "G61.81,CanaryText about nerves" } else { "G72.41,CanaryText of muscles" };
        if at != 7 {
            problems.insert_str(0, &format!("CANARYV{at},1,{dx}\n"));
        }
    }
    let problems = format!("visit_key,Seq,Problem_ICD,Problem_Words\n{problems}");
    (file(dir, "orders.csv", orders), file(dir, "problems.csv", problems))
}

#[test]
fn two_files_that_no_layout_knows_get_one_layout_that_joins_them() {
    let dir = tempfile::tempdir().unwrap();
    let (orders, problems) = two_files(dir.path());
    let problems = format!("diagnoses={problems}");
    let layout = dir.path().join("my.toml").display().to_string();
    let looked = run(&["inspect", &orders, &problems]);
    assert_eq!(code(&looked), 4, "nothing fits yet: {}", stdout(&looked));
    let written = run(&["inspect", &orders, &problems, "--write-layout", &layout]);
    let shown = stdout(&written);
    assert_eq!(code(&written), 0, "{shown}{}", stderr(&written));
    holds(
        &shown,
        &[
            "joins      visit_key to VisitKey of the lines: CHECK: both headers have the name; 97 %",
            "as suggested, they would be read so:",
            "diagnoses x99.99 (ICD-10-CM)",
            "29 of 30 orders found, 1 have no record there",
            &format!("{problems} --layout {layout}"),
        ],
    );
    let text = std::fs::read_to_string(&layout).unwrap();
    holds(
        &text,
        &[
            "diagnoses_key    = [\"VisitKey\"]",
            "keys    = { diagnoses_key = [\"visit_key\"] }",
            "dx               = [\"Problem_ICD\"]",
            "dx_position      = [\"Seq\"]",
            "dx_name          = [\"Problem_Words\"]",
            "CHECK: both headers have the name",
        ],
    );
    for told in [&shown, &text, &stdout(&looked), &stderr(&written), &stderr(&looked)] {
        for value in ["canaryv", "canaryp", "canarytext", "canarydrug", "g72.41", "j1745", "2024-05"] {
            assert!(!told.to_lowercase().contains(value), "`{value}` is of a record: {told}");
        }
    }
    let checked = run(&["layouts", "check", &layout]);
    assert_eq!(code(&checked), 0, "{}\n{text}", stderr(&checked));
    assert!(stdout(&checked).contains("1 examples hold"), "{text}");
    let again = run(&["inspect", &orders, &problems, "--layout", &layout]);
    assert_eq!(code(&again), 0, "{}", stdout(&again));
    holds(&stdout(&again), &["29 of 30 orders found", "beside     diagnoses"]);
    let audited = audit(&[&orders, &problems], &dir.path().join("out"), &["--layout", &layout]);
    assert_eq!(code(&audited), 0, "{}", stderr(&audited));
    holds(&stderr(&audited), &["30 in scope"]);
    let alone = run(&["inspect", &orders, "--layout", &layout]);
    assert_eq!(code(&alone), 4);
    holds(&stdout(&alone), &["a file diagnoses=FILE", &format!("diagnoses=FILE --layout {layout}")]);
    assert!(!stdout(&alone).contains("one of  ("), "{}", stdout(&alone));
}

#[test]
fn files_without_a_key_in_common_are_not_joined() {
    let dir = tempfile::tempdir().unwrap();
    let (orders, _) = two_files(dir.path());
    let other = file(dir.path(), "other.csv", "stay,icd_code\nS1,G61.81\nS2,G61.0\n");
    let layout = dir.path().join("my.toml").display().to_string();
    let output = run(&["inspect", &orders, &format!("diagnoses={other}"), "--write-layout", &layout]);
    assert_eq!(code(&output), 4, "{}", stdout(&output));
    holds(&stdout(&output), &["refused    the file cannot be joined: no column has a name or cells"]);
    holds(&std::fs::read_to_string(&layout).unwrap(), &["# FILL IN: nothing joins the file diagnoses="]);
    let piped = run(&["inspect", "-", &format!("diagnoses={other}")]);
    assert_eq!((code(&piped), stderr(&piped).contains("not standard input")), (2, true), "{}", stderr(&piped));
}

#[test]
fn a_header_in_windows_1252_is_drafted_in_names_that_the_layout_finds_and_dots_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let mut text = b"Fall-Nr;Geb.-Datum;Gabe am;Pr\xe4parat;Indication\n".to_vec();
    for at in 1..29 {
        text.extend(format!("{at};{at}.03.1961;{at}.07.2024;Privigen 10 %;").into_bytes());
        text.extend(b"Guillain-Barr\xe9 syndrome\n");
    }
    let drafted = drafted(dir.path(), &file(dir.path(), "spital.csv", &text));
    holds(
        &drafted,
        &[
            "encoding   = \"windows-1252\"",
            "product_name     = [\"Präparat\"]",
            "forms     = [\"day-month-year-dots\"]",
        ],
    );
    assert!(!drafted.contains("not read"), "{drafted}");
}

#[test]
fn a_claims_extract_without_a_header_keeps_its_first_diagnosis() {
    let dir = tempfile::tempdir().unwrap();
    let lines: Vec<String> = (0..60)
        .map(|at| {
            let (first, second) = (["G6181", "G610", "G7241"][at % 3], ["", "I10", "E119", "Z79899"][at % 4]);
            format!(
                "CL{at:06}    |W20{:04}  |202407{:02}|J1459|    {at:2}|ABK|{first:<9}|{second:<9}|",
                at % 20,
                at % 28 + 1
            )
        })
        .collect();
    let drafted = drafted(dir.path(), &file(dir.path(), "claims.txt", lines.join("\n") + "\n"));
    holds(&drafted, &["product_code     = [\"c4\"]", "dx               = [\"c{7..8}\"]"]);
}

#[test]
fn numbered_diagnoses_belong_together_however_few_cells_are_filled() {
    let dir = tempfile::tempdir().unwrap();
    let header = "Order #\tInfusion Date\tMed\tDx 1\tDx 2\tDx 3\tRN Comments";
    let text = format!(
        "{header}\n1\t7/14/24\tPrivigen\tG61.81\t\t\ttolerated it well\n{header}\n2\t7/15/24\tGamunex-C\tG61.0\tI10\t\tseen by nurse\n"
    );
    let input = file(dir.path(), "list.tsv", text);
    let drafted = drafted(dir.path(), &input);
    holds(&drafted, &["\"Dx {1..3}\"", "`comment`; 100 % texts of several words; CHECK"]);
    let shown =
        run(&["inspect", &input, "--layout", &dir.path().join("my.toml").display().to_string(), "--show-values"]);
    holds(&stdout(&shown), &["recommended", "stated ("]);
}

#[test]
fn a_first_line_of_words_that_stand_again_is_shown_as_no_header() {
    let dir = tempfile::tempdir().unwrap();
    let lines: Vec<String> =
        (0..12).map(|at| format!("Canaryname,Canaryward,Canarytext {}\n", "x".repeat(at % 3))).collect();
    let input = file(dir.path(), "words.csv", lines.concat());
    let layout = dir.path().join("my.toml").display().to_string();
    let output = run(&["inspect", &input, "--write-layout", &layout]);
    let told = [stdout(&output), stderr(&output), std::fs::read_to_string(&layout).unwrap_or_default()].concat();
    assert!(!told.to_lowercase().contains("canary"), "{told}");
}

#[test]
fn a_packed_export_that_no_layout_knows_is_named_so() {
    let dir = tempfile::tempdir().unwrap();
    let text = std::fs::read(repository("fixtures/hospital-export.csv")).unwrap();
    let packed = zstd::encode_all(&text[..], 1).unwrap();
    let output = run(&["inspect", &file(dir.path(), "x.csv.zst", packed)]);
    holds(&stdout(&output), &["lines end in CR LF, zstd"]);
}

#[test]
fn only_known_words_for_a_code_system_are_written_down() {
    let dir = tempfile::tempdir().unwrap();
    let text = "order id,service date,hcpcs,dx,dx version\n1,2024-07-14,J1459,G61.81,10\n2,2024-07-15,J1459,G61.0,10\n3,2024-07-16,J1459,G61.0,Canaryword\n";
    let drafted = drafted(dir.path(), &file(dir.path(), "x.csv", text));
    assert!(!drafted.to_lowercase().contains("canary"), "{drafted}");
}
