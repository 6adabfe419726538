use std::process::Stdio;

use crate::command::{HEADER, code, export, order, program, repository, run, stderr, stdout};

fn explain(args: &[&str]) -> serde_json::Value {
    let output = run(&[&["explain", "--json"], args].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).expect("JSON")
}

#[test]
fn a_child_with_guillain_barre_is_recommended_at_class_ii_with_the_statement() {
    let told = explain(&["--dx", "G61.0", "--age", "7", "--product", "J1569"]);
    assert_eq!((&told["determination"], &told["flag"]), (&"recommended".into(), &"clear".into()));
    assert_eq!(told["evidence_class"], serde_json::json!(["II"]));
    assert!(told["guideline_rows"][0]["statement"].as_str().unwrap().contains("pediatric GBS"), "{told}");
}

#[test]
fn a_text_that_names_the_variant_refines_the_code() {
    let told = explain(&["--dx", "G61.0", "--age", "7", "--product", "J1569", "--text", "Miller Fisher variant"]);
    assert_eq!(told["determination"], "insufficient_evidence");
    assert!(told["steps"].to_string().contains("refines"), "{told}");
    assert!(told["reason"].as_str().unwrap().contains("refines"), "{told}");
}

#[test]
fn the_unspecific_code_of_myasthenia_is_presumed_and_says_so() {
    let told = explain(&["--dx", "G70.00"]);
    assert_eq!(
        (&told["determination"], &told["certainty"], &told["flag"]),
        (&"not_recommended".into(), &"presumed".into(), &"flagged".into())
    );
    assert!(told["reason"].as_str().unwrap().contains("not otherwise specified"), "{told}");
}

#[test]
fn an_unknown_isotype_leaves_two_answers_open_and_is_asked_for() {
    let told = explain(&["--dx", "D47.2", "--dx", "G63"]);
    assert_eq!(
        (&told["determination"], &told["flag"], &told["wanting"]),
        (&"indeterminate".into(), &"flagged".into(), &"isotype".into())
    );
    assert_eq!(told["open"], serde_json::json!(["insufficient_evidence", "not_recommended"]));
}

#[test]
fn a_primary_immunodeficiency_is_another_use_and_clear() {
    let told = explain(&["--dx", "D83.9"]);
    assert_eq!((&told["determination"], &told["flag"]), (&"other_use".into(), &"clear".into()));
}

#[test]
fn explain_for_people_ends_with_the_source_and_the_prompt() {
    let output = run(&["explain", "--dx", "G72.41"]);
    let text = stdout(&output);
    assert!(text.contains("PMID 37432872") && text.contains("10.1002/mus.27922"), "{text}");
    assert!(text.trim_end().ends_with("not a determination of coverage."), "{text}");
}

#[test]
fn explain_reads_a_record_of_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let lines = [
        order(1),
        "ragged".to_owned(),
        order(3).replace("G61.81", "G72.41"),
        order(4).replace("J1459", "J1559"),
        HEADER.to_owned(),
    ];
    let input = export(dir.path(), &lines).display().to_string();
    assert_eq!(explain(&[&input, "--record", "1"])["determination"], "recommended");
    assert_eq!(explain(&[&input, "--record", "2"])["rejected"], "field-count");
    assert_eq!(explain(&[&input, "--record", "3"])["determination"], "not_recommended");
    assert_eq!(explain(&[&input, "--record", "4"])["out_of_scope"], "subcutaneous");
    assert_eq!(explain(&[&input, "--record", "5"])["rejected"], "repeated-header");
    let beyond = run(&["explain", &input, "--record", "6"]);
    assert_eq!((code(&beyond), stderr(&beyond).contains("5 records")), (2, true));
}

#[test]
fn inspect_says_what_a_file_is_and_shows_no_value_unless_asked() {
    let dir = tempfile::tempdir().unwrap();
    let input = export(dir.path(), &[order(1), "ragged".to_owned()]).display().to_string();
    let text = stdout(&run(&["inspect", &input]));
    for part in ["comma, quoted with \"", "generic", "product_code", "field-count 1", "record 2, line 3", "9999-99-99"]
    {
        assert!(text.contains(part), "`{part}` is not said: {text}");
    }
    assert!(!text.contains("2024-07-01") && !text.contains("G61.81"), "{text}");
    let shown = stdout(&run(&["inspect", &input, "--show-values"]));
    assert!(shown.contains("2024-07-01") && shown.contains("G61.81"), "{shown}");
}

