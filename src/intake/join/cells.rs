//! Which fields of a header hold a column or a key, and what they say in one record.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::codes::{is_null_token, trim_cell};
use crate::intake::binding::{Column, comparable, expanded};
use crate::intake::layout::{Layout, Names, Several};

/// What stands between texts that are joined: the end of a sentence, so that no phrase runs from one into the next.
const SENTENCE_END: &str = ". ";

/// The fields of one column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cells {
    /// Field indices, each with its place among all names that the layout accepts.
    pub fields: Vec<(usize, usize)>,
    /// How many names the layout accepts, so that two parallel columns are known.
    pub names: usize,
    rule: Rule,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Rule {
    #[default]
    First,
    Filled,
    Every,
}

/// The columns of one header.
pub(super) type ColumnMap = BTreeMap<Column, Cells>;

impl Cells {
    /// The fields that `names` have in a header; `None` if it has none of them.
    pub fn bind(names: &Names, header: &[String]) -> Option<Self> {
        let present = |names: &[String]| -> Vec<(usize, usize)> {
            let names = names.iter().flat_map(|name| expanded(name)).enumerate();
            names
                .filter_map(|(place, name)| {
                    let name = comparable(&name);
                    Some((header.iter().position(|other| comparable(other) == name)?, place))
                })
                .collect()
        };
        let (fields, count, rule) = match names {
            Names::First(aliases) => {
                let bound = aliases.iter().map(|alias| (present(std::slice::from_ref(alias)), expanded(alias).len()));
                let (fields, count) = bound.into_iter().find(|(fields, _)| !fields.is_empty())?;
                (fields, count, Rule::First)
            }
            Names::Several(Several::Filled(names)) => (present(names), names.len(), Rule::Filled),
            Names::Several(Several::Every(names)) => {
                (present(names), names.iter().map(|name| expanded(name).len()).sum(), Rule::Every)
            }
        };
        (!fields.is_empty()).then_some(Self { fields, names: count, rule })
    }

    /// The fields of a key: the first of its names that the header has.
    pub fn of_key(names: &[String], header: &[String]) -> Option<Self> {
        Self::bind(&Names::First(names.to_vec()), header)
    }

    /// What a record says in a column of one value: trimmed, nothing if it is empty or a word for nothing.
    pub fn value<'f>(&self, empty: &Nulls<'_>, field: &dyn Fn(usize) -> &'f [u8]) -> Option<Cow<'f, [u8]>> {
        let mut values = self.fields.iter().map(|(at, _)| empty.filled(field(*at)));
        match self.rule {
            Rule::First => values.next().flatten().map(Cow::Borrowed),
            Rule::Filled => values.find_map(|value| value).map(Cow::Borrowed),
            Rule::Every => {
                let values: Vec<&[u8]> = values.flatten().collect();
                match values[..] {
                    [] => None,
                    [one] => Some(Cow::Borrowed(one)),
                    _ => Some(Cow::Owned(values.join(SENTENCE_END.as_bytes()))),
                }
            }
        }
    }

    /// What a record says in each of the fields that is filled.
    pub fn filled<'f>(&self, empty: &Nulls<'_>, field: &dyn Fn(usize) -> &'f [u8]) -> Vec<&'f [u8]> {
        self.fields.iter().filter_map(|(at, _)| empty.filled(field(*at))).collect()
    }

    /// Whether a record says anything in any of the fields.
    pub fn is_filled<'f>(&self, empty: &Nulls<'_>, field: &dyn Fn(usize) -> &'f [u8]) -> bool {
        self.fields.iter().any(|(at, _)| empty.filled(field(*at)).is_some())
    }
}

/// The spellings of "nothing" in one column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nulls<'a> {
    everywhere: Option<&'a Vec<String>>,
    here: Option<&'a Vec<String>>,
}

impl<'a> Nulls<'a> {
    /// Those of a column or key of a layout.
    pub fn of(layout: &'a Layout, name: &str) -> Self {
        Self { everywhere: layout.nulls.get("any"), here: layout.nulls.get(name) }
    }

    /// The trimmed cell, unless it says nothing. A cell that is no UTF-8 is left as it is.
    pub fn filled<'f>(&self, cell: &'f [u8]) -> Option<&'f [u8]> {
        let Ok(text) = std::str::from_utf8(cell) else { return Some(cell) };
        let trimmed = trim_cell(text);
        let mut words = self.everywhere.into_iter().chain(self.here).flatten();
        let says_nothing = is_null_token(trimmed) || words.any(|word| word.eq_ignore_ascii_case(trimmed));
        (!says_nothing).then_some(trimmed.as_bytes())
    }
}

/// The columns that a layout's names find in a header.
pub(super) fn bind_columns(columns: &BTreeMap<Column, Names>, header: &[String]) -> ColumnMap {
    columns.iter().filter_map(|(column, names)| Some((*column, Cells::bind(names, header)?))).collect()
}

/// The column of that name, if the name of a key is one.
pub(super) fn column_named(name: &str) -> Option<Column> {
    use serde::Deserialize;
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};
    let word: StrDeserializer<'_, Error> = name.into_deserializer();
    Column::deserialize(word).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &str) -> Vec<String> {
        names.split(',').map(str::to_owned).collect()
    }

    fn names(toml: &str) -> Names {
        #[derive(serde::Deserialize)]
        struct Holder {
            names: Names,
        }
        toml::from_str::<Holder>(&format!("names = {toml}")).unwrap().names
    }

    #[test]
    fn a_run_keeps_the_numbers_of_its_names_where_some_are_absent() {
        let cells = Cells::bind(&names(r#"["dx{1..4}"]"#), &header("id,DX_1,dx3")).unwrap();
        assert_eq!((cells.fields, cells.names), (vec![(1, 0), (2, 2)], 4));
        assert_eq!(Cells::bind(&names(r#"["dx{1..4}"]"#), &header("id")), None);
    }

    #[test]
    fn the_first_the_filled_and_every_name_are_three_things() {
        let (header, record) = (header("a,b,c"), [&b" "[..], b" two ", b"three"]);
        let layout = Layout::builtin().unwrap().remove(0);
        let value = |toml: &str| {
            let cells = Cells::bind(&names(toml), &header).unwrap();
            let value = cells.value(&Nulls::of(&layout, "x"), &|at| record[at]);
            value.map(|value| String::from_utf8(value.into_owned()).unwrap())
        };
        assert_eq!(value(r#"["z", "a", "b"]"#), None);
        assert_eq!(value(r#"["b", "a"]"#).as_deref(), Some("two"));
        assert_eq!(value(r#"{ filled = ["a", "b", "c"] }"#).as_deref(), Some("two"));
        assert_eq!(value(r#"{ every = ["a", "b", "c"] }"#).as_deref(), Some("two. three"));
    }

    #[test]
    fn a_column_is_known_by_its_word() {
        assert_eq!(column_named("patient_id"), Some(Column::PatientId));
        assert_eq!(column_named("stay"), None);
    }
}
