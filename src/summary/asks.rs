//! What to ask for where orders are flagged or for review: what most orders of a group want.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, IntoLazy, PolarsResult, col, len, lit};

use super::answer;

/// The columns that tell groups of findings apart: flag, ruleset, determination and guideline rows.
pub(super) const FINDING: [&str; 4] = ["flag", "ruleset", "determination", "guideline_rows"];

/// How many orders of each group have each list of what would change them.
#[derive(Default)]
pub(super) struct Asks(BTreeMap<[String; 4], BTreeMap<String, u64>>);

impl Asks {
    /// Adds the findings of a part of the table.
    pub(super) fn add(&mut self, part: &DataFrame) -> PolarsResult<()> {
        let columns = FINDING.into_iter().chain(["would_change"]);
        let findings = part.select(columns)?.lazy().filter(col("flag").neq(lit("clear")));
        let joined = ["guideline_rows", "would_change"].map(|list| col(list).list().join(lit("|"), true));
        let keys = FINDING.into_iter().chain(["would_change"]).map(col).collect::<Vec<_>>();
        let frame = findings.with_columns(joined).group_by(keys).agg([len().alias("orders")]).collect()?;
        for row in 0..frame.height() {
            let mut group = [const { String::new() }; 4];
            for (value, column) in group.iter_mut().zip(FINDING) {
                *value = answer::text(&frame, column, row)?;
            }
            let asks = answer::text(&frame, "would_change", row)?;
            *self.0.entry(group).or_default().entry(asks).or_default() += answer::count(&frame, "orders", row)?;
        }
        Ok(())
    }

    /// What most orders of a group want, on a tie the first by name.
    pub(super) fn most(&self, group: &[String; 4]) -> Vec<String> {
        let lists = self.0.get(group).into_iter().flatten();
        let most = lists.max_by(|(one, few), (other, many)| few.cmp(many).then(other.cmp(one)));
        most.map(|(list, _)| answer::split(list)).unwrap_or_default()
    }
}
