//! Suggestions written down as a layout file, for a person to read and correct.

mod beside;
mod example;

use std::fmt::Write as _;

use super::Look;
use super::beside::Beside;
use super::choose::{Suggestion, numbered, takes_several};
use super::hints::Hints;
use crate::intake::binding::Column;
use crate::intake::layout::{Layout, builtin_text};

/// The layout from which words and requirements are copied.
const BASE: &str = "generic";
/// The form of dates that begin with the day, and those that begin with the month.
const DAY_FIRST: &str = "day-month-year";
const MONTH_FIRST: [&str; 2] = ["month-day-year", "month-day-short-year"];

/// A layout file that was drafted.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The file's text.
    pub text: String,
    /// The same, read; none while something must be filled in.
    pub layout: Option<Layout>,
    /// Why nothing can be audited by it yet: requirements for which nothing is suggested.
    pub refused: Vec<String>,
}

/// A layout id from a file name: letters, digits and hyphens, never that of a shipped layout.
#[must_use]
pub fn layout_id(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or_default();
    let plain: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    match parts.join("-") {
        id if id.is_empty() => "my-export".to_owned(),
        id if builtin_text(&id).is_some() => format!("my-{id}"),
        id => id,
    }
}

impl Draft {
    /// Drafts a layout for lines and the files beside them. Names and words only, and cells that were made up.
    ///
    /// # Errors
    /// What is wrong with the drafted text, which tests exclude.
    pub fn of(look: &Look, others: &[Beside], id: &str, hints: &Hints) -> Result<Self, String> {
        let base = Layout::open(BASE).map_err(|error| error.to_string())?;
        let unmet =
            base.requires.iter().filter(|needed| !needed.any_of.iter().any(|column| has(look, others, *column)));
        let refused: Vec<String> = unmet.map(|needed| needed.why.clone()).collect();
        let body = [
            head(look, id),
            dialect(look, others),
            columns(look, others),
            beside::keys(look, others),
            requires(),
            dates(look, others),
            words(look, others, hints),
            beside::companions(others),
        ]
        .concat();
        let text = format!("{body}\n{}", example::of(look, others, hints));
        if !refused.is_empty() {
            return Ok(Self { text, layout: None, refused });
        }
        let read = |text: &str| Layout::parse(id, text).map_err(|error| error.to_string());
        let layout = read(&text)?;
        if crate::intake::example::differences(&layout).is_empty() {
            return Ok(Self { text, layout: Some(layout), refused });
        }
        let text = format!(
            "{body}\n# No example could be made of this header. Add one: a header, a record, what must be read.\n"
        );
        Ok(Self { layout: Some(read(&text)?), text, refused })
    }
}

/// Whether the lines or a file beside them tell a column.
fn has(look: &Look, others: &[Beside], column: Column) -> bool {
    look.has(column) || others.iter().any(|other| other.has(column))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| quoted(name)).collect();
    format!("[{}]", names.join(", "))
}

/// A text in a comment: one line.
fn in_comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn head(look: &Look, id: &str) -> String {
    format!(
        "# Drafted by `ivig-audit inspect` from {} records: names of the header, shapes of the cells, no cell.\n\
         # These are suggestions. Read each line, correct what is wrong, and run `ivig-audit layouts check` on this file.\n\
         id      = {}\nversion = \"0.1.0\"\nlabel   = {}\nbasis   = \"Drafted from header names and shapes of cells; not yet reviewed\"\n",
        look.records,
        quoted(id),
        quoted(&format!("Export {id}, as drafted")),
    )
}

fn dialect(look: &Look, others: &[Beside]) -> String {
    let seen = &look.seen;
    let mut delimiters = vec![char::from(seen.delimiter).to_string()];
    for other in others.iter().map(|other| char::from(other.look.seen.delimiter).to_string()) {
        if !delimiters.contains(&other) {
            delimiters.push(other);
        }
    }
    let mut text = format!(
        "\n[dialect]                                # {}\ndelimiters = {}\n",
        seen.in_words(),
        list(&delimiters)
    );
    match seen.quote {
        Some(_) => text.push_str("quote      = \"\\\"\"\n"),
        None => text.push_str("# No `quote`: no field is wrapped in quotes, and quotes stand alone in fields.\n"),
    }
    let _ = writeln!(text, "allow-trailing-delimiter = {}", seen.trailing);
    if seen.is_windows_1252() {
        let _ =
            writeln!(text, "encoding   = \"windows-1252\"             # CHECK: {} lines are not UTF-8", seen.not_utf8);
    } else if seen.not_utf8 > 0 {
        let _ = writeln!(text, "# CHECK: {} lines are not UTF-8, and others are", seen.not_utf8);
    }
    if !seen.header {
        text.push_str(
            "# The first line holds values, so there is no header line. These names stand for the fields in order:\n",
        );
        let _ = writeln!(text, "header     = {}", list(&look.header));
    }
    if look.has(Column::IndicationText) && seen.quote.is_some() {
        text.push_str("spans      = [\"indication_text\"]        # its quoted fields may run over several lines\n");
    }
    text
}