#[test]
fn rules_list_prints_every_row_with_recommendation_class_and_statement() {
    let text = stdout(&run(&["rules", "list"]));
    let ids = [
        "cidp",
        "gbs-adult",
        "gbs-pediatric",
        "mmn",
        "dermatomyositis",
        "stiff-person",
        "mg-exacerbation",
        "mg-stable",
        "lems",
        "inclusion-body-myositis",
        "post-polio",
        "igm-paraproteinemic",
        "igg-paraproteinemic",
        "iga-paraproteinemic",
        "sfn-idiopathic",
        "sfn-ts-hds",
        "sfn-fgfr3",
        "anti-hmgcr-myopathy",
        "necrotizing-myopathy-other",
        "miller-fisher",
        "autonomic",
        "chronic-autoimmune",
        "polymyositis",
        "brachial-plexopathy",
        "dlrpn",
    ];
    for id in ids {
        assert!(text.lines().any(|line| line.trim_start().starts_with(&format!("{id} "))), "{id}: {text}");
    }
    assert!(text.contains("25 rows") && text.contains("Insufficient evidence exists"), "{text}");
}

#[test]
fn rules_show_reads_as_a_page() {
    let text = stdout(&run(&["rules", "show", "small-fiber-neuropathy"]));
    for part in [
        "What the statement says",
        "Diagnosis codes",
        "Names in the text",
        "What is asked besides",
        "What is missed",
        "Examples",
        "Near misses",
        "(sfn-fgfr3)",
    ] {
        assert!(text.contains(part), "`{part}` is missing: {text}");
    }
    assert_eq!(stdout(&run(&["rules", "show", "sfn-fgfr3"])), text, "a row finds its indication");
    let site = repository("rules/aanem-2023");
    assert_eq!(stdout(&run(&["rules", "show", "small-fiber-neuropathy", "--rules", &site])), text);
    assert_eq!(code(&run(&["rules", "show", "nosuch"])), 2);
}

#[test]
fn rules_list_says_who_answers_for_a_ruleset_and_what_is_still_open() {
    let text = stdout(&run(&["rules", "list"]));
    for part in ["author", "not yet signed", "review by", "2027-04-30", "status", "draft", "basis", "guideline"] {
        assert!(text.contains(part), "`{part}` is missing: {text}");
    }
    let questions = stdout(&run(&["rules", "list", "--open-questions", "aanem-2023"]));
    assert!(questions.starts_with("aanem-2023@"), "{questions}");
    for id in 1..=18 {
        assert!(questions.lines().any(|line| line == format!("J{id}")), "J{id}: {questions}");
    }
}

#[test]
fn rules_check_says_which_lint_and_lists_them_all() {
    let listed = stdout(&run(&["rules", "check", "--lints"]));
    assert!(listed.contains("uncovered-fact (error)") && listed.contains("unsigned (note)"), "{listed}");
    let good = stdout(&run(&["rules", "check", "--as-of", "2026-05-01", "aanem-2023"]));
    assert!(good.contains("note: aanem-2023/ruleset.toml:") && good.contains(": [unsigned] "), "{good}");
    assert!(good.contains("no errors"), "{good}");
    let late = run(&["rules", "check", "--as-of", "2030-01-01", "aanem-2023"]);
    assert_eq!(code(&late), 3);
    assert!(stderr(&late).contains("[review-overdue]"), "{}", stderr(&late));
    let dir = site_rules(|path, text| {
        if path.ends_with("ruleset.toml") { text.replacen("Insufficient evidence", "No evidence", 1) } else { text }
    });
    let changed = run(&["rules", "check", "--as-of", "2026-05-01", dir.path().join("aanem-2023").to_str().unwrap()]);
    assert_eq!(code(&changed), 3);
    let said = stderr(&changed);
    assert!(said.contains("aanem-2023/ruleset.toml:") && said.contains(": [statement-quote-changed] "), "{said}");
    assert!(stdout(&changed).contains("1 error,"), "{}", stdout(&changed));
}

