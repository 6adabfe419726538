//! The ledger: from all lines to those that stand, in orders, grams and all three amounts.
//!
//! Every other figure of the report counts every line. A payer takes lines back and replaces them, and exports overlap;
//! so the ledger says how much of the figures such lines are. A line leaves at most once, in this order of precedence:
//!
//! 1. It **repeats** another one ([`duplicates`](super::duplicates)).
//! 2. It **takes back** another line: the export calls it reversed or void, or none of its units and amounts is above zero
//!    and one is below. A line below zero and one above zero that the export calls reversed take each other back.
//! 3. It is the **original** that such a line takes back: a line of the same claim, patient and product code (without a
//!    claim id: of the same patient, product code and service date; without a patient too: of the same order id, product
//!    code and service date) whose units and amounts are the same but for their signs; the first of the same service
//!    date, else the first.
//! 4. It is **superseded**: a line that the export calls a replacement has the same claim, patient, product code and
//!    service date. What is replaced need not have the same amounts; of several lines one with the same units goes first.
//!    A line of its day that takes back and found no original, since its amounts are others, is taken for the original's
//!    own, and leaves with all that it has: else the original would leave twice.
//!
//! A line that takes back and finds no original leaves alone, and what it has below zero stays in the sums: it nets itself
//! by adding, whatever it was that it took back. What it has above zero leaves with it. A replacement without an original
//! stands. Both are counted.

mod group;
mod lines;

use std::collections::BTreeMap;

use self::group::{ALL, Class};
use self::lines::{Found, lines};
use super::Limits;
use super::cells::Cells;
use super::check::SummaryError;
use super::duplicates::{ACROSS_FILES, IN_ONE_FILE, REPEAT_NAMES, REPEATS_NONE, Repeated};
use super::measure::{Amounts, Measures};
use super::partition::Partition;
use super::patients::{Distinct, Patients};
use super::products::Priced;
use crate::table::parts::Parts;

/// The name of the partition by what becomes of a line in the ledger.
pub const LEDGER: &str = "ledger";

/// What stands for the lines that stay.
pub const NET: &str = "net";

/// The steps of the ledger, in its order.
pub const LEDGER_STEPS: [&str; 4] = ["reversal", "reversed", "superseded", "repeated"];

/// From all lines to those that stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// All lines.
    pub gross: Priced,
    /// What leaves, in the order of [`LEDGER_STEPS`]; all are listed.
    pub steps: Vec<LedgerStep>,
    /// What stays.
    pub net: Priced,
    /// Lines that take back and find no original.
    pub unmatched_reversals: u64,
    /// Lines that the export calls a replacement, those not counted that have left by then.
    pub replacements: u64,
    /// Of these, the ones that find no original.
    pub unmatched_replacements: u64,
}

/// What leaves at one step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LedgerStep {
    /// A stable name for programs.
    pub id: &'static str,
    /// What leaves.
    pub out: Priced,
}

