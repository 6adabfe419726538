//! The figures by product and billing code.

use super::{Figure, of};
use crate::summary::{BY_PRODUCT, Product, Summary};
use crate::table::schema::WASTED;

/// What was billed as given, and what as discarded, each with its value in the column of the partition.
pub(in crate::report) const USES: [(&str, &str); 2] = [("given", ""), ("wasted", WASTED)];

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let products = &summary.products;
    let mut all = Vec::new();
    for product in products.each() {
        let names = [("product", product.product.as_str()), ("product_code", product.code.as_str())];
        for (name, wasted) in USES {
            let wanted = [names[0], names[1], ("wasted", wasted)];
            let measures = if wasted.is_empty() { product.given.measures } else { product.wasted.measures };
            all.push(of(summary, BY_PRODUCT, product_id(product, name), &wanted, measures));
        }
    }
    for (name, wasted) in USES {
        let measures = if wasted.is_empty() { products.all.given.measures } else { products.all.wasted.measures };
        all.push(of(summary, BY_PRODUCT, use_id(name), &[("wasted", wasted)], measures));
    }
    all
}

/// The id of a product's orders that were given or discarded.
pub(in crate::report) fn product_id(product: &Product, name: &str) -> String {
    format!("by_product/{}/{}/{name}", product.product, product.code)
}

/// The id of all orders that were given or discarded.
pub(in crate::report) fn use_id(name: &str) -> String {
    format!("by_use/{name}")
}
