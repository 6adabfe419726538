//! The sums of the decimal columns, the column that stands for money, and the time that the orders span.

use chrono::NaiveDate;
use polars::prelude::{DataFrame, Expr, IntoLazy, PolarsResult, col};

use super::answer;
use super::measure::Known;
use crate::table::Sums;
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// Decimal columns, in the order of [`Sums`].
const DECIMALS: [&str; 5] = ["units", "grams", "billed", "allowed", "paid"];

/// Money columns; of those that know the amount of equally many orders, the first stands for money.
const MONEY_COLUMNS: [&str; 3] = ["allowed", "paid", "billed"];

/// What the columns of figures hold.
#[derive(Default)]
pub(super) struct Figures {
    known: [Known; DECIMALS.len()],
    /// First and last service date.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Orders without a service date.
    pub without_date: u64,
}

/// Reads the columns of figures, `size` orders at a time.
pub(super) fn figures(table: &Parts, size: usize) -> Result<Figures, TableError> {
    let columns = DECIMALS.map(|name| name).into_iter().chain(["service_date"]).collect::<Vec<_>>();
    let mut figures = Figures::default();
    for part in table.each(&columns, size) {
        figures.add(part?.1).map_err(TableError::engine("summarised"))?;
    }
    Ok(figures)
}

impl Figures {
    fn add(&mut self, part: DataFrame) -> PolarsResult<()> {
        let date = || col("service_date");
        let mut question: Vec<Expr> =
            vec![date().min().alias("first"), date().max().alias("last"), date().null_count().alias("unknown")];
        for name in DECIMALS {
            question.extend([col(name).sum(), col(name).count().alias(format!("{name}_known"))]);
        }
        let frame = part.lazy().select(question).collect()?;
        for (name, known) in DECIMALS.iter().zip(&mut self.known) {
            let orders = answer::count(&frame, &format!("{name}_known"), 0)?;
            *known += Known { sum: answer::decimal(&frame, name, 0)?.unwrap_or(0), orders };
        }
        if let Some((first, last)) = answer::date(&frame, "first", 0)?.zip(answer::date(&frame, "last", 0)?) {
            let (earlier, later) = self.period.unwrap_or((first, last));
            self.period = Some((earlier.min(first), later.max(last)));
        }
        self.without_date += answer::count(&frame, "unknown", 0)?;
        Ok(())
    }

    /// The sums of the decimal columns.
    pub(super) fn sums(&self) -> Sums {
        let [units, grams, billed, allowed, paid] = self.known.map(Known::total);
        Sums { units, grams, billed, allowed, paid }
    }

    /// The column that stands for money: the one that knows the amount of the most orders, so that as few lines as can
    /// be are without an amount.
    pub(super) fn money(&self) -> Option<&'static str> {
        let orders = |name: &str| DECIMALS.iter().zip(&self.known).find(|(known, _)| **known == name);
        let mut money = (0, None);
        for name in MONEY_COLUMNS {
            let known = orders(name).map_or(0, |(_, known)| known.orders);
            if known > money.0 {
                money = (known, Some(name));
            }
        }
        money.1
    }
}
