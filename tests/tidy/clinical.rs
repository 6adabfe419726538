//! Clinical facts live in `rules/`, never in `src/`: a clinician can read, review and change them there.

use std::collections::BTreeMap;

use crate::project::{File, Finding, files, hold, sources};

const WHY: &str = "No clinical fact in src/ (invariant 3): codes, drugs, diseases and phrases live in rules/, where a \
clinician can review them and a site can change them. Move it there and read it as data.";

/// Codes in the examples that the command line prints. They show how a code is written; nothing is decided by them.
const EXAMPLES_IN_HELP: &[(&str, &[&str])] =
    &[("src/cli/explain.rs", &["G61.0", "D47.2", "G63", "J1569", "J1459", "IgM kappa", "anti-MAG"])];

/// Words that are in the rules and also everyday words of the program, of English, or of any export.
/// The statement itself and its subject may be named: the program is about it.
const EVERYDAY: &[&str] = &[
    // words of every report and of every export
    "addressed",
    "previous",
    "within",
    "condition",
    "diagnosis",
    "disorders",
    "header",
    "insufficient evidence",
    "neuromuscular",
    "patient",
    "statement",
    "status",
    "treatment",
    "unknown",
    // the product that the program is about
    "administration",
    "globulin",
    "hyperimmune",
    "immune",
    "immune globulin",
    "intravenous immune globulin",
    "ivig",
    // plain English
    "another",
    "appendix",
    "before",
    "beside",
    "carries",
    "certain",
    "course",
    "defined",
    "failed",
    "from",
    "further",
    "initial",
    "longer",
    // of numbers, not of nerves
    "median",
    "middle",
    "named",
    "next",
    "none",
    "not shown",
    "other",
    "otherwise",
    "overlap",
    "person",
    "possible",
    "presumed",
    "replaced",
    "sign",
    "stands",
    "system",
    "type",
    "whether",
    "without",
    // how words are built, not what they mean
    "anti",
    "lambda",
    "negative",
];

/// Keys whose values are names of diseases, findings and lists, word by word.
const NAME_KEYS: &[&str] = &[
    "all-of",
    "codes",
    "id",
    "label",
    "names",
    "phrase",
    "phrases",
    "under",
    "values",
    "with-words",
    "not-with-words",
];

/// Which lists share codes: names of lists that are read where they stand, and reasons in plain English.
const SHARED: &str = "/codes/shared.csv";

/// Letters of a word that tells by itself.
const LONG: usize = 6;

/// Keys of the rules whose values are the program's own words: how it grades, not what it grades.
const OWN_KEYS: &[&str] = &[
    "plain-words",
    "basis",
    "certainty",
    "determination",
    "evidence",
    "flag",
    "kind",
    "no-warnings",
    "open",
    "out-of-scope",
    "product",
    "recommendation",
    "strength",
    "warnings",
];

/// A shorter phrase is too likely to be a part of something else.
const SHORTEST: usize = 4;

/// Digits of a number that tells nothing.
const SHORT_NUMBER: usize = 4;

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
            if file.path.ends_with(SHARED) {
                continue;
            }
            if listed && file.path.ends_with(".csv") {
                vocabulary.add_list(file);
            } else if is_clinical(&file.path) {
                let clinical = quoted(&file.text).into_iter().filter(|(key, _)| !OWN_KEYS.contains(&key.as_str()));
                for (key, text) in clinical {
                    vocabulary.add_phrase(&text, &file.path);
                    if NAME_KEYS.contains(&key.as_str()) {
                        vocabulary.add_words(&text, &file.path);
                    }
                }
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
                // An ICD-9-CM category or short code without its dot is a number like any other: a year, a count.
                let is_short = form.len() <= SHORT_NUMBER && form.bytes().all(|byte| byte.is_ascii_digit());
                if form.bytes().any(|byte| byte.is_ascii_lowercase()) {
                    self.add_phrase(&form, &file.path);
                } else if !is_short {
                    self.codes.insert(form, file.path.clone());
                }
            }
            self.add_phrase(cell(label), &file.path);
            self.add_words(cell(label), &file.path);
        }
        let name = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".csv");
        if file.path.starts_with("rules/codes/") && !file.path.contains("/valid/") {
            self.add_phrase(name, &file.path);
            self.add_words(name, &file.path);
        }
    }

    fn add_phrase(&mut self, text: &str, source: &str) {
        let phrase = folded(text);
        let letters = phrase.chars().filter(|character| character.is_alphabetic()).count();
        if letters >= SHORTEST && !EVERYDAY.contains(&phrase.as_str()) {
            self.phrases.entry(phrase).or_insert_with(|| source.to_owned());
        }
    }

    /// The telling words of a name: one of them alone names a disease.
    fn add_words(&mut self, text: &str, source: &str) {
        for word in folded(text).split(' ').filter(|word| word.len() >= LONG && word.chars().all(char::is_alphabetic)) {
            if !EVERYDAY.contains(&word) {
                self.phrases.entry(word.to_owned()).or_insert_with(|| source.to_owned());
            }
        }
    }

    /// What of the vocabulary a literal holds.
    fn held_by(&self, literal: &str) -> Vec<String> {
        let words: Vec<&str> =
            literal.split(|c: char| !c.is_alphanumeric() && c != '.').map(|word| word.trim_matches('.')).collect();
        let mut held: Vec<String> = words
            .iter()
            .filter(|word| is_diagnosis_shaped(word) || is_product_shaped(word))
            .map(|word| format!("`{word}` has the shape of a code"))
            .collect();
        let known = words.iter().filter_map(|word| self.codes.get_key_value(&word.to_uppercase()));
        held.extend(known.map(|(code, source)| format!("the code `{code}` of {source}")));
        let text = format!(" {} ", folded(literal));
        let found = self.phrases.iter().filter(|(phrase, _)| text.contains(&format!(" {phrase} ")));
        held.extend(found.map(|(phrase, source)| format!("the phrase `{phrase}` of {source}")));
        held
    }
}

