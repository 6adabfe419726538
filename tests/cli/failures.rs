use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use ivig_audit::exit_code::ExitCode;
use ivig_audit::run::{self, RunError, Settings};

use crate::command::{HEADER, audit, code, export, json, latest, names, order, run as run_program, stderr};

/// Asserts the exit code, that the message says each of `says`, and that nothing is published.
fn fails(output: &Output, expected: i32, says: &[&str], out: &Path) {
    let message = stderr(output);
    assert_eq!(code(output), expected, "{message}");
    for part in says {
        assert!(message.contains(part), "`{part}` is not said: {message}");
    }
    assert!(!message.contains("panicked"), "{message}");
    let left: Vec<String> = names(out).into_iter().filter(|name| name != ".lock").collect();
    assert!(left.is_empty(), "nothing may be left: {left:?}");
}

fn file(dir: &Path, text: &str) -> String {
    let path = dir.join("export.csv");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn a_missing_column_names_what_is_missing_and_the_nearest_name() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let input = file(dir.path(), "order_id,service_date,hcpcs_cd,dx1\nO1,2024-07-01,J1459,G61.81\n");
    fails(&audit(&[&input], &out, &[]), 4, &["missing", "product_code", "hcpcs_cd", "--write-layout"], &out);
    let input = file(dir.path(), "order_id,service_date,hcpcs\nO1,2024-07-01,J1459\n");
    fails(&audit(&[&input], &out, &[]), 4, &["missing", "indication_text", "diagnoses"], &out);
}

#[test]
fn an_unknown_layout_or_ruleset_lists_those_that_there_are() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let input = file(dir.path(), &format!("{HEADER}\n{}\n", order(1)));
    fails(&audit(&[&input], &out, &["--layout", "nosuch"]), 3, &["nosuch", "generic"], &out);
    fails(&audit(&[&input], &out, &["--rules", "nosuch"]), 3, &["nosuch", "aanem-2023"], &out);
}

#[test]
fn a_missing_an_unreadable_and_an_empty_file_each_say_so() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let missing = dir.path().join("nosuch.csv").display().to_string();
    fails(&audit(&[&missing], &out, &[]), 4, &["nosuch.csv", "no such file"], &out);
    fails(&audit(&[dir.path().to_str().unwrap()], &out, &[]), 4, &["directory"], &out);
    fails(&audit(&[&file(dir.path(), "")], &out, &[]), 4, &["no header"], &out);
    fails(&audit(&[&file(dir.path(), "\n\n")], &out, &[]), 4, &["no header"], &out);
    fails(&audit(&[&format!("{}/*.tsv", dir.path().display())], &out, &[]), 4, &["no file matches"], &out);
    std::fs::write(dir.path().join("x.csv"), b"\x1f\x8b\x08\x00").unwrap();
    fails(&audit(&[dir.path().join("x.csv").to_str().unwrap()], &out, &[]), 4, &["gzip", "cut"], &out);
    std::fs::write(dir.path().join("x.csv"), b"o\x00r\x00").unwrap();
    fails(&audit(&[dir.path().join("x.csv").to_str().unwrap()], &out, &[]), 4, &["UTF-16"], &out);
}

#[test]
fn a_file_given_twice_would_count_twice_and_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let input = file(dir.path(), &format!("{HEADER}\n{}\n", order(1)));
    fails(&audit(&[&input, &input], &out, &[]), 2, &["twice"], &out);
}

#[test]
fn an_unknown_role_lists_the_roles_and_a_file_that_no_layout_joins_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let input = file(dir.path(), &format!("{HEADER}\n{}\n", order(1)));
    let roles = ["`line`", "lines, claims, diagnoses, names, patients, authorizations"];
    fails(&audit(&[&format!("line={input}")], &out, &[]), 2, &roles, &out);
    let claims = dir.path().join("claims.csv");
    std::fs::write(&claims, "claim_id,patient_id\nC1,P1\n").unwrap();
    let companion = format!("claims={}", claims.display());
    let says = ["claims.csv", "`generic` has no file `claims`"];
    fails(&audit(&[&input, &companion], &out, &["--layout", "generic"]), 4, &says, &out);
    assert_eq!(code(&audit(&[&format!("lines={input}")], &out, &[])), 0);
    let read = &json(&latest(&out).join("manifest.json"))["inputs"][0];
    assert_eq!((read["file"].as_str(), read.get("role")), (Some(input.as_str()), None), "lines are what a path is");
}