fn columns(look: &Look, others: &[Beside]) -> String {
    let mut text = "\n[columns]\n".to_owned();
    for (column, value, reason) in named(look) {
        let _ = writeln!(text, "{:<16} = {value:<24} # {reason}", column.as_str());
    }
    if !look.tells_product() {
        text.push_str(
            "# FILL IN: nothing tells a product. Name the column of one of these, and take the `#` off:\n\
             # product_code     = [\"...\"]\n# ndc              = [\"...\"]\n# product_name     = [\"...\"]\n",
        );
    }
    let tells = [Column::Dx, Column::Diagnoses, Column::IndicationText];
    if !tells.into_iter().any(|column| has(look, others, column)) {
        text.push_str(
            "# FILL IN: nothing tells a diagnosis. Name the column of one of these, and take the `#` off:\n\
             # dx               = [\"...\"]\n# diagnoses        = [\"...\"]\n# indication_text  = [\"...\"]\n",
        );
    }
    let unused: Vec<usize> = look
        .unused()
        .filter(|field| !others.iter().any(|other| other.key.is_some_and(|key| key.lines == *field)))
        .collect();
    if !unused.is_empty() {
        text.push_str("# Not used:\n");
    }
    for field in unused {
        let _ = writeln!(text, "#   {}: {}", in_comment(&look.header[field]), look.cells[field].in_words());
    }
    text
}

/// The columns that are suggested, each with its header names as TOML and why.
fn named(look: &Look) -> Vec<(Column, String, String)> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(first) = look.suggestions.get(at) {
        let same = look.suggestions[at..].iter().take_while(|each| each.column == first.column).count();
        let own = &look.suggestions[at..at + same];
        let names: Vec<String> = own.iter().map(|each| look.header[each.field].clone()).collect();
        let value = if takes_several(first.column) { several(&names) } else { list(&names) };
        all.push((first.column, value, reason(own)));
        at += same;
    }
    all
}

fn reason(own: &[Suggestion]) -> String {
    let surest = own.iter().min_by_key(|each| each.means);
    surest.map(|each| in_comment(&format!("{} ({})", each.means.in_words(), each.why))).unwrap_or_default()
}

/// Several names of one column: one run of numbers if they are that, or all of them.
fn several(names: &[String]) -> String {
    let runs = runs(names);
    match &runs[..] {
        [_] => list(&runs),
        _ => format!("{{ every = {} }}", list(&runs)),
    }
}

/// Names of one stem with consecutive numbers.
struct Run {
    /// The first name, as written.
    name: String,
    /// The stem, with a mark where the number stands, and the first and last number.
    numbers: Option<(String, u32, u32)>,
}

/// Names that differ by consecutive numbers as one run each.
fn runs(names: &[String]) -> Vec<String> {
    let mut runs: Vec<Run> = Vec::new();
    for name in names {
        let number = numbered(name);
        if let (Some((stem, number)), Some(Run { numbers: Some((run, _, last)), .. })) = (&number, runs.last_mut())
            && run == stem
            && *last + 1 == *number
        {
            *last = *number;
            continue;
        }
        runs.push(Run { name: name.clone(), numbers: number.map(|(stem, number)| (stem, number, number)) });
    }
    let written = |run: Run| match run.numbers {
        Some((stem, first, last)) if first < last => stem.replacen('\0', &format!("{{{first}..{last}}}"), 1),
        _ => run.name,
    };
    runs.into_iter().map(written).collect()
}

/// The lines of the base layout under a heading, each time it stands there.
fn copied(heading: &str) -> String {
    let text = builtin_text(BASE).unwrap_or_default();
    let mut inside = false;
    let mut copied = String::new();
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line.starts_with(heading);
        }
        if inside && !line.trim().is_empty() && !line.starts_with('#') {
            let _ = writeln!(copied, "{line}");
        }
    }
    copied
}

fn requires() -> String {
    format!("\n{}", copied("[[requires]]"))
}

