//! The tree of ARCHITECTURE.md: every file of `src/` stands in it, and every name in it is a file.

use std::collections::BTreeSet;

use crate::project::{File, Finding, files, hold};

const WHY: &str = "The tree in ARCHITECTURE.md is how a newcomer finds the file to change. Add the line of the new file, \
with a few words that say what is in it, or take out the line of the one that is gone.";

/// Columns of one level of the tree.
const LEVEL: usize = 4;

/// The paths that the tree names, each with its line; a folder with `*.rs` behind it stands for all files in it.
fn named(guide: &File) -> Vec<(usize, String)> {
    let lines = guide.text.lines().enumerate().skip_while(|(_, line)| *line != "src/");
    let tree = lines.skip(1).take_while(|(_, line)| line.starts_with(['│', '├', '└', ' ']));
    let mut folders = vec!["src".to_owned()];
    let mut found = Vec::new();
    for (at, line) in tree {
        let drawn = line.chars().take_while(|character| "│├└─ ".contains(*character)).count();
        let is_file = |word: &&str| word.ends_with(".rs");
        let words = line.split_whitespace().map(|word| word.trim_matches(|c: char| "();,.".contains(c)));
        folders.truncate((drawn / LEVEL).max(1));
        let folder = folders.join("/");
        let names: Vec<&str> = words.filter(is_file).collect();
        found.extend(names.iter().map(|name| (at + 1, format!("{folder}/{name}"))));
        folders.extend(names.last().map(|name| name.trim_end_matches(".rs").to_owned()));
    }
    found
}

fn check(guide: &File, sources: &[File]) -> Vec<Finding> {
    let named = named(guide);
    let stands = |path: &str| {
        let folder = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
        named.iter().any(|(_, name)| name == path || *name == format!("{folder}/*.rs"))
    };
    let missing = sources.iter().filter(|file| !stands(&file.path));
    let mut findings: Vec<Finding> = missing.map(|file| Finding::new(file, 1, "is not in the tree")).collect();
    let paths: BTreeSet<&str> = sources.iter().map(|file| file.path.as_str()).collect();
    for (line, name) in &named {
        let folder = name.strip_suffix("*.rs");
        let is_there =
            folder.map_or(paths.contains(name.as_str()), |folder| paths.iter().any(|path| path.starts_with(folder)));
        if !is_there {
            findings.push(Finding::new(guide, *line, format!("there is no {name}")));
        }
    }
    findings
}

#[test]
fn the_tree_of_the_guide_is_the_tree_of_the_sources() {
    let guide = files("ARCHITECTURE.md").remove(0);
    let sources: Vec<File> = files("src").into_iter().filter(File::is_rust).collect();
    assert!(named(&guide).len() > 100, "the tree is read");
    hold(WHY, &check(&guide, &sources));
}

#[test]
fn a_file_that_the_tree_forgets_and_a_name_without_a_file_are_caught() {
    let tree = "text\nsrc/\n├── one.rs      its essay\n│   ├── two.rs  three.rs     two of them\n│   │   └── deep.rs  below the last\n\
        │   └── four.rs      (its tests: four/tests.rs)\n└── five.rs     five/*.rs holds one each\n\n├── not.rs\n";
    let guide = File::new("ARCHITECTURE.md", tree);
    let all = [
        "one.rs",
        "one/two.rs",
        "one/three.rs",
        "one/three/deep.rs",
        "one/four.rs",
        "one/four/tests.rs",
        "five.rs",
        "five/any.rs",
    ];
    let sources =
        |names: &[&str]| names.iter().map(|name| File::new(&format!("src/{name}"), "")).collect::<Vec<File>>();
    assert_eq!(check(&guide, &sources(&all)).len(), 0);
    for gone in 0..all.len() {
        let mut fewer = all.to_vec();
        fewer.remove(gone);
        assert_eq!(check(&guide, &sources(&fewer)).len(), 1, "{}", all[gone]);
    }
    for more in ["six.rs", "two.rs", "one/deep.rs", "five/any/below.rs"] {
        assert_eq!(check(&guide, &sources(&[&all[..], &[more]].concat())).len(), 1, "{more}");
    }
}