#[test]
fn a_ragged_record_is_rejected_with_its_line_and_loses_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let input = export(dir.path(), &[order(1), "O2,C2,short".to_owned(), order(3)]);
    assert_eq!(code(&audit(&[input.to_str().unwrap()], &out, &[])), 0);
    let rejected = std::fs::read_to_string(latest(&out).join("rejected.csv")).unwrap();
    assert!(rejected.contains(",2,3,") && rejected.contains("field-count"), "{rejected}");
    assert!(!rejected.contains("short"), "no value of the record");
    assert_eq!(json(&latest(&out).join("manifest.json"))["counts"]["orders"]["total"], 2);
}

/// A stray quote opened in one record and closed 200 records later, in the text column and in another.
#[test]
fn a_stray_quote_rejects_the_damaged_lines_and_loses_no_other() {
    for column in [10, 11] {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let mut lines: Vec<String> = (0..1000).map(order).collect();
        for (line, quote_first) in [(500, true), (700, false)] {
            let mut fields: Vec<String> = lines[line].split(',').map(str::to_owned).collect();
            fields[column] = if quote_first { "\"note".to_owned() } else { "note\"".to_owned() };
            lines[line] = fields.join(",");
        }
        let input = export(dir.path(), &lines);
        let output = audit(&[input.to_str().unwrap()], &out, &[]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let counts = &json(&latest(&out).join("manifest.json"))["counts"];
        assert_eq!(counts["records"]["read"], 1000);
        assert_eq!(counts["orders"]["total"], 999, "the line that ends with a quote is kept, with a warning");
        let rejected = std::fs::read_to_string(latest(&out).join("rejected.csv")).unwrap();
        assert_eq!(rejected.lines().count(), 2, "{rejected}");
        assert!(rejected.contains(",501,502,"), "{rejected}");
    }
}

#[test]
fn too_many_rejected_records_hold_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let good: Vec<String> = (0..90).map(order).collect();
    let bad: Vec<String> = (0..10).map(|_| "ragged".to_owned()).collect();
    assert_eq!(code(&audit(&[export(dir.path(), &good).to_str().unwrap()], &out, &[])), 0);
    let published = latest(&out);
    let input = export(dir.path(), &[good.clone(), bad.clone()].concat());
    let held = audit(&[input.to_str().unwrap()], &out, &[]);
    assert_eq!(code(&held), 5, "{}", stderr(&held));
    assert!(stderr(&held).contains("10 of 100") && stderr(&held).contains("--max-rejected"), "{}", stderr(&held));
    assert_eq!(latest(&out), published, "`latest` does not move");
    assert!(names(&out).iter().any(|name| name.ends_with(".held")), "{:?}", names(&out));
    let input = export(dir.path(), &[good, bad[..9].to_vec()].concat());
    assert_eq!(code(&audit(&[input.to_str().unwrap()], &out, &[])), 0, "fewer than ten never hold a run");
    assert_eq!(code(&audit(&[input.to_str().unwrap()], &out, &["--max-rejected", "101"])), 2);
}

#[test]
fn a_directory_that_cannot_be_written_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let input = export(dir.path(), &[order(1)]);
    let blocked = dir.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    let output = audit(&[input.to_str().unwrap()], &blocked.join("out"), &[]);
    assert_eq!(code(&output), 6, "{}", stderr(&output));
    assert!(stderr(&output).contains("nothing is published"), "{}", stderr(&output));
    let output = audit(&[input.to_str().unwrap()], Path::new("/proc/ivig-audit"), &[]);
    assert_eq!(code(&output), 6, "{}", stderr(&output));
}

#[test]
fn a_run_that_does_not_reconcile_publishes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let input = export(dir.path(), &(0..20).map(order).collect::<Vec<_>>()).display().to_string();
    let miscounts: [fn(&mut ivig_audit::scan::Tally); 6] = [
        |tally| tally.in_scope += 1,
        |tally| *tally.rejected.entry("field-count").or_default() += 1,
        |tally| *tally.by_determination.values_mut().next().unwrap() -= 1,
        |tally| *tally.by_flag.values_mut().next().unwrap() += 1,
        |tally| tally.sums.grams = tally.sums.grams.map(|grams| grams + 1),
        |tally| tally.lines_rejected_by_intake += 1,
    ];
    for (number, miscount) in miscounts.into_iter().enumerate() {
        let out = dir.path().join(format!("out{number}"));
        let settings = Settings { out: out.clone(), miscount: Some(miscount), ..Settings::new(vec![input.clone()]) };
        let error = run::audit(&settings, &mut |_, _| {}).expect_err("a miscount is found");
        assert!(matches!(error, RunError::Unreconciled(_)), "{error}");
        assert_eq!(ExitCode::from(&error), ExitCode::NotPublished, "miscount {number}: {error}");
        assert_eq!(names(&out), [".lock"], "miscount {number} publishes nothing");
    }
}

