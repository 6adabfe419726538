//! The words of header names, from `rules/layouts/inspect/hints.toml`, and how a name is cut into them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::cells::Shape;
use crate::intake::binding::Column;
use crate::intake::layout::{Layout, LayoutError};

const TEXT: &str = include_str!("../../../rules/layouts/inspect/hints.toml");
/// Fewest letters of a word that is found inside an unbroken run of letters.
const INSIDE: usize = 2;

/// All hints.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hints {
    /// A word and its other spellings.
    same: BTreeMap<String, Vec<String>>,
    fillers: Fillers,
    /// What is known of each column.
    #[serde(rename = "column")]
    pub columns: BTreeMap<Column, ColumnHints>,
    /// Words of cells.
    pub cells: CellWords,
    /// Words that shipped layouts know for a code system, in lower case, and whether it is ICD-10; `None` where they
    /// disagree.
    #[serde(skip)]
    pub version_words: BTreeMap<String, Option<bool>>,
    /// Every spelling, with the word that it stands for.
    #[serde(skip)]
    spellings: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fillers {
    words: BTreeSet<String>,
}

/// Words that cells hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellWords {
    /// Words for a sex, in lower case.
    pub sex: Vec<String>,
}

/// What is known of one column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ColumnHints {
    names: Vec<String>,
    #[serde(default)]
    against: Vec<String>,
    /// Names that often stand for something else too.
    #[serde(default)]
    weak: Vec<String>,
    /// Whether only a file beside the lines has it.
    #[serde(default)]
    pub beside: bool,
    /// What half of the filled cells must look like.
    #[serde(default)]
    pub cells: Vec<Shape>,
    /// Whether cells are enough without a name.
    #[serde(default)]
    pub alone: bool,
    /// The cell of an executed example.
    pub made_up: String,
}

impl Hints {
    /// The shipped hints.
    ///
    /// # Errors
    /// [`LayoutError`] if the file is not valid, which a test excludes.
    pub fn shipped() -> Result<Self, LayoutError> {
        let mut hints: Self = toml::from_str(TEXT).map_err(|error| LayoutError {
            file: "layouts/inspect/hints.toml".to_owned(),
            line: error.span().map(|span| TEXT.get(..span.start).unwrap_or(TEXT).matches('\n').count() + 1),
            message: error.message().to_owned(),
        })?;
        for layout in Layout::builtin()? {
            let words = layout.version_words;
            let known = words.icd10.into_iter().map(|word| (word, true));
            for (word, is_ten) in known.chain(words.icd9.into_iter().map(|word| (word, false))) {
                let meaning = hints.version_words.entry(word).or_insert(Some(is_ten));
                *meaning = meaning.filter(|known| *known == is_ten);
            }
        }
        let own = hints.columns.values().flat_map(|column| column.names.iter().chain(&column.against));
        let mut spellings: BTreeMap<String, String> =
            own.flat_map(|phrase| phrase.split(' ')).map(|word| (word.to_owned(), word.to_owned())).collect();
        spellings.extend(hints.fillers.words.iter().map(|word| (word.clone(), word.clone())));
        for (word, others) in &hints.same {
            spellings.insert(word.clone(), word.clone());
            spellings.extend(others.iter().map(|other| (other.clone(), word.clone())));
        }
        hints.spellings = spellings;
        Ok(hints)
    }

    /// The words of a header name, each in the spelling of the phrases. Digits are left out.
    #[must_use]
    pub fn words(&self, name: &str) -> Vec<String> {
        let mut words = Vec::new();
        for run in runs(name) {
            match self.cut(&run) {
                Some(parts) => words.extend(parts),
                None => words.push(run),
            }
        }
        words.dedup();
        words
    }

