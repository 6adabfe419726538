//! The word that is a payer's and never ours.

use crate::project::{File, Finding, files, hold, sources};

const WHY: &str = "The audit never decides on coverage, so it never says that word; a flag is a prompt for a clinician's \
review. The word belongs to a payer's decision that came in with the data, and to what notes say, in the places listed here.";

const WORDS: &[&str] = &["deny", "denies", "denied", "denying", "denial", "denials"];

/// Where the word may stand, and for what. It may stand in tests too, which read notes as people write them.
const PLACES: &[(&str, &str, &str)] = &[
    ("rules/layouts/generic.toml", "denied", "the payer's decision, and how exports write it"),
    ("rules/layouts/cms-idr.toml", "denied", "the payer's decision on a request"),
    ("rules/layouts/cms-prior-auth.toml", "denied", "the payer's decision on a request"),
    ("rules/layouts/cms-qpp.toml", "denied", "the payer's decision on a line"),
    ("rules/layouts/cms-rif-carrier.toml", "denied", "the payer's decision on a line"),
    ("rules/patterns.toml", "denied", "how a payer's refusal reads in the columns of the table"),
    ("rules/layouts/synpuf-carrier.toml", "denied", "the payer's decision on a line"),
    ("rules/layouts/x12-837i.toml", "denied", "the payer's decision, on a request and on a line"),
    ("rules/layouts/x12-837p.toml", "denied", "the payer's decision, on a request and on a line"),
    ("src/intake/layout/words.rs", "denied", "the payer's decision on a line"),
    ("src/table/schema.rs", "denied", "the documentation of the payer's decision"),
    ("src/table/schema.rs", "denial", "the same, and of the payer's status of a line"),
    ("src/report/words/line_status.rs", "denied", "the payer's status of a line"),
    ("src/report/html/lines.rs", "denied", "the same"),
    ("src/report/words/decision.rs", "denied", "the payer's decision on a request"),
    ("src/summary/decisions.rs", "denied", "the same"),
    ("rules/aanem-2023/text.toml", "denies", "how a note takes an assertion back"),
    ("rules/aanem-2023/text.toml", "denied", "how a note takes an assertion back"),
    ("rules/aanem-2023/indications/cidp.toml", "denies", "the same, at work in an example"),
    ("rules/aanem-2023/indications/cidp.toml", "denied", "the same, at work in an example"),
    ("rules/aanem-2023/indications/myasthenia-gravis.toml", "denies", "the same, at work in an example"),
];

fn words(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split(|character: char| !character.is_alphanumeric() && character != '_').map(str::to_lowercase)
}

fn check(all: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in all {
        let tests = if file.is_rust() { file.rust().tests } else { Vec::new() };
        let shipped = |line: usize| !tests.iter().any(|(first, last)| (*first..=*last).contains(&line));
        for (index, line) in file.text.lines().enumerate().filter(|(index, _)| shipped(index + 1)) {
            for word in words(line).filter(|word| WORDS.contains(&word.as_str())) {
                if !PLACES.iter().any(|(path, listed, _)| *path == file.path && *listed == word) {
                    findings.push(Finding::new(file, index + 1, format!("`{word}` stands here")));
                }
            }
        }
    }
    findings
}

#[test]
fn the_program_never_says_that_an_order_is_refused() {
    let data = ["templates", "rules"].into_iter().flat_map(files);
    hold(WHY, &check(&sources().into_iter().chain(data).collect::<Vec<_>>()));
}

#[test]
fn every_listed_place_still_has_its_word() {
    for (path, word, what) in PLACES {
        let has = files(path)[0].text.lines().flat_map(words).any(|found| found == *word);
        assert!(has, "{path} does not say `{word}` ({what}) any more: take it out of the list");
    }
}

#[test]
fn the_word_is_caught_in_every_form_and_place() {
    for text in ["\"Denied\"", "// we deny it", "fn a() { b(\"claim-denial\") }", "<td>DENIES</td>"] {
        assert_eq!(check(&[File::new("src/a.rs", text)]).len(), 1, "{text}");
    }
    assert_eq!(check(&[File::new("rules/layouts/generic.toml", "denied = [\"denials\"]")]).len(), 1);
    let around = "#[cfg(test)]\nmod tests {\n fn a() { b(\"denies pain\") }\n}\n// denied";
    let lines: Vec<usize> = check(&[File::new("src/a.rs", around)]).iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [5]);
    assert!(check(&[File::new("src/a.rs", "#[serde(deny_unknown_fields)] PermissionDenied")]).is_empty());
}
