//! The search for lines that take back or replace others, in bounded memory.
//!
//! Most claims have no such line. So the digests of those that have one are read first, and the other columns only in the
//! parts of the table that hold a line of theirs. If these lines are too many, they are dealt into shares by digest.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::{Column, DataFrame, IdxCa, IdxSize, Int128Chunked, IntoLazy, PolarsResult, col, lit};

use super::super::Limits;
use super::super::answer;
use super::super::measure::Amounts;
use super::super::patients::{Patient, Patients};
use super::super::repeats::{IDS, KEY, digest, takes_back, whole};
use super::super::sieve::{Kept, Sieve};
use super::group::{Class, Line, Role, Values, is_below_zero, leaving, resolve};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// The columns that tell whose line it is.
const CLAIM: [&str; 4] = ["claim_id", "patient_id", "product_code", "service_date"];

/// The column that tells it where a line has neither claim nor patient.
const ORDER: &str = "order_id";

/// The columns of [`Values`].
const VALUES: [&str; 4] = ["units", "billed", "allowed", "paid"];

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    /// What leaves as each class.
    pub left: BTreeMap<Class, Amounts>,
    /// How many lines of each class have each determination and flag.
    pub answers: BTreeMap<(Class, [String; 2]), u64>,
    pub unmatched_reversals: u64,
    pub replacements: u64,
    pub unmatched_replacements: u64,
}

/// The leading bits of the digest of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Lead(u64);

impl Kept for Lead {
    fn lead(self) -> u64 {
        self.0
    }

    fn both(self, next: Self) -> Option<Self> {
        (self == next).then_some(self)
    }
}

/// Finds what leaves, repeated orders excepted, and keeps the patients of each class. Order ids are read only where some
/// line has no patient.
pub(super) fn lines(
    table: &Parts,
    limits: &Limits,
    money: Option<&str>,
    all_have_patients: bool,
    patients: &mut Patients,
) -> Result<Found, TableError> {
    let mut found = Found::default();
    let claim: Vec<&'static str> = CLAIM.into_iter().chain((!all_have_patients).then_some(ORDER)).collect();
    let mut next = Some(Sieve::new(limits.ids()));
    while let Some(mut sieve) = next {
        let columns: Vec<&str> = claim.iter().copied().chain(VALUES).chain(["line_status"]).collect();
        for part in table.each(&columns, limits.part) {
            let (from, part) = part?;
            touching(&part, from, &mut sieve).map_err(TableError::engine("summarised"))?;
        }
        let (first, behind) = sieve.range();
        let (claims, after) = sieve.finish();
        let range = Range { columns: &claim, first, behind, claims };
        range.search(table, limits, money, &mut found, patients)?;
        next = after;
    }
    Ok(found)
}

/// Keeps the claims of the lines that take back or replace.
fn touching(part: &DataFrame, from: usize, sieve: &mut Sieve<Lead>) -> PolarsResult<()> {
    let statuses = part.column("line_status")?.str()?;
    let numbers = Numbers::of(part)?;
    let mut claims = Claims::of(part, from)?;
    for row in 0..part.height() {
        if role(statuses.get(row), &numbers.values(row)) != Role::Plain {
            sieve.push(Lead(lead(claims.digest(row)?)));
        }
    }
    Ok(())
}

fn role(status: Option<&str>, values: &Values) -> Role {
    if takes_back(status) || is_below_zero(values) {
        Role::TakesBack
    } else if status == Some("replacement") {
        Role::Replaces
    } else {
        Role::Plain
    }
}

fn lead(digest: u128) -> u64 {
    (digest >> 64) as u64
}

/// The columns of [`Values`] of a part, found once for all its rows.
struct Numbers<'part>([&'part Int128Chunked; VALUES.len()]);

impl<'part> Numbers<'part> {
    fn of(part: &'part DataFrame) -> PolarsResult<Self> {
        let [units, billed, allowed, paid] = VALUES.map(|column| part.column(column)?.decimal());
        Ok(Self([units?.physical(), billed?.physical(), allowed?.physical(), paid?.physical()]))
    }

    fn values(&self, row: usize) -> Values {
        self.0.map(|numbers| numbers.get(row).and_then(|minor| i64::try_from(minor).ok()))
    }
}

/// A decimal of the table, which has no more than 18 digits.
fn small(part: &DataFrame, column: &str, row: usize) -> PolarsResult<Option<i64>> {
    Ok(answer::decimal(part, column, row)?.and_then(|minor| i64::try_from(minor).ok()))
}

