//! What the orders of those that are listed amount to, and those of all others.

use std::collections::HashMap;

use polars::prelude::{DataFrame, Logical, PolarsResult};

use super::super::Limits;
use super::super::measure::{Amounts, Known, Measures};
use super::super::partition::Partition;
use super::super::patients::{Distinct, Patient, Patients};
use super::ranking::Candidate;
use super::units::Unit;
use super::{OTHERS, SealedId, Who, is_compared};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;

/// Whose an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Seat {
    /// Nobody's that the export names.
    Nobody,
    /// That of one of the list, by its place from 0.
    Listed(usize),
    /// Another's.
    Other,
}

/// What was found of those listed, and of the others.
pub(super) struct Seats {
    pub listed: Vec<Listed>,
    pub compared: Measures,
    pub flagged: Measures,
    pub without_id: Measures,
    pub others: Measures,
    pub partition: Partition,
}

/// One that is listed.
pub(super) struct Listed {
    pub id: SealedId,
    pub compared: Measures,
    pub flagged: Measures,
    pub not_flagged: Measures,
}

/// Some orders that are told apart from others: whose, how determined, how flagged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Cell {
    seat: Seat,
    determination: String,
    flag: String,
}

impl Cell {
    fn is_compared(&self) -> bool {
        is_compared(&self.determination, &self.flag)
    }

    fn is_flagged(&self) -> bool {
        self.flag == "flagged"
    }
}

/// All orders by cell.
struct Reading<'listed> {
    listed: &'listed [Candidate],
    ids: Vec<SealedId>,
    numbers: HashMap<Cell, u32>,
    cells: Vec<(Cell, Amounts)>,
}

/// Reads the orders of those listed and of all others.
pub(super) fn read(
    table: &Parts,
    limits: &Limits,
    money: Option<&str>,
    who: &Who,
    listed: &[Candidate],
) -> Result<Seats, TableError> {
    let ids = vec![SealedId::default(); listed.len()];
    let mut reading = Reading { listed, ids, numbers: HashMap::new(), cells: Vec::new() };
    let columns = [who.column, "determination", "flag", "patient_id", "grams"];
    let columns: Vec<&str> = columns.into_iter().chain(money).collect();
    let mut cuts: Option<Cuts> = None;
    let mut next = Some(Patients::new(limits.patients()));
    while let Some(mut patients) = next {
        for part in table.each(&columns, limits.part) {
            let is_first = cuts.is_none();
            reading
                .add(&part?.1, who.column, money, is_first, &mut patients)
                .map_err(TableError::engine("summarised"))?;
        }
        let (kept, after) = patients.finish();
        cuts.get_or_insert_with(|| Cuts::of(&reading)).count(&kept);
        next = after;
    }
    let cuts = cuts.unwrap_or_else(|| Cuts::of(&reading));
    Ok(reading.finish(&cuts, who))
}

impl Reading<'_> {
    /// Adds the patients of a part, and with `is_first` what its orders amount to.
    fn add(
        &mut self,
        part: &DataFrame,
        column: &str,
        money: Option<&str>,
        is_first: bool,
        patients: &mut Patients,
    ) -> PolarsResult<()> {
        let texts = |name: &str| part.column(name)?.str();
        let (whose, determinations, flags) = (texts(column)?, texts("determination")?, texts("flag")?);
        let patient_ids = texts("patient_id")?;
        let grams = part.column("grams")?.decimal()?.physical();
        let money = money.map(|money| part.column(money)?.decimal()).transpose()?.map(Logical::physical);
        let mut seats: HashMap<&str, Seat> = HashMap::new();
        let mut numbers: HashMap<(Seat, &str, &str), u32> = HashMap::new();
        for row in 0..part.height() {
            let id = whose.get(row).unwrap_or_default();
            let seat = *seats.entry(id).or_insert_with(|| self.seat(id));
            let (determination, flag) =
                (determinations.get(row).unwrap_or_default(), flags.get(row).unwrap_or_default());
            let number = numbers.entry((seat, determination, flag)).or_insert_with(|| {
                let (determination, flag) = (determination.to_owned(), flag.to_owned());
                self.number(Cell { seat, determination, flag })
            });
            if is_first {
                self.cells[*number as usize].1 += Amounts {
                    orders: 1,
                    grams: Known::one(grams.get(row)),
                    money: Known::one(money.and_then(|money| money.get(row))),
                    ..Amounts::default()
                };
            }
            if let Some(patient) = patient_ids.get(row).filter(|patient| !patient.is_empty()) {
                patients.push(Patient::new(patient, *number));
            }
        }
        Ok(())
    }

    /// Whose an id is; of those listed it is remembered.
    fn seat(&mut self, id: &str) -> Seat {
        if id.is_empty() {
            return Seat::Nobody;
        }
        let unit = Unit::new(id);
        let Some(at) = self.listed.iter().position(|candidate| candidate.unit == unit) else { return Seat::Other };
        self.ids[at] = SealedId::new(id);
        Seat::Listed(at)
    }

    /// The number of a cell, in the order in which cells are met.
    fn number(&mut self, cell: Cell) -> u32 {
        let next = self.cells.len() as u32;
        let number = *self.numbers.entry(cell.clone()).or_insert(next);
        if number == next {
            self.cells.push((cell, Amounts::default()));
        }
        number
    }

    fn finish(self, cuts: &Cuts, who: &Who) -> Seats {
        let (compared, flagged, not_flagged) =
            (cuts.compared.measures(&self.cells), cuts.flagged.measures(&self.cells), cuts.clear.measures(&self.cells));
        let seats = self.ids.into_iter().enumerate();
        let listed = seats.map(|(at, id)| Listed {
            id,
            compared: compared[at],
            flagged: flagged[at],
            not_flagged: not_flagged[at],
        });
        let mut cells: Vec<Vec<String>> = self
            .cells
            .iter()
            .map(|(cell, _)| vec![named(cell.seat), cell.determination.clone(), cell.flag.clone()])
            .collect();
        cells.sort_unstable();
        let number = self.listed.len();
        Seats {
            listed: listed.collect(),
            compared: cuts.all_compared.measures(&self.cells)[0],
            flagged: cuts.all_flagged.measures(&self.cells)[0],
            without_id: compared[number],
            others: compared[number + 1],
            partition: Partition { name: who.partition, columns: vec![who.name, "determination", "flag"], cells },
        }
    }
}

