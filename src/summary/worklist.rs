//! The findings one by one, in the order in which a person takes them up.
//!
//! First comes what can still be changed: orders that are dated in the future or that the payer has pended. Those still to
//! come are sorted by the days that are left, those whose day has passed stand behind them, and last of these stand the
//! approved ones. Then all others in the order of the input, the flagged before
//! those for review. The table is read once for each of these, by parts, and of a part only the rows that are wanted
//! become cells: memory does not follow the number of findings. Only the first are sorted, and no more than
//! [`Worklist::HELD`] of them; should there be more, the rest follow in the order of the input.

mod cells;

use std::collections::BinaryHeap;
use std::ops::Range;
use std::path::Path;

use chrono::NaiveDate;
use polars::prelude::{DataFrame, IdxCa, IdxSize, PolarsResult};

use self::cells::{Kept, Part};
use super::Limits;
use crate::table::parquet::TableError;
use crate::table::parts::Parts;
use crate::table::schema::{COLUMNS, Cell};

/// Columns that say where in the list an order stands.
const PLACE: [&str; 4] = ["flag", "auth_decision", "line_status", "service_date"];

/// The findings of a table.
#[derive(Debug)]
pub struct Worklist {
    table: Parts,
    part: usize,
    as_of: NaiveDate,
    /// How many findings of each class stand in each part.
    census: Vec<[u64; 3]>,
    /// The most urgent findings, in their order.
    first: Vec<Place>,
}

/// A finding as it is written: its cells in the order of the schema, and how urgent it is.
#[derive(Debug, Clone, Copy)]
pub struct Finding<'part> {
    cells: &'part [Cell<'part>],
    /// Why it stands among the first, if it does.
    pub urgency: Option<Urgency>,
}

/// Why an order comes first: something can still be changed about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Urgency {
    /// The payer has the request, or the line, and has not decided.
    pub pended: bool,
    /// The payer has approved it, and it is still to come.
    pub approved: bool,
    /// Days until the service; negative once it is past, `None` without a service date.
    pub days_left: Option<i64>,
}

/// What the urgent findings are sorted by: the approved last, then days left, none and unknown ones last, then the input's
/// order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    approved: bool,
    /// Whether any are left (0), none is (1), or it is not known (2); and how many.
    days_left: (u8, i64),
    at: usize,
}

/// Where in the list a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Urgent(Urgency),
    Flagged,
    Review,
}

impl Class {
    fn number(self) -> usize {
        match self {
            Self::Urgent(_) => 0,
            Self::Flagged => 1,
            Self::Review => 2,
        }
    }
}

impl<'part> Finding<'part> {
    /// The value of a column, by its number in the schema; lists are texts, joined by `|`.
    #[must_use]
    pub fn cell(&self, column: usize) -> Cell<'part> {
        self.cells.get(column).copied().unwrap_or(Cell::Text(None))
    }

    /// The text of a column; empty where there is none.
    #[must_use]
    pub fn text(&self, column: usize) -> &'part str {
        match self.cell(column) {
            Cell::Text(text) => text.unwrap_or_default(),
            _ => "",
        }
    }
}

impl Worklist {
    /// How many findings are sorted in memory, at some two kilobytes each.
    pub const HELD: usize = 20_000;

    /// Looks at the table, stored in one file or several: how many findings there are, and which come first on the day
    /// `as_of`.
    ///
    /// # Errors
    /// [`TableError`] if the file cannot be read as an assessments table.
    pub fn open(paths: &[impl AsRef<Path>], as_of: NaiveDate) -> Result<Self, TableError> {
        Self::open_within(paths, as_of, &Limits::default(), Self::HELD)
    }

    /// As [`Worklist::open`], with other limits; the findings are the same, and up to `held` of them are sorted.
    ///
    /// # Errors
    /// As [`Worklist::open`].
    pub fn open_within(
        paths: &[impl AsRef<Path>],
        as_of: NaiveDate,
        limits: &Limits,
        held: usize,
    ) -> Result<Self, TableError> {
        let (table, part) = (Parts::open_all(paths)?, limits.part.max(1));
        let (mut census, mut first) = (Vec::new(), BinaryHeap::new());
        for rows in table.each(&PLACE, part) {
            let (from, rows) = rows?;
            let classes = classes(&rows, as_of).map_err(TableError::engine("read"))?;
            let mut numbers = [0; 3];
            for (at, class) in (from..).zip(classes) {
                let Some(class) = class else { continue };
                numbers[class.number()] += 1;
                if let Class::Urgent(urgency) = class {
                    first.push(Place::of(urgency, at));
                    if first.len() > held {
                        first.pop();
                    }
                }
            }
            census.push(numbers);
        }
        Ok(Self { table, part, as_of, census, first: first.into_sorted_vec() })
    }

    /// How many findings there are.
    #[must_use]
    pub fn findings(&self) -> u64 {
        self.census.iter().flatten().sum()
    }

    /// How many of them can still be changed.
    #[must_use]
    pub fn urgent(&self) -> u64 {
        self.census.iter().map(|[urgent, ..]| urgent).sum()
    }

    /// How many of these are in the order of the days left.
    #[must_use]
    pub fn sorted(&self) -> u64 {
        self.first.len() as u64
    }