/// The claims of the lines of a part: of lines that may be about the same service, the digests are equal.
struct Claims<'part> {
    with_claim: [&'part Column; 3],
    without: [&'part Column; 3],
    order: Option<&'part Column>,
    from: usize,
    bytes: Vec<u8>,
}

impl<'part> Claims<'part> {
    fn of(part: &'part DataFrame, from: usize) -> PolarsResult<Self> {
        let [claim, patient, product, date] = CLAIM.map(|column| part.column(column));
        let (claim, patient, product) = (claim?, patient?, product?);
        let (with_claim, without) = ([claim, patient, product], [patient, product, date?]);
        Ok(Self { with_claim, without, order: part.column(ORDER).ok(), from, bytes: Vec::new() })
    }

    /// The digest of a line's claim, or without one of its patient, product and day; without a patient of its order,
    /// product and day. A line without any of them stands alone.
    fn digest(&mut self, row: usize) -> PolarsResult<u128> {
        let [claim, patient, _] = self.with_claim;
        let has =
            |column: &Column| -> PolarsResult<bool> { Ok(column.str()?.get(row).is_some_and(|id| !id.is_empty())) };
        if has(claim)? {
            return digest(&mut self.bytes, &self.with_claim, row);
        }
        if has(patient)? {
            let [patient, product, date] = self.without;
            return digest(&mut self.bytes, &[patient, patient, product, date], row);
        }
        if let Some(order) = self.order.filter(|order| has(order).unwrap_or_default()) {
            let [_, product, date] = self.without;
            return digest(&mut self.bytes, &[order, order, order, product, date], row);
        }
        let mut alone = [0; 16];
        alone.copy_from_slice(&blake3::hash(&(self.from + row).to_le_bytes()).as_bytes()[..16]);
        Ok(u128::from_be_bytes(alone))
    }
}

/// The claims of one range of digests that have a line which takes back or replaces, sorted.
struct Range<'names> {
    /// What tells whose line it is.
    columns: &'names [&'static str],
    first: u64,
    behind: Option<u64>,
    claims: Vec<Lead>,
}

impl Range<'_> {
    fn holds(&self, lead: u64) -> bool {
        lead >= self.first && self.behind.is_none_or(|behind| lead < behind)
    }

    /// Whether all claims are of this range.
    fn is_whole(&self) -> bool {
        self.first == 0 && self.behind.is_none()
    }

    fn has(&self, lead: u64) -> bool {
        self.claims.binary_search(&Lead(lead)).is_ok()
    }

    /// Decides about the lines of these claims, and keeps the patients of all others of the range: they stand.
    fn search(
        &self,
        table: &Parts,
        limits: &Limits,
        money: Option<&str>,
        found: &mut Found,
        patients: &mut Patients,
    ) -> Result<(), TableError> {
        let (mut starts, mut lines) = (Vec::new(), 0);
        for part in table.each(self.columns, limits.part) {
            let (from, part) = part?;
            let (rows, _) = self.rows(&part, from, Some(&mut *patients)).map_err(TableError::engine("summarised"))?;
            starts.extend((!rows.is_empty()).then_some(from));
            lines += rows.len();
        }
        let columns: Vec<&str> = KEY.into_iter().chain(["grams", "line_status", "determination", "flag"]).collect();
        let shares = lines.div_ceil(limits.lines().max(1)) as u128;
        for number in 0..shares {
            let mut share = Share { number, of: shares, ..Share::default() };
            for from in &starts {
                let part = table.read(&columns, *from, limits.part)?;
                share.take(self, &part, *from).map_err(TableError::engine("summarised"))?;
            }
            share.finish(money, found, patients);
        }
        Ok(())
    }

    /// The rows of a part whose claims are among these, with their digests; if they are kept, patients of the others of the range stand.
    fn rows(
        &self,
        part: &DataFrame,
        from: usize,
        mut patients: Option<&mut Patients>,
    ) -> PolarsResult<(Vec<IdxSize>, Vec<u128>)> {
        let ids = part.column("patient_id")?.str()?;
        let (mut rows, mut digests) = (Vec::new(), Vec::new());
        if self.is_whole() && self.claims.is_empty() {
            // As most tables are: every line stands, whatever its claim.
            if let Some(patients) = patients {
                let ids = ids.iter().flatten().filter(|id| !id.is_empty());
                ids.for_each(|id| patients.push(Patient::new(id, Class::Kept as u32)));
            }
            return Ok((rows, digests));
        }
        let mut claims = Claims::of(part, from)?;
        for (row, at) in (0..part.height()).zip(0..) {
            let digest = claims.digest(row)?;
            if !self.holds(lead(digest)) {
                continue;
            }
            if self.has(lead(digest)) {
                rows.push(at);
                digests.push(digest);
            } else if let (Some(patients), Some(id)) = (&mut patients, ids.get(row).filter(|id| !id.is_empty())) {
                patients.push(Patient::new(id, Class::Kept as u32));
            }
        }
        Ok((rows, digests))
    }
}

