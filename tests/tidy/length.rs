//! Files and functions that can be read at one sitting.

use crate::project::{File, Finding, all_rust, hold};
use crate::rust_source::{item_end, line_of, word_places};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;

const WHY_FILES: &str = "A file of ours is about 130 lines and at most 400 without its tests: one noun of the domain. \
A longer one holds two things; give the second its own name.";
const WHY_FUNCTIONS: &str = "A function is at most 70 lines: it fits a screen, and a reviewer can hold it in mind. \
Name the steps.";

/// Templates are not Rust and are exempt.
fn long_files(all: &[File]) -> Vec<Finding> {
    let lines = |file: &File| file.text.lines().take_while(|line| line.trim() != "#[cfg(test)]").count();
    let long = all.iter().map(|file| (file, lines(file))).filter(|(_, lines)| *lines > FILE_LINES);
    long.map(|(file, lines)| Finding::new(file, lines, format!("{lines} lines, at most {FILE_LINES} are accepted")))
        .collect()
}

fn long_functions(all: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in all {
        let code = file.rust().code;
        for at in word_places(&code, "fn") {
            let named = code[at + 2..].trim_start().starts_with(|first: char| first.is_alphabetic() || first == '_');
            if named {
                let (first, last) = (line_of(&code, at), line_of(&code, item_end(code.as_bytes(), at)));
                let lines = last - first + 1;
                if lines > FUNCTION_LINES {
                    let what = format!("a function of {lines} lines, at most {FUNCTION_LINES} are accepted");
                    findings.push(Finding::new(file, first, what));
                }
            }
        }
    }
    findings
}

#[test]
fn no_file_is_longer_than_it_can_be_read() {
    let all: Vec<File> =
        all_rust().into_iter().filter(|file| !file.path.starts_with("tests/") && !file.is_tests()).collect();
    hold(WHY_FILES, &long_files(&all));
}

#[test]
fn no_function_is_longer_than_a_screen() {
    hold(WHY_FUNCTIONS, &long_functions(&all_rust()));
}

#[test]
fn a_long_file_and_a_long_function_are_caught() {
    let body = |lines: usize| format!("const fn a<'x>() -> [u8; 2] {{\n{}}}\n", "    b();\n".repeat(lines));
    assert!(long_functions(&[File::new("src/a.rs", &body(68))]).is_empty());
    assert_eq!(long_functions(&[File::new("src/a.rs", &body(69))]).len(), 1);
    let lines = |count: usize| "// x\n".repeat(count) + "#[cfg(test)]\n" + &"// y\n".repeat(300);
    assert!(long_files(&[File::new("src/a.rs", &lines(400))]).is_empty());
    assert_eq!(long_files(&[File::new("src/a.rs", &lines(401))]).len(), 1);
}
