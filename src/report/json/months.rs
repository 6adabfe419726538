//! The orders by month of service in `summary.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Figures, figures};
use crate::summary::{Group, Month, Months as Counted};

/// The months; those that are not listed are one group.
#[derive(Serialize)]
pub(super) struct Months<'run> {
    listed: Vec<OfMonth<'run>>,
    others: Option<OfMonth<'run>>,
    others_in_all: u64,
    without_date: Option<OfMonth<'run>>,
}

#[derive(Serialize)]
struct OfMonth<'run> {
    month: &'run str,
    #[serde(flatten)]
    figures: Figures,
    orders_by_flag: BTreeMap<&'run str, u64>,
    orders_by_determination: BTreeMap<&'run str, u64>,
}

impl<'run> Months<'run> {
    pub(super) fn of(counted: &'run Counted) -> Self {
        Self {
            listed: counted.listed.iter().map(month).collect(),
            others: counted.other.as_ref().map(month),
            others_in_all: counted.others,
            without_date: counted.undated.as_ref().map(month),
        }
    }
}

fn month(month: &Month) -> OfMonth<'_> {
    OfMonth {
        month: &month.month,
        figures: figures(&month.measures),
        orders_by_flag: orders(&month.by_flag),
        orders_by_determination: orders(&month.by_determination),
    }
}

fn orders(groups: &[Group]) -> BTreeMap<&str, u64> {
    groups.iter().map(|group| (group.key.as_str(), group.measures.orders)).collect()
}
