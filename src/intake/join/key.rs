//! Keys: which cells of a record make one, and how two files come to write the same.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::cells::{Cells, Nulls, bind_columns, column_named};
use crate::intake::binding::Column;
use crate::intake::identifier::{self, Identifier};
use crate::intake::layout::{Companion, Join, Layout, Names};

/// The bytes of a composite key. Each part has its length before it, so that `1|23` and `12|3` are two keys.
pub(super) type Key = Box<[u8]>;

/// The names on which a layout's files join, each once, in the order in which the layout names them.
pub(super) fn names_of(layout: &Layout) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in layout.companions.iter().flat_map(|companion| &companion.joins).flat_map(|join| &join.on) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The fields of each key name in one header, by the name's number.
pub(super) fn bind_keys(
    names: &[String],
    keys: &BTreeMap<String, Vec<String>>,
    columns: &BTreeMap<Column, Names>,
    header: &[String],
) -> Vec<Option<Cells>> {
    let bound = bind_columns(columns, header);
    let one = |name: &String| match keys.get(name) {
        Some(names) => Cells::of_key(names, header),
        None => column_named(name).and_then(|column| bound.get(&column).cloned()),
    };
    names.iter().map(one).collect()
}

/// The header names that a key may have in a companion, for messages.
pub(super) fn accepted(companion: &Companion, name: &str) -> Vec<String> {
    accepted_in(&companion.keys, &companion.columns, name)
}

/// The header names that a key may have.
pub(super) fn accepted_in(
    keys: &BTreeMap<String, Vec<String>>,
    columns: &BTreeMap<Column, Names>,
    name: &str,
) -> Vec<String> {
    let column = || column_named(name).and_then(|column| columns.get(&column)).map(Names::accepted);
    keys.get(name).map(Vec::as_slice).or_else(column).unwrap_or_default().to_vec()
}

/// What a record says of a key: nothing, an identifier, or bytes that are no text.
pub(super) fn part<'f>(
    cells: Option<&Cells>,
    empty: &Nulls<'_>,
    field: &dyn Fn(usize) -> &'f [u8],
) -> Result<Option<Cow<'f, [u8]>>, std::str::Utf8Error> {
    let Some(value) = cells.and_then(|cells| cells.value(empty, field)) else { return Ok(None) };
    let identified = match identifier::read(std::str::from_utf8(&value)?) {
        Identifier::Is(id) if id.len() == value.len() => None,
        Identifier::Is(id) => Some(id.as_bytes().to_vec()),
        // The digits that told one id from another are gone, so nothing can be found by it.
        Identifier::Empty | Identifier::Scientific => return Ok(None),
    };
    Ok(Some(identified.map_or(value, Cow::Owned)))
}

/// The composite key of one join, if every part is filled.
pub(super) fn composite<'p>(number: usize, on: &[usize], part: impl Fn(usize) -> Option<Cow<'p, [u8]>>) -> Option<Key> {
    let mut key = Vec::with_capacity(32);
    key.push(u8::try_from(number).ok()?);
    for name in on {
        push(&mut key, &part(*name)?)?;
    }
    Some(key.into_boxed_slice())
}

/// Puts a part behind the others of a key.
pub(super) fn push(key: &mut Vec<u8>, part: &[u8]) -> Option<()> {
    key.extend_from_slice(&u32::try_from(part.len()).ok()?.to_le_bytes());
    key.extend_from_slice(part);
    Some(())
}

/// The numbers of the names of each join of each companion.
pub(super) fn numbered(layout: &Layout, names: &[String]) -> Vec<Vec<Vec<usize>>> {
    let number = |name: &String| names.iter().position(|other| other == name);
    let of_join = |join: &Join| join.on.iter().filter_map(number).collect();
    layout.companions.iter().map(|companion| companion.joins.iter().map(of_join).collect()).collect()
}
