//! The home of each external crate, its use, and the line that says why it is there.

use crate::project::{File, Finding, all_rust, files, hold, sources};
use crate::rust_source::{is_word, line_of, word_places};

const WHY_HOMES: &str = "Each dependency has one home, so that it can be exchanged there and nowhere else, and so that \
the heart builds without the heavy ones. Use it through its home, or add the home here and say why in CONTRIBUTING.md.";
const WHY_USED: &str = "A dependency that nothing uses costs build time and trust. Take it out of Cargo.toml.";
const WHY_REASON: &str = "A dependency needs a reason that a reviewer can weigh: a line `| crate | why |` in the table \
\"Dependencies\" of CONTRIBUTING.md.";

/// A crate and the folders or files below `src/` that may name it; `*` is anywhere.
const HOMES: &[(&str, &[&str])] = &[
    ("aho-corasick", &["rules"]),
    ("askama", &["report"]),
    ("blake3", &["intake", "rules", "run", "source", "summary"]),
    ("chrono", &["*"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("csv", &["intake", "report", "rules", "run"]),
    ("csv-core", &["framing", "report", "rules"]),
    ("fearless_simd", &["framing"]),
    ("flate2", &["source"]),
    ("glob", &["run"]),
    ("hmac", &["report"]),
    ("include_dir", &["intake", "rules"]),
    ("indicatif", &["console"]),
    ("itoa", &["report", "table"]),
    ("nix", &["run"]),
    ("polars", &["summary", "table"]),
    ("polars-io", &["table"]),
    ("rayon", &["scan"]),
    ("rust_decimal", &["intake"]),
    ("rust_xlsxwriter", &["report"]),
    // The guideline's words are read from rules/, so they can be deserialised; no domain type is serialised.
    ("serde", &["cli", "guideline", "intake", "manifest", "report", "rules", "run"]),
    ("serde_json", &["cli", "manifest", "report", "run"]),
    ("sha2", &["report"]),
    ("smallvec", &["assess", "rules"]),
    ("statrs", &["summary"]),
    ("thiserror", &["*"]),
    ("toml", &["cli/config", "intake", "rules"]),
    ("unicode-normalization", &["rules"]),
    ("zstd", &["source"]),
];

fn ident(name: &str) -> String {
    name.replace('-', "_")
}

/// The lines on which a file names a crate at the root of a path.
fn places(code: &str, name: &str) -> Vec<usize> {
    let name = ident(name);
    if shadowed(code, &name) {
        return Vec::new();
    }
    let is_path = |at: usize| {
        let before = code[..at].trim_end();
        let after = &code[at + name.len()..];
        let imported = before.ends_with("use") && after.trim_start().starts_with([';', ' ']);
        let inner = before
            .strip_suffix("::")
            .is_some_and(|path| path.ends_with(|last: char| is_word(last as u8) || last == '>'));
        !inner && (after.starts_with("::") || imported || after.starts_with('!'))
    };
    word_places(code, &name).filter(|at| is_path(*at)).map(|at| line_of(code, at)).collect()
}

/// A module of ours has the crate's name in this file, as `report::csv` has where the report is written.
fn shadowed(code: &str, name: &str) -> bool {
    let ours = |statement: &str| {
        ["crate::", "super::", "self::"].iter().any(|root| statement.trim_start().starts_with(root))
            && word_places(statement, name).any(|at| !statement[at + name.len()..].starts_with("::"))
    };
    code.contains(&format!("mod {name};"))
        || word_places(code, "use").any(|at| ours(code[at + 3..].split(';').next().unwrap_or_default()))
}

fn homeless(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let code = file.rust().shipped;
        let below = file.path.trim_start_matches("src/").trim_end_matches(".rs");
        for (name, homes) in HOMES {
            let at_home =
                homes.iter().any(|home| *home == "*" || below == *home || below.starts_with(&format!("{home}/")));
            if !at_home {
                let what = format!("`{name}` is named here; its home is {}", homes.join(", "));
                findings.extend(places(&code, name).into_iter().map(|line| Finding::new(file, line, what.clone())));
            }
        }
    }
    findings
}

/// The keys of a table of Cargo.toml, with their lines.
fn keys<'text>(manifest: &'text str, table: &str) -> Vec<(usize, &'text str)> {
    let lines = manifest.lines().enumerate();
    let inside = lines.skip_while(|(_, line)| line.trim() != format!("[{table}]")).skip(1);
    let inside = inside.take_while(|(_, line)| !line.trim_start().starts_with('['));
    inside
        .filter_map(|(index, line)| {
            let key = line.split_once('=')?.0.trim();
            (!key.is_empty() && !key.starts_with('#')).then_some((index + 1, key.split('.').next().unwrap_or(key)))
        })
        .collect()
}