/// The lines that are compared in one reading of the table.
#[derive(Default)]
struct Share {
    number: u128,
    of: u128,
    groups: HashMap<u128, Claim>,
    /// Determinations and flags, as lines name them by their place.
    answers: Vec<[String; 2]>,
    /// What is being digested; kept for its allocation.
    bytes: Vec<u8>,
}

/// The lines of one claim; they have one patient, if any.
#[derive(Default)]
struct Claim {
    patient: Option<Patient>,
    lines: Vec<Line>,
}

impl Share {
    /// Takes the lines of a part that belong to the share.
    fn take(&mut self, range: &Range<'_>, part: &DataFrame, from: usize) -> PolarsResult<()> {
        // Patients were kept when the lines were counted.
        let (rows, digests) = range.rows(part, from, None)?;
        let orders = part.take(&IdxCa::from_vec("at".into(), rows))?.lazy();
        let orders = orders.with_column(col("diagnoses").list().join(lit("|"), true)).collect()?;
        let key: Vec<&Column> = KEY.iter().map(|name| orders.column(name)).collect::<PolarsResult<_>>()?;
        let (statuses, ids) = (orders.column("line_status")?.str()?, orders.column("patient_id")?.str()?);
        let numbers = Numbers::of(&orders)?;
        for (row, claim) in digests.into_iter().enumerate() {
            if claim % self.of != self.number {
                continue;
            }
            let may_repeat = may_repeat(&orders, row)?;
            let whole = may_repeat.then(|| whole(&mut self.bytes, &key, statuses.get(row), row)).transpose()?;
            let values = numbers.values(row);
            let line = Line {
                role: role(statuses.get(row), &values),
                date: answer::day(&orders, "service_date", row)?,
                answer: self.answer(&orders, row)?,
                grams: small(&orders, "grams", row)?,
                values,
                whole,
            };
            let group = self.groups.entry(claim).or_default();
            group.lines.push(line);
            let id = ids.get(row).filter(|id| !id.is_empty());
            group.patient = group.patient.or_else(|| id.map(|id| Patient::new(id, 0)));
        }
        Ok(())
    }

    fn answer(&mut self, orders: &DataFrame, row: usize) -> PolarsResult<usize> {
        let answer = [answer::text(orders, "determination", row)?, answer::text(orders, "flag", row)?];
        let known = self.answers.iter().position(|each| *each == answer);
        Ok(known.unwrap_or_else(|| {
            self.answers.push(answer);
            self.answers.len() - 1
        }))
    }

    /// Decides about all lines of the share.
    fn finish(self, money: Option<&str>, found: &mut Found, patients: &mut Patients) {
        for Claim { patient, lines } in self.groups.into_values() {
            let resolved = resolve(&lines);
            found.unmatched_reversals += resolved.unmatched_reversals;
            found.replacements += resolved.replacements;
            found.unmatched_replacements += resolved.unmatched_replacements;
            for (line, (class, alone)) in lines.iter().zip(resolved.classes) {
                // What is repeated is counted where repeated orders are, here it only takes part in nothing.
                if class == Class::Repeated {
                    continue;
                }
                if let Some(patient) = patient {
                    patients.push(patient.with_kind(class as u32));
                }
                if class != Class::Kept {
                    *found.left.entry(class).or_default() += leaving(line, alone, money);
                    *found.answers.entry((class, self.answers[line.answer].clone())).or_default() += 1;
                }
            }
        }
    }
}

/// Whether the order has an id, without which nothing is called a duplicate.
fn may_repeat(orders: &DataFrame, row: usize) -> PolarsResult<bool> {
    for id in IDS {
        if orders.column(id)?.str()?.get(row).is_some_and(|id| !id.is_empty()) {
            return Ok(true);
        }
    }
    Ok(false)
}
