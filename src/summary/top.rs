//! The findings that the report names one by one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use polars::prelude::{DataFrame, Logical, PolarsResult};

use super::{TOP_FINDINGS, TopFinding, answer};
use crate::table::parquet::{ROW_GROUP, TableError};
use crate::table::parts::Parts;

/// Columns by which findings are ranked, beside grams and money.
pub(super) const RANKING: [&str; 3] = ["source_file", "record", "flag"];

/// Columns of a finding that are read only for the few that are named.
const DETAILS: [&str; 8] =
    ["flag", "guideline_rows", "determination", "open", "certainty", "would_change", "indication", "ruleset"];

/// The findings with the most money; those without an amount come last, by
/// grams; then by file and record, so that the choice never depends on chance.
///
/// Ranking reads narrow columns only; the long ones are read for the chosen rows.
#[derive(Default)]
pub(super) struct Top {
    /// The best so far, the last of them on top.
    best: BinaryHeap<Place>,
}

/// What a finding is ranked by, the first place least.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    figures: Figures,
    source_file: String,
    record: u64,
    /// The number of the row, from 0.
    at: usize,
}

/// Money, then grams; what is not known is less than any figure.
type Figures = Reverse<(Option<i128>, Option<i128>)>;

impl Top {
    /// Adds the findings of a part of the table, which begins at the row `from`.
    pub(super) fn add(&mut self, part: &DataFrame, from: usize, money: Option<&str>) -> PolarsResult<()> {
        let flags = part.column("flag")?.str()?;
        let grams = part.column("grams")?.decimal()?.physical();
        let money = money.map(|money| part.column(money)?.decimal()).transpose()?.map(Logical::physical);
        for (row, flag) in flags.iter().enumerate() {
            if flag.is_none_or(|flag| flag == "clear") {
                continue;
            }
            let figures = Reverse((money.and_then(|money| money.get(row)), grams.get(row)));
            let is_full = self.best.len() >= TOP_FINDINGS;
            if is_full && self.best.peek().is_some_and(|last| figures > last.figures) {
                continue;
            }
            let source_file = answer::text(part, "source_file", row)?;
            self.best.push(Place { figures, source_file, record: answer::count(part, "record", row)?, at: from + row });
            if is_full {
                self.best.pop();
            }
        }
        Ok(())
    }

    /// Reads what is told of the best, each row group at most once.
    pub(super) fn finish(self, table: &Parts) -> Result<Vec<TopFinding>, TableError> {
        let mut places: Vec<(usize, Place)> = self.best.into_sorted_vec().into_iter().enumerate().collect();
        places.sort_by_key(|(_, place)| place.at);
        let mut findings = Vec::with_capacity(places.len());
        for group in places.chunk_by(|(_, one), (_, other)| one.at / ROW_GROUP == other.at / ROW_GROUP) {
            let Some(from) = group.first().map(|(_, place)| place.at) else { continue };
            let until = group.last().map_or(from, |(_, place)| place.at);
            let details = table.read(&DETAILS, from, until - from + 1)?;
            for (rank, place) in group {
                let found = finding(place, &details, place.at - from).map_err(TableError::engine("summarised"))?;
                findings.push((*rank, found));
            }
        }
        findings.sort_by_key(|(rank, _)| *rank);
        Ok(findings.into_iter().map(|(_, finding)| finding).collect())
    }
}

fn finding(place: &Place, details: &DataFrame, row: usize) -> PolarsResult<TopFinding> {
    Ok(TopFinding {
        source_file: place.source_file.clone(),
        record: place.record,
        flag: answer::text(details, "flag", row)?,
        rows: answer::list(details, "guideline_rows", row)?,
        determination: answer::text(details, "determination", row)?,
        open: answer::list(details, "open", row)?,
        indication: answer::text(details, "indication", row)?,
        certainty: answer::text(details, "certainty", row)?,
        would_change: answer::list(details, "would_change", row)?,
        ruleset: answer::text(details, "ruleset", row)?,
    })
}
