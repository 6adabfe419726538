//! Who opens the ids of prescribers and sites.

use crate::project::{File, Finding, hold, sources};
use crate::rust_source::line_of;

const WHY: &str = "Ids of prescribers and sites travel sealed, so that they get into no page, summary, message or log. Only \
the auditor's workbook and the making of pseudonyms open them; everything else prints their labels.";

/// Files that may open an id; the one that seals it among them.
const MAY_OPEN: [&str; 3] = ["src/summary/prescribers/sealed.rs", "src/report/pseudonym.rs", "src/report/workbook"];

fn check(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| !MAY_OPEN.iter().any(|path| file.path.starts_with(path))) {
        let code = file.rust().shipped;
        let places = code.match_indices("open_for_auditor");
        findings.extend(places.map(|(at, _)| Finding::new(file, line_of(&code, at), "opens a sealed id")));
    }
    findings
}

#[test]
fn sealed_ids_are_opened_for_the_auditor_only() {
    hold(WHY, &check(&sources()));
}

#[test]
fn an_id_that_is_opened_elsewhere_is_caught() {
    let text = "fn a(peer: &Peer) -> &str { peer.id.open_for_auditor() }";
    assert_eq!(check(&[File::new("src/report/html/prescribers.rs", text)]).len(), 1);
    assert!(check(&[File::new("src/report/workbook/prescribers.rs", text)]).is_empty());
}
