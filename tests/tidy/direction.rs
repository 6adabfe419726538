//! Which module may use which. An arrow points down only; what is below never learns what is above.

use std::collections::{BTreeMap, BTreeSet};

use crate::project::{File, Finding, hold, sources};
use crate::rust_source::{is_word, line_of};

const WHY: &str = "Dependency direction (ARCHITECTURE.md): the heart must build, test and be understood without what is \
built on it. Move the code, or, if the new arrow is right, add it to the table here and say why there.";

/// A module, and all that it may use. From the bottom up, so no cycle is possible; a test holds that too.
const MAY_USE: &[(&str, &[&str])] = &[
    ("codes", &[]),
    ("guideline", &[]),
    ("framing", &[]),
    ("table", &[]),
    ("manifest", &[]),
    ("console", &[]),
    ("source", &[]),
    ("order", &["codes"]),
    ("rules", &["codes", "guideline"]),
    ("assess", &["codes", "guideline", "order", "rules"]),
    ("intake", &["codes", "order", "source"]),
    // Who reads with several threads reads plain files by position and makes the digests.
    ("scan", &["assess", "codes", "framing", "guideline", "intake", "order", "rules", "source", "table"]),
    ("summary", &["table"]),
    ("report", &["manifest", "summary", "table"]),
    (
        "run",
        &[
            "assess",
            "codes",
            "guideline",
            "intake",
            "manifest",
            "report",
            "rules",
            "scan",
            "source",
            "summary",
            "table",
        ],
    ),
    ("exit_code", &["run"]),
    (
        "cli",
        &[
            "assess",
            "codes",
            "console",
            "exit_code",
            "guideline",
            "intake",
            "manifest",
            "order",
            "rules",
            "run",
            "scan",
            "source",
            "table",
        ],
    ),
    ("lib", &[]),
    ("main", &["cli"]),
];

/// Every path of a file that starts at the root of the crate: the line and the module it names.
fn root_paths(file: &File) -> Vec<(usize, String)> {
    let code = file.rust().shipped;
    let depth = file.path.trim_start_matches("src/").split('/').count();
    let mut found = Vec::new();
    for root in ["crate::", "ivig_audit::"] {
        for (at, _) in code.match_indices(root).filter(|(at, _)| starts_a_path(&code, *at)) {
            let names = first_names(&code[at + root.len()..]);
            found.extend(names.into_iter().map(|name| (line_of(&code, at), name)));
        }
    }
    for (at, _) in code.match_indices("super::").filter(|(at, _)| starts_a_path(&code, *at)) {
        let mut rest = &code[at..];
        let mut ups = 0;
        while let Some(after) = rest.strip_prefix("super::") {
            (rest, ups) = (after, ups + 1);
        }
        if ups >= depth {
            found.extend(first_names(rest).into_iter().map(|name| (line_of(&code, at), name)));
        }
    }
    found
}

fn starts_a_path(code: &str, at: usize) -> bool {
    at == 0 || (!is_word(code.as_bytes()[at - 1]) && !code[..at].ends_with("::"))
}

/// The first name of each path in `a::b` or `{a::b, c}`.
fn first_names(rest: &str) -> Vec<String> {
    let name =
        |text: &str| -> String { text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
                if character == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn used(file: &File) -> Vec<(usize, String)> {
    let modules: BTreeSet<&str> = MAY_USE.iter().map(|(module, _)| *module).collect();
    let module = file.module();
    root_paths(file).into_iter().filter(|(_, name)| name != module && modules.contains(name.as_str())).collect()
}

fn check(files: &[File]) -> Vec<Finding> {
    let table: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut findings = Vec::new();
    for file in files {
        let module = file.module();
        let Some(allowed) = table.get(module) else {
            findings.push(Finding::new(file, 1, format!("the module `{module}` is not in the table")));
            continue;
        };
        for (line, name) in used(file).into_iter().filter(|(_, name)| !allowed.contains(&name.as_str())) {
            findings.push(Finding::new(file, line, format!("`{module}` may not use `{name}`")));
        }
    }
    findings
}

#[test]
fn modules_use_only_what_is_below_them() {
    hold(WHY, &check(&sources()));
}

#[test]
fn the_table_allows_nothing_that_is_not_used() {
    let files = sources();
    let real: BTreeSet<(String, String)> = files
        .iter()
        .flat_map(|file| used(file).into_iter().map(|(_, name)| (file.module().to_owned(), name)))
        .collect();
    for (module, allowed) in MAY_USE {
        for name in *allowed {
            let arrow = ((*module).to_owned(), (*name).to_owned());
            assert!(real.contains(&arrow), "`{module}` does not use `{name}` any more: take it out of the table");
        }
    }
}

/// Files of `assess` that run many orders; the rest is asked about one.
const MANY_ORDERS: &[&str] = &["check", "moves"];

const WHY_ONE: &str = "The answer to one order depends on no other (invariant 2): what decides knows nothing of the files \
of `assess` that run many orders.";

/// Where a file that decides names a module that runs many orders.
fn looks_at_many(files: &[File]) -> Vec<Finding> {
    let runs_many = |file: &File| MANY_ORDERS.iter().any(|name| file.path == format!("src/assess/{name}.rs"));
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.module() == "assess" && !runs_many(file)) {
        let code = file.rust().shipped;
        for name in MANY_ORDERS {
            let places = code.match_indices(&format!("{name}::")).map(|(at, _)| at).collect::<Vec<_>>();
            let own = places.into_iter().filter(|at| *at == 0 || !is_word(code.as_bytes()[at - 1]));
            findings.extend(own.map(|at| Finding::new(file, line_of(&code, at), format!("uses `{name}`"))));
        }
    }
    findings
}

#[test]
fn nothing_that_decides_looks_at_many_orders() {
    hold(WHY_ONE, &looks_at_many(&sources()));
    let planted = |path: &str, text: &str| looks_at_many(&[File::new(path, text)]).len();
    assert_eq!(planted("src/assess/resolve.rs", "use super::moves::Moves;"), 1);
    assert_eq!(planted("src/assess.rs", "pub use check::run_examples;"), 1);
    assert_eq!(planted("src/assess/moves.rs", "use super::check::orders_of;"), 0);
    assert_eq!(planted("src/assess/text.rs", "fn a() { recheck::b() } // moves::c"), 0);
}

#[test]
fn the_table_has_no_cycle() {
    for (place, (module, allowed)) in MAY_USE.iter().enumerate() {
        for name in *allowed {
            let below = MAY_USE[..place].iter().any(|(lower, _)| lower == name);
            assert!(below, "`{module}` may use `{name}`, which must stand above it in the table");
        }
    }
}

#[test]
fn a_path_upwards_is_caught_in_every_form() {
    let planted = [
        ("src/assess/text.rs", "use crate::scan::Tally;"),
        ("src/codes.rs", "fn a() -> crate::order::Order { b() }"),
        ("src/order.rs", "use crate::{codes::{Hcpcs, Ndc}, rules};"),
        ("src/manifest.rs", "use super::run;"),
        ("src/report/csv.rs", "use super::super::order::Order;"),
        ("src/unheard_of.rs", ""),
    ];
    for (path, text) in planted {
        assert_eq!(check(&[File::new(path, text)]).len(), 1, "{path}: {text}");
    }
    let fine =
        "use crate::codes::Hcpcs; use super::fact; // crate::scan\n#[cfg(test)]\nmod tests { use crate::scan::Tally; }";
    assert!(check(&[File::new("src/assess/text.rs", fine)]).is_empty());
}
