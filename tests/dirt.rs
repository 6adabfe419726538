//! `docs/dirt.md` says what is done with every kind of dirt; each row names the tests that hold it, and they exist.

use std::collections::BTreeSet;
use std::path::Path;

/// A row of the table: the nuisance, and the tests that it names.
#[derive(Debug)]
struct Row {
    nuisance: String,
    does: String,
    tests: Vec<String>,
}

/// All rows of all tables of the page. A `|` inside a cell is written `\|`.
fn rows(page: &str) -> Vec<Row> {
    let lines = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    lines
        .map(|line| line.replace("\\|", "\u{0}"))
        .filter(|line| !line.starts_with("| Nuisance |"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [nuisance, does, tests] = cells[..] else { panic!("three cells a row: {line}") };
            let named = tests.split(',').map(|test| test.trim().trim_matches('`').to_owned());
            let tests = named.filter(|test| !test.is_empty()).collect();
            Row { nuisance: nuisance.to_owned(), does: does.to_owned(), tests }
        })
        .collect()
}

/// What is wrong with a page, given the tests that exist.
fn faults(page: &str, known: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for row in rows(page) {
        if row.does.is_empty() {
            faults.push(format!("“{}” does not say what is done", row.nuisance));
        }
        for test in row.tests.iter().filter(|test| !known.contains(*test)) {
            faults.push(format!("“{}” names `{test}`, and there is no such test", row.nuisance));
        }
        if row.tests.is_empty() {
            faults.push(format!("“{}” names no test", row.nuisance));
        }
    }
    faults
}

/// The names of all functions behind `#[test]` in the Rust files below a folder.
fn tests_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            tests_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source file is text");
            found.extend(tests_in(&text));
        }
    }
}

fn tests_in(text: &str) -> Vec<String> {
    let behind = text.split("#[test]").skip(1);
    let names = behind.filter_map(|rest| rest.split_once("fn ").and_then(|(_, name)| name.split('(').next()));
    names.map(|name| name.trim().to_owned()).collect()
}

fn known() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    for folder in ["src", "tests"] {
        tests_below(&root.join(folder), &mut found);
    }
    assert!(found.len() > 300, "the tests are found");
    found
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dirt.md");
    std::fs::read_to_string(path).expect("docs/dirt.md is there")
}

#[test]
fn every_row_of_the_page_is_held_by_tests_that_exist() {
    let page = page();
    assert!(rows(&page).len() > 45, "the rows are read");
    let faults = faults(&page, &known());
    assert!(faults.is_empty(), "docs/dirt.md:\n{}", faults.join("\n"));
}

#[test]
fn no_row_stands_twice() {
    let rows = rows(&page());
    let names: BTreeSet<&str> = rows.iter().map(|row| row.nuisance.as_str()).collect();
    assert_eq!(names.len(), rows.len());
}

#[test]
fn a_test_that_is_not_there_and_a_row_without_one_are_caught() {
    let known: BTreeSet<String> = ["a_test", "another"].map(str::to_owned).into();
    let table = |row: &str| format!("| Nuisance | Does | Tests |\n| --- | --- | --- |\n{row}\n");
    let found = |row: &str| faults(&table(row), &known);
    assert!(found("| A \\| b | Split. | `a_test`, `another` |").is_empty());
    assert!(found("| A | Split. | — |")[0].contains("no such test"));
    assert!(found("| A | Split. |  |")[0].contains("names no test"));
    assert!(found("| A |  | `a_test` |")[0].contains("what is done"));
    assert!(found("| A | Split. | `gone` |")[0].contains("no such test"));
    assert_eq!(
        tests_in("#[test]\nfn one() {}\nfn helper() {}\n    #[test]\n    #[cfg(unix)]\n    fn two(x: u8) {}"),
        ["one", "two"]
    );
}