#[test]
fn rules_and_layouts_check_run_every_example() {
    let rules = run(&["rules", "check"]);
    assert_eq!(code(&rules), 0, "{}", stderr(&rules));
    assert!(stdout(&rules).contains("25 rows, 6 patterns over time, "), "{}", stdout(&rules));
    let layouts = run(&["layouts", "check"]);
    assert_eq!((code(&layouts), stdout(&layouts).contains("examples hold")), (0, true));
}

#[test]
fn layouts_say_where_they_are_known_from_and_what_is_given_beside_the_lines() {
    for listed in [run(&["layouts", "list"]), run(&["layouts", "check"])] {
        let text = stdout(&listed);
        for says in ["the Epic EHI export specification", "beside the lines: diagnoses (needed), patients"] {
            assert!(text.contains(says), "`{says}` is not said: {text}");
        }
        assert!(text.contains("beside the lines: patients, claims (the lines again)"), "{text}");
    }
    let shown = stdout(&run(&["layouts", "show", "epic-orders"]));
    assert!(shown.contains("basis") && shown.contains("[[companion]]"), "{shown}");
}

#[test]
fn the_help_of_each_command_that_reads_files_names_every_role() {
    for command in ["audit", "inspect", "explain"] {
        let help = stdout(&run(&[command, "--help"]));
        assert!(help.contains("ROLE=PATH"), "{command}: {help}");
        for role in ivig_audit::intake::Role::ALL.into_iter().skip(1) {
            assert!(help.contains(role.as_str()), "{command} does not name {role}: {help}");
        }
    }
}

/// A copy of the shipped ruleset in a directory of a site, changed by `change`.
fn site_rules(change: impl Fn(&str, String) -> String) -> tempfile::TempDir {
    fn copy(from: &std::path::Path, to: &std::path::Path, name: &str, change: &dyn Fn(&str, String) -> String) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap().flatten() {
            let below = format!("{name}/{}", entry.file_name().to_string_lossy());
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target, &below, change);
            } else {
                std::fs::write(target, change(&below, std::fs::read_to_string(entry.path()).unwrap())).unwrap();
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    copy(std::path::Path::new(&repository("rules")), dir.path(), "rules", &change);
    dir
}

#[test]
fn rules_check_says_how_many_patterns_are_looked_for_and_a_site_without_any_of_its_own_keeps_those_that_ship() {
    let dir = site_rules(|_, text| text);
    std::fs::remove_file(dir.path().join("patterns.toml")).unwrap();
    let ruleset = dir.path().join("aanem-2023");
    let said = || stdout(&run(&["rules", "check", "--as-of", "2026-05-01", ruleset.to_str().unwrap()]));
    assert!(said().contains("25 rows, 6 patterns over time, "), "{}", said());
    let none = "[course]\nnew-after-days = 90\nobserved-days = 90\nrefusals = []\n";
    std::fs::write(ruleset.join("patterns.toml"), none).unwrap();
    assert!(said().contains("25 rows, no patterns over time, "), "{}", said());
}

