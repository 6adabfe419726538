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
    for families in families.chunk_by(|(_, one, _), (_, other, _)| one == other) {
        let Some((_, family, _)) = families.first() else { continue };
        let same =
            |number: usize| Some((number, atoms.homes[number]?)).filter(|_| !atoms.of_figures[number].is_empty());
        let image = |(number, home): (usize, usize)| atoms.image(&atoms.of_figures[number], home, *family);
        let images: Vec<Vec<usize>> =
            (0..figures.len()).map(|number| same(number).and_then(image).unwrap_or_default()).collect();
        for total in (0..figures.len()).filter(|total| !is_small[*total] && !images[*total].is_empty()) {
            let is_inside = marked(&images[total], atoms.count);
            let table = Table { atoms, figures, is_small, amounts, total, images: &images, is_inside: &is_inside };
            found.extend(families.iter().flat_map(|(.., members)| table.remainders(members)));
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
    /// The atoms of each figure in the partition of the parts, where that can tell them; else none.
    images: &'it [Vec<usize>],
    /// For each atom whether it is one of the total's.
    is_inside: &'it [bool],
}

impl Table<'_> {
    fn remainders(&self, members: &[usize]) -> Vec<Vec<usize>> {
        let of = &self.atoms.of_figures;
        let inside = |part: &&usize| {
            of[**part].len() < self.images[self.total].len() && of[**part].iter().all(|atom| self.is_inside[*atom])
        };
        let parts: Vec<usize> = members.iter().filter(inside).copied().collect();
        // Zeros are shown, so each part that is withheld is known to have an order at least.
        let some = |part: &&usize| self.is_small[**part] && self.figures[**part].measures.orders > 0;
        let withheld = parts.iter().filter(some).count() as u64;
        let large: Vec<usize> = parts.iter().filter(|part| !self.is_small[**part]).copied().collect();
        let together: BTreeSet<usize> = parts.iter().flat_map(|part| &of[*part]).copied().collect();
        let are_apart = together.len() == parts.iter().map(|part| of[*part].len()).sum::<usize>();
        // Parts that overlap cannot all be taken away; each of them can.
        if are_apart {
            return self.remainder(&large, withheld).into_iter().collect();
        }
        large.iter().filter_map(|part| self.remainder(std::slice::from_ref(part), 0)).collect()
    }

    /// What these parts leave of the total, unless it is nothing, all of it, or certainly not small: the sum of so many
    /// parts that none of them can have more than a few orders is.
    fn remainder(&self, taken: &[usize], withheld: u64) -> Option<Vec<usize>> {
        if taken.is_empty() {
            return None;
        }
        let gone: BTreeSet<usize> = taken.iter().flat_map(|part| &self.atoms.of_figures[*part]).copied().collect();
        let left: Vec<usize> = self.images[self.total].iter().filter(|atom| !gone.contains(atom)).copied().collect();
        let count = |measure: Count| {
            let taken: u64 = taken.iter().map(|part| measure(&self.figures[*part].measures)).sum();
            measure(&self.figures[self.total].measures).saturating_sub(taken)
        };
        let most_of_one = count(|all| all.orders).saturating_sub(withheld.saturating_sub(1));
        let few_orders = most_of_one <= SMALL || self.amounts.iter().any(|amount| is_few(count(*amount)));
        // Patients do not add up, but so many at least are in no part that was taken away.
        let patients_known = self.figures[self.total].measures.patients > 0;
        let few = few_orders || patients_known && count(|all| all.patients) <= SMALL && !self.holds_many(&left);
        (!left.is_empty() && few).then_some(left)
    }

    /// Whether some figure is within these atoms that has more than a few patients, of whatever cut it is.
    fn holds_many(&self, left: &[usize]) -> bool {
        let many = |number: &usize| self.figures[*number].measures.patients > SMALL && !self.images[*number].is_empty();
        let within = |number: usize| self.images[number].iter().all(|atom| left.binary_search(atom).is_ok());
        (0..self.figures.len()).filter(many).any(within)
    }
}
