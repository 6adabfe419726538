//! Running the built program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A header that the generic layout reads.
pub const HEADER: &str = "order_id,claim_id,patient_id,service_date,birth_date,sex,product_code,modifier,units,dx1,dx2,indication_text,billed";

/// What a committee writes so that one code is at most reviewed: who it is, and one line of policy.
pub const DECISION: &str = r#"
id = "committee"
version = "1"
title = "A committee's decision"
short-title = "Committee"
basis = "local"
status = "draft"
extends = "aanem-2023"
review = { author = "committee", checker = "", reviewed-on = "", review-by = "2099-12-31" }

[policy.cap.codes]
myasthenia-gravis-without-exacerbation = "review"
"#;

/// The program with arguments, free of the caller's environment settings.
pub fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ivig-audit"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("IVIG_AUDIT_")) {
        command.env_remove(name);
    }
    command.args(args).stdin(Stdio::null()).env("RUST_BACKTRACE", "full");
    command
}

/// Runs the program.
pub fn run(args: &[&str]) -> Output {
    program(args).output().expect("the program starts")
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ends by itself")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A path of the repository.
pub fn repository(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).display().to_string()
}

/// Audits `inputs` into `out` on a fixed day and returns the output.
pub fn audit(inputs: &[&str], out: &Path, more: &[&str]) -> Output {
    let out = out.display().to_string();
    let mut args = vec!["audit", "--out", &out, "--as-of", "2026-01-01"];
    args.extend(more);
    args.extend(inputs);
    run(&args)
}

/// Writes an export of `lines` under the usual header.
pub fn export(dir: &Path, lines: &[String]) -> PathBuf {
    let path = dir.join("export.csv");
    std::fs::write(&path, format!("{HEADER}\n{}\n", lines.join("\n"))).expect("the export is written");
    path
}

/// A good order line.
pub fn order(number: usize) -> String {
    format!("O{number},C{number},P{number},2024-07-01,1960-06-01,F,J1459,,80,G61.81,,,1000.00")
}

/// The names in a directory, sorted.
pub fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

/// The published run directory.
pub fn latest(out: &Path) -> PathBuf {
    out.join(std::fs::read_link(out.join("latest")).expect("a run is published"))
}

pub fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file is there")).expect("the file is JSON")
}
