//! Refreshes code facts in `rules/` from the files of the authorities that publish them: the validity of
//! ICD-10-CM codes from an order file of CMS, and the NDC of immune globulin from the FDA's NDC directory.
//!
//! `cargo run --no-default-features --example refresh -- --help` says how. A site downloads the files itself:
//! nothing here speaks to a network. The modules are under `scripts/refresh/`.

use std::io::{self, Write as _};
use std::process::ExitCode;

#[path = "refresh/command.rs"]
mod command;

fn main() -> ExitCode {
    let (code, message) = command::run(std::env::args().skip(1).collect());
    // Nothing is left to tell anybody if this fails too.
    let _ =
        if code < 2 { io::stdout().write_all(message.as_bytes()) } else { io::stderr().write_all(message.as_bytes()) };
    ExitCode::from(code)
}
