//! One line and what the companions hold for it.

mod named;

use std::borrow::Cow;

use super::Joins;
use super::cells::{Cells, ColumnMap, Nulls, bind_columns};
use super::key::{Key, bind_keys, composite, part};
use super::record::{Tag, View};
use super::rules::{LineFacts, WHOSE, belongs, first_day, id_of};
use crate::codes::trim_cell;
use crate::intake::Role;
use crate::intake::binding::Column;
use crate::intake::joined::{Joined, LongDiagnosis};
use crate::intake::layout::Companion;
use crate::order::{Notice, ProductCodes};

/// The columns and keys of the lines under one header.
#[derive(Debug, Clone)]
pub struct LineBinding {
    columns: ColumnMap,
    keys: Vec<Option<Cells>>,
    /// By key, its header name.
    names: Vec<Option<String>>,
}

impl LineBinding {
    pub(super) fn has_key(&self, name: usize) -> bool {
        self.keys[name].is_some()
    }

    /// The header name of a key.
    pub(super) fn key_name(&self, name: usize) -> Option<&str> {
        self.names[name].as_deref()
    }
}

/// What became of the search for a line's records in one companion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The companion was not given, or holds nothing that the line lacks.
    NotSought,
    /// Found.
    Found,
    /// The line fills no key on which it could be found.
    NoKey,
    /// The key is filled and no record has it.
    Missing,
    /// Several records say different things.
    Disagrees,
}

/// What the companions hold for one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JoinedLine {
    /// What decoding reads.
    pub joined: Joined,
    /// What became of the search, by companion of the layout.
    pub outcomes: Vec<Outcome>,
}

/// A line while its companions are looked up one after the other.
struct Search<'s, 'f> {
    joins: &'s Joins<'s>,
    lines: &'s LineBinding,
    field: &'s dyn Fn(usize) -> &'f [u8],
    /// The order's product; nothing while only keys are asked for.
    product: ProductCodes,
    /// By key name, what earlier companions say of it.
    keys: Vec<Option<Vec<u8>>>,
    diagnoses: Vec<View<'s>>,
    /// Diagnoses that a claim or a table of names gives, each with its name.
    others: Vec<LongDiagnosis>,
    cells: Vec<(Column, Box<[u8]>)>,
    is_cut: bool,
}

/// The records of one companion for a key, and whether there were more than are kept.
struct Sought<'s> {
    outcome: Outcome,
    records: Vec<View<'s>>,
    is_cut: bool,
}

impl Joins<'_> {
    /// Ties the lines to the header of one of their files.
    #[must_use]
    pub fn bind_lines(&self, header: &[String]) -> LineBinding {
        let keys = bind_keys(&self.names, &self.layout.keys, &self.layout.columns, header);
        let name = |cells: &Option<Cells>| header.get(cells.as_ref()?.fields.first()?.0).cloned();
        LineBinding {
            columns: bind_columns(&self.layout.columns, header),
            names: keys.iter().map(name).collect(),
            keys,
        }
    }

    /// Takes down which records of a companion a line wants. All companions declared before it have been read.
    pub fn want<'f>(&mut self, companion: usize, lines: &LineBinding, field: &dyn Fn(usize) -> &'f [u8]) {
        for key in self.search(companion, lines, field).keys_in(companion) {
            self.companions[companion].gathered.want(key);
        }
    }

    /// What the companions hold for a line of this product. All of them have been read.
    pub fn joined_for<'f>(
        &self,
        lines: &LineBinding,
        field: &dyn Fn(usize) -> &'f [u8],
        product: &ProductCodes,
    ) -> JoinedLine {
        let mut outcomes = Vec::with_capacity(self.companions.len());
        let mut search = self.search(0, lines, field);
        search.product = product.clone();
        for companion in 0..self.companions.len() {
            outcomes.push(search.look_up(companion));
        }
        let joined = search.joined(&outcomes);
        JoinedLine { joined, outcomes }
    }

    /// A line with all companions before this one looked up.
    fn search<'s, 'f>(
        &'s self,
        companion: usize,
        lines: &'s LineBinding,
        field: &'s dyn Fn(usize) -> &'f [u8],
    ) -> Search<'s, 'f> {
        let mut search = Search {
            joins: self,
            lines,
            field,
            product: ProductCodes::default(),
            keys: vec![None; self.names.len()],
            diagnoses: Vec::new(),
            others: Vec::new(),
            cells: Vec::new(),
            is_cut: false,
        };
        for earlier in 0..companion {
            search.look_up(earlier);
        }
        search
    }
}

