//! What of the figures a reader may see.
//!
//! A cell of 1 to 10 patients could tell who they are, and so could a larger one from which a small one can be worked
//! out. Every figure of orders that a shared page prints goes through here: all of them are handed in first, then it is
//! decided once which are withheld, and only then is anything printed. No other module decides about it.

use std::collections::HashMap;

use crate::summary::{Measures, Partition};

/// The largest number of patients, or of orders, that is not shown.
pub const SMALL: u64 = 10;

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
    /// By which the page asks for it, and by which it is found in `summary.json`.
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
}

impl Disclosure {
    /// Decides about all figures of a page at once.
    #[must_use]
    pub fn new(audience: Audience, partitions: &[Partition], figures: &[Figure]) -> Self {
        let _ = partitions;
        let decide = |figure: &Figure| match audience {
            Audience::Committee if is_small(&figure.measures) => Shown::Withheld,
            _ => Shown::Whole(figure.measures),
        };
        Self { shown: figures.iter().map(|figure| (figure.id.clone(), decide(figure))).collect() }
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
}

/// Whether there are orders, of few patients: or few orders, as they may be of as many patients.
fn is_small(measures: &Measures) -> bool {
    (1..=SMALL).contains(&measures.orders) || (1..=SMALL).contains(&measures.patients)
}
