//! What must not stand in `src/`: panics, printing, a clock, polars inside the scan; and a skipped test anywhere.

use crate::project::{File, Finding, all_rust, hold, sources};
use crate::rust_source::{RustSource, line_of, word_places};

/// Words of code that are kept out of a part of the project.
struct Ban {
    words: &'static [&'static str],
    /// Paths in which the words may stand, by their beginnings.
    except: &'static [&'static str],
    /// Paths that are looked at, by their beginnings.
    below: &'static str,
    why: &'static str,
}

const PANICS: Ban = Ban {
    words: &["unsafe", "todo!", "unimplemented!", "dbg!", "panic!", ".unwrap()"],
    except: &[],
    below: "src/",
    why: "No record, however damaged, may end a nightly run, and nothing unfinished ships. Make it a value or an error. \
(A constant may unwrap: it is computed by the compiler.)",
};

const PRINTING: Ban = Ban {
    words: &["print!", "println!", "eprint!", "eprintln!"],
    except: &[],
    below: "src/",
    why: "The print macros panic on a closed pipe, and nothing but the command line may speak. Write through \
src/cli/output.rs.",
};

const CLOCK: Ban = Ban {
    words: &["SystemTime", "Instant", "Utc::now", "Local::now", "env::var", "env::vars", "env::var_os"],
    except: &["src/run.rs", "src/run/", "src/cli.rs", "src/cli/"],
    below: "src/",
    why: "Same input, same output (invariants 1 and 5): the clock and the environment are read by the run and the command \
line only, and handed down as values.",
};

const POLARS_IN_SCAN: Ban = Ban {
    words: &["polars", "polars_io"],
    except: &[],
    below: "src/scan",
    why: "Polars is called from the coordinating thread only (invariant 10): called inside a rayon task, its own work \
stealing can wait for itself.",
};

const SKIPPED: Ban = Ban {
    words: &["#[ignore"],
    except: &[],
    below: "",
    why: "A test that does not run proves nothing and looks as if it did. Mend it or take it out.",
};

fn check(ban: &Ban, all: &[File], code: fn(RustSource) -> String) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in all.iter().filter(|file| file.path.starts_with(ban.below)) {
        if ban.except.iter().any(|except| file.path.starts_with(except)) {
            continue;
        }
        let code = code(file.rust());
        for word in ban.words {
            for at in word_places(&code, word).filter(|at| *word != ".unwrap()" || !in_constant(&code, *at)) {
                findings.push(Finding::new(file, line_of(&code, at), format!("`{word}` stands here")));
            }
        }
    }
    findings
}

/// The statement is the value of a `const`, so the compiler and not a run would meet the panic.
fn in_constant(code: &str, at: usize) -> bool {
    let start = code[..at].rfind([';', '{', '}']).map_or(0, |end| end + 1);
    let statement = code[start..at].trim_start();
    let statement =
        statement.strip_prefix("pub").map_or(statement, |rest| rest.trim_start_matches("(crate)").trim_start());
    statement.strip_prefix("const ").is_some_and(|rest| !rest.starts_with("fn "))
}

fn shipped(source: RustSource) -> String {
    source.shipped
}

fn whole(source: RustSource) -> String {
    source.code
}

#[test]
fn nothing_panics_on_data_and_nothing_is_unfinished() {
    hold(PANICS.why, &check(&PANICS, &sources(), shipped));
}

#[test]
fn nothing_prints_but_the_command_line() {
    hold(PRINTING.why, &check(&PRINTING, &sources(), shipped));
}

#[test]
fn the_clock_and_the_environment_are_read_in_one_place() {
    hold(CLOCK.why, &check(&CLOCK, &sources(), shipped));
}

#[test]
fn the_scan_does_not_know_polars() {
    hold(POLARS_IN_SCAN.why, &check(&POLARS_IN_SCAN, &sources(), shipped));
}

#[test]
fn no_test_is_skipped() {
    hold(SKIPPED.why, &check(&SKIPPED, &all_rust(), whole));
}

#[test]
fn every_forbidden_word_is_caught_where_it_is_forbidden() {
    for ban in [&PANICS, &PRINTING, &CLOCK, &POLARS_IN_SCAN, &SKIPPED] {
        for word in ban.words {
            let text = format!("fn a() {{\n x{}{word} }}", if word.starts_with('.') { "" } else { " " });
            let path = if ban.below == "src/scan" { "src/scan/a.rs" } else { "src/a.rs" };
            let found = check(ban, &[File::new(path, &text)], whole);
            assert!(found.iter().any(|finding| finding.line == 2), "{word}");
            let hidden =
                format!("// {word}\nfn a() {{ b(\"{word}\") }}\n#[cfg(test)]\nmod c {{ fn d() {{ {word} }} }}");
            assert!(check(ban, &[File::new(path, &hidden)], shipped).is_empty(), "{word}");
            for except in ban.except {
                assert!(check(ban, &[File::new(except, &text)], whole).is_empty(), "{word} in {except}");
            }
        }
    }
}

#[test]
fn a_constant_may_unwrap_and_a_function_may_not() {
    let found = |text: &str| check(&PANICS, &[File::new("src/a.rs", text)], shipped).len();
    assert_eq!(found("pub const A: B = b(1).unwrap();\npub(crate) const C: B = c().unwrap();"), 0);
    assert_eq!(found("const fn a() -> B { b().unwrap() }"), 1);
    assert_eq!(found("fn a() { let b = c().unwrap(); }"), 1);
}