impl<'s> Search<'s, '_> {
    fn declared(&self, companion: usize) -> &'s Companion {
        &self.joins.layout.companions[companion]
    }

    /// What the line, or an earlier companion, says of a key.
    fn part(&self, name: usize) -> Option<Cow<'_, [u8]>> {
        let empty = Nulls::of(self.joins.layout, &self.joins.names[name]);
        // A key of a line that is no text finds nothing; decoding rejects the line where the cell decides.
        let own = part(self.lines.keys[name].as_ref(), &empty, self.field).ok().flatten();
        own.or_else(|| self.keys[name].as_deref().map(Cow::Borrowed))
    }

    /// The first join whose keys are filled, and its key.
    fn key<'p>(&self, companion: usize, part: impl Fn(usize) -> Option<Cow<'p, [u8]>>) -> Option<(usize, Key)> {
        let usable = &self.joins.companions[companion].usable;
        let joins = self.joins.on[companion].iter().enumerate().filter(|(number, _)| usable[*number]);
        joins.into_iter().find_map(|(number, on)| Some((number, composite(number, on, &part)?)))
    }

    /// Whether names are joined to each diagnosis, and not to the line.
    fn is_of_diagnoses(&self, companion: usize) -> bool {
        let before = &self.joins.layout.companions[..companion];
        let diagnoses = before
            .iter()
            .zip(&self.joins.companions)
            .any(|(earlier, held)| earlier.role == Role::Diagnoses && held.is_read);
        self.declared(companion).role == Role::Names && diagnoses
    }

    /// Whether a companion that is the lines themselves could give something that this line lacks.
    fn is_lacking(&self, companion: usize) -> bool {
        let lacks = |column: &Column| {
            let empty = Nulls::of(self.joins.layout, column.as_str());
            let own = self.lines.columns.get(column).is_some_and(|cells| cells.is_filled(&empty, self.field));
            !own && !self.cells.iter().any(|(other, _)| other == column)
        };
        self.declared(companion).columns.keys().any(lacks)
    }

    fn is_sought(&self, companion: usize) -> bool {
        self.joins.companions[companion].is_read && (!self.declared(companion).again || self.is_lacking(companion))
    }

    /// The keys under which a companion may hold something for this line.
    fn keys_in(&self, companion: usize) -> Vec<Key> {
        if !self.is_sought(companion) {
            return Vec::new();
        }
        if self.is_of_diagnoses(companion) {
            let of = |record: &View<'_>| self.key_of_diagnosis(companion, *record).map(|(_, key)| key);
            return self.diagnoses.iter().filter_map(of).collect();
        }
        self.key(companion, |name| self.part(name)).map(|(_, key)| key).into_iter().collect()
    }

    fn key_of_diagnosis(&self, companion: usize, record: View<'_>) -> Option<(usize, Key)> {
        self.key(companion, |name| record.get(Tag::Key(name)).map(|cell| Cow::Owned(cell.to_vec())))
    }

    fn seek(&self, companion: usize) -> Sought<'s> {
        let nothing = |outcome| Sought { outcome, records: Vec::new(), is_cut: false };
        if !self.is_sought(companion) {
            return nothing(Outcome::NotSought);
        }
        let Some((number, key)) = self.key(companion, |name| self.part(name)) else { return nothing(Outcome::NoKey) };
        let Some(found) = self.joins.companions[companion].gathered.of(&key) else {
            return nothing(Outcome::Missing);
        };
        let join = &self.declared(companion).joins[number];
        let line = self.facts();
        let own = |record: &View<'_>| belongs(self.joins.layout, join, *record, &line);
        let records: Vec<View<'s>> = found.records().filter(own).collect();
        let outcome = if records.is_empty() { Outcome::Missing } else { Outcome::Found };
        Sought { outcome, records, is_cut: found.is_cut }
    }

    /// The line's product and day, its own or what companions gave.
    fn facts(&self) -> LineFacts {
        let layout = self.joins.layout;
        let given = |column: Column| self.cells.iter().find(|(other, _)| *other == column).map(|(_, cell)| &**cell);
        let cell = |column: Column| {
            let empty = Nulls::of(layout, column.as_str());
            let own = self.lines.columns.get(&column).and_then(|cells| cells.value(&empty, self.field));
            own.or_else(|| given(column).map(Cow::Borrowed))
        };
        let day = Column::ServiceDate;
        let own = self.lines.columns.get(&day).map(|own| own.filled(&Nulls::of(layout, day.as_str()), self.field));
        LineFacts {
            product: self.product.clone(),
            service_date: first_day(layout, own.into_iter().flatten().chain(given(day))),
            whose: WHOSE.map(|column| cell(column).as_deref().and_then(id_of)),
        }
    }

    /// Looks one companion up and takes in what it gives.
    fn look_up(&mut self, companion: usize) -> Outcome {
        if self.is_of_diagnoses(companion) {
            return self.name_diagnoses(companion);
        }
        let sought = self.seek(companion);
        match (self.declared(companion).role, sought.outcome) {
            (Role::Diagnoses, _) => {
                self.is_cut |= sought.is_cut;
                self.diagnoses.extend(sought.records);
                sought.outcome
            }
            // Which of so many is meant, nobody can tell.
            (_, Outcome::Found) if sought.is_cut => Outcome::Disagrees,
            (_, Outcome::Found) if self.merge(companion, &sought.records) => Outcome::Found,
            (_, Outcome::Found) => Outcome::Disagrees,
            (_, outcome) => outcome,
        }
    }

    /// Takes in what the records of one key agree on; whether they agree on everything.
    fn merge(&mut self, companion: usize, records: &[View<'_>]) -> bool {
        let declared = self.declared(companion);
        let mut agree = true;
        let has_codes = declared.columns.contains_key(&Column::Dx);
        for column in declared.columns.keys() {
            let gives = match column {
                Column::Dx | Column::DxPosition | Column::PeriodFrom | Column::PeriodTo => false,
                Column::DxVersion => !has_codes,
                Column::AuthNumber | Column::AuthDecision => true,
                _ => declared.role != Role::Authorizations,
            };
            match agreed(records.iter().filter_map(|record| record.get(Tag::Column(*column)))) {
                // An id whose digits a spreadsheet took says nothing, and the line is still itself.
                Ok(Some(cell)) if gives && column.is_id() && id_of(cell).is_none() => agree = false,
                Ok(Some(cell)) if gives => self.cells.push((*column, Box::from(cell))),
                Ok(_) => {}
                Err(Disagree) => agree &= !gives,
            }
        }
        for name in 0..self.keys.len() {
            let cells = records.iter().filter_map(|record| record.get(Tag::Key(name)));
            match agreed(cells) {
                Ok(Some(cell)) if self.keys[name].is_none() => self.keys[name] = Some(cell.to_vec()),
                Ok(_) => {}
                Err(Disagree) => agree = false,
            }
        }
        if has_codes && declared.role != Role::Authorizations {
            let lists = records.iter().map(|record| record.diagnoses()).filter(|list| !list.is_empty());
            match agreed(lists) {
                Ok(list) => self.diagnoses_of_claim(list.unwrap_or_default()),
                Err(Disagree) => agree = false,
            }
        }
        agree
    }

    /// The diagnoses of a claim stand in where the line has none of its own.
    fn diagnoses_of_claim(&mut self, list: Vec<(&[u8], &[u8])>) {
        let own = [Column::Dx, Column::Diagnoses].iter().any(|column| {
            let empty = Nulls::of(self.joins.layout, column.as_str());
            self.lines.columns.get(column).is_some_and(|cells| cells.is_filled(&empty, self.field))
        });
        if !own {
            let long = |(code, version): (&[u8], &[u8])| LongDiagnosis {
                code: Box::from(code),
                version: Box::from(version),
                name: Box::default(),
            };
            self.others.extend(list.into_iter().map(long));
        }
    }

    /// The records of diagnoses by their position, the principal one first; those without a number come last, as they
    /// stand in the files.
    fn in_order(&self) -> Vec<View<'s>> {
        let declared = self.joins.layout.companions.iter().filter(|companion| companion.role == Role::Diagnoses);
        let principal: Vec<&str> = declared.flat_map(|companion| &companion.principal).map(String::as_str).collect();
        let mut records = self.diagnoses.clone();
        records.sort_by_key(|record| (!is_one_of(*record, &principal), position(*record).unwrap_or(u64::MAX)));
        records
    }

    fn joined(self, outcomes: &[Outcome]) -> Joined {
        let mut notices = Vec::new();
        let declared = || self.joins.layout.companions.iter().zip(outcomes);
        let is_missing = |(companion, outcome): (&Companion, &Outcome)| {
            companion.role != Role::Diagnoses && matches!(outcome, Outcome::NoKey | Outcome::Missing)
        };
        if declared().any(is_missing) {
            notices.push(Notice::CompanionMissing);
        }
        if declared().any(|(_, outcome)| *outcome == Outcome::Disagrees) {
            notices.push(Notice::CompanionDisagrees);
        }
        if self.is_cut {
            notices.push(Notice::DiagnosesTruncated);
        }
        let of_files = self.in_order();
        let mut diagnoses = self.others;
        diagnoses.extend(of_files.into_iter().flat_map(|record| named::long_diagnoses(record, &[])));
        Joined { cells: self.cells, diagnoses, notices }
    }
}

/// Whether the type of a diagnosis is one of these words.
fn is_one_of(record: View<'_>, words: &[&str]) -> bool {
    let Some(Ok(word)) = record.get(Tag::Column(Column::DxType)).map(std::str::from_utf8) else { return false };
    words.iter().any(|each| each.eq_ignore_ascii_case(trim_cell(word)))
}

/// The number at which a diagnosis stands among those of its key.
fn position(record: View<'_>) -> Option<u64> {
    std::str::from_utf8(record.get(Tag::Column(Column::DxPosition))?).ok()?.trim_end_matches(".0").parse().ok()
}

/// Two records of one key say different things.
struct Disagree;

/// What all say that say anything.
fn agreed<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Result<Option<T>, Disagree> {
    let Some(first) = values.next() else { return Ok(None) };
    if values.all(|value| value == first) { Ok(Some(first)) } else { Err(Disagree) }
}
