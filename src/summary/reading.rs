//! One reading of the table: every cube, what would change findings, and the findings that are named.

use polars::prelude::{DataFrame, PolarsResult};

use super::Limits;
use super::asks::Asks;
use super::cells::{Cells, Kind};
use super::cube::{Cube, Key, Numbers, SUMMED};
use super::decisions::WithDecision;
use super::driving::{self, ListedCodes, WithCode, with_codes};
use super::months::InMonth;
use super::patients::Patients;
use super::products::OfProduct;
use super::top::{RANKING, Top};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// What one reading of the table finds.
#[derive(Default)]
pub(super) struct Reading {
    pub cells: Cells,
    pub months: Cube<InMonth>,
    pub decisions: Cube<WithDecision>,
    pub products: Cube<OfProduct>,
    pub codes: Cube<WithCode>,
    numbers: Numbers,
    pub asks: Asks,
    pub top: Top,
    /// Orders that carry any modifier.
    pub with_modifier: u64,
}

impl Reading {
    /// Reads the table once. Returns the patients of the first range.
    pub(super) fn first(
        &mut self,
        table: &Parts,
        limits: &Limits,
        money: Option<&str>,
        listed: &ListedCodes<'_>,
    ) -> Result<Patients, TableError> {
        let columns = columns(&[&["patient_id", "would_change", "modifier"], &RANKING, &SUMMED]);
        let mut patients = Patients::new(limits.patients());
        for part in table.each(&columns, limits.part) {
            let (from, part) = part?;
            self.add(from, &part, money, listed, &mut patients).map_err(TableError::engine("summarised"))?;
        }
        Ok(patients)
    }

    fn add(
        &mut self,
        from: usize,
        part: &DataFrame,
        money: Option<&str>,
        listed: &ListedCodes<'_>,
        patients: &mut Patients,
    ) -> PolarsResult<()> {
        self.asks.add(part)?;
        self.top.add(part, from, money)?;
        let modifiers = part.column("modifier")?;
        self.with_modifier += (modifiers.len() - modifiers.null_count()) as u64;
        let numbers = &mut self.numbers;
        self.cells.add(part, money, numbers, patients)?;
        self.months.add(part, money, numbers, patients)?;
        self.decisions.add(part, money, numbers, patients)?;
        self.products.add(part, money, numbers, patients)?;
        self.codes.add(&with_codes(part, listed)?, money, numbers, patients)
    }

    /// Reads the table again, for the patients of another range only.
    pub(super) fn again(
        &mut self,
        table: &Parts,
        limits: &Limits,
        listed: &ListedCodes<'_>,
        mut patients: Patients,
    ) -> Result<Patients, TableError> {
        for part in table.each(&columns(&[&["patient_id"]]), limits.part) {
            self.add_patients(&part?.1, listed, &mut patients).map_err(TableError::engine("summarised"))?;
        }
        Ok(patients)
    }

    fn add_patients(
        &mut self,
        part: &DataFrame,
        listed: &ListedCodes<'_>,
        patients: &mut Patients,
    ) -> PolarsResult<()> {
        let numbers = &mut self.numbers;
        self.cells.add_patients(part, numbers, patients)?;
        self.months.add_patients(part, numbers, patients)?;
        self.decisions.add_patients(part, numbers, patients)?;
        self.products.add_patients(part, numbers, patients)?;
        self.codes.add_patients(&with_codes(part, listed)?, numbers, patients)
    }
}

/// The columns of all keys and these, each once.
fn columns<'name>(others: &[&[&'name str]]) -> Vec<&'name str> {
    let keys = [Kind::COLUMNS, InMonth::COLUMNS, WithDecision::COLUMNS, OfProduct::COLUMNS, &driving::COLUMNS];
    let mut columns: Vec<&str> = keys.into_iter().chain(others.iter().copied()).flatten().copied().collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}
