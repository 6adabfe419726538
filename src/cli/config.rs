//! The configuration file: the defaults of a site, under flags and environment.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Deserialize;

use super::Failure;
use super::audit::{Color, FailOnFlag, LogFormat};
use crate::exit_code::ExitCode;

/// The file that is read from the working directory if it is there and no other is named.
const DEFAULT_FILE: &str = "ivig-audit.toml";

/// What a configuration file may hold. Unknown keys are errors.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Config {
    pub layout: Option<String>,
    pub rules: Option<String>,
    pub out: Option<PathBuf>,
    pub threads: Option<usize>,
    pub max_rejected: Option<f64>,
    pub group: Option<String>,
    pub metrics_file: Option<PathBuf>,
    pub pseudonym_key: Option<PathBuf>,
    /// A day as a text or as a date of TOML.
    pub as_of: Option<toml::Value>,
    pub fail_on: Option<FailOnFlag>,
    pub previous: Option<String>,
    pub log_format: Option<LogFormat>,
    pub color: Option<Color>,
}

impl Config {
    /// The day against which a service date is in the future.
    pub(super) fn as_of(&self) -> Result<Option<NaiveDate>, Failure> {
        let Some(value) = &self.as_of else { return Ok(None) };
        let text = match value {
            toml::Value::Datetime(day) => day.to_string(),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        let invalid = || Failure::Message(ExitCode::Invalid, "configuration: as-of is a day as YYYY-MM-DD".to_owned());
        text.parse().map(Some).map_err(|_| invalid())
    }
}

/// Reads the named file, or the one in the working directory, or none.
pub(super) fn read(named: Option<&Path>) -> Result<Config, Failure> {
    let path = match named {
        Some(path) => path,
        None if Path::new(DEFAULT_FILE).is_file() => Path::new(DEFAULT_FILE),
        None => return Ok(Config::default()),
    };
    let invalid = |message: String| Failure::Message(ExitCode::Invalid, format!("{}: {message}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| invalid(error.to_string()))?;
    toml::from_str(&text).map_err(|error| {
        let line = error
            .span()
            .map_or_else(String::new, |span| format!("line {}: ", text[..span.start].matches('\n').count() + 1));
        invalid(format!("{line}{}", error.message()))
    })
}
