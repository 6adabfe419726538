use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::command::{audit, code, export, json, latest, program, repository, stderr};

/// Everything that a run publishes, without the clock: the files as they are, and the manifest without its
/// run id, times and the digest of the metrics.
fn content(out: &Path) -> Vec<(String, Vec<u8>)> {
    let run = latest(out);
    let mut files: Vec<(String, Vec<u8>)> =
        ["assessments.parquet", "findings.csv", "findings.xlsx", "rejected.csv", "summary.json", "report.html"]
            .into_iter()
            .map(|name| (name.to_owned(), std::fs::read(run.join(name)).unwrap()))
            .collect();
    let mut manifest = json(&run.join("manifest.json"));
    let object = manifest.as_object_mut().unwrap();
    for clock in ["run_id", "started", "finished"] {
        assert!(object.remove(clock).is_some(), "{clock}");
    }
    object["outputs"].as_array_mut().unwrap().retain(|output| output["file"] != "metrics.prom");
    files.push(("manifest.json".to_owned(), manifest.to_string().into_bytes()));
    files
}

fn assert_same(left: &[(String, Vec<u8>)], right: &[(String, Vec<u8>)], what: &str) {
    for ((name, left), (_, right)) in left.iter().zip(right) {
        assert!(left == right, "{name} differs for {what}");
    }
}

#[test]
fn threads_and_chunk_sizes_change_no_byte() {
    let inputs = [repository("fixtures/demo/orders.csv"), repository("fixtures/demo/claims.csv")];
    let inputs = [inputs[0].as_str(), inputs[1].as_str()];
    let reference = tempfile::tempdir().unwrap();
    let output = audit(&inputs, reference.path(), &["--threads", "1"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let expected = content(reference.path());
    for (threads, chunk) in [("1", "100"), ("2", "4096"), ("2", "65536"), ("2", "16777216"), ("7", "1000"), ("3", "7")]
    {
        let out = tempfile::tempdir().unwrap();
        let output = audit(&inputs, out.path(), &["--threads", threads, "--chunk-size", chunk]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert_same(&expected, &content(out.path()), &format!("{threads} threads, chunks of {chunk} bytes"));
    }
}

/// Standard input is framed on one thread and cut into chunks another way than a file is.
#[test]
fn threads_and_chunk_sizes_change_no_byte_of_a_stream() {
    let read = |threads: &str, chunk: &str| {
        let out = tempfile::tempdir().unwrap();
        let dir = out.path().display().to_string();
        let asked = ["audit", "-", "--out", &dir, "--as-of", "2026-01-01", "--threads", threads, "--chunk-size", chunk];
        let input = std::fs::File::open(repository("fixtures/demo/claims.csv")).unwrap();
        let output = program(&asked).stdin(input).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        content(out.path())
    };
    let expected = read("1", "16777216");
    for (threads, chunk) in [("1", "7"), ("2", "100"), ("3", "997"), ("7", "65536")] {
        assert_same(&expected, &read(threads, chunk), &format!("{threads} threads, chunks of {chunk} bytes"));
    }
}

#[test]
fn threads_and_chunk_sizes_change_no_byte_where_editions_are_chosen_by_the_day() {
    let dir = tempfile::tempdir().unwrap();
    let days = ["2009-10-31", "2009-11-01", "2018-02-28", "2023-06-30", "2023-07-01", "2024-02-29", "", "soon"];
    let codes = ["G72.41", "G70.00", "G61.81", "G60.9", "M33.90", "359.71"];
    let lines: Vec<String> = (0..480)
        .map(|number| {
            let (day, dx) = (days[number % days.len()], codes[number % codes.len()]);
            format!("O{number},C{number},P{},{day},1960-06-01,F,J1566,,80,{dx},,,1000.00", number % 97)
        })
        .collect();
    let input = export(dir.path(), &lines).display().to_string();
    let made = |threads: &str, chunk: &str| {
        let out = tempfile::tempdir().unwrap();
        let more = ["--rules", "in-force", "--threads", threads, "--chunk-size", chunk];
        let output = audit(&[&input], out.path(), &more);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        content(out.path())
    };
    let expected = made("1", "1000000");
    for (threads, chunk) in [("1", "100"), ("2", "4096"), ("7", "1000"), ("3", "7")] {
        assert_same(&expected, &made(threads, chunk), &format!("{threads} threads, chunks of {chunk} bytes"));
    }
}

#[test]
fn standard_input_in_small_pieces_reads_like_the_file() {
    let bytes = std::fs::read(repository("fixtures/demo/orders.csv")).unwrap();
    let outs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for (out, piece) in outs.iter().zip([bytes.len(), 997]) {
        let dir = out.path().display().to_string();
        let mut child = program(&["audit", "-", "--out", &dir, "--as-of", "2026-01-01"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        for part in bytes.chunks(piece) {
            input.write_all(part).unwrap();
        }
        drop(input);
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_same(&content(outs[0].path()), &content(outs[1].path()), "pieces");
}

#[test]
fn a_byte_order_mark_crlf_and_another_delimiter_change_only_what_they_are() {
    let lines = "order_id,service_date,product_code,dx1\nO1,2024-07-01,J1459,G61.81\nO2,2024-07-01,J1459,G72.41\n";
    let shapes = [
        lines.to_owned(),
        format!("\u{feff}{lines}"),
        lines.replace('\n', "\r\n"),
        lines.replace('\n', "\r"),
        lines.replace(',', "|"),
        lines.replace(',', "\t"),
        lines.replace(',', ";"),
        format!("\n\n{lines}\n"),
    ];
    for shape in shapes {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("export.csv");
        std::fs::write(&path, &shape).unwrap();
        let out = dir.path().join("out");
        let output = audit(&[path.to_str().unwrap()], &out, &[]);
        assert_eq!(code(&output), 0, "{shape:?}: {}", stderr(&output));
        let counts = &json(&latest(&out).join("manifest.json"))["counts"];
        assert_eq!(counts["orders"]["by_determination"]["recommended"], 1, "{shape:?}");
        assert_eq!(counts["orders"]["by_determination"]["not_recommended"], 1, "{shape:?}");
    }
}