/// Facts and indications. Layouts hold the words of exports; a ruleset's own file and its cues hold plain English,
/// which the program speaks too.
fn is_clinical(path: &str) -> bool {
    // Patterns name rows, which stand in the indications, and say the rest in plain English.
    let plain = path.starts_with("rules/layouts/")
        || path == "rules/patterns.toml"
        || path.ends_with("/ruleset.toml")
        || path.ends_with("/text.toml");
    path.ends_with(".toml") && !plain
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

/// The strings of a TOML file, each with the key it belongs to.
fn quoted(text: &str) -> Vec<(String, String)> {
    let (mut strings, mut open, mut escaped) = (Vec::new(), None::<String>, false);
    let (mut key, mut word, mut comment) = (String::new(), String::new(), false);
    for character in text.chars() {
        match (&mut open, character) {
            (None, '\n') => comment = false,
            (None, _) if comment => {}
            (None, '#') => comment = true,
            (None, '"') => open = Some(String::new()),
            (None, '=') => key = std::mem::take(&mut word),
            (None, '{' | ',' | '[' | ']' | '}') => word.clear(),
            (None, other) if !other.is_whitespace() => word.push(other),
            (None, _) => {}
            (Some(_), '\\') if !escaped => escaped = true,
            (Some(_), '"') if !escaped => strings.extend(open.take().map(|string| (key.clone(), string))),
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
        let excepted =
            EXAMPLES_IN_HELP.iter().filter(|(path, _)| *path == file.path).flat_map(|(_, examples)| *examples);
        for example in excepted {
            for (_, literal) in &mut literals {
                *literal = literal.replace(example, "…");
            }
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

#[test]
fn every_example_in_the_help_is_still_there() {
    for (path, examples) in EXAMPLES_IN_HELP {
        let literals = files(path)[0].rust().literals;
        for example in *examples {
            let there = literals.iter().any(|(_, literal)| literal.contains(example));
            assert!(there, "{path} does not print `{example}` any more: take it out of the list");
        }
    }
}

#[test]
fn a_code_a_drug_a_disease_and_a_phrase_are_caught() {
    let rules = [
        File::new(
            "rules/codes/cidp.csv",
            "system,code,match,label\nicd10cm,G61.81,exact,\"Chronic, demyelinating polyneuritis\"\nicd9cm,357.81,exact,Polyneuritis\nicd9cm,202.3,exact,Histiocytosis",
        ),
        File::new("rules/products/hcpcs.csv", "system,code,product,kind\ncpt,90283,Privigen,intravenous"),
        File::new("rules/products/modifiers.csv", "modifier,route\nJB,subcutaneous"),
        File::new("rules/a/facts.toml", "# \"not here\"\nflag = \"review\"\nphrases = [\n  \"in crisis\", \"mg\",\n]"),
    ];
    let vocabulary = Vocabulary::of(&rules);
    let found =
        |literal: &str| check(&vocabulary, &[File::new("src/a.rs", &format!("fn a() {{\n b({literal:?})\n}}"))]);
    for planted in [
        "G61.0",
        "code Z99 or none",
        "J9999",
        "g61.81",
        "G6181",
        "357.81",
        "35781",
        "202.3",
        "90283",
        "JB",
        "PRIVIGEN 10 %",
        "Cidp",
        "Polyneuritis?",
        "he was in-crisis",
        "first line\nprivigen",
        "chronic, demyelinating: polyneuritis",
    ] {
        let lines: Vec<usize> = found(planted).iter().map(|finding| finding.line).collect();
        assert!(lines.contains(&2) && lines.iter().all(|line| *line == 2), "{planted}");
    }
    for fine in ["review", "not here", "2023", "U+0041", "%Y%m%d", "ICD-10-CM", "A-1", "JAN", "intravenous", "the mg"] {
        let what: Vec<String> = found(fine).iter().map(ToString::to_string).collect();
        assert!(what.is_empty(), "{fine}: {what:?}");
    }
    let outside = "/// G61.0 Privigen\n#[cfg(test)]\nmod tests { fn a() { b(\"G61.0\") } }";
    assert!(check(&vocabulary, &[File::new("src/a.rs", outside)]).is_empty());
    assert_eq!(check(&vocabulary, &[File::new("templates/a.html", "<td>\nPrivigen</td>")]).len(), 1);
}
