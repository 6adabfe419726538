//! The rule files as plain values.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ivig_audit::rules::RuleFiles;
use toml::Value;

pub type Assignment = BTreeMap<String, String>;

pub struct Files {
    pub ruleset: Value,
    pub facts: Vec<Value>,
    /// By id, which is also the order of ruleset rows.
    pub indications: BTreeMap<String, Value>,
    /// List id to its rows: the code without its dot, and whether it is a prefix.
    pub lists: BTreeMap<String, Vec<(String, bool)>>,
}

pub static FILES: LazyLock<Files> = LazyLock::new(|| {
    let files = RuleFiles::builtin();
    let parse = |path: &str| -> Value { toml::from_str(files.get(path).expect("the file ships")).expect("it is TOML") };
    let indications = files.below("aanem-2023/indications").map(|(path, _)| parse(path));
    let mut lists = BTreeMap::new();
    for (path, text) in files.below("codes").filter(|(path, _)| !path.contains("/valid/")) {
        let id = path.trim_start_matches("codes/").trim_end_matches(".csv").to_owned();
        let row = |line: &str| {
            let mut cells = line.split(',').skip(1);
            (cells.next().expect("a code").replace('.', ""), cells.next() == Some("prefix"))
        };
        lists.insert(id, text.lines().skip(1).map(row).collect());
    }
    Files {
        ruleset: parse("aanem-2023/ruleset.toml"),
        facts: array(&parse("aanem-2023/facts.toml"), "fact").to_vec(),
        indications: indications.map(|each| (text(&each, "id").to_owned(), each)).collect(),
        lists,
    }
});

pub fn array<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

pub fn words<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    array(value, key).iter().filter_map(Value::as_str).collect()
}

/// `fact = "value"` pairs under a key.
pub fn terms(value: &Value, key: &str) -> Vec<(String, String)> {
    let table = value.get(key).and_then(Value::as_table);
    let pair = |(fact, value): (&String, &Value)| (fact.clone(), value.as_str().unwrap_or_default().to_owned());
    table.into_iter().flatten().map(pair).collect()
}

pub fn rows(indication: &str) -> &'static [Value] {
    array(&FILES.indications[indication], "row")
}

pub fn rank(recommendation: &str) -> usize {
    let order = words(&FILES.ruleset["policy"], "precedence");
    order.iter().position(|each| *each == recommendation).expect("a known recommendation")
}

pub fn holds(wanted: &[(String, String)], given: &Assignment) -> bool {
    wanted.iter().all(|(fact, value)| given.get(fact) == Some(value))
}

pub fn word(rank: Option<usize>) -> String {
    let order = words(&FILES.ruleset["policy"], "precedence");
    rank.map_or_else(|| "not_addressed".to_owned(), |rank| order[rank].replace('-', "_"))
}