/// Dependencies that no file uses: shipped ones must be used in `src/`, those for development anywhere.
fn unused(manifest: &File, shipped: &[File], all: &[File]) -> Vec<Finding> {
    let used = |files: &[File], name: &str, shipped: bool| {
        files
            .iter()
            .map(File::rust)
            .any(|source| !places(if shipped { &source.shipped } else { &source.code }, name).is_empty())
    };
    let normal = keys(&manifest.text, "dependencies").into_iter().filter(|(_, name)| !used(shipped, name, true));
    let dev = keys(&manifest.text, "dev-dependencies").into_iter().filter(|(_, name)| !used(all, name, false));
    normal.chain(dev).map(|(line, name)| Finding::new(manifest, line, format!("nothing uses `{name}`"))).collect()
}

fn unexplained(manifest: &File, contributing: &str) -> Vec<Finding> {
    let table = contributing.split("Dependencies").nth(1).unwrap_or_default();
    let explained = |name: &str| {
        table.lines().filter_map(|line| line.trim().strip_prefix('|')?.split_once('|')).any(|(crates, why)| {
            let mut named = crates.split([',', ' ']).map(|part| part.trim_matches('`'));
            named.any(|part| part == name) && why.trim_matches(['|', ' ', '-']).len() > 10
        })
    };
    let all = ["dependencies", "dev-dependencies"].into_iter().flat_map(|table| keys(&manifest.text, table));
    let lacking = all.filter(|(_, name)| !explained(name));
    lacking.map(|(line, name)| Finding::new(manifest, line, format!("no line says why `{name}` is there"))).collect()
}

fn manifest() -> File {
    files("Cargo.toml").remove(0)
}

#[test]
fn each_dependency_stays_in_its_home() {
    hold(WHY_HOMES, &homeless(&sources()));
}

#[test]
fn each_dependency_has_a_home() {
    for (_, name) in keys(&manifest().text, "dependencies") {
        assert!(HOMES.iter().any(|(known, _)| *known == name), "{name}: {WHY_HOMES}");
    }
}

#[test]
fn each_dependency_is_used() {
    hold(WHY_USED, &unused(&manifest(), &sources(), &all_rust()));
}

#[test]
fn each_dependency_has_its_reason_in_contributing() {
    hold(WHY_REASON, &unexplained(&manifest(), &files("CONTRIBUTING.md")[0].text));
}

#[test]
fn a_crate_out_of_its_home_is_caught() {
    let planted = [
        ("src/assess.rs", "use rayon::prelude::*;"),
        ("src/cli/audit.rs", "fn a() { csv::Reader::b() }"),
        ("src/run/audit.rs", "use polars ;"),
        ("src/cli/explain.rs", "#[derive(toml::Value)] struct A;"),
        ("src/scan.rs", "fn a() { ::polars_io::b() }"),
    ];
    for (path, text) in planted {
        assert_eq!(homeless(&[File::new(path, text)]).len(), 1, "{path}: {text}");
    }
    let fine =
        ["use crate::report::csv; fn a() { csv::write() }", "use crate::report::{html, csv}; fn a() { csv::b() }"];
    for text in fine {
        assert!(homeless(&[File::new("src/scan/a.rs", text)]).is_empty(), "{text}");
    }
    assert!(homeless(&[File::new("src/cli/config.rs", "fn a() { toml::from_str() }")]).is_empty());
}

#[test]
fn an_unused_and_an_unexplained_dependency_are_caught() {
    let manifest = File::new(
        "Cargo.toml",
        "[dependencies]\n# x = 1\ncsv = \"1\"\nglob.version = \"1\"\n\n[dev-dependencies]\ntempfile = \"3\"\n",
    );
    let source = [File::new("src/a.rs", "use csv::Reader;")];
    let lines = |findings: Vec<Finding>| findings.iter().map(|finding| finding.line).collect::<Vec<_>>();
    assert_eq!(lines(unused(&manifest, &source, &source)), [4, 7]);
    let text = "## Dependencies\n| crate | why |\n| `csv` | splits records into fields |\n| `glob`, x | |\n";
    assert_eq!(lines(unexplained(&manifest, text)), [4, 7]);
}
