//! No file that nothing reads.

use crate::project::{File, Finding, files, hold};

const WHY: &str = "A fixture that nothing names is a file that nobody dares to change or remove. Name it where it is used \
(a test, a script, README.md or fixtures/README.md), or take it out.";

fn check(fixtures: &[File], readers: &[File]) -> Vec<Finding> {
    let named = |fixture: &File| {
        let below = fixture.path.trim_start_matches("fixtures/");
        readers.iter().any(|reader| names(&reader.text, below))
    };
    let unnamed = fixtures.iter().filter(|fixture| fixture.path != "fixtures/README.md" && !named(fixture));
    unnamed.map(|fixture| Finding::new(fixture, 1, "no test, script or README names it")).collect()
}

/// The path below `fixtures/` stands in the text, not as the end of another name.
fn names(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|character| character.is_alphanumeric() || "_-.".contains(character))
    })
}

#[test]
fn every_fixture_is_named_where_it_is_used() {
    let mut readers: Vec<File> = ["tests", "scripts", "fixtures/README.md"].into_iter().flat_map(files).collect();
    readers.extend(files("README.md"));
    hold(WHY, &check(&files("fixtures"), &readers));
}

#[test]
fn a_fixture_that_nothing_names_is_caught() {
    let fixtures = ["fixtures/README.md", "fixtures/a.csv", "fixtures/deep/b.csv"].map(|path| File::new(path, ""));
    let readers = |text: &str| vec![File::new("tests/x.rs", text)];
    assert_eq!(check(&fixtures, &readers("fixtures/a.csv, my-a.csv, b.csv")).len(), 1);
    assert_eq!(check(&fixtures, &readers("my-a.csv and fixtures/deep/b.csv")).len(), 1);
    assert!(check(&fixtures, &readers("`a.csv` \"fixtures/deep/b.csv\"")).is_empty());
}
