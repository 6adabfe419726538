//! Writes a synthetic export to standard output, with its known truth beside
//! it: `cargo run --release --example generate -- claims --records 1000000
//! --seed 7 --truth truth.json > claims.csv`.
//!
//! What patients have and receive stands in `fixtures/*.csv`; the modules are
//! under `scripts/generate/`.

use std::io::{self, Write as _};
use std::process::ExitCode;

#[path = "generate/export.rs"]
mod export;

use export::Exporter;
use export::settings::Settings;

fn main() -> ExitCode {
    let result = Settings::parse(std::env::args().skip(1)).map_err(|usage| (2, usage)).and_then(|settings| {
        let mut exporter = Exporter::new(&settings).map_err(|broken| (3, broken))?;
        generate(&mut exporter, &settings)
            .map_err(|error| (if error.kind() == io::ErrorKind::BrokenPipe { 0 } else { 6 }, error.to_string()))
    });
    match result {
        Ok(()) | Err((0, _)) => ExitCode::SUCCESS,
        Err((code, message)) => {
            // Nothing is left to tell anybody if this fails too.
            let _ = writeln!(io::stderr(), "generate: {message}");
            ExitCode::from(code)
        }
    }
}

fn generate(exporter: &mut Exporter, settings: &Settings) -> io::Result<()> {
    let answers = settings.answers.as_ref().map(csv::Writer::from_path).transpose()?;
    let truth = exporter.write(&mut io::stdout().lock(), answers)?;
    if let Some(path) = &settings.truth {
        let mut text = serde_json::to_string_pretty(&truth)?;
        text.push('\n');
        std::fs::write(path, text)?;
    }
    Ok(())
}
