//! The README's examples, run in their order as a reader would type them: each command prints what the README says.
//!
//! A comment before a block says what a reader does with it: `<!-- file NAME -->` writes it to a file, `<!-- more of NAME -->`
//! adds it at the end, `<!-- line of NAME -->` puts it in the place of the line with the same key. A line `...` stands for
//! what is left out. Run ids count as equal, since they hold the time; and `cargo run --release --` stands for the program.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::{program, repository};

/// A block of the README, with the comment that stands before it.
struct Block {
    is_console: bool,
    comment: String,
    text: String,
}

fn blocks(readme: &str) -> Vec<Block> {
    let (mut blocks, mut comment, mut open) = (Vec::new(), String::new(), None::<Block>);
    for line in readme.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => {
                let is_console = language == "console";
                open = Some(Block { is_console, comment: std::mem::take(&mut comment), text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.text.extend([line, "\n"]),
            (None, None) if line.is_empty() => {}
            (None, None) => line.clone_into(&mut comment),
        }
    }
    blocks
}

/// The commands of a console block, each with what it prints.
fn commands(text: &str) -> Vec<(String, String)> {
    let each = format!("\n{text}");
    let split = each.split("\n$ ").skip(1);
    split.map(|each| each.split_once('\n').unwrap_or((each, ""))).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
}

fn write(dir: &Path, comment: &str, text: &str) {
    let comment = comment.trim_start_matches("<!-- ").trim_end_matches(" -->");
    let placed = ["file ", "more of ", "line of "].into_iter().find_map(|how| Some((how, comment.strip_prefix(how)?)));
    let Some((how, name)) = placed else { return };
    let path = dir.join(name);
    fs::create_dir_all(path.parent().expect("a directory")).expect("the directory is made");
    let before = fs::read_to_string(&path).unwrap_or_default();
    let after = match how {
        "file " => text.to_owned(),
        "more of " => format!("{before}\n{text}"),
        _ => {
            let key = |line: &str| line.split('=').next().map(str::trim).map(str::to_owned);
            assert!(before.lines().any(|line| key(line) == key(text)), "{name} has no line like {text}");
            before
                .lines()
                .map(|line| if key(line) == key(text) { text.to_owned() } else { format!("{line}\n") })
                .collect()
        }
    };
    fs::write(path, after).expect("the file is written");
}

/// The text with every run id as `RUN-ID`.
fn without_run_ids(text: &str) -> String {
    let is_id = |word: &str| {
        let shape: String = word.chars().map(|each| if each.is_ascii_hexdigit() { '9' } else { each }).collect();
        shape == "99999999T999999Z-99999999"
    };
    let words = text.split_inclusive(['/', ' ', '\n', '`']);
    words
        .map(|word| {
            let bare = word.trim_end_matches(['/', ' ', '\n', '`']);
            if is_id(bare) { word.replace(bare, "RUN-ID") } else { word.to_owned() }
        })
        .collect()
}

/// Whether this is what is said; a line `...` stands for any lines.
fn is_said(printed: &str, said: &str) -> bool {
    let left_out = |line: &str| line.trim() == "...";
    let Some(at) = said.lines().position(left_out) else { return printed == said };
    let (printed, said): (Vec<&str>, Vec<&str>) = (printed.lines().collect(), said.lines().collect());
    let (before, after) = (&said[..at], &said[at + 1..]);
    printed.len() >= said.len() && printed.starts_with(before) && printed.ends_with(after)
}

/// The program's directory first on the path, and none of the caller's settings.
fn shell(line: &str, dir: &Path, last: i32) -> (String, i32) {
    let as_ours = program(&[]);
    let bin = Path::new(as_ours.get_program()).parent().expect("a directory").to_owned();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let script = format!("(exit {last}); {}", line.replace("cargo run --release -- ", "ivig-audit "));
    let mut shell = Command::new("sh");
    for (name, _) in as_ours.get_envs().filter(|(_, value)| value.is_none()) {
        shell.env_remove(name);
    }
    let output = shell.args(["-c", &format!("{{ {script}\n}} 2>&1")]).current_dir(dir).env("PATH", path).output();
    let output = output.expect("a shell");
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code().unwrap_or(-1))
}

#[test]
fn every_command_of_the_readme_prints_what_the_readme_says() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(repository("fixtures"), dir.path().join("fixtures")).unwrap();
    let readme = fs::read_to_string(repository("README.md")).unwrap();
    let (mut differing, mut ran, mut last) = (Vec::new(), 0, 0);
    for block in blocks(&readme) {
        write(dir.path(), &block.comment, &block.text);
        if !block.is_console {
            continue;
        }
        for (line, said) in commands(&block.text) {
            let (printed, code) = shell(&line, dir.path(), last);
            (last, ran) = (code, ran + 1);
            if !is_said(&without_run_ids(printed.trim_end()), &without_run_ids(said.trim_end())) {
                differing.push(format!("$ {line}\n{printed}"));
            }
        }
    }
    assert!(ran >= 8, "the README has examples: {ran}");
    assert!(differing.is_empty(), "the README says otherwise than:\n{}", differing.join("\n"));
}
