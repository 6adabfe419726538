use std::time::Instant;

use crate::command::{audit, code, export, json, latest, names, order, program, stderr};

/// How many times a run is killed, at times spread over its length.
const KILLS: u32 = 15;

#[test]
fn a_killed_run_leaves_the_old_state_or_the_new_and_the_next_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let old = export(dir.path(), &(0..100).map(order).collect::<Vec<_>>()).display().to_string();
    assert_eq!(code(&audit(&[&old], &out, &[])), 0);
    let new = dir.path().join("new.csv");
    std::fs::rename(export(dir.path(), &(0..40_000).map(order).collect::<Vec<_>>()), &new).unwrap();
    let new = new.display().to_string();
    let dir = out.display().to_string();
    let start = || program(&["audit", &new, "--out", &dir, "--as-of", "2026-01-01", "--force", "-q"]).spawn().unwrap();
    let timed = |_| {
        let began = Instant::now();
        assert!(start().wait().unwrap().success());
        began.elapsed()
    };
    let length = (0..3).map(timed).min().unwrap_or_default();
    let (mut unfinished, mut finished) = (0, 0);
    for kill in 0..KILLS {
        let before = latest(&out);
        let mut child = start();
        std::thread::sleep(length * kill / KILLS);
        let _ = child.kill();
        child.wait().unwrap();
        let run = latest(&out);
        let manifest = json(&run.join("manifest.json"));
        assert_eq!(manifest["reconciliation"]["holds"], true, "what is visible is whole");
        assert_eq!(names(&run).len(), 8, "{:?}", names(&run));
        if run == before { unfinished += 1 } else { finished += 1 }
    }
    assert!(
        unfinished >= KILLS / 2,
        "{unfinished} kills came in time, {finished} too late; the export is too small for this test"
    );
    let output = audit(&[&new], &out, &["--force"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(json(&latest(&out).join("manifest.json"))["counts"]["orders"]["total"], 40_000);
    assert!(!names(&out).iter().any(|name| name.ends_with(".partial")), "{:?}", names(&out));
}
