//! Refreshes code facts in `rules/` from the files of the authorities that publish them: the validity of
//! ICD-10-CM codes from an order file of CMS, and the NDC of immune globulin from the FDA's NDC directory.
//!
//! `cargo run --no-default-features --example refresh -- --help` says how. A site downloads the files itself:
//! nothing here speaks to a network. The modules are under `scripts/refresh/`.

use std::io::{self, Write as _};
use std::process::ExitCode;

#[path = "refresh/command.rs"]
mod command;

use command::settings::{Settings, USAGE};
use command::{compare, table};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (code, message) = if words.iter().any(|word| word == "--help") {
        (0, format!("{USAGE}\n"))
    } else {
        run(words).unwrap_or_else(|(code, message)| (code, format!("refresh: {message}\n")))
    };
    // Nothing is left to tell anybody if this fails too.
    let _ =
        if code < 2 { io::stdout().write_all(message.as_bytes()) } else { io::stderr().write_all(message.as_bytes()) };
    ExitCode::from(code)
}

fn run(words: Vec<String>) -> Result<(u8, String), (u8, String)> {
    let settings = Settings::parse(words).map_err(|usage| (2, usage))?;
    let refresh = compare(&settings).map_err(|broken| (3, broken))?;
    let (code, end) = match &refresh.text {
        None => (0, ""),
        Some(_) if !settings.write => (1, "not written: look at it, then run again with --write\n"),
        Some(text) => {
            table::replace(&refresh.path, text)
                .map_err(|error| (6, format!("{}: {error}; nothing is changed", refresh.path.display())))?;
            (0, "written\n")
        }
    };
    Ok((code, refresh.report + end))
}
