//! The files of the project, and the form in which a rule reports.

use std::fmt;
use std::path::Path;

use crate::rust_source::RustSource;

/// One text file, named by its path below the project.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The top-level module that a file below `src/` belongs to.
    pub fn module(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        below.split('/').next().unwrap_or(below).trim_end_matches(".rs")
    }

    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// A whole file of tests, declared as `#[cfg(test)] mod tests;` by its parent.
    pub fn is_tests(&self) -> bool {
        self.path.ends_with("/tests.rs")
    }

    pub fn rust(&self) -> RustSource {
        RustSource::read(&self.text)
    }
}

/// A place where a rule does not hold.
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub what: String,
}

impl Finding {
    pub fn new(file: &File, line: usize, what: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// All text files below a folder of the project, or one file, sorted by path.
pub fn files(below: &str) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(root, &root.join(below), &mut found);
    found.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(!found.is_empty(), "{below}: no file is there, so a rule about it would prove nothing");
    found
}

/// Every Rust file of the project, shipped or not.
pub fn all_rust() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders =
        ["src", "tests", "scripts", "benches", "examples"].into_iter().filter(|folder| root.join(folder).is_dir());
    folders.flat_map(files).filter(File::is_rust).collect()
}

/// The Rust files below `src/` that are not tests as a whole.
pub fn sources() -> Vec<File> {
    let all = files("src");
    for tests in all.iter().filter(|file| file.is_tests()) {
        let parent = tests.path.replace("/tests.rs", ".rs");
        let declares = |file: &File| file.path == parent && file.text.contains("#[cfg(test)]\nmod tests;");
        assert!(all.iter().any(declares), "{}: is not declared under #[cfg(test)] by {parent}", tests.path);
    }
    all.into_iter().filter(|file| file.is_rust() && !file.is_tests()).collect()
}

fn walk(root: &Path, path: &Path, found: &mut Vec<File>) {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for entry in entries.flatten().filter(|entry| entry.file_name() != "__pycache__") {
            walk(root, &entry.path(), found);
        }
    } else if let Ok(text) = std::fs::read_to_string(path) {
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        found.push(File { path: name, text });
    }
}

/// Fails with the reason of the rule and every place where it does not hold.
pub fn hold(why: &str, findings: &[Finding]) {
    let places: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "\n{why}\n  {}\n", places.join("\n  "));
}
