use std::fs::{Permissions, set_permissions, write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::command::{audit, code, json, latest, program, repository, run, stderr, stdout};

/// A key that can be searched for in whatever is written.
const SECRET: &str = "CANARYKEY-0123456789abcdefghijklmnopqrstuvwxyz";

fn key(dir: &Path, name: &str, text: &str) -> PathBuf {
    let path = dir.join(name);
    write(&path, text).unwrap();
    set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    path
}

fn with_key(out: &Path, key: &Path) -> std::process::Output {
    let demo = repository("fixtures/demo/orders.csv");
    audit(&[&demo], out, &["--pseudonym-key", key.to_str().unwrap(), "--log-format", "json"])
}

fn site_labels(out: &Path) -> Vec<String> {
    let summary = json(&latest(out).join("summary.json"));
    let listed = summary["sites"]["listed"].as_array().unwrap().clone();
    listed.iter().map(|site| site["label"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_key_gives_labels_that_stay_and_is_written_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    let secret = key(dir.path(), "key", SECRET);
    let first = with_key(&one, &secret);
    assert_eq!(code(&first), 0, "{}", stderr(&first));
    assert_eq!(code(&with_key(&other, &secret)), 0);
    let labels = site_labels(&one);
    assert!(
        labels.len() == 6 && labels.iter().all(|label| label.starts_with("Site ") && label.len() == 19),
        "{labels:?}"
    );
    assert_eq!(labels, site_labels(&other), "the same in every run");
    let id = json(&latest(&one).join("manifest.json"))["options"]["pseudonym-key"].as_str().unwrap().to_owned();
    assert!(id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    for name in ["report.html", "summary.json", "manifest.json", "metrics.prom"] {
        let text = std::fs::read_to_string(latest(&one).join(name)).unwrap();
        let plain = blake3::hash(SECRET.as_bytes()).to_hex().to_string();
        assert!(!text.contains("CANARYKEY") && !text.contains(&plain), "the key in {name}");
        assert!(!text.contains(">F00") && !text.contains("\"F00"), "an id of a site in {name}");
    }
    assert!(!(stderr(&first) + &stdout(&first)).contains("CANARYKEY"));
    let again = with_key(&one, &secret);
    assert!(stderr(&again).contains("unchanged"), "{}", stderr(&again));
    let another = key(dir.path(), "another", &SECRET.to_lowercase());
    assert!(stderr(&with_key(&one, &another)).contains("published"), "another key is another run");
    assert!(site_labels(&one).iter().all(|label| !labels.contains(label)));
}

#[test]
fn a_key_that_is_none_is_refused_with_how_to_make_one_and_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let short = key(dir.path(), "short", "CANARYKEY");
    let open = key(dir.path(), "open", SECRET);
    set_permissions(&open, Permissions::from_mode(0o644)).unwrap();
    // Who mistakes the option gives the key itself.
    for (given, told) in [(&short, "openssl rand"), (&open, "chmod o-rwx"), (&PathBuf::from(SECRET), "openssl rand")] {
        let output = with_key(&out, given);
        assert_eq!(code(&output), 3, "{}", stderr(&output));
        assert!(stderr(&output).contains(told) && !stderr(&output).contains("CANARYKEY"), "{}", stderr(&output));
    }
    assert!(!out.exists());
    let help = program(&["audit", "--help"]).env("IVIG_AUDIT_PSEUDONYM_KEY", SECRET).output().unwrap();
    assert!(stdout(&help).contains("--pseudonym-key") && !stdout(&help).contains("CANARYKEY"));
    assert!(stdout(&run(&["audit", "-h"])).contains("--pseudonym-key"));
}
