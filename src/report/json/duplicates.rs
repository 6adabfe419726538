//! Duplicates in `summary.json`.

use serde::Serialize;

use crate::summary::{Duplicates as Counted, FilePair, Measures};
use crate::table::decimal::{MONEY_PLACES, UNIT_PLACES, plain};

/// Orders that repeat another one; all of them are counted in every other figure.
#[derive(Serialize)]
pub(super) struct Duplicates<'run> {
    groups: u64,
    in_one_file: Repeated,
    across_files: Repeated,
    file_pairs: Vec<Pair<'run>>,
    file_pairs_in_all: u64,
}

/// Repeated orders; their money is always the paid amount.
#[derive(Serialize)]
struct Repeated {
    patients: u64,
    orders: u64,
    grams: Option<String>,
    orders_with_grams: u64,
    paid: Option<String>,
    orders_with_paid: u64,
}

#[derive(Serialize)]
struct Pair<'run> {
    files: [&'run str; 2],
    groups: u64,
}

impl<'run> Duplicates<'run> {
    pub(super) fn of(counted: &'run Counted) -> Self {
        let pair = |pair: &'run FilePair| Pair { files: [&pair.first, &pair.second], groups: pair.groups };
        Self {
            groups: counted.groups,
            in_one_file: repeated(&counted.in_one_file),
            across_files: repeated(&counted.across_files),
            file_pairs: counted.file_pairs.iter().map(pair).collect(),
            file_pairs_in_all: counted.file_pairs_in_all,
        }
    }
}

fn repeated(measures: &Measures) -> Repeated {
    Repeated {
        patients: measures.patients,
        orders: measures.orders,
        grams: measures.grams.map(|minor| plain(minor, UNIT_PLACES)),
        orders_with_grams: measures.orders_with_grams,
        paid: measures.money.map(|minor| plain(minor, MONEY_PLACES)),
        orders_with_paid: measures.orders_with_money,
    }
}
