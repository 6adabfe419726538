//! The four denominators: patients, orders, grams, money.

use polars::prelude::{Expr, LazyFrame, col, len, lit};

/// What a group of orders amounts to.
///
/// A patient counts once in each group it appears in, so patients do not add
/// up over groups; orders, grams and money do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measures {
    /// Distinct patient ids, orders without one not counted.
    pub patients: u64,
    /// Orders.
    pub orders: u64,
    /// Thousandths of a gram; `None` if no order of the group has grams.
    pub grams: Option<i128>,
    /// Orders with grams.
    pub orders_with_grams: u64,
    /// Cents; `None` if no order of the group has an amount.
    pub money: Option<i128>,
    /// Orders with an amount.
    pub orders_with_money: u64,
}

/// The aggregate expressions behind [`Measures`], under fixed names.
///
/// `money` is the chosen column; without one, the columns for money are empty.
pub(super) fn expressions(money: Option<&str>) -> Vec<Expr> {
    let mut all = vec![
        col("patient_id").filter(col("patient_id").neq(lit(""))).n_unique().alias("patients"),
        len().alias("orders"),
        col("grams").sum().alias("grams_sum"),
        col("grams").count().alias("grams_known"),
    ];
    if let Some(money) = money {
        all.push(col(money).sum().alias("money_sum"));
        all.push(col(money).count().alias("money_known"));
    }
    all
}

/// Groups the orders by some columns; with no column, all orders are one group.
pub(super) fn grouped(orders: LazyFrame, keys: &[&str], money: Option<&str>) -> LazyFrame {
    if keys.is_empty() {
        return orders.select(expressions(money));
    }
    let keys: Vec<Expr> = keys.iter().map(|key| col(*key)).collect();
    orders.group_by(keys).agg(expressions(money))
}