/// Words of the base layout, and of the words for a code system that were seen those that another layout knows.
fn words(look: &Look, others: &[Beside], hints: &Hints) -> String {
    let base = Layout::open(BASE).map(|base| base.version_words).unwrap_or_default();
    let mut more: [Vec<&String>; 2] = [Vec::new(), Vec::new()];
    let mut open = Vec::new();
    for look in std::iter::once(look).chain(others.iter().map(|other| &other.look)) {
        let held = look.suggestions.iter().filter(|each| each.column == Column::DxVersion);
        for word in held.flat_map(|each| &look.cells[each.field].versions) {
            let is_known = base.icd10.iter().chain(&base.icd9).any(|known| known == word);
            let list = match hints.version_words.get(word) {
                Some(Some(true)) => &mut more[0],
                Some(Some(false)) => &mut more[1],
                _ => &mut open,
            };
            if !is_known && !list.contains(&word) {
                list.push(word);
            }
        }
    }
    let mut text = format!("\n# Words as in the layout `{BASE}`; yours may differ.\n");
    for line in copied("[version-words]").lines() {
        let key = line.split('=').next().unwrap_or_default().trim();
        let seen = ["icd10", "icd9"].iter().position(|own| *own == key).map(|at| &more[at]);
        match (line.rsplit_once(']'), seen) {
            (Some((front, _)), Some(seen)) if !seen.is_empty() => {
                let seen: Vec<String> = seen.iter().map(|word| quoted(word)).collect();
                let _ = writeln!(
                    text,
                    "{front}, {}]   # the last {} as seen in this export: CHECK",
                    seen.join(", "),
                    seen.len()
                );
            }
            _ => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    if !open.is_empty() {
        let open: Vec<String> = open.iter().map(|word| quoted(word)).collect();
        let _ =
            writeln!(text, "# CHECK: seen too, and shipped layouts do not agree on what it means: {}", open.join(", "));
    }
    format!("{text}\n{}", copied("[decision-words]"))
}

fn is_day(each: &Suggestion) -> bool {
    matches!(each.column, Column::ServiceDate | Column::BirthDate)
}

fn dates(look: &Look, others: &[Beside]) -> String {
    let looks = || std::iter::once(look).chain(others.iter().filter(|other| other.joins()).map(|other| &other.look));
    let mapped =
        looks().flat_map(|look| look.suggestions.iter().filter(|each| is_day(each)).map(move |each| (look, each)));
    let mut forms: Vec<&str> = Vec::new();
    let mut text = "\n[dates]\n".to_owned();
    for (look, each) in mapped {
        let seen = &look.cells[each.field].dates;
        let own = seen.readable();
        let words = if own.is_empty() { "none that is read".to_owned() } else { own.join(", ") };
        let _ = writeln!(text, "# {}: forms seen: {words}", in_comment(&look.header[each.field]));
        for remark in seen.remarks() {
            let _ = writeln!(text, "#   {remark}");
        }
        forms.extend(own.into_iter().filter(|form| !forms.contains(form)).collect::<Vec<_>>());
    }
    if let (Some(day_first), true) =
        (forms.iter().position(|form| *form == DAY_FIRST), forms.iter().any(|form| MONTH_FIRST.contains(form)))
    {
        // No layout may read the same cell by its day and by its month first.
        let says = |look: &Look| {
            look.suggestions.iter().any(|each| is_day(each) && look.cells[each.field].dates.second_over_12 > 0)
        };
        let month_first = looks().any(says);
        if month_first {
            forms.remove(day_first);
        } else {
            forms.retain(|form| !MONTH_FIRST.contains(form));
        }
        text.push_str("# CHECK: the columns do not agree on day first or month first.\n");
    }
    let base = copied("[dates]");
    for line in base.lines().skip(1) {
        match line.split_once('=') {
            Some((key, _)) if key.trim() == "forms" && !forms.is_empty() => {
                let forms: Vec<String> = forms.iter().map(|form| quoted(form)).collect();
                let _ = writeln!(text, "forms     = [{}]", forms.join(", "));
            }
            _ => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_letters_digits_and_hyphens_and_is_no_shipped_one() {
        assert_eq!(layout_id("/in/Hospital Export_2024.csv.gz"), "hospital-export-2024");
        assert_eq!(
            (layout_id("generic.csv"), layout_id("-"), layout_id(".csv")),
            ("my-generic".into(), "my-export".into(), "csv".into())
        );
    }

    #[test]
    fn names_with_consecutive_numbers_are_one_run() {
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(several(&names(&["DX1_CD", "DX2_CD", "DX3_CD"])), "[\"DX{1..3}_CD\"]");
        assert_eq!(several(&names(&["MAIN", "ICD10_2", "ICD10_3"])), "{ every = [\"MAIN\", \"ICD10_{2..3}\"] }");
        assert_eq!(several(&names(&["DX01", "DX02"])), "{ every = [\"DX01\", \"DX02\"] }");
        assert_eq!(several(&names(&["only"])), "[\"only\"]");
    }

    #[test]
    fn texts_are_written_as_toml_reads_them() {
        for text in ["a\"b\\c", "tab\there", "bell\u{7}", "ä"] {
            let table: std::collections::BTreeMap<String, String> =
                toml::from_str(&format!("x = {}", quoted(text))).unwrap();
            assert_eq!(table["x"], text);
        }
    }

    #[test]
    fn what_a_draft_copies_is_in_the_base_layout() {
        assert_eq!(copied("[[requires]]").matches("any-of").count(), 2);
        assert!(copied("[version-words]").contains("icd10") && copied("[dates]").contains("sentinels"));
    }
}
