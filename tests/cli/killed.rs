use std::time::Duration;

use crate::command::{audit, code, export, json, latest, names, order, program, stderr};

/// How many times a run is killed, at times spread over its length and beyond.
const KILLS: u64 = 25;

#[test]
fn a_killed_run_leaves_the_old_state_or_the_new_and_the_next_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let old = export(dir.path(), &(0..100).map(order).collect::<Vec<_>>()).display().to_string();
    assert_eq!(code(&audit(&[&old], &out, &[])), 0);
    let old = latest(&out);
    let new = dir.path().join("new.csv");
    std::fs::rename(export(dir.path(), &(0..20_000).map(order).collect::<Vec<_>>()), &new).unwrap();
    let new = new.display().to_string();
    let (mut before, mut after) = (0, 0);
    for kill in 0..KILLS {
        let dir = out.display().to_string();
        let mut child =
            program(&["audit", &new, "--out", &dir, "--as-of", "2026-01-01", "--force", "-q"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(kill * 40));
        let _ = child.kill();
        child.wait().unwrap();
        let run = latest(&out);
        let manifest = json(&run.join("manifest.json"));
        assert_eq!(manifest["reconciliation"]["holds"], true, "what is visible is whole");
        assert_eq!(names(&run).len(), 7, "{:?}", names(&run));
        if run == old { before += 1 } else { after += 1 }
    }
    assert!(before > 0, "no kill came before publishing; the export is too small for this test");
    let output = audit(&[&new], &out, &["--force"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(json(&latest(&out).join("manifest.json"))["counts"]["orders"]["total"], 20_000);
    assert!(!names(&out).iter().any(|name| name.ends_with(".partial")), "{:?}, {after} after", names(&out));
}
