//! Writes a synthetic export to standard output, with its known truth beside
//! it: `cargo run --release --example generate -- claims --records 1000000
//! --seed 7 --truth truth.json > claims.csv`.
//!
//! Exports of several files go into a directory: `-- mimic3 --dir exports --records 12000000 --seed 7`.
//!
//! What patients have and receive stands in `fixtures/*.csv`; the modules are
//! under `scripts/generate/`.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

#[path = "generate/export.rs"]
mod export;

use export::Exporter;
use export::settings::Settings;
use export::shapes;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let several = words.first().is_some_and(|word| shapes::settings::Shape::named(word).is_some());
    let result = if several { several_files(words) } else { one_file(words) };
    match result {
        Ok(()) | Err((0, _)) => ExitCode::SUCCESS,
        Err((code, message)) => {
            // Nothing is left to tell anybody if this fails too.
            let _ = writeln!(io::stderr(), "generate: {message}");
            ExitCode::from(code)
        }
    }
}

fn one_file(words: Vec<String>) -> Result<(), (u8, String)> {
    let settings = Settings::parse(words).map_err(|usage| (2, format!("{usage}\n{}", shapes::settings::USAGE)))?;
    let mut exporter = Exporter::new(&settings).map_err(|broken| (3, broken))?;
    generate(&mut exporter, &settings)
        .map_err(|error| (if error.kind() == io::ErrorKind::BrokenPipe { 0 } else { 6 }, error.to_string()))
}

fn several_files(words: Vec<String>) -> Result<(), (u8, String)> {
    let settings = shapes::settings::Settings::parse(words).map_err(|usage| (2, usage))?;
    let truth = shapes::write(&settings).and_then(|truth| write_truth(settings.truth.as_deref(), &truth));
    truth.map_err(|error| (6, error.to_string()))
}

fn generate(exporter: &mut Exporter, settings: &Settings) -> io::Result<()> {
    let answers = settings.answers.as_ref().map(csv::Writer::from_path).transpose()?;
    let truth = exporter.write(&mut io::stdout().lock(), answers)?;
    write_truth(settings.truth.as_deref(), &truth)
}

fn write_truth(path: Option<&Path>, truth: &serde_json::Value) -> io::Result<()> {
    let Some(path) = path else { return Ok(()) };
    let mut text = serde_json::to_string_pretty(truth)?;
    text.push('\n');
    std::fs::write(path, text)
}
