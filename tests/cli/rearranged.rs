//! Exports of several files, their parts in another arrangement: the same results.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::command::{code, latest, program, repository, stderr};
use crate::generated::{Cells, SHAPES, rows};

/// What becomes of a file: one or more files in its place, beside the header.
type Arrange = fn(&str, &[&str]) -> Vec<(&'static str, Vec<u8>)>;

fn text(header: &str, records: &[&str]) -> Vec<u8> {
    format!("{header}\n{}\n", records.join("\n")).into_bytes()
}

fn as_it_is(header: &str, records: &[&str]) -> Vec<(&'static str, Vec<u8>)> {
    vec![("", text(header, records))]
}

/// Every record elsewhere, equal ones apart.
fn shuffled(header: &str, records: &[&str]) -> Vec<(&'static str, Vec<u8>)> {
    let step = (7..100).find(|step| !records.len().is_multiple_of(*step)).unwrap_or(7);
    let mixed: Vec<&str> = (0..step).rev().flat_map(|at| records.iter().skip(at).step_by(step)).copied().collect();
    assert_eq!(mixed.len(), records.len());
    vec![("", text(header, &mixed))]
}

fn in_two(header: &str, records: &[&str]) -> Vec<(&'static str, Vec<u8>)> {
    let (first, second) = records.split_at(records.len() / 2);
    vec![("a-", text(header, first)), ("b-", text(header, second))]
}

fn packed(header: &str, records: &[&str]) -> Vec<(&'static str, Vec<u8>)> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    vec![("", encoder.write_all(&text(header, records)).and_then(|()| encoder.finish()).unwrap())]
}

/// Writes a shape's files anew, lines and companions arranged each in its way, and audits them into a directory.
fn audited(shape: &str, lines: Arrange, companions: Arrange, more: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let (_, _, files) = SHAPES.iter().find(|(name, ..)| *name == shape).unwrap();
    let mut inputs = Vec::new();
    for (role, file) in *files {
        let whole = std::fs::read_to_string(repository(&format!("fixtures/exports/{shape}/{file}"))).unwrap();
        let mut records = whole.lines();
        let header = records.next().unwrap();
        let arrange = if *role == "lines" { lines } else { companions };
        for (prefix, bytes) in arrange(header, &records.collect::<Vec<_>>()) {
            let path = dir.path().join(format!("{prefix}{file}"));
            std::fs::write(&path, bytes).unwrap();
            inputs.push(format!("{role}={prefix}{file}"));
        }
    }
    let mut args = vec!["audit", "--out", "out", "--as-of", "2026-01-01"];
    args.extend(more.iter().copied().chain(inputs.iter().map(String::as_str)));
    // The table names files as they were typed, so they are typed from within their directory.
    let output = program(&args).current_dir(dir.path()).output().unwrap();
    assert_eq!(code(&output), 0, "{shape}: {}", stderr(&output));
    let run = latest(&dir.path().join("out"));
    (dir, run)
}

fn bytes(run: &Path) -> [Vec<u8>; 3] {
    ["assessments.parquet", "findings.csv", "rejected.csv"].map(|name| std::fs::read(run.join(name)).unwrap())
}

#[test]
fn threads_and_chunks_change_no_byte_of_joined_and_slotted_exports() {
    for (shape, ..) in SHAPES {
        let (_dir, run) = audited(shape, as_it_is, as_it_is, &["--threads", "1"]);
        let expected = bytes(&run);
        for (threads, chunk) in [("2", "700"), ("3", "7"), ("1", "4096")] {
            let more = ["--threads", threads, "--chunk-size", chunk];
            let (_dir, run) = audited(shape, as_it_is, as_it_is, &more);
            assert!(bytes(&run) == expected, "{shape}: {threads} threads, chunks of {chunk} bytes");
        }
    }
}

#[test]
fn companions_give_the_same_bytes_in_any_order_in_two_files_and_packed() {
    let ways: [(&str, Arrange); 3] = [("shuffled", shuffled), ("in two", in_two), ("packed", packed)];
    for (shape, ..) in SHAPES {
        let (_dir, run) = audited(shape, as_it_is, as_it_is, &[]);
        let expected = bytes(&run);
        for (way, arrange) in ways {
            let (_dir, run) = audited(shape, as_it_is, arrange, &["--threads", "2", "--chunk-size", "900"]);
            assert!(bytes(&run) == expected, "{shape}: {way}");
        }
    }
}

/// The orders one after another, without the number of their record in its file.
fn told(run: &Path) -> Vec<Cells> {
    let unnumbered = |mut row: Cells| {
        row.remove("record");
        row
    };
    rows(&run.join("assessments.parquet")).into_iter().map(unnumbered).collect()
}

#[test]
fn lines_in_two_files_are_the_same_orders_in_the_same_order() {
    for (shape, ..) in SHAPES {
        let (_dir, run) = audited(shape, as_it_is, as_it_is, &[]);
        let (_other, parted) = audited(shape, in_two, as_it_is, &[]);
        assert!(told(&run) == told(&parted), "{shape}");
    }
}
