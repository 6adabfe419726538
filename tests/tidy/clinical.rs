//! Clinical facts live in `rules/`, never in `src/`: a clinician can read, review and change them there.

use std::collections::{BTreeMap, BTreeSet};

use crate::project::{File, Finding, files, hold, sources};

const WHY: &str = "No clinical fact in src/ (invariant 3): codes, drugs, diseases and phrases live in rules/, where a \
clinician can review them and a site can change them. Move it there and read it as data.";

/// Codes in the examples that the command line prints. They show how a code is written; nothing is decided by them.
const EXAMPLES_IN_HELP: &[(&str, &[&str])] = &[("src/cli/explain.rs", &["G61.0", "D47.2", "G63", "J1569", "J1459", "IgM kappa", "anti-MAG"])];

/// Words that are in the rules and also everyday words of the program, of English, or of any export.
/// The statement itself and its subject may be named: the program is about it.
const EVERYDAY: &[&str] = &[
];

const SHORTEST: usize = 4;

/// The clinical vocabulary of the rules.
struct Vocabulary {
    /// Codes, as written, and where from.
    codes: BTreeMap<String, String>,
    /// Phrases, folded to words with single spaces, and where from.
    phrases: BTreeMap<String, String>,
}

impl Vocabulary {
    fn of(rules: &[File]) -> Self {
        let mut vocabulary = Self { codes: BTreeMap::new(), phrases: BTreeMap::new() };
        for file in rules {
            let listed = file.path.starts_with("rules/codes/") || file.path.starts_with("rules/products/");
            if listed && file.path.ends_with(".csv") {
                vocabulary.add_list(file);
            } else if file.path.ends_with(".toml") && !file.path.starts_with("rules/layouts/") && !file.path.ends_with("/ruleset.toml") {
                quoted(&file.text).iter().for_each(|text| vocabulary.add_phrase(text, &file.path));
            }
        }
        vocabulary
    }

    /// A code list: its name, its codes and their labels.
    fn add_list(&mut self, file: &File) {
        let mut lines = file.text.lines().map(fields);
        let header = lines.next().unwrap_or_default();
        let column = |names: &[&str]| header.iter().position(|name| names.contains(&name.as_str()));
        let (code, label) = (column(&["code", "modifier"]), column(&["label", "product"]));
        for line in lines {
            let cell = |at: Option<usize>| at.and_then(|at| line.get(at)).map(String::as_str).unwrap_or_default();
            for form in [cell(code).to_owned(), cell(code).replace('.', "")] {
                self.codes.insert(form, file.path.clone());
            }
            self.add_phrase(cell(label), &file.path);
        }
        let name = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".csv");
        if file.path.starts_with("rules/codes/") && !file.path.contains("/valid/") {
            self.add_phrase(name, &file.path);
        }
    }

    fn add_phrase(&mut self, text: &str, source: &str) {
        let phrase = folded(text);
        let letters = phrase.chars().filter(|character| character.is_alphabetic()).count();
        if letters >= SHORTEST && !EVERYDAY.contains(&phrase.as_str()) {
            self.phrases.entry(phrase).or_insert_with(|| source.to_owned());
        }
    }

    /// What of the vocabulary a literal holds.
    fn held_by(&self, literal: &str) -> Vec<String> {
        let words: Vec<&str> = literal.split(|c: char| !c.is_alphanumeric() && c != '.').map(|word| word.trim_matches('.')).collect();
        let mut held: Vec<String> = words.iter().filter(|word| is_diagnosis_shaped(word) || is_product_shaped(word)).map(|word| format!("`{word}` has the shape of a code")).collect();
        let known = words.iter().filter_map(|word| self.codes.get_key_value(*word));
        held.extend(known.map(|(code, source)| format!("the code `{code}` of {source}")));
        let text = format!(" {} ", folded(literal));
        let found = self.phrases.iter().filter(|(phrase, _)| text.contains(&format!(" {phrase} ")));
        held.extend(found.map(|(phrase, source)| format!("the phrase `{phrase}` of {source}")));
        held
    }
}

/// `G61`, `G61.0`, `G61.81`: a letter, a digit, a digit or letter, and perhaps a dot and more.
fn is_diagnosis_shaped(word: &str) -> bool {
    let upper = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    match word.as_bytes() {
        [letter, digit, third, rest @ ..] if letter.is_ascii_uppercase() && digit.is_ascii_digit() && upper(third) => {
            rest.is_empty() || (rest.len() > 1 && rest[0] == b'.' && rest[1..].iter().all(upper))
        }
        _ => false,
    }
}

/// `J1569`: a letter and four digits.
fn is_product_shaped(word: &str) -> bool {
    matches!(word.as_bytes(), [letter, digits @ ..] if letter.is_ascii_uppercase() && digits.len() == 4 && digits.iter().all(u8::is_ascii_digit))
}

/// Lower case, accents off, everything but letters and digits to single spaces.
fn folded(text: &str) -> String {
    let plain = |character: char| match character {
        'á' | 'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ï' => 'i',
        'ó' | 'ö' => 'o',
        'ú' | 'ü' => 'u',
        other if other.is_alphanumeric() => other,
        _ => ' ',
    };
    let spaced: String = text.chars().flat_map(char::to_lowercase).map(plain).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The cells of a line of a reviewed list: commas, and quotes round a cell that holds one.
fn fields(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().into_iter().for_each(|cell| cell.push(other)),
        }
    }
    cells
}

/// The strings of a TOML file.
fn quoted(text: &str) -> Vec<String> {
    let (mut strings, mut open, mut comment, mut escaped) = (Vec::new(), None::<String>, false, false);
    for character in text.chars() {
        match (&mut open, character) {
            (None, '\n') => comment = false,
            (None, '#') => comment = true,
            (None, '"') if !comment => open = Some(String::new()),
            (None, _) => {}
            (Some(_), '\\') if !escaped => escaped = true,
            (Some(_), '"') if !escaped => strings.extend(open.take()),
            (Some(string), other) => {
                string.push(other);
                escaped = false;
            }
        }
    }
    strings
}

fn check(vocabulary: &Vocabulary, all: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in all {
        let mut literals = if file.is_rust() { file.rust().literals } else { lines(&file.text) };
        let excepted = EXAMPLES_IN_HELP.iter().filter(|(path, _)| *path == file.path).flat_map(|(_, examples)| *examples);
        for example in excepted {
            literals.iter_mut().for_each(|(_, literal)| *literal = literal.replace(example, "…"));
        }
        for (line, literal) in literals {
            findings.extend(vocabulary.held_by(&literal).into_iter().map(|what| Finding::new(file, line, what)));
        }
    }
    findings
}

/// A template is one literal a line.
fn lines(text: &str) -> Vec<(usize, String)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line.to_owned())).collect()
}

fn shipped() -> Vec<File> {
    let templates = files("templates").into_iter().filter(|file| file.path.ends_with(".html"));
    sources().into_iter().chain(templates).collect()
}

#[test]
fn no_clinical_fact_stands_in_the_program() {
    hold(WHY, &check(&Vocabulary::of(&files("rules")), &shipped()));
}
