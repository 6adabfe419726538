//! Lines that several files of a run share: told, counted, and never dropped.

use crate::command::{HEADER, audit, code, json, latest, order, stderr};

#[test]
fn files_that_share_lines_are_told_and_every_line_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let write = |name: &str, lines: &[String]| {
        let path = dir.path().join(name);
        std::fs::write(&path, format!("{HEADER}\n{}\n", lines.join("\n"))).unwrap();
        path.display().to_string()
    };
    // The second quarter repeats two lines of the first and holds one of its own twice.
    let first = write("q1.csv", &[order(1), order(2), order(3)]);
    let second = write("q2.csv", &[order(4), order(2), order(3), order(4)]);
    let output = audit(&[&first, &second], &out, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(
        stderr(&output).contains("3 orders repeat another one (1 in one file, 2 across files)"),
        "{}",
        stderr(&output)
    );
    let summary = json(&latest(&out).join("summary.json"));
    assert_eq!(summary["totals"]["orders"], 7, "none is dropped");
    let found = &summary["duplicates"];
    assert_eq!((&found["groups"], &found["in_one_file"]["orders"]), (&3.into(), &1.into()));
    assert_eq!(found["across_files"]["grams"], "80.000");
    assert_eq!(found["file_pairs"][0]["files"][0], first);
    assert_eq!((&found["file_pairs"][0]["groups"], &found["file_pairs_in_all"]), (&2.into(), &1.into()));
    let page = std::fs::read_to_string(latest(&out).join("report.html")).unwrap();
    assert!(
        page.contains("<caption>Orders that repeat another one</caption>")
            && page.contains("data-figure=\"repeats/in-one-file\">withheld<")
    );

    let alone = audit(&[&first], &dir.path().join("alone"), &[]);
    assert!(!stderr(&alone).contains("repeat"), "{}", stderr(&alone));
    let logged = audit(&[&first, &second], &out, &["--force", "--log-format", "json"]);
    assert!(stderr(&logged).contains("\"duplicates\":{\"groups\":3,\"in_one_file\":1,\"across_files\":2}"));
}