#[test]
fn rules_check_fails_on_a_bad_ruleset_with_file_line_and_reason() {
    type Change = (&'static str, &'static str, &'static str, &'static [&'static str]);
    let bad: [Change; 6] = [
        (
            "indications/cidp.toml",
            "strength = \"exact\"",
            "strength = \"exactly\"",
            &["cidp.toml:", "exact", "broad", "proxy"],
        ),
        (
            "indications/cidp.toml",
            "codes    = \"cidp\"",
            "codes    = \"cidq\"",
            &["cidp.toml:", "unknown code list `cidq`"],
        ),
        ("indications/cidp.toml", "[[row]]", "[[row]]\ncolour = 1", &["cidp.toml:", "unknown field `colour`"]),
        ("codes/cidp.csv", "G61.81", "61.8.1", &["cidp.csv:2", "not an ICD-10-CM code"]),
        ("facts.toml", "[[fact]]", "[[fact]]\nlabl = \"x\"", &["facts.toml:", "unknown field `labl`"]),
        (
            "indications/cidp.toml",
            "determination = \"recommended\"",
            "determination = \"not_recommended\"",
            &["cidp.toml:", "does not hold", "expected not_recommended, found recommended"],
        ),
    ];
    for (file, from, to, says) in bad {
        let changed = std::cell::Cell::new(false);
        let dir = site_rules(|path, text| {
            if path.ends_with(file) && text.contains(from) {
                changed.set(true);
                text.replacen(from, to, 1)
            } else {
                text
            }
        });
        assert!(changed.get(), "{file} holds no `{from}`");
        let output = run(&["rules", "check", dir.path().join("aanem-2023").to_str().unwrap()]);
        assert_eq!(code(&output), 3, "{file}: {}", stderr(&output));
        for part in says {
            assert!(stderr(&output).contains(part), "`{part}` is not said: {}", stderr(&output));
        }
    }
}

#[test]
fn a_sites_own_ruleset_is_used_by_its_directory() {
    let dir = site_rules(|path, text| {
        if path.ends_with("ruleset.toml") {
            text.lines()
                .map(|line| if line.starts_with("not-recommended ") { "not-recommended = \"review\"" } else { line })
                .collect::<Vec<_>>()
                .join("\n")
        } else {
            text
        }
    });
    let rules = dir.path().join("aanem-2023").display().to_string();
    let output = run(&["explain", "--json", "--dx", "G72.41", "--rules", &rules]);
    let told: serde_json::Value =
        serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("{}", stderr(&output)));
    assert_eq!((&told["determination"], &told["flag"]), (&"not_recommended".into(), &"review".into()));
}

#[test]
fn a_layout_of_ones_own_is_shown_checked_and_used() {
    let dir = tempfile::tempdir().unwrap();
    let shown = run(&["layouts", "show", "generic"]);
    let text = stdout(&shown).replacen("\"hcpcs\",", "\"hcpcs\", \"cpt_code\",", 1);
    let layout = dir.path().join("own.toml").display().to_string();
    std::fs::write(&layout, text).unwrap();
    assert_eq!(code(&run(&["layouts", "check", &layout])), 0);
    assert!(stdout(&run(&["layouts", "show", &layout])).contains("\"cpt_code\""), "the file, not the shipped one");
    let input = dir.path().join("x.csv").display().to_string();
    std::fs::write(&input, "order_id,service_date,cpt_code,dx1\nO1,2024-07-01,J1459,G61.81\n").unwrap();
    assert_eq!(code(&run(&["inspect", &input])), 4);
    assert_eq!(code(&run(&["inspect", &input, "--layout", &layout])), 0);
    std::fs::write(&layout, "id = \"x\"\ncolour = 1\n").unwrap();
    let bad = run(&["layouts", "check", &layout]);
    assert_eq!((code(&bad), stderr(&bad).contains("own.toml:2")), (3, true), "{}", stderr(&bad));
}

#[test]
fn completions_and_the_manual_come_from_the_same_definitions() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(stdout(&run(&["completions", shell])).contains("audit"), "{shell}");
    }
    let manual = stdout(&run(&["man"]));
    assert!(manual.contains(".TH") && manual.contains("max\\-rejected"), "{manual}");
    assert!(manual.contains("ROLE=PATH") || manual.contains("ROLE\\=PATH"), "{manual}");
}

#[test]
fn a_closed_pipe_is_quiet() {
    let mut child = program(&["rules", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
}

#[test]
fn inspect_looks_at_whole_records_and_at_every_input() {
    let dir = tempfile::tempdir().unwrap();
    let note = order(0).replace(",,1000.00", ",\"a note\nof\nfour\nlines\",1000.00");
    let lines: Vec<String> =
        (0..12_000).map(|number| if number % 7 == 0 { note.clone() } else { order(number) }).collect();
    let good = export(dir.path(), &lines).display().to_string();
    let bad = dir.path().join("bad.csv").display().to_string();
    std::fs::write(&bad, "a,b\n1,2\n").unwrap();
    let output = run(&["inspect", &bad, &good]);
    assert_eq!(code(&output), 4);
    let text = stdout(&output);
    assert!(text.contains("rejected   none") && text.contains("first part"), "{text}");
}
