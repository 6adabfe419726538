//! What is left of a total when every part that may be shown is taken from it.
//!
//! Where several parts are withheld, the total less the parts that are shown is their sum. If that is of few orders or few
//! patients, or its grams or money are those of few orders, it is as telling as any of them, and must not be worked out
//! either.

use std::collections::BTreeSet;

use super::atoms::Atoms;
use super::{Count, Figure, SMALL, is_few};

/// The sets of atoms that are such remainders, each once.
pub(super) fn remainders(
    atoms: &Atoms,
    figures: &[Figure],
    is_small: &[bool],
    amounts: &[Count],
) -> BTreeSet<Vec<usize>> {
    let mut families: Vec<(&str, usize, Vec<usize>)> = Vec::new();
    for (number, figure) in figures.iter().enumerate() {
        let Some(home) = atoms.homes[number].filter(|_| !atoms.of_figures[number].is_empty()) else { continue };
        let cut = figure.id.split('/').next().unwrap_or_default();
        match families.iter_mut().find(|(name, at, _)| (*name, *at) == (cut, home)) {
            Some((.., members)) => members.push(number),
            None => families.push((cut, home, vec![number])),
        }
    }
    families.sort_by_key(|(_, home, _)| *home);
    let mut found = BTreeSet::new();
    for total in (0..figures.len()).filter(|total| !is_small[*total] && !atoms.of_figures[*total].is_empty()) {
        let Some(home) = atoms.homes[total] else { continue };
        let mut at = None;
        let (mut whole, mut is_inside) = (Vec::new(), Vec::new());
        for (_, family, members) in &families {
            if at.replace(*family) != Some(*family) {
                whole = atoms.image(&atoms.of_figures[total], home, *family).unwrap_or_default();
                is_inside = marked(&whole, atoms.count);
            }
            let table = Table {
                atoms,
                figures,
                is_small,
                amounts,
                total,
                whole: &whole,
                is_inside: &is_inside,
                family: *family,
            };
            found.extend(table.remainders(members));
        }
    }
    found
}

/// For each atom whether it is one of these.
fn marked(these: &[usize], count: usize) -> Vec<bool> {
    let mut marked = vec![false; count];
    for atom in these {
        marked[*atom] = true;
    }
    marked
}

/// A total, and the parts that one way of cutting the orders makes of it.
struct Table<'it> {
    atoms: &'it Atoms,
    figures: &'it [Figure],
    is_small: &'it [bool],
    /// Of how many orders an amount is, of each amount that is shown.
    amounts: &'it [Count],
    total: usize,
    /// The atoms of the total in the partition of the parts.
    whole: &'it [usize],
    /// For each atom whether it is one of them.
    is_inside: &'it [bool],
    family: usize,
}

impl Table<'_> {
    fn remainders(&self, members: &[usize]) -> Vec<Vec<usize>> {
        let of = &self.atoms.of_figures;
        let inside =
            |part: &&usize| of[**part].len() < self.whole.len() && of[**part].iter().all(|atom| self.is_inside[*atom]);
        let parts: Vec<usize> = members.iter().filter(inside).copied().collect();
        let large: Vec<usize> = parts.iter().filter(|part| !self.is_small[**part]).copied().collect();
        let together: BTreeSet<usize> = parts.iter().flat_map(|part| &of[*part]).copied().collect();
        let are_apart = together.len() == parts.iter().map(|part| of[*part].len()).sum::<usize>();
        // Parts that overlap cannot all be taken away; each of them can.
        let taken: Vec<&[usize]> =
            if are_apart { vec![large.as_slice()] } else { large.iter().map(std::slice::from_ref).collect() };
        taken.into_iter().filter_map(|taken| self.remainder(taken)).collect()
    }

    /// What these parts leave of the total, unless it is nothing, all of it, or certainly not small.
    fn remainder(&self, taken: &[usize]) -> Option<Vec<usize>> {
        if taken.is_empty() {
            return None;
        }
        let gone: BTreeSet<usize> = taken.iter().flat_map(|part| &self.atoms.of_figures[*part]).copied().collect();
        let left: Vec<usize> = self.whole.iter().filter(|atom| !gone.contains(atom)).copied().collect();
        let count = |measure: Count| {
            let taken: u64 = taken.iter().map(|part| measure(&self.figures[*part].measures)).sum();
            measure(&self.figures[self.total].measures).saturating_sub(taken)
        };
        let few_orders = count(|all| all.orders) <= SMALL || self.amounts.iter().any(|amount| is_few(count(*amount)));
        // Patients do not add up, but so many at least are in no part that was taken away.
        let patients_known = self.figures[self.total].measures.patients > 0;
        let few = few_orders || patients_known && count(|all| all.patients) <= SMALL && !self.holds_many(&left);
        (!left.is_empty() && few).then_some(left)
    }

    /// Whether some figure is within these atoms that has more than a few patients.
    fn holds_many(&self, left: &[usize]) -> bool {
        let many = |number: &usize| {
            self.figures[*number].measures.patients > SMALL
                && self.atoms.homes[*number] == Some(self.family)
                && !self.atoms.of_figures[*number].is_empty()
        };
        let within = |number: usize| self.atoms.of_figures[number].iter().all(|atom| left.binary_search(atom).is_ok());
        (0..self.figures.len()).filter(many).any(within)
    }
}
