//! Units, amounts, products and the ledger in `summary.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Figures, figures};
use crate::summary::{Charged, Charges, NET, Priced, Product, Summary};
use crate::table::decimal::{MONEY_PLACES, UNIT_PLACES, plain};

/// The three amounts side by side; with units of the billing codes.
#[derive(Serialize)]
pub(super) struct Amounts {
    units: Option<String>,
    orders_with_units: u64,
    billed: Option<String>,
    orders_with_billed: u64,
    allowed: Option<String>,
    orders_with_allowed: u64,
    paid: Option<String>,
    orders_with_paid: u64,
}

/// Amounts of all orders, and by determination and flag.
#[derive(Serialize)]
pub(super) struct AllAmounts<'run> {
    all: Amounts,
    by_determination: BTreeMap<&'run str, Amounts>,
    by_flag: BTreeMap<&'run str, Amounts>,
}

/// Products by billing code.
#[derive(Serialize)]
pub(super) struct Products<'run> {
    listed: Vec<OfProduct<'run>>,
    others: Option<OfProduct<'run>>,
    others_in_all: u64,
    given: WithAmounts,
    wasted: WithAmounts,
    orders_with_modifier: u64,
}

#[derive(Serialize)]
struct OfProduct<'run> {
    product: &'run str,
    product_code: &'run str,
    given: WithAmounts,
    wasted: WithAmounts,
}

/// Figures with units and all amounts.
#[derive(Serialize)]
struct WithAmounts {
    #[serde(flatten)]
    figures: Figures,
    amounts: Amounts,
}

/// From all lines to those that stand.
#[derive(Serialize)]
pub(super) struct Ledger {
    gross: WithAmounts,
    steps: Vec<Step>,
    unmatched_reversals: u64,
    replacements: u64,
    unmatched_replacements: u64,
}

/// What leaves at a step; of the last, what stays.
#[derive(Serialize)]
struct Step {
    step: &'static str,
    #[serde(flatten)]
    out: WithAmounts,
}

impl<'run> AllAmounts<'run> {
    pub(super) fn of(summary: &'run Summary) -> Self {
        let by = |groups: &'run [Charged]| {
            groups.iter().map(|group| (group.key.as_str(), amounts(&group.charges))).collect()
        };
        Self {
            all: amounts(&summary.charges),
            by_determination: by(&summary.charges_by_determination),
            by_flag: by(&summary.charges_by_flag),
        }
    }
}

impl<'run> Products<'run> {
    pub(super) fn of(summary: &'run Summary) -> Self {
        let found = &summary.products;
        Self {
            listed: found.listed.iter().map(product).collect(),
            others: found.other.as_ref().map(product),
            others_in_all: found.others,
            given: priced(&found.all.given),
            wasted: priced(&found.all.wasted),
            orders_with_modifier: found.orders_with_modifier,
        }
    }
}

impl Ledger {
    pub(super) fn of(summary: &Summary) -> Self {
        let found = &summary.ledger;
        let steps = found.steps.iter().map(|step| Step { step: step.id, out: priced(&step.out) });
        Self {
            gross: priced(&found.gross),
            steps: steps.chain([Step { step: NET, out: priced(&found.net) }]).collect(),
            unmatched_reversals: found.unmatched_reversals,
            replacements: found.replacements,
            unmatched_replacements: found.unmatched_replacements,
        }
    }
}

fn product(product: &Product) -> OfProduct<'_> {
    OfProduct {
        product: &product.product,
        product_code: &product.code,
        given: priced(&product.given),
        wasted: priced(&product.wasted),
    }
}

fn priced(priced: &Priced) -> WithAmounts {
    WithAmounts { figures: figures(&priced.measures), amounts: amounts(&priced.charges) }
}

fn amounts(charges: &Charges) -> Amounts {
    let money = |cents: Option<i128>| cents.map(|minor| plain(minor, MONEY_PLACES));
    Amounts {
        units: charges.units.map(|minor| plain(minor, UNIT_PLACES)),
        orders_with_units: charges.orders_with_units,
        billed: money(charges.billed),
        orders_with_billed: charges.orders_with_billed,
        allowed: money(charges.allowed),
        orders_with_allowed: charges.orders_with_allowed,
        paid: money(charges.paid),
        orders_with_paid: charges.orders_with_paid,
    }
}
