//! What of the figures a reader may see.
//!
//! A cell of 1 to 10 patients could tell who they are, and so could a larger one from which a small one can be worked
//! out. Every figure of orders that a shared page prints goes through here: all of them are handed in first, then it is
//! decided once which are withheld, and only then is anything printed. No other module decides about it.
//!
//! **The rule.** A figure of 1 to 10 patients, or of 1 to 10 orders (they may be of as many patients), is *small*, and
//! so is one whose grams or money are those of 1 to 10 orders. It is withheld, and so is every other figure that would
//! let a reader work it out, by sums over any tables of the page (complementary suppression). A withheld figure looks the
//! same whatever the reason, and never like zero; a zero is nobody's, and stays.
//!
//! **What a reader can work out.** A figure is a sum over cells of a [`Partition`]. The cells are unknowns; figures that
//! are shown are sums of them that are known; and that two partitions take the same orders apart makes the sums over equal
//! values of the columns they share equal. So a figure can be worked out if it is a combination of what is shown and of
//! those equations: [`span`] tells by elimination. Figures are let in one after the other, the largest first, and one is
//! withheld if it would give a small one away; so the smallest of what would give it away is what is missing. What stays
//! withheld can then be worked out in no way, and no more could be shown.
//! Sums of small figures are protected too, where a total less its other parts gives them: [`remainders`].
//!
//! **Four measures, one pattern.** Orders, grams and money add up over cells, so the same elimination holds for each of
//! them. Patients do not: one patient may be in several cells, and a total less its parts says at most that so many
//! patients at least are left. All four measures of a figure are shown or none, so patients are never known of orders that
//! are themselves withheld, and the pattern that is safe for orders is safe for all. Where the whole export has grams or
//! money for 1 to 10 orders only, that measure is shown nowhere, instead of nothing being shown at all.
//!
//! **What it does not do.** It is exact, not approximate: that a withheld figure lies between two bounds may still be
//! told from the others, as from every table with a total. Lists must not be sorted by what they withhold: that is for
//! the sections, which put withheld lines last, by name.
//!
//! **Ages** are on no figure, and on no page for the committee. Should one ever be printed there, those over 89 are to be
//! one group ("90 or older"), since so old a patient may be the only one of a place. The auditor's files
//! (`findings.csv`, `findings.xlsx`, `assessments.parquet`) hold what the records hold.

mod atoms;
mod compared;
mod remainders;
mod span;
mod text;

use std::cmp::Reverse;
use std::collections::HashMap;

use self::atoms::Atoms;
pub(super) use self::compared::{Compared, all_reasons};
use self::span::{Span, sum};
pub use self::text::Texts;
use crate::summary::{Measures, Partition};

/// The largest number of patients, or of orders, that is not shown.
pub const SMALL: u64 = 10;

/// What is printed for a figure that is not shown.
pub const WITHHELD: &str = "withheld";

/// The id of the figure of all orders, which is the last to be withheld.
pub const ALL: &str = "all";

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Many: the page is passed on. Small cells, and whatever they can be worked out from, are withheld.
    Committee,
    /// Those who hold the records themselves.
    Auditor,
}

/// Some orders that a page gives figures of: patients, orders, grams and money, all of them or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// By which the page asks for it, and by which it is found in `summary.json`: the name of the cut, a slash, and the
    /// values of its columns.
    pub id: String,
    /// The partition that takes these orders apart from others.
    pub partition: &'static str,
    /// Its cells that they are.
    pub cells: Vec<usize>,
    /// What they amount to.
    pub measures: Measures,
}

/// What may be shown of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// All of it.
    Whole(Measures),
    /// Only that there are orders: few, or as many as would tell how few others are.
    Withheld,
}

/// Which figures are shown.
#[derive(Debug)]
pub struct Disclosure {
    shown: HashMap<String, Shown>,
    /// Whether grams and money are known of so few orders in all that they are shown nowhere.
    few_grams: bool,
    few_money: bool,
}

impl Disclosure {
    /// Decides about all figures of a page at once.
    #[must_use]
    pub fn new(audience: Audience, partitions: &[Partition], figures: &[Figure]) -> Self {
        let is_committee = audience == Audience::Committee;
        let all = figures.iter().find(|figure| figure.id == ALL).map(|figure| figure.measures).unwrap_or_default();
        let few_grams = is_committee && is_few(all.orders_with_grams);
        let few_money = is_committee && is_few(all.orders_with_money);
        let seen = |measures: &Measures| {
            let mut seen = *measures;
            if few_grams {
                (seen.grams, seen.orders_with_grams) = (None, 0);
            }
            if few_money {
                (seen.money, seen.orders_with_money) = (None, 0);
            }
            seen
        };
        let is_small: Vec<bool> =
            figures.iter().map(|figure| is_committee && is_small(&seen(&figure.measures))).collect();
        let amounts: [(bool, Count); 2] =
            [(few_grams, |all| all.orders_with_grams), (few_money, |all| all.orders_with_money)];
        let amounts: Vec<Count> = amounts.into_iter().filter(|(few, _)| !few).map(|(_, of)| of).collect();
        let is_shown = decided(partitions, figures, &is_small, &amounts);
        let decide = |(figure, is_shown): (&Figure, bool)| {
            let shown = if is_shown { Shown::Whole(seen(&figure.measures)) } else { Shown::Withheld };
            (figure.id.clone(), shown)
        };
        Self { shown: figures.iter().zip(is_shown).map(decide).collect(), few_grams, few_money }
    }