/// How the partition names a seat: by the number of who is listed, which is the place from 1.
fn named(seat: Seat) -> String {
    match seat {
        Seat::Nobody => String::new(),
        Seat::Listed(at) => (at + 1).to_string(),
        Seat::Other => OTHERS.to_owned(),
    }
}

/// The ways of cutting the denominator that figures are made of.
struct Cuts {
    /// By whose they are: each that is listed, nobody, others.
    compared: Cut,
    /// The same of flagged orders.
    flagged: Cut,
    /// The same of all others.
    clear: Cut,
    /// All that name anybody.
    all_compared: Cut,
    /// All flagged ones of these.
    all_flagged: Cut,
}

impl Cuts {
    fn of(reading: &Reading<'_>) -> Self {
        let number = reading.listed.len();
        let seat = |cell: &Cell| match cell.seat {
            Seat::Listed(at) => at,
            Seat::Nobody => number,
            Seat::Other => number + 1,
        };
        let is_named = |cell: &Cell| cell.seat != Seat::Nobody;
        let cells = &reading.cells;
        Self {
            compared: Cut::new(cells, number + 2, |cell| Some(seat(cell))),
            flagged: Cut::new(cells, number + 2, |cell| cell.is_flagged().then(|| seat(cell))),
            clear: Cut::new(cells, number + 2, |cell| (!cell.is_flagged()).then(|| seat(cell))),
            all_compared: Cut::new(cells, 1, |cell| is_named(cell).then_some(0)),
            all_flagged: Cut::new(cells, 1, |cell| (is_named(cell) && cell.is_flagged()).then_some(0)),
        }
    }

    /// Counts the patients of one range, sorted.
    fn count(&mut self, patients: &[Patient]) {
        for cut in
            [&mut self.compared, &mut self.flagged, &mut self.clear, &mut self.all_compared, &mut self.all_flagged]
        {
            cut.distinct.add(patients, &cut.group_of);
        }
    }
}

/// One way of cutting the denominator.
struct Cut {
    /// The group of each cell, if it is in any.
    group_of: Vec<Option<usize>>,
    distinct: Distinct,
    groups: usize,
}

impl Cut {
    fn new(cells: &[(Cell, Amounts)], groups: usize, group: impl Fn(&Cell) -> Option<usize>) -> Self {
        let group_of = cells.iter().map(|(cell, _)| group(cell).filter(|_| cell.is_compared())).collect();
        Self { group_of, distinct: Distinct::new(groups), groups }
    }

    fn measures(&self, cells: &[(Cell, Amounts)]) -> Vec<Measures> {
        let mut amounts = vec![Amounts::default(); self.groups];
        for (group, (_, each)) in self.group_of.iter().zip(cells) {
            if let Some(group) = group {
                amounts[*group] += *each;
            }
        }
        amounts.into_iter().enumerate().map(|(group, sum)| sum.of_patients(self.distinct.of(group))).collect()
    }
}
