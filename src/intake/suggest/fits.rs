//! Which layouts come near a header, and what each finds, misses and nearly finds there.

use crate::intake::Role;
use crate::intake::binding::comparable;
use crate::intake::layout::{Companion, Fits, Layout, Requirement};

/// Most layouts that are named.
const FITS_MAX: usize = 3;
/// Most near names of one layout that are told.
const NEAR_MAX: usize = 5;
/// Fewest letters of a name that counts as near because it is part of another.
const PART: usize = 3;

/// What one layout makes of a header. Header names only; no record was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The layout's place among those given.
    pub layout: usize,
    /// Header names that one of its columns reads.
    pub found: Vec<String>,
    /// Header names by which the layout is told and that are missing, or must not be there and are.
    pub untold: Vec<String>,
    /// What it needs and does not find: why, and the names that would do.
    pub missing: Vec<(String, Vec<String>)>,
    /// Files that would bring what is missing, if they alone would.
    pub beside: Vec<Role>,
    /// Header names that come near a missing one.
    pub near: Vec<(String, String)>,
}

impl Fit {
    /// Whether the layout can read the file.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.untold.is_empty() && self.missing.is_empty()
    }
}

/// At most three layouts that find something in a header beside files of the roles `given`, the best first.
#[must_use]
pub fn best(header: &[String], layouts: &[Layout], given: &[Role]) -> Vec<Fit> {
    let mut fits: Vec<Fit> = layouts.iter().enumerate().map(|(at, layout)| fit(header, at, layout, given)).collect();
    fits.retain(|fit| !fit.found.is_empty());
    fits.sort_by_key(|fit| {
        (!fit.is_whole(), !fit.untold.is_empty(), fit.missing.len(), usize::MAX - fit.found.len(), fit.layout)
    });
    fits.truncate(FITS_MAX);
    fits
}

fn fit(header: &[String], at: usize, layout: &Layout, given: &[Role]) -> Fit {
    let binding = layout.bind(header);
    let found = (0..header.len()).filter(|field| !binding.unmapped.contains(field));
    let accepted = |column| layout.columns.get(column).map(|names| names.accepted().to_vec()).unwrap_or_default();
    let holding = |needed: &Requirement| -> Vec<Role> {
        let holds = |companion: &&Companion| {
            needed.any_of.iter().any(|column| !column.is_product() && companion.columns.contains_key(column))
        };
        let beside = layout.companions.iter().filter(|companion| !companion.again).filter(holds);
        beside.map(|companion| companion.role).collect()
    };
    let unmet = layout.missing_beside(&binding, given);
    let mut missing: Vec<(String, Vec<String>)> = unmet
        .iter()
        .map(|needed| {
            let files = holding(needed).into_iter().map(|role| format!("a file {role}=FILE"));
            (needed.why.clone(), needed.any_of.iter().flat_map(accepted).chain(files).collect())
        })
        .collect();
    let is_lacking = |companion: &&Companion| companion.needed && !companion.again && !given.contains(&companion.role);
    let needed = layout.companions.iter().filter(is_lacking);
    let mut beside: Vec<Role> = needed.clone().map(|companion| companion.role).collect();
    for roles in unmet.iter().map(|needed| holding(needed)) {
        if let Some(role) = roles.first().filter(|_| !roles.iter().any(|role| beside.contains(role))) {
            beside.push(*role);
        }
    }
    if unmet.iter().any(|needed| holding(needed).is_empty()) {
        beside.clear();
    }
    let told = |role: Role| missing.iter().any(|(_, names)| names.contains(&format!("a file {role}=FILE")));
    let untold_files: Vec<(String, Vec<String>)> = needed
        .filter(|companion| !told(companion.role))
        .map(|companion| (companion.label.clone(), vec![format!("a file {}=FILE", companion.role)]))
        .collect();
    missing.extend(untold_files);
    let mut near = Vec::new();
    for wanted in missing.iter().flat_map(|(_, names)| names) {
        let plain = comparable(wanted.split('{').next().unwrap_or(wanted));
        for name in binding.unmapped.iter().filter_map(|field| header.get(*field)) {
            if is_near(&plain, &comparable(name)) && near.iter().all(|(other, _)| other != name) {
                near.push((name.clone(), wanted.clone()));
            }
        }
    }
    near.truncate(NEAR_MAX);
    let untold = layout.recognise.as_ref().map(|fits| untold(header, fits)).unwrap_or_default();
    Fit { layout: at, found: found.map(|field| header[field].clone()).collect(), untold, missing, beside, near }
}

/// What of a recognition does not hold.
fn untold(header: &[String], fits: &Fits) -> Vec<String> {
    let has = |name: &String| header.iter().any(|other| comparable(other) == comparable(name));
    let mut untold: Vec<String> = fits.all_of.iter().filter(|name| !has(name)).cloned().collect();
    if !fits.any_of.is_empty() && !fits.any_of.iter().any(has) {
        untold.push(format!("one of {}", fits.any_of.join(", ")));
    }
    untold.extend(fits.none_of.iter().filter(|name| has(name)).map(|name| format!("no {name}")));
    untold
}

/// The layouts of which a header is that of a companion file: the layout's place and the companion's.
#[must_use]
pub fn companions(header: &[String], layouts: &[Layout]) -> Vec<(usize, usize)> {
    let told = |fits: &Fits| !fits.all_of.is_empty() && untold(header, fits).is_empty();
    layouts
        .iter()
        .enumerate()
        .flat_map(|(at, layout)| layout.companions.iter().enumerate().map(move |(own, companion)| (at, own, companion)))
        .filter(|(_, _, companion)| companion.recognise.as_ref().is_some_and(told))
        .map(|(at, own, _)| (at, own))
        .collect()
}

/// One name is part of the other, or few letters differ.
fn is_near(one: &str, other: &str) -> bool {
    let shorter = one.chars().count().min(other.chars().count());
    let part = shorter >= PART && (one.contains(other) || other.contains(one));
    part || (shorter > PART && distance(one, other) <= shorter / 4)
}

/// Letters to add, drop or exchange until two names are the same.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, own) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        for (place, letter) in other.iter().enumerate() {
            let exchanged = before + usize::from(own != *letter);
            before = row[place + 1];
            row[place + 1] = exchanged.min(before + 1).min(row[place] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_parts_or_differ_in_few_letters() {
        assert!(is_near("hcpcs", "hcpcscd") && is_near("hcpcs", "hcpcz") && is_near("diagnoses", "diagnosis"));
        assert!(!is_near("dx", "dxyz") && !is_near("age", "sex") && !is_near("paid", "payer"));
        assert_eq!((distance("abc", "abc"), distance("abc", "axc"), distance("", "abc")), (0, 1, 3));
    }

    #[test]
    fn the_best_layouts_say_what_they_found_and_miss() {
        let layouts = Layout::builtin().expect("the layouts are valid");
        let header = ["ENC", "DOB", "HCPCS_CD", "DIAG1"].map(str::to_owned);
        let fits = best(&header, &layouts, &[]);
        let generic = fits.iter().find(|fit| layouts[fit.layout].id == "generic").expect("it finds the birth date");
        assert_eq!(generic.found, ["DOB"]);
        assert!(!generic.is_whole() && generic.missing.len() == 2, "{generic:?}");
        assert!(generic.near.iter().any(|(name, wanted)| name == "HCPCS_CD" && wanted == "hcpcs"), "{generic:?}");
    }
}