/// Makes the ledger, and the partition by its steps.
pub(super) fn ledger(
    table: &Parts,
    limits: &Limits,
    money: Option<&str>,
    cells: &Cells,
    repeated: &Repeated,
) -> Result<(Ledger, Partition), SummaryError> {
    let (mut found, mut distinct) = (None, Distinct::new(ALL.len()));
    let mut next = Some(Patients::new(limits.patients()));
    while let Some(mut patients) = next {
        let pass = lines(table, limits, money, cells.without_patient == 0, &mut patients)?;
        let (of_range, after) = patients.finish();
        distinct.add(&of_range, &ALL.map(|class| Some(class as usize)));
        // Another pass finds the same lines again; only its patients are new.
        found.get_or_insert(pass);
        next = after;
    }
    let Found { mut left, answers, unmatched_reversals, replacements, unmatched_replacements } =
        found.unwrap_or_default();
    let mut repeats = repeated.amounts;
    repeats.money = repeats.charges.column(money);
    left.insert(Class::Repeated, repeats);

    let priced = |amounts: Amounts, patients: u64| Priced {
        measures: amounts.of_patients(patients),
        charges: amounts.charges.totals(),
    };
    let whole = cells.amounts(|_| ()).into_values().next().unwrap_or_default();
    let mut net = whole;
    let mut steps = Vec::new();
    for (class, id) in
        [Class::TakingBack, Class::TakenBack, Class::Superseded, Class::Repeated].into_iter().zip(LEDGER_STEPS)
    {
        let out = left.get(&class).copied().unwrap_or_default();
        net = without(net, out)?;
        let patients = if class == Class::Repeated { repeated.patients } else { distinct.of(class as usize) };
        steps.push(LedgerStep { id, out: priced(out, patients) });
    }
    let partition = partition(cells, &answers, &repeated.answers)?;
    let ledger = Ledger {
        // The patients of all lines are counted elsewhere.
        gross: priced(whole, 0),
        steps,
        net: priced(net, distinct.of(Class::Kept as usize)),
        unmatched_reversals,
        replacements,
        unmatched_replacements,
    };
    Ok((ledger, partition))
}

impl Ledger {
    /// Whether any line leaves.
    #[must_use]
    pub fn takes_out(&self) -> bool {
        self.steps.iter().any(|step| step.out.measures.orders > 0)
    }

    /// With the measures of all lines as they are known elsewhere, patients too.
    pub(super) fn of(mut self, totals: Measures) -> Self {
        self.gross.measures.patients = totals.patients;
        self
    }
}

/// What remains, of orders and of each sum; the orders that have a value may not become fewer than none.
fn without(all: Amounts, out: Amounts) -> Result<Amounts, SummaryError> {
    let mut rest = all;
    rest.orders = fewer(all.orders, out.orders)?;
    rest.grams = all.grams.without(out.grams);
    rest.money = all.money.without(out.money);
    rest.charges = all.charges.without(out.charges);
    Ok(rest)
}

fn fewer(whole: u64, part: u64) -> Result<u64, SummaryError> {
    whole.checked_sub(part).ok_or(SummaryError::DoesNotAddUp {
        what: "orders",
        cut: "ledger",
        whole: i128::from(whole),
        part: i128::from(part),
    })
}

/// Every step with the determinations and flags of its lines; of what stays, those of which not all lines leave. What
/// repeats another line is told apart as it is elsewhere.
fn partition(
    cells: &Cells,
    left: &BTreeMap<(Class, [String; 2]), u64>,
    repeated: &BTreeMap<(u32, [String; 2]), u64>,
) -> Result<Partition, SummaryError> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (answer, all) in cells.amounts(|kind| [kind.determination.clone(), kind.flag.clone()]) {
        let of_class = |class: Class| (class.step(), REPEATS_NONE, left.get(&(class, answer.clone())));
        let of_kind = |(kind, name)| (Class::Repeated.step(), name, repeated.get(&(kind, answer.clone())));
        let left = [Class::TakingBack, Class::TakenBack, Class::Superseded].into_iter().map(of_class);
        let kinds = [IN_ONE_FILE, ACROSS_FILES].into_iter().zip(REPEAT_NAMES).map(of_kind);
        let mut rest = all.orders;
        let mut steps = Vec::new();
        for (step, repeats, orders) in left.chain(kinds) {
            rest = fewer(rest, orders.copied().unwrap_or(0))?;
            steps.extend(orders.map(|_| (step, repeats)));
        }
        steps.extend((rest > 0).then_some((NET, REPEATS_NONE)));
        let row = |(step, repeats): (&str, &str)| [step, repeats, &answer[0], &answer[1]].map(str::to_owned).into();
        rows.extend(steps.into_iter().map(row));
    }
    rows.sort_unstable();
    Ok(Partition { name: LEDGER, columns: vec!["ledger", "repeat", "determination", "flag"], cells: rows })
}
