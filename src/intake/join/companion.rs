//! A companion tied to the header of one of its files.

use super::Joins;
use super::cells::{Cells, ColumnMap, Nulls, bind_columns};
use super::gathered::{Gathered, KeyId};
use super::key::{accepted, bind_keys, part, push};
use super::record::{Builder, KeptRecord, Tag};
use crate::intake::Role;
use crate::intake::binding::{Column, comparable};
use crate::intake::layout::{Companion, Fits, Layout};
use crate::intake::recognise::shown;

/// A companion tied to one header.
#[derive(Debug, Clone)]
pub struct CompanionBinding {
    /// Its place among the layout's companions.
    pub companion: usize,
    /// The header names as written.
    pub header: Vec<String>,
    columns: ColumnMap,
    keys: Vec<Option<Cells>>,
    /// The field and the number of each condition whose field the header has.
    conditions: Vec<(usize, usize)>,
}

/// What a companion's record is to the lines at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Some line wants it, by these keys.
    Kept(Vec<KeyId>, KeptRecord),
    /// It belongs to lines that are not audited.
    Other,
    /// The layout's conditions leave it out.
    NotCounted,
    /// A key, or a cell of a wanted record that decides, is no text.
    NotText,
}

impl Fits {
    /// Whether a header is one of these.
    pub(super) fn holds(&self, header: &[String]) -> bool {
        let has = |name: &String| header.iter().any(|other| comparable(other) == comparable(name));
        self.all_of.iter().all(has)
            && (self.any_of.is_empty() || self.any_of.iter().any(has))
            && !self.none_of.iter().any(has)
    }
}

impl CompanionBinding {
    /// Ties a companion of a layout to a header.
    ///
    /// # Errors
    /// A sentence that says what the header lacks.
    pub(super) fn bind(joins: &Joins<'_>, companion: usize, header: &[String]) -> Result<Self, String> {
        let (layout, names) = (joins.layout, &joins.names);
        let declared = &layout.companions[companion];
        let bound = Self {
            companion,
            header: header.to_vec(),
            columns: bind_columns(&declared.columns, header),
            keys: bind_keys(names, &declared.keys, &declared.columns, header),
            conditions: Self::conditions(declared, header),
        };
        let found = || format!("\n  found: {}", shown::found(header));
        if header.iter().all(|name| name.trim().is_empty()) {
            return Err(format!("the file of {} has no header line; the first line names the columns", declared.label));
        }
        if let Some(fits) = declared.recognise.as_ref().filter(|fits| !fits.holds(header)) {
            let wanted: Vec<&str> = fits.all_of.iter().chain(&fits.any_of).map(String::as_str).collect();
            return Err(format!(
                "the header is not that of {} in layout `{}`\n  wanted: {}{}",
                declared.label,
                layout.id,
                wanted.join(", "),
                found()
            ));
        }
        if !joins.on[companion].iter().any(|on| bound.can_join(on)) {
            let wanted: Vec<String> = declared
                .joins
                .iter()
                .map(|join| {
                    let parts = join.on.iter().map(|name| format!("{name} ({})", accepted(declared, name).join(", ")));
                    parts.collect::<Vec<_>>().join(" and ")
                })
                .collect();
            return Err(format!(
                "the header has no key on which {} join in layout `{}`\n  wanted: {}{}",
                declared.label,
                layout.id,
                wanted.join("; or "),
                found()
            ));
        }
        if bound.columns.is_empty() {
            let wanted: Vec<&str> =
                declared.columns.values().flat_map(super::super::layout::Names::accepted).map(String::as_str).collect();
            return Err(format!(
                "the header has no column of {} in layout `{}`\n  wanted: one of {}{}",
                declared.label,
                layout.id,
                wanted.join(", "),
                found()
            ));
        }
        match bound.repeated() {
            Some(name) => Err(format!("the header names `{name}` twice; each column is named once")),
            None => Ok(bound),
        }
    }

    /// A header name that is read and stands twice.
    fn repeated(&self) -> Option<&str> {
        let names: Vec<String> = self.header.iter().map(|name| comparable(name)).collect();
        let twice = |at: &usize| names.iter().filter(|other| **other == names[*at]).count() > 1;
        let read = self.columns.values().chain(self.keys.iter().flatten());
        read.flat_map(|cells| cells.fields.iter().map(|(at, _)| *at)).find(twice).map(|at| self.header[at].as_str())
    }