#[test]
fn a_second_run_waits_for_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let lock = std::fs::File::create(out.join(".lock")).unwrap();
    lock.lock().unwrap();
    let input = export(dir.path(), &[order(1)]);
    fails(&audit(&[input.to_str().unwrap()], &out, &[]), 7, &["lock"], &out);
    drop(lock);
    assert_eq!(code(&audit(&[input.to_str().unwrap()], &out, &[])), 0);
}

#[test]
fn what_a_killed_run_left_is_swept() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    std::fs::create_dir_all(out.join(".20260101T000000Z.partial")).unwrap();
    std::fs::write(out.join(".20260101T000000Z.partial/findings.csv"), "left").unwrap();
    std::os::unix::fs::symlink("nowhere", out.join(".latest.partial")).unwrap();
    let input = export(dir.path(), &[order(1)]);
    assert_eq!(code(&audit(&[input.to_str().unwrap()], &out, &[])), 0);
    assert!(!names(&out).iter().any(|name| name.ends_with(".partial")), "{:?}", names(&out));
}

#[test]
fn fail_on_publishes_and_ends_with_its_own_code() {
    let dir = tempfile::tempdir().unwrap();
    let (out, clear) = (dir.path().join("out"), dir.path().join("clear"));
    let flagged = order(1).replace("G61.81", "G72.41");
    let input = export(dir.path(), &[flagged]).display().to_string();
    assert_eq!(code(&audit(&[&input], &out, &["--fail-on", "flagged"])), 8);
    assert!(latest(&out).join("report.html").is_file());
    let input = export(dir.path(), &[order(1)]).display().to_string();
    assert_eq!(code(&audit(&[&input], &clear, &["--fail-on", "review"])), 0);
}

#[test]
fn wrong_usage_is_told_apart() {
    for args in [
        &["audit"][..],
        &["nosuch"],
        &["audit", "x.csv", "--threads", "0"],
        &["explain"],
        &["explain", "--record", "1"],
        &["audit", "x", "--as-of", "yesterday"],
    ] {
        assert_eq!(code(&run_program(args)), 2, "{args:?}");
    }
    for args in [&["--help"][..], &["audit", "--help"], &["--version"]] {
        assert_eq!(code(&run_program(args)), 0, "{args:?}");
    }
}

#[test]
fn a_configuration_with_an_unknown_key_names_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("site.toml");
    std::fs::write(&config, "threads = 1\nthread = 2\n").unwrap();
    let input = export(dir.path(), &[order(1)]);
    let out = dir.path().join("out");
    let output = audit(&[input.to_str().unwrap()], &out, &["--config", config.to_str().unwrap()]);
    fails(&output, 3, &["site.toml", "line 2", "thread"], &out);
    std::fs::write(&config, "threads = 1\nmax-rejected = 2.5\n").unwrap();
    assert_eq!(code(&audit(&[input.to_str().unwrap()], &out, &["--config", config.to_str().unwrap()])), 0);
    assert_eq!(json(&latest(&out).join("manifest.json"))["options"]["max-rejected"], "2.5");
}

#[test]
fn modes_do_not_depend_on_the_umask_and_a_group_may_be_let_in() {
    let dir = tempfile::tempdir().unwrap();
    let input = export(dir.path(), &[order(1)]).display().to_string();
    let out = dir.path().join("out");
    let unknown = audit(&[&input], &out, &["--group", "no-such-group-here"]);
    fails(&unknown, 2, &["no such group"], &out);
    let group = std::fs::read_to_string("/etc/group").unwrap();
    let own = group.lines().next().and_then(|line| line.split(':').next()).unwrap().to_owned();
    let output = audit(&[&input], &out, &["--group", &own]);
    if code(&output) == 0 {
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&latest(&out)), mode(&latest(&out).join("findings.csv"))), (0o750, 0o640));
    } else {
        assert!(
            stderr(&output).contains("not permitted"),
            "only a member may give a file to a group: {}",
            stderr(&output)
        );
    }
}

#[test]
fn a_latest_that_is_no_link_publishes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    std::fs::create_dir_all(out.join("latest")).unwrap();
    let input = export(dir.path(), &[order(1)]).display().to_string();
    let output = audit(&[&input], &out, &[]);
    assert_eq!(code(&output), 6, "{}", stderr(&output));
    assert!(stderr(&output).contains("not a link"), "{}", stderr(&output));
    assert_eq!(names(&out), [".lock", "latest"]);
}

