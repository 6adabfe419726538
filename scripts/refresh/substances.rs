//! Which substances are immune globulin and which only sound like it: `refresh/ndc-substances.csv`.

use serde::Deserialize;

use super::table::rows;

/// What the names of a product in the directory mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// Immune globulin from unselected donors.
    ImmuneGlobulin,
    /// Another globulin: of immunised donors, or of animals.
    OtherGlobulin,
    /// The names speak of a globulin, and no row says which.
    Open,
}

/// The phrases that tell the substances apart.
#[derive(Default)]
pub struct Substances {
    subjects: Vec<String>,
    immune_globulin: Vec<String>,
    other_globulin: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    phrase: String,
    meaning: Of,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Of {
    /// Words without which a product is not looked at.
    Subject,
    /// The whole name of a substance.
    ImmuneGlobulin,
    /// Words of a name, of the substance or of the product.
    OtherGlobulin,
}

impl Substances {
    /// Reads the table.
    ///
    /// # Errors
    /// A sentence with the line that cannot be read.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut this = Self::default();
        for (_, row) in rows::<Row>(text)? {
            let phrases = match row.meaning {
                Of::Subject => &mut this.subjects,
                Of::ImmuneGlobulin => &mut this.immune_globulin,
                Of::OtherGlobulin => &mut this.other_globulin,
            };
            phrases.push(folded(&row.phrase));
        }
        Ok(this)
    }

    /// What a product is, by its substances (parted by semicolons) and its nonproprietary name; nothing if neither
    /// speaks of a globulin.
    #[must_use]
    pub fn meaning(&self, substances: &str, name: &str) -> Option<Meaning> {
        let told = format!(" {} | {} ", folded(substances), folded(name));
        let says = |phrases: &[String]| phrases.iter().any(|phrase| told.contains(&format!(" {phrase} ")));
        let is = |phrases: &[String]| substances.split(';').any(|one| phrases.contains(&folded(one)));
        if !says(&self.subjects) {
            None
        } else if says(&self.other_globulin) {
            Some(Meaning::OtherGlobulin)
        } else if is(&self.immune_globulin) {
            Some(Meaning::ImmuneGlobulin)
        } else {
            Some(Meaning::Open)
        }
    }
}

/// Lower case, and everything but letters and digits to single spaces.
fn folded(text: &str) -> String {
    let letters = text.to_lowercase().replace(|character: char| !character.is_alphanumeric(), " ");
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}
