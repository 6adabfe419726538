//! Code lists against each other, and against their use.

use super::Subject;
use super::sheet::Sheet;
use crate::rules::error::Problem;
use crate::rules::list::ListId;
use crate::rules::ruleset::Ruleset;

/// Where, in a folder of code lists, it is declared that lists share codes.
const SHARED: &str = "shared.csv";

/// Lists that neither this ruleset uses nor another one of the same directory names.
pub(super) fn not_used(subject: &Subject<'_>) -> Vec<Problem> {
    let other_rulesets: Vec<String> =
        subject.files.ruleset_ids().into_iter().filter(|id| *id != subject.ruleset.info.id).collect();
    let named_elsewhere = |list: &str| {
        let quoted = format!("\"{list}\"");
        let mut files = other_rulesets.iter().flat_map(|id| subject.files.below(id));
        files.any(|(path, text)| path.ends_with(".toml") && text.contains(&quoted))
    };
    let lists = subject.ruleset.lists.all().enumerate();
    lists
        .filter(|(at, list)| !uses(subject.ruleset, ListId(*at as u8)) && !named_elsewhere(&list.id))
        .map(|(_, list)| Problem::new(&subject.list_file(&list.id), None, "no rule uses this code list"))
        .collect()
}

fn uses(ruleset: &Ruleset, list: ListId) -> bool {
    let in_matches =
        ruleset.indications.iter().flat_map(|indication| &indication.matches).any(|each| each.lists.contains(&list));
    let in_names = ruleset
        .indications
        .iter()
        .filter_map(|indication| indication.names.as_ref())
        .any(|names| names.under.contains(list));
    let in_tokens = ruleset.phrases.ambiguous.iter().any(|token| token.with_codes.contains(list));
    let in_notes = ruleset.indications.iter().flat_map(|each| &each.notes).any(|note| note.codes.contains(list));
    let in_facts = ruleset.facts.iter().any(|fact| {
        fact.codes.iter().any(|(own, _)| *own == list)
            || fact.defaults.iter().any(|default| default.codes == Some(list))
    });
    in_matches
        || in_names
        || in_tokens
        || in_notes
        || in_facts
        || ruleset.outside_established.contains(list)
        || ruleset.outside_other.contains(list)
        || ruleset.policy.caps.codes.iter().any(|(own, _)| *own == list)
}

/// A code as a list writes it: system, code without its dot, whether all that begins with it belongs.
struct Listed {
    system: String,
    code: String,
    is_prefix: bool,
    written: String,
}

impl Listed {
    fn all(subject: &Subject<'_>) -> Vec<(String, Vec<Self>)> {
        let list = |list: &crate::rules::CodeList| {
            let rows = list.rows.iter().map(|row| Self {
                system: row.system.clone(),
                code: row.code.replace('.', ""),
                is_prefix: row.kind == "prefix",
                written: row.code.clone(),
            });
            (list.id.clone(), rows.collect())
        };
        subject.ruleset.lists.all().map(list).collect()
    }

    /// Whether some code falls under both.
    fn meets(&self, other: &Self) -> bool {
        let covers = |wide: &Self, narrow: &Self| wide.is_prefix && narrow.code.starts_with(&wide.code);
        self.system == other.system && (self.code == other.code || covers(self, other) || covers(other, self))
    }
}

/// Two lists that are declared to share codes.
struct Declared {
    file: String,
    line: usize,
    pair: (String, String),
}

/// The declarations of the shared folder, and of the ruleset and those below it.
fn declared(subject: &Subject<'_>) -> Vec<Declared> {
    let mut all = Vec::new();
    for file in subject.list_folders().into_iter().map(|folder| format!("{folder}/{SHARED}")) {
        let sheet = Sheet::read(&file, subject.files.get(&file).unwrap_or_default());
        for (line, row) in sheet.rows.iter().filter(|(_, row)| !sheet.cell(row, "reason").trim().is_empty()) {
            let pair = (sheet.cell(row, "list_a").to_owned(), sheet.cell(row, "list_b").to_owned());
            all.push(Declared { file: file.clone(), line: *line, pair });
        }
    }
    all
}

/// Pairs of lists that share a code and do not say why, and pairs that say why and share none.
pub(super) fn shared_codes(subject: &Subject<'_>) -> Vec<Problem> {
    let declared = declared(subject);
    let lists = Listed::all(subject);
    let mut problems = Vec::new();
    let mut sharing = Vec::new();
    for (at, (one, rows)) in lists.iter().enumerate() {
        for (other, other_rows) in &lists[at + 1..] {
            let shared = rows.iter().filter(|row| other_rows.iter().any(|each| row.meets(each)));
            let shared: Vec<&str> = shared.map(|row| row.written.as_str()).collect();
            if shared.is_empty() {
                continue;
            }
            let (first, second) = if one < other { (one, other) } else { (other, one) };
            let pair = (first.clone(), second.clone());
            if !declared.iter().any(|each| each.pair == pair) {
                let message = format!(
                    "{} also stands in `{other}`; accepted is a row `{first},{second},why` in {SHARED} of a folder codes",
                    shared.join(", ")
                );
                problems.push(Problem::new(&subject.list_file(one), None, message));
            }
            sharing.push(pair);
        }
    }
    for Declared { file, line, pair } in &declared {
        if !sharing.contains(pair) {
            let message = format!(
                "`{}` and `{}` share no code; accepted are the ids of two lists that do, sorted",
                pair.0, pair.1
            );
            problems.push(Problem::new(file, Some(*line), message));
        }
    }
    for two in declared.windows(2).filter(|two| two[0].file == two[1].file && two[0].pair >= two[1].pair) {
        let message = "accepted are rows sorted by list_a and list_b, each pair once";
        problems.push(Problem::new(&two[1].file, Some(two[1].line), message));
    }
    problems
}