#[test]
fn a_ledger_that_cannot_be_written_is_told_apart_from_a_run_that_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    std::fs::create_dir_all(out.join("ledger.jsonl")).unwrap();
    let input = export(dir.path(), &[order(1)]).display().to_string();
    let output = audit(&[&input], &out, &[]);
    assert_eq!(code(&output), 6, "{}", stderr(&output));
    assert!(stderr(&output).contains("the run is whole in"), "{}", stderr(&output));
}

#[test]
fn the_gate_holds_on_a_rerun_too() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let input = export(dir.path(), &[order(1).replace("G61.81", "G72.41")]).display().to_string();
    assert_eq!(code(&audit(&[&input], &out, &["--fail-on", "flagged"])), 8);
    let again = audit(&[&input], &out, &["--fail-on", "flagged"]);
    assert_eq!((code(&again), stderr(&again).contains("nothing new")), (8, true));
}

#[test]
fn a_copy_under_another_name_is_refused_like_the_file_itself() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let input = export(dir.path(), &[order(1)]);
    let copy = dir.path().join("copy.csv");
    std::fs::copy(&input, &copy).unwrap();
    fails(&audit(&[input.to_str().unwrap(), copy.to_str().unwrap()], &out, &[]), 2, &["same bytes", "copy.csv"], &out);
}

#[test]
fn a_header_that_opens_a_quote_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let input = file(dir.path(), "order_id,product_code,\"dx1\nO1,J1459,G61.81\n");
    fails(&audit(&[&input], &out, &[]), 4, &["opens a quote"], &out);
}

#[test]
fn repeated_headers_are_rejected_in_whatever_dress() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let upper = HEADER.to_uppercase();
    let lines = [
        order(1),
        HEADER.to_owned(),
        upper,
        format!("{HEADER},"),
        format!("\u{feff}{HEADER}"),
        HEADER.replace("units", " units "),
    ];
    let input = export(dir.path(), &lines).display().to_string();
    assert_eq!(code(&audit(&[&input], &out, &[])), 0);
    let counts = &json(&latest(&out).join("manifest.json"))["counts"]["records"];
    assert_eq!((&counts["rejected"]["repeated-header"], &counts["in_scope"]), (&5.into(), &1.into()));
}

#[test]
fn a_product_cell_that_is_no_text_is_rejected_and_one_that_is_no_code_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let path = dir.path().join("export.csv");
    let described = order(2).replace("J1459", "J1459 - a product 500 mg");
    let no_code = order(3).replace("J1459", "see note");
    let mut bytes = format!("{HEADER}\n{}\n{described}\n{no_code}\n", order(1)).into_bytes();
    bytes.extend(order(4).replace("J1459", "J1459#").bytes().map(|byte| if byte == b'#' { 0xa0 } else { byte }));
    std::fs::write(&path, bytes).unwrap();
    let output = audit(&[path.to_str().unwrap()], &out, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("1 records have a product cell that holds no code"), "{}", stderr(&output));
    let counts = &json(&latest(&out).join("manifest.json"))["counts"]["records"];
    assert_eq!(counts["in_scope"], 2, "a description behind a code does not hide the order");
    assert_eq!(counts["rejected"]["invalid-encoding"], 1);
    assert_eq!(counts["out_of_scope"]["product-unreadable"], 1);
}

/// The writer of sheets knows no way to say that its folder is full but to panic. The run says it as any other such error.
#[test]
fn a_workbook_that_cannot_be_written_is_an_error_of_the_system_and_publishes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let flagged = |number| order(number).replace("G61.81", "G72.41");
    let input = export(dir.path(), &(0..4_000).map(flagged).collect::<Vec<_>>());
    let out = dir.path().join("out");
    let audit = [env!("CARGO_BIN_EXE_ivig-audit"), "audit", "--as-of", "2026-01-01", "--out"];
    // 6 MiB a file: room for all but the cells of the worklist.
    let limited = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 12288; exec \"$0\" \"$@\""])
        .args(audit)
        .args([&out, &input])
        .output()
        .unwrap();
    let message = stderr(&limited);
    assert_eq!(code(&limited), 6, "{message}");
    assert!(message.contains("findings.xlsx") && message.contains("nothing is published"), "{message}");
    assert!(!message.contains("a bug"), "{message}");
    assert!(names(&out).iter().all(|name| name.starts_with(".lock") || name == "lock"), "{:?}", names(&out));
}
