//! Grams and units by product and billing code, and what of them was discarded.
//!
//! What was billed as discarded is in every total, as the payer was asked for it, but it was given to nobody: so it stands
//! apart here. Which modifiers say so, the ruleset knows; the table holds only that one did.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use polars::prelude::{DataFrame, PolarsResult};

use super::answer;
use super::charges::Charges;
use super::cube::{Cube, Cut, Key};
use super::measure::Measures;
use super::partition::Partition;
use super::patients::Patient;

/// How many products with their codes a report lists.
pub const PRODUCTS: usize = 40;

/// The name of the partition by product.
pub const BY_PRODUCT: &str = "products";

/// What stands for the products that are not listed, as product and as code.
pub const OTHER_PRODUCTS: &str = "other";

/// Orders by product and billing code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Products {
    /// The products with the most orders; most grams first.
    pub listed: Vec<Product>,
    /// All others together, if there are any.
    pub other: Option<Product>,
    /// How many others there are.
    pub others: u64,
    /// All products together.
    pub all: Product,
    /// Orders that carry any modifier: where there is none, nothing is known of waste.
    pub orders_with_modifier: u64,
}

/// The orders of one product by one billing code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Product {
    /// The ruleset's name of the product; empty where there is none.
    pub product: String,
    /// The code; empty where the product is known by its name alone.
    pub code: String,
    /// What was billed as given.
    pub given: Priced,
    /// What was billed as discarded.
    pub wasted: Priced,
}

/// What orders amount to, with their units and all three amounts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Priced {
    /// The four denominators.
    pub measures: Measures,
    /// Units and amounts.
    pub charges: Charges,
}

impl Products {
    /// Every group: the listed products, and all others together.
    pub fn each(&self) -> impl Iterator<Item = &Product> {
        self.listed.iter().chain(&self.other)
    }
}

/// Orders of one product, code, determination and flag, given or discarded.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct OfProduct {
    product: String,
    code: String,
    wasted: String,
    determination: String,
    flag: String,
}

impl Key for OfProduct {
    const COLUMNS: &'static [&'static str] = &["product", "product_code", "wasted", "determination", "flag"];

    fn new(frame: &DataFrame, row: usize) -> PolarsResult<Self> {
        let text = |key: &str| answer::text(frame, key, row);
        Ok(Self {
            product: text("product")?,
            code: text("product_code")?,
            wasted: text("wasted")?,
            determination: text("determination")?,
            flag: text("flag")?,
        })
    }
}

/// The cuts by product.
pub(super) struct ProductCuts {
    listed: BTreeSet<[String; 2]>,
    others: u64,
    pub partition: Partition,
    /// Product and code, and whether it was discarded.
    product: Cut<([String; 2], bool)>,
    all: Cut<bool>,
}

impl ProductCuts {
    pub(super) fn of(cube: &Cube<OfProduct>) -> Self {
        let names = |kind: &OfProduct| [kind.product.clone(), kind.code.clone()];
        let mut products: Vec<([String; 2], u64)> =
            cube.amounts(names).into_iter().map(|(product, all)| (product, all.orders)).collect();
        // The sort is stable and the products come sorted by their names.
        products.sort_by_key(|(_, orders)| Reverse(*orders));
        let others = products.len().saturating_sub(PRODUCTS) as u64;
        let listed: BTreeSet<[String; 2]> = products.into_iter().take(PRODUCTS).map(|(product, _)| product).collect();
        let product = |kind: &OfProduct| {
            let product = names(kind);
            if listed.contains(&product) { product } else { [OTHER_PRODUCTS; 2].map(str::to_owned) }
        };
        let columns = ["product", "product_code", "wasted", "determination", "flag"];
        Self {
            partition: cube.partition(BY_PRODUCT, &columns, |kind| {
                let [product, code] = product(kind);
                vec![product, code, kind.wasted.clone(), kind.determination.clone(), kind.flag.clone()]
            }),
            product: cube.cut(|kind| Some((product(kind), !kind.wasted.is_empty()))),
            all: cube.cut(|kind| Some(!kind.wasted.is_empty())),
            others,
            listed,
        }
    }

    /// Counts the patients of one range, sorted.
    pub(super) fn count(&mut self, patients: &[Patient]) {
        self.product.count(patients);
        self.all.count(patients);
    }

    pub(super) fn finish(self, orders_with_modifier: u64) -> Products {
        let mut found = Products { others: self.others, orders_with_modifier, ..Products::default() };
        for (wasted, measures, charges) in self.all.finish_with_charges() {
            put(&mut found.all, wasted, Priced { measures, charges });
        }
        for ((names, wasted), measures, charges) in self.product.finish_with_charges() {
            let is_listed = self.listed.contains(&names);
            let [product, code] = names;
            let is_new = found.listed.last().is_none_or(|last| (&last.product, &last.code) != (&product, &code));
            if is_listed && is_new {
                found.listed.push(Product { product, code, ..Product::default() });
            } else if !is_listed && found.other.is_none() {
                found.other = Some(Product { product, code, ..Product::default() });
            }
            let group = if is_listed { found.listed.last_mut() } else { found.other.as_mut() };
            if let Some(group) = group {
                put(group, wasted, Priced { measures, charges });
            }
        }
        let grams = |product: &Product| product.given.measures.grams.max(product.wasted.measures.grams);
        // The sort is stable and the products come sorted by their names.
        found.listed.sort_by_key(|product| Reverse(grams(product)));
        found
    }
}

fn put(product: &mut Product, wasted: bool, priced: Priced) {
    *(if wasted { &mut product.wasted } else { &mut product.given }) = priced;
}
