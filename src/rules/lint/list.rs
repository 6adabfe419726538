//! Code lists against each other, and against their use.

use super::Subject;
use super::sheet::Sheet;
use crate::rules::error::Problem;
use crate::rules::list::ListId;
use crate::rules::ruleset::Ruleset;

/// Where it is declared that lists share codes.
const SHARED: &str = "codes/shared.csv";

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
        .map(|(_, list)| Problem::new(&format!("codes/{}.csv", list.id), None, "no rule uses this code list"))
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

/// Pairs of lists that share a code and do not say why, and pairs that say why and share none.
pub(super) fn shared_codes(subject: &Subject<'_>) -> Vec<Problem> {
    let declarations = Sheet::read(SHARED, subject.files.get(SHARED).unwrap_or_default());
    let declared: Vec<(usize, String, String)> = declarations
        .rows
        .iter()
        .filter(|(_, row)| !declarations.cell(row, "reason").trim().is_empty())
        .map(|(line, row)| {
            (*line, declarations.cell(row, "list_a").to_owned(), declarations.cell(row, "list_b").to_owned())
        })
        .collect();
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
            sharing.push((one, other));
            if !declared.iter().any(|(_, a, b)| (a, b) == (one, other)) {
                let message = format!(
                    "{} also stands in `{other}`; accepted is a row `{one},{other},why` in {SHARED}",
                    shared.join(", ")
                );
                problems.push(Problem::new(&format!("codes/{one}.csv"), None, message));
            }
        }
    }
    for (line, a, b) in &declared {
        if !sharing.contains(&(a, b)) {
            let message = format!("`{a}` and `{b}` share no code; accepted are the ids of two lists that do, sorted");
            problems.push(Problem::new(SHARED, Some(*line), message));
        }
    }
    let sorted = declared.is_sorted_by(|one, other| (&one.1, &one.2) < (&other.1, &other.2));
    if !sorted {
        problems.push(Problem::new(SHARED, None, "accepted are rows sorted by list_a and list_b, each once"));
    }
    problems
}