    /// The day against which the days left are counted.
    #[must_use]
    pub fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// Hands every finding to `visit`, in order.
    ///
    /// # Errors
    /// If the table cannot be read, or as `visit` says.
    pub fn each<E: From<TableError>>(&self, visit: &mut impl FnMut(&Finding<'_>) -> Result<(), E>) -> Result<(), E> {
        self.sorted_first(visit)?;
        if self.sorted() < self.urgent() {
            let last = self.first.last().copied();
            let beyond = |class, at| matches!(class, Class::Urgent(urgency) if Some(Place::of(urgency, at)) > last);
            self.pass(0, &beyond, visit)?;
        }
        self.pass(1, &|class, _| class == Class::Flagged, visit)?;
        self.pass(2, &|class, _| class == Class::Review, visit)
    }

    /// The first findings: each is kept as it is met, and handed on in its place.
    fn sorted_first<E: From<TableError>>(
        &self,
        visit: &mut impl FnMut(&Finding<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut places: Vec<(usize, usize)> = self.first.iter().map(|place| place.at).zip(0..).collect();
        places.sort_unstable();
        let mut kept: Vec<Option<Kept>> = std::iter::repeat_with(|| None).take(places.len()).collect();
        for (number, rows) in self.parts_with(0) {
            let from = places.partition_point(|(at, _)| *at < rows.start);
            let until = places.partition_point(|(at, _)| *at < rows.end);
            let here = &places[from..until];
            let wanted = here.iter().map(|(at, _)| (at - rows.start) as IdxSize).collect();
            let mut next = here.iter();
            self.read(number, wanted, |finding| {
                if let Some((_, place)) = next.next() {
                    kept[*place] = Some(Kept::of(finding));
                }
                Ok::<(), TableError>(())
            })?;
        }
        for finding in kept.into_iter().flatten() {
            finding.hand(visit)?;
        }
        Ok(())
    }

    /// All findings of a class that are wanted, in the order of the input.
    fn pass<E: From<TableError>>(
        &self,
        class: usize,
        wanted: &dyn Fn(Class, usize) -> bool,
        visit: &mut impl FnMut(&Finding<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        for (number, rows) in self.parts_with(class) {
            let part = self.table.read(&PLACE, rows.start, self.part)?;
            let classes = classes(&part, self.as_of).map_err(TableError::engine("read"))?;
            let here = (0..).zip(classes).filter_map(|(row, class)| Some((row, class?)));
            let here = here.filter(|(row, class)| wanted(*class, rows.start + *row as usize)).map(|(row, _)| row);
            self.read(number, here.collect(), &mut *visit)?;
        }
        Ok(())
    }

    /// The parts of the table that hold findings of a class, with their rows.
    fn parts_with(&self, class: usize) -> impl Iterator<Item = (usize, Range<usize>)> {
        let holding = self.census.iter().enumerate().filter(move |(_, numbers)| numbers[class] > 0);
        holding.map(|(number, _)| (number, number * self.part..(number + 1) * self.part))
    }

    /// Hands on the rows of a part with these numbers.
    fn read<E: From<TableError>>(
        &self,
        part: usize,
        rows: Vec<IdxSize>,
        mut visit: impl FnMut(&Finding<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if rows.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        let frame = self.table.read(&names, part * self.part, self.part)?;
        let chosen = || -> PolarsResult<(DataFrame, Vec<Option<Class>>)> {
            let chosen = cells::joined(frame.take(&IdxCa::from_vec("at".into(), rows))?)?;
            let classes = classes(&chosen, self.as_of)?;
            Ok((chosen, classes))
        };
        let (chosen, classes) = chosen().map_err(TableError::engine("read"))?;
        let part = Part::of(&chosen).map_err(TableError::engine("read"))?;
        let mut cells = Vec::with_capacity(COLUMNS.len());
        for (row, class) in classes.into_iter().enumerate() {
            part.cells(row, &mut cells);
            let urgency = match class {
                Some(Class::Urgent(urgency)) => Some(urgency),
                _ => None,
            };
            visit(&Finding { cells: &cells, urgency })?;
        }
        Ok(())
    }
}

impl Place {
    fn of(urgency: Urgency, at: usize) -> Self {
        let days_left = match urgency.days_left {
            Some(days) if days >= 0 => (0, days),
            // Of what is past, the latest first: the oldest can hardly be changed any more.
            Some(days) => (1, -days),
            None => (2, 0),
        };
        Self { approved: urgency.approved, days_left, at }
    }
}

/// Where each row of a part stands; nothing for an order that is clear.
fn classes(part: &DataFrame, as_of: NaiveDate) -> PolarsResult<Vec<Option<Class>>> {
    let (flags, decisions) = (part.column(PLACE[0])?.str()?, part.column(PLACE[1])?.str()?);
    let (statuses, dates) = (part.column(PLACE[2])?.str()?, part.column(PLACE[3])?.date()?.physical());
    let today = as_of.signed_duration_since(NaiveDate::default()).num_days();
    let payers = decisions.iter().zip(statuses.iter());
    let classes = flags.iter().zip(payers).zip(dates.iter()).map(|((flag, (decision, status)), date)| {
        let flag = flag.filter(|flag| *flag != "clear")?;
        let days_left = date.map(|day| i64::from(day) - today);
        let pended = decision == Some("pended") || status == Some("pended");
        Some(if pended || days_left.is_some_and(|days| days > 0) {
            Class::Urgent(Urgency { pended, approved: !pended && decision == Some("approved"), days_left })
        } else if flag == "flagged" {
            Class::Flagged
        } else {
            Class::Review
        })
    });
    Ok(classes.collect())
}

#[cfg(test)]
mod tests;
