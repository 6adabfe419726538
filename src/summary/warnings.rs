//! How many orders carry each warning.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use polars::prelude::{DataFrame, ExplodeOptions, IntoLazy, PolarsResult, by_name, col};

use super::answer;

/// The orders that carry each warning, an order counted once for each.
#[derive(Default)]
pub(super) struct Warnings(BTreeMap<String, u64>);

impl Warnings {
    /// Adds the orders of a part of the table.
    pub(super) fn add(&mut self, part: &DataFrame) -> PolarsResult<()> {
        let options = ExplodeOptions { empty_as_null: false, keep_nulls: false };
        let orders = part.select(["warnings"])?.lazy().with_row_index("order", None);
        let each = orders.explode(by_name(["warnings"], true, false), options);
        let carried = each.group_by([col("warnings")]).agg([col("order").n_unique().alias("orders")]);
        let frame = carried.filter(col("warnings").is_not_null()).collect()?;
        for row in 0..frame.height() {
            *self.0.entry(answer::text(&frame, "warnings", row)?).or_default() += answer::count(&frame, "orders", row)?;
        }
        Ok(())
    }

    /// Most orders first, on a tie by name.
    pub(super) fn finish(self) -> Vec<(String, u64)> {
        let mut found: Vec<_> = self.0.into_iter().collect();
        // The sort is stable and the map is sorted by name.
        found.sort_by_key(|(_, orders)| Reverse(*orders));
        found
    }
}