    /// The header name of a key.
    pub(super) fn key_name(&self, name: usize) -> Option<&str> {
        let (at, _) = self.keys[name].as_ref()?.fields.first()?;
        self.header.get(*at).map(String::as_str)
    }

    fn conditions(declared: &Companion, header: &[String]) -> Vec<(usize, usize)> {
        let fields = declared.conditions.iter().enumerate().filter_map(|(number, condition)| {
            let name = comparable(&condition.name);
            Some((header.iter().position(|other| comparable(other) == name)?, number))
        });
        fields.collect()
    }

    /// Whether the header has every key of a join.
    pub(super) fn can_join(&self, on: &[usize]) -> bool {
        on.iter().all(|name| self.has_key(*name))
    }

    /// How many header names the layout knows; it tells the delimiter of a file.
    pub(super) fn known(&self) -> usize {
        self.columns.values().chain(self.keys.iter().flatten()).map(|cells| cells.fields.len()).sum()
    }

    /// Whether a key is bound.
    pub(super) fn has_key(&self, name: usize) -> bool {
        self.keys[name].is_some()
    }

    /// The columns that are bound.
    pub fn columns(&self) -> impl Iterator<Item = Column> {
        self.columns.keys().copied()
    }

    /// The fields of a column, for those that may span lines.
    pub fn fields(&self, column: Column) -> impl Iterator<Item = usize> {
        self.columns.get(&column).into_iter().flat_map(|cells| cells.fields.iter().map(|(at, _)| *at))
    }