    /// What is shown of a figure. One that was not handed in is withheld.
    #[must_use]
    pub fn shown(&self, id: &str) -> Shown {
        self.shown.get(id).copied().unwrap_or(Shown::Withheld)
    }

    /// The measures of a figure, if they are shown.
    #[must_use]
    pub fn measures(&self, id: &str) -> Option<Measures> {
        match self.shown(id) {
            Shown::Whole(measures) => Some(measures),
            Shown::Withheld => None,
        }
    }

    /// Whether there are orders, and no figure of them is shown.
    #[must_use]
    pub fn shows_nothing(&self) -> bool {
        let none = |shown: &Shown| matches!(shown, Shown::Withheld | Shown::Whole(Measures { orders: 0, .. }));
        self.withheld() > 0 && self.shown.values().all(none)
    }

    /// How many figures are withheld.
    #[must_use]
    pub fn withheld(&self) -> usize {
        self.shown.values().filter(|shown| **shown == Shown::Withheld).count()
    }
}

/// A number of orders, or of patients, that a figure has.
type Count = fn(&Measures) -> u64;

fn is_few(number: u64) -> bool {
    (1..=SMALL).contains(&number)
}

/// Whether there are orders, of few patients; or few orders, as they may be of as many patients; or an amount of few.
pub(super) fn is_small(measures: &Measures) -> bool {
    [measures.orders, measures.patients, measures.orders_with_grams, measures.orders_with_money].into_iter().any(is_few)
}

/// The cuts whose figures are let in before all others, whatever their size: what a committee reads first.
const FIRST: [&str; 4] = [ALL, "by_determination", "by_flag", "by_row"];

/// The place of a figure's cut among those that are let in first.
fn rank(id: &str) -> usize {
    let cut = id.split_once('/').map_or(id, |(cut, _)| cut);
    FIRST.iter().position(|first| *first == cut).unwrap_or(FIRST.len())
}

/// Which figures are shown, by their number, so that no small one can be worked out; `amounts`: of how many orders those
/// are that are shown anywhere.
fn decided(partitions: &[Partition], figures: &[Figure], is_small: &[bool], amounts: &[Count]) -> Vec<bool> {
    if !is_small.contains(&true) {
        return vec![true; figures.len()];
    }
    let atoms = Atoms::of(partitions, figures);
    let remainders = remainders::remainders(&atoms, figures, is_small, amounts);
    // The figures stand first, so that they keep their numbers; then what is protected, then what is known to all.
    let (first_remainder, first_relation) = (figures.len(), figures.len() + remainders.len());
    let sums = atoms.of_figures.iter().chain(&remainders).map(|atoms| sum(atoms));
    let rows: Vec<_> = sums.chain(atoms.relations.iter().cloned()).collect();
    let (end, mut span) = (rows.len(), Span::new(rows));
    (first_relation..end).for_each(|relation| span.learn(relation));

    let is_nothing = |figure: usize| figures[figure].measures.orders == 0;
    let (small, mut large): (Vec<usize>, Vec<usize>) = (0..figures.len()).partition(|figure| is_small[*figure]);
    // A remainder that is itself a figure is what that figure is.
    let is_figure = |remainder: usize| large.iter().any(|figure| span.tells(*figure, remainder));
    let unknown = (first_remainder..first_relation).filter(|remainder| !span.is_known(*remainder));
    let remainders: Vec<usize> = unknown.filter(|remainder| !is_figure(*remainder)).collect();
    let protected = [small, remainders].concat();

    large.sort_by_key(|figure| (rank(&figures[*figure].id), Reverse(figures[*figure].measures.orders), *figure));
    let mut is_shown = vec![false; figures.len()];
    for figure in large {
        // Orders of which no cell is known cannot be looked at, so they are not shown.
        is_shown[figure] = is_nothing(figure)
            || !atoms.of_figures[figure].is_empty() && !protected.iter().any(|each| span.tells(figure, *each));
        if is_shown[figure] {
            span.learn(figure);
        }
    }
    is_shown
}
