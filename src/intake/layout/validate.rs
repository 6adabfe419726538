//! What a layout file cannot mean: everything that can be seen before any export is.

use std::collections::{BTreeMap, BTreeSet};

use super::{Companion, Layout, Names, Several, Slots};
use crate::intake::Role;
use crate::intake::binding::{ALL, Column, PRODUCT, comparable, expanded, range};
use crate::intake::date::DateForm;

/// Columns of which every field counts; of the others a record has one value.
const SEVERAL: [Column; 8] = [
    Column::Dx,
    Column::DxVersion,
    Column::Diagnoses,
    Column::LineDx,
    Column::Modifier,
    Column::IndicationText,
    Column::DxName,
    Column::ProductName,
];

impl Layout {
    /// Says what the layout cannot mean.
    pub(super) fn validate(&self) -> Result<(), String> {
        self.dialect_holds()?;
        if self.requires.is_empty() {
            return Err("a layout has at least one [[requires]]".to_owned());
        }
        if let Some((one, other)) = DateForm::clash(&self.dates.forms) {
            return Err(format!("dates: {one:?} and {other:?} read one cell as two days; a layout names one of them"));
        }
        for word in self.nulls.keys().filter(|word| *word != "any") {
            let mut keys = self.keys.keys().chain(self.companions.iter().flat_map(|companion| companion.keys.keys()));
            if !ALL.iter().any(|column| column.as_str() == word) && !keys.any(|key| key == word) {
                return Err(format!("nulls: `{word}` is no column and no key; accepted are these and `any`"));
            }
        }
        columns_hold("columns", &self.columns)?;
        self.conditions_hold()?;
        self.slots.iter().try_for_each(slots_hold)?;
        self.requirements_hold()?;
        self.companions_hold()?;
        self.examples_hold()
    }

    fn dialect_holds(&self) -> Result<(), String> {
        let dialect = &self.dialect;
        let ascii = |c: &char| c.is_ascii() && !matches!(c, '\n' | '\r');
        if dialect.delimiters.is_empty() || !dialect.delimiters.iter().chain(&dialect.quote).all(ascii) {
            return Err(
                "dialect: delimiters and quote are single ASCII characters, and there is at least one delimiter"
                    .to_owned(),
            );
        }
        if dialect.quote.is_some_and(|quote| dialect.delimiters.contains(&quote)) {
            return Err("dialect: the quote is one of the delimiters".to_owned());
        }
        if dialect.quote.is_none() && !dialect.spans.is_empty() {
            return Err("dialect: without a quote no field can span lines".to_owned());
        }
        let names: BTreeSet<String> = dialect.header.iter().map(|name| comparable(name)).collect();
        if names.len() < dialect.header.len() || names.contains("") {
            return Err("dialect: each name of the header is given once, and none is empty".to_owned());
        }
        if dialect.control.iter().any(|word| word.trim().is_empty()) {
            return Err("dialect: a control record is told by a first field that is not empty".to_owned());
        }
        Ok(())
    }

    fn conditions_hold(&self) -> Result<(), String> {
        let of_companions = self.companions.iter().flat_map(|companion| &companion.conditions);
        let of_slots = self.slots.iter().flat_map(|slots| &slots.conditions);
        for own in self.conditions.iter().chain(of_companions).chain(of_slots) {
            if own.any_of.is_empty() && own.none_of.is_empty() {
                return Err(format!("where `{}`: it needs any-of or none-of", own.name));
            }
            if let Some(word) = own.any_of.iter().chain(&own.none_of).find(|word| word.trim() == "*") {
                return Err(format!(
                    "where `{}`: `{word}` holds for every record; letters stand before the `*`",
                    own.name
                ));
            }
        }
        Ok(())
    }

    fn requirements_hold(&self) -> Result<(), String> {
        let bound = |column: &Column| {
            self.columns.contains_key(column)
                || self.slots.iter().any(|slots| slots.columns.contains_key(column))
                || self.companions.iter().any(|companion| companion.columns.contains_key(column))
        };
        for requirement in &self.requires {
            if !requirement.any_of.iter().any(bound) {
                let names: Vec<&str> = requirement.any_of.iter().map(|column| column.as_str()).collect();
                return Err(format!("requires: no column of the layout is one of {}", names.join(", ")));
            }
        }
        Ok(())
    }

    fn companions_hold(&self) -> Result<(), String> {
        // What an earlier companion brings may find a later one.
        let mut known: BTreeSet<String> = self.keys.keys().cloned().collect();
        known.extend(self.columns.keys().map(|column| column.as_str().to_owned()));
        known.extend(self.slots.iter().flat_map(|slots| slots.columns.keys()).map(|column| column.as_str().to_owned()));
        for companion in &self.companions {
            let of = format!("companion `{}`", companion.role);
            if companion.role == Role::Lines && !companion.again {
                return Err(format!("{of}: the lines are no companion of themselves; `again = true` reads them twice"));
            }
            columns_hold(&of, &companion.columns)?;
            joins_hold(&of, companion, &known)?;
            known.extend(companion.keys.keys().cloned());
            known.extend(companion.columns.keys().map(|column| column.as_str().to_owned()));
        }
        Ok(())
    }