    /// Whether a record repeats the header.
    pub fn is_header<'f>(&self, mut fields: impl Iterator<Item = &'f [u8]>) -> bool {
        let first_letter =
            |text: &[u8]| text.iter().find(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase);
        self.header.iter().all(|name| {
            // Nearly every record is told from the header by a letter, without building a string.
            fields.next().is_some_and(|field| {
                first_letter(field) == first_letter(name.as_bytes())
                    && std::str::from_utf8(field).is_ok_and(|field| comparable(field) == comparable(name))
            })
        })
    }

    /// What a record is, given the keys that are wanted.
    pub(super) fn read<'j, 'f>(
        &self,
        layout: &Layout,
        names: &[String],
        wanted: &Gathered,
        usable: impl Iterator<Item = (usize, &'j Vec<usize>)>,
        field: &dyn Fn(usize) -> &'f [u8],
    ) -> Reading {
        let declared = &layout.companions[self.companion];
        let counts = self.conditions.iter().all(|(at, number)| {
            let condition = &declared.conditions[*number];
            let text = String::from_utf8_lossy(field(*at));
            let cell = crate::codes::trim_cell(&text);
            let among =
                |words: &[String]| words.iter().any(|word| crate::codes::trim_cell(word).eq_ignore_ascii_case(cell));
            (condition.any_of.is_empty() || among(&condition.any_of)) && !among(&condition.none_of)
        });
        if !counts {
            return Reading::NotCounted;
        }
        let mut ids = Vec::new();
        for (number, on) in usable {
            match self.key(layout, names, number, on, field) {
                Ok(key) => ids.extend(key.and_then(|key| wanted.id(&key))),
                Err(_) => return Reading::NotText,
            }
        }
        if ids.is_empty() {
            return Reading::Other;
        }
        match self.keep(layout, names, field) {
            Ok(record) => Reading::Kept(ids, record),
            Err(_) => Reading::NotText,
        }
    }

    /// The key of a record under one join, if it fills all parts.
    fn key<'f>(
        &self,
        layout: &Layout,
        names: &[String],
        number: usize,
        on: &[usize],
        field: &dyn Fn(usize) -> &'f [u8],
    ) -> Result<Option<Vec<u8>>, std::str::Utf8Error> {
        let mut key = Vec::with_capacity(32);
        key.extend(u8::try_from(number).ok());
        for name in on {
            let Some(part) = part(self.keys[*name].as_ref(), &Nulls::of(layout, &names[*name]), field)? else {
                return Ok(None);
            };
            if push(&mut key, &part).is_none() {
                return Ok(None);
            }
        }
        Ok(Some(key))
    }

    /// The mapped cells of a record that some line wants.
    fn keep<'f>(
        &self,
        layout: &Layout,
        names: &[String],
        field: &dyn Fn(usize) -> &'f [u8],
    ) -> Result<KeptRecord, std::str::Utf8Error> {
        let mut kept = Builder::default();
        let declared = &layout.companions[self.companion];
        for (column, cells) in self.columns.iter().filter(|(column, _)| is_kept(declared, **column)) {
            let empty = Nulls::of(layout, column.as_str());
            match column {
                Column::Dx => self.keep_diagnoses(layout, cells, &mut kept, field)?,
                Column::DxVersion if self.columns.contains_key(&Column::Dx) => {}
                _ => {
                    if let Some(value) = cells.value(&empty, field) {
                        // Texts may hold damaged characters; they are replaced where text is read.
                        if !matches!(column, Column::IndicationText | Column::DxName | Column::ProductName) {
                            std::str::from_utf8(&value)?;
                        }
                        kept.push(Tag::Column(*column), &value);
                    }
                }
            }
        }
        let later = layout.companions[self.companion + 1..].iter().flat_map(|companion| &companion.joins);
        let later: Vec<&String> = later.flat_map(|join| &join.on).collect();
        for (number, cells) in self.keys.iter().enumerate().filter(|(number, _)| later.contains(&&names[*number])) {
            if let Some(value) = part(cells.as_ref(), &Nulls::of(layout, &names[number]), field)? {
                kept.push(Tag::Key(number), &value);
            }
        }
        Ok(kept.finish())
    }

    /// The diagnoses of a record in their places, each with its version: one for all, or one for each.
    fn keep_diagnoses<'f>(
        &self,
        layout: &Layout,
        codes: &Cells,
        kept: &mut Builder,
        field: &dyn Fn(usize) -> &'f [u8],
    ) -> Result<(), std::str::Utf8Error> {
        let empty = Nulls::of(layout, Column::Dx.as_str());
        let empty_version = Nulls::of(layout, Column::DxVersion.as_str());
        let versions = self.columns.get(&Column::DxVersion);
        let parallel = versions.filter(|versions| versions.names == codes.names);
        let for_all = versions.filter(|_| parallel.is_none()).and_then(|cells| cells.value(&empty_version, field));
        let filled = |at: &(usize, usize)| empty.filled(field(at.0));
        let Some(last) = codes.fields.iter().rposition(|at| filled(at).is_some()) else { return Ok(()) };
        for at in &codes.fields[..=last] {
            let code = filled(at).unwrap_or_default();
            std::str::from_utf8(code)?;
            kept.push(Tag::Column(Column::Dx), code);
            let own = parallel.and_then(|versions| {
                let (version, _) = versions.fields.iter().find(|(_, place)| *place == at.1)?;
                empty_version.filled(field(*version))
            });
            let version = own.or(for_all.as_deref()).filter(|_| !code.is_empty());
            if let Some(version) = version {
                std::str::from_utf8(version)?;
                kept.push(Tag::Column(Column::DxVersion), version);
            }
        }
        Ok(())
    }
}

/// Whether a column of a companion is kept: what lines get from it, and what its joins compare.
fn is_kept(declared: &Companion, column: Column) -> bool {
    let compared = declared.joins.iter().any(|join| match column {
        Column::ProductCode | Column::Ndc => join.same_product,
        Column::PeriodFrom | Column::PeriodTo => join.in_period,
        Column::ServiceDate => join.within_days.is_some(),
        _ => false,
    });
    compared
        || match declared.role {
            // Whose they are is compared with the line.
            Role::Diagnoses | Role::Authorizations if matches!(column, Column::PatientId | Column::ClaimId) => true,
            Role::Diagnoses | Role::Names => {
                matches!(column, Column::Dx | Column::DxVersion | Column::DxName | Column::DxPosition | Column::DxType)
            }
            Role::Authorizations => matches!(column, Column::AuthNumber | Column::AuthDecision),
            Role::Lines | Role::Claims | Role::Patients => true,
        }
}

/// The companions of a role that are files of their own.
pub(super) fn of_role(layout: &Layout, role: Role) -> impl Iterator<Item = usize> {
    let declared = layout.companions.iter().enumerate();
    declared.filter(move |(_, companion)| companion.role == role && !companion.again).map(|(at, _)| at)
}
