//! What is to be generated, as typed on the command line.

use std::path::PathBuf;

/// How the program is called.
pub const USAGE: &str = "usage: generate claims|orders --records N --seed S \
[--dirt PER_MILLE] [--in-scope-per-mille P] [--other-means PER_MILLE] [--prescribers N] [--sites N] [--corrections PER_MILLE] [--truth FILE] [--answers FILE] > export.csv";

/// Which of the two exports is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Export {
    /// Lines of all kinds, immune globulin rare among them.
    Claims,
    /// Immune globulin orders, with the prescriber's words.
    Orders,
}

/// One generation: the same settings give the same bytes.
pub struct Settings {
    /// Claims or orders.
    pub export: Export,
    /// Records after the header, rejected ones included.
    pub records: u64,
    /// What the draws start from.
    pub seed: u64,
    /// Spoiled records in 1,000.
    pub dirt: u64,
    /// In-scope lines in 1,000 lines of a claims export, at most 250.
    pub in_scope: u64,
    /// Products in 1,000 that are told by other means than a billing code of their own.
    pub other_means: u64,
    /// Among how many prescribers the patients are divided.
    pub prescribers: u64,
    /// Among how many sites the prescribers are.
    pub sites: u64,
    /// Claims in 1,000 whose last line reverses, replaces, repeats or adds to the product.
    pub corrections: u64,
    /// Where the known truth goes.
    pub truth: Option<PathBuf>,
    /// Where the expected answer of each record goes.
    pub answers: Option<PathBuf>,
}

impl Settings {
    /// Reads the words after the program's name.
    ///
    /// # Errors
    /// A sentence that names the word which is not understood.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let export = match words.next().as_deref() {
            Some("claims") => Export::Claims,
            Some("orders") => Export::Orders,
            _ => return Err(USAGE.to_owned()),
        };
        let mut settings = Self {
            export,
            records: 0,
            seed: 0,
            dirt: 0,
            in_scope: 3,
            other_means: 0,
            prescribers: 900,
            sites: 60,
            corrections: 0,
            truth: None,
            answers: None,
        };
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("{word} needs a value\n{USAGE}"))?;
            match word.as_str() {
                "--records" => settings.records = number(&word, &value, u64::MAX >> 8)?,
                "--seed" => settings.seed = number(&word, &value, u64::MAX)?,
                "--dirt" => settings.dirt = number(&word, &value, 1000)?,
                "--in-scope-per-mille" if export == Export::Claims => {
                    settings.in_scope = number(&word, &value, 250)?;
                }
                "--other-means" => settings.other_means = number(&word, &value, 1000)?,
                "--prescribers" => settings.prescribers = number(&word, &value, 1_000_000)?.max(1),
                "--sites" => settings.sites = number(&word, &value, 1000)?.max(1),
                "--corrections" if export == Export::Claims => {
                    settings.corrections = number(&word, &value, 1000)?;
                }
                "--truth" => settings.truth = Some(value.into()),
                "--answers" => settings.answers = Some(value.into()),
                _ => return Err(format!("{word} is not an option of {export:?}\n{USAGE}")),
            }
        }
        Ok(settings)
    }
}

fn number(option: &str, value: &str, most: u64) -> Result<u64, String> {
    value
        .parse()
        .ok()
        .filter(|number| *number <= most)
        .ok_or_else(|| format!("{option} takes a whole number up to {most}"))
}