    fn examples_hold(&self) -> Result<(), String> {
        match self.examples.iter().find(|example| !example.expects_one_thing()) {
            Some(example) => Err(format!("example `{}`: it has one of expect, lines and outside", example.name)),
            None => Ok(()),
        }
    }
}

/// The keys of a companion's joins are the companion's own, and something that lines or an earlier companion fill.
fn joins_hold(of: &str, companion: &Companion, known: &BTreeSet<String>) -> Result<(), String> {
    if companion.joins.is_empty() {
        return Err(format!("{of}: it needs a [[companion.join]]"));
    }
    for join in &companion.joins {
        if join.on.is_empty() {
            return Err(format!("{of}: a join has at least one key in `on`"));
        }
        for key in &join.on {
            let is_own =
                companion.keys.contains_key(key) || companion.columns.keys().any(|column| column.as_str() == key);
            if !is_own {
                return Err(format!("{of}: it joins on `{key}`, which is none of its own keys and columns"));
            }
            if !known.contains(key) {
                return Err(format!(
                    "{of}: it joins on `{key}`, which neither the lines nor an earlier companion have"
                ));
            }
        }
        let has = |column| companion.columns.contains_key(&column);
        if join.same_product && !PRODUCT.iter().any(|column| has(*column)) {
            return Err(format!("{of}: same-product needs a product column of its own"));
        }
        if join.in_period && !has(Column::PeriodFrom) && !has(Column::PeriodTo) {
            return Err(format!("{of}: in-period needs period_from or period_to"));
        }
        if join.within_days.is_some() && !has(Column::ServiceDate) {
            return Err(format!("{of}: a limit of days needs a service_date of its own"));
        }
    }
    Ok(())
}

fn slots_hold(slots: &Slots) -> Result<(), String> {
    if range(&slots.numbers).is_none() {
        return Err(format!("slots: numbers = \"{}\" is no range of at most 100, as \"1..13\"", slots.numbers));
    }
    if !PRODUCT.iter().any(|column| slots.columns.contains_key(column)) {
        return Err("slots: a group has a product column of its own, by which a line is told".to_owned());
    }
    // What all lines share may stand in for what a line leaves empty; what names a product is the line's own.
    let numbers = range(&slots.numbers).map_or(0, Iterator::count);
    for (column, names) in slots.columns.iter().filter(|(column, _)| numbers > 1 && PRODUCT.contains(column)) {
        if let Some(name) = names.accepted().iter().find(|name| !name.contains("{i}")) {
            return Err(format!("slots: {column}: `{name}` has no `{{i}}` for the number of the line"));
        }
    }
    columns_hold("slots", &slots.columns)
}

fn columns_hold(of: &str, columns: &BTreeMap<Column, Names>) -> Result<(), String> {
    for (column, names) in columns {
        if names.accepted().is_empty() {
            return Err(format!("{of}: {column} has no header names"));
        }
        if let Some(name) = names.accepted().iter().find(|name| !is_run(name)) {
            return Err(format!("{of}: {column}: `{name}` holds no range of at most 100 numbers, as `dx{{1..25}}`"));
        }
        if matches!(names, Names::Several(Several::Every(_))) && !SEVERAL.contains(column) {
            return Err(format!(
                "{of}: {column} has one value in a record; accepted are a list and {{ filled = [...] }}"
            ));
        }
    }
    match (columns.get(&Column::Dx), columns.get(&Column::DxVersion)) {
        (Some(dx), Some(versions)) => versions_hold(of, dx, versions),
        _ => Ok(()),
    }
}

/// The versions are one for all diagnoses, or as many as they.
fn versions_hold(of: &str, dx: &Names, versions: &Names) -> Result<(), String> {
    let numbers = |names: &Names| -> Vec<usize> {
        let runs = names.accepted().iter().map(|name| expanded(name).len());
        match names {
            Names::First(_) => runs.collect(),
            Names::Several(_) => vec![runs.sum()],
        }
    };
    let dx = numbers(dx);
    let parallel = |number: usize| number == 1 || dx.iter().all(|dx| *dx == number);
    if numbers(versions).into_iter().all(parallel) {
        return Ok(());
    }
    Err(format!("{of}: dx_version is one name for all diagnoses, or has as many names as dx"))
}

/// Whether braces in a name, but for the `{i}` of slots, hold a range.
fn is_run(name: &str) -> bool {
    let name = name.replace("{i}", "");
    match (name.split_once('{'), name.contains('}')) {
        (None, false) => true,
        (Some((_, rest)), true) => {
            rest.split_once('}').is_some_and(|(inner, tail)| range(inner).is_some() && !tail.contains(['{', '}']))
        }
        _ => false,
    }
}
