//! What is to be generated, as typed on the command line.

use std::path::PathBuf;

/// How the program is called for an export of several files.
pub const USAGE: &str = "usage: generate mimic3|mimic4|synpuf-carrier|synpuf-inpatient|synpuf-outpatient|epic|idr --dir DIR \
--records N --seed S [--in-scope-per-mille P] [--truth FILE] [--answers FILE]";

/// The family that is imitated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Prescriptions, diagnoses and patients of MIMIC-III.
    Mimic3,
    /// The same of MIMIC-IV.
    Mimic4,
    /// Physicians' claims of `SynPUF`, thirteen lines in one record.
    SynpufCarrier,
    /// Hospital stays of `SynPUF`.
    SynpufInpatient,
    /// Visits to a hospital of `SynPUF`.
    SynpufOutpatient,
    /// Medication orders of Epic, with diagnoses by name.
    Epic,
    /// Claims of CMS in normal form.
    Idr,
}

impl Shape {
    /// All shapes by their names.
    pub const ALL: [(&'static str, Self); 7] = [
        ("mimic3", Self::Mimic3),
        ("mimic4", Self::Mimic4),
        ("synpuf-carrier", Self::SynpufCarrier),
        ("synpuf-inpatient", Self::SynpufInpatient),
        ("synpuf-outpatient", Self::SynpufOutpatient),
        ("epic", Self::Epic),
        ("idr", Self::Idr),
    ];

    /// The shape of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, shape)| *shape)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, shape)| *shape == self).map_or("", |(name, _)| name)
    }
}

/// One generation: the same settings give the same bytes.
pub struct Settings {
    /// The family.
    pub shape: Shape,
    /// Records of the lines file, the header not counted.
    pub records: u64,
    /// What the draws start from.
    pub seed: u64,
    /// Patients in 1,000 who receive immune globulin by vein, at most 750; a third as many receive a look-alike.
    pub in_scope: u64,
    /// Where the files go.
    pub dir: PathBuf,
    /// Where the known truth goes.
    pub truth: Option<PathBuf>,
    /// Where the expected orders go.
    pub answers: Option<PathBuf>,
}

impl Settings {
    /// Reads the words after the program's name.
    ///
    /// # Errors
    /// A sentence that names the word which is not understood.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let shape = words.next().as_deref().and_then(Shape::named).ok_or(USAGE)?;
        let (mut records, mut seed, mut in_scope, mut dir, mut truth, mut answers) = (0, 0, 30, None, None, None);
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("{word} needs a value\n{USAGE}"))?;
            match word.as_str() {
                "--records" => records = number(&word, &value, u64::MAX >> 8)?,
                "--seed" => seed = number(&word, &value, u64::MAX)?,
                "--in-scope-per-mille" => in_scope = number(&word, &value, 750)?,
                "--dir" => dir = Some(value.into()),
                "--truth" => truth = Some(value.into()),
                "--answers" => answers = Some(value.into()),
                _ => return Err(format!("{word} is not an option of {}\n{USAGE}", shape.name())),
            }
        }
        let dir = dir.ok_or_else(|| format!("--dir says where the files go\n{USAGE}"))?;
        Ok(Self { shape, records, seed, in_scope, dir, truth, answers })
    }
}

fn number(option: &str, value: &str, most: u64) -> Result<u64, String> {
    let number = value.parse().ok().filter(|number| *number <= most);
    number.ok_or_else(|| format!("{option} takes a whole number up to {most}"))
}