    /// A run of letters as words that are known, the fewest; `None` if it is not made of them.
    fn cut(&self, run: &str) -> Option<Vec<String>> {
        if let Some(word) = self.spellings.get(run) {
            return Some(vec![word.clone()]);
        }
        let places = run.char_indices().map(|(at, _)| at).filter(|at| *at >= INSIDE && run.len() - at >= INSIDE);
        let mut best: Option<Vec<String>> = None;
        for at in places.rev() {
            let Some(word) = self.spellings.get(&run[..at]) else { continue };
            let Some(rest) = self.cut(&run[at..]) else { continue };
            if best.as_ref().is_none_or(|best| rest.len() + 1 < best.len()) {
                best = Some(std::iter::once(word.clone()).chain(rest).collect());
            }
        }
        best
    }

    /// Whether a header name says nothing beyond words that are known.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        let words = self.words(name);
        !words.is_empty() && words.iter().any(|word| self.spellings.contains_key(word))
    }

    /// Whether a phrase often stands for something else than its column.
    #[must_use]
    pub fn is_weak(&self, phrase: &str, column: Column) -> bool {
        self.columns.get(&column).is_some_and(|known| known.weak.iter().any(|weak| weak == phrase))
    }

    /// How well a header name fits a column, to 100, and the phrase that fits; `None` if none does.
    #[must_use]
    pub fn fit(&self, name: &str, column: Column) -> Option<(u32, &str)> {
        let hints = self.columns.get(&column)?;
        let words = self.words(name);
        let against = |word: &String| {
            let word = self.spellings.get(word).unwrap_or(word);
            words.contains(word)
        };
        let fits = |phrase: &&String| {
            phrase.split(' ').all(|word| {
                let word = self.spellings.get(word).map_or(word, String::as_str);
                words.iter().any(|own| own == word)
            })
        };
        let telling = words.iter().filter(|word| !self.fillers.words.contains(*word)).count().max(1);
        let weigh = |phrase: &String| {
            let length = phrase.split(' ').count();
            let cover = (length.min(telling) * 100 / telling) as u32;
            // A name of which a phrase covers little is about something else.
            50 * cover / 100 + if length > 1 { 50 } else { 40 }
        };
        // Of phrases that fit alike the first counts.
        let best = hints.names.iter().rev().filter(fits).max_by_key(|phrase| weigh(phrase))?;
        let spoken_against = hints.against.iter().any(|word| !best.contains(word.as_str()) && against(word));
        (!spoken_against).then(|| (weigh(best), best.as_str()))
    }
}

/// Runs of letters in lower case, cut at marks, digits and where a capital follows a small letter.
fn runs(name: &str) -> Vec<String> {
    let mut runs: Vec<String> = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphabetic() || (c.is_uppercase() && small) {
            runs.push(String::new());
        }
        if c.is_alphabetic() {
            runs.last_mut().into_iter().for_each(|run| run.extend(c.to_lowercase()));
        }
        small = c.is_lowercase();
    }
    runs.retain(|run| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_known_words() {
        let hints = Hints::shipped().expect("the hints are valid");
        for (name, words) in [
            ("ORDER_DT", vec!["order", "date"]),
            ("SVCDATE", vec!["service", "date"]),
            ("PatID", vec!["patient", "id"]),
            ("Geburtsdatum", vec!["birth", "date"]),
            ("ICD_DGNS_CD12", vec!["diagnosis", "code"]),
            ("xyzzy", vec!["xyzzy"]),
        ] {
            assert_eq!(hints.words(name), words, "{name}");
        }
    }

    #[test]
    fn synonyms_find_their_column_and_words_against_take_it_back() {
        let hints = Hints::shipped().expect("the hints are valid");
        for (name, column) in [
            ("HCPCS_CD", Column::ProductCode),
            ("Drug Name", Column::ProductName),
            ("ADMIN_DT", Column::ServiceDate),
            ("Geburtsdatum", Column::BirthDate),
            ("DX_CD_3", Column::Dx),
            ("REASON_TXT", Column::IndicationText),
            ("PAT_MRN", Column::PatientId),
            ("QTY", Column::Units),
        ] {
            assert!(hints.fit(name, column).is_some(), "{name}");
        }
        assert!(hints.fit("BIRTH_DT", Column::ServiceDate).is_none());
        assert!(hints.fit("DX_DATE", Column::Dx).is_none());
        assert!(hints.fit("colour", Column::Dx).is_none());
    }
}
