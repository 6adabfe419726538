use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::command::{HEADER, audit, code, json, latest, order, program, repository, run, stderr, stdout};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap()
}

fn utf16(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// `findings.csv` without its first column, the file's name.
fn findings(out: &Path) -> String {
    let text = std::fs::read_to_string(latest(out).join("findings.csv")).unwrap();
    text.lines().map(|line| line.split_once(',').map_or(line, |(_, rest)| rest)).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_demo_export_gives_the_same_findings_however_it_is_packed() {
    let dir = tempfile::tempdir().unwrap();
    let plain = std::fs::read(repository("fixtures/demo/orders.csv")).unwrap();
    let zstd = zstd::encode_all(&plain[..], 3).unwrap();
    let forms = [
        ("plain.txt", plain.clone(), "UTF-8"),
        ("a.csv", gzip(&plain), "UTF-8, gzip"),
        ("b.csv", zstd, "UTF-8, zstd"),
        ("c.csv", utf16(&plain), "UTF-16 (LE)"),
        ("d.csv", gzip(&utf16(&plain)), "UTF-16 (LE), gzip"),
    ];
    let out = |name: &str| dir.path().join(format!("out-{name}"));
    for (name, bytes, words) in &forms {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let output = audit(&[path.to_str().unwrap()], &out(name), &[]);
        assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
        assert!(findings(&out(name)) == findings(&out("plain.txt")), "{name}");
        let input = &json(&latest(&out(name)).join("manifest.json"))["inputs"][0];
        assert_eq!(input["dialect"], format!("comma, quoted with \", {words}"));
        assert_eq!(input["bytes"], bytes.len(), "as stored");
        assert_eq!(input["blake3"], blake3::hash(bytes).to_hex().to_string(), "as stored");
        let inspected = run(&["inspect", path.to_str().unwrap()]);
        assert!(stdout(&inspected).contains(words), "{}", stdout(&inspected));
    }
    let piped = out("piped");
    let mut child = program(&["audit", "-", "--as-of", "2026-01-01", "--out", piped.to_str().unwrap()])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&forms[1].1).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(findings(&piped) == findings(&out("plain.txt")), "from standard input");
}

#[test]
fn one_text_packed_in_two_ways_would_count_twice_and_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let text = format!("{HEADER}\n{}\n", order(1));
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let plain = write("plain.csv", text.as_bytes());
    let others = [
        write("a.gz", &gzip(text.as_bytes())),
        write("b.csv", &utf16(text.as_bytes())),
        write("c.csv", format!("\u{feff}{text}").as_bytes()),
    ];
    for other in &others {
        let output = audit(&[&plain, other], &dir.path().join("out"), &[]);
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        assert!(stderr(&output).contains("would count twice"), "{}", stderr(&output));
    }
}

#[test]
fn a_cut_file_ends_every_command_with_the_code_for_inputs() {
    let dir = tempfile::tempdir().unwrap();
    let lines: Vec<String> = (0..2000).map(order).collect();
    let whole = gzip(format!("{HEADER}\n{}\n", lines.join("\n")).as_bytes());
    let path = dir.path().join("cut.csv.gz");
    std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    let path = path.to_str().unwrap();
    let out = dir.path().join("out");
    for output in [audit(&[path], &out, &[]), run(&["inspect", path]), run(&["explain", path, "--record", "2001"])] {
        assert_eq!(code(&output), 4, "{}", stderr(&output));
        assert!(stderr(&output).contains("cut"), "{}", stderr(&output));
    }
    assert!(!out.join("latest").exists());
}
