//! Which layouts can read files of given roles.

use super::Joins;
use crate::intake::Role;
use crate::intake::binding::Column;
use crate::intake::layout::{Companion, Layout};

/// The layouts that know every role that was given, ready to be recognised by the header of the lines: what a companion
/// brings is required of the lines no more. A companion that is needed and missing counts as given here, so that the
/// error is about it and not about a column; [`needed`] finds it afterwards.
#[must_use]
pub fn joining(layouts: &[Layout], given: &[(Role, &[u8])]) -> Vec<Layout> {
    let knows = |layout: &&Layout| given.iter().all(|(role, _)| has(layout, *role));
    let mut joining: Vec<Layout> = layouts.iter().filter(knows).cloned().collect();
    for layout in &mut joining {
        let columns = brought(layout, given);
        layout.requires.retain(|required| !required.any_of.iter().any(|column| columns.contains(column)));
    }
    joining
}

/// Whether a layout has a file of this role beside its lines.
#[must_use]
pub fn has(layout: &Layout, role: Role) -> bool {
    layout.companions.iter().any(|companion| companion.role == role && !companion.again)
}

/// A companion without which nothing can be audited and that is not among the roles given.
#[must_use]
pub fn needed<'l>(layout: &'l Layout, given: &[Role]) -> Option<&'l Companion> {
    layout.companions.iter().find(|companion| companion.needed && !companion.again && !given.contains(&companion.role))
}

/// How to give a companion, for the error that asks for it.
#[must_use]
pub fn how_to_give(layout: &Layout, companion: &Companion) -> String {
    let mut names: Vec<&str> = companion.recognise.iter().flat_map(|fits| &fits.all_of).map(String::as_str).collect();
    let keys = companion.keys.values().filter_map(|names| names.first());
    let columns = companion.columns.values().filter_map(|names| names.accepted().first());
    for name in keys.chain(columns) {
        if !names.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    format!(
        "layout `{}` needs `{role}`, {}: give it beside the lines as {role}=PATH (its header has columns such as {})",
        layout.id,
        companion.label,
        names.join(", "),
        role = companion.role
    )
}

fn brought(layout: &Layout, given: &[(Role, &[u8])]) -> Vec<Column> {
    let joins = Joins::new(layout);
    let bound = given.iter().filter_map(|(role, header)| joins.open(*role, header).ok());
    let mut columns: Vec<Column> = bound.flat_map(|(_, binding)| binding.columns().collect::<Vec<_>>()).collect();
    let roles: Vec<Role> = given.iter().map(|(role, _)| *role).collect();
    let missing = |companion: &&Companion| companion.needed && !roles.contains(&companion.role);
    columns.extend(layout.companions.iter().filter(missing).flat_map(|companion| companion.columns.keys().copied()));
    columns
}
